//! Every vector instruction in every kind of code, without running any. Cranelift's verifier checks
//! the translation, and code that would call a library is refused by the compiler itself.

mod operators;

use object::{Object, ObjectSection, ObjectSymbol};
use operators::{RELAXED_SIMD, SIMD, instructions};
use trapline_abi::artifact::MemoryStyle;
use trapline_compiler::{Compiler, Cpu, OptLevel, Profile, RelaxedSimd, supported_features};

/// How an instruction gets its operands.
#[derive(Clone, Copy)]
enum Operands {
    /// Each from a parameter of its own.
    Parameters,
    /// All vectors from one parameter.
    OneVector,
    /// From constants.
    Constants,
    /// From memory.
    Loads,
}

/// A function whose body is one instruction with its operands.
fn function((ty, immediates, name): (&str, &str, &str), operands: Operands) -> String {
    let (params, result) = ty.split_once("->").unwrap();
    let mut signature = String::new();
    let mut first_vector = None;
    let mut args = String::new();
    for (i, param) in params.split_whitespace().enumerate() {
        signature += &format!(" (param {param})");
        let first_vector = *first_vector.get_or_insert(i);
        args += &match (operands, param) {
            (Operands::OneVector, "v128") if params.trim().starts_with("v128") => {
                format!(" (local.get {first_vector})")
            }
            (Operands::Constants, "v128") => format!(" (v128.const i32x4 -1 {i} 0x7fc00000 0x80808080)"),
            (Operands::Constants, _) => format!(" ({param}.const {i})"),
            (Operands::Loads, _) => format!(" ({param}.load offset={i} (i32.const {i}))"),
            _ => format!(" (local.get {i})"),
        };
    }
    let result = if result.is_empty() { String::new() } else { format!(" (result{result})") };
    format!("(func{signature}{result} ({name} {immediates}{args}))\n")
}

fn module_of_everything() -> String {
    let mut text = String::from("(module (memory 1)\n");
    for operands in [Operands::Parameters, Operands::OneVector, Operands::Constants, Operands::Loads] {
        for instruction in instructions(SIMD).chain(instructions(RELAXED_SIMD)) {
            text.push_str(&function(instruction, operands));
        }
    }
    text.push(')');
    text
}

fn encode(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn profiles() -> Vec<Profile> {
    let mut all = Vec::new();
    for opt_level in [OptLevel::None, OptLevel::Speed, OptLevel::SpeedAndSize] {
        for memory_style in [MemoryStyle::Guarded, MemoryStyle::Checked] {
            for cpu in [Cpu::Native, Cpu::Baseline] {
                for relaxed in [RelaxedSimd::Deterministic, RelaxedSimd::Native] {
                    all.push(Profile {
                        opt_level,
                        memory_style,
                        cpu,
                        relaxed,
                        verifier: true,
                        ..Profile::default()
                    });
                }
            }
        }
    }
    all.push(Profile { verifier: true, nan_canonicalization: true, ..Profile::default() });
    all.push(Profile { verifier: true, regalloc_checker: true, ..Profile::default() });
    all
}

/// Compiles under every profile.
fn compile_everywhere(text: &str) {
    let wasm = encode(text);
    for profile in profiles() {
        let compiler = Compiler::new(profile).unwrap();
        let object = compiler
            .compile(&wasm, supported_features())
            .unwrap_or_else(|error| panic!("{profile:?}: {error}"));
        let file = object::File::parse(&*object).unwrap();
        assert!(file.symbols().all(|symbol| !symbol.is_undefined()), "{profile:?}");
    }
}

#[test]
fn the_tables_are_complete() {
    assert_eq!(instructions(SIMD).count(), 236);
    assert_eq!(instructions(RELAXED_SIMD).count(), 20);
    let mut names: Vec<_> = instructions(SIMD).chain(instructions(RELAXED_SIMD)).map(|one| one.2).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 256);
}

#[test]
fn every_instruction_compiles_under_every_profile() {
    compile_everywhere(&module_of_everything());
}

/// Immediates choose between instruction sequences.
#[test]
fn shuffles_of_all_kinds_compile() {
    let mut text = String::from("(module\n");
    let mut shuffle = |lanes: [u8; 16]| {
        let lanes = lanes.map(|lane| lane.to_string()).join(" ");
        text.push_str(&format!(
            "(func (param v128 v128) (result v128) (i8x16.shuffle {lanes} (local.get 0) (local.get 1)))
             (func (param v128) (result v128) (i8x16.shuffle {lanes} (local.get 0) (local.get 0)))\n"
        ));
    };
    for unit in [1, 2, 4, 8] {
        for half in [0, 8] {
            // Interleaved, and with the operands exchanged.
            for exchange in [0, 16] {
                shuffle(std::array::from_fn(|at| {
                    let at = at as u8;
                    let source = at % (2 * unit) / unit * 16;
                    (source + half + at / (2 * unit) * unit + at % unit) ^ exchange
                }));
            }
        }
        // Units reversed, rotated, and repeated.
        shuffle(std::array::from_fn(|at| (15 - at as u8) / unit * unit + at as u8 % unit));
        shuffle(std::array::from_fn(|at| (at as u8 + unit) % 32));
        shuffle(std::array::from_fn(|at| 16 + at as u8 % unit));
    }
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..40 {
        shuffle(std::array::from_fn(|_| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            (state >> 59) as u8
        }));
    }
    text.push(')');
    compile_everywhere(&text);
}

/// Vectors go wherever other values go.
#[test]
fn vectors_are_values_like_others() {
    compile_everywhere(
        "(module
           (type $t (func (param v128 i32 v128) (result v128 f32 v128)))
           (import \"m\" \"g\" (global $imported v128))
           (import \"m\" \"f\" (func $host (type $t)))
           (table 1 funcref)
           (global $constant v128 (v128.const f64x2 1 nan))
           (global $copy (mut v128) (global.get $imported))
           (func (export \"f\") (type $t) (local v128 v128)
             (global.set $copy (v128.xor (global.get $constant) (local.get 3)))
             (local.set 4 (select (global.get $copy) (local.get 0) (local.get 1)))
             (local.get 2)
             (block (param v128) (result v128)
               (loop (param v128) (result v128)
                 (i32x4.add (local.tee 3 (v128.not (local.get 4))))
                 (br_if 0 (i8x16.all_true (local.get 3)))))
             (f32.const 0)
             (if (result v128) (v128.any_true (local.get 4))
               (then (local.get 4))
               (else (global.get $copy))))
           (func (param v128) (result v128 f32 v128)
             (call $host (local.get 0) (i32.const 1) (local.get 0)))
           (func (param v128) (result v128 f32 v128)
             (call_indirect (type $t) (local.get 0) (i32.const 1) (local.get 0) (i32.const 0))))",
    );
}

/// A library call would be a relocation against a symbol from outside, and a builtin a call through
/// the context; neither is necessary for any vector instruction.
#[test]
fn baseline_code_calls_nothing() {
    let wasm = encode(&module_of_everything());
    for relaxed in [RelaxedSimd::Deterministic, RelaxedSimd::Native] {
        let profile = Profile { cpu: Cpu::Baseline, relaxed, ..Profile::default() };
        let object = Compiler::new(profile).unwrap().compile(&wasm, supported_features()).unwrap();
        let file = object::File::parse(&*object).unwrap();
        let text = file.section_by_name(".text").unwrap();
        assert_eq!(text.relocations().count(), 0);
        let section = file.section_by_name(trapline_abi::artifact::SECTION).unwrap();
        let (_, manifest, _) = trapline_abi::artifact::Header::parse(section.data().unwrap()).unwrap();
        let manifest = trapline_abi::artifact::decode_manifest(manifest).unwrap();
        assert!(manifest.functions.iter().all(|function| function.calls.is_empty()), "{relaxed:?}");
    }
}
