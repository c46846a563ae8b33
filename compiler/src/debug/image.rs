//! An object that describes code which is in memory already.

use super::{add, describe};
use crate::error::CompileError;
use crate::sink::CompiledModule;
use cranelift_codegen::isa::TargetIsa;
use cranelift_object::object::write::{Object, StandardSection, Symbol, SymbolSection};
use cranelift_object::object::{
    Architecture, BinaryFormat, Endianness, SymbolFlags, SymbolKind, SymbolScope,
};
use trapline_abi::Symbols;

/// Writes an object for a debugger, of a text that was placed with its functions at these offsets.
///
/// # Errors
///
/// When there is too much code.
pub(crate) fn image(
    isa: &dyn TargetIsa,
    compiled: &CompiledModule,
    offsets: &[u32],
) -> Result<Vec<u8>, CompileError> {
    let sections = describe(isa, compiled, offsets)?;
    let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
    let text = object.section_id(StandardSection::Text);
    object.set_section_data(text, code(compiled, offsets), 16);
    let symbols = Symbols::new(&compiled.module);
    for ((key, function), &offset) in compiled.functions.iter().zip(offsets) {
        object.add_symbol(Symbol {
            name: symbols.symbol(*key).into_bytes(),
            value: offset.into(),
            size: function.code.len() as u64,
            kind: SymbolKind::Text,
            scope: SymbolScope::Compilation,
            weak: false,
            section: SymbolSection::Section(text),
            flags: SymbolFlags::None,
        });
    }
    add(sections, &mut object, text)?;
    object.write().map_err(|error| CompileError::DebugInfo(error.to_string()))
}

/// The text as it is before relocation. Debuggers read code from memory; what they want to know of this is where it is.
fn code(compiled: &CompiledModule, offsets: &[u32]) -> Vec<u8> {
    let mut text = Vec::new();
    for ((_, function), &offset) in compiled.functions.iter().zip(offsets) {
        let end = offset as usize + function.code.len();
        text.resize(text.len().max(end), 0);
        text[offset as usize..end].copy_from_slice(&function.code);
    }
    text
}
