//! Answers to what was asked before, in memory and in a file: a reduction that was interrupted goes on where it was.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of the hash of a candidate, and of a record: the hash and the answer.
const HASH: usize = 16;
const RECORD: usize = HASH + 1;

/// What the file begins with, before the hash of the question.
const MAGIC: &[u8; 16] = b"trapline reduce\x01";

/// The hash of a candidate.
pub(super) type Key = [u8; HASH];

/// Answers by the hash of the candidate.
#[derive(Debug)]
pub(super) struct Cache {
    answers: HashMap<Key, bool>,
    /// `None` once it could not be written to.
    file: Option<File>,
    path: PathBuf,
}

impl Cache {
    /// Opens the answers to a question. Answers to another one in the file are dropped, and so is what is not whole.
    ///
    /// # Errors
    ///
    /// When the file cannot be made, read or written.
    pub(super) fn open(path: &Path, question: &str) -> io::Result<Cache> {
        let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let head = [&MAGIC[..], &key(question.as_bytes())].concat();
        let mut answers = HashMap::new();
        let mut whole = 0;
        if let Some(records) = bytes.strip_prefix(&*head) {
            for record in records.chunks_exact(RECORD) {
                let (hash, answer) = record.split_at(HASH);
                if let (Ok(hash), [answer @ 0..=1]) = (hash.try_into(), answer) {
                    answers.insert(hash, *answer == 1);
                }
            }
            whole = head.len() + records.len() / RECORD * RECORD;
        }
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        if whole == 0 {
            file.write_all(&head)?;
        }
        Ok(Cache { answers, file: Some(file), path: path.to_owned() })
    }

    /// The answer of before.
    pub(super) fn get(&self, key: &Key) -> Option<bool> {
        self.answers.get(key).copied()
    }

    /// Keeps an answer. A file that cannot be written to any more is done without.
    pub(super) fn put(&mut self, key: Key, answer: bool) {
        self.answers.insert(key, answer);
        if let Some(file) = &mut self.file {
            let mut record = [0; RECORD];
            record[..HASH].copy_from_slice(&key);
            record[HASH] = answer.into();
            if let Err(error) = file.write_all(&record) {
                tracing::warn!("failed to write {}: {error}", self.path.display());
                self.file = None;
            }
        }
    }

    /// How many answers there are.
    pub(super) fn len(&self) -> usize {
        self.answers.len()
    }

    /// Removes the file.
    ///
    /// # Errors
    ///
    /// When it cannot be removed.
    pub(super) fn remove(self) -> io::Result<()> {
        std::fs::remove_file(&self.path)
    }
}

/// The hash of a candidate.
pub(super) fn key(candidate: &[u8]) -> Key {
    let hash = blake3::hash(candidate);
    let mut key = [0; HASH];
    key.copy_from_slice(&hash.as_bytes()[..HASH]);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_there_again_for_the_same_question_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cache");
        let (yes, no) = (key(b"yes"), key(b"no"));
        let mut cache = Cache::open(&path, "q").unwrap();
        cache.put(yes, true);
        cache.put(no, false);
        drop(cache);
        let again = |question| {
            let cache = Cache::open(&path, question).unwrap();
            (cache.get(&yes), cache.get(&no), cache.get(&key(b"other")))
        };
        assert_eq!(again("q"), (Some(true), Some(false), None));
        // The last record was being written.
        let len = path.metadata().unwrap().len();
        OpenOptions::new().write(true).open(&path).unwrap().set_len(len - 3).unwrap();
        assert_eq!(again("q"), (Some(true), None, None));
        assert_eq!(path.metadata().unwrap().len(), len - RECORD as u64);
        assert_eq!(again("p"), (None, None, None));
        Cache::open(&path, "p").unwrap().remove().unwrap();
        assert!(!path.exists());
    }
}
