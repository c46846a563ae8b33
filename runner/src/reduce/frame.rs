//! The bytes of a module with the sizes that enclose them: of sections, and of bodies within the code section. When bytes are
//! cut, sizes are written anew, so that what is around stays what it is. This reads what is no module, too.

use crate::sized::{self, CODE, PREAMBLE, number};
use std::ops::Range;
use wasm_encoder::Encode;

/// A size in a module, and what has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Sized {
    /// Where the size is written.
    size: Range<usize>,
    content: Range<usize>,
    /// Sizes within the content.
    inner: Vec<Sized>,
}

/// The sizes of a module, as far as it can be read.
pub(super) fn sizes(wasm: &[u8]) -> Vec<Sized> {
    let mut sections = Vec::new();
    let mut at = PREAMBLE;
    while let Some(&id) = wasm.get(at) {
        let Some(mut section) = sized(wasm, at + 1, wasm.len()) else { break };
        at = section.content.end;
        if id == CODE {
            section.inner = bodies(wasm, section.content.clone());
        }
        sections.push(section);
    }
    sections
}

/// The bodies of a code section.
fn bodies(wasm: &[u8], content: Range<usize>) -> Vec<Sized> {
    let Some((_, mut at)) = number(wasm, content.start) else { return Vec::new() };
    let mut bodies = Vec::new();
    while at < content.end
        && let Some(body) = sized(wasm, at, content.end)
    {
        at = body.content.end;
        bodies.push(body);
    }
    bodies
}

/// What has its size before it, if all of it is there.
fn sized(wasm: &[u8], at: usize, end: usize) -> Option<Sized> {
    let content = sized::sized(wasm, at).filter(|content| content.end <= end)?;
    Some(Sized { size: at..content.start, content, inner: Vec::new() })
}

/// The bytes of a module without some, and with the sizes of what is left. What is cut together with its size goes with it.
pub(super) fn without(
    wasm: &[u8],
    range: Range<usize>,
    sizes: &[Sized],
    is_cut: &dyn Fn(usize) -> bool,
) -> Vec<u8> {
    let mut left = Vec::with_capacity(range.len());
    let mut at = range.start;
    for sized in sizes {
        left.extend((at..sized.size.start).filter(|&at| !is_cut(at)).map(|at| wasm[at]));
        let content = without(wasm, sized.content.clone(), &sized.inner, is_cut);
        if !(content.is_empty() && is_cut(sized.size.start)) {
            content.len().encode(&mut left);
        }
        left.extend(content);
        at = sized.content.end;
    }
    left.extend((at..range.end).filter(|&at| !is_cut(at)).map(|at| wasm[at]));
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A type section of one empty type, a function section, and a code section with two bodies.
    const MODULE: &[u8] =
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x03\x02\0\0\x0a\x09\x02\x02\0\x0b\x04\0\x01\x01\x0b";

    fn cut(wasm: &[u8], places: &[usize]) -> Vec<u8> {
        without(wasm, 0..wasm.len(), &sizes(wasm), &|at| places.contains(&at))
    }

    #[test]
    fn sizes_follow_what_is_cut() {
        assert_eq!(cut(MODULE, &[]), MODULE);
        // The two `nop` of the second body.
        let shorter = cut(MODULE, &[27, 28]);
        let end: &[u8] = b"\x0a\x07\x02\x02\0\x0b\x02\0\x0b";
        assert_eq!(shorter[19..], *end);
        // A whole section goes with its size.
        let without_types = cut(MODULE, &[8, 9, 10, 11, 12, 13]);
        assert_eq!(without_types[..10], *b"\0asm\x01\0\0\0\x03\x03");
        // A size alone cannot be cut.
        assert_eq!(cut(MODULE, &[9]), MODULE);
    }

    #[test]
    fn what_is_no_module_is_bytes() {
        for bytes in [
            &b""[..],
            b"\0as",
            b"\0asm\x01\0\0\0\x0a",
            b"\0asm\x01\0\0\0\x0a\xff\xff\xff\xff\xff\x01",
            b"\0asm\x01\0\0\0\x01\x7f\0",
        ] {
            assert_eq!(cut(bytes, &[]), bytes);
            assert_eq!(cut(bytes, &[0]), bytes.get(1..).unwrap_or_default());
        }
        let broken = [&MODULE[..19], b"\x0a\x05\x01\x7f\0\x0b\x0b"].concat();
        assert_eq!(cut(&broken, &[24, 25])[19..], *b"\x0a\x03\x01\x7f\0");
    }
}
