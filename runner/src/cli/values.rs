//! Arguments of a call, from the command line: as the text format writes values, and as trapline prints them.

use std::fmt::Display;
use std::str::FromStr;
use trapline_abi::{Hierarchy, ValType};
use trapline_runtime::{AnyRef, Val};
use wast::core::{V128Const, WastArgCore};
use wast::parser::{Parse, ParseBuffer, Parser};

/// Why words are not the arguments of a function.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum ValueError {
    /// A word is no value of the type that is wanted.
    #[error("`{word}` is not a value of type {wanted}{hint}")]
    Word { word: String, wanted: String, hint: &'static str },
    /// A number is none that its type has.
    #[error("`{word}` is out of range: {wanted} is from {range}")]
    Range { word: String, wanted: String, range: &'static str },
    /// There are too few or too many.
    #[error("it takes {wanted} {}, not {found}", if *wanted == 1 { "argument" } else { "arguments" })]
    Count { wanted: usize, found: usize },
}

/// The words of a call's arguments, of which one value can take several.
struct Words<'w> {
    words: Vec<&'w str>,
    next: usize,
}

impl<'w> Words<'w> {
    fn peek(&self) -> Option<&'w str> {
        self.words.get(self.next).copied()
    }

    fn take(&mut self) -> &'w str {
        let word = self.peek().unwrap_or_default();
        self.next += 1;
        word
    }

    /// Leaves out a word if it is this one.
    fn skip(&mut self, word: &str) {
        if self.peek() == Some(word) {
            self.next += 1;
        }
    }

    /// Leaves out the bits in parentheses that are printed behind a number.
    fn skip_bits(&mut self) {
        if self.peek().is_some_and(|word| word.starts_with('(')) {
            while self.peek().is_some() && !self.take().trim_end_matches(',').ends_with(')') {}
        }
    }
}

/// Reads the arguments of a call. Each is a number of the text format, `v128` in any shape or as one hexadecimal number,
/// `null` or a reference; the type may stand before it, and behind it the bits that trapline prints. A vector or a reference
/// can be one word with spaces, or several words.
///
/// # Errors
///
/// When a word is no value of its type or out of its range, or there are too few words or too many.
pub(super) fn parse_values<I: Copy + Display>(
    arguments: &[String],
    types: &[ValType<I>],
) -> Result<Vec<Val>, ValueError> {
    let words = arguments.iter().flat_map(|argument| {
        // An empty argument is a word, too: one that is no value.
        let empty = argument.trim().is_empty().then_some("");
        empty.into_iter().chain(argument.split_whitespace())
    });
    let mut words = Words { words: words.collect(), next: 0 };
    let mut values = Vec::with_capacity(types.len());
    for &ty in types {
        if words.peek().is_none() {
            return Err(ValueError::Count { wanted: types.len(), found: values.len() });
        }
        values.push(value(&mut words, ty)?);
    }
    match words.peek() {
        None => Ok(values),
        // As many more as there are words, if each of them is one.
        Some(_) => {
            let found = values.len() + words.words.len() - words.next;
            Err(ValueError::Count { wanted: types.len(), found })
        }
    }
}

fn value<I: Copy + Display>(words: &mut Words<'_>, ty: ValType<I>) -> Result<Val, ValueError> {
    match ty {
        ValType::I32 => number(words, ty, "i32", "-2147483648 to 4294967295", |number| match number {
            WastArgCore::I32(value) => Some(Val::I32(value)),
            _ => None,
        }),
        ValType::I64 => {
            let range = "-9223372036854775808 to 18446744073709551615";
            number(words, ty, "i64", range, |number| match number {
                WastArgCore::I64(value) => Some(Val::I64(value)),
                _ => None,
            })
        }
        ValType::F32 => {
            number(words, ty, "f32", "-0x1.fffffep+127 to 0x1.fffffep+127", |number| match number {
                WastArgCore::F32(value) => Some(Val::F32(value.bits)),
                _ => None,
            })
        }
        ValType::F64 => {
            let range = "-0x1.fffffffffffffp+1023 to 0x1.fffffffffffffp+1023";
            number(words, ty, "f64", range, |number| match number {
                WastArgCore::F64(value) => Some(Val::F64(value.bits)),
                _ => None,
            })
        }
        ValType::V128 => vector(words, ty),
        ValType::Ref(reference) => {
            let hierarchy = reference.heap.hierarchy();
            let word = words.peek().unwrap_or_default();
            let wrong = |word: &str| {
                let hint = match hierarchy {
                    Hierarchy::Func => "; of functions, only null can be given",
                    Hierarchy::Exn | Hierarchy::Cont => "; only null can be given",
                    Hierarchy::Extern => "; a value of the host is a number",
                    Hierarchy::Any => "; it is null, `ref.i31 N` or `ref.host N`",
                };
                ValueError::Word { word: word.to_owned(), wanted: ty.to_string(), hint }
            };
            let parsed = self::reference(words, hierarchy).ok_or_else(|| wrong(word))?;
            match is_null(&parsed) && !reference.nullable {
                true => Err(wrong(word)),
                false => Ok(parsed),
            }
        }
    }
}

/// Reads a number as the text format has it.
fn number<I: Copy + Display>(
    words: &mut Words<'_>,
    ty: ValType<I>,
    name: &str,
    range: &'static str,
    of_type: impl Fn(WastArgCore<'_>) -> Option<Val>,
) -> Result<Val, ValueError> {
    words.skip(name);
    let word = words.take();
    // As it is printed, a list has commas between its values.
    let digits = word.trim_end_matches(',');
    let parsed = parse_text(&format!("({name}.const {digits})"), digits, of_type);
    match parsed {
        Some(value) => {
            words.skip_bits();
            Ok(value)
        }
        None if is_larger_number(digits, ty) => {
            Err(ValueError::Range { word: word.to_owned(), wanted: ty.to_string(), range })
        }
        None => Err(ValueError::Word { word: word.to_owned(), wanted: ty.to_string(), hint: "" }),
    }
}

/// Whether a word is a number of a larger type, if it was not read as one of its own.
fn is_larger_number<I>(word: &str, ty: ValType<I>) -> bool {
    let digits = word.strip_prefix(['-', '+']).unwrap_or(word);
    let (digits, is_digit): (&str, fn(char) -> bool) = match digits.strip_prefix("0x") {
        Some(digits) => (digits, |c| c.is_ascii_hexdigit()),
        None => (digits, |c| c.is_ascii_digit()),
    };
    let is_part: fn(char) -> bool = match ty {
        ValType::F32 | ValType::F64 => |c| "_.eEpP+-".contains(c),
        ValType::I32 | ValType::I64 | ValType::V128 | ValType::Ref(_) => |c| c == '_',
    };
    digits.starts_with(is_digit) && digits.chars().all(|c| is_digit(c) || is_part(c))
}

/// Parses text that a word was put into.
fn parse_text<T>(text: &str, word: &str, take: impl FnOnce(WastArgCore<'_>) -> Option<T>) -> Option<T> {
    // Nothing that would end the word, or begin a comment or a string.
    if word.is_empty() || word.contains(|c: char| !c.is_ascii_graphic() || "()\";,".contains(c)) {
        return None;
    }
    let buffer = ParseBuffer::new(text).ok()?;
    let parsed = wast::parser::parse::<InParentheses<WastArgCore<'_>>>(&buffer).ok()?;
    take(parsed.0)
}

/// Something in parentheses.
struct InParentheses<T>(T);

impl<'a, T: Parse<'a>> Parse<'a> for InParentheses<T> {
    fn parse(parser: Parser<'a>) -> wast::parser::Result<Self> {
        parser.parens(Parser::parse::<T>).map(InParentheses)
    }
}

/// The shapes of vectors and their lanes.
const SHAPES: [(&str, usize); 6] =
    [("i8x16", 16), ("i16x8", 8), ("i32x4", 4), ("i64x2", 2), ("f32x4", 4), ("f64x2", 2)];

/// Reads a vector: a shape and its lanes, or sixteen bytes as a hexadecimal number, the lowest last.
fn vector<I: Display>(words: &mut Words<'_>, ty: ValType<I>) -> Result<Val, ValueError> {
    words.skip("v128");
    words.skip("v128.const");
    let word = words.take();
    let wrong = |word: &str, hint| ValueError::Word { word: word.to_owned(), wanted: ty.to_string(), hint };
    let Some(&(shape, lanes)) = SHAPES.iter().find(|(shape, _)| *shape == word) else {
        let digits = word.strip_prefix("0x").map(|digits| digits.replace('_', ""));
        let bits = digits
            .filter(|digits| digits.len() <= 32)
            .and_then(|digits| u128::from_str_radix(&digits, 16).ok());
        let hint = "; it is a shape and its lanes, as `i32x4 1 2 3 4`, or 32 digits behind 0x";
        return bits.map(Val::V128).ok_or_else(|| wrong(word, hint));
    };
    let mut text = format!("(v128.const {shape}");
    for lane in 0..lanes {
        let Some(word) = words.peek() else {
            return Err(wrong(shape, "; it has too few lanes"));
        };
        words.take();
        let digits = word.trim_end_matches(',');
        let one = format!("(v128.const {shape}{})", format!(" {digits}").repeat(lanes));
        if parse_text(&one, digits, |_| Some(())).is_none() {
            return Err(wrong(word, "; it is not a lane of its shape"));
        }
        text.push(' ');
        text.push_str(digits);
        if lane + 1 < lanes {
            words.skip_bits();
        }
    }
    words.skip_bits();
    text.push(')');
    let buffer = ParseBuffer::new(&text).ok();
    let parsed =
        buffer.as_ref().and_then(|buffer| wast::parser::parse::<InParentheses<WastArgCore<'_>>>(buffer).ok());
    match parsed {
        Some(InParentheses(WastArgCore::V128(value))) => Ok(Val::V128(bits(&value))),
        _ => Err(wrong(shape, "; its lanes are not those of the shape")),
    }
}

fn bits(value: &V128Const) -> u128 {
    u128::from_le_bytes(value.to_le_bytes())
}

/// Reads a reference: `null`, `ref.null TYPE`, a value of the host, or an integer of 31 bits.
fn reference(words: &mut Words<'_>, hierarchy: Hierarchy) -> Option<Val> {
    let null = match hierarchy {
        Hierarchy::Func => Val::FuncRef(None),
        Hierarchy::Extern => Val::ExternRef(None),
        Hierarchy::Any => Val::AnyRef(None),
        Hierarchy::Exn => Val::ExnRef(None),
        Hierarchy::Cont => return None,
    };
    for name in ["externref", "funcref", "anyref", "exnref"] {
        words.skip(name);
    }
    let parsed = match words.take() {
        "null" => null,
        "ref.null" => {
            // The type says no more than the parameter's does, and may be left out.
            let heap = words.peek().filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()));
            if heap.is_some() {
                words.take();
            }
            null
        }
        "ref.i31" if hierarchy == Hierarchy::Any => {
            let value: i32 = integer(words.take())?;
            let in_range = (-(1 << 30)..1 << 30).contains(&value);
            in_range.then_some(Val::AnyRef(Some(AnyRef::I31(value))))?
        }
        "ref.host" if hierarchy == Hierarchy::Any => Val::AnyRef(Some(AnyRef::Host(integer(words.take())?))),
        "ref.extern" | "ref.host" if hierarchy == Hierarchy::Extern => {
            Val::ExternRef(Some(AnyRef::Host(integer(words.take())?)))
        }
        word if hierarchy == Hierarchy::Extern => Val::ExternRef(Some(AnyRef::Host(integer(word)?))),
        _ => return None,
    };
    words.skip_bits();
    Some(parsed)
}

fn is_null(val: &Val) -> bool {
    matches!(val, Val::FuncRef(None) | Val::ExternRef(None) | Val::AnyRef(None) | Val::ExnRef(None))
}

fn integer<T: FromStr>(word: &str) -> Option<T> {
    word.trim_end_matches(',').parse().ok()
}

#[cfg(test)]
mod tests;
