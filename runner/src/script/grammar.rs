//! The grammar of directives, as parsers of the `wast` crate. What modules consist of, values and patterns are the crate's.

use super::{
    Action, Argument, Directive, DirectiveKind, Get, Invoke, ModuleForm, ModuleSource, Pattern, TextRefusal,
};
use super::{encode, quoted};
use wast::core::{Module, ModuleField, ModuleKind};
use wast::parser::{self, Cursor, Parse, Parser, Peek};
use wast::token::{Id, NameAnnotation};
use wast::{WastArg, WastInvoke, WastRet, Wat, kw};

/// The annotations that belong to modules; the lexer skips all others.
pub(super) const ANNOTATIONS: [&str; 5] =
    ["custom", "producers", "name", "dylink.0", "metadata.code.branch_hint"];

/// The directives of a whole script, or the fields of one module.
pub(super) struct Directives(pub(super) Vec<Directive>);

impl<'a> Parse<'a> for Directives {
    fn parse(parser: Parser<'a>) -> parser::Result<Self> {
        let _registered = ANNOTATIONS.map(|name| parser.register_annotation(name));
        let mut directives = Vec::new();
        if parser.is_empty() || parser.peek2::<DirectiveKeyword>()? {
            while !parser.is_empty() {
                directives.push(directive(parser)?);
            }
        } else {
            let start = parser.cur_span();
            let module = inline_module(parser.parse()?);
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
        // Nine directives out of ten.
        parser.parse::<kw::assert_return>()?;
        let action = parser.parens(action)?;
        let mut results = Vec::new();
        while !parser.is_empty() {
            results.push(pattern(&parser.parens(|parser| parser.parse())?, parser)?);
        }
        Ok(DirectiveKind::AssertReturn { action, results })
    } else if parser.peek::<kw::assert_trap>()? {
        parser.parse::<kw::assert_trap>()?;
        Ok(DirectiveKind::AssertTrap { action: parser.parens(action)?, text: text(parser)? })
    } else if parser.peek::<kw::assert_invalid>()? {
        parser.parse::<kw::assert_invalid>()?;
        Ok(DirectiveKind::AssertInvalid { module: parser.parens(module)?, text: text(parser)? })
    } else if parser.peek::<kw::assert_malformed>()? {
        parser.parse::<kw::assert_malformed>()?;
        Ok(DirectiveKind::AssertMalformed { module: parser.parens(module)?, text: text(parser)? })
    } else if parser.peek::<kw::assert_unlinkable>()? {
        parser.parse::<kw::assert_unlinkable>()?;
        Ok(DirectiveKind::AssertUnlinkable { module: parser.parens(module)?, text: text(parser)? })
    } else if parser.peek::<kw::assert_exhaustion>()? {
        parser.parse::<kw::assert_exhaustion>()?;
        let call = parser.parens(|parser| parser.parse())?;
        Ok(DirectiveKind::AssertExhaustion { invoke: invoke(call, parser)?, text: text(parser)? })
    } else if parser.peek::<kw::assert_exception>()? {
        parser.parse::<kw::assert_exception>()?;
        Ok(DirectiveKind::AssertException { action: parser.parens(action)? })
    } else if parser.peek::<kw::assert_suspension>()? {
        parser.parse::<kw::assert_suspension>()?;
        Ok(DirectiveKind::AssertSuspension { action: parser.parens(action)?, text: text(parser)? })
    } else if parser.peek::<kw::assert_malformed_custom>()? {
        parser.parse::<kw::assert_malformed_custom>()?;
        let module = parser.parens(annotated_module)?;
        Ok(DirectiveKind::AssertMalformedCustom { module, text: text(parser)? })
    } else if parser.peek::<kw::assert_invalid_custom>()? {
        parser.parse::<kw::assert_invalid_custom>()?;
        let module = parser.parens(annotated_module)?;
        Ok(DirectiveKind::AssertInvalidCustom { module, text: text(parser)? })
    } else {
        command(parser)
    }
}

/// A directive that is no assertion.
fn command(parser: Parser<'_>) -> parser::Result<DirectiveKind> {
    if parser.peek::<kw::module>()? {
        parser.parse::<kw::module>()?;
        if parser.peek::<kw::instance>()? {
            parser.parse::<kw::instance>()?;
            return Ok(DirectiveKind::ModuleInstance { instance: name(parser)?, module: name(parser)? });
        }
        let is_definition = parser.parse::<Option<kw::definition>>()?.is_some();
        let module = module_body(parser, quoted::encode)?;
        Ok(match is_definition {
            true => DirectiveKind::ModuleDefinition(module),
            false => DirectiveKind::Module(module),
        })
    } else if parser.peek::<kw::invoke>()? {
        Ok(DirectiveKind::Invoke(invoke(parser.parse()?, parser)?))
    } else if parser.peek::<kw::get>()? {
        get(parser).map(DirectiveKind::Get)
    } else if parser.peek::<kw::register>()? {
        parser.parse::<kw::register>()?;
        Ok(DirectiveKind::Register { name: text(parser)?, module: name(parser)? })
    } else if parser.peek::<kw::thread>()? {
        thread(parser)
    } else if parser.peek::<kw::wait>()? {
        parser.parse::<kw::wait>()?;
        Ok(DirectiveKind::Wait { thread: parser.parse().map(owned_name)? })
    } else {
        Err(parser.error("unknown directive"))
    }
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

/// An optional name.
fn name(parser: Parser<'_>) -> parser::Result<Option<Box<str>>> {
    Ok(parser.parse::<Option<Id<'_>>>()?.map(owned_name))
}

fn text(parser: Parser<'_>) -> parser::Result<Box<str>> {
    Ok(parser.parse::<&str>()?.into())
}

fn owned_name(id: Id<'_>) -> Box<str> {
    id.name().into()
}

fn action(parser: Parser<'_>) -> parser::Result<Action> {
    if parser.peek::<kw::invoke>()? {
        Ok(Action::Invoke(invoke(parser.parse()?, parser)?))
    } else if parser.peek::<kw::get>()? {
        get(parser).map(Action::Get)
    } else if parser.peek::<kw::module>()? {
        module(parser).map(Action::Module)
    } else {
        Err(parser.error("expected `invoke`, `get` or `module`"))
    }
}

fn get(parser: Parser<'_>) -> parser::Result<Get> {
    parser.parse::<kw::get>()?;
    Ok(Get { module: name(parser)?, name: text(parser)? })
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

/// The module of an assertion, which may say that it is a definition: it is no more than that anyway.
fn module(parser: Parser<'_>) -> parser::Result<ModuleSource> {
    module_of_assertion(parser, quoted::encode)
}

fn annotated_module(parser: Parser<'_>) -> parser::Result<ModuleSource> {
    module_of_assertion(parser, quoted::encode_annotated)
}

fn module_of_assertion(
    parser: Parser<'_>,
    encode: fn(&str) -> quoted::Encoded,
) -> parser::Result<ModuleSource> {
    parser.parse::<kw::module>()?;
    parser.parse::<Option<kw::definition>>()?;
    module_body(parser, encode)
}

/// What follows the keyword of a module; `encode` is for the text of a quoted one.
fn module_body(parser: Parser<'_>, encode: fn(&str) -> quoted::Encoded) -> parser::Result<ModuleSource> {
    let span = parser.prev_span();
    let id = parser.parse::<Option<Id<'_>>>()?;
    if parser.peek::<kw::quote>()? {
        parser.parse::<kw::quote>()?;
        let mut strings = Vec::new();
        while !parser.is_empty() {
            strings.push((parser.cur_span(), parser.parse::<&[u8]>()?));
        }
        let wasm = quoted::encode_strings(&strings, encode);
        return Ok(ModuleSource { name: id.map(owned_name), form: ModuleForm::Quote, wasm });
    }
    let name = parser.parse::<Option<NameAnnotation<'_>>>()?;
    let (kind, form) = if parser.peek::<kw::binary>()? {
        parser.parse::<kw::binary>()?;
        let mut bytes = Vec::new();
        while !parser.is_empty() {
            bytes.push(parser.parse()?);
        }
        (ModuleKind::Binary(bytes), ModuleForm::Binary)
    } else {
        let mut fields = Vec::new();
        while !parser.is_empty() {
            fields.push(parser.parens(ModuleField::parse)?);
        }
        (ModuleKind::Text(fields), ModuleForm::Text)
    };
    let wasm = encode::module(&mut Module { span, id, name, kind });
    Ok(ModuleSource { name: id.map(owned_name), form, wasm: wasm.map_err(|error| refusal(&error)) })
}

/// The fields of a module that is all of its script.
fn inline_module(mut module: Wat<'_>) -> ModuleSource {
    let wasm = encode::wat(&mut module).map_err(|error| refusal(&error));
    ModuleSource { name: None, form: ModuleForm::Text, wasm }
}

pub(super) fn refusal(error: &wast::Error) -> TextRefusal {
    TextRefusal::at(error.message(), error.span().offset())
}
