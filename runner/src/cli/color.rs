//! `--color`: when to write colours.

use clap::{ColorChoice, ValueEnum};
use std::ffi::OsString;
use std::io::IsTerminal;
use std::sync::OnceLock;

/// When to write colours.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum When {
    /// To terminals, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the user has chosen; unset until the arguments are known.
static CHOSEN: OnceLock<When> = OnceLock::new();

/// Keeps the choice of the arguments for the rest of the process.
pub(super) fn choose(when: When) {
    // The arguments are read once.
    let _ = CHOSEN.set(when);
}

/// Whether to write colours to a stream.
pub(super) fn colored(stream: &impl IsTerminal) -> bool {
    match CHOSEN.get().copied().unwrap_or(When::Auto) {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
            wanted && stream.is_terminal()
        }
    }
}

/// The colours of help and of errors about arguments: these are written before the arguments are understood.
pub(super) fn of_help(words: &[OsString]) -> ColorChoice {
    const FLAG: &str = "--color";
    let mut chosen = ColorChoice::Auto;
    let words: Vec<_> = words.iter().map_while(|word| word.to_str().filter(|&word| word != "--")).collect();
    for (index, word) in words.iter().enumerate() {
        let value = match word.strip_prefix(FLAG) {
            Some("") => words.get(index + 1).copied(),
            Some(value) => value.strip_prefix('='),
            None => None,
        };
        chosen = match value {
            Some("always") => ColorChoice::Always,
            Some("never") => ColorChoice::Never,
            Some("auto") => ColorChoice::Auto,
            // What else it may be, parsing refuses.
            Some(_) | None => chosen,
        };
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_choice_before_the_separator_colors_help() {
        let of = |line: &str| of_help(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(of("trapline wast --bogus"), ColorChoice::Auto);
        assert_eq!(of("trapline --color always wast"), ColorChoice::Always);
        assert_eq!(of("trapline wast --color=never"), ColorChoice::Never);
        assert_eq!(of("trapline --color=never wast --color always"), ColorChoice::Always);
        assert_eq!(of("trapline --color=never wast -- --color always"), ColorChoice::Never);
        assert_eq!(of("trapline --colors=always"), ColorChoice::Auto);
    }
}
