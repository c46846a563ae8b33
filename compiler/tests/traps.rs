//! What instructions that may trap cost where they do not: reports of traps must not make code slower.

use trapline_abi::artifact::MemoryStyle;
use trapline_compiler::{Compiler, Form, OptLevel, Profile, supported_features};

/// The instructions of the first function up to its return, without what lies behind it.
fn until_return(opt_level: OptLevel, memory_style: MemoryStyle, text: &str) -> Vec<String> {
    let profile = Profile { opt_level, memory_style, verifier: true, ..Profile::default() };
    let wasm = wat::parse_str(text).unwrap();
    let listings = Compiler::new(profile)
        .unwrap()
        .inspect(&wasm, supported_features(), &[Form::Asm], |func, _| func.as_u32() == 0)
        .unwrap();
    // A heading, the names of columns, and lines of place, offset, bytes and instruction.
    let lines = listings[0].texts[0].lines().skip(2).map(|line| line[51..].to_owned());
    let mut ended = false;
    lines.take_while(|line| !std::mem::replace(&mut ended, line.starts_with("ret"))).collect()
}

/// What is done, and how many instructions the function has in guarded and in checked memories, each optimised for speed or
/// not: as many as if no report named any operand.
const COSTS: [(&str, [usize; 2], [usize; 2]); 12] = [
    (
        "(type $w (func (param i32) (result i32))) (table 8 funcref)
         (func (param i32) (result i32) (call_indirect (type $w) (i32.const 1) (local.get 0)))",
        [31, 27],
        [31, 27],
    ),
    (
        "(type $w (sub (func (param i32) (result i32)))) (table 8 funcref)
         (func (param i32) (result i32) (call_indirect (type $w) (i32.const 1) (local.get 0)))",
        [37, 33],
        [37, 33],
    ),
    ("(table 8 funcref) (func (param i32) (result funcref) (table.get (local.get 0)))", [13, 12], [13, 12]),
    ("(func (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))", [11, 11], [11, 11]),
    ("(func (param i64 i64) (result i64) (i64.rem_u (local.get 0) (local.get 1)))", [10, 10], [10, 10]),
    ("(func (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))", [17, 17], [17, 17]),
    ("(memory 1) (func (param i32) (result i64) (i64.load offset=16 (local.get 0)))", [9, 9], [12, 12]),
    (
        "(memory 1) (func (param i32 i32) (result i64)
           (i64.add (i64.load offset=16 (local.get 0)) (i64.load offset=8 (local.get 1))))",
        [13, 11],
        [19, 18],
    ),
    ("(memory 1) (func (result i64) (i64.load offset=16 (i32.const 65530)))", [8, 8], [11, 11]),
    (
        "(memory 1) (func (param i32) (result i64) (i64.load offset=0xf0000000 (local.get 0)))",
        [14, 14],
        [14, 14],
    ),
    ("(memory i64 1) (func (param i64) (result i64) (i64.load offset=16 (local.get 0)))", [14, 14], [14, 14]),
    (
        "(memory 1 1 shared) (func (param i32) (result i64) (i64.atomic.load offset=16 (local.get 0)))",
        [13, 13],
        [16, 15],
    ),
];

#[test]
fn what_does_not_trap_pays_nothing() {
    for (function, guarded, checked) in COSTS {
        for (memory_style, counts) in [(MemoryStyle::Guarded, guarded), (MemoryStyle::Checked, checked)] {
            for (opt_level, most) in [OptLevel::None, OptLevel::Speed].into_iter().zip(counts) {
                let code = until_return(opt_level, memory_style, &format!("(module {function})"));
                assert!(
                    code.len() <= most,
                    "{memory_style} {opt_level:?} {function}: {} {code:#?}",
                    code.len()
                );
            }
        }
    }
}
