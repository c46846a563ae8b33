use super::*;
use crate::code::tests::Artifact;
use crate::{Memory, StoreConfig, Val};
use trapline_abi::{ConstExpr, ConstOp};
use trapline_abi::{
    DataSegment, EntityIndex, Export, GlobalInfo, GlobalType, IndexType, Limits, MemoryType, ModuleInfo,
    ValType,
};

fn memory(min: u64) -> MemoryType {
    let limits = Limits { min, max: None };
    MemoryType { index: IndexType::I32, limits, shared: false, page_size_log2: 16 }
}

fn ops(ops: &[ConstOp]) -> ConstExpr {
    ConstExpr { ops: ops.to_vec() }
}

#[test]
fn constant_expressions_wrap_around() {
    let i32s = |left, right, op| ops(&[ConstOp::I32Const(left), ConstOp::I32Const(right), op]);
    let i64s = |left, right, op| ops(&[ConstOp::I64Const(left), ConstOp::I64Const(right), op]);
    let cases = [
        (i32s(i32::MAX, 1, ConstOp::I32Add), Val::I32(i32::MIN)),
        (i32s(3, 5, ConstOp::I32Sub), Val::I32(-2)),
        (i32s(1 << 30, 6, ConstOp::I32Mul), Val::I32(i32::MIN)),
        (i64s(i64::MAX, 1, ConstOp::I64Add), Val::I64(i64::MIN)),
        (i64s(3, 5, ConstOp::I64Sub), Val::I64(-2)),
        (i64s(-3, 5, ConstOp::I64Mul), Val::I64(-15)),
        (ops(&[ConstOp::V128Const(7)]), Val::V128(7)),
        (ops(&[ConstOp::F64Const(u64::MAX)]), Val::F64(u64::MAX)),
        (ops(&[ConstOp::GlobalGet(GlobalIndex::new(0))]), Val::I32(i32::MIN)),
    ];
    let mut info = ModuleInfo::default();
    for (i, (init, val)) in cases.iter().enumerate() {
        let ty = GlobalType { val: val.ty().map(|_| unreachable!("a number")), mutable: i % 2 == 1 };
        info.globals.push(GlobalInfo { ty, init: Some(init.clone()) });
        let index = EntityIndex::Global(GlobalIndex::new(i as u32));
        info.exports.push(Export { name: i.to_string(), index });
    }
    let mut store = Store::new(StoreConfig::default()).unwrap();
    let module = Artifact::without_code(info).load().unwrap();
    let instance = store.instantiate(&module, &[]).unwrap();
    for (i, (_, val)) in cases.iter().enumerate() {
        let Some(Extern::Global(global)) = instance.export(&store, &i.to_string()) else { panic!("{i}") };
        assert_eq!(global.get(&store), *val, "{i}");
        assert_eq!(global.ty(&store), GlobalType { val: val.ty(), mutable: i % 2 == 1 });
    }
}

fn with_data(offsets: &[ConstOp]) -> Module {
    let segment = |offset: &ConstOp| DataSegment {
        mode: DataMode::Active { memory: MemoryIndex::new(0), offset: ops(&[*offset]) },
        bytes: 1..4,
    };
    let info = ModuleInfo {
        memories: vec![memory(1)],
        imported_memories: 1,
        imports: vec![trapline_abi::Import {
            module: "m".to_owned(),
            name: "memory".to_owned(),
            ty: trapline_abi::EntityType::Memory(memory(1)),
        }],
        data: offsets.iter().map(segment).collect(),
        ..ModuleInfo::default()
    };
    let mut artifact = Artifact::without_code(info);
    artifact.data = b"xabcx".to_vec();
    artifact.load().unwrap()
}

#[test]
fn segments_are_written_up_to_the_one_that_does_not_fit() {
    let mut store = Store::new(StoreConfig::default()).unwrap();
    let memory = Memory::new(&mut store, memory(1)).unwrap();
    let imports = [Extern::Memory(memory)];
    let at = |store: &Store, at| {
        let mut bytes = [0; 3];
        memory.read(store, at, &mut bytes).unwrap();
        bytes
    };
    let fitting = with_data(&[ConstOp::I32Const(65536 - 3), ConstOp::I32Const(0)]);
    store.instantiate(&fitting, &imports).unwrap();
    assert_eq!((at(&store, 0), at(&store, 65533)), (*b"abc", *b"abc"));
    // The offset is unsigned: minus one is the last address.
    let failing = with_data(&[ConstOp::I32Const(9), ConstOp::I32Const(-1), ConstOp::I32Const(20)]);
    let error = store.instantiate(&failing, &imports).unwrap_err();
    assert_eq!(
        error.to_string(),
        "out of bounds memory access: data segment 1: offset=4294967295 len=3; memory 0 has 65536 bytes"
    );
    assert_eq!((at(&store, 9), at(&store, 20)), (*b"abc", [0; 3]));
}

#[test]
fn a_refused_resource_leaves_nothing_behind() {
    let info = ModuleInfo { memories: vec![memory(1), memory(65536)], ..ModuleInfo::default() };
    let module = Artifact::without_code(info).load().unwrap();
    let mut store = Store::new(StoreConfig { max_memory_bytes: 1 << 20, ..StoreConfig::default() }).unwrap();
    let error = store.instantiate(&module, &[]).unwrap_err();
    assert!(matches!(error, InstantiateError::Resource(ResourceError::MemoryLimit { .. })), "{error}");
    assert!(store.inner().memories.len() == 0 && store.inner().instances.len() == 0);
}

#[test]
fn references_start_as_null() {
    let val = ValType::EXTERNREF;
    let init = Some(ops(&[ConstOp::RefNull(trapline_abi::HeapType::Extern)]));
    let info = ModuleInfo {
        globals: vec![GlobalInfo { ty: GlobalType { val, mutable: true }, init }],
        exports: vec![Export { name: "g".to_owned(), index: EntityIndex::Global(GlobalIndex::new(0)) }],
        ..ModuleInfo::default()
    };
    let module = Artifact::without_code(info).load().unwrap();
    let mut store = Store::new(StoreConfig::default()).unwrap();
    let instance = store.instantiate(&module, &[]).unwrap();
    let Some(Extern::Global(global)) = instance.export(&store, "g") else { panic!() };
    assert_eq!(global.get(&store), Val::ExternRef(None));
}
