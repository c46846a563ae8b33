//! What stands in annotations.

use super::Annotation;
use super::tokens::{Kind, Token};

/// A broken rule, and where it is broken in the text, in bytes.
pub(super) type Fault = (&'static str, usize);

/// The sections that a custom section can be placed at.
const SECTIONS: [&str; 12] =
    ["type", "import", "func", "table", "memory", "tag", "global", "export", "start", "elem", "code", "data"];

/// Checks the tokens of an annotation behind its name; `end` is where its closing parenthesis is.
pub(super) fn check(annotation: Annotation, content: &[Token<'_>], end: usize) -> Result<(), Fault> {
    match annotation {
        Annotation::Custom => custom(content, end),
        Annotation::Name => {
            let (name, rest) = string(content, end, "missing name")?;
            utf8(name, content)?;
            nothing(rest)
        }
        Annotation::BranchHint => {
            let (value, rest) = string(content, end, "missing value")?;
            match value {
                [0 | 1] => nothing(rest),
                _ => Err(("malformed value", place(content, end))),
            }
        }
        Annotation::Tool | Annotation::Foreign => Ok(()),
    }
}

/// A section's name, a placement if there is one, and any number of strings.
fn custom(content: &[Token<'_>], end: usize) -> Result<(), Fault> {
    let (name, mut rest) = string(content, end, "missing section name")?;
    utf8(name, content)?;
    if let Some((Token { kind: Kind::Open, .. }, placement)) = rest.split_first() {
        rest = placed(placement, end)?;
    }
    let other = rest.iter().find(|token| !matches!(token.kind, Kind::String(_)));
    other.map_or(Ok(()), |token| Err(("unexpected token", token.offset)))
}

/// What follows a placement, which is `before` or `after` a section or all of them.
fn placed<'a, 't>(content: &'a [Token<'t>], end: usize) -> Result<&'a [Token<'t>], Fault> {
    let edge = match content.first().map(|token| &token.kind) {
        Some(Kind::Keyword("before")) => "first",
        Some(Kind::Keyword("after")) => "last",
        Some(_) | None => return Err(("malformed placement", place(content, end))),
    };
    let content = &content[1..];
    match content.first().map(|token| &token.kind) {
        Some(&Kind::Keyword(section)) if section == edge || SECTIONS.contains(&section) => {}
        Some(_) | None => return Err(("malformed section kind", place(content, end))),
    }
    match content[1..].split_first() {
        Some((Token { kind: Kind::Close, .. }, rest)) => Ok(rest),
        Some(_) | None => Err(("unexpected token", place(&content[1..], end))),
    }
}

fn string<'a, 't>(
    content: &'a [Token<'t>],
    end: usize,
    missing: &'static str,
) -> Result<(&'a [u8], &'a [Token<'t>]), Fault> {
    match content.split_first() {
        Some((Token { kind: Kind::String(string), .. }, rest)) => Ok((string, rest)),
        Some(_) | None => Err((missing, place(content, end))),
    }
}

fn utf8(name: &[u8], content: &[Token<'_>]) -> Result<(), Fault> {
    let malformed = |_| ("malformed UTF-8 encoding", place(content, 0));
    std::str::from_utf8(name).map(drop).map_err(malformed)
}

fn nothing(rest: &[Token<'_>]) -> Result<(), Fault> {
    rest.first().map_or(Ok(()), |token| Err(("unexpected token", token.offset)))
}

/// Where the first token is, or what comes in its place.
fn place(content: &[Token<'_>], end: usize) -> usize {
    content.first().map_or(end, |token| token.offset)
}
