//! Changes of a text that keep the places of what stays.

use std::borrow::Cow;
use std::ops::Range;

/// A text without folded legacy exceptions.
#[derive(Clone, Debug)]
pub struct Unfolded<'a> {
    text: Cow<'a, str>,
    /// Where the text is from, piece by piece; none if it is the original.
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it starts.
    start: usize,
    /// The place in the original that its start leads back to.
    original: usize,
    /// Whether all of it leads back to that place, rather than byte to byte.
    inserted: bool,
}

impl<'a> Unfolded<'a> {
    pub(super) fn unchanged(text: &'a str) -> Unfolded<'a> {
        Unfolded { text: Cow::Borrowed(text), pieces: Vec::new() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place in the original that a place in the text leads back to, both in bytes.
    pub fn original(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.start <= offset);
        match self.pieces[..after].last() {
            None => offset,
            Some(piece) if piece.inserted => piece.original,
            Some(piece) => piece.original + (offset - piece.start),
        }
    }
}

/// The changes of a text, in any order.
#[derive(Default)]
pub(super) struct Edits<'a>(Vec<Edit<'a>>);

enum Edit<'a> {
    /// Spaces take the place of a word.
    Blank(Range<usize>),
    /// A word is added at a place, and leads back to another one.
    Insert(usize, &'a str, usize),
}

impl<'a> Edits<'a> {
    pub(super) fn blank(&mut self, place: Range<usize>) {
        self.0.push(Edit::Blank(place));
    }

    /// Adds a word; of those at one place, the first one comes first.
    pub(super) fn insert(&mut self, at: usize, word: &'a str, leads_to: usize) {
        self.0.push(Edit::Insert(at, word, leads_to));
    }

    pub(super) fn apply(mut self, original: &'a str) -> Unfolded<'a> {
        if self.0.is_empty() {
            return Unfolded::unchanged(original);
        }
        self.0.sort_by_key(|edit| match edit {
            Edit::Blank(place) => place.start,
            Edit::Insert(at, ..) => *at,
        });
        let mut text = String::with_capacity(original.len() + 4 * self.0.len());
        let mut pieces = Vec::new();
        let mut read = 0;
        for edit in self.0 {
            match edit {
                Edit::Blank(Range { start, end }) => {
                    text.push_str(&original[read..start]);
                    text.extend(std::iter::repeat_n(' ', end - start));
                    read = end;
                }
                Edit::Insert(at, word, leads_to) => {
                    text.push_str(&original[read..at]);
                    pieces.push(Piece { start: text.len(), original: leads_to, inserted: true });
                    text.push_str(word);
                    pieces.push(Piece { start: text.len(), original: at, inserted: false });
                    read = at;
                }
            }
        }
        text.push_str(&original[read..]);
        Unfolded { text: Cow::Owned(text), pieces }
    }
}
