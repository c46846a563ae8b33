//! From what gimli writes to sections of an object.

use super::{DebugSections, TEXT};
use crate::error::CompileError;
use cranelift_object::object::write::{Object, Relocation, SectionId, SymbolId};
use cranelift_object::object::{RelocationFlags, SectionKind, elf};
use gimli::RunTimeEndian;
use gimli::constants::{DW_EH_PE_pcrel, DwEhPe};
use gimli::write::{EndianVec, RelocateWriter, RelocationTarget};
use rustc_hash::FxHashMap;

/// The bytes of a section and what a linker or debugger has to fill in.
#[derive(Clone, Debug)]
pub(super) struct Relocatable {
    bytes: EndianVec<RunTimeEndian>,
    relocations: Vec<gimli::write::Relocation>,
}

impl Default for Relocatable {
    fn default() -> Self {
        Relocatable { bytes: EndianVec::new(RunTimeEndian::Little), relocations: Vec::new() }
    }
}

impl RelocateWriter for Relocatable {
    type Writer = EndianVec<RunTimeEndian>;

    fn writer(&self) -> &Self::Writer {
        &self.bytes
    }

    fn writer_mut(&mut self) -> &mut Self::Writer {
        &mut self.bytes
    }

    fn relocate(&mut self, relocation: gimli::write::Relocation) {
        self.relocations.push(relocation);
    }
}

/// Adds the sections to an object.
///
/// # Errors
///
/// When the object has no room for them.
pub(crate) fn add(
    sections: DebugSections,
    object: &mut Object<'_>,
    text: SectionId,
) -> Result<(), CompileError> {
    let mut symbols: FxHashMap<gimli::SectionId, SymbolId> = FxHashMap::default();
    let text = object.section_symbol(text);
    // Sections come after those that they refer to.
    sections.0.for_each(|id, section| {
        let bytes = section.bytes.slice();
        if bytes.is_empty() {
            return Ok(());
        }
        // Frames are for programs too, and have to be mapped; everything else is for debuggers alone.
        let (kind, align) = match id {
            gimli::SectionId::EhFrame => (SectionKind::ReadOnlyData, 8),
            _ => (SectionKind::Debug, 1),
        };
        let own = object.add_section(Vec::new(), id.name().into(), kind);
        object.set_section_data(own, bytes.to_vec(), align);
        symbols.insert(id, object.section_symbol(own));
        for relocation in &section.relocations {
            let symbol = match relocation.target {
                RelocationTarget::Symbol(TEXT) => Some(text),
                RelocationTarget::Symbol(_) => None,
                RelocationTarget::Section(id) => symbols.get(&id).copied(),
            };
            let flags = relocation_type(relocation.size, relocation.eh_pe);
            let (Some(symbol), Some(r_type)) = (symbol, flags) else {
                return Err(CompileError::DebugInfo(format!("relocation {relocation:?} in {}", id.name())));
            };
            let relocation = Relocation {
                offset: relocation.offset as u64,
                symbol,
                addend: relocation.addend,
                flags: RelocationFlags::Elf { r_type },
            };
            object
                .add_relocation(own, relocation)
                .map_err(|error| CompileError::DebugInfo(error.to_string()))?;
        }
        Ok(())
    })
}

fn relocation_type(bytes: u8, pointer: Option<DwEhPe>) -> Option<u32> {
    let relative = pointer.is_some_and(|pointer| pointer.application() == DW_EH_PE_pcrel);
    match (bytes, relative) {
        (4, false) => Some(elf::R_X86_64_32),
        (8, false) => Some(elf::R_X86_64_64),
        (8, true) => Some(elf::R_X86_64_PC64),
        _ => None,
    }
}
