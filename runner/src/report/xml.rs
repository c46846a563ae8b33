//! Text in XML documents.

use std::io::{self, Write};
use trapline_abi::acts;

/// Writes an attribute, after a space. Line ends and tabs are written out: a reader would take them for spaces.
pub(super) fn attribute(out: &mut impl Write, name: &str, value: &str) -> io::Result<()> {
    write!(out, " {name}=\"")?;
    escaped(out, value, true)?;
    write!(out, "\"")
}

/// Writes the text of an element.
pub(super) fn text(out: &mut impl Write, text: &str) -> io::Result<()> {
    escaped(out, text, false)
}

/// Characters that XML cannot hold, and others that a terminal could take for orders, are written like `\u{1}`.
fn escaped(out: &mut impl Write, text: &str, attribute: bool) -> io::Result<()> {
    let mut rest = text;
    let special = |c: char| {
        matches!(c, '<' | '>' | '&' | '"' | '\u{fffe}' | '\u{ffff}') || acts(c) && (attribute || c != '\n')
    };
    while let Some(at) = rest.find(special) {
        let (plain, from) = rest.split_at(at);
        out.write_all(plain.as_bytes())?;
        let Some(c) = from.chars().next() else { break };
        match c {
            '<' => out.write_all(b"&lt;")?,
            '>' => out.write_all(b"&gt;")?,
            '&' => out.write_all(b"&amp;")?,
            '"' => out.write_all(b"&quot;")?,
            '\n' | '\t' | '\r' => write!(out, "&#{};", u32::from(c))?,
            c => write!(out, "{}", c.escape_unicode())?,
        }
        rest = &from[c.len_utf8()..];
    }
    out.write_all(rest.as_bytes())
}
