//! Lines of scripts, for reports that are read without the script.

use super::SourcePlace;
use serde::{Deserialize, Serialize};

/// Bytes of a line that are kept, about.
const WIDTH: usize = 400;

/// A line of a script with a place in it. Of a long line, what is round the place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SourceLine {
    /// The place.
    pub place: SourcePlace,
    /// How many bytes of the line come before the text.
    pub start: u32,
    /// The text.
    pub text: String,
}

impl SourceLine {
    /// Takes what is to be kept of a line.
    pub fn new(line: &str, place: SourcePlace) -> SourceLine {
        let col = line.floor_char_boundary((place.col as usize).saturating_sub(1));
        let start = line.floor_char_boundary(col.saturating_sub(WIDTH / 2));
        let end = line.floor_char_boundary(start + WIDTH);
        // A script has less than 4 GiB.
        SourceLine { place, start: start as u32, text: line[start..end].to_owned() }
    }

    /// What comes before the place in the text.
    pub fn before(&self) -> &str {
        let until = (self.place.col as usize).saturating_sub(1).saturating_sub(self.start as usize);
        &self.text[..self.text.floor_char_boundary(until)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_round_the_place_is_kept() {
        let place = |col| SourcePlace { line: 3, col };
        let short = SourceLine::new("(get ü x)", place(9));
        assert_eq!((short.start, &*short.text, short.before()), (0, "(get ü x)", "(get ü "));
        let long = format!("{}x{}", "a".repeat(1000), "ü".repeat(1000));
        let cut = SourceLine::new(&long, place(1001));
        assert!(cut.text.len() <= WIDTH && cut.text[cut.before().len()..].starts_with("xü"), "{cut:?}");
        for beyond in [0, 4000] {
            let cut = SourceLine::new(&long, place(beyond));
            assert!(cut.text.starts_with(cut.before()));
        }
    }
}
