//! Annotations that belong to modules, on the tokens of a module's text: `@custom`, `@name` and
//! `@metadata.code.branch_hint` (specification: "Annotations", appendix "Custom Sections").
//!
//! The parser of the `wast` crate refuses most of what is wrong with them, in the words of what it expected instead. Which
//! rule an annotation breaks, and whether the text is well-formed without it, is found out here.

mod content;
mod context;
mod tokens;

#[cfg(test)]
mod tests;

use context::Context;
use tokens::{Kind, Token, tokens};

/// A text without its annotations.
pub(super) struct Plain {
    /// The text with spaces in their place.
    pub(super) text: String,
    /// What is wrong with the first that is malformed or misplaced.
    pub(super) misuse: Option<Misuse>,
}

/// What is wrong with an annotation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Misuse {
    /// The broken rule, as the specification's interpreter words it.
    pub(super) message: String,
    /// Where it is broken, in bytes from the start of the text.
    pub(super) offset: usize,
}

/// The annotations that are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Annotation {
    Custom,
    Name,
    BranchHint,
    /// One that the parser of the `wast` crate reads and the specification does not know.
    Tool,
    /// One that the parser skips.
    Foreign,
}

impl Annotation {
    fn named(name: &str) -> Annotation {
        match name {
            "custom" => Annotation::Custom,
            "name" => Annotation::Name,
            "metadata.code.branch_hint" => Annotation::BranchHint,
            "producers" | "dylink.0" => Annotation::Tool,
            _ => Annotation::Foreign,
        }
    }
}

/// Takes the annotations out of a text. `None` if there are none, or it is not made of tokens within balanced parentheses.
pub(super) fn take_out(text: &str) -> Option<Plain> {
    let tokens = tokens(text)?;
    let mut plain = text.as_bytes().to_vec();
    let mut misuse = None;
    let mut context = Context::default();
    let mut at = 0;
    let mut annotated = false;
    while let Some(token) = tokens.get(at) {
        let Some(Token { kind: Kind::Annotation(name), .. }) = tokens.get(at + 1) else {
            context.pass(token)?;
            at += 1;
            continue;
        };
        let close = closing(&tokens, at)?;
        let annotation = Annotation::named(name);
        if annotation != Annotation::Foreign {
            annotated = true;
            let end = tokens[close].offset;
            if misuse.is_none() {
                let broken =
                    |(rule, offset)| Misuse { message: format!("@{name} annotation: {rule}"), offset };
                misuse = content::check(annotation, &tokens[at + 2..close], end)
                    .map_err(broken)
                    .and_then(|()| context.check(annotation, token.offset, &tokens[close + 1..]))
                    .err();
            }
            plain[token.offset..=end].fill(b' ');
            context.annotated(annotation);
        }
        at = close + 1;
    }
    // Spaces have taken the place of whole tokens, so what is left is text.
    let text = String::from_utf8(plain).ok()?;
    (annotated && context.is_closed()).then_some(Plain { text, misuse })
}

/// The parenthesis that closes the one at a place.
fn closing(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            Kind::Annotation(_)
            | Kind::Keyword(_)
            | Kind::Id
            | Kind::String(_)
            | Kind::Number
            | Kind::Reserved => {}
        }
    }
    None
}
