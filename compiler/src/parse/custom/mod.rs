//! Custom sections that the specification gives a form: names and branch hints.
//!
//! Nothing in a custom section makes a module malformed or invalid (specification: "Custom Section"), so
//! compilation ignores what is wrong there. Here it is found out for those who ask.

pub(super) mod hints;
mod names;
mod spaces;

#[cfg(test)]
mod tests;

use super::{decode, not_decoded, validate};
use crate::error::CompileError;
use hints::FunctionHints;
use names::Reference;
use spaces::Spaces;
use wasmparser::{CustomSectionReader, Parser, Payload, WasmFeatures};

/// Why the custom sections of a module are refused.
#[derive(Debug, thiserror::Error)]
pub enum CustomError {
    /// The module is, without them.
    #[error(transparent)]
    Module(#[from] CompileError),
    /// One does not have the form that its name promises.
    #[error("malformed custom section at offset {offset:#x}: {message}")]
    Malformed {
        /// Where, in bytes from the start of the module.
        offset: u64,
        /// What is wrong.
        message: String,
    },
    /// One has its form and breaks a rule of its own.
    #[error("invalid custom section at offset {offset:#x}: {message}")]
    Invalid {
        /// Where, in bytes from the start of the module.
        offset: u64,
        /// What is wrong.
        message: String,
    },
}

/// A breach of the form of a section, without the section's name.
pub(super) struct Defect {
    offset: u64,
    message: String,
}

impl From<wasmparser::Error> for Defect {
    fn from(error: wasmparser::Error) -> Defect {
        Defect { offset: error.offset(), message: error.message().to_string() }
    }
}

fn malformed<T>(offset: u64, message: &str) -> Result<T, Defect> {
    Err(Defect { offset, message: message.to_owned() })
}

/// Checks the name section and the branch hints of a module, and the module too. Other custom sections may hold anything.
///
/// The rules are those of the specification's appendix "Custom Sections" and, for subsections that are newer, of the
/// proposals extended-name-section and branch-hinting. Forms and orders are rules that make a section malformed; indices
/// that nothing has, and hints for instructions that take none, make it invalid.
///
/// # Errors
///
/// The first of: the module does not decode, a section does not, the module is not valid, a section is not.
pub fn check_custom(wasm: &[u8], features: WasmFeatures) -> Result<(), CustomError> {
    decode::check(wasm, features).map_err(|error| not_decoded(wasm, error))?;
    let sections = Sections::read(wasm, features)?;
    validate(wasm, features)?;
    for function in &sections.hints {
        hints::check(function, &sections.spaces)?;
    }
    names::check(&sections.names, &sections.spaces)
}

/// What the custom sections of a module say, and what they may speak of.
#[derive(Default)]
struct Sections<'a> {
    spaces: Spaces<'a>,
    hints: Vec<FunctionHints>,
    names: Vec<Reference>,
    /// Whether there was a section of hints.
    has_hints: bool,
    /// Where a section of names begins, if there was one.
    named_at: Option<u64>,
}

impl<'a> Sections<'a> {
    /// Reads a module that decodes.
    fn read(wasm: &'a [u8], features: WasmFeatures) -> Result<Sections<'a>, CustomError> {
        let mut sections = Sections::default();
        let mut parser = Parser::new(0);
        parser.set_features(features);
        let mut has_code = false;
        for payload in parser.parse_all(wasm) {
            let payload = payload.map_err(|error| not_decoded(wasm, error.into()))?;
            match &payload {
                Payload::CustomSection(section) => sections.custom(section, has_code)?,
                Payload::Version { .. } | Payload::CodeSectionEntry(_) | Payload::End(_) => {}
                known => {
                    has_code |= matches!(known, Payload::CodeSectionStart { .. });
                    // Names come after all that can have them.
                    if let Some(offset) = sections.named_at {
                        return Err(named("@name section", Defect { offset, message: "misplaced".into() }));
                    }
                }
            }
            sections.spaces.add(payload).map_err(|error| not_decoded(wasm, error.into()))?;
        }
        Ok(sections)
    }

    fn custom(&mut self, section: &CustomSectionReader<'_>, has_code: bool) -> Result<(), CustomError> {
        let at = section.range().start;
        match section.name() {
            hints::SECTION => {
                let place = match (self.has_hints, has_code) {
                    (true, _) => malformed(at, "duplicate section"),
                    (false, true) => malformed(at, "misplaced behind the code"),
                    (false, false) => Ok(()),
                };
                self.has_hints = true;
                self.hints = place
                    .and_then(|()| hints::decode(section.data(), section.data_offset()))
                    .map_err(|error| named("@metadata.code.branch_hint section", error))?;
            }
            names::SECTION => {
                let place = match self.named_at.replace(at) {
                    Some(_) => malformed(at, "duplicate section"),
                    None => Ok(()),
                };
                self.names = place
                    .and_then(|()| names::decode(section.data(), section.data_offset()))
                    .map_err(|error| named("@name section", error))?;
            }
            _ => {}
        }
        Ok(())
    }
}

fn named(section: &str, Defect { offset, message }: Defect) -> CustomError {
    CustomError::Malformed { offset, message: format!("{section}: {message}") }
}
