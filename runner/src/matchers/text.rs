//! The texts by which scripts name errors.

use trapline_abi::Trap;

/// Texts of traps in scripts that are neither the beginning of the specification's text nor
/// continue it.
const VARIANTS: &[(&str, Trap)] = &[
    // wasmtime's scripts quote that engine's own message.
    ("wasm `unreachable` instruction executed", Trap::Unreachable),
];

/// Whether a text from a script names this trap.
///
/// The specification's interpreter accepts a text that its message begins with: `uninitialized`
/// names the trap `uninitialized element`, and `out of bounds` names one of memories and one of
/// tables. Its messages may say more than [`Trap::spec_text`], as `uninitialized element 2` does,
/// so a text that continues the trap's own text names it too. Words are never cut, and no text
/// names every trap.
pub fn describes_trap(text: &str, trap: Trap) -> bool {
    let own = trap.spec_text();
    is_prefix(text, own) || is_prefix(own, text) || VARIANTS.contains(&(text, trap))
}

/// Whether a message begins with a text, which is not empty and ends at the end of a word.
pub fn is_prefix(text: &str, message: &str) -> bool {
    !text.is_empty()
        && message
            .strip_prefix(text)
            .is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
}
