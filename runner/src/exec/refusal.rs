//! Assertions that a module is refused, each by a step of its own: the decoder (or the parser of
//! the text format), the validator, the linker.
//!
//! Which step refuses is compared strictly. The texts of malformed and invalid modules are not:
//! the decoder's and the validator's own words differ from the specification's.

use super::instantiate::settled;
use super::{Execution, Step, fail, unsupported};
use crate::executor::{EngineError, Failure};
use crate::matchers;
use crate::outcome::Outcome;
use crate::script::ModuleSource;
use crate::trail::{Got, Refusal, Wanted};

/// What decoding and validation say of a module.
enum Checked {
    /// Its text does not parse or encode.
    MalformedText(Refusal),
    /// Its binary does not decode.
    Malformed(Refusal),
    /// It decodes and does not validate.
    Invalid(Refusal),
    Valid,
}

impl Checked {
    /// The module where another verdict was wanted.
    fn got(self) -> Got {
        match self {
            Checked::MalformedText(refusal) => Got::RefusedText(Box::new(refusal)),
            Checked::Malformed(refusal) | Checked::Invalid(refusal) => Got::Refused(Box::new(refusal)),
            Checked::Valid => Got::Valid,
        }
    }
}

impl<'s> Execution<'s> {
    /// A limit of the implementation is not a verdict: the directive is unsupported then.
    fn check(&self, source: &ModuleSource) -> Step<Checked> {
        let wasm = match &source.wasm {
            Ok(wasm) => wasm,
            Err(refusal) => return Ok(Checked::MalformedText(refusal.into())),
        };
        match self.engine.validate(wasm, self.features) {
            Ok(()) => Ok(Checked::Valid),
            Err(EngineError::Malformed(refusal)) => Ok(Checked::Malformed(refusal)),
            Err(EngineError::Invalid(refusal)) => Ok(Checked::Invalid(refusal)),
            Err(EngineError::Unsupported(lack)) => Err(Outcome::lack(lack)),
            Err(EngineError::Harness(refusal)) => Err(Outcome::harness(refusal)),
        }
    }

    pub(super) fn assert_malformed(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        match self.check(source)? {
            Checked::MalformedText(_) | Checked::Malformed(_) => Ok(()),
            other @ (Checked::Invalid(_) | Checked::Valid) => {
                fail(Wanted::Malformed(text.to_owned()), other.got())
            }
        }
    }

    pub(super) fn assert_invalid(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        match self.check(source)? {
            Checked::Invalid(_) => Ok(()),
            other @ (Checked::MalformedText(_) | Checked::Malformed(_) | Checked::Valid) => {
                fail(Wanted::Invalid(text.to_owned()), other.got())
            }
        }
    }

    pub(super) fn assert_malformed_custom(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        match self.check(source)? {
            // Annotations are read where the text is, and their custom sections with them.
            Checked::MalformedText(_) => Ok(()),
            other @ (Checked::Malformed(_) | Checked::Invalid(_)) => {
                fail(Wanted::MalformedCustom(text.to_owned()), other.got())
            }
            Checked::Valid => unsupported("the content of custom sections is not checked"),
        }
    }

    pub(super) fn assert_invalid_custom(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        match self.check(source)? {
            other @ (Checked::MalformedText(_) | Checked::Malformed(_) | Checked::Invalid(_)) => {
                fail(Wanted::InvalidCustom(text.to_owned()), other.got())
            }
            Checked::Valid => unsupported("the content of custom sections is not checked"),
        }
    }

    pub(super) fn assert_unlinkable(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        let wanted = || Wanted::Unlinkable(text.to_owned());
        let module = self.compile(source, &wanted())?;
        match self.instantiate(&module)? {
            Err(Failure::Link(refusal)) if matchers::is_prefix(text, &refusal.message) => Ok(()),
            Err(Failure::Link(refusal)) => fail(wanted(), Got::Unlinkable(Box::new(refusal))),
            Err(Failure::Exception(exception)) => {
                let got = self.note_exception(exception);
                fail(wanted(), got)
            }
            Err(Failure::Trap(trap)) => {
                let got = self.note_trap(trap);
                fail(wanted(), got)
            }
            Err(other) => Err(settled(other)),
            Ok(_) => fail(wanted(), Got::Instantiated),
        }
    }
}
