//! Types of memories, tables and globals.

use super::{RefType, ValType};
use crate::TypeIndex;
use serde::{Deserialize, Serialize};
use std::fmt;

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
    pub const fn val_type<I>(self) -> ValType<I> {
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

/// The type of a table. `I` says what concrete types are numbered by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct TableType<I = TypeIndex> {
    /// What element indices are.
    pub index: IndexType,
    /// The type of the elements.
    pub element: RefType<I>,
    /// Size in elements.
    pub limits: Limits,
}

impl<I> TableType<I> {
    /// The type with other numbers for concrete types.
    pub fn map<J>(self, number: impl FnMut(I) -> J) -> TableType<J> {
        TableType { index: self.index, element: self.element.map(number), limits: self.limits }
    }
}

/// The type of a global. `I` says what concrete types are numbered by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct GlobalType<I = TypeIndex> {
    /// The type of its value.
    pub val: ValType<I>,
    /// Whether it can be assigned to.
    pub mutable: bool,
}

impl<I> GlobalType<I> {
    /// The type with other numbers for concrete types.
    pub fn map<J>(self, number: impl FnMut(I) -> J) -> GlobalType<J> {
        GlobalType { val: self.val.map(number), mutable: self.mutable }
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
        self.val_type::<TypeIndex>().fmt(f)
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

impl<I: fmt::Display> fmt::Display for TableType<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table {} {} {}", self.index, self.limits, self.element)
    }
}

impl<I: fmt::Display> fmt::Display for GlobalType<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mutable { write!(f, "global (mut {})", self.val) } else { write!(f, "global {}", self.val) }
    }
}
