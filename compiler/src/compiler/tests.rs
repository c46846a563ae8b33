use super::*;
use crate::fault::PANIC_VALUE;
use crate::{InjectedFault, supported_features};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn encode(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// A module of many functions, whose code has at least the size from which on they are compiled in parallel if `large`.
fn module(value: i64, large: bool) -> Vec<u8> {
    let count = if large { 1500 } else { 3 };
    let body = "(local.set 0 (i64.add (local.get 0) (i64.const 0x123456789abcdef)))".repeat(4);
    let function = |value: i64| {
        format!("(func (param i64) (result i64) {body} (i64.add (local.get 0) (i64.const {value})))")
    };
    let functions: String = (0..count).map(|i| function(if i == count / 2 { value } else { i })).collect();
    encode(&format!("(module {functions})"))
}

/// After a panic in the middle of a function, the same compiler makes the same code as a new one.
#[test]
fn a_panic_leaves_nothing_behind() {
    let profile = Profile { fault: Some(InjectedFault::Panic), ..Profile::default() };
    let (spoiling, good) = ([false, true].map(|large| module(PANIC_VALUE, large)), module(7, true));
    let wanted = Compiler::new(profile).unwrap().compile(&good, supported_features()).unwrap();
    for spoiling in spoiling {
        let compiler = Compiler::new(profile).unwrap();
        let spoilt = catch_unwind(AssertUnwindSafe(|| compiler.compile(&spoiling, supported_features())));
        assert!(spoilt.is_err(), "the injected fault did not strike");
        let again = compiler.compile(&good, supported_features()).unwrap();
        assert!(again == wanted, "the code differs after a panic");
    }
}
