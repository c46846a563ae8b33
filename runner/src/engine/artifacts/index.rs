//! The index of a set: which modules it has, a line of JSON each.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// What the index says of one module.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Entry {
    /// It has an artefact.
    Artifact {
        /// Bytes of the binary.
        bytes: u64,
        /// The BLAKE3 hash of the artefact's file.
        #[serde(with = "hexadecimal")]
        artifact: blake3::Hash,
    },
    /// It cannot be compiled.
    Refusal {
        /// Bytes of the binary.
        bytes: u64,
        /// What it needs.
        unsupported: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Line {
    /// The BLAKE3 hash of the binary.
    #[serde(with = "hexadecimal")]
    wasm: blake3::Hash,
    #[serde(flatten)]
    entry: Entry,
}

/// Why an index cannot be understood.
#[derive(Debug, thiserror::Error)]
pub(in super::super) enum IndexError {
    /// The file cannot be read.
    #[error("{0}")]
    File(#[from] io::Error),
    /// A line is no entry.
    #[error("line {line} is damaged: {cause}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        cause: serde_json::Error,
    },
}

/// Reads an index. Of several lines for a module, the last one counts.
pub(super) fn read(path: &Path) -> Result<HashMap<blake3::Hash, Entry>, IndexError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
        Err(error) => return Err(error.into()),
    };
    let entry = |(number, line): (usize, &str)| {
        let Line { wasm, entry } =
            serde_json::from_str(line).map_err(|cause| IndexError::Line { line: number + 1, cause })?;
        Ok((wasm, entry))
    };
    text.lines().enumerate().map(entry).collect()
}

/// Adds lines to an index.
#[derive(Debug)]
pub(super) struct Writer(File);

impl Writer {
    pub(super) fn open(path: &Path) -> io::Result<Writer> {
        OpenOptions::new().append(true).create(true).open(path).map(Writer)
    }

    /// Adds an entry in a single write, so that the lines of several processes do not mix.
    pub(super) fn add(&mut self, wasm: blake3::Hash, entry: Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Line { wasm, entry })?;
        line.push(b'\n');
        self.0.write_all(&line)
    }
}

/// Hashes as people write them.
mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(hash: &blake3::Hash, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hash.to_hex())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<blake3::Hash, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        blake3::Hash::from_hex(&*text).map_err(de::Error::custom)
    }
}
