//! Tests of edits.

mod corpus;
mod execution;
mod items;
mod operators;

use super::{Edits, Level};
use trapline_compiler::module_features;
use wasmparser::Validator;

/// A module of a text.
fn module(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("a module")
}

fn edits(wasm: &[u8], level: Level) -> Edits<'_> {
    Edits::new(wasm, module_features(), level).expect("edits")
}

fn is_valid(wasm: &[u8]) -> bool {
    Validator::new_with_features(module_features()).validate_all(wasm).is_ok()
}

/// Each edit of a level on its own gives one of these modules, in this order.
fn each_gives(text: &str, level: Level, expected: &[&str]) {
    let wasm = module(text);
    let edits = edits(&wasm, level);
    let found: Vec<Vec<u8>> =
        (0..edits.weights().len()).map(|number| edits.apply(&[number]).expect("a module")).collect();
    assert_eq!(found.len(), expected.len(), "edits of {text}");
    for (number, (found, expected)) in found.iter().zip(expected).enumerate() {
        same(found, &module(expected), &format!("edit {number} of {text}"));
    }
}

/// All edits of a level together give a module.
fn all_give(text: &str, level: Level, expected: &str) {
    let wasm = module(text);
    let edits = edits(&wasm, level);
    let numbers: Vec<usize> = (0..edits.weights().len()).collect();
    same(&edits.apply(&numbers).expect("a module"), &module(expected), text);
}

fn same(found: &[u8], expected: &[u8], what: &str) {
    assert!(is_valid(expected), "{what}: what is expected is invalid");
    assert_eq!(hex(found), hex(expected), "{what}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x} ")).collect()
}
