//! What debuggers and profilers are told about code: how its frames are laid out (`.eh_frame`), and which
//! WebAssembly instruction each machine instruction comes from (DWARF).

mod frames;
mod image;
mod lines;
mod section;

pub(crate) use image::image;
pub(crate) use section::add;

use crate::error::CompileError;
use crate::sink::CompiledModule;
use cranelift_codegen::isa::TargetIsa;
use gimli::write::Sections;
use section::Relocatable;

/// Sections that describe the code of a module, before they are part of an object.
pub(crate) struct DebugSections(Sections<Relocatable>);

/// Describes the code of a module whose functions lie at these text offsets. What comes out depends on nothing else.
///
/// # Errors
///
/// When there is too much code for 32-bit DWARF.
pub(crate) fn describe(
    isa: &dyn TargetIsa,
    compiled: &CompiledModule,
    offsets: &[u32],
) -> Result<DebugSections, CompileError> {
    let refused = |error: gimli::write::Error| CompileError::DebugInfo(error.to_string());
    let mut sections = Sections::new(Relocatable::default());
    if !compiled.functions.is_empty() {
        frames::write(isa, compiled, offsets, &mut sections.eh_frame).map_err(refused)?;
        lines::unit(compiled, offsets).write(&mut sections).map_err(refused)?;
    }
    Ok(DebugSections(sections))
}

/// The name of the text in what gimli writes: the only symbol there is.
const TEXT: usize = 0;

/// An address in the text.
fn in_text(offset: u32) -> gimli::write::Address {
    gimli::write::Address::Symbol { symbol: TEXT, addend: offset.into() }
}
