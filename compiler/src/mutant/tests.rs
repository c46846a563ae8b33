use super::*;
use crate::{Compiler, Profile, supported_features};
use std::collections::BTreeSet;
use trapline_abi::FuncIndex;

const TEXT: &str = r#"(module
  (memory 1)
  (func $f (param i32 i32) (result i32)
    (if (result i32) (i32.lt_s (local.get 0) (i32.const 7))
      (then (i32.sub (local.get 0) (i32.load8_s offset=3 (local.get 1))))
      (else (i32.const -1))))
  (func $g (param i32) (result i32)
    (block (block (br_table 0 1 (local.get 0))) (return (i32.const 3)))
    (i32.mul (local.get 0) (i32.const 1))))"#;

fn examined(changes: &[ClifChange]) -> Vec<(ClifMutant, Examined)> {
    let wasm = wat::parse_str(TEXT).unwrap();
    let compiler = Compiler::new(Profile::default()).unwrap();
    let mutants = compiler.mutants(&wasm, supported_features()).unwrap();
    let all: Vec<_> = mutants.all().filter(|mutant| changes.contains(&mutant.change)).collect();
    all.into_iter().map(|mutant| (mutant, mutants.examine(mutant).unwrap())).collect()
}

#[test]
fn every_change_is_there_and_shown() {
    let all: Vec<_> = ClifChange::all().collect();
    let found: BTreeSet<ClifChange> = examined(&all).iter().map(|(mutant, _)| mutant.change).collect();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), all);
    let shown: Vec<String> = examined(&[ClifChange::Boundary, ClifChange::Edges])
        .into_iter()
        .map(|(mutant, it)| format!("{}: {} -> {}", mutant.function, it.before, it.after))
        .collect();
    let wanted = [
        "0: v5 = icmp.i32 slt v1, v4  ; v4 = 7 -> v5 = icmp.i32 sle v1, v4  ; v4 = 7",
        "0: brif.i32 v6, block2, block3 -> brif.i32 v6, block3, block2",
        "1: br_table v1, block2, [block3] -> br_table v1, block3, [block2]",
    ];
    assert_eq!(shown, wanted);
}

#[test]
fn a_mutant_is_compiled_by_its_text_and_in_its_module_only() {
    let wasm = wat::parse_str(TEXT).unwrap();
    let other = wat::parse_str("(module (func $f (param i32) (result i32) (local.get 0)))").unwrap();
    let compile = |mutant: Option<ClifMutant>, wasm: &[u8]| {
        let profile = Profile { mutant, ..Profile::default() };
        Compiler::new(profile).unwrap().compile(wasm, supported_features())
    };
    let [own, of_other] = [&wasm, &other].map(|wasm| compile(None, wasm).unwrap());
    let mut viable = 0;
    for (mutant, examined) in examined(&[ClifChange::Operator, ClifChange::Operands, ClifChange::Zero]) {
        let read: ClifMutant = mutant.to_string().parse().unwrap();
        assert_eq!(read, mutant);
        let code = compile(Some(read), &wasm).unwrap();
        // Equivalent code may still have other offsets recorded.
        assert!(code != own || examined.viability == Viability::Equivalent, "{mutant} {examined:#?}");
        viable += usize::from(code != own);
        assert!(compile(Some(read), &other).unwrap() == of_other);
    }
    assert!(viable > 3, "{viable}");
    let wrong = ClifMutant { instruction: 1000, ..examined(&[ClifChange::Zero])[0].0 };
    assert!(compile(Some(wrong), &wasm).unwrap_err().to_string().contains("there is no instruction 1000"));
    for function in [2, 999] {
        let elsewhere = ClifMutant { function: FuncIndex::new(function), ..wrong };
        let error = compile(Some(elsewhere), &wasm).unwrap_err().to_string();
        assert!(error.contains("the module defines no function"), "{error}");
    }
    for bad in ["", "1:2:3", "x:1:2:zero", "1:1:2:nothing", "1:1:2:zero:4"] {
        assert!(bad.parse::<ClifMutant>().is_err(), "{bad}");
    }
}

#[test]
fn equal_code_is_equivalent() {
    let text = "(module (func (param i32) (result i32) (i32.and (i32.mul (local.get 0) (i32.const 0)) (i32.const 0))))";
    let wasm = wat::parse_str(text).unwrap();
    let compiler = Compiler::new(Profile::default()).unwrap();
    let mutants = compiler.mutants(&wasm, supported_features()).unwrap();
    let of = |change| mutants.all().find(|mutant| mutant.change == change);
    // The product is not needed, whatever it is of.
    let product = mutants.examine(of(ClifChange::Increment).unwrap()).unwrap();
    assert_eq!(product.viability, Viability::Equivalent, "{product:#?}");
    let sum = mutants.all().filter(|mutant| mutant.change == ClifChange::Increment).nth(1).unwrap();
    assert_eq!(mutants.examine(ClifMutant { module: 0, ..sum }), None);
}

#[test]
fn what_is_next_to_a_number_is_one() {
    let text = "(module (func (result f32 f64 f32) (f32.const -0) (f64.const inf) (f32.const nan)))";
    let wasm = wat::parse_str(text).unwrap();
    let compiler = Compiler::new(Profile::default()).unwrap();
    let mutants = compiler.mutants(&wasm, supported_features()).unwrap();
    let stepped = |change| {
        let of = mutants.all().filter(|mutant| mutant.change == change);
        let shown = of.map(|mutant| mutants.examine(mutant).unwrap().after);
        shown.filter(|after| after.contains("const")).collect::<Vec<_>>()
    };
    let (up, down) = (stepped(ClifChange::Increment), stepped(ClifChange::Decrement));
    // Zero has a neighbour of larger magnitude only, infinity of smaller magnitude only, and NaNs have none.
    assert!(matches!(&*up, [zero] if zero.contains("-0x0.000002p-126")), "{up:?}");
    assert!(matches!(&*down, [infinity] if infinity.contains("0x1.fffffffffffffp1023")), "{down:?}");
}
