//! DWARF: the functions of a module, and where their code comes from.
//!
//! A module has no lines, but every instruction has an offset. The line program names one file, `NAME.wasm`, and its
//! lines are offsets: `NAME.wasm:1234` is the instruction 1234 bytes from the start of the module. Line 0, by which DWARF
//! means that there is none, marks code without counterpart.

use super::in_text;
use crate::sink::CompiledModule;
use gimli::write::{AttributeValue, DwarfUnit, LineProgram, LineString};
use gimli::{Encoding, Format, LineEncoding, constants as dw};
use trapline_abi::{FuncKey, ModuleInfo, SourceLocation, Symbols};

/// Version 4 is the last in which a unit of one file needs no section of strings, and every tool reads it.
const ENCODING: Encoding = Encoding { format: Format::Dwarf32, version: 4, address_size: 8 };

/// Describes a module as one unit with one subprogram for each function that it defines.
pub(super) fn unit(compiled: &CompiledModule, offsets: &[u32]) -> DwarfUnit {
    let mut unit = DwarfUnit::new(ENCODING);
    let file = file_name(&compiled.module);
    unit.unit.line_program = line_program(compiled, offsets, &file);
    let root = unit.unit.root();
    let text = |text: String| AttributeValue::String(text.into_bytes());
    let symbols = Symbols::new(&compiled.module);
    let mut extent = None;
    for ((key, function), &start) in compiled.functions.iter().zip(offsets) {
        let FuncKey::Defined(defined) = *key else { continue };
        let end = start + function.code.len() as u32;
        extent = Some((extent.map_or(start, |(first, _)| first), end));
        let index = compiled.module.func_index(defined);
        let name = symbols.name(index).filter(|name| !name.is_empty());
        let name = name.map_or_else(|| format!("function[{}]", index.as_u32()), String::from);
        let entry = unit.unit.add(root, dw::DW_TAG_subprogram);
        let entry = unit.unit.get_mut(entry);
        entry.set(dw::DW_AT_name, text(name));
        entry.set(dw::DW_AT_linkage_name, text(symbols.symbol(*key)));
        entry.set(dw::DW_AT_low_pc, AttributeValue::Address(in_text(start)));
        entry.set(dw::DW_AT_high_pc, AttributeValue::Udata((end - start).into()));
        entry.set(dw::DW_AT_external, AttributeValue::Flag(true));
    }
    let root = unit.unit.get_mut(root);
    let producer = concat!("trapline ", env!("CARGO_PKG_VERSION"));
    root.set(dw::DW_AT_producer, text(producer.to_owned()));
    // Of the languages that debuggers know, the one that assumes nothing about types and calls.
    root.set(dw::DW_AT_language, AttributeValue::Language(dw::DW_LANG_Mips_Assembler));
    root.set(dw::DW_AT_name, text(file));
    if let Some((start, end)) = extent {
        root.set(dw::DW_AT_low_pc, AttributeValue::Address(in_text(start)));
        root.set(dw::DW_AT_high_pc, AttributeValue::Udata((end - start).into()));
    }
    unit
}

/// One sequence for each function, one row for each stretch of code from one WebAssembly instruction.
///
/// Debuggers take code in the middle of a sequence that has no line for a part of the line before. Where a function begins
/// and ends without one, its prologue and traps that are the stack's, there is no sequence.
fn line_program(compiled: &CompiledModule, offsets: &[u32], file: &str) -> LineProgram {
    // Neither name is empty or holds a zero byte. The folder is not written in this version.
    let name = |name: &str| LineString::String(name.into());
    let lines = LineEncoding::default();
    let mut program = LineProgram::new(ENCODING, lines, name("."), None, name(file), None);
    let file = program.add_file(name(file), program.default_directory(), None);
    for ((_, function), &start) in compiled.functions.iter().zip(offsets) {
        let (locations, end) = match function.source.as_slice() {
            [located @ .., SourceLocation { offset, wasm_offset: None }] => (located, *offset),
            located => (located, function.code.len() as u32),
        };
        let Some(first) = locations.first() else { continue };
        program.begin_sequence(Some(in_text(start + first.offset)));
        for location in locations {
            let row = program.row();
            row.address_offset = (location.offset - first.offset).into();
            row.file = file;
            row.line = location.wasm_offset.unwrap_or(NO_LINE).into();
            program.generate_row();
        }
        program.end_sequence((end - first.offset).into());
    }
    program
}

/// What the line program has for code without counterpart.
const NO_LINE: u32 = 0;

/// The file that the code seems to come from.
fn file_name(module: &ModuleInfo) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "_.-".contains(c) { c } else { '_' };
    let name: String = module.name.iter().flat_map(|name| name.chars()).take(MAX_NAME).map(plain).collect();
    match name.strip_suffix(".wasm").unwrap_or(&name) {
        "" => "module.wasm".to_owned(),
        stem => format!("{stem}.wasm"),
    }
}

/// Characters of a module's name in the name of the file, at most.
const MAX_NAME: usize = 80;
