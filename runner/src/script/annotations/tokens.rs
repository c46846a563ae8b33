//! The tokens of a module's text, without what is between them.

use std::borrow::Cow;
use wast::lexer::{Lexer, TokenKind};

/// A token of the text format.
pub(super) struct Token<'t> {
    pub(super) kind: Kind<'t>,
    /// Where it begins in the text, in bytes.
    pub(super) offset: usize,
}

/// What a token is, as far as annotations ask.
pub(super) enum Kind<'t> {
    Open,
    /// The `@` word that makes an annotation of the parenthesis before it, without the `@`.
    Annotation(Cow<'t, str>),
    Close,
    Keyword(&'t str),
    Id,
    String(Cow<'t, [u8]>),
    Number,
    Reserved,
}

/// The tokens of a text. `None` if it is not made of tokens.
pub(super) fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let mut tokens: Vec<Token<'_>> = Vec::new();
    for token in lexer.iter(0) {
        let token = token.ok()?;
        let kind = match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment => continue,
            TokenKind::LParen => Kind::Open,
            TokenKind::RParen => Kind::Close,
            TokenKind::Annotation => {
                let opened = tokens
                    .last()
                    .is_some_and(|last| matches!(last.kind, Kind::Open) && last.offset + 1 == token.offset);
                if opened { Kind::Annotation(token.annotation(text).ok()?) } else { Kind::Reserved }
            }
            TokenKind::Keyword => Kind::Keyword(token.keyword(text)),
            TokenKind::Id => Kind::Id,
            TokenKind::String => Kind::String(token.string(text)),
            TokenKind::Integer(_) | TokenKind::Float(_) => Kind::Number,
            TokenKind::Reserved => Kind::Reserved,
        };
        tokens.push(Token { kind, offset: token.offset });
    }
    Some(tokens)
}
