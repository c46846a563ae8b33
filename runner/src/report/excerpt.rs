//! The text of a directive in a report, with a caret under the place that is at fault.

use super::Style;
use crate::outcome::DirectiveRecord;
use crate::trail::{SourceLine, SourcePlace};
use std::fmt::Write;
use trapline_abi::Readable;
use unicode_width::UnicodeWidthStr;

/// Lines of a directive's text that are shown, and characters of each.
const SOURCE_LINES: usize = 12;
const SOURCE_WIDTH: usize = 400;

/// A place in a directive's text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// The line within the text, from 0.
    row: usize,
    /// The byte within the line, from 0.
    col: usize,
    /// The line within the script, from 1.
    line: u32,
}

impl Mark {
    /// The place in its own text that a directive's outcome is about, if there is one.
    pub(super) fn of(record: &DirectiveRecord) -> Option<Mark> {
        let SourcePlace { line, col } = record.place()?;
        let row = line.checked_sub(record.line)?;
        // The text begins where the directive does.
        let before = if row == 0 { record.col } else { 1 };
        Some(Mark { row: row as usize, col: col.checked_sub(before)? as usize, line })
    }
}

/// Appends the beginning of a directive's text, as modules can be very long, and the line that is marked.
pub(super) fn excerpt(text: &mut String, source: &str, mark: Option<Mark>, style: Style) {
    // Most directives have one short line.
    if (1..=SOURCE_WIDTH).contains(&source.len()) && !source.bytes().any(|byte| matches!(byte, b'\n' | b'\r'))
    {
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "    {}", style.faint(Readable(source)));
        if let Some(Mark { row: 0, col, .. }) = mark {
            let _ = writeln!(
                text,
                "    {}",
                style.bad(format_args!("{}^", blank(&source[..source.floor_char_boundary(col)])))
            );
        }
        return;
    }
    // Lines after the first are indented as in the file, which says nothing here.
    let indented = source.lines().skip(1).take(SOURCE_LINES).filter(|line| !line.trim().is_empty());
    let indent = indented.map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let mut lines = source.lines();
    for (number, line) in lines.by_ref().take(SOURCE_LINES).enumerate() {
        let (hang, line) = match number {
            0 => ("", line),
            _ => ("  ", line.get(indent..).unwrap_or_default()),
        };
        let shown = match line.len() {
            0..=SOURCE_WIDTH => line,
            _ => line.char_indices().nth(SOURCE_WIDTH).map_or(line, |(at, _)| &line[..at]),
        };
        let cut = line.len() - shown.len();
        let shown = Readable(shown);
        let _ = match cut {
            0 => writeln!(text, "    {}", style.faint(format_args!("{hang}{shown}"))),
            _ => writeln!(text, "    {}", style.faint(format_args!("{hang}{shown} … ({cut} more bytes)"))),
        };
    }
    let more = lines.count();
    if more > 0 {
        let _ = writeln!(text, "    {}", style.faint(format_args!("… ({more} more lines)")));
    }
    if let Some(Mark { row, col, line }) = mark
        && let Some(marked) = source.lines().nth(row)
    {
        let place = SourcePlace { line, col: col as u32 + 1 };
        pointed(text, &SourceLine::new(marked, place), style);
    }
}

/// A line of a text with its number, and a caret under one of its bytes; nothing if the text has no such line.
pub(crate) fn line_with_caret(whole: &str, place: SourcePlace) -> String {
    let mut text = String::new();
    if let Some(marked) = whole.lines().nth((place.line as usize).wrapping_sub(1)) {
        pointed(&mut text, &SourceLine::new(marked, place), Style::default());
    }
    text.trim_end().to_owned()
}

/// Appends a line with its number, and a caret under its place.
pub(super) fn pointed(text: &mut String, marked: &SourceLine, style: Style) {
    let SourceLine { place: SourcePlace { line, .. }, start, text: shown } = marked;
    let ahead = if *start > 0 { "… " } else { "" };
    let _ = writeln!(text, "    {line} | {ahead}{}", style.faint(Readable(shown)));
    let gutter = " ".repeat(line.to_string().len() + ahead.chars().count());
    let caret = format!("{}^", blank(marked.before()));
    let _ = writeln!(text, "    {gutter} | {}", style.bad(caret));
}

/// White space as wide as the beginning of a line when it is shown. Terminals give ideographs and the like two columns (Unicode
/// Standard Annex 11).
fn blank(before: &str) -> String {
    " ".repeat(Readable(before).to_string().width())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str, mark: Option<Mark>) -> String {
        let mut text = String::new();
        excerpt(&mut text, source, mark, Style::default());
        text
    }

    #[test]
    fn a_caret_is_under_what_it_marks() {
        let mark = |row, col| Some(Mark { row, col, line: 7 });
        assert_eq!(shown("(get x)", mark(0, 5)), "    (get x)\n         ^\n");
        assert_eq!(shown("(get ü x)", mark(0, 8)), "    (get ü x)\n           ^\n");
        // Two columns for each.
        assert_eq!(shown("(get 猫😀 x)", mark(0, 13)), "    (get 猫😀 x)\n              ^\n");
        assert_eq!(
            shown("(module\n\t(func x))", mark(1, 7)),
            "    (module\n      \\t(func x))\n    7 | \\t(func x))\n      |         ^\n"
        );
        assert_eq!(shown("(module\n)", mark(5, 0)), "    (module\n      )\n");
    }

    #[test]
    fn a_long_line_is_shown_round_the_mark() {
        let source = format!("(module\n{}x{})", "a".repeat(1000), "b".repeat(1000));
        let text = shown(&source, Some(Mark { row: 1, col: 1000, line: 2 }));
        let lines: Vec<&str> = text.lines().collect();
        let (marked, caret) = (lines[lines.len() - 2], lines[lines.len() - 1]);
        let column = |line: &str, wanted: char| line.chars().position(|c| c == wanted);
        assert_eq!(column(marked, 'x'), column(caret, '^'), "{text}");
        assert!(marked.chars().count() < SOURCE_WIDTH + 20);
    }
}
