//! Names of causes.

use super::Verdict;

/// Digits of a bucket's hash.
const DIGITS: usize = 12;

/// The stable name of a cause, in a context, which may be empty.
pub(super) fn id(verdict: Verdict, cause: &str, context: &str) -> String {
    let context = if context.is_empty() { String::new() } else { format!("/{context}") };
    let hash = blake3::hash(format!("{}/{cause}{context}", verdict.word()).as_bytes()).to_hex();
    format!("{}-{}", verdict.word(), &hash[..DIGITS])
}

/// A message without what differs from module to module: numbers become `N`, names in quotes `Q`, and types of a module's own
/// are numbers already.
pub(super) fn normalized(message: &str) -> String {
    let mut text = String::new();
    let mut rest = message.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '`' | '"' | '<' => {
                let end = if c == '<' { '>' } else { c };
                // A quote that does not end is a character like any other.
                let mut ahead = rest.clone();
                if ahead.any(|other| other == end) {
                    rest = ahead;
                    text.push('Q');
                } else {
                    text.push(c);
                }
            }
            c if c.is_ascii_digit() => {
                let is_part = |c: &char| c.is_ascii_hexdigit() || matches!(c, 'x' | '_' | '.');
                while rest.next_if(is_part).is_some() {}
                text.push('N');
            }
            c => text.push(c),
        }
    }
    text
}
