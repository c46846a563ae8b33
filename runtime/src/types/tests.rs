use super::*;
use trapline_abi::{ConcreteType, HeapType, TypeKind};

fn func(params: &[ValType], results: &[ValType]) -> SubType {
    let ty = FuncType { params: params.to_vec(), results: results.to_vec() };
    SubType::plain(CompositeType::Func(ty))
}

fn module(groups: &[&[SubType]]) -> ModuleInfo {
    ModuleInfo {
        types: groups.concat(),
        rec_groups: groups.iter().map(|group| group.len() as u32).collect(),
        ..ModuleInfo::default()
    }
}

fn concrete<I>(nullable: bool, index: I) -> ValType<I> {
    let heap = HeapType::Concrete(ConcreteType { kind: TypeKind::Func, index, exact: false });
    ValType::Ref(RefType { nullable, heap })
}

fn func_ref(index: u32) -> ValType {
    concrete(true, TypeIndex::new(index))
}

#[test]
fn equal_types_of_two_modules_are_one() {
    let mut registry = TypeRegistry::default();
    let a = registry.intern_module(&module(&[&[func(&[ValType::I32], &[])], &[func(&[], &[])]]));
    let b = registry.intern_module(&module(&[&[func(&[], &[])], &[func(&[ValType::I32], &[])]]));
    assert_ne!(a[0], a[1]);
    assert_eq!(b, [a[1], a[0]]);
    assert_eq!(registry.intern_func(&FuncType::default()), a[1]);
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
    let here = registry.intern_module(&module(&[&[func(&[func_ref(0)], &[])]]));
    let there = registry.intern_module(&module(&[&[func(&[], &[])], &[func(&[func_ref(1)], &[])]]));
    assert_eq!(here[0], there[1]);
    assert_eq!(registry.func(here[0]).params, [concrete(true, here[0])]);
}

#[test]
fn references_to_other_groups_are_told_apart() {
    let mut registry = TypeRegistry::default();
    let types = [
        &[func(&[], &[])][..],
        &[func(&[ValType::I32], &[])],
        &[func(&[func_ref(0)], &[])],
        &[func(&[func_ref(1)], &[])],
    ];
    let ids = registry.intern_module(&module(&types));
    assert_ne!(ids[2], ids[3]);
}

#[test]
fn subtypes_are_found_along_the_declared_chain() {
    let open = |supertype: Option<u32>| SubType {
        is_final: false,
        supertype: supertype.map(TypeIndex::new),
        ..SubType::plain(CompositeType::Func(FuncType::default()))
    };
    let mut registry = TypeRegistry::default();
    let ids = registry.intern_module(&module(&[&[open(None)], &[open(Some(0))], &[open(Some(1))]]));
    assert!(registry.is_subtype(ids[2], ids[0]));
    assert!(!registry.is_subtype(ids[0], ids[2]));
    assert_eq!(registry.supertypes(ids[2]), ids);
    assert!(registry.val_matches(concrete(false, ids[1]), concrete(true, ids[0])));
    assert!(!registry.val_matches(concrete(true, ids[1]), concrete(false, ids[0])));
    assert!(registry.val_matches(concrete(false, ids[1]), ValType::FUNCREF));
    assert!(!registry.val_matches(ValType::FUNCREF, concrete(true, ids[0])));
    assert!(!registry.val_matches(ValType::EXTERNREF, ValType::FUNCREF));
}

#[test]
fn types_of_equal_depth_are_told_apart() {
    let open = |supertype: Option<u32>, results: &[ValType]| SubType {
        is_final: false,
        supertype: supertype.map(TypeIndex::new),
        ..func(&[], results)
    };
    let mut registry = TypeRegistry::default();
    let groups = [&[open(None, &[]), open(Some(0), &[]), func(&[], &[])][..], &[open(Some(0), &[])]];
    let ids = registry.intern_module(&module(&groups));
    assert!(registry.is_subtype(ids[1], ids[0]) && registry.is_subtype(ids[3], ids[0]));
    assert!(!registry.is_subtype(ids[1], ids[3]) && !registry.is_subtype(ids[3], ids[1]));
    assert!(!registry.is_subtype(ids[2], ids[0]) && !registry.is_subtype(ids[0], ids[2]));
}
