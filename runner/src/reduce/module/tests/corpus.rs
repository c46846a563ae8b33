//! All modules of the official suite and of the regressions, through all levels.

use super::super::{Edits, Level, stub_all_but, with_coverage};
use super::is_valid;
use crate::discover::{Request, discover};
use crate::script::{DirectiveKind, Script};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::path::Path;
use trapline_compiler::module_features;
use wasm_encoder::Module;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{CustomSectionReader, Parser};

/// The modules, with their places: valid ones, and those that are invalid or refused for another reason.
fn modules() -> [Vec<(String, Vec<u8>)>; 2] {
    let place = Path::new(env!("CARGO_MANIFEST_DIR"));
    let inputs = discover(&Request::default(), place).expect("scripts").inputs;
    let mut modules = [Vec::new(), Vec::new()];
    for input in inputs {
        let content = input.read().expect("a script").into_owned();
        let Ok(script) = Script::from_bytes(content) else { continue };
        for directive in script.directives() {
            let source = match &directive.kind {
                DirectiveKind::Module(source) | DirectiveKind::ModuleDefinition(source) => source,
                DirectiveKind::AssertInvalid { module, .. }
                | DirectiveKind::AssertMalformed { module, .. }
                | DirectiveKind::AssertUnlinkable { module, .. } => module,
                _ => continue,
            };
            if let Ok(wasm) = &source.wasm {
                let place = format!("{}:{}", input.name, directive.line);
                modules[usize::from(!is_valid(wasm))].push((place, wasm.clone()));
            }
        }
    }
    modules
}

/// Drops custom sections, which can be malformed in a valid module.
struct Normal;

impl Reencode for Normal {
    type Error = Infallible;

    fn parse_custom_section(
        &mut self,
        _module: &mut Module,
        _section: CustomSectionReader<'_>,
    ) -> Result<(), Error> {
        Ok(())
    }
}

/// A module as the encoder writes it: what two equivalent ones have in common.
fn normal(wasm: &[u8]) -> Vec<u8> {
    let mut module = Module::new();
    let mut parser = Parser::new(0);
    parser.set_features(module_features());
    Normal.parse_core_module(&mut module, parser, wasm).expect("a module");
    module.finish()
}

/// Some choices of the edits: none, all, each of a few, and a few random subsets.
fn choices(count: usize, random: &mut fastrand::Rng) -> Vec<Vec<usize>> {
    let mut choices = vec![(0..count).collect()];
    choices.extend((0..count.min(4)).map(|_| vec![random.usize(..count)]));
    choices.extend((0..3).map(|_| (0..count).filter(|_| random.bool()).collect()));
    choices
}

#[test]
fn every_level_edits_every_valid_module() {
    let [valid, _] = modules();
    assert!(valid.len() > 1000, "{}", valid.len());
    let mut random = fastrand::Rng::with_seed(15);
    for &level in Level::ALL {
        let [mut tried, mut held, mut errors] = [0, 0, 0];
        for (place, wasm) in &valid {
            let context = || format!("{place}, {}", level.name());
            let edits = Edits::new(wasm, module_features(), level)
                .unwrap_or_else(|error| panic!("{}: {error}", context()));
            let none = edits.apply(&[]).unwrap_or_else(|error| panic!("{}: {error}", context()));
            assert!(is_valid(&none), "{}", context());
            if normal(&none) != normal(wasm) {
                eprintln!("differs {}", context());
            }
            for choice in choices(edits.weights().len(), &mut random) {
                tried += 1;
                match edits.apply(&choice) {
                    Ok(edited) => held += usize::from(is_valid(&edited)),
                    Err(error) => {
                        eprintln!("{} {error}", context());
                        errors += 1;
                    }
                }
            }
        }
        eprintln!("{}: {held} of {tried} valid, {errors} errors", level.name());
    }
}

#[test]
fn no_level_panics_on_an_invalid_module() {
    let [_, invalid] = modules();
    assert!(invalid.len() > 1000, "{}", invalid.len());
    let mut edited = 0;
    for (_, wasm) in &invalid {
        for &level in Level::ALL {
            let Ok(edits) = Edits::new(wasm, module_features(), level) else { continue };
            let all: Vec<usize> = (0..edits.weights().len()).collect();
            edited += usize::from(edits.apply(&all).is_ok());
        }
    }
    assert!(edited > 1000, "levels that need no types edit modules whose bodies are invalid: {edited}");
}

#[test]
fn every_valid_module_can_be_stubbed_and_covered() {
    let [valid, _] = modules();
    for (place, wasm) in &valid {
        let coverage =
            with_coverage(wasm, module_features()).unwrap_or_else(|error| panic!("{place}: {error}"));
        assert!(is_valid(&coverage.wasm), "{place}: coverage");
        let stubbed = stub_all_but(wasm, module_features(), &BTreeSet::new());
        let stubbed = stubbed.unwrap_or_else(|error| panic!("{place}: {error}"));
        assert!(is_valid(&stubbed) && stubbed.len() <= wasm.len(), "{place}: stubs");
    }
}
