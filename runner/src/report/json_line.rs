//! Values as lines of JSON that a terminal can show, too.

use serde::Serialize;
use trapline_abi::acts;

/// A value as a line of JSON. What a terminal could take for an order is escaped in the way of JSON (RFC 8259, section 7), so that
/// what makes texts readable finds nothing to change.
///
/// # Errors
///
/// When the value has no JSON.
pub(crate) fn json_line(value: &impl Serialize) -> serde_json::Result<String> {
    let json = serde_json::to_string(value)?;
    let mut line = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        match acts(c) {
            // Such characters are within strings only.
            true => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| line += &format!("\\u{unit:04x}")),
            false => line.push(c),
        }
    }
    line.push('\n');
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use trapline_abi::ReadableText;

    #[test]
    fn lines_stay_json_when_they_are_made_readable() {
        let text = "a\u{7f}b\u{9b}\u{202e}c\u{2028}\u{1b}[31m\n\t\"\\ größe 関数 🦀";
        let line = json_line(&text).expect("JSON");
        assert_eq!(ReadableText(&line).to_string(), line);
        assert_eq!(serde_json::from_str::<String>(&line).expect("JSON"), text);
        assert!(line.contains("größe 関数 🦀"), "{line}");
    }
}
