//! The index of a set: which modules it has, a line of JSON each.

use crate::reading;
use crate::trail::Lack;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
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
        unsupported: Lack,
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
    /// A line is not an entry.
    #[error("line {line} is damaged, {cause}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        cause: serde_json::Error,
    },
}

/// What an index has of each module.
pub(super) type Entries = HashMap<blake3::Hash, Entry>;

/// Reads an index. Of several lines for a module, the last one counts.
pub(super) fn read(path: &Path) -> Result<Entries, IndexError> {
    let bytes = match reading::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
        Err(error) => return Err(error.into()),
    };
    let entry = |(number, line): (usize, &[u8])| {
        parse(line).map_err(|cause| IndexError::Line { line: number + 1, cause })
    };
    lines(&bytes).enumerate().map(entry).collect()
}

/// The lines, each with its end. A process that was stopped while it wrote leaves a last one without.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|&byte| byte == b'\n')
}

fn parse(line: &[u8]) -> serde_json::Result<(blake3::Hash, Entry)> {
    serde_json::from_slice(line).map(|Line { wasm, entry }| (wasm, entry))
}

/// Adds lines to an index, which other processes may be doing, too: each locks the file for as long as it changes it.
#[derive(Debug)]
pub(super) struct Writer(File);

impl Writer {
    /// Opens an index, and reads it. What is damaged is taken out of it: the modules of such lines are saved anew.
    pub(super) fn open(path: &Path) -> io::Result<(Writer, Entries)> {
        let mut writer = Writer(OpenOptions::new().read(true).append(true).create(true).open(path)?);
        let entries = writer.locked(Writer::repair)?;
        Ok((writer, entries))
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, wasm: blake3::Hash, entry: Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Line { wasm, entry })?;
        line.push(b'\n');
        self.locked(|writer| writer.append(&line))
    }

    fn locked<T>(&mut self, change: impl FnOnce(&mut Writer) -> io::Result<T>) -> io::Result<T> {
        self.0.lock()?;
        let result = change(self);
        self.0.unlock()?;
        result
    }

    /// Adds bytes, or leaves the file as it was: a device that is full has taken some of them.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let len = self.0.metadata()?.len();
        self.0.write_all(bytes).inspect_err(|_| {
            // The next one to open the index repairs it, if need be.
            let _ = self.0.set_len(len);
        })
    }

    /// Rewrites the file from its first damaged line on, in place: others have it open.
    fn repair(&mut self) -> io::Result<Entries> {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes)?;
        let (mut entries, mut kept, mut sound) = (Entries::new(), Vec::new(), None);
        let mut read = 0;
        for line in lines(&bytes) {
            match parse(line) {
                Ok((wasm, entry)) if line.ends_with(b"\n") => {
                    entries.insert(wasm, entry);
                    if sound.is_some() {
                        kept.extend_from_slice(line);
                    }
                }
                _ => sound = sound.or(Some(read)),
            }
            read += line.len();
        }
        if let Some(len) = sound {
            self.0.set_len(len as u64)?;
            self.append(&kept)?;
        }
        Ok(entries)
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
