//! Comparison of engines: the real ones agree, and broken ones are found and located.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;
use trapline::compare;
use trapline::discover::{Request, Selected, discover};
use trapline::engine::{NativeEngine, Variant, start_native};
use trapline::executor::{Engine, EngineError, Executor};
use trapline::expectations::Expectations;
use trapline::outcome::{DirectiveRecord, Event, FileReport, Outcome};
use trapline::report::{Reporter, Style, Terse, Totals, divergence_text, failure_text};
use trapline::run::{Options, Runner};
use trapline::trail::{Irreproducible, Refusal};
use trapline_compiler::{Profile, WasmFeatures};
use trapline_runtime::{Module, StoreConfig};
use trapline_spec_tests::Manifest;

/// An engine that has something done to every module before it compiles it.
pub(crate) struct Broken {
    pub(crate) engine: Arc<dyn NativeEngine>,
    pub(crate) from: &'static [u8],
    pub(crate) to: &'static [u8],
}

impl Engine for Broken {
    fn name(&self) -> &str {
        "broken"
    }

    fn validate(&self, wasm: &[u8], features: WasmFeatures) -> Result<(), EngineError> {
        self.engine.validate(wasm, features)
    }

    fn start(&self) -> Result<Box<dyn Executor + '_>, Refusal> {
        start_native(self)
    }
}

impl NativeEngine for Broken {
    fn store_config(&self) -> StoreConfig {
        self.engine.store_config()
    }

    fn module(&self, wasm: &[u8], features: WasmFeatures) -> Result<Module, EngineError> {
        let at = wasm.windows(self.from.len()).position(|bytes| bytes == self.from);
        let mut wasm = wasm.to_vec();
        if let Some(at) = at {
            wasm[at..at + self.to.len()].copy_from_slice(self.to);
        }
        self.engine.module(&wasm, features)
    }
}

/// An engine whose code is another one every time.
struct Fickle(Arc<dyn NativeEngine>);

impl Engine for Fickle {
    fn name(&self) -> &str {
        "fickle"
    }

    fn validate(&self, wasm: &[u8], features: WasmFeatures) -> Result<(), EngineError> {
        self.0.validate(wasm, features)
    }

    fn start(&self) -> Result<Box<dyn Executor + '_>, Refusal> {
        start_native(self)
    }
}

impl NativeEngine for Fickle {
    fn store_config(&self) -> StoreConfig {
        self.0.store_config()
    }

    fn module(&self, wasm: &[u8], features: WasmFeatures) -> Result<Module, EngineError> {
        self.0.module(wasm, features)
    }

    fn module_twice(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(Module, Option<Irreproducible>), EngineError> {
        Ok((self.module(wasm, features)?, Some(Irreproducible::FromByte(0x40))))
    }
}

pub(crate) fn engine(variant: &str) -> Arc<dyn NativeEngine> {
    let variant: Variant = variant.parse().expect("a variant");
    variant.spec().build_native(None).expect("an engine")
}

pub(crate) fn runner(engine: Arc<dyn Engine>) -> Runner {
    Runner {
        engine,
        manifest: Manifest::bundled().expect("a manifest"),
        expectations: Expectations::bundled().expect("expectations"),
        configuration: Arc::default(),
        reading: Default::default(),
        shows_output: false,
        overrides: Vec::new(),
        command: "trapline compare".to_owned(),
        workers: None,
    }
}

/// All reports of a comparison.
pub(crate) fn compare(runners: &[Runner], selected: &Selected) -> (Vec<FileReport>, Totals) {
    let (mut files, mut totals) = (Vec::new(), Totals::default());
    compare::run(
        runners,
        &selected.inputs,
        selected,
        Options { jobs: 2, max_fail: None, part: None, unavailable: Vec::new(), description: Arc::default() },
        &|_, _| None,
        &mut |event| {
            totals.event(&event);
            if let Event::FileFinished(report) = event {
                files.push(report);
            }
            ControlFlow::Continue(())
        },
    )
    .expect("threads");
    (files, totals)
}

pub(crate) fn script(text: &str) -> (TempDir, Selected) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.wast");
    fs::write(&path, text).expect("a file");
    let request = Request { paths: vec![path], ..Request::default() };
    let selected = discover(&request, folder.path()).expect("a script");
    (folder, selected)
}

/// Runs a script on a sound engine and one that compiles `to` in place of `from`, and gives what the latter reports.
fn against_broken(text: &str, from: &'static [u8], to: &'static [u8]) -> FileReport {
    let (_folder, selected) = script(text);
    let broken = Broken { engine: engine("aot"), from, to };
    let (mut files, totals) = compare(&[runner(engine("aot")), runner(Arc::new(broken))], &selected);
    assert!(files[0].directives.iter().all(|directive| directive.outcome.is_pass()), "{:#?}", files[0]);
    assert!(!totals.is_green());
    files.pop().expect("two reports")
}

pub(crate) fn diverged(file: &FileReport) -> Vec<&DirectiveRecord> {
    let all = file.directives.iter();
    all.filter(|directive| matches!(directive.outcome, Outcome::Diverged(_))).collect()
}

/// What the engine did that all are compared with, and what the other one did: names, and a line for each difference.
#[track_caller]
pub(crate) fn sides(directive: &DirectiveRecord) -> (&'static str, &'static str) {
    let Outcome::Diverged(divergence) = &directive.outcome else { panic!("{directive:?}") };
    let (reference, got) = divergence_text(divergence);
    (reference.leak(), got.leak())
}

#[test]
fn engines_and_variants_agree_on_a_sample() {
    let sample = [
        "unreachable",
        "memory_init",
        "call_indirect",
        "table_copy",
        "f32",
        "conversions",
        "linking",
        "skip-stack",
        "traps",
    ];
    let mut request = Request::default();
    request.filter.only = sample.map(|name| format!("{name}.wast")).to_vec();
    let selected = discover(&request, Path::new(env!("CARGO_MANIFEST_DIR"))).expect("scripts");
    assert!(selected.inputs.len() >= sample.len() - 1);
    let variants = ["aot", "jit", "linked", "aot,opt=none", "aot,memory=checked", "jit,cpu=baseline"];
    let runners: Vec<_> = variants.map(|variant| runner(engine(variant))).into();
    let (files, totals) = compare(&runners, &selected);
    let text: String = files
        .iter()
        .flat_map(|file| diverged(file).into_iter().map(|d| failure_text(file, d, Style::default())))
        .collect();
    assert_eq!(text, "");
    assert!(totals.is_green(), "{totals:#?}");
    let counts: Vec<_> = totals.engines.values().map(|engine| (engine.files, engine.directives)).collect();
    assert_eq!(counts.len(), variants.len());
    assert!(counts[0].1 > 1000 && counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    assert!(totals.engines.values().all(|engine| engine.elapsed.is_some()));
}

const STORES: &str = r#"(module (memory (export "mem") 1)
  (func (export "store") (i32.store8 (i32.const 4660) (i32.const 77)))
  (func (export "other") (result i32) (i32.const 1)))
(assert_return (invoke "other") (i32.const 1))
(invoke "store")
(assert_return (invoke "other") (i32.const 1))
(module (func (export "f")))
(invoke "f")"#;

/// No result shows it: only the state does.
#[test]
fn another_byte_in_a_memory_is_found_where_it_is_written() {
    // i32.const 77, i32.store8.
    let report = against_broken(STORES, b"\x41\xcd\x00\x3a", b"\x41\xce\x00\x3a");
    let all = diverged(&report);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!((all[0].line, all[0].directive.as_str()), (5, "invoke"));
    let (reference, got) = sides(all[0]);
    assert_eq!(reference, "aot: memory 0 <mem> of instance 0, byte 0x1234: 0x4d");
    assert_eq!(got, "broken: memory 0 <mem> of instance 0, byte 0x1234: 0x4e");
    assert_eq!(all[0].source(), Some("(invoke \"store\")"));
}

#[test]
fn another_result_is_shown_with_its_bits() {
    // Type, then body: local.get 0, i32.const 3, i32.add.
    let text = r#"(module (func (export "add") (param i32) (result i32) (i32.add (local.get 0) (i32.const 3))))
(invoke "add" (i32.const 1))
(assert_return (invoke "add" (i32.const -3)) (i32.const 0))"#;
    let report = against_broken(text, b"\x41\x03\x6a", b"\x41\x04\x6a");
    let all = diverged(&report);
    assert_eq!(all.len(), 2, "{all:#?}");
    assert_eq!(sides(all[0]), ("aot: returned i32 4 (0x00000004)", "broken: returned i32 5 (0x00000005)"));
    let (reference, got) = sides(all[1]);
    assert_eq!(reference, "aot: pass\nreturned i32 0 (0x00000000)");
    assert!(
        got.starts_with("broken: fail, got i32 1") && got.ends_with("\nreturned i32 1 (0x00000001)"),
        "{got}"
    );
}

/// A check that looks at the wrong place: both trap or only one does.
#[test]
fn another_trap_is_located_by_function_and_offset() {
    let text = r#"(module (memory 1)
  (func)
  (func $touch (export "touch") (param i32)
    (drop (i32.load8_u offset=4096 (local.get 0)))
    (drop (i32.load8_u (i32.add (local.get 0) (i32.const 9))))))
(invoke "touch" (i32.const 0))
(assert_trap (invoke "touch" (i32.const 65535)) "out of bounds memory access")"#;
    // The first load without its offset is within bounds; the second one traps instead.
    let report = against_broken(text, b"\x2d\x00\x80\x20", b"\x2d\x00\x80\x00");
    let all = diverged(&report);
    assert_eq!(all.len(), 1, "{all:#?}");
    let (reference, got) = sides(all[0]);
    for (side, text) in [("aot", reference), ("broken", got)] {
        let start = format!("{side}: trap: out of bounds memory access in function 1 <touch> at offset 0x");
        assert!(text.starts_with(&start), "{text}");
    }
    let offset = |text: &str| text.split("offset 0x").nth(1).map(|rest| rest[..2].to_owned());
    assert_ne!(offset(reference), offset(got));
}

/// Not all variants make the load a part of the addition, or check its address in the same way.
#[test]
fn variants_agree_on_the_place_of_a_trap() {
    let text = r#"(module (memory 1)
  (func (export "i32") (param i32 i32) (result i32) (i32.add (local.get 1) (i32.load (local.get 0))))
  (func (export "f64") (param i32 f64) (result f64) (f64.mul (local.get 1) (f64.load offset=8 (local.get 0)))))
(assert_trap (invoke "i32" (i32.const 65533) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "f64" (i32.const 65521) (f64.const 1)) "out of bounds memory access")"#;
    let (_folder, selected) = script(text);
    let variants =
        ["aot", "aot,opt=none", "aot,memory=checked", "jit,opt=none,memory=checked", "aot,cpu=baseline"];
    let (files, totals) = compare(&variants.map(|variant| runner(engine(variant))), &selected);
    assert!(totals.is_green(), "{files:#?}");
}

#[test]
fn tables_globals_and_segments_count() {
    let text = r#"(module
  (table (export "t") 3 funcref) (elem declare func $f $g)
  (global $g (export "g") (mut i64) (i64.const 5))
  (memory 1) (data $d "abc") (data $e "abc")
  (func $f) (func $g)
  (func (export "table") (table.set (i32.const 2) (ref.func 0)))
  (func (export "global") (global.set $g (i64.const 300)))
  (func (export "drop") (data.drop $d)))
(invoke "table")
(invoke "global")
(invoke "drop")"#;
    /// What is compiled in place of what, the line that diverges, and both sides.
    type Case = (&'static [u8], &'static [u8], u32, &'static str, &'static str);
    let cases: [Case; 3] = [
        (
            b"\xd2\x00\x26\x00",
            b"\xd2\x01\x26\x00",
            9,
            "aot: table 0 <t> of instance 0, element 2: ref.func function 0 of instance 0",
            "broken: table 0 <t> of instance 0, element 2: ref.func function 1 of instance 0",
        ),
        (
            b"\x42\xac\x02",
            b"\x42\xad\x02",
            10,
            "aot: global 0 <g> of instance 0: i64 300 (0x000000000000012c)",
            "broken: global 0 <g> of instance 0: i64 301 (0x000000000000012d)",
        ),
        (
            b"\xfc\x09\x00",
            b"\xfc\x09\x01",
            11,
            "aot: data segment 0 of instance 0: dropped",
            "broken: data segment 0 of instance 0: not dropped",
        ),
    ];
    for (from, to, line, reference, got) in cases {
        let report = against_broken(text, from, to);
        let all = diverged(&report);
        assert_eq!(all.len(), 1, "{all:#?}");
        assert_eq!((all[0].line, sides(all[0])), (line, (reference, got)));
    }
}

#[test]
fn code_that_is_another_one_every_time_diverges_from_itself() {
    let (_folder, selected) = script(STORES);
    let (files, totals) =
        compare(&[runner(engine("aot")), runner(Arc::new(Fickle(engine("aot"))))], &selected);
    assert!(!totals.is_green());
    let all = diverged(&files[1]);
    assert_eq!(all.len(), 2, "one for each module: {all:#?}");
    assert_eq!(sides(all[0]).1, "fickle: two compilations of the module differ from byte 0x40 on");
}

/// The depth of a recursion is open, and so is all that it counts.
#[test]
fn nothing_is_compared_after_exhaustion_until_states_agree() {
    let text = r#"(module
  (global $depth (export "depth") (mut i32) (i32.const 0))
  (func $down (export "down") (param i64 i64)
    (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
    (call $down (i64.mul (local.get 0) (i64.const 3)) (i64.add (local.get 1) (local.get 0)))
    (drop (i64.div_s (local.get 0) (i64.const 7))))
  (func (export "depth") (result i32) (global.get $depth))
  (func (export "reset") (global.set $depth (i32.const 0)))
  (func (export "three") (result i32) (i32.const 3)))
(assert_exhaustion (invoke "down" (i64.const 1) (i64.const 2)) "call stack exhausted")
(invoke "depth")
(invoke "reset")
(invoke "three")"#
        .replace(r#"(global $depth (export "depth")"#, "(global $depth");
    let (_folder, selected) = script(&text);
    let (files, totals) = compare(&[runner(engine("aot")), runner(engine("aot,opt=none"))], &selected);
    assert!(totals.is_green(), "{files:#?}");
    // And once they agree, everything counts again.
    let (_folder, selected) = script(&text);
    let broken = Broken { engine: engine("aot,opt=none"), from: b"\x41\x03\x0b", to: b"\x41\x02\x0b" };
    let (files, _) = compare(&[runner(engine("aot")), runner(Arc::new(broken))], &selected);
    let all = diverged(&files[1]);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0].directive.as_str(), "invoke");
}

#[test]
fn reports_show_both_sides() {
    let (_folder, selected) = script(STORES);
    let broken = Broken { engine: engine("aot"), from: b"\x41\xcd\x00\x3a", to: b"\x41\xce\x00\x3a" };
    let runners = [runner(engine("aot")), runner(Arc::new(broken))];
    let mut text = Vec::new();
    let mut terse = Terse::new(&mut text, Style::default());
    compare::run(
        &runners,
        &selected.inputs,
        &selected,
        Options { jobs: 1, max_fail: None, part: None, unavailable: Vec::new(), description: Arc::default() },
        &|_, _| None,
        &mut |event| {
            terse.event(&event).expect("memory takes everything");
            ControlFlow::Continue(())
        },
    )
    .expect("threads");
    drop(terse);
    let text = String::from_utf8(text).expect("text");
    assert!(
        text.contains("diverged: expected aot: memory 0 <mem> of instance 0, byte 0x1234: 0x4d, got"),
        "{text}"
    );
    assert!(text.contains("broken: 6 directives in 1 file: 5 pass, 0 fail, 1 diverged"), "{text}");
}

pub(crate) fn command(arguments: &[&str], script: &str) -> (Option<i32>, String) {
    run_command(Command::new(env!("CARGO_BIN_EXE_trapline")).args(arguments), script)
}

/// The same with what only tests may ask for.
fn hazardous_command(arguments: &[&str], script: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trapline"));
    run_command(command.args(arguments).env("TRAPLINE_HAZARDS", "1"), script)
}

fn run_command(command: &mut Command, script: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.wast"), script).expect("a file");
    let output = command.current_dir(folder.path()).output().expect("it starts");
    (output.status.code(), String::from_utf8(output.stdout).expect("text"))
}

#[test]
fn the_command_says_how_it_went() {
    let (code, text) = command(&["compare", "a.wast", "--format", "json"], STORES);
    assert_eq!(code, Some(0), "{text}");
    let summary: serde_json::Value =
        serde_json::from_str(text.lines().last().expect("a summary")).expect("JSON");
    for engine in ["aot", "jit", "linked"] {
        let totals = &summary["engines"][engine];
        assert_eq!((&totals["pass"], &totals["diverged"]), (&6.into(), &0.into()), "{summary}");
    }
    let fails = "(module (func (export \"f\") (result i32) (i32.const 1)))\n(assert_return (invoke \"f\") (i32.const 2))";
    let variants = ["compare", "a.wast", "--variant", "aot,opt=none", "--variant", "jit"];
    let (code, text) = command(&variants, fails);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("aot-none: 2 directives in 1 file: 1 pass, 1 fail\n"), "{text}");
    assert!(!text.contains("diverged"), "{text}");
    assert_eq!(command(&["compare", "a.wast", "--engine", "aot"], STORES).0, Some(2));
    assert_eq!(command(&["compare", "a.wast", "--filter", "nothing"], STORES).0, Some(4));
    let (code, text) = command(&["wast", "a.wast", "--engine", "jit,aot", "--format", "terse"], STORES);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("aot: 6 directives") && text.contains("jit: 6 directives"), "{text}");
}

/// Relaxed SIMD is open where one engine has the processor's results and the other does not, also in memory and in where code goes,
/// and what is another fault is one.
#[cfg(target_arch = "x86_64")]
#[test]
fn what_relaxed_simd_may_do_is_no_difference_and_a_fault_beside_it_is() {
    let text = r#"(module (memory (export "m") 1)
  (func $max (result v128)
    (f64x2.relaxed_max (v128.const f64x2 0 0) (v128.const f64x2 nan 1)))
  (func (export "max") (result v128) (call $max))
  (func (export "store") (v128.store offset=32 (i32.const 0) (call $max)))
  (func (export "trap") (if (i64.eqz (i64x2.extract_lane 0 (call $max))) (then (unreachable))))
  (func (export "sub") (param i32) (result i32) (i32.sub (local.get 0) (i32.const 1))))
(invoke "max")
(invoke "store")
(invoke "sub" (i32.const 5))"#;
    let compare = |second: &str, text: &str| {
        let arguments = ["compare", "a.wast", "--variant", "aot", "--variant", second, "--format", "json"];
        let (code, text) = command(&arguments, text);
        let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
        (code, lines.filter(|line| line["type"] == "directive").collect::<Vec<_>>(), text.clone())
    };
    let relaxed = serde_json::json!(["relaxed_simd"]);
    let (code, lines, said) = compare("jit,relaxed=native", text);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(lines.iter().filter(|line| line["permitted"] == relaxed).count(), 2, "{said}");
    let (code, lines, said) = compare("jit,relaxed=native,break=operands", text);
    assert_eq!(code, Some(1), "{said}");
    let diverged: Vec<_> = lines.iter().filter(|line| line["outcome"] == "diverged").collect();
    assert_eq!(diverged.len(), 1, "{said}");
    assert_eq!(diverged[0]["line"], 10, "{said}");
    assert_eq!(lines.iter().filter(|line| line["permitted"] == relaxed).count(), 2, "{said}");
    // A trap that only one of them ends in.
    let (code, lines, said) = compare("jit,relaxed=native", &format!("{text}\n(invoke \"trap\")"));
    assert_eq!(lines.iter().filter(|line| line["permitted"] == relaxed).count(), 3, "{said}");
    assert!(lines.iter().all(|line| line["outcome"] != "diverged"), "{said}");
    assert_eq!(code, Some(1), "a trap in an invoke is red: {said}");
}

#[test]
fn a_crash_on_one_side_only_costs_its_directive() {
    // Nothing here crashes on one engine only; that both crash alike is not a divergence.
    let text = r#"(module (import "trapline-hazard" "abort" (func $hazard))
  (func (export "hazard") (call $hazard)) (func (export "f")))
(invoke "hazard")
(invoke "f")"#;
    let (code, text) =
        hazardous_command(&["compare", "a.wast", "--engine", "aot,jit", "--format", "terse"], text);
    for engine in ["aot", "jit"] {
        assert!(
            text.contains(&format!("{engine}: 3 directives in 1 file: 2 pass, 0 fail, 1 crash")),
            "{text}"
        );
    }
    assert_eq!(code, Some(1));
}

/// Code that is wrong on purpose.
const BROKEN: &str = r#"(module $m
  (memory 1)
  (func $two (result i32) (i32.const 2))
  (func $three (result i32) (i32.const 3))
  (func $sum (export "sum") (param i32) (result i32) (i32.add (local.get 0) (call $two)))
  (func (export "store") (param i32) (i32.store (local.get 0) (call $sum (i32.const 40))))
  (func (export "load") (param i32) (result i32) (i32.load offset=8 (local.get 0))))
(invoke "sum" (i32.const 1))
(invoke "store" (i32.const 8))
(assert_return (invoke "load" (i32.const 65524)) (i32.const 0))
(module
  (memory 4 (pagesize 1))
  (func $peek (export "peek") (param i32) (result i32) (i32.load (local.get 0))))
(assert_return (invoke "peek" (i32.const 0)) (i32.const 0))
(assert_trap (invoke "peek" (i32.const 1)) "out of bounds memory access")
(assert_return (invoke $m "load" (i32.const 0)) (i32.const 42))"#;

/// Runs the script on a sound engine and one with a fault, and gives what diverged: line, expected,
/// actual.
fn diverged_by(fault: &str) -> Vec<(u64, String, String)> {
    let sound = "aot,memory=checked";
    let mut all = Vec::new();
    for kind in ["aot", "jit", "linked"] {
        let broken = format!("{kind},memory=checked,break={fault}");
        let arguments = [
            ["compare", "a.wast"],
            ["--variant", sound],
            ["--variant", &broken],
            ["--format", "json"],
            ["-W", "custom-page-sizes"],
        ];
        let (code, text) = command(&arguments.concat(), BROKEN);
        assert_eq!(code, Some(1), "{text}");
        let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
        let diverged = lines.filter(|line| line["outcome"] == "diverged").map(|line| {
            assert_eq!(line["engine"], format!("{kind}-checked-break={fault}"));
            let text = |field: &str| line[field].as_str().expect("text").replace(kind, "aot");
            (line["line"].as_u64().expect("a line"), text("expected"), text("actual"))
        });
        let diverged: Vec<_> = diverged.collect();
        if all.is_empty() {
            all = diverged;
        } else {
            assert_eq!(all, diverged, "{kind}");
        }
    }
    all
}

#[test]
fn a_broken_relocation_is_located_by_function_and_offset() {
    let diverged = diverged_by("relocation");
    let lines: Vec<_> = diverged.iter().map(|(line, ..)| *line).collect();
    assert_eq!(lines, [8, 9, 16], "{diverged:#?}");
    let (first, second) = ("a call of function 0 <two>", "a call of function 1 <three>");
    for (_, expected, actual) in &diverged {
        let place = "\nfunction 2 <sum> at offset 0x4e: ";
        assert!(expected.ends_with(&format!("{place}{first}")), "{expected}");
        assert!(actual.ends_with(&format!("{place}{second}")), "{actual}");
    }
    assert!(diverged[0].1.starts_with("aot-checked: returned i32 3 "), "{}", diverged[0].1);
    assert!(diverged[0].2.starts_with("aot-checked-break=relocation: returned i32 4 "), "{}", diverged[0].2);
    assert!(
        diverged[1].1.starts_with("aot-checked: memory 0 of instance 0, byte 0x8: 0x2a"),
        "{}",
        diverged[1].1
    );
    assert!(
        diverged[1].2.starts_with("aot-checked-break=relocation: memory 0 of instance 0, byte 0x8: 0x2b"),
        "{}",
        diverged[1].2
    );
}

#[test]
fn a_broken_bounds_check_is_located_by_function_and_offset() {
    let diverged = diverged_by("bounds");
    let [(line, expected, actual)] = diverged.as_slice() else { panic!("{diverged:#?}") };
    assert_eq!(*line, 15);
    let place = "function 0 <peek> at offset 0x2b: ";
    for (side, text) in [("aot-checked: pass\n", expected), ("aot-checked-break=bounds: fail, got ", actual)]
    {
        assert!(text.starts_with(side) && text.contains(&format!("\n{place}the code ")), "{text}");
    }
    let col = BROKEN.lines().nth(12).and_then(|line| line.find("i32.load")).expect("the load") + 1;
    let trap = "\ntrap: out of bounds memory access in function 0 <peek> at offset 0x2b";
    assert!(expected.contains(&format!("{trap} (line 13, column {col}): i32.load: address=")), "{expected}");
    assert!(actual.contains("\nno trap\n"), "{actual}");
}

/// Builds without the feature refuse `break` by name: `engine::variant` tests that.
#[test]
fn faults_are_known_by_name_and_no_part_of_the_help() {
    let variants = ["compare", "a.wast", "--variant", "aot", "--variant", "aot,break=relocations"];
    let output = Command::new(env!("CARGO_BIN_EXE_trapline")).args(variants).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).expect("text");
    assert!(
        text.contains("`break` cannot be `relocations`; it is one of nothing, no-bounds-check,"),
        "{text}"
    );
    let help =
        Command::new(env!("CARGO_BIN_EXE_trapline")).args(["compare", "--help"]).output().expect("it starts");
    assert!(!String::from_utf8(help.stdout).expect("text").contains("break"));
}

#[test]
fn the_default_profile_is_the_reference() {
    let variant: Variant = "aot".parse().expect("a variant");
    assert_eq!(variant.profile, Profile::default());
}
