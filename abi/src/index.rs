//! One integer type for each index space of a module, so that no two can be mixed up.

use serde::{Deserialize, Serialize};

macro_rules! index_types {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        #[repr(transparent)]
        pub struct $name(u32);

        impl $name {
            /// The index as it stands in the binary format.
            pub const fn new(raw: u32) -> Self {
                Self(raw)
            }

            /// The index as it stands in the binary format.
            pub const fn as_u32(self) -> u32 {
                self.0
            }

            /// The index as a subscript of a vector over this index space.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

index_types! {
    /// A type of the module's type section, counted through all recursion groups.
    TypeIndex;
    /// A type's number throughout a store. Two modules' types have the same number if they are the same type.
    TypeId;
    /// A function of the module, imported ones first.
    FuncIndex;
    /// A function among the imported ones.
    ImportedFuncIndex;
    /// A function among those that the module defines, in the order of its code section.
    DefinedFuncIndex;
    /// A slot in the instance's array of function references (functions that can be referred to).
    FuncRefIndex;
    /// A table of the module, imported ones first.
    TableIndex;
    /// A memory of the module, imported ones first.
    MemoryIndex;
    /// A global of the module, imported ones first.
    GlobalIndex;
    /// An exception tag of the module, imported ones first.
    TagIndex;
    /// An element segment.
    ElemIndex;
    /// A data segment.
    DataIndex;
}

/// An index into whichever index space an import or export belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum EntityIndex {
    /// A function.
    Func(FuncIndex),
    /// A table.
    Table(TableIndex),
    /// A memory.
    Memory(MemoryIndex),
    /// A global.
    Global(GlobalIndex),
    /// An exception tag.
    Tag(TagIndex),
}
