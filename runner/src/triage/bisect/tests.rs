use super::*;
use crate::discover::Source;
use crate::engine::{AotEngine, EngineKind, EngineSpec, HeapSettings};
use crate::expectations::Expectations;
use crate::run::Runner;
use std::sync::Arc;
use trapline_compiler::{Detour, OptLevel, Profile, WasmFeatures};
use trapline_spec_tests::Manifest;

/// A runner on which the script's module is refused if the engine is to show a difference.
fn runner(differs: bool) -> Runner {
    Runner {
        workers: None,
        engine: Arc::new(AotEngine::new("aot", Profile::default()).expect("an engine")),
        manifest: Manifest::bundled().expect("a manifest"),
        expectations: Expectations::default(),
        configuration: Arc::default(),
        reading: Default::default(),
        shows_output: false,
        overrides: if differs { vec![(WasmFeatures::SIMD, false)] } else { Vec::new() },
        command: "trapline wast".to_owned(),
    }
}

fn searched(left: Variant, right: Variant, differs: &(dyn Fn(&EngineSpec) -> bool + Sync)) -> Blame {
    let module = "(func) (func) (func) (func $v (param v128)) (func) (func) (func (export \"last\"))";
    let script = format!("(module (func))\n(module {module})");
    let input = Input { name: "a.wast".into(), source: Source::Stdin(script.as_bytes().into()) };
    let make = |spec: EngineSpec, _| Ok(runner(differs(&spec)));
    let bench = Bench { runners: &[runner(false)], variants: &[left, right], make: &make, tell: &|_| {} };
    blame(&bench, &input, 1, left, right)
}

fn variants() -> (Variant, Variant) {
    let none = Profile { opt_level: OptLevel::None, ..Profile::default() };
    (Variant::new(EngineKind::Aot, Profile::default()), Variant::new(EngineKind::Aot, none))
}

/// Whether a graft has functions of the second module, which has seven.
fn has(spec: &EngineSpec, wanted: &[u32]) -> bool {
    let graft = spec.graft.as_ref().expect("a graft");
    let of_second: Vec<_> =
        graft.functions.iter().filter(|grafted| grafted.module != hash_of_first()).collect();
    wanted.iter().all(|function| of_second.iter().any(|grafted| grafted.defined.contains(function)))
}

fn hash_of_first() -> [u8; 32] {
    *blake3::hash(&wat::parse_str("(module (func))").expect("a module")).as_bytes()
}

#[test]
fn every_function_can_be_found() {
    let (left, right) = variants();
    for function in 0..7 {
        let found = searched(left, right, &|spec| match &spec.graft {
            None => spec.profile == right.profile,
            Some(graft) => graft.profile == right.profile && has(spec, &[function]),
        });
        let name = [None, None, None, Some("v"), None, None, Some("last")][function as usize];
        let culprit = Culprit { index: function, name: name.map(str::to_owned), line: Some(2) };
        assert_eq!(found.functions, [culprit], "{found:#?}");
        assert_eq!(found.properties.as_deref(), Some("opt=none"));
    }
}

#[test]
fn functions_that_differ_only_together_are_both_named() {
    let (left, right) = variants();
    let found = searched(left, right, &|spec| match &spec.graft {
        None => spec.profile == right.profile,
        Some(graft) => graft.profile == right.profile && has(spec, &[1, 5]),
    });
    assert_eq!(found.functions.iter().map(|culprit| culprit.index).collect::<Vec<_>>(), [5, 1]);
    let wanted = "no single function is to blame: function 5 of the module at line 2 and function 1 of the module at line 2 \
                  make the difference only together";
    assert_eq!(found.conclusion, wanted);
    // Where all are needed, there are too many to name.
    let found = searched(left, right, &|spec| match &spec.graft {
        None => spec.profile == right.profile,
        Some(graft) => graft.profile == right.profile && has(spec, &[0, 1, 2, 3, 4, 5, 6]),
    });
    assert!(found.functions.is_empty() && found.conclusion.contains("more than 4"), "{found:#?}");
}

/// The variant that does not optimise is not the one in which a pass can be left out.
#[test]
fn the_pass_is_searched_for_in_the_code_that_is_optimised() {
    let (speed, none) = variants();
    for (gone, wanted) in [
        (&[Detour::NoEgraph][..], "egraph, where it removes redundant loads and stores"),
        (&[Detour::RedundantAccessesOnly, Detour::NoEgraph], "egraph, beyond redundant loads and stores"),
        (
            &[Detour::SinglePassRegisters],
            "each of these makes the difference: register allocation by backtracking",
        ),
    ] {
        for (left, right) in [(speed, none), (none, speed)] {
            // Function 3 is wrong if it is optimised and none of the passes is left out.
            let is_wrong = |profile: &Profile, detour: Option<Detour>| {
                profile.opt_level == OptLevel::Speed && detour.is_none_or(|detour| !gone.contains(&detour))
            };
            let differs = |spec: &EngineSpec| match &spec.graft {
                Some(graft) if has(spec, &[3]) => is_wrong(&graft.profile, graft.detour),
                Some(_) | None => is_wrong(&spec.profile, None),
            };
            // What is wrong is refused, on whichever side.
            let found = searched(left, right, &differs);
            assert_eq!(found.functions.len(), 1, "{found:#?}");
            assert_eq!(found.pass.as_deref(), Some(wanted), "{found:#?}");
        }
    }
}

/// That pass has no detour: it runs where the option asks for it.
#[test]
fn canonicalisation_of_nans_is_a_pass() {
    let (left, _) = variants();
    let right = left.with_canonical_nans().expect("an engine with the choice");
    let found = searched(left, right, &|spec| match &spec.graft {
        None => spec.profile == right.profile,
        Some(graft) => graft.profile == right.profile && has(spec, &[2]),
    });
    assert_eq!(found.properties.as_deref(), Some("nan=canonical"), "{found:#?}");
    assert_eq!(found.pass.as_deref(), Some("canonicalisation of NaNs"), "{found:#?}");
}

#[test]
fn what_is_no_function_is_named() {
    let (left, _) = variants();
    let stress = Variant { heap: HeapSettings { stress: true, ..HeapSettings::default() }, ..left };
    let found = searched(left, stress, &|spec| spec.heap.stress);
    assert_eq!(
        (found.functions.len(), &*found.conclusion),
        (0, "no function is to blame: it is its heap"),
        "{found:#?}"
    );
    let jit = Variant { kind: EngineKind::Jit, ..left };
    let found = searched(left, jit, &|spec| spec.kind == EngineKind::Jit);
    assert_eq!(found.conclusion, "no function is to blame: it is how its code comes into memory");
    let found = searched(left, jit, &|_| false);
    assert_eq!(found.conclusion, "it did not come again when both ran once more");
    assert_eq!(found.tried, ["jit once more: the difference is gone"]);
}
