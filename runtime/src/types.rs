//! Types throughout a store: one number for each, however many modules declare it.
//!
//! Two modules' types are the same if their recursion groups are equal piece by piece (specification:
//! "Type Equivalence"; iso-recursive as in the GC proposal). A registry interns whole groups;
//! references within a group are relative to it, all others are canonical numbers already, so that
//! equality of groups is plain equality.

use rustc_hash::FxHashMap;
use trapline_abi::{
    CompositeType, FuncType, GlobalType, HeapType, ModuleInfo, RefType, SubType, TableType, TypeIndex,
    ValType,
};

/// A type's number in a store.
pub(crate) type TypeId = u32;

/// Marks a type index in the key of a group as relative to the group.
const RELATIVE: u32 = 1 << 31;

/// The canonical types of a store.
///
/// Its types are in the words of `trapline-abi`, but their concrete indices are [`TypeId`]s.
#[derive(Debug, Default)]
pub(crate) struct TypeRegistry {
    groups: FxHashMap<Box<[SubType]>, TypeId>,
    types: Vec<SubType>,
}

impl TypeRegistry {
    /// Interns all types of a module: its type indices to numbers. The module's types must have been
    /// checked.
    pub(crate) fn intern_module(&mut self, module: &ModuleInfo) -> Vec<TypeId> {
        let mut ids = Vec::with_capacity(module.types.len());
        for &size in &module.rec_groups {
            let first = ids.len();
            let group = &module.types[first..first + size as usize];
            let key: Box<[SubType]> = group
                .iter()
                .map(|ty| {
                    map_sub_type(ty, |index| match index.index().checked_sub(first) {
                        Some(within) => TypeIndex::new(RELATIVE | within as u32),
                        None => TypeIndex::new(ids[index.index()]),
                    })
                })
                .collect();
            let id = self.intern_group(key);
            ids.extend((0..size).map(|within| id + within));
        }
        ids
    }

    /// Interns a function type as a module that declares nothing but it would. Its concrete types,
    /// if any, are numbers of this registry.
    pub(crate) fn intern_func(&mut self, ty: FuncType) -> TypeId {
        let composite = CompositeType::Func(ty);
        self.intern_group(Box::new([SubType { is_final: true, supertype: None, composite }]))
    }

    fn intern_group(&mut self, key: Box<[SubType]>) -> TypeId {
        if let Some(&id) = self.groups.get(&key) {
            return id;
        }
        let first = self.types.len() as TypeId;
        self.types.extend(key.iter().map(|ty| {
            map_sub_type(ty, |index| match index.as_u32() {
                within if within & RELATIVE != 0 => TypeIndex::new(first + (within & !RELATIVE)),
                _ => index,
            })
        }));
        self.groups.insert(key, first);
        first
    }

    /// The function type with a number.
    pub(crate) fn func(&self, id: TypeId) -> &FuncType {
        let CompositeType::Func(ty) = &self.types[id as usize].composite;
        ty
    }

    /// Whether one type is another or declared below it.
    pub(crate) fn is_subtype(&self, have: TypeId, want: TypeId) -> bool {
        let mut at = have;
        loop {
            if at == want {
                return true;
            }
            match self.types[at as usize].supertype {
                Some(above) => at = above.as_u32(),
                None => return false,
            }
        }
    }

    /// Whether values of one canonical type are values of another (specification: "Matching").
    pub(crate) fn val_matches(&self, have: ValType, want: ValType) -> bool {
        match (have, want) {
            (ValType::Ref(have), ValType::Ref(want)) => self.ref_matches(have, want),
            _ => have == want,
        }
    }

    fn ref_matches(&self, have: RefType, want: RefType) -> bool {
        let heap = match (have.heap, want.heap) {
            (HeapType::Concrete(have), HeapType::Concrete(want)) => {
                self.is_subtype(have.as_u32(), want.as_u32())
            }
            (HeapType::Concrete(_), HeapType::Func) => true,
            (have, want) => have == want,
        };
        heap && (want.nullable || !have.nullable)
    }
}

/// A reference type of a module in canonical terms.
pub(crate) fn canonical_ref(ids: &[TypeId], ty: RefType) -> RefType {
    map_ref(ty, |index| TypeIndex::new(ids[index.index()]))
}

/// A table type of a module in canonical terms.
pub(crate) fn canonical_table(ids: &[TypeId], ty: TableType) -> TableType {
    TableType { element: canonical_ref(ids, ty.element), ..ty }
}

/// A global type of a module in canonical terms.
pub(crate) fn canonical_global(ids: &[TypeId], ty: GlobalType) -> GlobalType {
    GlobalType { val: map_val(ty.val, |index| TypeIndex::new(ids[index.index()])), ..ty }
}

/// Whether a type names any other by its index.
pub(crate) fn is_abstract(ty: ValType) -> bool {
    !matches!(ty, ValType::Ref(RefType { heap: HeapType::Concrete(_), .. }))
}

fn map_sub_type(ty: &SubType, mut map: impl FnMut(TypeIndex) -> TypeIndex) -> SubType {
    let CompositeType::Func(func) = &ty.composite;
    let mut list = |types: &[ValType]| types.iter().map(|&ty| map_val(ty, &mut map)).collect();
    let func = FuncType { params: list(&func.params), results: list(&func.results) };
    SubType {
        is_final: ty.is_final,
        supertype: ty.supertype.map(&mut map),
        composite: CompositeType::Func(func),
    }
}

fn map_val(ty: ValType, map: impl FnMut(TypeIndex) -> TypeIndex) -> ValType {
    match ty {
        ValType::Ref(ty) => ValType::Ref(map_ref(ty, map)),
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => ty,
    }
}

fn map_ref(ty: RefType, mut map: impl FnMut(TypeIndex) -> TypeIndex) -> RefType {
    let heap = match ty.heap {
        HeapType::Concrete(index) => HeapType::Concrete(map(index)),
        HeapType::Func | HeapType::Extern => ty.heap,
    };
    RefType { heap, ..ty }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn func(params: &[ValType], results: &[ValType]) -> SubType {
        let ty = FuncType { params: params.to_vec(), results: results.to_vec() };
        SubType { is_final: true, supertype: None, composite: CompositeType::Func(ty) }
    }

    fn module(groups: &[&[SubType]]) -> ModuleInfo {
        ModuleInfo {
            types: groups.concat(),
            rec_groups: groups.iter().map(|group| group.len() as u32).collect(),
            ..ModuleInfo::default()
        }
    }

    fn concrete(index: u32) -> ValType {
        ValType::Ref(RefType { nullable: true, heap: HeapType::Concrete(TypeIndex::new(index)) })
    }

    #[test]
    fn equal_types_of_two_modules_are_one() {
        let mut registry = TypeRegistry::default();
        let a = registry.intern_module(&module(&[&[func(&[ValType::I32], &[])], &[func(&[], &[])]]));
        let b = registry.intern_module(&module(&[&[func(&[], &[])], &[func(&[ValType::I32], &[])]]));
        assert_eq!(a, [0, 1]);
        assert_eq!(b, [1, 0]);
        assert_eq!(registry.intern_func(FuncType::default()), 1);
    }

    #[test]
    fn groups_are_equal_as_a_whole_or_not_at_all() {
        let mut registry = TypeRegistry::default();
        let alone = registry.intern_module(&module(&[&[func(&[], &[])]]));
        let pair = registry.intern_module(&module(&[&[func(&[], &[]), func(&[], &[ValType::I32])]]));
        assert_ne!(alone[0], pair[0]);
        let again = registry.intern_module(&module(&[&[func(&[], &[]), func(&[], &[ValType::I32])]]));
        assert_eq!(pair, again);
    }

    #[test]
    fn recursive_types_are_equal_wherever_they_stand() {
        let mut registry = TypeRegistry::default();
        let here = registry.intern_module(&module(&[&[func(&[concrete(0)], &[])]]));
        let there = registry.intern_module(&module(&[&[func(&[], &[])], &[func(&[concrete(1)], &[])]]));
        assert_eq!(here[0], there[1]);
        assert_eq!(registry.func(here[0]).params, [concrete(here[0])]);
    }

    #[test]
    fn references_to_other_groups_are_told_apart() {
        let mut registry = TypeRegistry::default();
        let types = [
            &[func(&[], &[])][..],
            &[func(&[ValType::I32], &[])],
            &[func(&[concrete(0)], &[])],
            &[func(&[concrete(1)], &[])],
        ];
        let ids = registry.intern_module(&module(&types));
        assert_ne!(ids[2], ids[3]);
    }

    #[test]
    fn subtypes_are_found_along_the_declared_chain() {
        let open = |supertype: Option<u32>| SubType {
            is_final: false,
            supertype: supertype.map(TypeIndex::new),
            composite: CompositeType::Func(FuncType::default()),
        };
        let mut registry = TypeRegistry::default();
        let ids = registry.intern_module(&module(&[&[open(None)], &[open(Some(0))], &[open(Some(1))]]));
        assert!(registry.is_subtype(ids[2], ids[0]));
        assert!(!registry.is_subtype(ids[0], ids[2]));
        let non_null =
            |id| ValType::Ref(RefType { nullable: false, heap: HeapType::Concrete(TypeIndex::new(id)) });
        assert!(registry.val_matches(non_null(ids[1]), concrete(ids[0])));
        assert!(!registry.val_matches(concrete(ids[1]), non_null(ids[0])));
        assert!(registry.val_matches(non_null(ids[1]), ValType::FUNCREF));
        assert!(!registry.val_matches(ValType::FUNCREF, concrete(ids[0])));
        assert!(!registry.val_matches(ValType::EXTERNREF, ValType::FUNCREF));
    }
}
