//! The part of a binary that is at a place (specification, section "Binary Format", "Modules").

use crate::sized::{CODE, PREAMBLE, number, sized};
use std::ops::Range;

/// The names of sections, by their ids.
const NAMES: [&str; 14] = [
    "custom",
    "type",
    "import",
    "function",
    "table",
    "memory",
    "global",
    "export",
    "start",
    "element",
    "code",
    "data",
    "data count",
    "tag",
];

/// The part that an offset lies in, in bytes from the start of a binary that may be damaged; of an offset that is an end, the part that
/// ends there.
pub(super) fn at(wasm: &[u8], offset: usize, is_end: bool) -> String {
    // What ends there has its last byte before.
    let within = |content: &Range<usize>| offset < content.end || is_end && offset == content.end;
    let mut start = PREAMBLE;
    if offset < start || wasm.len() <= start {
        return "the preamble".to_owned();
    }
    while let Some((id, content)) = section(wasm, start) {
        if within(&content) {
            let name = NAMES.get(usize::from(id)).copied();
            let name = name.map_or_else(|| format!("section {id}"), |name| format!("the {name} section"));
            let body = if id == CODE { body(wasm, &content, within) } else { None };
            return body.map_or(name.clone(), |body| format!("{name}, body {body}"));
        }
        start = content.end;
    }
    "the header of a section".to_owned()
}

/// The id of a section, and where its content is, which may go beyond the end.
fn section(wasm: &[u8], start: usize) -> Option<(u8, Range<usize>)> {
    let id = *wasm.get(start)?;
    let content = sized(wasm, start + 1)?;
    Some((id, content))
}

/// The number of the body that a place is within, from 0.
fn body(wasm: &[u8], content: &Range<usize>, within: impl Fn(&Range<usize>) -> bool) -> Option<usize> {
    let (count, mut start) = number(wasm, content.start)?;
    if within(&(content.start..start)) {
        return None;
    }
    for number in 0..count {
        match sized(wasm, start) {
            Some(body) if !within(&body) => start = body.end,
            Some(_) | None => return Some(number),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_named_also_where_a_binary_ends() {
        let text = "(module (func) (func (drop (i32.const 1))) (memory 1) (data (i32.const 0) \"abc\"))";
        let wasm = wat::parse_str(text).expect("a module");
        let part = |len: usize| at(&wasm[..len], len, true);
        let mut parts: Vec<String> = (0..wasm.len()).map(part).collect();
        parts.dedup();
        let wanted = [
            "the preamble",
            "the header of a section",
            "the type section",
            "the function section",
            "the memory section",
            "the code section",
            "the code section, body 0",
            "the code section, body 1",
            "the data section",
        ];
        let mut left = parts.iter();
        assert!(wanted.iter().all(|wanted| left.any(|part| part == wanted)), "{parts:?}");
        assert_eq!(at(b"", 0, true), "the preamble");
        assert_eq!(at(b"\0asm\x01\0\0\0\xff\x01\0", 10, false), "section 255");
        // Types that end too early, before another section.
        let early = b"\0asm\x01\0\0\0\x01\x01\x01\x03\x01\0";
        assert_eq!(
            (at(early, 11, true), at(early, 11, false)),
            ("the type section".to_owned(), "the function section".to_owned())
        );
    }
}
