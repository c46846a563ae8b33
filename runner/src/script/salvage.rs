//! The parts of a script that is more than forms in parentheses that are closed.
//!
//! A form that is not closed ends where the next one seems to begin: at the first directive's keyword behind a parenthesis
//! that begins a line, and is indented no more than the line on which the broken form begins. So does one that is closed
//! further down, if such a directive is where none can stand. The module of an assertion, and the directives of a thread, may
//! begin lines of their own. A string ends on its line at the latest; a block comment that does not end hides nothing.
//! Everything else between forms is a part of its own, up to the next form or the end of the line.

use super::outline::{
    end_of_comment, end_of_line, end_of_string, head, is_annotation, is_skipped, keyword, matters, nests,
};
use std::collections::HashSet;
use std::ops::Range;

/// The parts of a text in order, in bytes.
pub(super) fn parts(text: &[u8]) -> Vec<Range<usize>> {
    let marks = Marks::of(text);
    let mut parts: Vec<Range<usize>> = Vec::new();
    // Where the last part ends, if it is not a form.
    let mut stray_until = None;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let (end, is_form) = match (byte, text.get(at + 1)) {
            (b' ' | b'\t' | b'\r' | b'\n', _) => {
                at += 1;
                continue;
            }
            (b';', Some(b';')) => (end_of_line(text, at), false),
            (b'(', Some(b';')) => match marks.unended.contains(&at) {
                true => (marks.cut(text, at).unwrap_or(text.len()), true),
                false => (end_of_comment(text, at).unwrap_or(text.len()), false),
            },
            (b'(', _) => (marks.end_of_form(text, at), true),
            (b'"', _) => (end_of_string(text, at).unwrap_or_else(|end| end), false),
            (b')' | b';', _) => (at + 1, false),
            _ => (end_of_word(text, at), false),
        };
        let end = at + text[at..end].trim_ascii_end().len().max(1);
        let is_comment = matches!(&text[at..end], [b';', b';', ..] | [b'(', b';', ..]) && !is_form;
        let is_fine = match (is_comment, is_annotation(text, at) && is_form) {
            (true, _) => std::str::from_utf8(&text[at..end]).is_ok(),
            (_, true) => is_skipped(text, at) && marks.close(at).is_some(),
            (false, false) => false,
        };
        match (stray_until, parts.last_mut()) {
            _ if is_fine => {}
            (Some(last), Some(stray)) if !is_form && !text[last..at].contains(&b'\n') => stray.end = end,
            _ => parts.push(at..end),
        }
        stray_until = (!is_form && !is_fine).then_some(end);
        at = end;
    }
    parts
}

/// The first string or block comment of a part that does not end, with its place and what is to be said of it.
pub(super) fn unended(part: &[u8]) -> Option<(usize, &'static str)> {
    let mut at = 0;
    loop {
        at += part.get(at..)?.iter().position(|&byte| matters(byte))?;
        at = match (part[at], part.get(at + 1)) {
            (b'"', _) => match end_of_string(part, at) {
                Ok(end) => end,
                Err(_) => return Some((at, "unexpected end of the line: a string does not end on it")),
            },
            (b';', Some(b';')) => end_of_line(part, at),
            (b'(', Some(b';')) => match end_of_comment(part, at) {
                Some(end) => end,
                None => return Some((at, "unexpected end of the directive: a block comment does not end")),
            },
            _ => at + 1,
        };
    }
}

fn end_of_word(text: &[u8], at: usize) -> usize {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || matters(*byte);
    text[at..].iter().position(is_end).map_or(text.len(), |len| at + len)
}

/// What the parentheses of a text are.
struct Marks {
    /// The places of those that open, ascending, and where each is closed.
    opens: Vec<(usize, Option<usize>)>,
    /// Where directives may begin, ascending.
    beginnings: Vec<Beginning>,
    /// Where block comments begin that do not end.
    unended: HashSet<usize>,
}

/// A directive's keyword behind a parenthesis that begins a line.
struct Beginning {
    at: usize,
    indent: usize,
    /// Whether it can be the module or the action of the assertion that it is in.
    belongs: bool,
    /// Whether it is in a thread or in an annotation, in which any directive can stand.
    hosted: bool,
}

/// A parenthesis that is open.
struct Open {
    /// Its place in [`Marks::opens`].
    index: usize,
    /// How many forms are within so far.
    forms: u32,
    nests: bool,
    /// Whether it is a thread or an annotation.
    hosts_any: bool,
}

impl Open {
    /// Counts a form within, and says whether it can be the module or the action of this assertion.
    fn takes_next(&mut self) -> bool {
        self.forms += 1;
        self.nests && self.forms == 1
    }
}

impl Marks {
    fn of(text: &[u8]) -> Marks {
        let mut marks = Marks { opens: Vec::new(), beginnings: Vec::new(), unended: HashSet::new() };
        let mut stack: Vec<Open> = Vec::new();
        // How many of them are threads or annotations.
        let mut hosts = 0_u32;
        let mut at = 0;
        while let Some(gap) = text[at..].iter().position(|&byte| matters(byte)) {
            at += gap;
            at = match (text[at], text.get(at + 1)) {
                (b'"', _) => end_of_string(text, at).unwrap_or_else(|end| end),
                (b';', Some(b';')) => end_of_line(text, at),
                (b'(', Some(b';')) => marks.end_of_comment(text, at).unwrap_or(at + 2),
                (b'(', _) => {
                    let has_head = marks.has_head(text, at);
                    let belongs = stack.last_mut().is_some_and(Open::takes_next);
                    if let Some(indent) = indent(text, at).filter(|_| has_head)
                        && keyword(text, &(at..text.len())).is_some()
                    {
                        marks.beginnings.push(Beginning { at, indent, belongs, hosted: hosts > 0 });
                    }
                    let head = if has_head { head(text, at) } else { b"" };
                    let hosts_any = is_annotation(text, at) || head == b"thread";
                    hosts += u32::from(hosts_any);
                    stack.push(Open { index: marks.opens.len(), forms: 0, nests: nests(head), hosts_any });
                    marks.opens.push((at, None));
                    at + 1
                }
                (b')', _) => {
                    if let Some(open) = stack.pop() {
                        marks.opens[open.index].1 = Some(at + 1);
                        hosts -= u32::from(open.hosts_any);
                    }
                    at + 1
                }
                _ => at + 1,
            };
        }
        marks
    }

    /// Whether something other than a comment that does not end is behind the parenthesis at `at`.
    fn has_head(&mut self, text: &[u8], at: usize) -> bool {
        let mut at = at + 1;
        loop {
            at = match (text.get(at), text.get(at + 1)) {
                (Some(b' ' | b'\t' | b'\r' | b'\n'), _) => at + 1,
                (Some(b';'), Some(b';')) => end_of_line(text, at),
                (Some(b'('), Some(b';')) => match self.end_of_comment(text, at) {
                    Some(end) => end,
                    None => return false,
                },
                _ => return true,
            }
        }
    }

    /// The end of a block comment, if it ends. Of one that does not, those within that do not either are noted too, so that
    /// the rest of the text is looked through once for all of them.
    fn end_of_comment(&mut self, text: &[u8], at: usize) -> Option<usize> {
        if self.unended.contains(&at) {
            return None;
        }
        let end = end_of_comment(text, at);
        if end.is_none() {
            let (mut open, mut at) = (Vec::new(), at);
            while at < text.len() {
                match (text[at], text.get(at + 1)) {
                    (b'(', Some(b';')) => open.push(at),
                    (b';', Some(b')')) => drop(open.pop()),
                    _ => {
                        at += 1;
                        continue;
                    }
                }
                at += 2;
            }
            self.unended.extend(open);
        }
        end
    }

    /// Where the parenthesis at `at` is closed.
    fn close(&self, at: usize) -> Option<usize> {
        let open = self.opens.binary_search_by_key(&at, |(open, _)| *open).ok()?;
        self.opens[open].1
    }

    /// Where the form at `at` ends, or is taken to end.
    fn end_of_form(&self, text: &[u8], at: usize) -> usize {
        let Some(close) = self.close(at) else { return self.cut(text, at).unwrap_or(text.len()) };
        let mut within = self.behind(at).take_while(|it| it.at < close).peekable();
        if within.peek().is_none() {
            return close;
        }
        let margin = margin(text, at);
        let intruder = within.find(|it| it.indent <= margin && !it.belongs && !it.hosted);
        intruder.map_or(close, |intruder| intruder.at)
    }

    /// Where the next directive seems to begin, of one at `at` that does not end.
    fn cut(&self, text: &[u8], at: usize) -> Option<usize> {
        let margin = margin(text, at);
        self.behind(at).find(|it| it.indent <= margin && !it.belongs).map(|next| next.at)
    }

    fn behind(&self, at: usize) -> impl Iterator<Item = &Beginning> {
        self.beginnings[self.beginnings.partition_point(|it| it.at <= at)..].iter()
    }
}

/// The white space before what begins its line, in bytes.
fn indent(text: &[u8], at: usize) -> Option<usize> {
    let blank = text[..at].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let begins = at == blank || matches!(text[at - blank - 1], b'\n' | b'\r');
    begins.then_some(blank)
}

/// The white space at the beginning of the line that a place is on, in bytes.
fn margin(text: &[u8], at: usize) -> usize {
    let line = text[..at].iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1);
    text[line..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

#[cfg(test)]
mod tests;
