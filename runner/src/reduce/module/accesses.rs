//! Accesses of memories: their offsets and alignments, made zero.

use super::Found;
use super::error::EditError;
use super::outline::Outline;
use super::splice::Splices;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{Encode, MemArg};

/// The edits: for each access, one for its offset and one for its alignment.
pub(super) fn find(outline: &Outline<'_>) -> Result<Found, EditError> {
    let mut splices = Splices::default();
    for number in 0..outline.bodies.len() {
        for placed in outline.operators(number)? {
            let (operator, range) = placed?;
            let now = &outline.wasm[range.start as usize..range.end as usize];
            let Some(parts) = parts(now[0]) else { continue };
            for &part in parts {
                let mut simpler = Simpler { part, changed: false };
                let instruction = simpler.instruction(operator.clone())?;
                if simpler.changed {
                    let mut bytes = Vec::with_capacity(now.len());
                    instruction.encode(&mut bytes);
                    splices.replace(range.clone(), &bytes);
                }
            }
        }
    }
    Ok(splices.found())
}

/// A part of an access.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Offset,
    Alignment,
}

/// What can be made zero of an operator that begins with a byte, if it can be an access. The alignment of an atomic access
/// is fixed.
fn parts(first: u8) -> Option<&'static [Part]> {
    match first {
        0x28..=0x3e | 0xfd => Some(&[Part::Offset, Part::Alignment]),
        0xfe => Some(&[Part::Offset]),
        _ => None,
    }
}

struct Simpler {
    part: Part,
    changed: bool,
}

impl Reencode for Simpler {
    type Error = EditError;

    fn mem_arg(&mut self, access: wasmparser::MemArg) -> Result<MemArg, Error<EditError>> {
        let mut access = utils::mem_arg(self, access)?;
        match self.part {
            Part::Offset => self.changed = std::mem::take(&mut access.offset) != 0,
            Part::Alignment => self.changed = std::mem::take(&mut access.align) != 0,
        }
        Ok(access)
    }
}
