//! What modules print by the functions of the host module.

use serde::{Deserialize, Serialize};

/// Lines that are kept of a directive, and bytes of all of them.
const MAX_LINES: usize = 200;
const MAX_BYTES: usize = 64 << 10;

/// What was printed while a directive ran: the values of each call of a function of `spectest` on a line.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Output {
    /// The first lines.
    pub lines: Vec<String>,
    /// How many more there were.
    pub more: u64,
}

impl Output {
    /// Keeps a line, if there is room.
    pub fn push(&mut self, line: String) {
        let bytes: usize = self.lines.iter().map(String::len).sum();
        if self.more == 0 && self.lines.len() < MAX_LINES && bytes + line.len() <= MAX_BYTES {
            self.lines.push(line);
        } else {
            self.more += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_has_an_end() {
        let of = |line: &str, count: usize| {
            let mut output = Output::default();
            (0..count).for_each(|_| output.push(line.to_owned()));
            (output.lines.len(), output.more)
        };
        assert_eq!(of("", 7), (7, 0));
        assert_eq!(of("", MAX_LINES + 3), (MAX_LINES, 3));
        assert_eq!(of(&"x".repeat(MAX_BYTES / 2), 4), (2, 2));
    }
}
