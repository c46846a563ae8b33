//! Imports that could not be satisfied.

use super::Refusal;

/// Why a module could not be linked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkFailure {
    /// What was wrong with an import.
    pub fault: LinkFault,
    /// The module and the name of the import, if they are known.
    pub import: Option<(String, String)>,
    /// The same in the engine's words.
    pub refusal: Refusal,
}

/// What can be wrong with an import.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkFault {
    /// Nothing has its name.
    UnknownImport,
    /// What has its name is of another kind or type.
    IncompatibleImport,
}

impl LinkFault {
    /// Both.
    pub const ALL: [LinkFault; 2] = [LinkFault::UnknownImport, LinkFault::IncompatibleImport];

    /// The words that the official test suite has for it.
    pub const fn text(self) -> &'static str {
        match self {
            LinkFault::UnknownImport => "unknown import",
            LinkFault::IncompatibleImport => "incompatible import type",
        }
    }
}
