//! Constant expressions.

use super::{ParseError, types, unsupported};
use trapline_abi::{ConstExpr, ConstOp, FuncIndex, GlobalIndex, TypeIndex, TypeKind};
use wasmparser::Operator;

/// Reads a constant expression. `kinds` are those of the module's types. The functions that the expression refers to are
/// added to `escaping`.
pub(super) fn read(
    expr: &wasmparser::ConstExpr<'_>,
    kinds: &[TypeKind],
    escaping: &mut Vec<FuncIndex>,
) -> Result<ConstExpr, ParseError> {
    let mut ops = Vec::with_capacity(1);
    for entry in expr.get_operators_reader().into_iter_with_offsets() {
        let (operator, offset) = entry?;
        ops.push(match operator {
            Operator::I32Const { value } => ConstOp::I32Const(value),
            Operator::I64Const { value } => ConstOp::I64Const(value),
            Operator::F32Const { value } => ConstOp::F32Const(value.bits()),
            Operator::F64Const { value } => ConstOp::F64Const(value.bits()),
            Operator::V128Const { value } => ConstOp::V128Const(u128::from_le_bytes(*value.bytes())),
            Operator::GlobalGet { global_index } => ConstOp::GlobalGet(GlobalIndex::new(global_index)),
            Operator::RefFunc { function_index } => {
                let func = FuncIndex::new(function_index);
                escaping.push(func);
                ConstOp::RefFunc(func)
            }
            Operator::RefNull { hty } => ConstOp::RefNull(types::heap_type(hty, kinds, offset)?),
            Operator::I32Add => ConstOp::I32Add,
            Operator::I32Sub => ConstOp::I32Sub,
            Operator::I32Mul => ConstOp::I32Mul,
            Operator::I64Add => ConstOp::I64Add,
            Operator::I64Sub => ConstOp::I64Sub,
            Operator::I64Mul => ConstOp::I64Mul,
            Operator::RefI31 => ConstOp::RefI31,
            Operator::StructNew { struct_type_index } => {
                ConstOp::StructNew(TypeIndex::new(struct_type_index))
            }
            Operator::StructNewDefault { struct_type_index } => {
                ConstOp::StructNewDefault(TypeIndex::new(struct_type_index))
            }
            Operator::StructNewDesc { struct_type_index } => {
                ConstOp::StructNewDesc(TypeIndex::new(struct_type_index))
            }
            Operator::StructNewDefaultDesc { struct_type_index } => {
                ConstOp::StructNewDefaultDesc(TypeIndex::new(struct_type_index))
            }
            Operator::ArrayNew { array_type_index } => ConstOp::ArrayNew(TypeIndex::new(array_type_index)),
            Operator::ArrayNewDefault { array_type_index } => {
                ConstOp::ArrayNewDefault(TypeIndex::new(array_type_index))
            }
            Operator::ArrayNewFixed { array_type_index, array_size } => {
                ConstOp::ArrayNewFixed(TypeIndex::new(array_type_index), array_size)
            }
            Operator::AnyConvertExtern => ConstOp::AnyConvertExtern,
            Operator::ExternConvertAny => ConstOp::ExternConvertAny,
            Operator::End => break,
            other => {
                let name = super::operator_name(&other);
                return unsupported(&format!("instruction {name} in a constant expression"), offset);
            }
        });
    }
    Ok(ConstExpr { ops })
}
