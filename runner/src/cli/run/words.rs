//! The words of a call among those of the command line.

use std::ffi::{OsStr, OsString};

/// The commands that call an export.
const COMMANDS: [&str; 6] = ["run", "wast", "compare", "triage", "reduce", "regress"];

/// Puts the call last, so that whatever its name and its arguments begin with, they are no flags: `--invoke -x -inf --opt none`
/// calls `-x` with one argument. The name is the word behind `--invoke`, or what follows `--invoke=`; the arguments are the
/// words behind it up to the first that begins like a flag and not like a number.
pub(in crate::cli) fn call_last(mut words: Vec<OsString>) -> Vec<OsString> {
    // Only `--color` can come before the command.
    let command = match words.get(1) {
        Some(word) if word == "--color" => words.get(3),
        Some(word) if word.as_encoded_bytes().starts_with(b"--color=") => words.get(2),
        word => word,
    };
    if !command.is_some_and(|command| COMMANDS.iter().any(|name| command == name)) {
        return words;
    }
    // What is behind `--` is for the program that is run.
    let options = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let is_call = |word: &OsString| word == "--invoke" || named(word).is_some();
    let Some(at) = words[..options].iter().position(is_call) else { return words };
    let behind = words.split_off(options);
    let mut rest = words.split_off(at).into_iter();
    let first = rest.next().unwrap_or_default();
    let name = match named(&first) {
        Some(name) => Some(name.to_owned()),
        None => rest.next(),
    };
    let Some(name) = name else {
        words.push(first);
        words.extend(behind);
        return words;
    };
    let rest: Vec<OsString> = rest.collect();
    let end = rest.iter().position(|word| !is_argument(word)).unwrap_or(rest.len());
    words.extend_from_slice(&rest[end..]);
    words.extend([OsString::from("--invoke"), name]);
    words.extend_from_slice(&rest[..end]);
    if !behind.is_empty() {
        // The first ends the arguments of the call, which may begin with a hyphen.
        words.push(OsString::from("--"));
        words.extend(behind);
    }
    words
}

/// The name in `--invoke=NAME`.
fn named(word: &OsStr) -> Option<&OsStr> {
    let bytes = word.as_encoded_bytes().strip_prefix(b"--invoke=")?;
    std::str::from_utf8(bytes).ok().map(OsStr::new)
}

/// Whether a word is an argument of the call, and no flag.
fn is_argument(word: &OsStr) -> bool {
    match word.as_encoded_bytes().strip_prefix(b"-") {
        None | Some([]) => true,
        Some(rest @ [first, ..]) => {
            first.is_ascii_digit() || *first == b'.' || rest.starts_with(b"inf") || rest.starts_with(b"nan")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reordered(words: &str) -> String {
        let words = words.split(' ').map(OsString::from).collect();
        let words: Vec<String> =
            call_last(words).into_iter().map(|word| word.into_string().expect("text")).collect();
        words.join(" ")
    }

    #[test]
    fn the_call_comes_last_and_flags_before_it() {
        for (words, wanted) in [
            ("t run m.wat --invoke f 1 -2 --opt none", "t run m.wat --opt none --invoke f 1 -2"),
            ("t run m.wat --invoke -x -inf -nan:0x1 -.5 -g", "t run m.wat -g --invoke -x -inf -nan:0x1 -.5"),
            ("t run m.wat --invoke=f 1 -W all", "t run m.wat -W all --invoke f 1"),
            ("t run m.wat --invoke --opt --opt none", "t run m.wat --opt none --invoke --opt"),
            ("t run m.wat --invoke", "t run m.wat --invoke"),
            ("t run m.wat --opt none", "t run m.wat --opt none"),
            ("t run m.wat --opt none -- --invoke f", "t run m.wat --opt none -- --invoke f"),
            (
                "t run m.wat --invoke f 1 --opt none -- a --b",
                "t run m.wat --opt none --invoke f 1 -- -- a --b",
            ),
            ("t --color never run m.wat --invoke f -1 -g", "t --color never run m.wat -g --invoke f -1"),
            ("t --color=never run m.wat --invoke f -1 -g", "t --color=never run m.wat -g --invoke f -1"),
            ("t wast --invoke f --x", "t wast --x --invoke f"),
            ("t audit --invoke f --x", "t audit --invoke f --x"),
        ] {
            assert_eq!(reordered(words), wanted);
        }
        assert_eq!(reordered("t run m.wat --invoke  1"), "t run m.wat --invoke  1");
    }
}
