//! WebAssembly types as the specification names them (section "Types" of the core specification).

use crate::TypeIndex;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The type of a value on the operand stack, in a local or in a global.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum ValType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// IEEE 754 binary32.
    F32,
    /// IEEE 754 binary64.
    F64,
    /// 128-bit vector.
    V128,
    /// A reference.
    Ref(RefType),
}

/// A reference type: what is referred to, and whether null is among the values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct RefType {
    /// Whether null is a value of the type.
    pub nullable: bool,
    /// What a value of the type refers to.
    pub heap: HeapType,
}

/// What a reference refers to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum HeapType {
    /// Any function.
    Func,
    /// Any host value.
    Extern,
    /// A function of exactly this type of the module at hand, or a subtype of it.
    Concrete(TypeIndex),
}

impl RefType {
    /// `(ref null func)`
    pub const FUNCREF: RefType = RefType { nullable: true, heap: HeapType::Func };
    /// `(ref null extern)`
    pub const EXTERNREF: RefType = RefType { nullable: true, heap: HeapType::Extern };

    /// Whether values of the type are function references, which compiled code holds as pointers
    /// to a `VMFuncRef`; all others it holds as 32-bit heap indices.
    pub const fn is_func(self) -> bool {
        matches!(self.heap, HeapType::Func | HeapType::Concrete(_))
    }
}

impl ValType {
    /// `funcref`
    pub const FUNCREF: ValType = ValType::Ref(RefType::FUNCREF);
    /// `externref`
    pub const EXTERNREF: ValType = ValType::Ref(RefType::EXTERNREF);
}

/// A function type: the types of its parameters and results, in order.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct FuncType {
    /// Types of the parameters.
    pub params: Vec<ValType>,
    /// Types of the results.
    pub results: Vec<ValType>,
}

/// The structure of a defined type.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum CompositeType {
    /// A function type.
    Func(FuncType),
}

impl CompositeType {
    /// The function type, if it is one.
    pub fn as_func(&self) -> Option<&FuncType> {
        match self {
            CompositeType::Func(ty) => Some(ty),
        }
    }
}

/// A defined type with its place in the subtype hierarchy.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SubType {
    /// Whether no type may declare this one as its supertype.
    pub is_final: bool,
    /// The declared supertype.
    pub supertype: Option<TypeIndex>,
    /// The structure.
    pub composite: CompositeType,
}

/// Whether a memory or table is indexed by `i32` or `i64`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum IndexType {
    /// 32-bit indices.
    I32,
    /// 64-bit indices.
    I64,
}

impl IndexType {
    /// The type of index operands.
    pub const fn val_type(self) -> ValType {
        match self {
            IndexType::I32 => ValType::I32,
            IndexType::I64 => ValType::I64,
        }
    }

    /// The largest index.
    pub const fn max(self) -> u64 {
        match self {
            IndexType::I32 => u32::MAX as u64,
            IndexType::I64 => u64::MAX,
        }
    }
}

/// A size with an optional bound on its growth, in pages for memories and elements for tables.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Limits {
    /// The initial size.
    pub min: u64,
    /// The size beyond which it never grows.
    pub max: Option<u64>,
}

impl Limits {
    /// Whether something of size `current` (now) and bound `self.max` may stand where `wanted` is
    /// asked for (specification: "Import Matching, Limits").
    pub fn matches(self, current: u64, wanted: Limits) -> bool {
        current >= wanted.min
            && match (self.max, wanted.max) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(have), Some(want)) => have <= want,
            }
    }
}

/// The type of a linear memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MemoryType {
    /// What addresses are.
    pub index: IndexType,
    /// Size in pages.
    pub limits: Limits,
    /// Whether threads may share it.
    pub shared: bool,
    /// Binary logarithm of the page size in bytes: 16 unless declared otherwise.
    pub page_size_log2: u8,
}

impl MemoryType {
    /// Bytes in a page.
    pub const fn page_size(&self) -> u64 {
        1 << self.page_size_log2
    }

    /// Whether a guard can take the place of bounds checks: 32-bit addresses and pages of 64 KiB.
    pub const fn can_be_guarded(&self) -> bool {
        matches!(self.index, IndexType::I32) && self.page_size_log2 == 16
    }

    /// The largest number of pages: those that the index type can address, 2^32 or 2^64 bytes, but no more than the index
    /// type can count, so that `memory.size` has an answer (specification 3.0, memory types; custom-page-sizes proposal).
    pub const fn max_addressable_pages(&self) -> u64 {
        match self.index {
            IndexType::I32 if self.page_size_log2 == 0 => u32::MAX as u64,
            IndexType::I32 => 1 << (32 - self.page_size_log2 as u32),
            IndexType::I64 if self.page_size_log2 == 0 => u64::MAX,
            IndexType::I64 => 1 << (64 - self.page_size_log2 as u32),
        }
    }
}

/// The type of a table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct TableType {
    /// What element indices are.
    pub index: IndexType,
    /// The type of the elements.
    pub element: RefType,
    /// Size in elements.
    pub limits: Limits,
}

/// The type of a global.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct GlobalType {
    /// The type of its value.
    pub val: ValType,
    /// Whether it can be assigned to.
    pub mutable: bool,
}

impl fmt::Display for HeapType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeapType::Func => f.write_str("func"),
            HeapType::Extern => f.write_str("extern"),
            HeapType::Concrete(index) => write!(f, "{}", index.as_u32()),
        }
    }
}

impl fmt::Display for RefType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.nullable, self.heap) {
            (true, HeapType::Func) => f.write_str("funcref"),
            (true, HeapType::Extern) => f.write_str("externref"),
            (true, heap) => write!(f, "(ref null {heap})"),
            (false, heap) => write!(f, "(ref {heap})"),
        }
    }
}

impl fmt::Display for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValType::I32 => f.write_str("i32"),
            ValType::I64 => f.write_str("i64"),
            ValType::F32 => f.write_str("f32"),
            ValType::F64 => f.write_str("f64"),
            ValType::V128 => f.write_str("v128"),
            ValType::Ref(ty) => ty.fmt(f),
        }
    }
}

impl fmt::Display for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, types: &[ValType]| {
            f.write_str("[")?;
            for (i, ty) in types.iter().enumerate() {
                let gap = if i == 0 { "" } else { " " };
                write!(f, "{gap}{ty}")?;
            }
            f.write_str("]")
        };
        list(f, &self.params)?;
        f.write_str(" -> ")?;
        list(f, &self.results)
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.max {
            Some(max) => write!(f, "{} {max}", self.min),
            None => write!(f, "{}", self.min),
        }
    }
}

impl fmt::Display for IndexType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.val_type().fmt(f)
    }
}

impl fmt::Display for MemoryType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "memory {} {}", self.index, self.limits)?;
        if self.shared {
            f.write_str(" shared")?;
        }
        if self.page_size_log2 != 16 {
            write!(f, " (pagesize {})", self.page_size())?;
        }
        Ok(())
    }
}

impl fmt::Display for TableType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table {} {} {}", self.index, self.limits, self.element)
    }
}

impl fmt::Display for GlobalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mutable { write!(f, "global (mut {})", self.val) } else { write!(f, "global {}", self.val) }
    }
}
