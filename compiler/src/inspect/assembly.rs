//! Machine code as text, with what is known about places in it.

use super::{Instruction, decode};
use crate::CompiledFunction;
use iced_x86::{Formatter, Instruction as Decoded, IntelFormatter};
use std::fmt::Write;
use trapline_abi::{Handler, Symbols, TrapCode};

/// The code of a function, an instruction a line: the WebAssembly offset where it changes, the offset from the start of
/// the function, the bytes, the instruction, and behind `;` traps, handlers, stack maps and callees.
pub(super) fn listing(function: &CompiledFunction, symbols: &Symbols<'_>) -> String {
    let mut text = line("wasm", "native", "", "");
    let mut before = None;
    for Instruction { at, wasm, bytes, text: rest } in instructions(function, symbols) {
        // Data belongs to no instruction, and changes nothing about where the code around it comes from.
        let is_data = rest == DATA;
        let shown = wasm.filter(|_| wasm != before && !is_data).map(|offset| format!("{offset:#x}"));
        if !is_data {
            before = wasm;
        }
        text.push_str(&line(&shown.unwrap_or_default(), &format!("+{at:#06x}"), &bytes, &rest));
    }
    text
}

fn line(wasm: &str, native: &str, bytes: &str, rest: &str) -> String {
    let line = format!("{wasm:>8}  {native:<7}  {bytes:<30}  {rest}");
    format!("{}\n", line.trim_end())
}

/// The code of a function, with its data, by ascending offset.
pub(super) fn instructions(function: &CompiledFunction, symbols: &Symbols<'_>) -> Vec<Instruction> {
    let mut writer = Writer { function, symbols, formatter: formatter(), instructions: Vec::new() };
    let pads = handlers(function).map(|(_, handler)| handler.pad);
    let decoded = decode::instructions(&function.code, pads);
    let mut end = 0;
    for (&at, instruction) in &decoded {
        // Instructions that overlap would be a mistake of this module; they are shown all the same.
        if at > end {
            writer.data(end, at);
        }
        writer.instruction(at, instruction);
        end = end.max(at + instruction.len() as u32);
    }
    writer.data(end, function.code.len() as u32);
    writer.instructions
}

/// What catches exceptions, with the return address of the call that they come out of.
fn handlers(function: &CompiledFunction) -> impl Iterator<Item = (u32, &Handler)> {
    let sites = function.calls.iter().filter_map(|call| Some((call.return_offset, call.handled.as_deref()?)));
    sites.flat_map(|(returns, site)| site.handlers.iter().map(move |handler| (returns, handler)))
}

fn formatter() -> IntelFormatter {
    let mut formatter = IntelFormatter::new();
    let options = formatter.options_mut();
    options.set_hex_prefix("0x");
    options.set_hex_suffix("");
    options.set_uppercase_hex(false);
    options.set_branch_leading_zeros(false);
    options.set_space_after_operand_separator(true);
    formatter
}

struct Writer<'a> {
    function: &'a CompiledFunction,
    symbols: &'a Symbols<'a>,
    formatter: IntelFormatter,
    instructions: Vec<Instruction>,
}

/// What data has in place of an instruction.
const DATA: &str = ".byte";

/// Bytes of data in one line.
const DATA_BYTES: usize = 8;

impl Writer<'_> {
    fn instruction(&mut self, at: u32, instruction: &Decoded) {
        let end = at + instruction.len() as u32;
        let bytes = bytes(&self.function.code[at as usize..end as usize]);
        let text = self.operation(instruction, at, end);
        let text = match self.notes(at, end).as_slice() {
            [] => text,
            notes => format!("{text:<40} ; {}", notes.join("; ")),
        };
        self.instructions.push(Instruction { at, wasm: self.wasm_offset(at), bytes, text });
    }

    /// The instruction itself; what it calls or jumps to outside the function by name.
    fn operation(&mut self, instruction: &Decoded, at: u32, end: u32) -> String {
        let mut text = String::new();
        let relocation = self.function.relocations.iter().find(|field| (at..end).contains(&field.offset));
        match relocation {
            Some(field) => {
                self.formatter.format_mnemonic(instruction, &mut text);
                let _ = write!(text, " {}", self.symbols.symbol(field.target));
            }
            None => self.formatter.format(instruction, &mut text),
        }
        text
    }

    fn notes(&self, at: u32, end: u32) -> Vec<String> {
        let traps = self.function.traps.iter().filter(|site| site.offset == at);
        let mut notes: Vec<String> = traps
            .map(|site| match site.code {
                TrapCode::Trap(trap) => format!("trap: {}", trap.spec_text()),
                TrapCode::Pending => "trap of a builtin or host function".to_owned(),
            })
            .collect();
        let caught = handlers(self.function).filter(|(returns, _)| *returns == end);
        notes.extend(caught.map(|(_, Handler { tag, pad })| match tag {
            Some(tag) => format!("tag {tag} goes on at +{pad:#06x}"),
            None => format!("every exception goes on at +{pad:#06x}"),
        }));
        let maps = self.function.stack_maps.iter().filter(|map| map.return_offset == end);
        notes.extend(maps.map(|map| format!("references at sp+{:?}", map.slots)));
        notes
    }

    fn wasm_offset(&self, at: u32) -> Option<u32> {
        let source = &self.function.source;
        let after = source.partition_point(|location| location.offset <= at);
        source[..after].last()?.wasm_offset
    }

    fn data(&mut self, start: u32, end: u32) {
        let data = &self.function.code[start as usize..end as usize];
        for (line, chunk) in data.chunks(DATA_BYTES).enumerate() {
            let at = start + (line * DATA_BYTES) as u32;
            let (bytes, text) = (bytes(chunk), DATA.to_owned());
            self.instructions.push(Instruction { at, wasm: None, bytes, text });
        }
    }
}

fn bytes(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}
