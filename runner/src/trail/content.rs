//! Directives, known by their text.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::num::NonZeroU64;

/// A hash of a directive's text in which only the presence of white space counts and not its amount: a directive that was
/// moved or indented keeps it. It tells directives of one file apart (FNV-1a, 64 bits) and resists no attack. Its text form,
/// and that in JSON, is 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash(NonZeroU64);

impl ContentHash {
    /// The hash of a text.
    pub fn of(text: &[u8]) -> ContentHash {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let mut blank = false;
        for &byte in text {
            let byte = match byte.is_ascii_whitespace() {
                true if blank => continue,
                true => b' ',
                false => byte,
            };
            blank = byte == b' ';
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        ContentHash(NonZeroU64::new(hash).unwrap_or(NonZeroU64::MIN))
    }

    /// The hash as a number.
    pub fn number(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ContentHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            true => serializer.collect_str(self),
            false => self.0.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ContentHash, D::Error> {
        if !deserializer.is_human_readable() {
            return NonZeroU64::deserialize(deserializer).map(ContentHash);
        }
        let text = String::deserialize(deserializer)?;
        let hash = u64::from_str_radix(&text, 16).ok().and_then(NonZeroU64::new);
        hash.map(ContentHash).ok_or_else(|| de::Error::custom(format!("`{text}` is not a hash of a text")))
    }
}

#[cfg(test)]
mod tests {
    use super::ContentHash;

    #[test]
    fn the_amount_of_white_space_does_not_count() {
        let hash = |text: &str| ContentHash::of(text.as_bytes());
        assert_eq!(hash("(invoke \"f\"\n   (i32.const 1))"), hash("(invoke \"f\" (i32.const 1))"));
        assert_ne!(hash("(invoke \"f\" (i32.const 1))"), hash("(invoke \"f\" (i32.const 2))"));
        assert_ne!(hash("(a b)"), hash("(ab)"));
        let json = serde_json::to_string(&hash("(a)")).expect("text");
        assert_eq!(serde_json::from_str::<ContentHash>(&json).expect("a hash"), hash("(a)"));
    }
}
