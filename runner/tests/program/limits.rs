//! Scripts that ask for more than there is: of memory, of address space, of mappings. Each gets a clear
//! answer, and the worker that gave it goes on.

mod large_memories;

use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::process::{Command, Stdio};

/// Bytes of one memory that stores allow.
const ALLOWED: u64 = 4 << 30;

/// Runs a script and then a harmless one in the same worker, and gives outcome and actual side of each
/// directive of the first.
pub(crate) fn run(script: &str, memory: &str) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().expect("a folder");
    let harmless = "(module (memory 1) (func (export \"f\") (result i32) (i32.load (i32.const 65532))))
                    (assert_return (invoke \"f\") (i32.const 0))";
    fs::write(folder.path().join("a.wast"), script).expect("a file");
    fs::write(folder.path().join("b.wast"), harmless).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_trapline"))
        .args(["wast", "a.wast", "b.wast", "-j1", "--format", "json", "-W", "memory64,threads"])
        .args(["--memory", memory])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    let lines = String::from_utf8(output.stdout).expect("text");
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let (first, second): (Vec<_>, Vec<_>) =
        lines.filter(|line| line["type"] == "directive").partition(|line| line["file"] == "a.wast");
    assert!(second.len() == 2 && second.iter().all(|line| line["outcome"] == "pass"), "{second:#?}");
    let text = |line: &Value, field: &str| line[field].as_str().unwrap_or_default().to_owned();
    first.iter().map(|line| (text(line, "outcome"), text(line, "actual"))).collect()
}

pub(crate) fn outcomes(directives: &[(String, String)]) -> Vec<&str> {
    directives.iter().map(|(outcome, _)| outcome.as_str()).collect()
}

#[test]
fn all_that_32_bits_can_address_is_committed_lazily() {
    let script = r#"(module (memory 65536)
      (func (export "touch") (param i32) (result i32)
        (i32.store8 (local.get 0) (i32.const 7)) (i32.load8_u (local.get 0)))
      (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
      (func (export "grow") (result i32) (memory.grow (i32.const 1))))
    (assert_return (invoke "touch" (i32.const -1)) (i32.const 7))
    (assert_return (invoke "load" (i32.const -4)) (i32.const 0x07000000))
    (assert_trap (invoke "load" (i32.const -3)) "out of bounds memory access")
    (assert_return (invoke "grow") (i32.const -1))"#;
    for memory in ["guarded", "checked"] {
        assert_eq!(outcomes(&run(script, memory)), ["pass"; 5], "{memory}");
    }
}

#[test]
fn memories_beyond_the_limit_are_refused_by_size() {
    // 2^48 bytes, and all of 2^64.
    let script = r#"(module (memory i64 0x1_0000_0000))
    (module (memory i64 0x1_0000_0000_0000))
    (module (memory i64 0)
      (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0))))
    (assert_return (invoke "grow" (i64.const 0x1_0000_0000)) (i64.const -1))
    (assert_return (invoke "grow" (i64.const 0x1_0000_0000_0000)) (i64.const -1))
    (assert_return (invoke "grow" (i64.const -1)) (i64.const -1))
    (assert_return (invoke "grow" (i64.const 1)) (i64.const 0))"#;
    for memory in ["guarded", "checked"] {
        let directives = run(script, memory);
        let wanted = ["unsupported", "unsupported", "pass", "pass", "pass", "pass", "pass"];
        assert_eq!(outcomes(&directives), wanted, "{directives:#?}");
        let bytes = 1_u64 << 48;
        let hint = "(--max-linear-memory MIB allows more)";
        let known = format!("{bytes} bytes of a memory, where the limit is {ALLOWED} {hint}");
        // 2^64 is not a number of bytes that anything has.
        let beyond = format!("more bytes of a memory than the limit of {ALLOWED} {hint}");
        assert_eq!([&*directives[0].1, &*directives[1].1], [known, beyond]);
    }
}

#[test]
fn the_limit_on_writable_memory_is_named() {
    let memories = "(memory 65536)".repeat(5);
    let script = format!("(module {memories}) (module (memory 65536))");
    for memory in ["guarded", "checked"] {
        let directives = run(&script, memory);
        assert_eq!(outcomes(&directives), ["harness-error", "pass"], "{directives:#?}");
        assert!(directives[0].1.contains("of writable memory (RLIMIT_DATA) are in use"), "{directives:#?}");
    }
}

/// A script with so many instances of one module.
fn instances(memory: &str, count: usize) -> String {
    let mut script = format!(
        "(module definition $m {memory} (func (export \"f\") (result i32) (i32.load (i32.const 8))))\n"
    );
    for i in 0..count {
        writeln!(script, "(module instance $i{i} $m)").expect("memory takes everything");
    }
    script.push_str("(assert_return (invoke $i0 \"f\") (i32.const 0))\n");
    script
}

/// Splits the directives of such a script: how many instances there were, and what became of the rest.
fn instantiated(directives: &[(String, String)]) -> (usize, &[(String, String)]) {
    let [definition, instances @ .., assertion] = directives else { panic!("{directives:?}") };
    assert_eq!((definition.0.as_str(), assertion.0.as_str()), ("pass", "pass"));
    let count = instances.iter().take_while(|(outcome, _)| outcome == "pass").count();
    (count, &instances[count..])
}

#[test]
fn thousands_of_instances_are_alive_at_once() {
    for memory in ["guarded", "checked"] {
        let directives = run(&instances("(memory 1)", 5000), memory);
        assert_eq!(instantiated(&directives), (5000, &[][..]), "{memory}");
    }
}

/// Each guarded memory reserves 6 GiB of the 128 TiB that a process can address.
#[test]
fn the_end_of_the_address_space_is_named() {
    let directives = run(&instances("(memory 1)", 22_000), "guarded");
    let (count, rest) = instantiated(&directives);
    assert!(!rest.is_empty() && count > 10_000, "{count} instances");
    for (outcome, actual) in rest {
        assert_eq!(outcome, "harness-error");
        // Which of the two limits comes first is the machine's choice.
        let addresses = actual.contains(" of 140737488355328 bytes of address space are in use");
        assert!(addresses || actual.contains("vm.max_map_count"), "{actual}");
    }
}

/// A shared memory that may grow is two mappings, in little address space.
#[test]
fn the_limit_on_mappings_is_named() {
    let limit = fs::read_to_string("/proc/sys/vm/max_map_count").expect("a limit");
    let limit: usize = limit.trim().parse().expect("a number");
    let wanted = 33_000;
    let directives = run(&instances("(memory 1 2 shared)", wanted), "checked");
    let (count, rest) = instantiated(&directives);
    if limit > 2 * wanted + 5000 {
        assert_eq!(count, wanted);
        return;
    }
    assert!(!rest.is_empty() && 2 * count > limit - 1000, "{count} instances");
    for (outcome, actual) in rest {
        assert_eq!(outcome, "harness-error");
        let cause = format!("the process has as many mappings as vm.max_map_count allows, which is {limit}");
        assert!(actual.contains(&cause), "{actual}");
    }
}

/// A module that is valid and exceeds a limit of the decoder is neither malformed nor invalid, whatever a script wants.
#[test]
fn limits_are_no_verdicts() {
    let repeated = |what: &str, count: usize| vec![what; count].join(" ");
    let modules = [
        (format!("(type (func (param {})))", repeated("i32", 1001)), "function parameters"),
        (format!("(type (func (result {})))", repeated("i32", 1001)), "function results"),
        (format!("(func (local {}))", repeated("i64", 50_001)), "locals of a function"),
        (repeated("(memory 0)", 101), "memories"),
        (format!("(func (export \"{}\"))", "n".repeat(100_001)), "bytes of a name"),
    ];
    for (fields, name) in modules {
        let script = format!(
            "(assert_invalid (module {fields}) \"\")(assert_malformed (module quote {:?}) \"\")(module {fields})",
            format!("(module {fields})")
        );
        let directives = run(&script, "guarded");
        assert_eq!(directives.len(), 3);
        for (outcome, actual) in &directives {
            assert!(outcome == "unsupported" && actual.contains(name), "{outcome}: {actual}");
        }
    }
}
