//! TOML documents that users write, and where something is wrong with one.

use crate::reading;
use crate::script::position;
use std::io;
use std::path::{Path, PathBuf};

/// Why a TOML document cannot be used, with the place. Messages follow a place: "FILE:LINE:COL: ".
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct DocumentError {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in bytes.
    pub col: u32,
    /// The cause.
    pub message: String,
}

impl DocumentError {
    /// What is wrong at an offset, in bytes, of a document.
    pub(crate) fn at(document: &str, offset: usize, message: impl Into<String>) -> DocumentError {
        let (line, col) = position(document.as_bytes(), offset);
        DocumentError { line, col, message: message.into() }
    }

    /// What is wrong with a document that is no TOML, or not of the shape that is read.
    pub(crate) fn of_toml(document: &str, error: &toml::de::Error) -> DocumentError {
        DocumentError::at(document, error.span().map_or(0, |span| span.start), plain_words(error.message()))
    }
}

/// A message about TOML in the words of its users.
fn plain_words(message: &str) -> String {
    let words = [
        ("expected u64", "expected a whole number"),
        (" as i128", ""),
        ("expected a sequence", "expected an array"),
    ];
    words.iter().fold(message.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Why a file with a TOML document cannot be used. Messages follow "failed to read …: ".
#[derive(Debug, thiserror::Error)]
pub enum DocumentFileError {
    /// It cannot be read.
    #[error("{}: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        cause: io::Error,
    },
    /// What it holds cannot be used.
    #[error("{}:{}:{}: {error}", path.display(), error.line, error.col)]
    Document {
        /// The file.
        path: PathBuf,
        /// Where and why.
        error: DocumentError,
    },
}

/// Reads a file with a document that `parse` understands.
///
/// # Errors
///
/// When it cannot be read, or not be understood.
pub fn read_document<T>(
    path: &Path,
    parse: impl FnOnce(&str) -> Result<T, DocumentError>,
) -> Result<T, DocumentFileError> {
    let text = reading::read_text(path)
        .map_err(|cause| DocumentFileError::Unreadable { path: path.to_owned(), cause })?;
    parse(&text).map_err(|error| DocumentFileError::Document { path: path.to_owned(), error })
}
