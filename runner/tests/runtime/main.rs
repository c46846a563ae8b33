//! The runtime with real code in it: what needs a compiler to be tested.

mod digests;
mod exceptions;
mod heap;
mod host;
mod instances;
mod traps;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::LazyLock;
use trapline_abi::artifact::MemoryStyle;
use trapline_abi::{
    FuncType, GlobalType, IndexType, Limits, MemoryType, RefType, TableType, Trap, TrapDetail, TypeId,
    ValType,
};
use trapline_compiler::{Compiler, OptLevel, Profile};
use trapline_runtime::{
    AnyRef, CallError, Caller, Extern, Func, Global, HostError, Instance, InstantiateError, LinkError,
    Linker, LoadError, Memory, Module, Store, StoreConfig, Table, TrapReport, Val,
};

static GUARDED: LazyLock<Compiler> = LazyLock::new(|| compiler(MemoryStyle::Guarded));
static CHECKED: LazyLock<Compiler> = LazyLock::new(|| compiler(MemoryStyle::Checked));

fn compiler(memory_style: MemoryStyle) -> Compiler {
    Compiler::new(Profile { memory_style, verifier: true, ..Profile::default() }).unwrap()
}

fn object(compiler: &Compiler, text: &str) -> Vec<u8> {
    let wasm = wat::parse_str(text).unwrap();
    compiler.compile(&wasm, trapline_compiler::supported_features()).unwrap()
}

fn module(text: &str) -> Module {
    load(&object(&GUARDED, text)).unwrap()
}

fn load(object: &[u8]) -> Result<Module, LoadError> {
    // SAFETY: I2: the compiler of this build made it; a damaged one is refused by its hashes.
    unsafe { Module::from_object(object) }
}

fn store() -> Store {
    Store::new(StoreConfig::default()).unwrap()
}

/// A module alone in a store, in both memory styles.
fn for_both_styles(text: &str, test: impl Fn(&mut Store, Instance)) {
    for (compiler, memory_style) in [(&*GUARDED, MemoryStyle::Guarded), (&*CHECKED, MemoryStyle::Checked)] {
        let module = load(&object(compiler, text)).unwrap();
        let mut store = Store::new(StoreConfig { memory_style, ..StoreConfig::default() }).unwrap();
        let instance = store.instantiate(&module, &[]).unwrap();
        test(&mut store, instance);
    }
}

fn func(store: &Store, instance: Instance, name: &str) -> Func {
    match instance.export(store, name) {
        Some(Extern::Func(func)) => func,
        other => panic!("{name}: {other:?}"),
    }
}

fn call(store: &mut Store, instance: Instance, name: &str, args: &[Val]) -> Result<Vec<Val>, CallError> {
    func(store, instance, name).call(store, args)
}

fn trap(result: Result<Vec<Val>, CallError>) -> TrapReport {
    match result {
        Err(CallError::Trap(report)) => *report,
        other => panic!("no trap: {other:?}"),
    }
}

fn i32_type(params: usize, results: usize) -> FuncType<TypeId> {
    FuncType { params: vec![ValType::I32; params], results: vec![ValType::I32; results] }
}
