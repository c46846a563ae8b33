//! Counts a script's directives and finds the features that it is written against.

use anyhow::{Context, Result};
use trapline_compiler::{CompileError, WasmFeatures, validate};
use trapline_spec_tests::unfold;
use wast::parser::{self, ParseBuffer};
use wast::{QuoteWat, QuoteWatTest, Wast, WastDirective, WastExecute, Wat};

/// A module of a script and what must become of it.
struct Specimen {
    wasm: Vec<u8>,
    verdict: Verdict,
}

/// What decoder and validator say of a module.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Valid,
    Invalid,
    Malformed,
    /// Refused for another reason, which nothing in a script asks for.
    Other,
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
        let unfolded = unfold(text)?;
        let mut lexer = wast::lexer::Lexer::new(unfolded.text());
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

    /// How many modules would be taken for something else than the script does with these features.
    pub(crate) fn mistaken(&self, features: WasmFeatures) -> usize {
        let taken_for = |specimen: &Specimen| match validate(&specimen.wasm, features) {
            Ok(()) => Verdict::Valid,
            Err(CompileError::Invalid { .. }) => Verdict::Invalid,
            Err(CompileError::Malformed { .. }) => Verdict::Malformed,
            Err(_) => Verdict::Other,
        };
        self.specimens.iter().filter(|specimen| taken_for(specimen) != specimen.verdict).count()
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

/// The features that belong to core WebAssembly, with their names in kebab case.
pub(crate) fn core_features() -> impl Iterator<Item = (String, WasmFeatures)> {
    WasmFeatures::all()
        .iter_names()
        .map(|(name, feature)| (name.to_lowercase().replace('_', "-"), feature))
        .filter(|(name, _)| !name.starts_with("cm") && name != "component-model" && name != "floats")
}

fn collect(directive: WastDirective<'_>, specimens: &mut Vec<Specimen>) {
    match directive {
        WastDirective::Module(module) | WastDirective::ModuleDefinition(module) => {
            quoted(module, Verdict::Valid, specimens);
        }
        WastDirective::AssertMalformed { module, .. } => quoted(module, Verdict::Malformed, specimens),
        WastDirective::AssertInvalid { module, .. } => quoted(module, Verdict::Invalid, specimens),
        WastDirective::AssertUnlinkable { module, .. } => text(module, Verdict::Valid, specimens),
        WastDirective::AssertTrap { exec, .. }
        | WastDirective::AssertReturn { exec, .. }
        | WastDirective::AssertException { exec, .. }
        | WastDirective::AssertSuspension { exec, .. } => {
            if let WastExecute::Wat(module) = exec {
                text(module, Verdict::Valid, specimens);
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

fn text(mut module: Wat<'_>, verdict: Verdict, specimens: &mut Vec<Specimen>) {
    // What does not even encode is the same under all features.
    if let Ok(wasm) = module.encode() {
        specimens.push(Specimen { wasm, verdict });
    }
}

fn quoted(mut module: QuoteWat<'_>, verdict: Verdict, specimens: &mut Vec<Specimen>) {
    let wasm = match module.to_test() {
        Ok(QuoteWatTest::Binary(wasm)) => Some(wasm),
        Ok(QuoteWatTest::Text(source)) => assemble(&source),
        Err(_) => None,
    };
    if let Some(wasm) = wasm {
        specimens.push(Specimen { wasm, verdict });
    }
}

fn assemble(source: &[u8]) -> Option<Vec<u8>> {
    let unfolded = unfold(std::str::from_utf8(source).ok()?).ok()?;
    let mut lexer = wast::lexer::Lexer::new(unfolded.text());
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).ok()?;
    parser::parse::<Wat>(&buffer).ok()?.encode().ok()
}
