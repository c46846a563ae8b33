//! Byte offsets to lines and columns.

/// The line and column of an offset, both from 1, the column in bytes.
pub(super) fn position(text: &[u8], offset: usize) -> (u32, u32) {
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

    /// The position of an offset that is not below the one asked for before.
    pub(super) fn position(&mut self, offset: usize) -> (u32, u32) {
        let offset = offset.clamp(self.read, self.text.len());
        let gap = &self.text[self.read..offset];
        // Counting alone is what the compiler vectorises, so the last newline is looked for apart.
        let newlines = gap.iter().map(|&byte| usize::from(byte == b'\n')).sum::<usize>();
        if newlines > 0 {
            self.newlines += newlines as u32;
            let last = gap.iter().rposition(|&byte| byte == b'\n').unwrap_or(0);
            self.line_start = self.read + last + 1;
        }
        self.read = offset;
        (self.newlines + 1, (offset - self.line_start) as u32 + 1)
    }
}
