//! What objects cost: allocation and collection, access, casts, and what is done to many elements at once.

use criterion::{BenchmarkId, Criterion};
use std::hint::black_box;
use trapline_compiler::{Compiler, Profile, supported_features};
use trapline_runtime::{Extern, Module, Store, StoreConfig, Val};

/// A call that is measured.
struct Measured {
    name: &'static str,
    text: &'static str,
    export: &'static str,
    argument: i32,
    /// What it returns.
    result: i32,
}

const CLASSES: &str = include_str!("../gc/classes.wat");
const ARRAYS: &str = include_str!("../gc/arrays.wat");

const ALL: [Measured; 8] = [
    Measured {
        name: "binary-trees",
        text: include_str!("../gc/binary-trees.wat"),
        export: "run",
        argument: 10,
        result: 135_854,
    },
    Measured {
        name: "splay",
        text: include_str!("../gc/splay.wat"),
        export: "splay",
        argument: 10_000,
        result: 2_029_001_614,
    },
    Measured {
        name: "list-sort",
        text: include_str!("../gc/list-sort.wat"),
        export: "list_sort",
        argument: 10_000,
        result: 1_008_488_685,
    },
    Measured { name: "virtual", text: CLASSES, export: "virtual", argument: 100, result: 2_560_000 },
    Measured { name: "cast", text: CLASSES, export: "cast", argument: 100, result: 52_377_600 },
    Measured { name: "branches", text: CLASSES, export: "branches", argument: 100, result: 1_868_800 },
    Measured { name: "fill", text: ARRAYS, export: "array.fill", argument: 1, result: 1 },
    // Of an array that was not filled.
    Measured { name: "copy", text: ARRAYS, export: "array.copy", argument: 1, result: 0 },
];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let compiler = Compiler::new(Profile::default()).expect("this machine can be compiled for");
    let mut group = criterion.benchmark_group("gc");
    for Measured { name, text, export, argument, result } in ALL {
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
        assert_eq!(run(argument), [Val::I32(result)], "{name}");
        group.bench_function(BenchmarkId::from_parameter(name), |b| b.iter(|| run(black_box(argument))));
    }
    group.finish();
    criterion.final_summary();
}
