//! Exports, removed.

use super::error::EditError;
use super::outline::Outline;
use super::write::{Rewrite, write};
use super::{Apply, Found};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ExportSection, SectionId};
use wasmparser::{Export, ExportSectionReader};

/// The exports of a module: the number of an edit is that of an export.
struct Exports;

/// The edits that remove exports.
pub(super) fn find(outline: &Outline<'_>) -> Result<Found, EditError> {
    let mut weights = Vec::new();
    for export in outline.entries::<Export<'_>>(SectionId::Export)? {
        weights.push(export?.name.len() as u32 + 3);
    }
    Ok(Found { weights, edits: Box::new(Exports) })
}

impl Apply for Exports {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        write(outline, &mut Without { removed: numbers })
    }
}

struct Without<'n> {
    removed: &'n [usize],
}

impl Reencode for Without<'_> {
    type Error = EditError;

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (number, export) in section.into_iter().enumerate() {
            if self.removed.binary_search(&number).is_err() {
                self.parse_export(exports, export?)?;
            }
        }
        Ok(())
    }
}

impl Rewrite for Without<'_> {
    fn rewrites(&self, section: SectionId) -> bool {
        section == SectionId::Export
    }
}
