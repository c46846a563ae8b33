//! Traps of loads that become part of another instruction are reported at the load.

mod operators;

use object::{Object, ObjectSection};
use operators::{RELAXED_SIMD, SIMD, instructions};
use std::collections::BTreeSet;
use trapline_abi::artifact::{self, Header, Manifest, MemoryStyle};
use trapline_abi::{FunctionRecord, Trap, TrapCode};
use trapline_compiler::{Compiler, OptLevel, Profile, supported_features};
use wasmparser::{Operator, Parser, Payload};

/// Operators on numbers, and accesses of memory for them.
const SCALAR: &[(&str, &str, &str)] = &[
    ("i32 -> i32", "", "i32.clz i32.ctz i32.popcnt i32.extend8_s i32.extend16_s"),
    (
        "i32 i32 -> i32",
        "",
        "i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u i32.and i32.or i32.xor
         i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr",
    ),
    (
        "i32 i32 -> i32",
        "",
        "i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u",
    ),
    ("i32 -> i32", "", "i32.eqz"),
    ("i64 -> i64", "", "i64.clz i64.ctz i64.popcnt i64.extend8_s i64.extend16_s i64.extend32_s"),
    (
        "i64 i64 -> i64",
        "",
        "i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u i64.and i64.or i64.xor
         i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr",
    ),
    (
        "i64 i64 -> i32",
        "",
        "i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u",
    ),
    ("i64 -> i32", "", "i64.eqz"),
    ("f32 -> f32", "", "f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt"),
    ("f32 f32 -> f32", "", "f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign"),
    ("f32 f32 -> i32", "", "f32.eq f32.ne f32.lt f32.gt f32.le f32.ge"),
    ("f64 -> f64", "", "f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt"),
    ("f64 f64 -> f64", "", "f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign"),
    ("f64 f64 -> i32", "", "f64.eq f64.ne f64.lt f64.gt f64.le f64.ge"),
    ("i32 -> i64", "", "i64.extend_i32_s i64.extend_i32_u"),
    ("i64 -> i32", "", "i32.wrap_i64"),
    ("f32 -> i32", "", "i32.trunc_f32_s i32.trunc_f32_u i32.trunc_sat_f32_s i32.trunc_sat_f32_u"),
    ("i32 -> f32", "", "f32.convert_i32_s f32.convert_i32_u"),
    ("f64 -> i32", "", "i32.trunc_f64_s i32.trunc_f64_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u"),
    ("i32 -> f64", "", "f64.convert_i32_s f64.convert_i32_u"),
    ("f32 -> i64", "", "i64.trunc_f32_s i64.trunc_f32_u i64.trunc_sat_f32_s i64.trunc_sat_f32_u"),
    ("i64 -> f32", "", "f32.convert_i64_s f32.convert_i64_u"),
    ("f64 -> i64", "", "i64.trunc_f64_s i64.trunc_f64_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u"),
    ("i64 -> f64", "", "f64.convert_i64_s f64.convert_i64_u"),
    ("f32 -> i32", "", "i32.reinterpret_f32"),
    ("i32 -> f32", "", "f32.reinterpret_i32"),
    ("f64 -> i64", "", "i64.reinterpret_f64"),
    ("i64 -> f64", "", "f64.reinterpret_i64"),
    ("f64 -> f32", "", "f32.demote_f64"),
    ("f32 -> f64", "", "f64.promote_f32"),
    ("i32 i32 i32 -> i32", "", "select"),
    ("i64 i64 i32 -> i64", "", "select"),
    ("f32 f32 i32 -> f32", "", "select"),
    ("f64 f64 i32 -> f64", "", "select"),
    ("v128 v128 i32 -> v128", "", "select"),
    ("i32 -> i32", "offset=1", "i32.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u"),
    (
        "i32 -> i64",
        "offset=1",
        "i64.load i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u",
    ),
    ("i32 -> f32", "offset=1", "f32.load"),
    ("i32 -> f64", "offset=1", "f64.load"),
    ("i32 i32 ->", "offset=1", "i32.store i32.store8 i32.store16"),
    ("i32 i64 ->", "offset=1", "i64.store i64.store8 i64.store16 i64.store32"),
    ("i32 f32 ->", "offset=1", "f32.store"),
    ("i32 f64 ->", "offset=1", "f64.store"),
];

/// Loads by the type that they give.
const LOADS: &[(&str, &[&str])] = &[
    ("i32", &["i32.load", "i32.load8_s", "i32.load8_u", "i32.load16_s", "i32.load16_u"]),
    ("i64", &["i64.load", "i64.load8_s", "i64.load16_u", "i64.load32_s", "i64.load32_u"]),
    ("f32", &["f32.load"]),
    ("f64", &["f64.load"]),
    (
        "v128",
        &[
            "v128.load",
            "v128.load8x8_s",
            "v128.load16x4_u",
            "v128.load32x2_s",
            "v128.load8_splat",
            "v128.load16_splat",
            "v128.load32_splat",
            "v128.load64_splat",
            "v128.load32_zero",
            "v128.load64_zero",
        ],
    ),
];

fn loads(ty: &str) -> &'static [&'static str] {
    LOADS.iter().find(|(loaded, _)| *loaded == ty).unwrap().1
}

type Instruction = (&'static str, &'static str, &'static str);

fn everything() -> impl Iterator<Item = Instruction> {
    instructions(SCALAR).chain(instructions(SIMD)).chain(instructions(RELAXED_SIMD))
}

/// A function that applies an operator to arguments, except to some operands, which are given as text.
fn function((ty, immediates, name): Instruction, replaced: &[(usize, String)]) -> String {
    let (params, result) = ty.split_once("->").unwrap();
    let operands: String = (0..params.split_whitespace().count())
        .map(|at| match replaced.iter().find(|(operand, _)| *operand == at) {
            Some((_, text)) => format!(" {text}"),
            None => format!(" (local.get {})", at + 2),
        })
        .collect();
    let result = if result.is_empty() { String::new() } else { format!("(result{result})") };
    format!("(func (param i32 i32 {params}) {result} ({name} {immediates}{operands}))\n")
}

/// Compiles functions under all that has an influence on places, and asserts that the accesses of each function, and
/// nothing else, may trap as out of bounds, at their places.
fn assert_places(functions: &str) {
    let wasm = wat::parse_str(format!("(module (memory 0)\n{functions})")).unwrap();
    let bodies = bodies(&wasm);
    for opt_level in [OptLevel::None, OptLevel::Speed, OptLevel::SpeedAndSize] {
        for memory_style in [MemoryStyle::Guarded, MemoryStyle::Checked] {
            let profile = Profile { opt_level, memory_style, verifier: true, ..Profile::default() };
            let manifest = compile(profile, &wasm);
            for (at, body) in bodies.iter().enumerate() {
                let context =
                    || format!("{opt_level:?} {memory_style:?} {}", functions.lines().nth(at).unwrap());
                assert_function(&manifest.functions[at], body, context);
            }
        }
    }
}

fn assert_function(
    function: &FunctionRecord,
    Body { accesses, others }: &Body,
    context: impl Fn() -> String,
) {
    let mut found = BTreeSet::new();
    for site in &function.traps {
        let place = function.wasm_offset_at(site.offset).unwrap_or_else(|| panic!("no place: {}", context()));
        match site.code {
            TrapCode::Trap(Trap::MemoryOutOfBounds) => found.extend([place]),
            TrapCode::Trap(Trap::StackOverflow) => {}
            _ => assert!(others.contains(&place), "trap {:?} at {place:#x}: {}", site.code, context()),
        }
    }
    assert_eq!(&found, accesses, "{}", context());
    assert!(function.traps.is_sorted_by(|a, b| a.offset < b.offset), "two traps in one place: {}", context());
}

fn compile(profile: Profile, wasm: &[u8]) -> Manifest {
    let bytes = Compiler::new(profile).unwrap().compile(wasm, supported_features()).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let section = file.section_by_name(artifact::SECTION).unwrap();
    let (_, manifest, _) = Header::parse(section.data().unwrap()).unwrap();
    artifact::decode_manifest(manifest).unwrap()
}

/// Offsets of the operators of a function.
#[derive(Default)]
struct Body {
    accesses: BTreeSet<u32>,
    others: BTreeSet<u32>,
}

fn bodies(wasm: &[u8]) -> Vec<Body> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CodeSectionEntry(code) = payload.unwrap() else { continue };
        let mut body = Body::default();
        for operator in code.get_operators_reader().unwrap().into_iter_with_offsets() {
            let (operator, offset) = operator.unwrap();
            match is_access(&operator) {
                true => body.accesses.insert(offset as u32),
                false => body.others.insert(offset as u32),
            };
        }
        bodies.push(body);
    }
    bodies
}

fn is_access(operator: &Operator<'_>) -> bool {
    let name = format!("{operator:?}");
    name.contains("Load") || name.contains("Store")
}

#[test]
fn each_load_as_an_operand_of_each_operator() {
    let mut functions = String::new();
    for instruction in everything() {
        let params = instruction.0.split_once("->").unwrap().0;
        for (at, ty) in params.split_whitespace().enumerate() {
            for load in loads(ty) {
                functions += &function(instruction, &[(at, format!("({load} offset=5 (local.get 0))"))]);
            }
        }
    }
    assert_places(&functions);
}

/// Two loads, the first of which cannot move past the second unless both move.
#[test]
fn two_loads_as_operands_of_each_operator() {
    let mut functions = String::new();
    for instruction in everything() {
        let params: Vec<_> = instruction.0.split_once("->").unwrap().0.split_whitespace().collect();
        for second in 1..params.len() {
            for first in 0..second {
                let [first, second] = [(first, 0), (second, 1)].map(|(at, address)| {
                    (at, format!("({} offset=5 (local.get {address}))", loads(params[at])[0]))
                });
                functions += &function(instruction, &[first, second]);
            }
        }
    }
    assert_places(&functions);
}

/// A comparison and a choice may be selected together, with a memory operand each.
#[test]
fn two_loads_as_operands_of_a_choice_and_its_comparison() {
    let mut functions = String::new();
    for (ty, _) in LOADS {
        let choice =
            instructions(SCALAR).find(|(of, _, name)| *name == "select" && of.starts_with(ty)).unwrap();
        for (compared, _, name) in everything() {
            let (params, _) = compared.split_once("->").unwrap();
            let params: Vec<_> = params.split_whitespace().collect();
            if !compared.ends_with("-> i32") || params.len() != 2 || name.contains("load") {
                continue;
            }
            let zero = match params[0] {
                "v128" => "(v128.const i64x2 0 0)".to_owned(),
                ty => format!("({ty}.const 5)"),
            };
            let load = loads(params[0])[0];
            for at in [0, 1] {
                let chosen = format!("({} offset=5 (local.get 0))", loads(ty)[0]);
                let compared = format!("({name} {zero} ({load} offset=5 (local.get 1)))");
                functions += &function(choice, &[(at, chosen), (2, compared)]);
            }
        }
    }
    assert_places(&functions);
}

/// A load, an operator that changes its type, and a third one around both.
#[test]
fn loads_reach_operators_through_others() {
    let mut functions = String::new();
    let inner: Vec<_> = everything()
        .filter(|(ty, ..)| matches!(ty.split_once(" -> "), Some((one, _)) if !one.contains(' ')))
        .collect();
    for instruction in instructions(SCALAR).chain(instructions(RELAXED_SIMD)) {
        let params = instruction.0.split_once("->").unwrap().0;
        for (at, ty) in params.split_whitespace().enumerate() {
            for (inner_ty, immediates, name) in &inner {
                let (taken, given) = inner_ty.split_once(" -> ").unwrap();
                if given == ty && (ty != "v128" || taken != "v128" || name.contains("extend")) {
                    let load = loads(taken)[0];
                    let operand = format!("({name} {immediates} ({load} offset=5 (local.get 0)))");
                    functions += &function(instruction, &[(at, operand)]);
                }
            }
        }
    }
    assert_places(&functions);
}

/// What depends on a load and traps itself keeps its own place.
#[test]
fn values_of_loads_decide_what_control_does() {
    assert_places(
        "(func (param i32) (if (i32.eqz (i32.load (local.get 0))) (then unreachable)))
         (func (param i32) (br_if 0 (i64.eq (i64.load (local.get 0)) (i64.const 7))) unreachable)
         (func (param i32) (block (block (br_table 0 1 (i32.load8_u (local.get 0)))) unreachable))
         (func (param i32) (result i32) (i32.div_s (i32.const 7) (i32.load (local.get 0))))
         (func (param i32) (result i32) (i32.load (i32.add (i32.load (local.get 0)) (i32.const 8))))",
    );
}

/// What is loaded, changed and stored at one address may be one instruction. It traps at the load.
#[test]
fn updates_trap_at_the_load() {
    let wasm = wat::parse_str(
        "(module (memory 0)
           (func (param i32) (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1)))))",
    )
    .unwrap();
    let first = *bodies(&wasm)[0].accesses.first().unwrap();
    let manifest = compile(Profile::default(), &wasm);
    let function = &manifest.functions[0];
    let [site] = &function.traps[..] else { panic!("not one instruction: {:?}", function.traps) };
    assert_eq!(function.wasm_offset_at(site.offset), Some(first));
}
