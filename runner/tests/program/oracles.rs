//! Engines that are not trapline's: what they do, and what a comparison with them says.

use super::compare::{Broken, command, compare, diverged, engine, runner, script, sides};
use std::sync::Arc;
use trapline::oracle::Wasmi;
use trapline::outcome::{FileReport, OutcomeKind, Permitted};
use trapline::report::Totals;
use trapline::run::Runner;

fn wasmi() -> Runner {
    runner(Arc::new(Wasmi::new("wasmi")))
}

/// Runs a script on wasmi and on an engine of trapline's that compiles `to` in place of `from`.
fn with_wasmi(text: &str, from: &'static [u8], to: &'static [u8]) -> (FileReport, Totals) {
    let (_folder, selected) = script(text);
    let broken = Broken { engine: engine("aot"), from, to };
    let (mut files, totals) = compare(&[wasmi(), runner(Arc::new(broken))], &selected);
    (files.pop().expect("two reports"), totals)
}

/// How many directives had each outcome.
fn count(file: &FileReport, kind: OutcomeKind) -> usize {
    file.directives.iter().filter(|directive| directive.outcome.kind() == kind).count()
}

const STATE: &str = r#"(module (memory (export "m") 1) (global (export "g") (mut i64) (i64.const 0))
  (func (export "store") (i32.store8 (i32.const 7) (i32.const 5)))
  (func (export "count") (global.set 0 (i64.const 6)))
  (func (export "three") (result i32) (i32.const 3))
  (func (export "trap") (drop (i32.load (i32.const -4)))))
(invoke "store") (invoke "count") (assert_return (invoke "three") (i32.const 3))
(assert_trap (invoke "trap") "out of bounds memory access")"#;

#[test]
fn results_states_and_traps_are_compared_with_an_oracle() {
    let (file, totals) = with_wasmi(STATE, b"no such bytes", b"");
    assert!(totals.is_green(), "{file:#?}");
    // Another byte is stored, another value is set, another number is returned, another address does not trap.
    for (from, to, directive, sides_of) in [
        (&b"\x41\x05\x3a"[..], &b"\x41\x04\x3a"[..], 1, ["byte 0x7: 0x05", "byte 0x7: 0x04"]),
        (b"\x42\x06\x24", b"\x42\x07\x24", 2, ["i64 6 ", "i64 7 "]),
        (b"\x41\x03\x0b", b"\x41\x02\x0b", 3, ["pass", "i32 2 "]),
        (b"\x41\x7c\x28", b"\x41\x04\x28", 4, ["trap: out of bounds memory access", "no trap"]),
    ] {
        let (file, totals) = with_wasmi(STATE, from, to);
        let all = diverged(&file);
        assert!(!totals.is_green());
        assert_eq!(all.len(), 1, "{all:#?}");
        assert_eq!(all[0].index, directive);
        let (reference, got) = sides(all[0]);
        assert!(reference.starts_with("wasmi: ") && reference.contains(sides_of[0]), "{reference}");
        assert!(got.starts_with("broken: ") && got.contains(sides_of[1]), "{got}");
    }
}

#[test]
fn what_an_oracle_does_not_have_is_no_divergence_and_not_red() {
    // wasmi has no threads.
    let text = r#"(module $shared (memory (export "m") 1 1 shared) (func (export "f") (result i32) (i32.const 1)))
(assert_return (invoke $shared "f") (i32.const 1))
(module $tail (func (export "g") (result i32) (return_call 1)) (func (result i32) (i32.const 2)))
(assert_return (invoke $tail "g") (i32.const 2))
(module (func (export "h") (result i32) (i32.const 3)))
(assert_return (invoke "h") (i32.const 3))"#;
    let (_folder, selected) = script(text);
    let (files, totals) = compare(&[runner(engine("aot")), wasmi()], &selected);
    assert!(files.iter().all(|file| diverged(file).is_empty()), "{files:#?}");
    let [own, other] = &files[..] else { panic!("two reports") };
    for (file, counts) in [(own, [6, 0, 0]), (other, [4, 1, 1])] {
        let kinds = [OutcomeKind::Pass, OutcomeKind::Unsupported, OutcomeKind::Blocked];
        assert_eq!(kinds.map(|kind| count(file, kind)), counts, "{file:#?}");
        assert!(!file.has_red());
    }
    assert_eq!(totals.engines["wasmi"].unsupported.get("threads"), Some(&1));
    // What both have is compared all the same.
    let broken = Broken { engine: engine("aot"), from: b"\x41\x03\x0b", to: b"\x41\x02\x0b" };
    let (files, _) = compare(&[wasmi(), runner(Arc::new(broken))], &selected);
    let all = diverged(&files[1]);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0].index, 5);
}

/// The same instructions, with NaNs of other bits and another lane of a relaxed instruction.
#[test]
fn differences_that_the_specification_allows_are_noted() {
    let nan = r#"(module (func (export "nan") (result f32) (f32.const nan:0x400000))
  (global (export "g") (mut f32) (f32.const 0)) (func (export "set") (global.set 0 (f32.const nan:0x400000))))
(invoke "nan") (assert_return (invoke "nan") (f32.const nan:arithmetic)) (invoke "set")"#;
    let permitted = |file: &FileReport| -> Vec<(u32, Vec<Permitted>)> {
        let noted = file.directives.iter().filter(|directive| !directive.permitted().is_empty());
        noted.map(|directive| (directive.index, directive.permitted().to_vec())).collect()
    };
    let payload = vec![Permitted::NanPayload];
    let (file, _) = with_wasmi(nan, b"\x43\x00\x00\xc0\x7f\x0b", b"\x43\x00\x00\xe0\x7f\x0b");
    assert_eq!(permitted(&file), [(1, payload.clone()), (2, payload.clone())], "{file:#?}");
    assert!(diverged(&file).is_empty());
    let (file, totals) = with_wasmi(nan, b"\x43\x00\x00\xc0\x7f\x24", b"\x43\x01\x00\xc0\x7f\x24");
    assert_eq!(permitted(&file), [(3, payload)], "{file:#?}");
    assert!(diverged(&file).is_empty());
    assert_eq!(totals.engines["broken"].permitted[&Permitted::NanPayload], 1);
    // Arithmetic makes no signalling NaN.
    let (file, _) = with_wasmi(nan, b"\x43\x00\x00\xc0\x7f\x0b", b"\x43\x00\x00\xa0\x7f\x0b");
    assert!(permitted(&file).is_empty(), "{file:#?}");
    assert_eq!(diverged(&file).len(), 2);

    let relaxed = r#"(module
  (func (export "f") (result v128) (local v128)
    (i8x16.relaxed_swizzle (v128.const i8x16 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0) (local.get 0)))
  (func (export "four") (result v128) (v128.const i64x2 4 4)))
(invoke "f") (invoke "four")"#;
    let (file, _) = with_wasmi(relaxed, b"\xfd\x0c\x01", b"\xfd\x0c\x02");
    assert_eq!(permitted(&file), [(1, vec![Permitted::RelaxedSimd])], "{file:#?}");
    assert!(diverged(&file).is_empty());

    // Without an end, and with one: how deep the stack is says nothing.
    let deep = r#"(module (func $deep (export "deep") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 7))
      (else (call $deep (i32.sub (local.get 0) (i32.const 1)))))))
(invoke "deep" (i32.const 5000))"#;
    let (_folder, selected) = script(deep);
    let (files, _) = compare(&[runner(engine("aot")), wasmi()], &selected);
    assert_eq!(permitted(&files[1]), [(1, vec![Permitted::StackDepth])], "{files:#?}");
    assert!(diverged(&files[1]).is_empty());
}

#[test]
fn the_command_takes_an_oracle() {
    let (exit, output) = command(&["compare", "--engine", "aot,wasmi", "a.wast"], STATE);
    assert_eq!(exit, Some(0), "{output}");
    assert!(output.contains("wasmi: 5 directives in 1 file: 5 pass, 0 fail"), "{output}");
    let (exit, output) = command(&["wast", "--engine", "wasmi", "a.wast"], STATE);
    assert_eq!(exit, Some(0), "{output}");
    // What it does not have is not red, nor is it in the report.
    let (exit, output) =
        command(&["wast", "--engine", "wasmi", "--format", "json", "a.wast"], "(module (memory 1 1 shared))");
    assert_eq!(exit, Some(0), "{output}");
    assert!(
        output.contains(r#""outcome":"unsupported""#) && output.contains(r#""known":"an engine"#),
        "{output}"
    );
    // Nothing about how it runs modules can be chosen, nothing is kept, and expectations are not about it.
    for arguments in [
        &["wast", "--engine", "wasmi", "--opt", "none", "a.wast"][..],
        &["compare", "--variant", "aot", "--variant", "wasmi,opt=none", "a.wast"],
        &["wast", "--engine", "wasmi", "--precompile-save", "x", "a.wast"],
        &["wast", "--engine", "wasmi", "--bless", "a.wast"],
    ] {
        let (exit, output) = command(arguments, STATE);
        assert_eq!((exit, &*output), (Some(2), ""), "{arguments:?}");
    }
    let (exit, _) = command(&["run", "--engine", "wasmi", "a.wast"], "(module)");
    assert_eq!(exit, Some(2));
}
