//! Bodies of functions, replaced as a whole.

use super::error::EditError;
use super::outline::{Outline, Space};
use super::write::{Rewrite, write};
use super::{Apply, Found};
use std::borrow::Cow;
use std::collections::BTreeSet;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, SectionId};
use wasmparser::CodeSectionReader;

/// The shortest valid body of every type: no locals, `unreachable`, `end`.
pub(super) const STUB: [u8; 3] = [0x00, 0x00, 0x0b];

/// Other bodies for defined functions, each by the number of its function, which ascend.
pub(super) struct Bodies {
    pub(super) bodies: Vec<(u32, Cow<'static, [u8]>)>,
}

/// The edits that make stubs of functions.
pub(super) fn find(outline: &Outline<'_>) -> Found {
    let larger = (0..outline.bodies.len()).filter(|&number| is_larger(outline, number));
    let bodies = Bodies { bodies: larger.map(|number| (number as u32, STUB.as_slice().into())).collect() };
    Found { weights: bodies.weights(outline), edits: Box::new(bodies) }
}

impl Bodies {
    /// What each of them saves.
    pub(super) fn weights(&self, outline: &Outline<'_>) -> Vec<u32> {
        let saved = |(number, body): &(u32, Cow<'_, [u8]>)| {
            outline.bodies[*number as usize].len().saturating_sub(body.len()) as u32
        };
        self.bodies.iter().map(saved).collect()
    }
}

impl Apply for Bodies {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let mut chosen = numbers.iter().map(|&number| &self.bodies[number]).peekable();
        let body = |number: usize| {
            Ok(chosen.next_if(|(other, _)| *other as usize == number).map(|(_, body)| body.to_vec()))
        };
        write(outline, &mut Replaced { outline, body })
    }
}

/// Whether a stub is smaller than a body.
fn is_larger(outline: &Outline<'_>, number: usize) -> bool {
    outline.bodies[number].len() > STUB.len()
}

/// The module in which only some functions have a body that does anything.
///
/// # Errors
///
/// If the module is malformed.
pub(super) fn stub_all_but(outline: &Outline<'_>, keep: &BTreeSet<u32>) -> Result<Vec<u8>, EditError> {
    let imported = outline.imported(Space::Function);
    let goes = |number: usize| is_larger(outline, number) && !keep.contains(&(imported + number as u32));
    let body = |number: usize| Ok(goes(number).then(|| STUB.to_vec()));
    write(outline, &mut Replaced { outline, body })
}

/// A module with other bodies: `body` gives those that differ, and is asked in the order of the functions.
pub(super) struct Replaced<'o, 'a, F> {
    pub(super) outline: &'o Outline<'a>,
    pub(super) body: F,
}

impl<F: FnMut(usize) -> Result<Option<Vec<u8>>, EditError>> Reencode for Replaced<'_, '_, F> {
    type Error = EditError;

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        _section: CodeSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        Ok(write_bodies(code, self.outline, &mut self.body)?)
    }
}

/// Writes the bodies of all functions: those that `body` gives, and the others as they are.
pub(super) fn write_bodies(
    code: &mut CodeSection,
    outline: &Outline<'_>,
    mut body: impl FnMut(usize) -> Result<Option<Vec<u8>>, EditError>,
) -> Result<(), EditError> {
    for number in 0..outline.bodies.len() {
        match body(number)? {
            Some(body) => code.raw(&body),
            None => code.raw(outline.body_bytes(number)),
        };
    }
    Ok(())
}

impl<F: FnMut(usize) -> Result<Option<Vec<u8>>, EditError>> Rewrite for Replaced<'_, '_, F> {
    fn rewrites(&self, section: SectionId) -> bool {
        section == SectionId::Code
    }
}
