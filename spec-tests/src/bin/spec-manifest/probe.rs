//! Counts a script's directives and finds the features that it is written against.

use anyhow::{Context, Result};
use wasmparser::{Validator, WasmFeatures};
use wast::parser::{self, ParseBuffer};
use wast::{QuoteWat, QuoteWatTest, Wast, WastDirective, WastExecute, Wat};

/// A module of a script and what must become of it.
struct Specimen {
    wasm: Vec<u8>,
    valid: bool,
}

/// What is known of one script.
pub(crate) struct Probe {
    /// The number of directives.
    pub(crate) directives: u32,
    specimens: Vec<Specimen>,
}

impl Probe {
    /// Parses a script.
    pub(crate) fn of(text: &str) -> Result<Probe> {
        let mut lexer = wast::lexer::Lexer::new(text);
        lexer.allow_confusing_unicode(true);
        let buffer = ParseBuffer::new_with_lexer(lexer).context("failed to lex")?;
        let script = parser::parse::<Wast>(&buffer).context("failed to parse")?;
        let directives = u32::try_from(script.directives.len())?;
        let mut specimens = Vec::new();
        for directive in script.directives {
            collect(directive, &mut specimens);
        }
        Ok(Probe { directives, specimens })
    }

    /// How many modules would be taken wrongly with these features: valid ones refused, others accepted.
    pub(crate) fn mistaken(&self, features: WasmFeatures) -> usize {
        self.specimens
            .iter()
            .filter(|specimen| {
                Validator::new_with_features(features).validate_all(&specimen.wasm).is_ok() != specimen.valid
            })
            .count()
    }

    /// The features closest to `start` with the fewest mistaken modules: one feature at a time is switched
    /// as long as that helps, then each switch that turns out not to matter is taken back.
    pub(crate) fn features(&self, start: WasmFeatures) -> (WasmFeatures, usize) {
        let mut features = start;
        let mut mistaken = self.mistaken(features);
        while mistaken > 0 {
            let best = core_features()
                .map(|(_, feature)| features.symmetric_difference(feature))
                .map(|candidate| (self.mistaken(candidate), candidate))
                .min_by_key(|(mistaken, _)| *mistaken);
            match best {
                Some((fewer, candidate)) if fewer < mistaken => (mistaken, features) = (fewer, candidate),
                _ => break,
            }
        }
        for (_, feature) in core_features() {
            let mut candidate = features;
            candidate.set(feature, start.contains(feature));
            if candidate != features && self.mistaken(candidate) <= mistaken {
                features = candidate;
            }
        }
        (features, mistaken)
    }
}

/// wasmparser's features that belong to core WebAssembly, with their names in kebab case.
pub(crate) fn core_features() -> impl Iterator<Item = (String, WasmFeatures)> {
    WasmFeatures::all()
        .iter_names()
        .map(|(name, feature)| (name.to_lowercase().replace('_', "-"), feature))
        .filter(|(name, _)| !name.starts_with("cm") && name != "component-model" && name != "floats")
}

fn collect(directive: WastDirective<'_>, specimens: &mut Vec<Specimen>) {
    match directive {
        WastDirective::Module(module) | WastDirective::ModuleDefinition(module) => {
            quoted(module, true, specimens);
        }
        WastDirective::AssertMalformed { module, .. } | WastDirective::AssertInvalid { module, .. } => {
            quoted(module, false, specimens);
        }
        WastDirective::AssertUnlinkable { module, .. } => text(module, true, specimens),
        WastDirective::AssertTrap { exec, .. }
        | WastDirective::AssertReturn { exec, .. }
        | WastDirective::AssertException { exec, .. }
        | WastDirective::AssertSuspension { exec, .. } => {
            if let WastExecute::Wat(module) = exec {
                text(module, true, specimens);
            }
        }
        WastDirective::Thread(thread) => {
            for directive in thread.directives {
                collect(directive, specimens);
            }
        }
        // Nothing of these depends on features: custom sections are not validated, the others have no module.
        WastDirective::AssertInvalidCustom { .. }
        | WastDirective::AssertMalformedCustom { .. }
        | WastDirective::ModuleInstance { .. }
        | WastDirective::Register { .. }
        | WastDirective::Invoke(_)
        | WastDirective::AssertExhaustion { .. }
        | WastDirective::Wait { .. } => {}
    }
}

fn text(mut module: Wat<'_>, valid: bool, specimens: &mut Vec<Specimen>) {
    // What does not even encode is the same under all features.
    if let Ok(wasm) = module.encode() {
        specimens.push(Specimen { wasm, valid });
    }
}

fn quoted(mut module: QuoteWat<'_>, valid: bool, specimens: &mut Vec<Specimen>) {
    let wasm = match module.to_test() {
        Ok(QuoteWatTest::Binary(wasm)) => Some(wasm),
        Ok(QuoteWatTest::Text(source)) => assemble(&source),
        Err(_) => None,
    };
    if let Some(wasm) = wasm {
        specimens.push(Specimen { wasm, valid });
    }
}

fn assemble(source: &[u8]) -> Option<Vec<u8>> {
    let source = std::str::from_utf8(source).ok()?;
    let mut lexer = wast::lexer::Lexer::new(source);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).ok()?;
    parser::parse::<Wat>(&buffer).ok()?.encode().ok()
}
