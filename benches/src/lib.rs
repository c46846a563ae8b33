//! The modules that the benchmarks measure with: tiny ones, as most of the official suite's are, and one of a
//! medium size. None of them imports anything.

use std::fmt::Write;

/// A module to measure with.
pub struct Sample {
    /// A name for reports.
    pub name: &'static str,
    /// The binary.
    pub wasm: Vec<u8>,
}

impl Sample {
    /// Encodes a module's text.
    ///
    /// # Errors
    ///
    /// When the text is not a module.
    fn from_text(name: &'static str, text: &str) -> Result<Sample, wat::Error> {
        Ok(Sample { name, wasm: wat::parse_str(text)? })
    }
}

const CONSTANT: &str = r#"(module (func (export "f") (result i32) (i32.const 42)))"#;

const MEMORY: &str = r#"(module
  (memory (export "memory") 1)
  (data (i32.const 0) "some bytes at the start of the memory")
  (data "and some for later")
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "init") (param i32 i32 i32) (memory.init 1 (local.get 0) (local.get 1) (local.get 2))))"#;

const TABLE: &str = r#"(module
  (type $result (func (result i32)))
  (table 30 30 funcref)
  (elem (i32.const 2) func $one $two $three $one)
  (elem func $three $two $one)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (func $three (result i32) (i32.const 3))
  (func (export "copy") (table.copy (i32.const 13) (i32.const 2) (i32.const 3)))
  (func (export "init") (table.init 1 (i32.const 7) (i32.const 0) (i32.const 3)))
  (func (export "call") (param i32) (result i32) (call_indirect (type $result) (local.get 0))))"#;

/// Functions of the medium module.
const MEDIUM_FUNCTIONS: u32 = 300;

/// A module of 300 functions, each with a loop, loads, stores, branches, floats and a call of its predecessor.
fn medium() -> String {
    let mut text = String::from("(module (memory 1) (global $sum (mut i64) (i64.const 0))\n");
    for number in 0..MEDIUM_FUNCTIONS {
        let predecessor = number.saturating_sub(1);
        let offset = number * 8;
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            r#"(func $f{number} (export "f{number}") (param $n i32) (result i64)
                 (local $i i32) (local $x f64)
                 (if (i32.eqz (local.get $n)) (then (return (global.get $sum))))
                 (loop $next
                   (i64.store offset={offset} (i32.and (local.get $i) (i32.const 0xff8))
                     (i64.add (i64.load offset={offset} (i32.and (local.get $i) (i32.const 0xff8)))
                              (i64.extend_i32_u (i32.mul (local.get $i) (i32.const {number})))))
                   (local.set $x (f64.add (f64.sqrt (local.get $x)) (f64.convert_i32_s (local.get $i))))
                   (local.set $i (i32.add (local.get $i) (i32.const 8)))
                   (br_if $next (i32.lt_u (local.get $i) (local.get $n))))
                 (global.set $sum (i64.xor (global.get $sum) (i64.trunc_sat_f64_s (local.get $x))))
                 (i64.add (call $f{predecessor} (i32.shr_u (local.get $n) (i32.const 1)))
                          (i64.load offset={offset} (i32.const 0))))
            "#
        );
    }
    text.push(')');
    text
}

/// All modules, the smallest first.
///
/// # Errors
///
/// When one of them cannot be encoded, which the tests rule out.
pub fn samples() -> Result<Vec<Sample>, wat::Error> {
    Ok(vec![
        Sample::from_text("constant", CONSTANT)?,
        Sample::from_text("memory", MEMORY)?,
        Sample::from_text("table", TABLE)?,
        Sample::from_text("medium", &medium())?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_can_be_encoded() {
        let sizes: Vec<_> = samples().unwrap().into_iter().map(|sample| sample.wasm.len()).collect();
        let (medium, tiny) = sizes.split_last().unwrap();
        assert!(tiny.iter().all(|&size| size < 1_000), "{sizes:?}");
        assert!(*medium > 20_000, "{sizes:?}");
    }
}
