//! `.eh_frame`: where the frame of each function keeps the caller's registers.

use super::in_text;
use crate::sink::CompiledModule;
use cranelift_codegen::isa::TargetIsa;
use gimli::constants::{DW_EH_PE_pcrel, DW_EH_PE_sdata8};
use gimli::write::{EhFrame, FrameTable, Result, Writer};

/// Writes one entry for each function, stubs included.
pub(super) fn write(
    isa: &dyn TargetIsa,
    compiled: &CompiledModule,
    offsets: &[u32],
    section: &mut EhFrame<impl Writer>,
) -> Result<()> {
    let Some(mut shared) = isa.create_systemv_cie() else { return Ok(()) };
    // Distances instead of addresses: a linker resolves them for good, and a shared object needs no relocation in what
    // is read-only. They have 64 bits because a debugger that is handed an object in memory keeps this section far from
    // the text.
    shared.fde_address_encoding = gimli::DwEhPe(DW_EH_PE_pcrel.0 | DW_EH_PE_sdata8.0);
    let mut table = FrameTable::default();
    let shared = table.add_cie(shared);
    for ((_, function), &offset) in compiled.functions.iter().zip(offsets) {
        if let Some(frame) = &function.frame {
            table.add_fde(shared, frame.to_fde(in_text(offset)));
        }
    }
    table.write_eh_frame(section)
}
