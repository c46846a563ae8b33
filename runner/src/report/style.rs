//! Colours.

use std::fmt::{self, Display};

/// Whether a report is coloured.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Style {
    /// Whether it is.
    pub colored: bool,
}

impl Style {
    /// What went well.
    pub fn good<T: Display>(self, text: T) -> Painted<T> {
        self.paint("32", text)
    }

    /// What is red.
    pub fn bad<T: Display>(self, text: T) -> Painted<T> {
        self.paint("1;31", text)
    }

    /// What is neither.
    pub fn note<T: Display>(self, text: T) -> Painted<T> {
        self.paint("33", text)
    }

    /// What matters less.
    pub fn faint<T: Display>(self, text: T) -> Painted<T> {
        self.paint("2", text)
    }

    fn paint<T: Display>(self, code: &'static str, text: T) -> Painted<T> {
        Painted { code: self.colored.then_some(code), text }
    }
}

/// A text in a colour.
#[derive(Clone, Copy, Debug)]
pub struct Painted<T> {
    code: Option<&'static str>,
    text: T,
}

impl<T: Display> Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "\x1b[{code}m{}\x1b[0m", self.text),
            None => self.text.fmt(f),
        }
    }
}
