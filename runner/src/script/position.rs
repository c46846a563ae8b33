//! Byte offsets to lines and columns.

/// The line and column of an offset, both from 1, the column in bytes.
pub(crate) fn position(text: &[u8], offset: usize) -> (u32, u32) {
    Lines::new(text).position(offset)
}

/// Positions of ascending offsets, in one pass over the text.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    /// How far the text has been read; everything below counts within it.
    read: usize,
    newlines: u32,
    line_start: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a [u8]) -> Lines<'a> {
        Lines { text, read: 0, newlines: 0, line_start: 0 }
    }

    pub(super) fn text(&self) -> &'a [u8] {
        self.text
    }

    /// The position of an offset; if it is below the one asked for before, that one's.
    pub(super) fn position(&mut self, offset: usize) -> (u32, u32) {
        let offset = offset.clamp(self.read, self.text.len());
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
        (self.newlines + 1, (offset - self.line_start) as u32 + 1)
    }
}
