//! Where in a script the instructions are that a module's binary consists of.
//!
//! The binary knows nothing of the text that it was encoded from. When a place is to be reported, the text of its module is
//! parsed once more, now with the places of its instructions, and they are counted off against the operators of the
//! binary. Nothing is done, or kept, as long as no place is asked for.

mod binary;
mod names;
mod text;

#[cfg(test)]
mod tests;

use super::inserted::Inserted;
use super::{Action, Directive, DirectiveKind, ModuleForm, ModuleSource, Script};
use crate::trail::{Refusal, SourceLine, SourcePlace, TrapInfo, WasmHash};
use binary::Stretch;
use names::Modules;
use std::collections::HashMap;

/// Finds the places of instructions in a script's text.
#[derive(Debug)]
pub struct Places<'s> {
    script: &'s Script,
    /// The offset of each line's first byte, of those lines that are in the script's file.
    lines: Vec<usize>,
    /// What is not from there.
    inserted: Inserted,
    modules: Modules<'s>,
    /// The stretches of modules that have been asked for, with offsets in the script, by the start of their directive.
    known: HashMap<u32, Vec<Stretch>>,
}

/// Fills in the name of the function that a refusal of a binary is about.
pub fn name_function(wasm: &[u8], refusal: &mut Refusal) {
    if let Some(function) = &mut refusal.function {
        function.name = binary::function_name(wasm, function.index);
    }
}

impl<'s> Places<'s> {
    /// Finds places in a script.
    pub fn new(script: &'s Script) -> Places<'s> {
        let inserted = Inserted::of(script.text().as_bytes());
        let newlines = script.text().bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = newlines
            .map(|(at, _)| at + 1)
            .filter(|&at| at > inserted.preamble() && !inserted.contains(at - 1));
        let lines = [inserted.preamble()].into_iter().chain(starts).collect();
        Places { script, lines, inserted, modules: Modules::new(script), known: HashMap::new() }
    }

    /// An instruction of a module that the directive of this ordinal has run, by the module's binary and the offset
    /// within it. Of several modules with equal binaries it is the one that the directive names; if it names another
    /// one, there is no telling which of them it was, and no place.
    pub fn instruction(&mut self, index: u32, wasm: &WasmHash, offset: u64) -> Option<SourcePlace> {
        let (directive, source) = self.modules.find(index, wasm)?;
        self.within(directive, source, offset)
    }

    /// An instruction of the module that a directive has.
    pub fn of_directive(&mut self, directive: &'s Directive, offset: u64) -> Option<SourcePlace> {
        self.within(directive, directive.kind.module()?, offset)
    }

    /// Fills in the places of a trap's active functions; that of the innermost one is the trap's own.
    pub fn fill_in_trap(&mut self, index: u32, trap: &mut TrapInfo) {
        for frame in &mut trap.frames {
            if let (Some(binary), Some(offset)) = (frame.binary.take(), frame.offset) {
                frame.place = self.instruction(index, &binary, offset.into());
            }
        }
        trap.place = trap.frames.first().and_then(|frame| frame.place);
    }

    /// Fills in the place of a refusal of the module that a directive has, unless it has one, and the name of the function.
    pub fn fill_in_refusal(&mut self, directive: &'s Directive, refusal: &mut Refusal) {
        if let Some(Ok(wasm)) = directive.kind.module().map(|module| &module.wasm) {
            name_function(wasm, refusal);
        }
        if let (None, Some(offset)) = (refusal.place, refusal.offset) {
            refusal.place = self.of_directive(directive, offset);
        }
    }

    /// The name of a function, from the name section or an export of a module of this binary.
    pub fn function_name(&self, wasm: &WasmHash, function: u32) -> Option<String> {
        binary::function_name(self.modules.binary(wasm)?, function)
    }

    /// The line of a place.
    pub fn line(&self, place: SourcePlace) -> Option<SourceLine> {
        let number = (place.line as usize).checked_sub(1)?;
        let start = *self.lines.get(number)?;
        let end = self.lines.get(number + 1).map_or(self.script.text().len(), |next| next - 1);
        let line = self.inserted.original(self.script.text(), start..end)?;
        Some(SourceLine::new(line.strip_suffix('\r').unwrap_or(&line), place))
    }

    fn within(
        &mut self,
        directive: &'s Directive,
        source: &'s ModuleSource,
        offset: u64,
    ) -> Option<SourcePlace> {
        let script = self.script;
        let stretches = self.known.entry(directive.span.start).or_insert_with(|| {
            read(script.source(directive), source, directive.span.start as usize).unwrap_or_default()
        });
        let after = stretches.partition_point(|stretch| stretch.bytes.start <= offset);
        let stretch = stretches[..after].last().filter(|stretch| offset < stretch.bytes.end)?;
        let text = stretch.text;
        if self.inserted.contains(text) {
            return None;
        }
        let line = self.lines.partition_point(|&start| start <= text);
        let start = *self.lines[..line].last()?;
        let col = text - start - self.inserted.within(start..text);
        Some(SourcePlace { line: line as u32, col: col as u32 + 1 })
    }
}

/// The stretches of a module's binary, with offsets in the script, if it was written as text.
fn read(text: &str, source: &ModuleSource, start: usize) -> Option<Vec<Stretch>> {
    let module = match source.form {
        ModuleForm::Text | ModuleForm::Quote => text::read(text, source.form)?,
        ModuleForm::Binary => return None,
    };
    // It is the same text, so this is what it was encoded to before.
    if Ok(&module.wasm) != source.wasm.as_ref() {
        return None;
    }
    let in_script = |Stretch { bytes, text }: Stretch| Stretch { bytes, text: start + text };
    Some(binary::stretches(&module).into_iter().map(in_script).collect())
}
