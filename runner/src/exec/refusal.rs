//! Assertions that a module is refused, each by a step of its own: the decoder (or the parser of
//! the text format), the validator, the linker.
//!
//! Which step refuses is compared strictly. The texts of malformed and invalid modules are not:
//! the decoder's and the validator's own words differ from the specification's.

use super::instantiate::Refused;
use super::{Execution, Step, fail, unsupported};
use crate::engine::EngineError;
use crate::matchers;
use crate::outcome::Outcome;
use crate::script::ModuleSource;

/// What decoding and validation say of a module.
enum Checked {
    /// Its text does not parse or encode.
    MalformedText(String),
    /// Its binary does not decode.
    Malformed(String),
    /// It decodes and does not validate.
    Invalid(String),
    Valid,
}

impl<'s> Execution<'s> {
    fn check(&self, source: &ModuleSource) -> Step<Checked> {
        let wasm = match &source.wasm {
            Ok(wasm) => wasm,
            Err(refusal) => return Ok(Checked::MalformedText(refusal.to_string())),
        };
        match self.engine.validate(wasm, self.features) {
            Ok(()) => Ok(Checked::Valid),
            Err(EngineError::Malformed(message)) => Ok(Checked::Malformed(message)),
            Err(EngineError::Invalid(message)) => Ok(Checked::Invalid(message)),
            Err(EngineError::Unsupported(reason)) => Err(Outcome::Unsupported { reason }),
            Err(EngineError::Harness(message)) => Err(Outcome::HarnessError { message }),
        }
    }

    pub(super) fn assert_malformed(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        let expected = || format!("a malformed module: {text}");
        match self.check(source)? {
            Checked::MalformedText(_) | Checked::Malformed(_) => Ok(()),
            Checked::Invalid(message) => fail(expected(), format!("invalid, not malformed: {message}")),
            Checked::Valid => fail(expected(), "it decodes and is valid"),
        }
    }

    pub(super) fn assert_invalid(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        let expected = || format!("an invalid module: {text}");
        match self.check(source)? {
            Checked::Invalid(_) => Ok(()),
            Checked::MalformedText(message) | Checked::Malformed(message) => {
                fail(expected(), format!("malformed, not invalid: {message}"))
            }
            Checked::Valid => fail(expected(), "it decodes and is valid"),
        }
    }

    pub(super) fn assert_malformed_custom(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        match self.check(source)? {
            // Annotations are read where the text is, and their custom sections with them.
            Checked::MalformedText(_) => Ok(()),
            Checked::Malformed(message) | Checked::Invalid(message) => fail(
                format!("a module with a malformed custom section: {text}"),
                format!("refused for another reason: {message}"),
            ),
            Checked::Valid => unsupported("the content of custom sections is not checked"),
        }
    }

    pub(super) fn assert_invalid_custom(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        match self.check(source)? {
            Checked::MalformedText(message) | Checked::Malformed(message) | Checked::Invalid(message) => {
                fail(
                    format!("a module with an invalid custom section: {text}"),
                    format!("refused for another reason: {message}"),
                )
            }
            Checked::Valid => unsupported("the content of custom sections is not checked"),
        }
    }

    pub(super) fn assert_unlinkable(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        let expected = format!("a link error: {text}");
        let module = self.compile(source, &expected)?;
        match self.instantiate(&module) {
            Err(Refused::Link(message)) if matchers::is_prefix(text, &message) => Ok(()),
            Err(Refused::Link(message)) => fail(expected, message),
            Err(Refused::Trap(report)) => {
                let trap = self.note_trap(&report);
                fail(expected, trap)
            }
            Err(Refused::Other(outcome)) => Err(outcome),
            Ok(_) => fail(expected, "it was instantiated"),
        }
    }
}
