//! What a module is, apart from its code: everything that instantiation needs.

use crate::{
    ConstExpr, DefinedFuncIndex, EntityIndex, FuncIndex, FuncRefIndex, FuncType, GlobalType,
    ImportedFuncIndex, MemoryIndex, MemoryType, RefType, SubType, TableIndex, TableType, TypeIndex, TypeKind,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::Range;

/// The description of a validated module. All vectors over an index space hold imported entities
/// first, as the specification orders them.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct ModuleInfo {
    /// The types of the type section, in the order of their index.
    pub types: Vec<SubType>,
    /// How `types` falls into recursion groups: the number of types in each, in order.
    pub rec_groups: Vec<u32>,
    /// Imports in order.
    pub imports: Vec<Import>,
    /// Exports in order.
    pub exports: Vec<Export>,
    /// The function index space.
    pub funcs: Vec<FuncInfo>,
    /// The table index space.
    pub tables: Vec<TableInfo>,
    /// The memory index space.
    pub memories: Vec<MemoryType>,
    /// The global index space.
    pub globals: Vec<GlobalInfo>,
    /// The tag index space: the function types whose parameters the exceptions carry.
    pub tags: Vec<TypeIndex>,
    /// How many of `funcs` are imported.
    pub imported_funcs: u32,
    /// How many of `tables` are imported.
    pub imported_tables: u32,
    /// How many of `memories` are imported.
    pub imported_memories: u32,
    /// How many of `globals` are imported.
    pub imported_globals: u32,
    /// How many of `tags` are imported.
    pub imported_tags: u32,
    /// How many functions can be referred to, and so have a slot of function references.
    pub func_refs: u32,
    /// The function that instantiation calls last.
    pub start: Option<FuncIndex>,
    /// Element segments.
    pub elements: Vec<ElementSegment>,
    /// Data segments; their bytes lie in the artefact's data part.
    pub data: Vec<DataSegment>,
    /// The module's name, from its name section.
    pub name: Option<String>,
    /// Names of functions, from the name section, by ascending index.
    pub func_names: Vec<(FuncIndex, String)>,
    /// Names of types, from the name section, by ascending index.
    pub type_names: Vec<(TypeIndex, String)>,
}

/// An import.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Import {
    /// The name of the module it comes from.
    pub module: String,
    /// Its name there.
    pub name: String,
    /// What it must be.
    pub ty: EntityType,
}

/// The type of something that can be imported or exported.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum EntityType {
    /// A function of a type of the module's type section.
    Func(TypeIndex),
    /// A function of exactly a type of the module's type section, and of no subtype (custom-descriptors proposal).
    ExactFunc(TypeIndex),
    /// A table.
    Table(TableType),
    /// A memory.
    Memory(MemoryType),
    /// A global.
    Global(GlobalType),
    /// An exception tag of a function type of the module's type section.
    Tag(TypeIndex),
}

/// An export.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Export {
    /// The name, unique within the module.
    pub name: String,
    /// What is exported.
    pub index: EntityIndex,
}

/// A function of the function index space.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FuncInfo {
    /// Its type.
    pub ty: TypeIndex,
    /// Its slot of function references, if it is *defined* and can be referred to: exported, in an
    /// element segment, or operand of a `ref.func`. Imported functions bring their own reference.
    pub func_ref: Option<FuncRefIndex>,
}

/// A table of the table index space.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TableInfo {
    /// Its type.
    pub ty: TableType,
    /// The initial value of its elements; `None` is null (and for imported tables).
    pub init: Option<ConstExpr>,
}

/// A global of the global index space.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GlobalInfo {
    /// Its type.
    pub ty: GlobalType,
    /// Its initial value; `None` for imported globals only.
    pub init: Option<ConstExpr>,
}

/// An element segment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ElementSegment {
    /// The type of its elements.
    pub ty: RefType,
    /// When its elements are written to a table.
    pub mode: ElementMode,
    /// The elements.
    pub items: ElementItems,
}

/// When the elements of a segment are written to a table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ElementMode {
    /// By `table.init`.
    Passive,
    /// At instantiation; the segment is dropped then.
    Active {
        /// The table written to.
        table: TableIndex,
        /// The index of the first element written.
        offset: ConstExpr,
    },
    /// Never: it only declares functions that `ref.func` names. Dropped at instantiation.
    Declared,
}

/// The elements of a segment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ElementItems {
    /// References to these functions.
    Funcs(Vec<FuncIndex>),
    /// The values of these expressions.
    Exprs(Vec<ConstExpr>),
}

impl ElementItems {
    /// The number of elements.
    pub fn len(&self) -> usize {
        match self {
            ElementItems::Funcs(items) => items.len(),
            ElementItems::Exprs(items) => items.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A data segment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DataSegment {
    /// When its bytes are written to a memory.
    pub mode: DataMode,
    /// Where its bytes lie in the artefact's data part.
    pub bytes: Range<u32>,
}

/// When the bytes of a data segment are written to a memory.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum DataMode {
    /// By `memory.init`.
    Passive,
    /// At instantiation; the segment is dropped then.
    Active {
        /// The memory written to.
        memory: MemoryIndex,
        /// The address of the first byte written.
        offset: ConstExpr,
    },
}

impl ModuleInfo {
    /// The type at an index, if there is one.
    fn type_at(&self, index: TypeIndex) -> Option<&SubType> {
        self.types.get(index.index())
    }

    /// The kinds of all types.
    pub fn type_kinds(&self) -> Vec<TypeKind> {
        self.types.iter().map(|ty| ty.composite.kind()).collect()
    }

    /// How many supertypes a type has; 0 if there is no such type.
    ///
    /// Supertypes come before their subtypes in a checked module.
    pub fn type_depth(&self, index: TypeIndex) -> u32 {
        let supertype = |&index: &TypeIndex| self.type_at(index).and_then(|ty| ty.supertype);
        std::iter::successors(supertype(&index), supertype).count() as u32
    }

    /// Whether one type is another or declared below it, as far as their indices tell: two indices may name one type.
    pub fn is_declared_below(&self, have: TypeIndex, want: TypeIndex) -> bool {
        let supertype = |&index: &TypeIndex| self.type_at(index).and_then(|ty| ty.supertype);
        std::iter::successors(Some(have), supertype).any(|index| index == want)
    }

    /// The function type at an index, if there is one.
    pub fn func_type_at(&self, index: TypeIndex) -> Option<&FuncType> {
        self.type_at(index)?.composite.as_func()
    }

    /// The type of a function, if there is such a function.
    pub fn func_type(&self, func: FuncIndex) -> Option<&FuncType> {
        self.func_type_at(self.funcs.get(func.index())?.ty)
    }

    /// The index among defined functions, or among imported ones.
    pub fn split_func(&self, func: FuncIndex) -> Result<DefinedFuncIndex, ImportedFuncIndex> {
        match func.as_u32().checked_sub(self.imported_funcs) {
            Some(defined) => Ok(DefinedFuncIndex::new(defined)),
            None => Err(ImportedFuncIndex::new(func.as_u32())),
        }
    }

    /// The place of a defined function in the function index space.
    pub fn func_index(&self, defined: DefinedFuncIndex) -> FuncIndex {
        // In a module that was not checked the sum may not exist, and then neither does the function.
        FuncIndex::new(self.imported_funcs.saturating_add(defined.as_u32()))
    }

    /// How many functions the module defines.
    pub fn defined_funcs(&self) -> u32 {
        (self.funcs.len() as u32).saturating_sub(self.imported_funcs)
    }

    /// For each type, the first type of the module with the same composite type. Stubs are named by it, so that equal
    /// signatures share one.
    pub fn stub_types(&self) -> Box<[TypeIndex]> {
        // A handful of types is the rule; a map pays off only beyond.
        if self.types.len() <= 8 {
            let same = |ty: &SubType| {
                self.types.iter().position(|other| other.composite == ty.composite).unwrap_or(0)
            };
            return self.types.iter().map(|ty| TypeIndex::new(same(ty) as u32)).collect();
        }
        let mut first = HashMap::new();
        let all = self.types.iter().zip(0..);
        all.map(|(ty, index)| *first.entry(&ty.composite).or_insert(TypeIndex::new(index))).collect()
    }

    /// The name of a function: from the name section, else the name of its first export.
    pub fn func_name(&self, func: FuncIndex) -> Option<&str> {
        if let Ok(at) = self.func_names.binary_search_by_key(&func, |(index, _)| *index) {
            return Some(&self.func_names[at].1);
        }
        let exported = |export: &&Export| export.index == EntityIndex::Func(func);
        self.exports.iter().find(exported).map(|export| export.name.as_str())
    }

    /// The name of a type, from the name section.
    pub fn type_name(&self, ty: TypeIndex) -> Option<&str> {
        let at = self.type_names.binary_search_by_key(&ty, |(index, _)| *index).ok()?;
        Some(&self.type_names[at].1)
    }
}
