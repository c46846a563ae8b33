//! Functions with many locals and many blocks, for which Cranelift would keep a table of all pairs.

use std::fmt::Write;
use std::fs;
use std::process::{Command, Stdio};

const LOCALS: u32 = 6_000;

/// A function in which each local depends on the one before, by way of blocks of its own.
fn script() -> String {
    let mut body = String::new();
    for local in 1..LOCALS {
        // Each is zero before it is set.
        let (before, own) = (local - 1, local);
        let _ = writeln!(
            body,
            "(if (local.get {own}) (then unreachable))
             (local.set {own} (i32.add (local.get {before}) (i32.const 1)))
             (if (i32.eqz (local.get {own})) (then unreachable))"
        );
    }
    let locals = "i32 ".repeat(LOCALS as usize - 1);
    format!(
        r#"(module
          (func (export "f") (param i32) (result i32 i64 v128 f64 i32)
            (local {locals} i64 v128 f64 funcref)
            {body}
            (local.set {vector} (i64x2.splat (local.get {long})))
            (local.get {last}) (local.get {long}) (local.get {vector}) (local.get {double})
            (ref.is_null (local.get {reference}))))
        (assert_return (invoke "f" (i32.const 5))
          (i32.const {sum}) (i64.const 0) (v128.const i64x2 0 0) (f64.const 0) (i32.const 1))"#,
        long = LOCALS,
        vector = LOCALS + 1,
        double = LOCALS + 2,
        reference = LOCALS + 3,
        last = LOCALS - 1,
        sum = LOCALS - 1 + 5,
    )
}

#[test]
fn locals_times_blocks_need_no_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("many.wast"), script()).expect("a file");
    for opt in ["none", "speed"] {
        let output = Command::new(env!("CARGO_BIN_EXE_trapline"))
            .args(["wast", "many.wast", "--max-memory", "300", "--opt", opt])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("it starts");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{opt}: {text}");
        assert!(text.contains("2 directives in 1 file: 2 pass"), "{opt}: {text}");
    }
}
