//! Bytes of data segments: cut off at the ends of their segment, else zeroed.

use super::error::EditError;
use super::offset::{Offset, chosen_of, ends};
use super::outline::Outline;
use super::write::{Rewrite, write};
use super::{Apply, Found};
use std::ops::Range;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{DataSection, SectionId};
use wasmparser::{Data, DataKind, DataSectionReader};

/// How many parts a segment is divided into: the next round divides what is left of it again.
const PARTS: usize = 16;

/// The edits: one for each part of a segment.
struct Parts {
    /// Segment and part of each edit.
    parts: Vec<(u32, u32)>,
    /// Whether ends are cut off, or only zeroed.
    cuts: bool,
}

/// The edits that cut the ends of segments off and zero what is between them.
pub(super) fn find_cuts(outline: &Outline<'_>) -> Result<Found, EditError> {
    find(outline, true)
}

/// The edits that zero bytes: the sizes of segments stay.
pub(super) fn find_zeros(outline: &Outline<'_>) -> Result<Found, EditError> {
    find(outline, false)
}

fn find(outline: &Outline<'_>, cuts: bool) -> Result<Found, EditError> {
    let mut parts = Vec::new();
    let mut weights = Vec::new();
    for (segment, data) in (0..).zip(outline.entries::<Data<'_>>(SectionId::Data)?) {
        let data = data?;
        let count = data.data.len().min(PARTS);
        for part in 0..count {
            let bytes = &data.data[range(data.data.len(), part)];
            let first = part == 0 && Offset::of_data(&data.kind).is_some();
            if !is_zero(bytes) || cuts && (first || part + 1 == count) {
                parts.push((segment, part as u32));
                weights.push(bytes.len() as u32);
            }
        }
    }
    Ok(Found { weights, edits: Box::new(Parts { parts, cuts }) })
}

/// The bytes of a part of a segment.
fn range(len: usize, part: usize) -> Range<usize> {
    let count = len.clamp(1, PARTS);
    len * part / count..len * (part + 1) / count
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| byte == 0)
}

impl Apply for Parts {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let chosen = numbers.iter().map(|&number| self.parts[number]).collect();
        write(outline, &mut Cut { chosen, cuts: self.cuts })
    }
}

struct Cut {
    chosen: Vec<(u32, u32)>,
    cuts: bool,
}

impl Reencode for Cut {
    type Error = EditError;

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        section: DataSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (segment, datum) in (0..).zip(section) {
            let datum = datum?;
            let chosen = chosen_of(&self.chosen, segment);
            if chosen.is_empty() {
                self.parse_data(data, datum)?;
            } else {
                self.cut(data, datum, &chosen)?;
            }
        }
        Ok(())
    }
}

impl Cut {
    fn cut(
        &mut self,
        data: &mut DataSection,
        datum: Data<'_>,
        chosen: &[usize],
    ) -> Result<(), Error<EditError>> {
        let mut bytes = datum.data.to_vec();
        let count = bytes.len().min(PARTS);
        let mut goes = vec![false; count];
        for &part in chosen {
            goes[part] = true;
            bytes[range(datum.data.len(), part)].fill(0);
        }
        let offset = Offset::of_data(&datum.kind);
        let mut kept = 0..bytes.len();
        if self.cuts {
            let empty: Vec<bool> =
                (0..count).map(|part| is_zero(&datum.data[range(bytes.len(), part)])).collect();
            let parts = ends(&goes, &empty, offset.is_some());
            kept = match parts.is_empty() {
                true => 0..0,
                false => range(bytes.len(), parts.start).start..range(bytes.len(), parts.end - 1).end,
            };
        }
        let left = bytes[kept.clone()].iter().copied();
        match datum.kind {
            DataKind::Active { memory_index, offset_expr } => {
                let value = match offset {
                    Some(offset) if kept.start > 0 => offset.plus(kept.start),
                    Some(_) | None => self.const_expr(offset_expr)?,
                };
                data.active(memory_index, &value, left);
            }
            DataKind::Passive => {
                data.passive(left);
            }
        }
        Ok(())
    }
}

impl Rewrite for Cut {
    fn rewrites(&self, section: SectionId) -> bool {
        section == SectionId::Data
    }
}
