//! What a module costs on its way from binary to instance: translate, compile, emit, map, instantiate.

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion};
use std::hint::black_box;
use std::time::Duration;
use trapline_benches::{Sample, samples};
use trapline_compiler::{CompileTimings, Compiler, Profile, supported_features};
use trapline_runtime::{Module, Store, StoreConfig};

/// Picks one stage out of the times of a compilation.
type Stage = fn(&CompileTimings) -> Duration;

fn load(object: &[u8]) -> Module {
    // SAFETY: I2: the compiler of this build has just made it.
    unsafe { Module::from_object(object) }.expect("our own object")
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    modules(&mut criterion);
    criterion.final_summary();
}

fn modules(c: &mut Criterion) {
    let samples = samples().expect("the samples are modules");
    let compiler = Compiler::new(Profile::default()).expect("this machine can be compiled for");

    let stages: [(&str, Stage); 3] = [
        ("translate", |timings| timings.translate),
        ("compile", |timings| timings.compile),
        ("emit", |timings| timings.emit),
    ];
    for (name, stage) in stages {
        let mut group = c.benchmark_group(name);
        for sample in &samples {
            compilation_stage(&mut group, &compiler, sample, stage);
        }
        group.finish();
    }

    let mut group = c.benchmark_group("map");
    for sample in &samples {
        let object = object(&compiler, sample);
        group.bench_function(BenchmarkId::from_parameter(sample.name), |b| {
            b.iter(|| load(black_box(&object)));
        });
    }
    group.finish();

    // With a store of its own, as each script has one; the time includes freeing both.
    let mut group = c.benchmark_group("instantiate");
    for sample in &samples {
        let module = load(&object(&compiler, sample));
        group.bench_function(BenchmarkId::from_parameter(sample.name), |b| {
            b.iter(|| {
                let mut store = Store::new(StoreConfig::default()).expect("an empty store");
                store.instantiate(black_box(&module), &[]).expect("there is nothing to link")
            });
        });
    }
    group.finish();
}

/// Measures one stage of a compilation.
fn compilation_stage(
    group: &mut BenchmarkGroup<'_, WallTime>,
    compiler: &Compiler,
    sample: &Sample,
    stage: Stage,
) {
    group.bench_function(BenchmarkId::from_parameter(sample.name), |b| {
        b.iter_custom(|iterations| {
            (0..iterations)
                .map(|_| {
                    let compiled = compiler.compile_timed(black_box(&sample.wasm), supported_features());
                    let (object, timings) = compiled.expect("the samples can be compiled");
                    black_box(object);
                    stage(&timings)
                })
                .sum()
        });
    });
}

fn object(compiler: &Compiler, sample: &Sample) -> Vec<u8> {
    compiler.compile(&sample.wasm, supported_features()).expect("the samples can be compiled")
}
