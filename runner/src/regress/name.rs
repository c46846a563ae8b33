//! Names of regressions.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// The name of a regression: the folder of its family and the name of its file, both in lower case with hyphens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    family: String,
    slug: String,
}

/// Why a text is not the name of a regression.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NameError {
    /// It does not have two parts.
    #[error("`{0}` is not of the form FAMILY/SLUG, such as memory-init/length-wraps")]
    Parts(String),
    /// A part has other characters.
    #[error("`{0}` has more than lower-case letters and digits in words joined by hyphens")]
    Word(String),
    /// A part is too long for the name of a folder or a file.
    #[error("a part has {0} characters; the names of folders and files have room for {LONGEST}")]
    Long(usize),
}

/// Characters of a part. A file has 255 bytes for its name in most file systems, and the end is `.wast`.
const LONGEST: usize = 250;

impl Name {
    /// The name of the file without its end, which is also the `id` of the header.
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// The path of the file below the folder with all regressions.
    pub fn path(&self) -> PathBuf {
        PathBuf::from(&self.family).join(format!("{}.wast", self.slug))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.family, self.slug)
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Name, NameError> {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let (family, slug) = text.split_once('/').ok_or_else(|| NameError::Parts(text.to_owned()))?;
        let slug = slug.strip_suffix(".wast").unwrap_or(slug);
        if slug.contains('/') {
            return Err(NameError::Parts(text.to_owned()));
        }
        let parts = [family, slug];
        if let Some(part) = parts.into_iter().find(|part| !part.split('-').all(is_word)) {
            return Err(NameError::Word(part.to_owned()));
        }
        match parts.into_iter().find(|part| part.len() > LONGEST) {
            Some(part) => Err(NameError::Long(part.len())),
            None => Ok(Name { family: family.to_owned(), slug: slug.to_owned() }),
        }
    }
}
