//! What objects cost: allocation and collection, access, casts, and what is done to many elements at once.

use criterion::{BenchmarkId, Criterion};
use std::hint::black_box;
use trapline_compiler::{Compiler, Profile, supported_features};
use trapline_runtime::{Extern, Module, Store, StoreConfig, Val};

/// The modules, each with an export that is measured, what it is given, and its result.
const MODULES: [(&str, &str, &str, i32, i32); 4] = [
    ("binary-trees", include_str!("../gc/binary-trees.wat"), "run", 10, 135_854),
    ("casts", include_str!("../gc/casts.wat"), "run", 10_000, 15_000),
    ("fill", include_str!("../gc/arrays.wat"), "array.fill", 1, 1),
    ("copy", include_str!("../gc/arrays.wat"), "array.copy", 1, 1),
];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let compiler = Compiler::new(Profile::default()).expect("this machine can be compiled for");
    let mut group = criterion.benchmark_group("gc");
    for (name, text, export, argument, result) in MODULES {
        let wasm = wat::parse_str(text).expect("a module");
        let object = compiler.compile(&wasm, supported_features()).expect("a module that can be compiled");
        // SAFETY: I2: the compiler of this build has just made it.
        let module = unsafe { Module::from_object(&object) }.expect("our own object");
        let mut store = Store::new(StoreConfig::default()).expect("an empty store");
        let instance = store.instantiate(&module, &[]).expect("there is nothing to link");
        let Some(Extern::Func(func)) = instance.export(&store, export) else {
            unreachable!("{export} is a function")
        };
        let mut run = |argument: i32| func.call(&mut store, &[Val::I32(argument)]).expect("it returns");
        // What is copied was filled before.
        let checked = if export == "array.copy" { 0 } else { result };
        assert_eq!(run(argument), [Val::I32(checked)], "{name}");
        group.bench_function(BenchmarkId::from_parameter(name), |b| b.iter(|| run(black_box(argument))));
    }
    group.finish();
    criterion.final_summary();
}
