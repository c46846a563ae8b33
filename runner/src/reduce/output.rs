//! The file with the best so far: it is there whole at any time.

use super::document::Document;
use super::form;
use crate::whole_file;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What the file holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// The module in binary.
    Wasm,
    /// The module as text.
    Wat,
    /// A script.
    Wast,
}

/// Why the best so far is not kept. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
#[error("write {}: {cause}", path.display())]
pub(crate) struct OutputError {
    path: PathBuf,
    cause: io::Error,
}

/// The time between two writes is so many times what the last one took, at least.
const RARE: u32 = 20;

/// The file.
#[derive(Debug)]
pub(super) struct Output {
    path: PathBuf,
    form: Form,
    /// The best so far.
    best: Option<Document>,
    /// Whether the best is in the file.
    written: bool,
    last: Option<(Instant, Duration)>,
}

impl Output {
    pub(super) fn new(path: PathBuf, form: Form) -> Output {
        Output { path, form, best: None, written: true, last: None }
    }

    /// Keeps a document if none before it is smaller.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub(super) fn offer(&mut self, document: &Document) -> Result<(), OutputError> {
        if self.best.as_ref().is_some_and(|best| best.whole_size() < document.whole_size()) {
            return Ok(());
        }
        self.best = Some(document.clone());
        self.written = false;
        match self.last {
            Some((at, took)) if at.elapsed() < took * RARE => Ok(()),
            _ => self.write(),
        }
    }

    /// The best so far.
    pub(super) fn best(&self) -> Option<&Document> {
        self.best.as_ref()
    }

    /// Writes the best so far, unless it is there already.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub(super) fn write(&mut self) -> Result<(), OutputError> {
        let Some(document) = self.best.as_ref().filter(|_| !self.written) else { return Ok(()) };
        let begin = Instant::now();
        let bytes = self.form.of(document);
        self.put(&bytes)?;
        self.written = true;
        self.last = Some((Instant::now(), begin.elapsed()));
        Ok(())
    }

    /// Writes something else.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub(super) fn put(&self, bytes: &[u8]) -> Result<(), OutputError> {
        whole_file::write_named(&self.path, bytes)
            .map_err(|cause| OutputError { path: self.path.clone(), cause })
    }
}

impl Form {
    /// The end of the names of such files.
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Form::Wasm => "wasm",
            Form::Wat => "wat",
            Form::Wast => "wast",
        }
    }

    /// What the file holds of a document.
    pub(super) fn of(self, document: &Document) -> Vec<u8> {
        match (self, document.main_module()) {
            (Form::Wasm, Some(module)) => module.wasm.clone(),
            (Form::Wat, Some(module)) => form::module_text(&module.wasm).into_bytes(),
            (Form::Wast, _) | (_, None) => document.printed().into_bytes(),
        }
    }

    /// The same, with modules that were edited as binaries.
    pub(super) fn unprinted(self, document: &Document) -> Vec<u8> {
        match (self, document.main_module()) {
            (Form::Wasm, Some(module)) => module.wasm.clone(),
            (Form::Wat, Some(module)) => form::binary_text(&module.wasm).into_bytes(),
            (Form::Wast, _) | (_, None) => document.script().into_bytes(),
        }
    }
}
