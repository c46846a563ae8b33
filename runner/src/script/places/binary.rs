//! Leads the instructions of a binary back to the text that it was encoded from.

use super::text::{Entry, TextModule};
use std::ops::Range;
use wasmparser::{
    BinaryReaderError, ConstExpr, DataKind, ElementItems, ElementKind, ExternalKind, KnownCustom, Name,
    OperatorsReader, Parser, Payload, TableInit,
};

/// A stretch of a binary that comes from one place of the text.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    /// The bytes, from the start of the binary.
    pub(super) bytes: Range<u64>,
    /// The place in the text, in bytes.
    pub(super) text: usize,
}

/// The stretches of a module, ascending. An instruction of the text is encoded as exactly one operator of the binary;
/// an expression in which the two are not equally many is left out. The end of an expression, and what precedes the
/// first operator of a function, come from the field. A binary that does not decode has stretches up to the operator
/// that does not.
pub(super) fn stretches(module: &TextModule) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    // What was gathered before a section that does not decode is right all the same.
    let _ = gather(module, &mut stretches);
    stretches.sort_by_key(|stretch| stretch.bytes.start);
    stretches
}

fn gather(module: &TextModule, stretches: &mut Vec<Stretch>) -> Result<(), BinaryReaderError> {
    let mut functions = module.functions.iter();
    for payload in Parser::new(0).parse_all(&module.wasm) {
        match payload? {
            Payload::TableSection(section) => {
                for (table, entry) in section.into_iter().zip(&module.tables) {
                    match table?.init {
                        TableInit::Expr(expression) => constant(&[expression], entry, stretches),
                        TableInit::RefNull => {}
                    }
                }
            }
            Payload::GlobalSection(section) => {
                for (global, entry) in section.into_iter().zip(&module.globals) {
                    constant(&[global?.init_expr], entry, stretches);
                }
            }
            Payload::ElementSection(section) => {
                for (element, entry) in section.into_iter().zip(&module.elements) {
                    let element = element?;
                    let mut expressions = Vec::new();
                    if let ElementKind::Active { offset_expr, .. } = element.kind {
                        expressions.push(offset_expr);
                    }
                    if let ElementItems::Expressions(_, items) = element.items {
                        for item in items {
                            expressions.push(item?);
                        }
                    }
                    constant(&expressions, entry, stretches);
                }
            }
            Payload::DataSection(section) => {
                for (data, entry) in section.into_iter().zip(&module.data) {
                    if let DataKind::Active { offset_expr, .. } = data?.kind {
                        constant(&[offset_expr], entry, stretches);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                let Some(entry) = functions.next() else { break };
                let [places] = &entry.expressions[..] else { continue };
                let range = body.range();
                match body.get_operators_reader() {
                    Ok(operators) => {
                        let before = range.start..operators.original_position();
                        stretches.push(Stretch { bytes: before, text: entry.field });
                        expression(operators, range.end, entry.field, places, stretches);
                    }
                    Err(_) => stretches.push(Stretch { bytes: range, text: entry.field }),
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The constant expressions of an entry.
fn constant(expressions: &[ConstExpr<'_>], entry: &Entry, stretches: &mut Vec<Stretch>) {
    if expressions.len() != entry.expressions.len() {
        return;
    }
    for (binary, places) in expressions.iter().zip(&entry.expressions) {
        let end = binary.get_binary_reader().range().end;
        expression(binary.get_operators_reader(), end, entry.field, places, stretches);
    }
}

fn expression(
    mut operators: OperatorsReader<'_>,
    end: u64,
    field: usize,
    places: &[usize],
    stretches: &mut Vec<Stretch>,
) {
    let first = stretches.len();
    // The last operator is the end of the expression, which the text does not write.
    let mut places = places.iter().copied().chain([field]);
    while !operators.eof() {
        let start = operators.original_position();
        let read = operators.read();
        let Some(text) = places.next() else {
            stretches.truncate(first);
            return;
        };
        let bytes = start..if read.is_ok() { operators.original_position() } else { end };
        stretches.push(Stretch { bytes, text });
        if read.is_err() {
            return;
        }
    }
    if places.next().is_some() {
        stretches.truncate(first);
    }
}

/// The name of a function, from the name section or, without one there, from an export.
pub(super) fn function_name(wasm: &[u8], function: u32) -> Option<String> {
    let mut exported = None;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.ok()? {
            Payload::ExportSection(section) => {
                let is_it = |export: &wasmparser::Export<'_>| {
                    export.kind == ExternalKind::Func && export.index == function
                };
                exported = section.into_iter().flatten().find(is_it).map(|export| export.name.to_owned());
            }
            Payload::CustomSection(section) => {
                let KnownCustom::Name(names) = section.as_known() else { continue };
                for subsection in names.into_iter().flatten() {
                    let Name::Function(names) = subsection else { continue };
                    let mut named = names.into_iter().flatten();
                    if let Some(naming) = named.find(|naming| naming.index == function) {
                        return Some(naming.name.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    exported
}
