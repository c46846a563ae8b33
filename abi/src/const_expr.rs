//! Constant expressions: the initialisers of globals, tables and segments.

use crate::{FuncIndex, GlobalIndex, HeapType, TypeIndex};
use serde::{Deserialize, Serialize};

/// A validated constant expression, evaluated at instantiation on a small stack machine.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConstExpr {
    /// The operators in order, without the final `end`.
    pub ops: Vec<ConstOp>,
}

/// One operator of a constant expression (specification: "Constant Expressions", with those of the
/// extended-const proposal).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ConstOp {
    /// `i32.const`
    I32Const(i32),
    /// `i64.const`
    I64Const(i64),
    /// `f32.const`, as bits
    F32Const(u32),
    /// `f64.const`, as bits
    F64Const(u64),
    /// `v128.const`, as bits, lane 0 lowest
    V128Const(u128),
    /// `global.get`
    GlobalGet(GlobalIndex),
    /// `ref.func`
    RefFunc(FuncIndex),
    /// `ref.null`
    RefNull(HeapType),
    /// `i32.add`
    I32Add,
    /// `i32.sub`
    I32Sub,
    /// `i32.mul`
    I32Mul,
    /// `i64.add`
    I64Add,
    /// `i64.sub`
    I64Sub,
    /// `i64.mul`
    I64Mul,
    /// `ref.i31`
    RefI31,
    /// `struct.new`
    StructNew(TypeIndex),
    /// `struct.new_default`
    StructNewDefault(TypeIndex),
    /// `struct.new_desc` (custom-descriptors proposal)
    StructNewDesc(TypeIndex),
    /// `struct.new_default_desc` (custom-descriptors proposal)
    StructNewDefaultDesc(TypeIndex),
    /// `array.new`
    ArrayNew(TypeIndex),
    /// `array.new_default`
    ArrayNewDefault(TypeIndex),
    /// `array.new_fixed` with a number of elements
    ArrayNewFixed(TypeIndex, u32),
    /// `any.convert_extern`
    AnyConvertExtern,
    /// `extern.convert_any`
    ExternConvertAny,
}
