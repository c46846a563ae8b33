use super::*;
use crate::code::tests::Artifact;
use crate::{Global, Memory, StoreConfig, Table, Val};
use trapline_abi::{
    EntityType, Export, GlobalType, IndexType, Limits, MemoryIndex, MemoryType, ModuleInfo, RefType,
    TableInfo, TableType, ValType,
};

fn store() -> Store {
    Store::new(StoreConfig::default()).unwrap()
}

fn importing(ty: EntityType) -> Module {
    let mut info = ModuleInfo::default();
    match &ty {
        EntityType::Table(ty) => {
            info.tables.push(TableInfo { ty: *ty, init: None });
            info.imported_tables = 1;
        }
        EntityType::Memory(ty) => {
            info.memories.push(*ty);
            info.imported_memories = 1;
        }
        EntityType::Global(ty) => {
            info.globals.push(trapline_abi::GlobalInfo { ty: *ty, init: None });
            info.imported_globals = 1;
        }
        EntityType::Func(_) | EntityType::ExactFunc(_) | EntityType::Tag(_) => {
            unreachable!("functions need code, and tags their types")
        }
    }
    info.imports.push(Import { module: "m".to_owned(), name: "x".to_owned(), ty });
    Artifact::without_code(info).load().unwrap()
}

fn memory(min: u64, max: Option<u64>) -> MemoryType {
    MemoryType { index: IndexType::I32, limits: Limits { min, max }, shared: false, page_size_log2: 16 }
}

fn accepts(store: &mut Store, ty: EntityType, item: Extern) -> bool {
    match store.instantiate(&importing(ty), &[item]) {
        Ok(_) => true,
        Err(InstantiateError::Link(LinkError::IncompatibleImport { .. })) => false,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn limits_are_compared_with_the_current_size_and_the_declared_bound() {
    let mut store = store();
    let have = Memory::new(&mut store, memory(1, Some(4))).unwrap();
    let mut takes =
        |min, max| accepts(&mut store, EntityType::Memory(memory(min, max)), Extern::Memory(have));
    assert!(takes(1, None) && takes(0, Some(4)) && takes(1, Some(5)));
    assert!(!takes(2, None) && !takes(0, Some(3)));
    have.grow(&mut store, 2).unwrap();
    assert!(accepts(&mut store, EntityType::Memory(memory(3, None)), Extern::Memory(have)));
    let open = Memory::new(&mut store, memory(1, None)).unwrap();
    assert!(!accepts(&mut store, EntityType::Memory(memory(1, Some(65536))), Extern::Memory(open)));
}

#[test]
fn properties_of_memories_and_tables_must_be_the_same() {
    let mut store = store();
    let item = Extern::Memory(Memory::new(&mut store, memory(1, Some(1))).unwrap());
    for other in [
        MemoryType { index: IndexType::I64, ..memory(1, None) },
        MemoryType { shared: true, ..memory(1, Some(1)) },
        MemoryType { page_size_log2: 0, ..memory(1, None) },
    ] {
        assert!(!accepts(&mut store, EntityType::Memory(other), item), "{other}");
    }
    let ty =
        TableType { index: IndexType::I32, element: RefType::FUNCREF, limits: Limits { min: 0, max: None } };
    let canonical = ty.map(|_: trapline_abi::TypeIndex| unreachable!("an abstract type"));
    let item = Extern::Table(Table::new(&mut store, canonical, Val::FuncRef(None)).unwrap());
    assert!(accepts(&mut store, EntityType::Table(ty), item));
    for other in [
        TableType { index: IndexType::I64, ..ty },
        TableType { element: RefType::EXTERNREF, ..ty },
        TableType { element: RefType { nullable: false, ..RefType::FUNCREF }, ..ty },
    ] {
        let module = EntityType::Table(other);
        assert!(!accepts(&mut store, module, item), "{other}");
    }
}

#[test]
fn globals_match_by_mutability_and_type() {
    let mut store = store();
    let ty = |val: ValType, mutable| GlobalType { val, mutable };
    for mutable in [false, true] {
        let global = Global::new(&mut store, GlobalType { val: ValType::I32, mutable }, Val::I32(0)).unwrap();
        let mut takes = |ty| accepts(&mut store, EntityType::Global(ty), Extern::Global(global));
        assert!(takes(ty(ValType::I32, mutable)));
        assert!(!takes(ty(ValType::I32, !mutable)));
        assert!(!takes(ty(ValType::F32, mutable)));
    }
}

#[test]
fn errors_start_with_the_words_of_the_suite() {
    let mut store = store();
    let linker = Linker::new();
    let module = importing(EntityType::Memory(memory(2, None)));
    let error = linker.instantiate(&mut store, &module).unwrap_err();
    assert_eq!(error.to_string(), r#"unknown import: nothing provides "x" of module "m""#);
    assert!(matches!(
        store.instantiate(&module, &[]),
        Err(InstantiateError::Link(LinkError::UnknownImport { .. }))
    ));
    let small = Extern::Memory(Memory::new(&mut store, memory(1, Some(3))).unwrap());
    let error = store.instantiate(&module, &[small]).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"incompatible import type: "x" of module "m" is memory i32 1 3, not memory i32 2"#
    );
    let surplus = store.instantiate(&module, &[small, small]).unwrap_err();
    assert!(matches!(surplus, InstantiateError::Link(_) | InstantiateError::Incompatible(_)), "{surplus}");
}

#[test]
fn the_last_definition_of_a_name_counts() {
    let mut store = store();
    let info = ModuleInfo {
        memories: vec![memory(1, None)],
        exports: vec![Export {
            name: "x".to_owned(),
            index: trapline_abi::EntityIndex::Memory(MemoryIndex::new(0)),
        }],
        ..ModuleInfo::default()
    };
    let module = Artifact::without_code(info).load().unwrap();
    let instance = store.instantiate(&module, &[]).unwrap();
    let ty = GlobalType { val: ValType::I32, mutable: false };
    let global = Extern::Global(Global::new(&mut store, ty, Val::I32(0)).unwrap());
    let mut linker = Linker::new();
    linker.define("m", "x", global);
    linker.define("m", "y", global);
    assert_eq!(linker.get("m", "x"), Some(global));
    linker.define_instance(&store, "m", instance);
    assert_eq!(linker.get("m", "x"), instance.export(&store, "x"));
    assert_eq!(linker.get("m", "y"), None);
}

#[test]
#[should_panic(expected = "a handle was used with a store that it does not belong to")]
fn an_import_of_another_store_is_refused() {
    let memory = Extern::Memory(Memory::new(&mut store(), memory(0, None)).unwrap());
    drop(store().instantiate(&importing(EntityType::Memory(self::memory(0, None))), &[memory]));
}
