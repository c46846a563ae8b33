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
    loop {
        let plain = plain_prefix(rest.as_bytes(), attribute);
        out.write_all(&rest.as_bytes()[..plain])?;
        rest = &rest[plain..];
        let Some(c) = rest.chars().next() else { return Ok(()) };
        match c {
            '<' => out.write_all(b"&lt;")?,
            '>' => out.write_all(b"&gt;")?,
            '&' => out.write_all(b"&amp;")?,
            '"' => out.write_all(b"&quot;")?,
            '\n' | '\t' | '\r' => write!(out, "&#{};", u32::from(c))?,
            '\u{fffe}' | '\u{ffff}' => write!(out, "{}", c.escape_unicode())?,
            c if acts(c) => write!(out, "{}", c.escape_unicode())?,
            c => out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?,
        }
        rest = &rest[c.len_utf8()..];
    }
}

/// How many bytes at the start are written as they are. Most texts are plain ASCII in between, which needs no decoding.
fn plain_prefix(text: &[u8], attribute: bool) -> usize {
    // Without branches the compiler compares many bytes at once.
    let is_plain = |byte: u8| {
        let escaped = (byte == b'<') | (byte == b'>') | (byte == b'&') | (byte == b'"');
        (byte.wrapping_sub(b' ') <= b'~' - b' ') & !escaped | (byte == b'\n') & !attribute
    };
    let (chunks, _) = text.as_chunks::<16>();
    let whole = |chunk: &[u8; 16]| chunk.iter().fold(true, |plain, &byte| plain & is_plain(byte));
    let start = 16 * chunks.iter().take_while(|chunk| whole(chunk)).count();
    let rest = &text[start..];
    start + rest.iter().position(|&byte| !is_plain(byte)).unwrap_or(rest.len())
}
