//! From the text of a script to its directives.

use super::grammar::{Directives, refusal};
use super::outline::{head, keyword, spans, words};
use super::position::{Lines, position};
use super::quoted::written_at;
use super::salvage::unended;
use super::{
    Action, Directive, DirectiveKind, Keyword, ModuleSource, ScriptError, TextRefusal, Unparsed,
    UnparsedCause,
};
use std::ops::Range;
use trapline_spec_tests::unfold;
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};

pub(super) use super::grammar::ANNOTATIONS;

/// Parses the text of a script. Directives that do not parse are directives of their own kind, if there are any that do.
pub(super) fn directives(text: &str) -> Result<Vec<Directive>, ScriptError> {
    let mut directives = match part(text, 0..text.len()) {
        Ok(directives) => directives,
        Err(fault) => salvaged(text.as_bytes(), text, &[], fault)?,
    };
    locate(&mut directives, &mut Lines::new(text.as_bytes()));
    Ok(directives)
}

/// Parses a script of which some bytes are not UTF-8. `text` is the same with other characters in their places.
pub(super) fn directives_around(
    bytes: &[u8],
    text: &str,
    misfits: &[usize],
) -> Result<Vec<Directive>, ScriptError> {
    let fault = TextRefusal::at(NOT_UTF8.to_owned(), misfits.first().copied().unwrap_or_default());
    let mut directives = salvaged(bytes, text, misfits, fault)?;
    locate(&mut directives, &mut Lines::new(bytes));
    Ok(directives)
}

const NOT_UTF8: &str = "malformed UTF-8 encoding";

/// The directives of a part of a script, with the places that they have in the script.
fn part(text: &str, span: Range<usize>) -> Result<Vec<Directive>, TextRefusal> {
    let start = span.start;
    let unfolded = unfold(&text[span])
        .map_err(|misplaced| TextRefusal::at(misplaced.to_string(), start + misplaced.offset))?;
    let original = |offset: u32| (start + unfolded.original(offset as usize)) as u32;
    let refuse = |error: wast::Error| {
        let mut refusal = refusal(&error);
        refusal.offset = original(refusal.offset);
        refusal
    };
    let buffer = buffer(unfolded.text()).map_err(refuse)?;
    let Directives(mut directives) = parser::parse(&buffer).map_err(refuse)?;
    lead_back(&mut directives, &original);
    Ok(directives)
}

/// Some scripts of the official suite test names in every writing direction on purpose, so no
/// character is refused for being confusing to people.
pub(super) fn buffer(text: &str) -> Result<ParseBuffer<'_>, wast::Error> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    ParseBuffer::new_with_lexer(lexer)
}

/// Parses each part of a script by itself. `fault` is what is wrong with the script as a whole, which is the error if no
/// directive is found in it, or nothing wrong in any.
fn salvaged(
    bytes: &[u8],
    text: &str,
    misfits: &[usize],
    fault: TextRefusal,
) -> Result<Vec<Directive>, ScriptError> {
    let spans = spans(bytes);
    let is_alone = spans.len() == 1;
    let mut directives = Vec::with_capacity(spans.len());
    let (mut found, mut unparsed) = (false, false);
    for span in spans {
        let place = span.start as usize..span.end as usize;
        let keyword = keyword(bytes, &place);
        // What is not text is no script because of a parenthesis.
        found |= keyword.is_some() || misfits.is_empty() && bytes[place.start] == b'(';
        let misfit = misfits.get(misfits.partition_point(|&misfit| misfit < place.start));
        let parsed = match misfit.filter(|&&misfit| misfit < place.end) {
            Some(&misfit) => Err(TextRefusal::at(NOT_UTF8.to_owned(), misfit)),
            None if keyword.is_none() && !is_alone => Err(stray(text, &place)),
            None => alone(text, place.clone()),
        };
        match parsed.map(|mut parsed| (parsed.pop(), parsed.is_empty())) {
            Ok((Some(directive), true)) => directives.push(directive),
            parsed => {
                unparsed = true;
                let fault = parsed.err().unwrap_or_else(|| fault.clone());
                let keyword = keyword.or(is_alone.then_some(Keyword::Module));
                let kind = DirectiveKind::Unparsed(describe(&bytes[place], keyword, fault));
                directives.push(Directive { span, line: 0, col: 0, kind });
            }
        }
    }
    if found && unparsed {
        return Ok(directives);
    }
    let (line, col) = position(bytes, fault.offset as usize);
    Err(match misfits.is_empty() {
        true => ScriptError::Syntax { line, col, message: fault.message },
        false => ScriptError::NotUtf8 { line, col },
    })
}

/// Parses one directive of a script. What does not end in it is what is wrong, whatever the parser says first.
fn alone(text: &str, place: Range<usize>) -> Result<Vec<Directive>, TextRefusal> {
    if let Some((offset, what)) = unended(text[place.clone()].as_bytes()) {
        return Err(TextRefusal::at(what.to_owned(), place.start + offset));
    }
    part(text, place.clone()).map_err(|fault| match fault.offset as usize >= place.end {
        true => TextRefusal::at(
            "unexpected end of the directive: a parenthesis is not closed".to_owned(),
            place.end - 1,
        ),
        false => fault,
    })
}

/// What is wrong with a part that is not a directive.
fn stray(text: &str, place: &Range<usize>) -> TextRefusal {
    let part = &text[place.clone()];
    let message = if part.starts_with("(@") {
        "an annotation of modules between directives"
    } else if part.starts_with("(;") {
        "unexpected end of the script: a block comment does not end"
    } else if part.starts_with('(') {
        "unknown directive"
    } else if part.starts_with(')') {
        "unexpected `)`: no parenthesis is open"
    } else if part.starts_with('\u{feff}') {
        "unexpected byte order mark"
    } else {
        "unexpected token between directives"
    };
    TextRefusal::at(message.to_owned(), place.start)
}

/// What can be said of a directive that does not parse.
fn describe(bytes: &[u8], keyword: Option<Keyword>, fault: TextRefusal) -> Unparsed {
    let words = words(bytes);
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    let owned = |word: &[u8]| String::from_utf8_lossy(word).into_owned().into_boxed_str();
    let names = match keyword {
        Some(Keyword::ModuleDefinition | Keyword::ModuleInstance) => word(2),
        _ => word(1),
    };
    let name = match keyword {
        Some(Keyword::Register) => bytes.split(|&byte| byte == b'"').nth(1).map(owned),
        _ => names.strip_prefix(b"$").map(owned),
    };
    let is_component = |form: &[u8]| head(form, 0) == b"component";
    let inner = bytes.iter().skip(1).position(|&byte| byte == b'(').map_or(&[][..], |at| &bytes[at + 1..]);
    let is_form = bytes.starts_with(b"(") && !matches!(bytes.get(1), Some(b';' | b'@'));
    let keyword = keyword.unwrap_or(Keyword::Unknown);
    let cause = if keyword == Keyword::Unknown && is_form {
        UnparsedCause::UnknownDirective(owned(word(0)), fault)
    } else if is_component(bytes) || keyword.as_str().starts_with("assert_") && is_component(inner) {
        UnparsedCause::Component
    } else {
        UnparsedCause::Syntax(fault)
    };
    Unparsed { keyword, name, cause }
}

/// Leads offsets back to the text as it was written.
fn lead_back(directives: &mut [Directive], original: &dyn Fn(u32) -> u32) {
    for directive in directives {
        directive.span = original(directive.span.start)..original(directive.span.end);
        if let DirectiveKind::Thread { directives, .. } = &mut directive.kind {
            lead_back(directives, original);
        }
        if let Some(Err(refusal)) = directive.kind.module_mut().map(|module| &mut module.wasm) {
            refusal.offset = original(refusal.offset);
        }
    }
}

/// Fills in lines and columns; while it parses, the grammar knows only offsets. They ascend: a refusal lies within its
/// directive.
fn locate(directives: &mut [Directive], lines: &mut Lines<'_>) {
    for directive in directives {
        (directive.line, directive.col) = lines.position(directive.span.start as usize);
        if let DirectiveKind::Thread { directives, .. } = &mut directive.kind {
            locate(directives, lines);
        }
        let refusal = match &mut directive.kind {
            DirectiveKind::Unparsed(unparsed) => unparsed.cause.refusal_mut(),
            kind => kind.module_mut().and_then(|module| module.wasm.as_mut().err()),
        };
        if let Some(refusal) = refusal {
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
            | DirectiveKind::Wait { .. }
            | DirectiveKind::Unparsed(_) => None,
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
