//! The directives of a script by its parentheses alone.
//!
//! The process that has scripts run by others counts their directives itself, and can say of each what became of it even if
//! nothing can parse the script and live. So this reads no grammar, does not recurse, and allocates only what it gives. A text
//! that is no sequence of closed parentheses goes to [`super::salvage`].

use super::parse::ANNOTATIONS;
use super::position::Lines;
use super::{Directive, Keyword, salvage};
use std::ops::Range;

/// Where a directive is, and what it asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Sketch {
    /// Where its text lies in the script's, in bytes, parentheses included.
    pub(crate) span: Range<usize>,
    /// The line of its opening parenthesis, from 1.
    pub(crate) line: u32,
    /// The column of its opening parenthesis, from 1, in bytes.
    pub(crate) col: u32,
    /// Its keyword.
    pub(crate) directive: Keyword,
}

/// Where a directive's text lies in the script's, in bytes, as few bytes as there may be a million of them.
pub(crate) type Span = Range<u32>;

/// Where the directives of a script are: its forms, and whatever else stands between them, each a part of its own. The fields
/// of an inline module are one part together.
pub(crate) fn spans(text: &[u8]) -> Vec<Span> {
    let regular = std::str::from_utf8(text).ok().and_then(|_| regular(text));
    let parts = regular.unwrap_or_else(|| salvage::parts(text).into_iter().map(short).collect());
    let is_directive = |part: &Span| keyword(text, &(part.start as usize..part.end as usize)).is_some();
    match &parts[..] {
        [first, .., last] if !parts.iter().any(is_directive) => {
            std::iter::once(first.start..last.end).collect()
        }
        _ => parts,
    }
}

/// No script is longer.
fn short(part: Range<usize>) -> Span {
    let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    short(part.start)..short(part.end)
}

/// The forms of a text that consists of nothing else.
fn regular(text: &[u8]) -> Option<Vec<Span>> {
    let mut forms = Forms { text, at: 0, open: Vec::new() };
    let mut parts = Vec::new();
    while let Some(form) = forms.next().ok()? {
        parts.push(short(form));
    }
    Some(parts)
}

/// The directives of a script whose places are known, each as it is asked for.
pub(crate) fn sketches<'a>(text: &'a [u8], spans: &'a [Span]) -> impl Iterator<Item = Sketch> + 'a {
    let mut lines = Lines::new(text);
    spans.iter().map(move |span| {
        let span = span.start as usize..span.end as usize;
        let (line, col) = lines.position(span.start);
        // What is alone and is not a directive are the fields of a module.
        let other = if spans.len() == 1 { Keyword::Module } else { Keyword::Unknown };
        let directive = keyword(text, &span).unwrap_or(other);
        Sketch { span, line, col, directive }
    })
}

/// The directives of a script.
pub(crate) fn outline(text: &[u8]) -> Vec<Sketch> {
    sketches(text, &spans(text)).collect()
}

impl From<&Directive> for Sketch {
    fn from(directive: &Directive) -> Sketch {
        Sketch {
            span: directive.span.start as usize..directive.span.end as usize,
            line: directive.line,
            col: directive.col,
            directive: directive.kind.keyword(),
        }
    }
}

/// The keyword with which a form begins, if it is a directive.
pub(super) fn keyword(text: &[u8], span: &Range<usize>) -> Option<Keyword> {
    let mut words = Words::of(&text[span.clone()])?;
    let first = words.next()?;
    if first == b"module" {
        return Some(match words.next() {
            Some(b"definition") => Keyword::ModuleDefinition,
            Some(b"instance") => Keyword::ModuleInstance,
            Some(_) | None => Keyword::Module,
        });
    }
    // Components are not supported; their directives begin like this all the same.
    if first == b"component" {
        return Some(Keyword::Module);
    }
    let named = Keyword::ALL.iter().copied().filter(|keyword| *keyword != Keyword::Unknown);
    let mut named = named.filter(|keyword| keyword.as_str().as_bytes() == first);
    // An assertion that is not known is a directive that is not known, and never the field of a module.
    named.next().or(first.starts_with(b"assert_").then_some(Keyword::Unknown))
}

/// The words at the beginning of a form, behind its parenthesis.
pub(super) fn words(form: &[u8]) -> Vec<&[u8]> {
    /// `(module definition $name`.
    const WORDS: usize = 3;
    Words::of(form).into_iter().flatten().take(WORDS).collect()
}

/// Moves over what is not a token: white space and comments. `None` if a comment does not end.
fn skip_blank(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match (text.get(at), text.get(at + 1)) {
            (Some(b' ' | b'\t' | b'\r' | b'\n'), _) => at += 1,
            (Some(b';'), Some(b';')) => at = end_of_line(text, at),
            (Some(b'('), Some(b';')) => at = end_of_comment(text, at)?,
            _ => return Some(at),
        }
    }
}

pub(super) fn end_of_line(text: &[u8], at: usize) -> usize {
    text[at..].iter().position(|&byte| byte == b'\n' || byte == b'\r').map_or(text.len(), |len| at + len)
}

/// The end of a comment that begins with `(;`, with those within.
pub(super) fn end_of_comment(text: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match (text.get(at)?, text.get(at + 1)) {
            (b'(', Some(b';')) => (depth, at) = (depth + 1, at + 2),
            (b';', Some(b')')) => {
                (depth, at) = (depth - 1, at + 2);
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
}

/// The end of a string, whose opening quote is at `at`; or where the line ends that it should have ended on.
pub(super) fn end_of_string(text: &[u8], mut at: usize) -> Result<usize, usize> {
    loop {
        at += 1;
        match text.get(at) {
            None => return Err(text.len()),
            Some(b'\\') if !matches!(text.get(at + 1), Some(b'\n' | b'\r')) => at += 1,
            Some(b'"') => return Ok(at + 1),
            Some(b'\n' | b'\r') => return Err(at),
            Some(_) => {}
        }
    }
}

/// Whether directives can stand within a form of this keyword.
pub(super) fn nests(head: &[u8]) -> bool {
    head.starts_with(b"assert_") || matches!(head, b"thread" | b"shared")
}

/// The first word behind the parenthesis at `at`; empty if there is none.
pub(super) fn head(text: &[u8], at: usize) -> &[u8] {
    Words::of(&text[at..]).and_then(|mut words| words.next()).unwrap_or_default()
}

/// The end of the form whose parenthesis is at `at`, if it is closed and nothing in it begins where a directive would.
pub(crate) fn end_of_form(text: &[u8], at: usize) -> Option<usize> {
    Forms { text, at, open: Vec::new() }.end(at).ok()
}

/// Whether the parenthesis at `at` is that of an annotation.
pub(super) fn is_annotation(text: &[u8], at: usize) -> bool {
    text.get(at + 1) == Some(&b'@')
}

/// Whether the annotation whose parenthesis is at `at` is left out by the parser. Others belong to modules.
pub(super) fn is_skipped(text: &[u8], at: usize) -> bool {
    let name = head(text, at).strip_prefix(b"@").unwrap_or_default();
    !name.is_empty() && !ANNOTATIONS.iter().any(|known| known.as_bytes() == name)
}

/// The end of the annotation whose parenthesis is at `at`, if it is a short one, as those between the words of a directive are.
fn end_of_annotation(text: &[u8], at: usize) -> Option<usize> {
    /// Bytes; without a limit, many that do not end would take long.
    const SHORT: usize = 4096;
    end_of_form(&text[..text.len().min(at + SHORT)], at)
}

/// Parts of the text between outermost parentheses, annotations left out.
struct Forms<'a> {
    text: &'a [u8],
    at: usize,
    /// The parentheses that are open.
    open: Vec<Open>,
}

/// A parenthesis that is open.
struct Open {
    at: usize,
    /// Whether directives can stand within, once that was asked.
    nests: Option<bool>,
}

/// The text is more than forms that are closed.
struct Irregular;

impl Forms<'_> {
    fn next(&mut self) -> Result<Option<Range<usize>>, Irregular> {
        let text = self.text;
        loop {
            let start = skip_blank(text, self.at).ok_or(Irregular)?;
            match text.get(start) {
                None => return Ok(None),
                Some(b'(') => {}
                Some(_) => return Err(Irregular),
            }
            self.at = self.end(start)?;
            if !is_annotation(text, start) {
                return Ok(Some(start..self.at));
            }
            if !is_skipped(text, start) {
                return Err(Irregular);
            }
        }
    }

    /// The end of the form whose parenthesis is at `at`.
    fn end(&mut self, mut at: usize) -> Result<usize, Irregular> {
        let text = self.text;
        loop {
            match text[at] {
                b'"' => at = end_of_string(text, at).map_err(|_| Irregular)?,
                b';' if text.get(at + 1) == Some(&b';') => at = end_of_line(text, at),
                b'(' if text.get(at + 1) == Some(&b';') => at = end_of_comment(text, at).ok_or(Irregular)?,
                b'(' => {
                    if self.intrudes(at) {
                        return Err(Irregular);
                    }
                    self.open.push(Open { at, nests: None });
                    at += 1;
                }
                b')' => {
                    self.open.pop();
                    at += 1;
                    if self.open.is_empty() {
                        return Ok(at);
                    }
                }
                _ => at += 1,
            }
            at += text[at..].iter().position(|&byte| matters(byte)).ok_or(Irregular)?;
        }
    }

    /// Whether a form within others begins on a line of its own at the left margin and is a directive where none can stand: a
    /// parenthesis before it is missing.
    fn intrudes(&mut self, at: usize) -> bool {
        let text = self.text;
        let Some(parent) = self.open.last_mut() else { return false };
        let begins_line = matches!(text[at - 1], b'\n' | b'\r');
        begins_line
            && keyword(text, &(at..text.len())).is_some()
            && !*parent.nests.get_or_insert_with(|| nests(head(text, parent.at)))
            && !self.open.iter().any(|open| is_annotation(text, open.at))
    }
}

/// Whether a byte can begin anything but a word.
pub(super) const fn matters(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'"' | b';')
}

/// The words at the beginning of a form.
struct Words<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Words<'a> {
    /// Those behind its parenthesis; `None` if it does not begin with one.
    fn of(form: &'a [u8]) -> Option<Words<'a>> {
        form.starts_with(b"(").then_some(Words { text: form, at: 1 })
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let mut start = skip_blank(self.text, self.at)?;
        while self.text[start..].starts_with(b"(@") {
            start = skip_blank(self.text, end_of_annotation(self.text, start)?)?;
        }
        let rest = &self.text[start..];
        let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || matters(*byte));
        let len = end.unwrap_or(rest.len());
        self.at = start + len;
        (len > 0).then_some(&rest[..len])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;

    /// What the parser says of a script.
    fn parsed(script: &Script) -> Vec<Sketch> {
        script.directives().iter().map(Sketch::from).collect()
    }

    #[test]
    fn comments_strings_and_annotations_are_no_directives() {
        for text in [
            "(module) (invoke \"f\")",
            ";; (module)\n(module $m (func (export \"a)(\\\")\")))(;(invoke (;;)) (;;);)\n  (invoke $m \"a)(\\\")\")",
            "((@a (b)) module (@c) definition) (module definition binary \"\\00asm\\01\\00\\00\\00\") (module instance $i) (register \"x\")",
            "(@other (module) \"x)\") (module (@custom \"c\" \"((\") (func)) (@other)",
            "(module (;a;) definition $x (func))",
            "(func) (func) ;; (module)\r(func)",
            "(thread $t (module) (invoke \"x\")) (wait $t)",
            "(assert_return(invoke \"f\"))(assert_trap (module) \"x\")",
            "(module)(assert_malformed (module quote \"(;\" \";)\") \"x\")",
        ] {
            let script = Script::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(outline(text.as_bytes()), parsed(&script), "{text}");
            assert_eq!(spans(text.as_bytes()).len(), script.directives().len(), "{text}");
        }
    }

    #[test]
    fn a_script_of_comments_has_no_directive() {
        for text in [";; (module)", "(; (module) ;)\n;;", "(@other (module))"] {
            assert_eq!(outline(text.as_bytes()), [], "{text}");
            assert!(parsed(&Script::parse(text).expect("a script")).is_empty(), "{text}");
        }
    }

    /// The parser and the scan agree about every script of the official suite and of `regressions/`.
    #[test]
    fn the_parser_finds_the_same() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let selected =
            crate::discover::discover(&crate::discover::Request::default(), &root).expect("scripts");
        assert!(selected.inputs.len() > 200);
        for input in &selected.inputs {
            let bytes = input.read().expect("a script").into_owned();
            let Ok(script) = Script::from_bytes(bytes) else { continue };
            let text = script.text().as_bytes();
            assert_eq!(outline(text), parsed(&script), "{}", input.name);
            assert_eq!(spans(text).len(), script.directives().len(), "{}", input.name);
        }
    }
}
