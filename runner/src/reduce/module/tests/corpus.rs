//! All modules of the official suite and of the regressions, through all levels.

use super::super::{Edits, Level, stub_all_but, with_coverage, with_results};
use super::is_valid;
use crate::discover::{Request, discover};
use crate::script::{DirectiveKind, Script};
use std::collections::{BTreeSet, HashSet};
use std::convert::Infallible;
use std::ops::Range;
use std::path::Path;
use trapline_compiler::module_features;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ImportSection, Module, SectionId};
use wasmparser::{CustomSectionReader, ImportSectionReader, Parser};

/// The modules, with their places: valid ones, and those that are invalid or refused for another reason.
fn modules() -> [Vec<(String, Vec<u8>)>; 2] {
    let place = Path::new(env!("CARGO_MANIFEST_DIR"));
    let inputs = discover(&Request::default(), place).expect("scripts").inputs;
    let mut modules = [Vec::new(), Vec::new()];
    // Proposals repeat most of the files of the suite.
    let mut seen = HashSet::new();
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
            if let Ok(wasm) = &source.wasm
                && seen.insert(wasm.clone())
            {
                let place = format!("{}:{}", input.name, directive.line);
                modules[usize::from(!is_valid(wasm))].push((place, wasm.clone()));
            }
        }
    }
    modules
}

/// Encodes a module without what equivalent ones can differ in: custom sections, which can be malformed in a valid module,
/// and groups of imports.
struct Normal;

impl Reencode for Normal {
    type Error = Infallible;

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        for import in section.into_imports() {
            let import = import?;
            imports.import(import.module, import.name, self.entity_type(import.ty)?);
        }
        Ok(())
    }
}

/// What equivalent modules have in common: their sections as the encoder writes them, without empty ones.
fn normal(wasm: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut module = Module::new();
    let mut parser = Parser::new(0);
    parser.set_features(module_features());
    Normal.parse_core_module(&mut module, parser.clone(), wasm).expect("a module");
    let encoded = module.finish();
    let sections = parser.parse_all(&encoded).filter_map(|payload| payload.expect("a section").as_section());
    let contents = |range: Range<u64>| encoded[range.start as usize..range.end as usize].to_vec();
    let all = sections.map(|(id, range)| (id, contents(range)));
    all.filter(|(id, contents)| *id == SectionId::Start as u8 || *contents != [0]).collect()
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
        let [mut tried, mut held] = [0, 0];
        for (place, wasm) in &valid {
            let context = || format!("{place}, {}", level.name());
            let edits = Edits::new(wasm, module_features(), level)
                .unwrap_or_else(|error| panic!("{}: {error}", context()));
            let none = edits.apply(&[]).unwrap_or_else(|error| panic!("{}: {error}", context()));
            assert!(is_valid(&none), "{}", context());
            assert_eq!(normal(&none), normal(wasm), "{}", context());
            for choice in choices(edits.weights().len(), &mut random) {
                tried += 1;
                let edited = edits.apply(&choice).unwrap_or_else(|error| panic!("{}: {error}", context()));
                held += usize::from(is_valid(&edited));
            }
        }
        assert!(held * 10 >= tried * 9, "{}: {held} of {tried} candidates are valid", level.name());
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
        let results =
            with_results(wasm, module_features()).unwrap_or_else(|error| panic!("{place}: {error}"));
        assert!(is_valid(&results.wasm), "{place}: results");
        let stubbed = stub_all_but(wasm, module_features(), &BTreeSet::new());
        let stubbed = stubbed.unwrap_or_else(|error| panic!("{place}: {error}"));
        assert!(is_valid(&stubbed) && stubbed.len() <= wasm.len(), "{place}: stubs");
    }
}
