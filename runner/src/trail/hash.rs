//! Modules, known by the hash of their binary.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// The BLAKE3 hash of a module's binary. Its text form, and that in JSON, is hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct WasmHash(pub [u8; 32]);

impl WasmHash {
    /// The hash of a binary.
    pub fn of(wasm: &[u8]) -> WasmHash {
        WasmHash(*blake3::hash(wasm).as_bytes())
    }
}

impl fmt::Display for WasmHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for WasmHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for WasmHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            true => serializer.collect_str(self),
            false => self.0.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for WasmHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<WasmHash, D::Error> {
        if !deserializer.is_human_readable() {
            return <[u8; 32]>::deserialize(deserializer).map(WasmHash);
        }
        let text = String::deserialize(deserializer)?;
        let hash = blake3::Hash::from_hex(text).map_err(de::Error::custom)?;
        Ok(WasmHash(*hash.as_bytes()))
    }
}
