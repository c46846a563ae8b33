//! Uncaught exceptions in JSON reports.

use super::line::ValueLine;
use super::words;
use crate::trail::{Exception, TagIdentity, TagInfo, Value};
use serde::{Deserialize, Serialize};

/// An exception that nothing caught.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ExceptionLine {
    /// Null if the engine does not tell.
    pub(crate) tag: Option<TagLine>,
    /// All that is known, in words.
    pub(crate) message: String,
    pub(crate) payload: Vec<ValueLine>,
}

/// A tag.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TagLine {
    /// The instance that defines it, in the order of instantiation; null for a tag of the host.
    pub(crate) instance: Option<u32>,
    /// Its index in the module, or among all tags.
    pub(crate) index: u32,
    pub(crate) name: Option<String>,
}

impl From<&Exception> for ExceptionLine {
    fn from(exception: &Exception) -> ExceptionLine {
        let tag = exception.tag.as_ref().map(|TagInfo { identity, name }| {
            let (instance, index) = match *identity {
                TagIdentity::Instance { instance, tag } => (Some(instance), tag),
                TagIdentity::Host(tag) => (None, tag),
            };
            TagLine { instance, index, name: name.clone() }
        });
        let payload = exception.payload.iter().map(ValueLine::from).collect();
        ExceptionLine { tag, message: words::uncaught(exception), payload }
    }
}

impl ExceptionLine {
    /// The exception that the line was made of. `None` if a value contradicts itself.
    pub(super) fn exception(&self) -> Option<Exception> {
        let tag = self.tag.as_ref().map(|&TagLine { instance, index, ref name }| {
            let identity = match instance {
                Some(instance) => TagIdentity::Instance { instance, tag: index },
                None => TagIdentity::Host(index),
            };
            TagInfo { identity, name: name.clone() }
        });
        let payload = self.payload.iter().map(read_value).collect::<Option<_>>()?;
        Some(Exception { tag, payload })
    }
}

/// The value that a line was made of.
fn read_value(line: &ValueLine) -> Option<Value> {
    let bits = match &line.bits {
        Some(text) => Some(u128::from_str_radix(text.strip_prefix("0x")?, 16).ok()?),
        None => None,
    };
    let narrow = |bits: u128| u32::try_from(bits).ok();
    let wide = |bits: u128| u64::try_from(bits).ok();
    let is_null = line.text.starts_with("ref.null");
    Some(match (line.ty.as_str(), bits) {
        ("i32", Some(bits)) => Value::I32(narrow(bits)?.cast_signed()),
        ("i64", Some(bits)) => Value::I64(wide(bits)?.cast_signed()),
        ("f32", Some(bits)) => Value::F32(narrow(bits)?),
        ("f64", Some(bits)) => Value::F64(wide(bits)?),
        ("v128", Some(bits)) => Value::V128(bits),
        ("funcref", None) => {
            if is_null {
                Value::NullFunc
            } else {
                Value::Func
            }
        }
        ("externref", None) if is_null => Value::NullExtern,
        ("externref", None) => Value::Externalized,
        ("anyref", None) => Value::NullAny,
        ("anyref", Some(bits)) => Value::Host(narrow(bits)?),
        ("i31ref", Some(bits)) => Value::I31(narrow(bits)?.cast_signed()),
        ("structref", None) => Value::Struct,
        ("arrayref", None) => Value::Array,
        ("externref", Some(bits)) => Value::Extern(narrow(bits)?),
        ("exnref", None) => {
            if is_null {
                Value::NullExn
            } else {
                Value::Exn
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_are_read_back_as_they_were() {
        let payload = vec![
            Value::I32(-1),
            Value::I64(i64::MIN),
            Value::F32(0x7fa0_0001),
            Value::F64(0xfff4_0000_0000_0001),
            Value::V128(u128::MAX - 7),
            Value::NullFunc,
            Value::Func,
            Value::NullExtern,
            Value::Extern(u32::MAX),
            Value::NullExn,
            Value::Exn,
            Value::NullAny,
            Value::I31(-7),
            Value::Host(7),
            Value::Struct,
            Value::Array,
            Value::Externalized,
        ];
        let tags = [
            None,
            Some(TagInfo { identity: TagIdentity::Host(3), name: None }),
            Some(TagInfo {
                identity: TagIdentity::Instance { instance: 2, tag: 1 },
                name: Some("e".to_owned()),
            }),
        ];
        for tag in tags {
            let exception = Exception { tag, payload: payload.clone() };
            let text = serde_json::to_string(&ExceptionLine::from(&exception)).unwrap();
            let line: ExceptionLine = serde_json::from_str(&text).unwrap();
            assert_eq!(line.exception(), Some(exception));
        }
        let value = |ty: &str, bits: Option<&str>| {
            read_value(&ValueLine { ty: ty.to_owned(), bits: bits.map(str::to_owned), text: String::new() })
        };
        assert_eq!(value("i32", Some("0x100000000")), None);
        assert_eq!(value("i32", None), None);
        assert_eq!(value("i33", Some("0x1")), None);
    }
}
