//! Names of instructions for messages.

use wasmparser::Operator;

/// Spaces of names: what stands before the first dot of an instruction's name.
const SPACES: [&str; 25] = [
    "i32", "i64", "f32", "f64", "v128", "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2", "local",
    "global", "table", "memory", "data", "elem", "ref", "struct", "array", "i31", "any", "extern", "cont",
    "atomic",
];

/// The name of an instruction in the text format, without its immediates, made of the decoder's name for it:
/// `GlobalAtomicRmwAdd` is `global.atomic.rmw.add`.
pub(crate) fn operator_name(operator: &Operator<'_>) -> String {
    let debug = format!("{operator:?}");
    of_decoder(debug.split([' ', '{', '(']).next().unwrap_or_default())
}

fn of_decoder(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(character.to_ascii_lowercase());
        }
    }
    let mut text = String::new();
    let mut dotted = words.first().is_some_and(|first| SPACES.contains(&first.as_str()));
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            text.push(if dotted { '.' } else { '_' });
            // Of atomic operations the next word is a part of its own, too.
            dotted = dotted && (word == "atomic" || (word.starts_with("rmw") && words[at - 1] == "atomic"));
        }
        text.push_str(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_text_format() {
        for (decoder, text) in [
            ("ReturnCall", "return_call"),
            ("ContNew", "cont.new"),
            ("ResumeThrow", "resume_throw"),
            ("GlobalAtomicGet", "global.atomic.get"),
            ("GlobalAtomicRmwAdd", "global.atomic.rmw.add"),
            ("StructAtomicGetS", "struct.atomic.get_s"),
            ("I32AtomicRmw8AddU", "i32.atomic.rmw8.add_u"),
            ("RefI31Shared", "ref.i31_shared"),
            ("MemoryDiscard", "memory.discard"),
            ("I8x16Swizzle", "i8x16.swizzle"),
            ("Pause", "pause"),
        ] {
            assert_eq!(of_decoder(decoder), text);
        }
    }
}
