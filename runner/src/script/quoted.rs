//! The text of quoted modules, which stands in string literals of the script.

use super::TextRefusal;
use super::annotations::{self, Misuse};
use super::encode::wat;
use super::parse::buffer;
use trapline_spec_tests::unfold;
use wast::token::Span;
use wast::{Wat, parser};

/// Parses and encodes the text that is in the strings of a quoted module.
pub(super) fn encode_strings(
    strings: &[(Span, &[u8])],
    encode: fn(&str) -> Encoded,
) -> Result<Vec<u8>, TextRefusal> {
    let quoted = Quoted::new(strings);
    let refuse = |TextFault { message, offset, in_annotation }: TextFault| {
        let (mark, at) = quoted.literal(offset);
        TextRefusal { content: Some(at as u32), in_annotation, ..TextRefusal::at(message, mark) }
    };
    let text = std::str::from_utf8(quoted.bytes()).map_err(|error| {
        let message = "malformed UTF-8 encoding".to_owned();
        refuse(TextFault { message, offset: error.valid_up_to(), in_annotation: false })
    })?;
    encode(text).map_err(refuse)
}

/// A module, or what is wrong with its text.
pub(super) type Encoded = Result<Vec<u8>, TextFault>;

/// What is wrong with the text of a module.
pub(super) struct TextFault {
    message: String,
    /// Where, in bytes from the start of the text.
    offset: usize,
    /// Whether an annotation is at fault, and the text is well-formed without its annotations.
    in_annotation: bool,
}

impl From<wast::Error> for TextFault {
    fn from(error: wast::Error) -> TextFault {
        TextFault { message: error.message(), offset: error.span().offset(), in_annotation: false }
    }
}

/// Encodes a text, and does not ask whether an annotation is what is wrong with it.
pub(super) fn encode(text: &str) -> Encoded {
    let unfolded = unfold(text).map_err(|misplaced| TextFault {
        message: misplaced.to_string(),
        offset: misplaced.offset,
        in_annotation: false,
    })?;
    let lead_back = |error: wast::Error| {
        let fault = TextFault::from(error);
        TextFault { offset: unfolded.original(fault.offset), ..fault }
    };
    let buffer = buffer(unfolded.text()).map_err(lead_back)?;
    let mut module = parser::parse::<Wat<'_>>(&buffer).map_err(lead_back)?;
    wat(&mut module).map_err(lead_back)
}

/// Encodes a text whose annotations follow their rules.
pub(super) fn encode_annotated(text: &str) -> Encoded {
    let encoded = encode(text);
    let Some(plain) = annotations::take_out(text) else { return encoded };
    // Text of nothing but annotations is a module without fields.
    if !plain.text.trim().is_empty() && encode(&plain.text).is_err() {
        return encoded;
    }
    match plain.misuse {
        Some(Misuse { message, offset }) => Err(TextFault { message, offset, in_annotation: true }),
        None => encoded.map_err(|fault| TextFault { in_annotation: true, ..fault }),
    }
}

/// The content of the string literals of a quoted module, with a space behind each, as the specification's interpreter
/// joins them.
pub(super) struct Quoted {
    bytes: Vec<u8>,
    /// For each literal, where its content begins in `bytes` and where its opening quotation mark is in the text.
    literals: Vec<(usize, usize)>,
}

impl Quoted {
    /// Joins literals.
    pub(super) fn new(strings: &[(Span, &[u8])]) -> Quoted {
        let mut bytes = Vec::with_capacity(strings.iter().map(|(_, string)| string.len() + 1).sum());
        let mut literals = Vec::with_capacity(strings.len());
        for (span, string) in strings {
            literals.push((bytes.len(), span.offset()));
            bytes.extend_from_slice(string);
            bytes.push(b' ');
        }
        Quoted { bytes, literals }
    }

    /// The joined content.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The literal that a byte of the content is in, by its quotation mark, and the place of the byte in its content.
    pub(super) fn literal(&self, at: usize) -> (usize, usize) {
        let after = self.literals.partition_point(|&(start, _)| start <= at);
        let literal = after.checked_sub(1).and_then(|literal| self.literals.get(literal));
        literal.map_or((0, 0), |&(start, mark)| (mark, at - start))
    }
}

/// Where in a script the byte at `at` of a string literal's content is written: for an escape sequence, its backslash; for
/// what is behind the content, the closing quotation mark. `mark` is where the literal begins.
pub(super) fn written_at(script: &[u8], mark: usize, at: usize) -> usize {
    let mut content = 0;
    let mut here = mark + 1;
    while let Some(&byte) = script.get(here) {
        let (written, read) = match byte {
            b'"' => break,
            b'\\' => escape(&script[here..]),
            _ => (1, 1),
        };
        if at < content + read {
            break;
        }
        content += read;
        here += written;
    }
    here
}

/// The length of an escape sequence in the script, and of what it stands for.
fn escape(text: &[u8]) -> (usize, usize) {
    match text.get(1) {
        Some(b'u') => {
            let digits = text.iter().take_while(|&&byte| byte != b'}');
            let value = digits
                .clone()
                .skip(3)
                .filter_map(|&digit| char::from(digit).to_digit(16))
                .fold(0u32, |value, digit| value.saturating_mul(16).saturating_add(digit));
            (digits.count() + 1, char::from_u32(value).map_or(1, char::len_utf8))
        }
        Some(b'n' | b't' | b'r' | b'"' | b'\'' | b'\\') => (2, 1),
        _ => (3, 1),
    }
}
