//! What is in the text of a script and not in the file that it was made of.
//!
//! A module is run as a script: stand-ins for its imports come before it, words are put into its text. The places that
//! reports name are those in the file, so the script says at its beginning what is not from there: a comment
//! `(;@inserted 40+11 90+2;)` names pieces by their offsets in the script and their lengths, in bytes, and the rest of its
//! line, the preamble, is not from the file either. A script that says so of itself changes nothing but its own places.

use std::ops::Range;

const BEGIN: &[u8] = b"(;@inserted";
const END: &[u8] = b";)";

/// The text that is not from the file.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Inserted {
    preamble: usize,
    pieces: Vec<Range<usize>>,
}

impl Inserted {
    /// What a script says of itself. Pieces that are none, or not in order, are left out.
    pub(crate) fn of(text: &[u8]) -> Inserted {
        let Some(rest) = text.strip_prefix(BEGIN) else { return Inserted::default() };
        let line = text.iter().position(|&byte| byte == b'\n').map_or(text.len(), |end| end + 1);
        let words =
            rest.windows(END.len()).position(|bytes| bytes == END).map_or(&rest[..0], |end| &rest[..end]);
        let mut inserted = Inserted { preamble: line, pieces: Vec::new() };
        for word in words.split(|&byte| byte == b' ') {
            let piece = std::str::from_utf8(word).ok().and_then(|word| {
                let (start, len) = word.split_once('+')?;
                let start: usize = start.parse().ok()?;
                Some(start..start.checked_add(len.parse().ok()?)?)
            });
            let from = inserted.pieces.last().map_or(line, |last| last.end);
            inserted.pieces.extend(piece.filter(|piece| piece.start >= from && piece.end <= text.len()));
        }
        inserted
    }

    /// The bytes of the line that comes before the file.
    pub(crate) fn preamble(&self) -> usize {
        self.preamble
    }

    /// The pieces within the file's text and behind it, in order.
    pub(crate) fn pieces(&self) -> &[Range<usize>] {
        &self.pieces
    }

    /// Whether an offset is in what is not from the file.
    pub(crate) fn contains(&self, offset: usize) -> bool {
        offset < self.preamble || self.pieces.iter().any(|piece| piece.contains(&offset))
    }

    /// How many bytes of a part of the text are not from the file.
    pub(crate) fn within(&self, part: Range<usize>) -> usize {
        let common =
            |piece: &Range<usize>| piece.end.min(part.end).saturating_sub(piece.start.max(part.start));
        self.pieces.iter().map(common).sum()
    }

    /// A part of the text as it is in the file.
    pub(crate) fn original(&self, text: &str, part: Range<usize>) -> Option<String> {
        let mut original = String::new();
        let mut at = part.start;
        for piece in self.pieces.iter().filter(|piece| piece.start >= part.start && piece.end <= part.end) {
            original.push_str(text.get(at..piece.start)?);
            at = piece.end;
        }
        original.push_str(text.get(at..part.end)?);
        Some(original)
    }
}

/// A script without the comment in which it says what was inserted: all of it counts as its own then.
pub(crate) fn unmarked(text: &str) -> &str {
    let marked = text.as_bytes().starts_with(BEGIN).then(|| text.split_once(";)")).flatten();
    marked.map_or(text, |(_, rest)| rest.strip_prefix('\n').unwrap_or(rest))
}

/// The text of a script that is made of a file.
#[derive(Debug, Default)]
pub(crate) struct Composition {
    preamble: String,
    body: String,
    /// The pieces within the body, by their places there.
    pieces: Vec<Range<usize>>,
}

impl Composition {
    /// Text before the file's own. It has no newline.
    pub(crate) fn preamble(&mut self) -> &mut String {
        &mut self.preamble
    }

    /// Appends text that is from the file, or counts as if it was.
    pub(crate) fn body(&mut self) -> &mut String {
        &mut self.body
    }

    /// Inserts a piece that is not from the file.
    pub(crate) fn insert(&mut self, write: impl FnOnce(&mut String)) {
        let start = self.body.len();
        write(&mut self.body);
        self.pieces.push(start..self.body.len());
    }

    /// The text, which says what was inserted if anything was.
    pub(crate) fn into_text(self) -> String {
        let Composition { preamble, body, pieces } = self;
        if preamble.is_empty() && pieces.is_empty() {
            return body;
        }
        let mark = |ahead: usize| -> String {
            let pieces = pieces.iter().map(|piece| format!(" {}+{}", ahead + piece.start, piece.len()));
            format!("(;@inserted{};)", pieces.collect::<String>())
        };
        // The offsets are those behind a comment whose length depends on them.
        let mut ahead = 0;
        loop {
            let first = mark(ahead).len() + preamble.len() + 1;
            if first == ahead {
                break format!("{}{preamble}\n{body}", mark(ahead));
            }
            ahead = first;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::position::{Lines, position};
    use super::*;

    fn composed() -> String {
        let mut made = Composition::default();
        made.preamble().push_str("(module) (register \"env\")");
        made.body().push_str(";; x\n(module");
        made.insert(|text| text.push_str(" definition\n\n"));
        made.body().push_str(" (func)\n(memory 1))");
        made.insert(|text| text.push_str("\n)"));
        made.body().push_str("\n(invoke \"f\")\n");
        made.into_text()
    }

    #[test]
    fn places_are_those_in_the_file() {
        let text = composed();
        let at = |what: &str| text.find(what).expect("it is there");
        let mut lines = Lines::new(text.as_bytes());
        for (what, place) in [
            ("(register", (0, at("(register") as u32 + 1)),
            (";; x", (1, 1)),
            ("(module defi", (2, 1)),
            (" definition", (2, 8)),
            (" (func)", (2, 8)),
            ("(func)", (2, 9)),
            ("(memory", (3, 1)),
            ("(invoke", (4, 1)),
        ] {
            assert_eq!(position(text.as_bytes(), at(what)), place, "{what}");
            assert_eq!(lines.position(at(what)), place, "{what}");
        }
        let inserted = Inserted::of(text.as_bytes());
        assert_eq!(
            inserted.original(&text, inserted.preamble()..text.len()).as_deref(),
            Some(";; x\n(module (func)\n(memory 1))\n(invoke \"f\")\n")
        );
        assert!(inserted.contains(at("(register")) && inserted.contains(at("definition")));
        assert!(!inserted.contains(at("(func)")) && !inserted.contains(at(";; x")));
    }

    #[test]
    fn a_script_can_say_anything_of_itself() {
        assert_eq!(Composition::default().into_text(), "");
        for text in [
            "(;@inserted",
            "(;@inserted 5+3;)",
            "(;@inserted 99999999999999999999+1 18446744073709551615+2 a+b +;)\n(module)",
            "(;@inserted 20+5 22+1 30+1 24+9;)\n(module)\n(module)\n\n",
            "(;@inserted 0+1;)\n\n",
        ] {
            let inserted = Inserted::of(text.as_bytes());
            assert!(inserted.preamble() <= text.len());
            for offset in 0..text.len() + 2 {
                let (line, col) = position(text.as_bytes(), offset);
                assert!(line <= 5 && col >= 1, "{text}");
            }
        }
        assert_eq!(position(b"(module)\n(;@inserted 0+1;)\n(module)", 27), (3, 1));
    }
}
