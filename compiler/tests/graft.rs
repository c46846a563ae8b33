//! Modules some of whose functions have the code of another profile, and what a pass that is left out changes.

use trapline_abi::DefinedFuncIndex;
use trapline_abi::artifact::MemoryStyle;
use trapline_compiler::{
    Compiler, Cpu, Detour, Graft, GraftedFunctions, Instruction, OptLevel, Profile, supported_features,
};

/// In each function there is something for each pass: a load whose value is known, a sum that is known, a loop with a parameter
/// that never changes, and more values than registers.
fn module() -> Vec<u8> {
    let pressure: String =
        (0..20).map(|at| format!("(i64.load offset={} (local.get 0))", 8 * at)).collect::<Vec<_>>().join(" ");
    let sum = "i64.xor ".repeat(19);
    let body = format!(
        "(param i32) (result i64) (local i64)
        (i64.store (local.get 0) (i64.const 5))
        (local.set 1 (i64.add (i64.load (local.get 0)) (i64.add (i64.const 2) (i64.const 3))))
        (loop (br_if 0 (i64.eqz (i64.load offset=8 (local.get 0)))))
        {pressure} {sum} (local.get 1) i64.add"
    );
    wat::parse_str(format!("(module (memory 1) (func {body}) (func {body}) (func {body}))")).unwrap()
}

fn code(compiler: &Compiler, wasm: &[u8], function: u32) -> Vec<Instruction> {
    let anatomy = compiler.anatomy(wasm, supported_features(), DefinedFuncIndex::new(function)).unwrap();
    anatomy.unwrap().code
}

fn texts(code: &[Instruction]) -> Vec<&str> {
    code.iter().map(|instruction| &*instruction.text).collect()
}

fn grafted(wasm: &[u8], profile: Profile, detour: Option<Detour>, defined: std::ops::Range<u32>) -> Compiler {
    let module = *blake3::hash(wasm).as_bytes();
    let graft = Graft { profile, detour, functions: vec![GraftedFunctions { module, defined }] };
    Compiler::with_graft(Profile::default(), graft).unwrap()
}

#[test]
fn a_graft_changes_the_functions_that_it_names() {
    let wasm = module();
    let none = Profile { opt_level: OptLevel::None, ..Profile::default() };
    let (speed, slow) = (Compiler::new(Profile::default()).unwrap(), Compiler::new(none).unwrap());
    assert_ne!(code(&speed, &wasm, 1), code(&slow, &wasm, 1));
    let mixed = grafted(&wasm, none, None, 1..2);
    for (function, wanted) in [(0, &speed), (1, &slow), (2, &speed)] {
        assert_eq!(code(&mixed, &wasm, function), code(wanted, &wasm, function), "{function}");
    }
    // A module of another hash is left as it is.
    let other = wat::parse_str("(module (func (result i32) (i32.add (i32.const 1) (i32.const 2))))").unwrap();
    let features = supported_features();
    assert_eq!(mixed.compile(&other, features).unwrap(), speed.compile(&other, features).unwrap());
    // All of it is what the other profile makes, but for what the object says of its target.
    let all = grafted(&wasm, none, None, 0..3);
    for function in 0..3 {
        assert_eq!(code(&all, &wasm, function), code(&slow, &wasm, function));
    }
}

/// Code that is checked runs on guarded memories, and not the other way round.
#[test]
fn a_graft_wants_what_both_want() {
    let wasm = module();
    let baseline = Profile { cpu: Cpu::Baseline, ..Profile::default() };
    let checked = Profile { memory_style: MemoryStyle::Checked, ..baseline };
    let (native, graft) = (Compiler::new(Profile::default()).unwrap(), grafted(&wasm, checked, None, 0..1));
    assert_eq!(graft.target(), native.target());
    let functions = Vec::new();
    let graft = Graft { profile: Profile::default(), detour: None, functions };
    assert_eq!(*Compiler::with_graft(checked, graft).unwrap().target(), *native.target());
}

#[test]
fn each_detour_changes_code() {
    let wasm = module();
    let whole = code(&grafted(&wasm, Profile::default(), None, 0..1), &wasm, 0);
    for detour in Detour::ALL {
        let changed = code(&grafted(&wasm, Profile::default(), Some(detour), 0..1), &wasm, 0);
        // A constant phi costs nothing where its only argument is in the same register.
        if detour != Detour::ConstantPhisStay {
            assert_ne!(texts(&whole), texts(&changed), "{detour:?}");
        }
    }
    let none = Profile { opt_level: OptLevel::None, ..Profile::default() };
    let without = grafted(&wasm, Profile::default(), Some(Detour::NoEgraph), 0..1);
    assert_eq!(code(&without, &wasm, 0), code(&Compiler::new(none).unwrap(), &wasm, 0));
}
