//! The words of the official suite for why a module is refused. Runners do not compare them, and readers do.

use crate::trail::Refusal;

/// Texts of the official suite that are part of messages of the decoder, the validator and the parser. The first that is part
/// of a message is the text for it.
const TEXTS: &[&str] = &[
    "type mismatch",
    "alignment must not be larger than natural",
    "alignment must be a power of two",
    "constant expression required",
    "constant out of range",
    "data count and data section have inconsistent lengths",
    "data count section required",
    "duplicate export name",
    "function and code section have inconsistent lengths",
    "global is immutable",
    "illegal opcode",
    "inline function type",
    "integer representation too long",
    "integer too large",
    "invalid lane index",
    "invalid result arity",
    "length out of bounds",
    "magic header not detected",
    "malformed UTF-8 encoding",
    "malformed limits flags",
    "malformed mutability",
    "malformed reference type",
    "malformed section id",
    "multiple memories",
    "non-empty tag result type",
    "offset out of range",
    "section size mismatch",
    "size minimum must not be greater than maximum",
    "memory size",
    "table size",
    "start function",
    "sub type",
    "undeclared function reference",
    "unexpected content after last section",
    "unexpected end",
    "unknown operator",
    "unexpected token",
    "uninitialized local",
    "unknown binary version",
    "unknown data segment",
    "unknown elem segment",
    "unknown function",
    "unknown global",
    "unknown import",
    "unknown label",
    "unknown local",
    "unknown memory",
    "unknown table",
    "unknown tag",
    "unknown type",
];

/// What the decoder and the validator say in other words.
const WORDED: &[(&str, &str)] = &[
    ("unknown func", "unknown function"),
    ("undeclared reference to function", "undeclared function reference"),
    ("unknown elem", "unknown elem segment"),
];

/// The text for a refusal: that of the official suite, or else the first line of what was said.
pub(super) fn of(refusal: &Refusal) -> String {
    of_message(&refusal.message)
}

/// As [`of`], of a message.
pub(super) fn of_message(message: &str) -> String {
    let known = TEXTS.iter().find(|text| message.contains(**text)).copied();
    let worded = || WORDED.iter().find(|(said, _)| message.contains(said)).map(|&(_, text)| text);
    known.or_else(worded).or(message.lines().next()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::of_message;

    #[test]
    fn what_the_suite_has_a_text_for_gets_it() {
        for (message, text) in [
            ("type mismatch: expected i32 but nothing on stack", "type mismatch"),
            ("unknown function 7: function index out of bounds", "unknown function"),
            ("unknown func: failed to find name `$f`", "unknown function"),
            ("unexpected end-of-file", "unexpected end"),
            ("magic header not detected: bad magic number", "magic header not detected"),
            ("unknown operator or unexpected token", "unknown operator"),
            ("something new\nand more", "something new"),
        ] {
            assert_eq!(of_message(message), text, "{message}");
        }
    }
}
