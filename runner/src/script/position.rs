//! Byte offsets to lines and columns.

use super::inserted::Inserted;

/// The line and column of an offset, both from 1, the column in bytes.
pub(crate) fn position(text: &[u8], offset: usize) -> (u32, u32) {
    Lines::new(text).position(offset)
}

/// Positions of ascending offsets, in one pass over the text. Those of a script that was made of a module are the ones in the
/// module's file, see [`Inserted`].
pub(super) struct Lines<'a> {
    text: &'a [u8],
    inserted: Inserted,
    /// How many of the pieces that were inserted have been read.
    pieces: usize,
    /// How far the text has been read; everything below counts within it.
    read: usize,
    newlines: u32,
    /// Where the current line starts, moved by what was inserted into it.
    line_start: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a [u8]) -> Lines<'a> {
        let inserted = Inserted::of(text);
        let start = inserted.preamble();
        Lines { text, inserted, pieces: 0, read: start, newlines: 0, line_start: start }
    }

    pub(super) fn text(&self) -> &'a [u8] {
        self.text
    }

    /// The position of an offset; if it is below the one asked for before, that one's. What stands before the module's file has
    /// line 0, and a piece that was inserted has the position of what comes behind it.
    pub(super) fn position(&mut self, offset: usize) -> (u32, u32) {
        if offset < self.inserted.preamble() {
            return (0, offset as u32 + 1);
        }
        let offset = offset.min(self.text.len());
        while let Some(piece) =
            self.inserted.pieces().get(self.pieces).cloned().filter(|piece| piece.start <= offset)
        {
            self.read_until(piece.start);
            self.read = piece.end;
            self.line_start += piece.len();
            self.pieces += 1;
        }
        self.read_until(offset);
        (self.newlines + 1, (self.read - self.line_start) as u32 + 1)
    }

    fn read_until(&mut self, offset: usize) {
        let offset = offset.max(self.read);
        let gap = &self.text[self.read..offset];
        // Counts within a byte, and nothing but counts, are what the compiler vectorises well; the
        // last newline is looked for apart.
        let is_newline = |&byte: &u8| byte == b'\n';
        let newlines: u32 = gap
            .chunks(usize::from(u8::MAX))
            .map(|bytes| u32::from(bytes.iter().map(|byte| u8::from(is_newline(byte))).sum::<u8>()))
            .sum();
        if newlines > 0 {
            self.newlines += newlines;
            let last = gap.iter().rposition(is_newline).unwrap_or(0);
            self.line_start = self.read + last + 1;
        }
        self.read = offset;
    }
}
