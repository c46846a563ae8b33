//! Directives that do not parse.

use super::{Keyword, TextRefusal};
use serde::{Deserialize, Serialize};

/// What is known of a directive that does not parse, or of something else between directives.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unparsed {
    /// The keyword with which it begins; [`Keyword::Unknown`] if that is none.
    pub keyword: Keyword,
    /// What it was to give a name: a module, an instance, a thread, or a registration.
    pub name: Option<Box<str>>,
    /// Why it does not parse.
    pub cause: UnparsedCause,
}

/// Why a directive does not parse.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum UnparsedCause {
    /// It does not follow the grammar.
    Syntax(TextRefusal),
    /// There is no directive of this keyword.
    UnknownDirective(Box<str>, TextRefusal),
    /// It is about a component, and those are not built.
    Component,
}

impl UnparsedCause {
    pub(super) fn refusal_mut(&mut self) -> Option<&mut TextRefusal> {
        match self {
            UnparsedCause::Syntax(refusal) | UnparsedCause::UnknownDirective(_, refusal) => Some(refusal),
            UnparsedCause::Component => None,
        }
    }
}
