//! `trapline regress add`: a regression is a script that checks itself, and what is none is refused.

use super::compare::{engine, runner};
use super::place::{Place, Run};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use trapline::discover::{Input, Source};
use trapline::engine::{NativeEngine, start_native};
use trapline::executor::{Engine, EngineError, Executor};
use trapline::regress::{Engines, Name, RegressError, Request, add};
use trapline::trail::Refusal;
use trapline_compiler::WasmFeatures;
use trapline_runtime::{Module, StoreConfig};

/// Everything that can be said of calls: results, NaNs, traps, an exception, memory and globals.
const MODULE: &str = ";; This stays.
(module
  (import \"env\" \"log\" (func $log (param i32)))
  (memory (export \"mem\") 1)
  (global $g (export \"count\") (mut i32) (i32.const 0))
  (tag $e)
  (func (export \"store\") (param i32 i32)
    (global.set $g (i32.add (global.get $g) (i32.const 1)))
    (i32.store (local.get 0) (local.get 1)))
  (func (export \"div\") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export \"nan\") (param f32 f32) (result f32) (f32.div (local.get 0) (local.get 1)))
  (func (export \"bits\") (param f32 f32) (result i32) (i32.reinterpret_f32 (f32.div (local.get 0) (local.get 1))))
  (func (export \"throw\") (throw $e)))
";

/// A module of which a broken engine calls another function.
const CALLS: &str = "(module (func $a (result i32) (i32.const 1)) (func $b (result i32) (i32.const 2))
  (func (export \"f\") (result i32) (call $a)))";

const PASSES: &str = "(module (func (export \"f\") (result i32) (i32.const 42)))\n(assert_return (invoke \"f\") (i32.const 42))\n";

impl Place {
    fn add(&self, file: &str, more: &[&str]) -> Run {
        self.run(&[&["regress", "add", file, "--name", "fam/slug", "--into", "r"], more].concat())
    }

    /// As [`Place::add`], where broken engines can be asked for.
    fn add_with_faults(&self, file: &str, more: &[&str]) -> Run {
        let arguments = [&["regress", "add", file, "--name", "fam/slug", "--into", "r"], more].concat();
        let mut command = self.command(&arguments);
        command.env("TRAPLINE_HAZARDS", "1");
        Run::of(command)
    }

    /// The script that was written.
    fn made(&self) -> String {
        self.read("r/fam/slug.wast")
    }

    /// Nothing was written, and no folder made.
    #[track_caller]
    fn is_untouched(&self) {
        assert!(!self.path("r").exists(), "something was written");
    }
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
}

#[test]
fn a_module_becomes_a_script_that_checks_itself() {
    let place = Place::new(&[("a.wat", MODULE)]);
    let run = place.add("a.wat", &["--imports", "zero", "--source", "an issue"]);
    run.expect(
        0,
        &[
            "r/fam/slug.wast: written\n",
            "25 assertions; ",
            "seen red",
            "reads back: 1 global\n",
            "reads back: 2 words of the memory \"mem\"\n",
            "what (invoke \"bits\" (f32.const 0.0) (f32.const 0.0)) returns is not asserted",
            "green on:   aot, jit, linked, ",
            "trapline audit r/fam/slug.wast --all",
            "make regressions",
        ],
    );
    let made = place.made();
    let header = ";;! [bug]\n;;! id = \"slug\"\n;;! layer = \"codegen or runtime\"\n;;! source = \"an issue\"\n;;! expect = ";
    assert!(made.starts_with(header), "{made}");
    has(
        &made,
        &[
            "\n;; Red when: ",
            "(register \"env\")\n;; This stays.\n(module\n  (import \"env\" \"log\" (func $log (param i32)))\n",
            "(assert_return (invoke \"store\" (i32.const 1) (i32.const 1)))\n",
            "(assert_trap (invoke \"store\" (i32.const -1) (i32.const -1)) \"out of bounds memory access\")\n",
            "(assert_trap (invoke \"div\" (i32.const 0) (i32.const 0)) \"integer divide by zero\")\n",
            "(assert_trap (invoke \"div\" (i32.const -2147483648) (i32.const -1)) \"integer overflow\")\n",
            "(assert_return (invoke \"nan\" (f32.const 0.0) (f32.const 0.0)) (f32.const nan:canonical))\n",
            "(invoke \"bits\" (f32.const 0.0) (f32.const 0.0))\n",
            "(assert_return (invoke \"bits\" (f32.const 1.0) (f32.const 1.0)) (i32.const 1065353216))\n",
            "(assert_exception (invoke \"throw\"))\n",
            "(assert_return (get \"count\") (i32.const 6))\n",
            "(assert_return (invoke \"i64\" (i32.const 0)) (i64.const 0x0000000000000100))\n",
            // Where a store across the end would have begun to write.
            "(assert_return (invoke \"i64\" (i32.const 65528)) (i64.const 0x0000000000000000))\n",
        ],
    );
    place.run(&["wast", "r"]).expect(0, &["0 fail"]);
    place.run(&["audit", "r/fam/slug.wast", "--all"]).expect(0, &["0 survived, 0 undecided"]);
    // It is there already.
    place.write("b.wat", "(module (func (export \"f\")))");
    place.add("b.wat", &[]).expect(2, &["r/fam/slug.wast is there already"]);
    assert_eq!(place.made(), made);
}

#[test]
fn a_binary_is_called_as_it_is_told() {
    let place = Place::empty();
    place.write("a.wasm", wat::parse_str(CALLS).expect("a module"));
    place
        .add("a.wasm", &["--invoke", "f", "--repeat", "2", "--layer", "loader"])
        .expect(0, &["1 assertion; "]);
    let made = place.made();
    has(
        &made,
        &[
            "layer = \"loader\"",
            "source = \"a.wasm\"",
            "expect = \"1 call returns\"",
            "(module binary\n  \"\\00asm",
        ],
    );
    has(&made, &["\")\n(assert_return (invoke \"f\") (i32.const 1))\n"]);
    place.run(&["wast", "r"]).expect(0, &["2 pass, 0 fail"]);
}

/// What the calls have changed is read by another module, down to the last byte; what cannot be read is named.
#[test]
fn memories_are_read_back() {
    let place = Place::new(&[(
        "a.wat",
        "(module
          (memory (export \"wide\") i64 1 3) (memory (export \"odd\") 19 (pagesize 1)) (memory $hidden 1)
          (memory (export \"still\") 1)
          (func (export \"grow\") (result i64) (memory.grow (i64.const 1)))
          (func (export \"fill\") (memory.fill (i64.const 4096) (i32.const 1) (i64.const 5000)))
          (func (export \"end\") (i32.store8 1 (i32.const 18) (i32.const 7)))
          (func (export \"hide\") (i32.store $hidden (i32.const 0) (i32.const 1))))",
    )]);
    place.add("a.wat", &[]).expect(
        0,
        &[
            "reads back: 16 words, a sum of 5000 bytes, the size of the memory \"wide\"\n",
            "reads back: 1 word of the memory \"odd\"\n",
            "memory 2 is not read back: it is not exported",
            "nothing of the memory \"still\" is read back: the calls have not changed it",
        ],
    );
    has(
        &place.made(),
        &[
            "  (memory (import \"read-back\" \"wide\") i64 1 3)\n",
            "(assert_return (invoke \"i64\" (i64.const 4096)) (i64.const 0x0101010101010101))\n",
            "(assert_return (invoke \"size\") (i64.const 2))\n",
            "  (memory (import \"read-back\" \"odd\") 19 (pagesize 1))\n",
            "(assert_return (invoke \"i8\" (i32.const 18)) (i32.const 0x07))\n",
        ],
    );
    place.run(&["wast", "r"]).expect(0, &["0 fail"]);
    // One byte in the middle, which only the sum has.
    let made = place.made().replace(
        "(i64.const 5000)))\n",
        "(i64.const 5000))\n (i64.store8 (i64.const 6000) (i64.const 2)))\n",
    );
    place.write("r/fam/slug.wast", made);
    place.run(&["wast", "r"]).expect(1, &["1 fail", "(invoke \"sum\" (i64.const 4096) (i64.const 9096))"]);
}

#[test]
fn what_a_module_is_refused_for_is_asserted() {
    let place = Place::new(&[
        ("start.wat", "(module (func $f unreachable) (start $f))"),
        ("invalid.wat", "(module (func (result i32)))"),
        ("fields.wat", "(func (result i32))"),
        ("text.wat", "(module (func unknown.instruction)) ;; \"x\n"),
        ("open.wat", "(module (func"),
        ("unlinked.wat", "(module (import \"a\" \"b\" (func)))"),
        ("other.wat", "(module (import \"spectest\" \"print\" (func (param i64))))"),
        ("deep.wat", "(module (func $f (export \"f\") (call $f)) (global (export \"n\") i32 (i32.const 1)))"),
        ("throws.wat", "(module (tag $e) (func $f (throw $e)) (start $f))"),
        ("endless.wat", "(module (func (export \"f\") (loop (br 0))) (func (export \"g\")))"),
        ("header.wat", ";;! simd = false\n(module\n(func (export \"f\")))"),
    ]);
    place.write("cut.wasm", b"\0asm\x01\0\0\0\x01\x05\x01");
    for (file, more, layer, part) in [
        (
            "start.wat",
            &[][..],
            "instantiation",
            "(assert_trap (module (func $f unreachable) (start $f)) \"unreachable\")",
        ),
        ("invalid.wat", &[], "validation", "(assert_invalid (module (func (result i32))) \"type mismatch\")"),
        (
            "fields.wat",
            &[],
            "validation",
            "(assert_invalid (module (func (result i32))\n) \"type mismatch\")",
        ),
        (
            "text.wat",
            &[],
            "decode",
            "(assert_malformed (module quote\n  \"(module (func unknown.instruction)) ;; \\\"x\\n\") \"unknown operator\")",
        ),
        (
            "open.wat",
            &[],
            "decode",
            "(assert_malformed (module quote\n  \"(module (func\\n\") \"unexpected end\")",
        ),
        (
            "cut.wasm",
            &[],
            "decode",
            "(assert_malformed (module binary\n  \"\\00asm\\01\\00\\00\\00\\01\\05\\01\") \"unexpected end\")",
        ),
        (
            "unlinked.wat",
            &[],
            "runtime",
            "(assert_unlinkable (module (import \"a\" \"b\" (func))) \"unknown import\")",
        ),
        ("other.wat", &[], "runtime", "\"incompatible import type\")"),
        (
            "deep.wat",
            &[],
            "codegen or runtime",
            "(assert_exhaustion (invoke \"f\") \"call stack exhausted\")\n",
        ),
        (
            "throws.wat",
            &[],
            "instantiation",
            "(assert_exception (module (tag $e) (func $f (throw $e)) (start $f)))",
        ),
        ("endless.wat", &["--timeout", "1"], "codegen or runtime", "(assert_return (invoke \"g\"))"),
        // The header goes to the top.
        ("header.wat", &[], "codegen or runtime", ";; ! simd = false\n(module\n(func "),
        ("header.wat", &[], "codegen or runtime", ";;! simd = false\n;;! [bug]\n"),
        ("invalid.wat", &["-W=-bulk-memory"], "validation", ";;! bulk_memory = false\n;;! [bug]\n"),
    ] {
        let run = place.add(file, more);
        run.expect(0, &["1 assertion; "]);
        let made = place.made();
        has(&made, &[part, &format!("layer = \"{layer}\"")]);
        match file {
            "endless.wat" => run.expect(0, &["(invoke \"f\") is left out: it does not end in time"]),
            "deep.wat" => run.expect(0, &["exported globals are not read back: a call exhausts the stack"]),
            _ => {}
        }
        place.run(&["wast", "r"]).expect(0, &["0 fail"]);
        fs::remove_dir_all(place.path("r")).expect("it is there");
    }
}

/// What a header switches off or on is not valid, or is, in the regression, too.
#[test]
fn the_header_of_a_module_counts() {
    let off = ";;! simd = false\n(func (export \"v\") (drop (v128.const i32x4 0 0 0 0)))\n";
    let on = ";;! wide_arithmetic = true\n(module (func (export \"w\") (result i64 i64) \
        (i64.mul_wide_u (i64.const 3) (i64.const 4))))\n";
    let place = Place::new(&[("off.wat", off), ("on.wat", on)]);
    for (file, assertion) in
        [("off", "assert_invalid"), ("on", "assert_return (invoke \"w\") (i64.const 12) (i64.const 0)")]
    {
        let (module, name) = (format!("{file}.wat"), format!("x/{file}"));
        place.run(&["regress", "add", &module, "--name", &name, "--into", "mine"]).expect(0, &["written"]);
        let written = format!("mine/x/{file}.wast");
        has(&place.read(&written), &[assertion]);
        place.run(&["wast", &written]).expect(0, &[]);
    }
}

#[test]
fn a_script_gets_what_its_header_lacks() {
    let place = Place::new(&[("a.wast", &format!(";;! simd = true\n\n;; Why it is here.\n\n{PASSES}"))]);
    let words = ["--source", "an issue", "--layer", "runtime"];
    place.add("a.wast", &words).expect(0, &["1 assertion; ", "the header says `unknown` for expect"]);
    let header = ";;! simd = true\n;;! [bug]\n;;! id = \"slug\"\n;;! layer = \"runtime\"\n;;! source = \"an issue\"\n;;! expect = \"unknown\"\n";
    let comment = "\n;; Why it is here.\n;;\n;; Red when: not tried on a broken engine yet.\n\n";
    assert_eq!(place.made(), format!("{header}{comment}{PASSES}"));
    place.run(&["wast", "r"]).expect(0, &["2 pass"]);
}

#[test]
fn what_is_no_regression_is_refused() {
    let place = Place::new(&[
        ("ok.wast", PASSES),
        ("red.wast", &PASSES.replace("(i32.const 42))\n", "(i32.const 43))\n")),
        ("none.wast", "(module (func (export \"f\")))\n(invoke \"f\")\n"),
        ("other.wast", &format!(";;! [bug]\n;;! id = \"other\"\n{PASSES}")),
        ("header.wast", &format!(";;! simd = 1\n{PASSES}")),
        ("broken.wast", &format!("{PASSES}(assert_return\n")),
        ("nan.wast", "(module (func (export \"f\") (result i32) (i32.reinterpret_f32 (f32.div (f32.const 0) (f32.const 0)))))
(assert_return (invoke \"f\") (i32.const 0xffc00000))"),
        ("empty.wat", "(module)"),
        ("calls.wat", CALLS),
        ("endless.wat", "(module (func $f (loop (br 0))) (start $f))"),
    ]);
    place.write("component.wasm", b"\0asm\x0d\0\x01\0");
    for (arguments, code, part) in [
        (&["red.wast"][..], 1, "the script is not green on aot: line 2 of red.wast"),
        (&["none.wast"], 1, "nothing is asserted: the script has no assertion"),
        (&["empty.wat"], 1, "nothing is asserted: the script has no assertion"),
        (&["broken.wast"], 1, "the script does not parse"),
        (&["nan.wast"], 1, "it expects what the specification leaves open, and is red on aot-nan"),
        (&["component.wasm"], 1, "it is a component"),
        (&["endless.wat", "--timeout", "1"], 1, "on aot, the module has no end that could be expected"),
        (&["other.wast"], 2, "its header has the id `other` already, and not `slug`"),
        (&["header.wast"], 2, "its header: line 1: "),
        (&["ok.wast", "-W", "simd"], 2, "the header of a script switches its features"),
        (&["ok.wast", "--invoke", "f"], 2, "--invoke is for them"),
        (&["calls.wat", "--invoke", "g"], 2, "no function is exported as `g`"),
        (&["missing.wat"], 2, "no such file"),
        (&["ok.wast", "--red-on", "aot,break=nothing-known"], 2, "break"),
        (&["ok.wast", "--name", "slug"], 2, "cannot be used multiple times"),
        // An engine that is not broken.
        (&["ok.wast", "--red-on", "jit"], 1, "it is green on jit, which it should catch"),
    ] {
        place.add(arguments[0], &arguments[1..]).expect(code, &[part]);
        place.is_untouched();
    }
    for name in ["slug", "../slug", "a/../b", "A/b", "a/b_c"] {
        let run = place.run(&["regress", "add", "ok.wast", "--name", name, "--into", "r"]);
        run.expect(2, &["--name"]);
        place.is_untouched();
    }
    // Nothing says where regressions are.
    place.run(&["regress", "add", "ok.wast", "--name", "a/b"]).expect(2, &["--into DIR names it"]);
    let run = place.add("ok.wast", &["--dry-run"]);
    run.expect(0, &["r/fam/slug.wast: not written\n"]);
    assert!(run.out.starts_with(";;! [bug]\n") && run.out.ends_with(PASSES), "{run:#?}");
    place.is_untouched();
    // A folder that is none is not written to, and what is there stays.
    place.write("r", "a file");
    place.add("ok.wast", &[]).expect(70, &["failed to write r/fam/slug.wast"]);
    assert_eq!(place.read("r"), "a file");
}

/// Without `--into`, the workspace around the current folder has the regressions.
#[test]
fn a_workspace_has_its_regressions() {
    let place = Place::new(&[("spec-tests/manifest.toml", ""), ("ok.wast", PASSES), ("sub/x", "")]);
    place
        .run(&["regress", "add", "ok.wast", "--name", "a/b"])
        .expect(0, &["regressions/a/b.wast: written\n"]);
    let mut command = place.command(&["regress", "add", "../ok.wast", "--name", "a/c"]);
    command.current_dir(place.path("sub"));
    Run::of(command).expect(0, &["/regressions/a/c.wast: written\n"]);
    place.run(&["wast", "regressions"]).expect(0, &["4 pass, 0 fail"]);
}

/// A broken engine that a regression is to catch turns it red, and one that it does not catch is a reason to refuse it.
#[test]
fn a_regression_is_red_on_the_engines_that_it_is_to_catch() {
    let place = Place::new(&[("calls.wat", CALLS)]);
    let run = place.add_with_faults("calls.wat", &["--red-on", "aot,memory=checked,break=bounds"]);
    run.expect(1, &["it is green on aot,memory=checked,break=bounds, which it should catch"]);
    place.is_untouched();
    let run = place.add_with_faults("calls.wat", &["--red-on", "aot,break=relocation"]);
    run.expect(
        0,
        &["red on:     aot,break=relocation: line ", "expected i32 1 (0x00000001), got i32 2 (0x00000002)"],
    );
    assert!(!run.out.contains("no broken engine was tried"), "{run:#?}");
    has(&place.made(), &[";; Red when: run on `aot,break=relocation`, as of trapline "]);
    let mut command =
        place.command(&["compare", "--variant", "aot,break=relocation", "--variant", "aot", "r"]);
    command.env("TRAPLINE_HAZARDS", "1");
    Run::of(command).expect(1, &["aot-break=relocation"]);
    place.run(&["wast", "r"]).expect(0, &["2 pass"]);
}

/// Where engines do not agree, nothing says what is right but the user.
#[test]
fn engines_that_do_not_agree_are_not_believed() {
    let place = Place::new(&[("calls.wat", CALLS)]);
    let broken = ["--variant", "aot,break=relocation"];
    let run = place.add_with_faults("calls.wat", &broken);
    run.expect(
        1,
        &[
            "the engines do not agree",
            "aot-break=relocation: line ",
            "--expect-from ENGINE says whose word counts",
        ],
    );
    place.is_untouched();
    let run = place.add_with_faults("calls.wat", &[&broken[..], &["--expect-from", "jit"]].concat());
    run.expect(0, &["green on:   jit, aot, linked, ", "red on:     aot-break=relocation: line "]);
    has(
        &place.made(),
        &[
            "(assert_return (invoke \"f\") (i32.const 1))",
            ";; Red when: run on `aot-break=relocation`, as of ",
        ],
    );
    fs::remove_dir_all(place.path("r")).expect("it is there");
    let run = place.add_with_faults("calls.wat", &["--expect-from", "aot,break=relocation"]);
    run.expect(0, &["green on:   aot-break=relocation\n", "red on:     aot: line "]);
    has(&place.made(), &["(assert_return (invoke \"f\") (i32.const 2))"]);
}

/// An engine on which a call crashes says nothing about what is right.
#[test]
fn a_crash_is_no_expectation() {
    let place = Place::new(&[(
        "a.wat",
        "(module (import \"trapline-hazard\" \"segfault\" (func $s)) (func (export \"f\") (call $s)))",
    )]);
    let run = place.add_with_faults("a.wat", &[]);
    run.expect(1, &["on aot, (invoke \"f\") has no end that could be expected: crash SIGSEGV"]);
    place.is_untouched();
}

/// A limit of an engine of others is not a verdict, and one of trapline's own is.
#[cfg(feature = "oracles")]
#[test]
fn what_an_engine_of_others_has_no_room_for_says_nothing() {
    // wasmi uses all of the GiB, and the others what is touched.
    let module = "(module (memory 16384) (func (export \"f\") (result i32) (memory.size)))";
    let place = Place::new(&[("a.wat", module)]);
    let run = place.add("a.wat", &["--max-memory", "512"]);
    run.expect(
        0,
        &["green on:   aot, jit, linked, ", "without:    wasmi: line ", "used more than 512 MiB of memory"],
    );
    fs::remove_dir_all(place.path("r")).expect("it is there");
    let run = place.add("a.wat", &["--max-memory", "512", "--expect-from", "wasmi"]);
    run.expect(1, &["on wasmi, the module has no end that could be expected"]);
    place.is_untouched();
}

/// An engine for which 42 is 43, or for which a constant traps, in some of its runs.
struct Changing {
    engine: Arc<dyn NativeEngine>,
    /// Whether the run of a number, from 0, is changed.
    changes: fn(u32, u32) -> bool,
    parameter: u32,
    to: [u8; 2],
    runs: AtomicU32,
}

impl Engine for Changing {
    fn name(&self) -> &str {
        "changing"
    }

    fn validate(&self, wasm: &[u8], features: WasmFeatures) -> Result<(), EngineError> {
        self.engine.validate(wasm, features)
    }

    fn start(&self) -> Result<Box<dyn Executor + '_>, Refusal> {
        start_native(self)
    }
}

impl NativeEngine for Changing {
    fn store_config(&self) -> StoreConfig {
        // Each run starts with a store.
        self.runs.fetch_add(1, Ordering::SeqCst);
        self.engine.store_config()
    }

    fn module(&self, wasm: &[u8], features: WasmFeatures) -> Result<Module, EngineError> {
        const FORTY_TWO: [u8; 2] = [0x41, 42];
        let mut wasm = wasm.to_vec();
        let run = self.runs.load(Ordering::SeqCst) - 1;
        let at = wasm.windows(2).position(|bytes| bytes == FORTY_TWO);
        if let Some(at) = at.filter(|_| (self.changes)(run, self.parameter)) {
            wasm[at..at + 2].copy_from_slice(&self.to);
        }
        self.engine.module(&wasm, features)
    }
}

fn refused(script: &str, changing: Changing) -> Option<RegressError> {
    let name: Name = "fam/slug".parse().expect("a name");
    let input = Input { name: "a.wast".into(), source: Source::Stdin(script.as_bytes().into()) };
    let request = Request {
        name: &name,
        input: &input,
        file: "a.wast",
        features: &[],
        layer: None,
        source: None,
        expect: None,
        repeat: 2,
    };
    let engines = Engines {
        make_deterministic: Box::new(|_, _| None),
        agreeing: vec![runner(Arc::new(changing))],
        trusts_first: false,
        canonical: None,
        relaxed: None,
        broken: Vec::new(),
    };
    add(&request, &engines).err()
}

#[test]
fn what_is_another_thing_each_time_is_refused() {
    let changing = Changing {
        engine: engine("aot"),
        changes: |run, _| run % 2 == 1,
        parameter: 0,
        to: [0x41, 43],
        runs: AtomicU32::new(0),
    };
    let error = refused(PASSES, changing).expect("it is refused");
    assert!(matches!(error, RegressError::Unstable(_)), "{error}");
    assert!(error.to_string().contains("run 2 on changing was another one than the first"), "{error}");
}

/// An engine that traps from some run on shows nothing by what is red then: where an expectation is not changed, it is red too.
#[test]
fn what_is_red_anyway_is_no_expectation_that_was_seen_red() {
    let script = format!("{PASSES}(invoke \"f\")\n");
    let refused_from = |first| {
        refused(
            &script,
            Changing {
                engine: engine("aot"),
                changes: |run, first| run >= first,
                parameter: first,
                // `unreachable`, `nop`
                to: [0x00, 0x01],
                runs: AtomicU32::new(0),
            },
        )
    };
    // Whatever run it is that the audit begins with, it comes behind the first and before the twelfth.
    let errors: Vec<_> = (0..12).map(refused_from).collect();
    let is_seen = |error: &Option<RegressError>| matches!(error, Some(RegressError::NotSeenRed(_)));
    assert!(errors.iter().any(is_seen), "{errors:#?}");
    assert!(matches!(errors[0], Some(RegressError::NotGreen { .. })), "{errors:#?}");
    assert!(matches!(errors[1], Some(RegressError::Unstable(_))), "{errors:#?}");
    assert_eq!(refused_from(1000), None);
}

/// An engine that makes NaNs canonical tells those that were computed from those that were only moved, also if it is the first.
#[test]
fn a_nan_that_is_moved_keeps_its_bits_on_a_canonical_engine() {
    let module = "(module
      (func (export \"moved\") (result f32) (f32.const nan:0x400123))
      (func (export \"computed\") (param f32) (result f32) (f32.sub (local.get 0) (f32.const nan))))";
    let place = Place::new(&[("nan.wat", module)]);
    place.add("nan.wat", &["--expect-from", "aot,nan=canonical"]).expect(0, &["written\n"]);
    has(
        &place.made(),
        &[
            "(assert_return (invoke \"moved\") (f32.const nan:0x400123))\n",
            "(assert_return (invoke \"computed\" (f32.const 0.0)) (f32.const nan:canonical))\n",
        ],
    );
}
