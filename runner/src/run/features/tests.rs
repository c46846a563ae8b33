use super::*;
use crate::engine::AotEngine;
use crate::exec::run_script;
use crate::outcome::{DirectiveRecord, OutcomeKind};
use crate::run::{default_jobs, run_with};
use crate::script::Script;
use std::ops::ControlFlow;
use std::path::Path;
use trapline_compiler::{Profile, supported_features};
use trapline_spec_tests::{Selection, Suite};

/// The core files of the official suite: of the checkout if there is one, otherwise those that are embedded.
fn core_suite() -> Vec<Script> {
    let suites = Suite::select(&Selection::Default, Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a suite");
    let files = suites.into_iter().flat_map(|suite| suite.files);
    let core = files.filter(|file| file.name.starts_with("core/"));
    core.filter_map(|file| Script::from_bytes(file.read().expect("a file").into_owned()).ok()).collect()
}

/// The outcomes of all directives of scripts.
fn outcomes(engine: &AotEngine, scripts: &[Script], features: WasmFeatures) -> Vec<Vec<OutcomeKind>> {
    let mut all = vec![Vec::new(); scripts.len()];
    let one = |at: usize| {
        let mut records: Vec<DirectiveRecord> = Vec::new();
        run_script(engine, &scripts[at], "x.wast", features.into(), &mut records);
        records.iter().map(|record| record.outcome.kind()).collect::<Vec<_>>()
    };
    run_with(default_jobs(), scripts.len(), one, &mut |at, kinds| {
        all[at] = kinds;
        ControlFlow::Continue(())
    })
    .expect("threads");
    all
}

/// What changes the outcome of directives that not every edition of the core suite has: with exact types, casts of
/// `br_on_cast.wast` are valid that are not without. `descriptors_are_off_by_default` holds it.
const CHANGES_THE_CORE: WasmFeatures = WasmFeatures::CUSTOM_DESCRIPTORS;

#[test]
fn descriptors_are_off_by_default() {
    let text = r#"(assert_invalid (module (func (result anyref) (br_on_cast 0 structref arrayref (unreachable)))) "type mismatch")"#;
    let engine = AotEngine::new("aot", Profile::default()).expect("an engine");
    let scripts = [Script::from_bytes(text.as_bytes().to_vec()).expect("a script")];
    let outcome = |features| outcomes(&engine, &scripts, features)[0][0];
    assert_eq!(outcome(default_features()), OutcomeKind::Pass);
    assert_eq!(outcome(default_features() | CHANGES_THE_CORE), OutcomeKind::Fail);
}

/// A proposal is on by default if and only if it is built and leaves the core suite as it is.
#[test]
fn everything_that_is_built_is_on_as_far_as_the_core_suite_lets_it() {
    let engine = AotEngine::new("aot", Profile::default()).expect("an engine");
    let scripts = core_suite();
    let mut features = NEWEST_EDITION.into_iter().fold(ALWAYS, WasmFeatures::union);
    let expected = outcomes(&engine, &scripts, features);
    assert!(expected.iter().flatten().filter(|kind| **kind == OutcomeKind::Pass).count() > 10_000);
    for candidate in supported_features().difference(features).difference(CHANGES_THE_CORE).iter() {
        if outcomes(&engine, &scripts, features | candidate) == expected {
            features |= candidate;
        }
    }
    assert_eq!(features, default_features());
}

#[test]
fn the_manifest_knows_the_same_newest_edition() {
    let manifest = Manifest::bundled().expect("a manifest");
    let newest = NEWEST_EDITION.into_iter().fold(ALWAYS, WasmFeatures::union);
    assert_eq!(of_suite_file(&manifest, SuiteId::Testsuite, "core/i32.wast"), newest);
}
