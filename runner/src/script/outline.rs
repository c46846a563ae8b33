//! The directives of a script by its parentheses alone.
//!
//! The process that has scripts run by others counts their directives itself, and can say of each what became of it even if
//! nothing can parse the script and live. So this reads no grammar, does not recurse, and allocates only what it gives.

use super::position::Lines;
use super::{Directive, Keyword};
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

/// Where the directives of a script are, if it can be parsed.
pub(crate) fn spans(text: &[u8]) -> Vec<Span> {
    // No script is longer.
    let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let mut forms = Forms { text, at: 0 };
    let first = forms.next();
    match &first {
        Some(one) if keyword(text, one).is_some() => {
            first.into_iter().chain(forms).map(|span| short(span.start)..short(span.end)).collect()
        }
        // The fields of one module.
        _ => {
            let start = first.as_ref().map_or(0, |span| span.start);
            let end = forms.last().or(first).map_or(start, |span| span.end);
            std::iter::once(short(start)..short(end)).collect()
        }
    }
}

/// The directives of a script whose places are known, each as it is asked for.
pub(crate) fn sketches<'a>(text: &'a [u8], spans: &'a [Span]) -> impl Iterator<Item = Sketch> + 'a {
    let mut lines = Lines::new(text);
    spans.iter().map(move |span| {
        let span = span.start as usize..span.end as usize;
        let (line, col) = lines.position(span.start);
        let directive = keyword(text, &span).unwrap_or(Keyword::Module);
        Sketch { span, line, col, directive }
    })
}

/// The directives of a script, if it can be parsed.
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
fn keyword(text: &[u8], span: &Range<usize>) -> Option<Keyword> {
    let mut words = Words { text: &text[span.clone()], at: 1 };
    let first = words.next()?;
    if first == b"module" {
        return Some(match words.next() {
            Some(b"definition") => Keyword::ModuleDefinition,
            Some(b"instance") => Keyword::ModuleInstance,
            Some(_) | None => Keyword::Module,
        });
    }
    // Components are refused by the parser; their directives begin like this all the same.
    if first == b"component" {
        return Some(Keyword::Module);
    }
    let named = Keyword::ALL.iter().copied().find(|keyword| keyword.as_str().as_bytes() == first);
    named.or(first.starts_with(b"assert_").then_some(Keyword::AssertReturn))
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

fn end_of_line(text: &[u8], at: usize) -> usize {
    text[at..].iter().position(|&byte| byte == b'\n' || byte == b'\r').map_or(text.len(), |len| at + len)
}

/// The end of a comment that begins with `(;`, with those within.
fn end_of_comment(text: &[u8], mut at: usize) -> Option<usize> {
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

/// The end of a string, whose opening quote is at `at`.
fn end_of_string(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += 1;
        match text.get(at)? {
            b'\\' => at += 1,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
}

/// Parts of the text between outermost parentheses, annotations left out. A part that does not end is none.
struct Forms<'a> {
    text: &'a [u8],
    at: usize,
}

impl Iterator for Forms<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let text = self.text;
        let (mut start, mut depth) = (0, 0_usize);
        let mut at = self.at;
        loop {
            at += text.get(at..)?.iter().position(|&byte| matters(byte))?;
            match text[at] {
                b'"' => at = end_of_string(text, at)?,
                b';' if text.get(at + 1) == Some(&b';') => at = end_of_line(text, at),
                b'(' if text.get(at + 1) == Some(&b';') => at = end_of_comment(text, at)?,
                b'(' => {
                    if depth == 0 {
                        start = at;
                    }
                    depth += 1;
                    at += 1;
                }
                b')' => {
                    at += 1;
                    let closes = depth == 1;
                    depth = depth.saturating_sub(1);
                    if closes && text.get(start + 1) != Some(&b'@') {
                        self.at = at;
                        return Some(start..at);
                    }
                }
                _ => at += 1,
            }
        }
    }
}

/// Whether a byte can begin anything but a word.
const fn matters(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'"' | b';')
}

/// The words at the beginning of a form, names left out.
struct Words<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let start = skip_blank(self.text, self.at)?;
        let rest = &self.text[start..];
        let len = rest.iter().position(|byte| byte.is_ascii_whitespace() || matters(*byte))?;
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
            "(module definition) (module definition binary \"\\00asm\\01\\00\\00\\00\") (module instance $i) (register \"x\")",
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
    fn what_does_not_end_is_no_directive() {
        for (text, wanted) in [
            ("(module) (invoke \"f", 1),
            ("(module) (; ", 1),
            ("(module) (invoke", 1),
            (")(module))(module)", 2),
        ] {
            assert_eq!(spans(text.as_bytes()).len(), wanted, "{text}");
            assert_eq!(outline(text.as_bytes()).len(), wanted, "{text}");
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
