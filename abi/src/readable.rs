//! Names that modules give to things, where people read them.

use std::fmt;

/// A name as a report shows it: a module may call a function anything, but not break lines, steer a terminal or turn the
/// direction of what follows. Characters that would are escaped like `\n` and `\u{1b}`; all others stay, of whatever
/// script they are.
#[derive(Clone, Copy, Debug)]
pub struct Readable<'a>(pub &'a str);

/// A text of several lines as a report shows it: like [`Readable`], but ends of lines and tabs stay.
#[derive(Clone, Copy, Debug)]
pub struct ReadableText<'a>(pub &'a str);

impl fmt::Display for Readable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, acts, f)
    }
}

impl fmt::Display for ReadableText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, |c| acts(c) && !matches!(c, '\n' | '\t'), f)
    }
}

fn escape(text: &str, escaped: impl Fn(char) -> bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    // Most texts are plain, and are as fast to write as ever.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~');
    if text.bytes().all(is_plain) {
        return f.write_str(text);
    }
    let mut rest = text;
    while let Some(at) = rest.find(&escaped) {
        f.write_str(&rest[..at])?;
        let Some(c) = rest[at..].chars().next() else { break };
        write!(f, "{}", c.escape_debug())?;
        rest = &rest[at + c.len_utf8()..];
    }
    f.write_str(rest)
}

/// Whether a terminal could take a character for an order, or show what follows otherwise than it is: control characters,
/// separators of lines and paragraphs, and those of the bidirectional algorithm (Unicode Standard Annex 9, section 2).
pub fn acts(c: char) -> bool {
    let directs = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || directs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_acts_is_escaped() {
        let shown = |name| Readable(name).to_string();
        for plain in ["f", "", "naïve größe", "e\u{301}", "функция", "関数", "a \"b\" 'c' \\d <e>", "🦀"]
        {
            assert_eq!(shown(plain), plain);
        }
        assert_eq!(ReadableText("a\n\tb\r\x1b[2J").to_string(), "a\n\tb\\r\\u{1b}[2J");
        assert_eq!(shown("a\nffff\x1b[31m"), r"a\nffff\u{1b}[31m");
        assert_eq!(shown("\r\t\0\u{9b}\u{7f}"), r"\r\t\0\u{9b}\u{7f}");
        assert_eq!(shown("\u{202e}x\u{2069}\u{2028}"), r"\u{202e}x\u{2069}\u{2028}");
    }
}
