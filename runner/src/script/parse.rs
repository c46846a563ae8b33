//! From the borrowed directives of the `wast` crate to owned ones.

use super::position::{Lines, position};
use super::quoted::{self, written_at};
use super::{
    Action, Argument, Directive, DirectiveKind, Get, Invoke, ModuleForm, ModuleSource, Pattern, ScriptError,
    TextRefusal,
};
use trapline_spec_tests::{Unfolded, unfold};
use wast::core::ModuleKind;
use wast::lexer::Lexer;
use wast::parser::{self, Cursor, Parse, ParseBuffer, Parser, Peek};
use wast::token::Id;
use wast::{QuoteWat, WastArg, WastDirective, WastExecute, WastInvoke, WastRet, Wat, kw};

/// The annotations that belong to modules; the lexer skips all others.
pub(super) const ANNOTATIONS: [&str; 5] =
    ["custom", "producers", "name", "dylink.0", "metadata.code.branch_hint"];

/// Parses the text of a script.
pub(super) fn directives(text: &str) -> Result<Vec<Directive>, ScriptError> {
    let syntax = |offset, message| {
        let (line, col) = position(text.as_bytes(), offset);
        ScriptError::Syntax { line, col, message }
    };
    let unfolded = unfold(text).map_err(|misplaced| syntax(misplaced.offset, misplaced.to_string()))?;
    let syntax = |error: wast::Error| syntax(unfolded.original(error.span().offset()), error.message());
    let buffer = buffer(unfolded.text()).map_err(syntax)?;
    let Directives(mut directives) = parser::parse(&buffer).map_err(syntax)?;
    place(&mut directives, &unfolded, &mut Lines::new(text.as_bytes()));
    Ok(directives)
}

/// Some scripts of the official suite test names in every writing direction on purpose, so no
/// character is refused for being confusing to people.
pub(super) fn buffer(text: &str) -> Result<ParseBuffer<'_>, wast::Error> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    ParseBuffer::new_with_lexer(lexer)
}

/// Leads offsets back to the text as it was written, and fills in lines and columns; while it parses, the grammar knows only
/// offsets. They ascend: a refusal lies within its directive.
fn place(directives: &mut [Directive], unfolded: &Unfolded<'_>, lines: &mut Lines<'_>) {
    let original = |offset: u32| unfolded.original(offset as usize) as u32;
    for directive in directives {
        directive.span = original(directive.span.start)..original(directive.span.end);
        (directive.line, directive.col) = lines.position(directive.span.start as usize);
        if let DirectiveKind::Thread { directives, .. } = &mut directive.kind {
            place(directives, unfolded, lines);
        }
        if let Some(Err(refusal)) = directive.kind.module_mut().map(|module| &mut module.wasm) {
            refusal.offset = original(refusal.offset);
            let offset = refusal.offset as usize;
            let written = refusal.content.map_or(offset, |at| written_at(lines.text(), offset, at as usize));
            (refusal.line, refusal.col) = lines.position(written);
        }
    }
}

/// The module of a directive, by reference or by mutable reference.
macro_rules! module_of {
    ($kind:expr) => {
        match $kind {
            DirectiveKind::Module(module)
            | DirectiveKind::ModuleDefinition(module)
            | DirectiveKind::AssertMalformed { module, .. }
            | DirectiveKind::AssertInvalid { module, .. }
            | DirectiveKind::AssertMalformedCustom { module, .. }
            | DirectiveKind::AssertInvalidCustom { module, .. }
            | DirectiveKind::AssertUnlinkable { module, .. }
            | DirectiveKind::AssertReturn { action: Action::Module(module), .. }
            | DirectiveKind::AssertTrap { action: Action::Module(module), .. }
            | DirectiveKind::AssertException { action: Action::Module(module) }
            | DirectiveKind::AssertSuspension { action: Action::Module(module), .. } => Some(module),
            DirectiveKind::ModuleInstance { .. }
            | DirectiveKind::Register { .. }
            | DirectiveKind::Invoke(_)
            | DirectiveKind::Get(_)
            | DirectiveKind::AssertReturn { action: Action::Invoke(_) | Action::Get(_), .. }
            | DirectiveKind::AssertTrap { action: Action::Invoke(_) | Action::Get(_), .. }
            | DirectiveKind::AssertException { action: Action::Invoke(_) | Action::Get(_) }
            | DirectiveKind::AssertSuspension { action: Action::Invoke(_) | Action::Get(_), .. }
            | DirectiveKind::AssertExhaustion { .. }
            | DirectiveKind::Thread { .. }
            | DirectiveKind::Wait { .. } => None,
        }
    };
}

impl DirectiveKind {
    /// The module that it has.
    pub(crate) fn module(&self) -> Option<&ModuleSource> {
        module_of!(self)
    }

    fn module_mut(&mut self) -> Option<&mut ModuleSource> {
        module_of!(self)
    }
}

/// The directives of a whole script.
struct Directives(Vec<Directive>);

impl<'a> Parse<'a> for Directives {
    fn parse(parser: Parser<'a>) -> parser::Result<Self> {
        let _registered = ANNOTATIONS.map(|name| parser.register_annotation(name));
        let mut directives = Vec::new();
        if parser.peek2::<DirectiveKeyword>()? {
            while !parser.is_empty() {
                directives.push(directive(parser)?);
            }
        } else {
            let start = parser.cur_span();
            let module = text_module(parser.parse()?);
            let span = start.offset() as u32..parser.prev_span().offset() as u32;
            directives.push(Directive { span, line: 0, col: 0, kind: DirectiveKind::Module(module) });
        }
        Ok(Directives(directives))
    }
}

/// A keyword with which a directive begins; any other first word begins a module's field.
struct DirectiveKeyword;

impl Peek for DirectiveKeyword {
    fn peek(cursor: Cursor<'_>) -> parser::Result<bool> {
        let Some((keyword, _)) = cursor.keyword()? else { return Ok(false) };
        Ok(keyword.starts_with("assert_")
            || ["module", "component", "register", "invoke", "get", "thread", "wait"].contains(&keyword))
    }

    fn display() -> &'static str {
        "a directive"
    }
}

fn directive(parser: Parser<'_>) -> parser::Result<Directive> {
    let start = parser.cur_span();
    let kind = parser.parens(kind)?;
    // Nothing but the closing parenthesis has been read last, so this is its end.
    let end = parser.prev_span();
    Ok(Directive { span: start.offset() as u32..end.offset() as u32, line: 0, col: 0, kind })
}

fn kind(parser: Parser<'_>) -> parser::Result<DirectiveKind> {
    if parser.peek::<kw::assert_return>()? {
        // Nine directives out of ten; read here because the crate gathers what it would have said
        // of every other keyword first.
        parser.parse::<kw::assert_return>()?;
        let action = action(parser.parens(|parser| parser.parse())?, parser)?;
        let mut results = Vec::new();
        while !parser.is_empty() {
            results.push(pattern(&parser.parens(|parser| parser.parse())?, parser)?);
        }
        return Ok(DirectiveKind::AssertReturn { action, results });
    }
    if parser.peek::<kw::get>()? {
        // The crate has it inside assertions only.
        return match parser.parse()? {
            WastExecute::Get { module, global, .. } => Ok(DirectiveKind::Get(get(module, global))),
            WastExecute::Invoke(_) | WastExecute::Wat(_) => Err(parser.error("expected `get`")),
        };
    }
    if parser.peek::<kw::thread>()? {
        return thread(parser);
    }
    owned(parser.parse()?, parser)
}

/// A `thread` directive, whose own directives the crate would give without their spans.
fn thread(parser: Parser<'_>) -> parser::Result<DirectiveKind> {
    /// Deeper nesting is refused before it can exhaust the stack.
    const MAX_DEPTH: usize = 100;
    if parser.parens_depth() > MAX_DEPTH {
        return Err(parser.error("threads nested too deep"));
    }
    parser.parse::<kw::thread>()?;
    let name = owned_name(parser.parse()?);
    let shared = if parser.peek2::<kw::shared>()? {
        Some(parser.parens(|parser| {
            parser.parse::<kw::shared>()?;
            parser.parens(|parser| {
                parser.parse::<kw::module>()?;
                parser.parse().map(owned_name)
            })
        })?)
    } else {
        None
    };
    let mut directives = Vec::new();
    while !parser.is_empty() {
        directives.push(directive(parser)?);
    }
    Ok(DirectiveKind::Thread { name, shared, directives })
}

/// Every other directive, as the crate has read it.
fn owned(directive: WastDirective<'_>, parser: Parser<'_>) -> parser::Result<DirectiveKind> {
    let source = |module: QuoteWat<'_>| module_source(module, parser, quoted::encode);
    let annotated_source = |module: QuoteWat<'_>| module_source(module, parser, quoted::encode_annotated);
    Ok(match directive {
        WastDirective::Module(module) => DirectiveKind::Module(source(module)?),
        WastDirective::ModuleDefinition(module) => DirectiveKind::ModuleDefinition(source(module)?),
        WastDirective::ModuleInstance { instance, module, .. } => DirectiveKind::ModuleInstance {
            instance: instance.map(owned_name),
            module: module.map(owned_name),
        },
        WastDirective::Register { name, module, .. } => {
            DirectiveKind::Register { name: name.into(), module: module.map(owned_name) }
        }
        WastDirective::Invoke(call) => DirectiveKind::Invoke(invoke(call, parser)?),
        WastDirective::AssertReturn { exec, results, .. } => {
            let results = results.iter().map(|ret| pattern(ret, parser)).collect::<Result<_, _>>()?;
            DirectiveKind::AssertReturn { action: action(exec, parser)?, results }
        }
        WastDirective::AssertTrap { exec, message, .. } => {
            DirectiveKind::AssertTrap { action: action(exec, parser)?, text: message.into() }
        }
        WastDirective::AssertExhaustion { call, message, .. } => {
            DirectiveKind::AssertExhaustion { invoke: invoke(call, parser)?, text: message.into() }
        }
        WastDirective::AssertException { exec, .. } => {
            DirectiveKind::AssertException { action: action(exec, parser)? }
        }
        WastDirective::AssertSuspension { exec, message, .. } => {
            DirectiveKind::AssertSuspension { action: action(exec, parser)?, text: message.into() }
        }
        WastDirective::AssertMalformed { module, message, .. } => {
            DirectiveKind::AssertMalformed { module: source(module)?, text: message.into() }
        }
        WastDirective::AssertInvalid { module, message, .. } => {
            DirectiveKind::AssertInvalid { module: source(module)?, text: message.into() }
        }
        WastDirective::AssertMalformedCustom { module, message, .. } => {
            let module = annotated_source(module)?;
            DirectiveKind::AssertMalformedCustom { module, text: message.into() }
        }
        WastDirective::AssertInvalidCustom { module, message, .. } => {
            let module = annotated_source(module)?;
            DirectiveKind::AssertInvalidCustom { module, text: message.into() }
        }
        WastDirective::AssertUnlinkable { module, message, .. } => {
            DirectiveKind::AssertUnlinkable { module: text_module(module), text: message.into() }
        }
        WastDirective::Wait { thread, .. } => DirectiveKind::Wait { thread: owned_name(thread) },
        WastDirective::Thread(thread) => {
            return Err(parser.error_at(thread.span, "a thread cannot stand here"));
        }
    })
}

fn owned_name(id: Id<'_>) -> Box<str> {
    id.name().into()
}

fn action(exec: WastExecute<'_>, parser: Parser<'_>) -> parser::Result<Action> {
    Ok(match exec {
        WastExecute::Invoke(call) => Action::Invoke(invoke(call, parser)?),
        WastExecute::Get { module, global, .. } => Action::Get(get(module, global)),
        WastExecute::Wat(module) => Action::Module(text_module(module)),
    })
}

fn get(module: Option<Id<'_>>, global: &str) -> Get {
    Get { module: module.map(owned_name), name: global.into() }
}

fn invoke(call: WastInvoke<'_>, parser: Parser<'_>) -> parser::Result<Invoke> {
    let argument = |arg: &WastArg<'_>| match arg {
        WastArg::Core(arg) => Ok(Argument::from(arg)),
        _ => Err(parser.error_at(call.span, "an argument that is not a core WebAssembly value")),
    };
    let args = call.args.iter().map(argument).collect::<Result<_, _>>()?;
    Ok(Invoke { module: call.module.map(owned_name), name: call.name.into(), args })
}

fn pattern(ret: &WastRet<'_>, parser: Parser<'_>) -> parser::Result<Pattern> {
    match ret {
        WastRet::Core(ret) => Ok(Pattern::from(ret)),
        _ => Err(parser.error("a result that is not a core WebAssembly value")),
    }
}

/// A module of a directive; `encode` is for the text of a quoted one.
fn module_source(
    module: QuoteWat<'_>,
    parser: Parser<'_>,
    encode: fn(&str) -> quoted::Encoded,
) -> parser::Result<ModuleSource> {
    match module {
        QuoteWat::Wat(module) => Ok(text_module(module)),
        QuoteWat::QuoteModule(_, strings) => {
            let wasm = quoted::encode_strings(&strings, encode);
            Ok(ModuleSource { name: None, form: ModuleForm::Quote, wasm })
        }
        QuoteWat::QuoteComponent(span, _) => Err(parser.error_at(span, "components are not supported")),
    }
}

/// A module that the script's own tokens spell out: fields, or strings of bytes.
fn text_module(mut module: Wat<'_>) -> ModuleSource {
    let (name, form) = match &module {
        Wat::Module(module) => {
            let form = match module.kind {
                ModuleKind::Text(_) => ModuleForm::Text,
                ModuleKind::Binary(_) => ModuleForm::Binary,
            };
            (module.id.map(owned_name), form)
        }
        Wat::Component(_) => (None, ModuleForm::Text),
    };
    let wasm = module.encode().map_err(|error| refusal(error.message(), error.span().offset()));
    ModuleSource { name, form, wasm }
}

pub(super) fn refusal(message: String, offset: usize) -> TextRefusal {
    TextRefusal { message, line: 0, col: 0, in_annotation: false, offset: offset as u32, content: None }
}
