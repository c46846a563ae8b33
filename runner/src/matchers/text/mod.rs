//! The texts by which scripts name traps and link errors.
//!
//! The specification's reference interpreter takes a text that its own message begins with, and the empty one for any. Its
//! messages are the texts of the official suite, and for some errors more: the index of an element, the names of an import.
//! A text that names no error of the specification like that may be one that another engine has for the same error: see
//! [`engines`]. In the dialect of wasmtime, a text may be any part of such a message.

mod engines;

#[cfg(test)]
mod tests;

use crate::terms::{Dialect, Reading, Texts};
use crate::trail::{LinkFailure, LinkFault, TrapInfo};
use trapline_abi::{Trap, TrapDetail};

/// Whether a text from a script names a trap, or what it can be if the engine does not tell two apart.
pub fn names_trap(text: &str, trap: &TrapInfo, reading: Reading) -> bool {
    // The host has ended the call, and no instruction.
    if trap.host.is_some() {
        return false;
    }
    trap.kinds().any(|kind| names_kind(text, kind, trap.operands.as_ref(), reading))
}

fn names_kind(text: &str, kind: Trap, operands: Option<&TrapDetail>, reading: Reading) -> bool {
    let message = Message::of_trap(kind, operands);
    match (reading.texts, reading.dialect) {
        (Texts::Strict, _) => message.is_whole(text),
        (Texts::Prefix, Dialect::Spec) => {
            message.begins_with(text)
                || !Trap::ALL.iter().any(|&trap| Message::of_trap(trap, None).begins_with(text))
                    && engines::is_trap(text, kind)
        }
        (Texts::Prefix, Dialect::Wasmtime) => {
            message.begins_with(text)
                || message.contains(text)
                || engines::is_trap(text, kind)
                || engines::contains_trap(text, kind)
        }
    }
}

/// Whether a text from a script names a link error.
pub fn names_link_error(text: &str, failure: &LinkFailure, reading: Reading) -> bool {
    let message = Message::of_link(failure.fault, failure.import.as_ref());
    match (reading.texts, reading.dialect) {
        (Texts::Strict, _) => message.is_whole(text),
        (Texts::Prefix, Dialect::Spec) => message.begins_with(text) || engines::is_link_error(text, failure),
        (Texts::Prefix, Dialect::Wasmtime) => {
            message.begins_with(text)
                || message.contains(text)
                || engines::is_link_error(text, failure)
                || engines::contains_link_error(text, failure)
        }
    }
}

/// Whether a text from a script names an error in a custom section: it is the beginning of the message, it is not empty, and
/// it ends at the end of a word.
pub fn names_custom_error(text: &str, message: &str) -> bool {
    !text.is_empty()
        && message
            .strip_prefix(text)
            .is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
}

/// A message of the reference interpreter.
struct Message {
    /// What the official suite has for it.
    own: &'static str,
    rest: Rest,
}

/// What a message goes on with.
enum Rest {
    Nothing,
    Text(String),
    /// A number; `None` if the engine does not tell it.
    Number(Option<u64>),
}

impl Message {
    /// Source: interpreter/exec/eval.ml of WebAssembly/spec.
    fn of_trap(kind: Trap, operands: Option<&TrapDetail>) -> Message {
        let rest = match kind {
            Trap::Unreachable => Rest::Text(" executed".to_owned()),
            Trap::UndefinedElement | Trap::UninitializedElement => Rest::Number(match operands {
                Some(TrapDetail::TableElement { index, .. }) => Some(*index),
                _ => None,
            }),
            _ => Rest::Nothing,
        };
        Message { own: kind.spec_text(), rest }
    }

    /// Source: interpreter/script/import.ml and interpreter/exec/eval.ml of WebAssembly/spec. The types that the second
    /// message ends in are not compared: their spelling is the interpreter's.
    fn of_link(fault: LinkFault, import: Option<&(String, String)>) -> Message {
        let rest = match (fault, import) {
            (_, None) => Rest::Nothing,
            (LinkFault::UnknownImport, Some((module, name))) => {
                Rest::Text(format!(" \"{module}\".\"{name}\""))
            }
            (LinkFault::IncompatibleImport, Some((module, name))) => {
                Rest::Text(format!(" for \"{module}\" \"{name}\": expected"))
            }
        };
        Message { own: fault.text(), rest }
    }

    /// Whether a text is its beginning. A number is a number, not some digits.
    fn begins_with(&self, text: &str) -> bool {
        self.own.starts_with(text) || self.goes_on(text, |rest, text| rest.starts_with(text))
    }

    /// Whether a text is what the official suite has for it, with or without the rest.
    fn is_whole(&self, text: &str) -> bool {
        self.own == text || self.goes_on(text, |rest, text| rest == text)
    }

    fn goes_on(&self, text: &str, is_rest: impl Fn(&str, &str) -> bool) -> bool {
        match (text.strip_prefix(self.own), &self.rest) {
            (None, _) | (Some(_), Rest::Nothing) => false,
            (Some(text), Rest::Text(rest)) => is_rest(rest, text),
            (Some(text), Rest::Number(known)) => {
                let digits = text.strip_prefix(' ').filter(|text| text.bytes().all(|it| it.is_ascii_digit()));
                let number = digits.and_then(|digits| digits.parse::<u64>().ok());
                number.is_some_and(|number| known.is_none_or(|known| known == number))
            }
        }
    }

    fn contains(&self, text: &str) -> bool {
        let rest = match &self.rest {
            Rest::Nothing => String::new(),
            Rest::Text(rest) => rest.clone(),
            Rest::Number(number) => number.map(|number| format!(" {number}")).unwrap_or_default(),
        };
        let whole = [self.own, &rest].concat();
        // A number at the end of the text would else be the beginning of another one.
        whole.match_indices(text).any(|(at, _)| {
            let cuts = |c: &u8| c.is_ascii_digit();
            let end = at + text.len();
            !(whole.as_bytes().get(end).is_some_and(cuts) && text.as_bytes().last().is_some_and(cuts))
        })
    }
}
