//! Bodies of functions, replaced as a whole.

use super::error::EditError;
use super::outline::{Outline, Space};
use super::write::{Rewrite, write};
use super::{Apply, Found};
use std::collections::BTreeSet;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, SectionId};
use wasmparser::CodeSectionReader;

/// The shortest valid body of every type: no locals, `unreachable`, `end`.
pub(super) const STUB: [u8; 3] = [0x00, 0x00, 0x0b];

/// The defined functions that have something a stub has not.
pub(super) struct Bodies {
    functions: Vec<u32>,
}

/// The edits that make stubs of functions.
pub(super) fn find(outline: &Outline<'_>) -> Found {
    let larger = |&number: &u32| is_larger(outline, number as usize);
    let functions: Vec<u32> = (0..outline.bodies.len() as u32).filter(larger).collect();
    let weight = |&number: &u32| outline.bodies[number as usize].len().saturating_sub(STUB.len()) as u32;
    Found { weights: functions.iter().map(weight).collect(), edits: Box::new(Bodies { functions }) }
}

impl Apply for Bodies {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let mut stubs = numbers.iter().map(|&number| self.functions[number] as usize).peekable();
        let body = |number: usize| Ok(stubs.next_if_eq(&number).map(|_| STUB.to_vec()));
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
