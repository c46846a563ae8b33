//! What exceptions and calls cost in compiled code.

use criterion::{BenchmarkId, Criterion, Throughput};
use std::hint::black_box;
use trapline_compiler::{Compiler, Profile, WasmFeatures, supported_features};
use trapline_runtime::{Extern, Module, Store, StoreConfig, Val};

/// The modules, each with the exports that are measured.
const MODULES: [(&str, &str, &[&str]); 2] = [
    (
        "exceptions",
        include_str!("../control/exceptions.wat"),
        &["one_frame", "frames_1", "frames_10", "frames_100", "frames_100_returned", "guarded", "unguarded"],
    ),
    (
        "calls",
        include_str!("../control/calls.wat"),
        &["direct", "by_reference", "indirect_final", "indirect_subtype", "tail"],
    ),
];

/// How often an export does its thing in one call, so that the way in and out does not count.
const TIMES: u64 = 10_000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for (name, text, exports) in MODULES {
        module(&mut criterion, name, text, exports);
    }
    criterion.final_summary();
}

fn module(c: &mut Criterion, name: &str, text: &str, exports: &[&str]) {
    let compiler = Compiler::new(Profile::default()).expect("this machine can be compiled for");
    let wasm = wat::parse_str(text).expect("a module");
    // Subtypes come with the proposal `gc`.
    let features = supported_features() | WasmFeatures::GC;
    let object = compiler.compile(&wasm, features).expect("a module that can be compiled");
    // SAFETY: I2: the compiler of this build has just made it.
    let module = unsafe { Module::from_object(&object) }.expect("our own object");
    let mut store = Store::new(StoreConfig::default()).expect("an empty store");
    let instance = store.instantiate(&module, &[]).expect("there is nothing to link");
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Elements(TIMES));
    for &export in exports {
        let Some(Extern::Func(func)) = instance.export(&store, export) else {
            unreachable!("{export} is a function")
        };
        group.bench_function(BenchmarkId::from_parameter(export), |b| {
            let times = Val::I64(TIMES.cast_signed());
            b.iter(|| func.call(&mut store, &[black_box(times.clone())]).expect("all is caught"));
        });
    }
    group.finish();
}
