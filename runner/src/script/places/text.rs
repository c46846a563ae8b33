//! Where the instructions of a module are in its text.

use crate::script::parse::{ANNOTATIONS, buffer};
use crate::script::quoted::{Quoted, written_at};
use crate::script::{ModuleForm, encode};
use trapline_spec_tests::unfold;
use wast::core::{
    DataKind, ElemKind, ElemPayload, Expression, FuncKind, GlobalKind, Module, ModuleField, ModuleKind,
    TableKind,
};
use wast::parser::{self, Parse, Parser, Peek};
use wast::token::Span;
use wast::{QuoteWat, WastDirective, WastExecute, Wat};

/// The instructions of a module as its text has them, in the order of the binary. Places are offsets, in bytes.
#[derive(Default, Debug)]
pub(super) struct TextModule {
    /// The binary that the text encodes to.
    pub(super) wasm: Vec<u8>,
    /// The functions that are defined.
    pub(super) functions: Vec<Entry>,
    /// The tables that are defined.
    pub(super) tables: Vec<Entry>,
    /// The globals that are defined.
    pub(super) globals: Vec<Entry>,
    /// The element segments.
    pub(super) elements: Vec<Entry>,
    /// The data segments.
    pub(super) data: Vec<Entry>,
}

/// Something that is defined by expressions.
#[derive(Debug)]
pub(super) struct Entry {
    /// The keyword of its field.
    pub(super) field: usize,
    /// For each expression, the places of its instructions.
    pub(super) expressions: Vec<Vec<usize>>,
}

/// Parses the text of a directive for the module in it. Offsets count from the start of the text. `None` if there is none
/// that was written as text.
pub(super) fn read(text: &str, form: ModuleForm) -> Option<TextModule> {
    let unfolded = unfold(text).ok()?;
    let mut buffer = buffer(unfolded.text()).ok()?;
    buffer.track_instr_spans(true);
    let Directive(found) = parser::parse(&buffer).ok()?;
    match (found?, form) {
        (QuoteWat::Wat(Wat::Module(module)), ModuleForm::Text) => {
            Some(encode(module)?.map_places(|place| unfolded.original(place)))
        }
        (QuoteWat::QuoteModule(_, mut strings), ModuleForm::Quote) => {
            for (span, _) in &mut strings {
                *span = Span::from_offset(unfolded.original(span.offset()));
            }
            read_quoted(&strings, text)
        }
        _ => None,
    }
}

fn read_quoted(strings: &[(Span, &[u8])], text: &str) -> Option<TextModule> {
    let quoted = Quoted::new(strings);
    let unfolded = unfold(std::str::from_utf8(quoted.bytes()).ok()?).ok()?;
    let mut buffer = buffer(unfolded.text()).ok()?;
    buffer.track_instr_spans(true);
    let Wat::Module(module) = parser::parse(&buffer).ok()? else { return None };
    Some(encode(module)?.map_places(|place| {
        let (mark, at) = quoted.literal(unfolded.original(place));
        written_at(text.as_bytes(), mark, at)
    }))
}

impl TextModule {
    /// The module with other places.
    fn map_places(mut self, map: impl Fn(usize) -> usize) -> TextModule {
        let map = |place: &mut usize| *place = map(*place);
        let TextModule { functions, tables, globals, elements, data, .. } = &mut self;
        for entry in [functions, tables, globals, elements, data].into_iter().flatten() {
            map(&mut entry.field);
            entry.expressions.iter_mut().flatten().for_each(map);
        }
        self
    }
}

/// The module in a directive, or that the fields make which a text consists of.
struct Directive<'a>(Option<QuoteWat<'a>>);

impl<'a> Parse<'a> for Directive<'a> {
    fn parse(parser: Parser<'a>) -> parser::Result<Self> {
        let _registered = ANNOTATIONS.map(|name| parser.register_annotation(name));
        if !parser.peek2::<ModuleOrAssertion>()? {
            return Ok(Directive(Some(QuoteWat::Wat(parser.parse()?))));
        }
        let directive = parser.parens(|parser| parser.parse())?;
        Ok(Directive(match directive {
            WastDirective::Module(module)
            | WastDirective::ModuleDefinition(module)
            | WastDirective::AssertMalformed { module, .. }
            | WastDirective::AssertInvalid { module, .. }
            | WastDirective::AssertMalformedCustom { module, .. }
            | WastDirective::AssertInvalidCustom { module, .. } => Some(module),
            WastDirective::AssertUnlinkable { module, .. }
            | WastDirective::AssertReturn { exec: WastExecute::Wat(module), .. }
            | WastDirective::AssertTrap { exec: WastExecute::Wat(module), .. }
            | WastDirective::AssertException { exec: WastExecute::Wat(module), .. }
            | WastDirective::AssertSuspension { exec: WastExecute::Wat(module), .. } => {
                Some(QuoteWat::Wat(module))
            }
            WastDirective::AssertReturn { .. }
            | WastDirective::AssertTrap { .. }
            | WastDirective::AssertException { .. }
            | WastDirective::AssertSuspension { .. }
            | WastDirective::AssertExhaustion { .. }
            | WastDirective::ModuleInstance { .. }
            | WastDirective::Register { .. }
            | WastDirective::Invoke(_)
            | WastDirective::Thread(_)
            | WastDirective::Wait { .. } => None,
        }))
    }
}

/// What a directive with a module begins with; any other first word begins a field of a module.
struct ModuleOrAssertion;

impl Peek for ModuleOrAssertion {
    fn peek(cursor: parser::Cursor<'_>) -> parser::Result<bool> {
        let Some((keyword, _)) = cursor.keyword()? else { return Ok(false) };
        Ok(keyword == "module" || keyword.starts_with("assert_"))
    }

    fn display() -> &'static str {
        "a module or an assertion"
    }
}

/// Encodes a module, which brings its fields into the order of the binary, and gathers the places.
fn encode(mut module: Module<'_>) -> Option<TextModule> {
    let wasm = encode::module(&mut module).ok()?;
    let ModuleKind::Text(fields) = &module.kind else { return None };
    let mut text = TextModule { wasm, ..TextModule::default() };
    for field in fields {
        match field {
            ModuleField::Func(func) => {
                if let FuncKind::Inline { expression, .. } = &func.kind {
                    text.functions.push(entry(func.span, [expression]));
                }
            }
            ModuleField::Table(table) => {
                if let TableKind::Normal { init_expr, .. } = &table.kind {
                    text.tables.push(entry(table.span, init_expr));
                }
            }
            ModuleField::Global(global) => {
                if let GlobalKind::Inline(expression) = &global.kind {
                    text.globals.push(entry(global.span, [expression]));
                }
            }
            ModuleField::Elem(elem) => {
                let offset = match &elem.kind {
                    ElemKind::Active { offset, .. } => Some(offset),
                    ElemKind::Passive | ElemKind::Declared => None,
                };
                let items = match &elem.payload {
                    ElemPayload::Exprs { exprs, .. } => exprs.as_slice(),
                    ElemPayload::Indices(_) => &[],
                };
                text.elements.push(entry(elem.span, offset.into_iter().chain(items)));
            }
            ModuleField::Data(data) => {
                let offset = match &data.kind {
                    DataKind::Active { offset, .. } => Some(offset),
                    DataKind::Passive => None,
                };
                text.data.push(entry(data.span, offset));
            }
            ModuleField::Type(_)
            | ModuleField::Rec(_)
            | ModuleField::Import(_)
            | ModuleField::Memory(_)
            | ModuleField::Export(_)
            | ModuleField::Start(_)
            | ModuleField::Tag(_)
            | ModuleField::Custom(_) => {}
        }
    }
    Some(text)
}

fn entry<'a>(field: Span, expressions: impl IntoIterator<Item = &'a Expression<'a>>) -> Entry {
    let places = |expression: &Expression<'_>| match &expression.instr_spans {
        Some(spans) if spans.len() == expression.instrs.len() => {
            spans.iter().map(|span| span.offset()).collect()
        }
        // Abbreviations, such as an offset without `offset`, come without the places of their instructions.
        _ => vec![field.offset(); expression.instrs.len()],
    };
    Entry { field: field.offset(), expressions: expressions.into_iter().map(places).collect() }
}
