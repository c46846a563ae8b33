use super::*;
use crate::fault::PANIC_VALUE;
use crate::supported_features;
use std::panic::{AssertUnwindSafe, catch_unwind};
use trapline_abi::InjectedFault;

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
    let profile = Profile { fault: InjectedFault::Panic.into(), ..Profile::default() };
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

/// Stubs are shared by all modules of a compiler, so they may depend only on how values are passed. Type 3 of the two modules
/// is the same in words, and refers to types that differ.
#[test]
fn modules_whose_types_differ_share_stubs() {
    let module = |others: &str| {
        encode(&format!(
            "(module {others}
               (type $callee (func (param (ref null 0) i32) (result (ref null 1))))
               (import \"m\" \"f\" (func $f (type $callee)))
               (func (export \"f\") (type $callee) (call $f (local.get 0) (local.get 1))))"
        ))
    };
    let modules = [
        module("(type (func)) (type (func (param f64))) (type (func (param i64)))"),
        module("(type (func (result f32 v128))) (type (func (param v128))) (type (func))"),
    ];
    let compiler = Compiler::new(Profile::default()).unwrap();
    for wasm in &modules {
        let alone = Compiler::new(Profile::default()).unwrap().compile(wasm, supported_features()).unwrap();
        assert!(compiler.compile(wasm, supported_features()).unwrap() == alone, "a stub of another module's");
    }
    let stubs = compiler.stubs.lock().unwrap();
    assert_eq!(stubs.len(), 2, "an entry and an exit stub");
}

/// The validator does not see the types of import groups without items.
#[test]
fn empty_import_groups_are_decoded() {
    let module = |ty: &[u8]| {
        let mut wasm = b"\0asm\x01\0\0\0\x02".to_vec();
        wasm.extend([ty.len() as u8 + 5, 1, 0, 0, 0x7e]);
        wasm.extend(ty);
        wasm.push(0);
        wasm
    };
    let compiler = Compiler::new(Profile::default()).unwrap();
    let verdicts = |ty: &[u8], features| {
        let wasm = module(ty);
        let compiled = compiler.compile(&wasm, features).map(drop);
        [compiled, crate::validate(&wasm, features)].map(|verdict| match verdict {
            Err(CompileError::Malformed { message, .. }) => message,
            other => format!("{other:?}"),
        })
    };
    let features = supported_features().difference(WasmFeatures::CUSTOM_DESCRIPTORS);
    assert_eq!(verdicts(&[3, 0x7f, 1], features), ["Ok(())"; 2]);
    assert_eq!(verdicts(&[3, 0x7f, 2], features), ["malformed mutability"; 2]);
    assert_eq!(verdicts(&[0x20, 0], features), ["malformed import kind"; 2]);
    assert_eq!(verdicts(&[3, 0x7f, 2], features | WasmFeatures::SHARED_EVERYTHING_THREADS), ["Ok(())"; 2]);
    assert_eq!(verdicts(&[0x20, 0], features | WasmFeatures::CUSTOM_DESCRIPTORS), ["Ok(())"; 2]);
}
