//! Assertions that a module is refused, each by a step of its own: the decoder (or the parser of
//! the text format), the validator, the linker.
//!
//! Which step refuses is compared strictly. The texts of malformed and invalid modules are not:
//! the decoder's and the validator's own words differ from the specification's. Those of custom sections and
//! annotations are compared, word by word: a text is the beginning of the message.

use super::instantiate::settled;
use super::{Execution, Step, fail};
use crate::executor::{CustomRefusal, EngineError, Failure};
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

/// What decoding and validation say of a module and its custom sections.
enum CheckedCustom {
    /// What they say of the module itself, with nothing wrong in a custom section as far as that was looked at.
    Module(Checked),
    /// An annotation of its text is malformed or misplaced.
    MalformedAnnotation(Refusal),
    /// A custom section does not decode.
    Malformed(Refusal),
    /// A custom section decodes and is not valid.
    Invalid(Refusal),
}

impl CheckedCustom {
    /// The module where another verdict was wanted.
    fn got(self) -> Got {
        match self {
            CheckedCustom::Module(checked) => checked.got(),
            CheckedCustom::MalformedAnnotation(refusal) => Got::RefusedText(Box::new(refusal)),
            CheckedCustom::Malformed(refusal) | CheckedCustom::Invalid(refusal) => {
                Got::RefusedCustom(Box::new(refusal))
            }
        }
    }
}

/// A limit of the implementation is not a verdict: the directive is unsupported then.
fn checked(verdict: Result<(), EngineError>) -> Step<Checked> {
    match verdict {
        Ok(()) => Ok(Checked::Valid),
        Err(EngineError::Malformed(refusal)) => Ok(Checked::Malformed(refusal)),
        Err(EngineError::Invalid(refusal)) => Ok(Checked::Invalid(refusal)),
        Err(EngineError::Unsupported(lack)) => Err(Outcome::lack(lack)),
        Err(EngineError::Harness(refusal)) => Err(Outcome::harness(refusal)),
    }
}

impl<'s> Execution<'s> {
    fn check(&self, source: &ModuleSource) -> Step<Checked> {
        let wasm = match &source.wasm {
            Ok(wasm) => wasm,
            Err(refusal) => return Ok(Checked::MalformedText(refusal.into())),
        };
        checked(self.engine.validate(wasm, self.terms.features))
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

    /// As [`Execution::check`], of the custom sections too.
    fn check_custom(&self, source: &ModuleSource) -> Step<CheckedCustom> {
        let wasm = match &source.wasm {
            Ok(wasm) => wasm,
            Err(refusal) if refusal.in_annotation => {
                return Ok(CheckedCustom::MalformedAnnotation(refusal.into()));
            }
            Err(refusal) => return Ok(CheckedCustom::Module(Checked::MalformedText(refusal.into()))),
        };
        match self.engine.check_custom(wasm, self.terms.features) {
            Ok(()) => Ok(CheckedCustom::Module(Checked::Valid)),
            Err(CustomRefusal::Malformed(refusal)) => Ok(CheckedCustom::Malformed(refusal)),
            Err(CustomRefusal::Invalid(refusal)) => Ok(CheckedCustom::Invalid(refusal)),
            Err(CustomRefusal::Module(error)) => checked(Err(error)).map(CheckedCustom::Module),
        }
    }

    pub(super) fn assert_malformed_custom(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        match self.check_custom(source)? {
            CheckedCustom::MalformedAnnotation(refusal) | CheckedCustom::Malformed(refusal)
                if matchers::names_custom_error(text, &refusal.message) =>
            {
                Ok(())
            }
            other => fail(Wanted::MalformedCustom(text.to_owned()), other.got()),
        }
    }

    pub(super) fn assert_invalid_custom(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        match self.check_custom(source)? {
            CheckedCustom::Invalid(refusal) if matchers::names_custom_error(text, &refusal.message) => Ok(()),
            other => fail(Wanted::InvalidCustom(text.to_owned()), other.got()),
        }
    }

    pub(super) fn assert_unlinkable(&mut self, source: &ModuleSource, text: &str) -> Step<()> {
        let wanted = || Wanted::Unlinkable(text.to_owned());
        let module = self.compile(source, &wanted())?;
        match self.instantiate(&module)? {
            Err(Failure::Link(failure)) if matchers::names_link_error(text, &failure, self.terms.reading) => {
                Ok(())
            }
            Err(Failure::Link(failure)) => fail(wanted(), Got::Unlinkable(Box::new(failure.refusal))),
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
