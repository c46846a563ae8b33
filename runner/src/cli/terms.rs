//! Arguments that say how scripts are read.

use super::headings::SCRIPTS;
use crate::terms::{Dialect, ReadingChoice, Texts};
use clap::{Args, ValueEnum};

/// How scripts are read.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = SCRIPTS)]
pub(super) struct ReadingArguments {
    /// For which runner scripts were written. With `wasmtime`, an instance can be imported under the name of its module
    /// without `register`, and an expected text may be any part of the error's. By default that is what a script is read as
    /// that has a `;;!` header without a `[bug]` table, and `spec` all others.
    #[arg(long, value_enum, value_name = "DIALECT")]
    dialect: Option<DialectName>,
    /// How much of the text of a trap or a link error a script must have: its beginning, or the text of another engine for
    /// the same error; or all of the specification's.
    #[arg(long, value_enum, default_value = "prefix", value_name = "MEASURE")]
    texts: TextsName,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum DialectName {
    Spec,
    Wasmtime,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum TextsName {
    Prefix,
    Strict,
}

impl ReadingArguments {
    pub(super) fn choice(self) -> ReadingChoice {
        ReadingChoice {
            dialect: self.dialect.map(|dialect| match dialect {
                DialectName::Spec => Dialect::Spec,
                DialectName::Wasmtime => Dialect::Wasmtime,
            }),
            texts: match self.texts {
                TextsName::Prefix => Texts::Prefix,
                TextsName::Strict => Texts::Strict,
            },
            by_rule: false,
        }
    }

    /// The choices that are not the default ones, as a command line has them, each after a space.
    pub(super) fn command(self) -> String {
        let dialect = match self.dialect {
            None => "",
            Some(DialectName::Spec) => " --dialect spec",
            Some(DialectName::Wasmtime) => " --dialect wasmtime",
        };
        let texts = match self.texts {
            TextsName::Prefix => "",
            TextsName::Strict => " --texts strict",
        };
        [dialect, texts].concat()
    }
}
