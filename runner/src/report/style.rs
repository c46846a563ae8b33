//! Colours.

use std::fmt::Display;

/// Whether a report is coloured.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Style {
    /// Whether it is.
    pub colored: bool,
}

impl Style {
    /// What went well.
    pub fn good(self, text: impl Display) -> String {
        self.paint("32", text)
    }

    /// What is red.
    pub fn bad(self, text: impl Display) -> String {
        self.paint("1;31", text)
    }

    /// What is neither.
    pub fn note(self, text: impl Display) -> String {
        self.paint("33", text)
    }

    /// What matters less.
    pub fn faint(self, text: impl Display) -> String {
        self.paint("2", text)
    }

    fn paint(self, code: &str, text: impl Display) -> String {
        if self.colored { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }
}
