//! Shared memories with compiled code on several threads, and scripts whose threads go wrong.

use serde_json::Value;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use trapline_abi::artifact::MemoryStyle;
use trapline_abi::{IndexType, Limits, MemoryType, Trap};
use trapline_compiler::{Compiler, OptLevel, Profile};
use trapline_runtime::{
    CallError, Extern, Func, Instance, Memory, Module, SharedMemory, Store, StoreConfig, TrapReport, Val,
};

const PAGE: u64 = 65536;

/// Everything that threads do to each other here.
const MODULE: &str = r#"(module
  (memory (import "m" "m") 1 200 shared)
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "size") (result i32) (memory.size))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "add") (param $at i32) (param $times i32)
    (loop $again
      (drop (i32.atomic.rmw.add (local.get $at) (i32.const 1)))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
  (func (export "wait32") (param i32 i32 i64) (result i32)
    (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "notify") (param i32 i32) (result i32)
    (memory.atomic.notify (local.get 0) (local.get 1)))
  ;; Touches the last word of the memory until it has so many pages.
  (func (export "chase") (param $pages i32)
    (local $size i32)
    (loop $again
      (local.set $size (memory.size))
      (i32.store (i32.sub (i32.mul (local.get $size) (i32.const 65536)) (i32.const 4)) (i32.const 1))
      (br_if $again (i32.lt_u (local.get $size) (local.get $pages)))))
  (func (export "until") (param $at i32)
    (loop $again (br_if $again (i32.eqz (i32.atomic.load (local.get $at)))))))"#;

fn module(style: MemoryStyle, opt_level: OptLevel, text: &str) -> Module {
    let wasm = wat::parse_str(text).unwrap();
    let profile = Profile { memory_style: style, opt_level, verifier: true, ..Profile::default() };
    let object =
        Compiler::new(profile).unwrap().compile(&wasm, trapline_compiler::supported_features()).unwrap();
    // SAFETY: I2: the compiler of this build has just made it.
    unsafe { Module::from_object(&object) }.unwrap()
}

fn config(memory_style: MemoryStyle) -> StoreConfig {
    StoreConfig { memory_style, ..StoreConfig::default() }
}

fn for_each_variant(test: impl Fn(&Module, &SharedMemory)) {
    for style in [MemoryStyle::Guarded, MemoryStyle::Checked] {
        for opt_level in [OptLevel::None, OptLevel::Speed] {
            let limits = Limits { min: 1, max: Some(200) };
            let ty = MemoryType { index: IndexType::I32, limits, shared: true, page_size_log2: 16 };
            let memory = SharedMemory::new(ty, &config(style)).unwrap();
            test(&module(style, opt_level, MODULE), &memory);
        }
    }
}

/// An instance in a store of its own, for the thread that makes it.
struct Guest {
    store: Store,
    instance: Instance,
}

impl Guest {
    fn new(module: &Module, memory: &SharedMemory) -> Guest {
        let mut store = Store::new(config(module.manifest().target.memory_style)).unwrap();
        let memory = Memory::from_shared(&mut store, memory).unwrap();
        let instance = store.instantiate(module, &[Extern::Memory(memory)]).unwrap();
        Guest { store, instance }
    }

    fn func(&self, name: &str) -> Func {
        match self.instance.export(&self.store, name) {
            Some(Extern::Func(func)) => func,
            other => panic!("{name}: {other:?}"),
        }
    }

    fn call(&mut self, name: &str, args: &[Val]) -> Vec<Val> {
        self.func(name).call(&mut self.store, args).unwrap()
    }

    fn trap(&mut self, name: &str, args: &[Val]) -> TrapReport {
        match self.func(name).call(&mut self.store, args) {
            Err(CallError::Trap(report)) => *report,
            other => panic!("no trap: {other:?}"),
        }
    }
}

fn word(memory: &SharedMemory, at: u64) -> u32 {
    let mut bytes = [0; 4];
    memory.read(at, &mut bytes).unwrap();
    u32::from_le_bytes(bytes)
}

#[test]
fn no_increment_is_lost_between_stores() {
    for_each_variant(|module, memory| {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Guest::new(module, memory).call("add", &[Val::I32(8), Val::I32(5000)]));
            }
        });
        assert_eq!(word(memory, 8), 20000);
    });
}

#[test]
fn growth_by_one_thread_is_there_for_the_others() {
    for_each_variant(|module, memory| {
        thread::scope(|scope| {
            for _ in 0..2 {
                // What the size says is there must be accessible at that very moment: a fault would be
                // a trap.
                scope.spawn(|| Guest::new(module, memory).call("chase", &[Val::I32(200)]));
            }
            let mut guest = Guest::new(module, memory);
            for before in 1..200 {
                assert_eq!(guest.call("grow", &[]), [Val::I32(before)]);
                thread::yield_now();
            }
            assert_eq!(guest.call("grow", &[]), [Val::I32(-1)]);
        });
        let end = (200 * PAGE) as i32;
        let mut guest = Guest::new(module, memory);
        assert_eq!(guest.call("load", &[Val::I32(end - 4)]), [Val::I32(1)]);
        assert_eq!(guest.trap("load", &[Val::I32(end)]).trap, Trap::MemoryOutOfBounds);
    });
}

/// One thread runs into the end of the memory while another moves that end: each access either
/// traps or works, and none is taken for a crash.
#[test]
fn accesses_that_race_with_growth_trap_or_work() {
    for_each_variant(|module, memory| {
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            let racer = scope.spawn(|| {
                let mut guest = Guest::new(module, memory);
                let (load, mut trapped) = (guest.func("load"), 0u32);
                while !done.load(Ordering::Acquire) {
                    let next = (memory.data_size() as i32) & !3;
                    match load.call(&mut guest.store, &[Val::I32(next)]) {
                        Ok(values) => assert_eq!(values, [Val::I32(0)]),
                        Err(CallError::Trap(report)) => {
                            assert_eq!(report.trap, Trap::MemoryOutOfBounds);
                            trapped += 1;
                        }
                        Err(error) => panic!("{error}"),
                    }
                }
                trapped
            });
            let mut guest = Guest::new(module, memory);
            for _ in 1..200 {
                guest.call("grow", &[]);
                thread::sleep(Duration::from_micros(20));
            }
            done.store(true, Ordering::Release);
            racer.join().unwrap();
        });
    });
}

#[test]
fn compiled_code_and_host_wake_each_other() {
    for_each_variant(|module, memory| {
        thread::scope(|scope| {
            let args = [Val::I32(16), Val::I32(0), Val::I64(-1)];
            let guest = scope.spawn(move || Guest::new(module, memory).call("wait32", &args));
            while memory.notify(16, 1).unwrap() == 0 {
                thread::yield_now();
            }
            assert_eq!(guest.join().unwrap(), [Val::I32(0)]);
        });
        // A store of the host ends what compiled code spins for.
        thread::scope(|scope| {
            scope.spawn(|| Guest::new(module, memory).call("until", &[Val::I32(32)]));
            memory.write(32, &1u32.to_le_bytes()).unwrap();
        });
    });
}

#[test]
fn what_instances_share_is_waited_for_across_them() {
    for_each_variant(|module, memory| {
        let mut guest = Guest::new(module, memory);
        assert_eq!(guest.call("wait32", &[Val::I32(0), Val::I32(1), Val::I64(-1)]), [Val::I32(1)]);
        assert_eq!(guest.call("wait32", &[Val::I32(0), Val::I32(0), Val::I64(1000)]), [Val::I32(2)]);
        assert_eq!(guest.call("notify", &[Val::I32(0), Val::I32(-1)]), [Val::I32(0)]);
        let report = guest.trap("wait32", &[Val::I32(2), Val::I32(0), Val::I64(-1)]);
        assert_eq!(report.trap, Trap::UnalignedAtomic);
        let text = report.to_string();
        assert!(
            text.ends_with(
                "memory.atomic.wait32: address=2 offset=0; 0x2 is not a multiple of 4, in memory 0"
            ),
            "{text}"
        );
        let report = guest.trap("notify", &[Val::I32(PAGE as i32), Val::I32(0)]);
        assert_eq!(report.trap, Trap::MemoryOutOfBounds);
    });
}

#[test]
fn code_that_relies_on_guards_gets_no_memory_without() {
    let memory_type = MemoryType {
        index: IndexType::I32,
        limits: Limits { min: 1, max: Some(200) },
        shared: true,
        page_size_log2: 16,
    };
    let without = SharedMemory::new(memory_type, &config(MemoryStyle::Checked)).unwrap();
    let mut store = Store::new(config(MemoryStyle::Guarded)).unwrap();
    assert!(Memory::from_shared(&mut store, &without).is_err());
    // The other way round is fine: the code compares.
    let with = SharedMemory::new(memory_type, &config(MemoryStyle::Guarded)).unwrap();
    let module = module(MemoryStyle::Checked, OptLevel::Speed, MODULE);
    let mut guest = Guest::new(&module, &with);
    assert_eq!(guest.trap("load", &[Val::I32(PAGE as i32)]).trap, Trap::MemoryOutOfBounds);
}

/// Runs a script in workers, and gives the reports of its directives.
fn run(script: &str, arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.wast"), script).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_trapline"))
        .args(["wast", "a.wast", "--format", "json", "-W", "threads"])
        .args(arguments)
        .current_dir(folder.path())
        .env("TRAPLINE_HAZARDS", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let reports = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    (output.status.code(), reports.filter(|line| line["type"] == "directive").collect())
}

fn outcomes(reports: &[Value]) -> Vec<&str> {
    reports.iter().map(|report| report["outcome"].as_str().unwrap()).collect()
}

const ONE: &str = "(module $m (func (export \"one\") (result i32) (i32.const 1)))\n";
const ASSERTION: &str = "(assert_return (invoke $m \"one\") (i32.const 1))\n";

#[test]
fn a_thread_that_hangs_costs_itself() {
    for hang in [
        "(module (func (export \"f\") (loop (br 0)))) (invoke \"f\")",
        "(module (memory 1 1 shared) (func (export \"f\")
           (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))) (invoke \"f\")",
    ] {
        let script = format!("{ONE} (thread $t {hang})\n{ASSERTION} (wait $t)\n{ASSERTION}");
        let (code, reports) = run(&script, &["--timeout", "4"]);
        assert_eq!(outcomes(&reports), ["pass", "timeout", "pass", "timeout", "pass"], "{reports:#?}");
        assert_eq!(code, Some(1));
    }
}

#[test]
fn a_thread_that_crashes_is_what_has_crashed() {
    let script = format!(
        "{ONE} (thread $t
           (module (import \"trapline-hazard\" \"segfault\" (func $f)) (func (export \"f\") (call $f)))
           (invoke \"f\"))
         (wait $t)
         {ASSERTION} (thread $t (invoke \"none\")) (wait $t) {ASSERTION}"
    );
    let (code, reports) = run(&script, &["--timeout", "10"]);
    let wanted = ["pass", "crash", "blocked", "pass", "pass", "fail", "pass"];
    assert_eq!(outcomes(&reports), wanted, "{reports:#?}");
    assert!(reports[1].to_string().contains("SIGSEGV"), "{}", reports[1]);
    assert_eq!(code, Some(1));
}

#[test]
fn a_panic_on_a_thread_is_reported_where_it_is_waited_for() {
    let script = format!(
        "{ONE} (thread $t
           (module (import \"trapline-hazard\" \"panic\" (func $f)) (func (export \"f\") (call $f)))
           (invoke \"f\"))
         (wait $t) {ASSERTION}"
    );
    let (_, reports) = run(&script, &[]);
    assert_eq!(outcomes(&reports), ["pass", "pass", "harness-error", "pass"], "{reports:#?}");
    assert!(reports[2].to_string().contains("thread $t, line 4, invoke"), "{}", reports[2]);
}
