//! Types, made simpler: without supertypes, and without subtypes.

use super::error::EditError;
use super::outline::Outline;
use super::write::{Rewrite, write};
use super::{Apply, Found};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{SectionId, SubType};

/// An edit of a type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Edit {
    /// It has no supertype.
    WithoutSupertype(u32),
    /// It can have no subtypes.
    Final(u32),
}

/// The edits.
struct Types {
    edits: Vec<Edit>,
}

/// The edits that simplify types.
pub(super) fn find(outline: &Outline<'_>) -> Found {
    let mut edits = Vec::new();
    for (number, ty) in (0..).zip(&outline.types) {
        if !ty.supertype_idxs.is_empty() {
            edits.push(Edit::WithoutSupertype(number));
        }
    }
    for (number, ty) in (0..).zip(&outline.types) {
        if !ty.is_final {
            edits.push(Edit::Final(number));
        }
    }
    Found { weights: vec![1; edits.len()], edits: Box::new(Types { edits }) }
}

impl Apply for Types {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let chosen = numbers.iter().map(|&number| self.edits[number]).collect();
        write(outline, &mut Simpler { chosen, next: 0 })
    }
}

struct Simpler {
    /// Ascending, as the edits are.
    chosen: Vec<Edit>,
    /// The type that is next.
    next: u32,
}

impl Reencode for Simpler {
    type Error = EditError;

    fn sub_type(&mut self, ty: wasmparser::SubType) -> Result<SubType, Error<EditError>> {
        let mut ty = utils::sub_type(self, ty)?;
        if self.chosen.binary_search(&Edit::WithoutSupertype(self.next)).is_ok() {
            ty.supertype_idxs.clear();
        }
        ty.is_final |= self.chosen.binary_search(&Edit::Final(self.next)).is_ok();
        self.next += 1;
        Ok(ty)
    }
}

impl Rewrite for Simpler {
    fn rewrites(&self, section: SectionId) -> bool {
        section == SectionId::Type
    }
}
