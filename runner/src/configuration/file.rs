//! One `trapline.toml`.

use super::Settings;
use crate::document::{DocumentError, DocumentFileError, read_document};
use crate::expectations::{OwnExpectations, is_below};
use crate::feature_names::module_features_named;
use crate::glob;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use toml::{Spanned, Value};
use trapline_compiler::WasmFeatures;

/// The name of such files.
pub const FILE_NAME: &str = "trapline.toml";

/// A file, read.
#[derive(Debug)]
pub(super) struct File {
    path: Arc<Path>,
    entries: Vec<Entry>,
}

/// What is said of some of the scripts below the folder of the file.
#[derive(Debug)]
struct Entry {
    /// Patterns of their names from the folder on; all scripts if there are none.
    files: Option<Vec<Pattern>>,
    features: Vec<(WasmFeatures, bool)>,
    timeout: Option<Duration>,
    expectations: Option<Arc<OwnExpectations>>,
}

/// A pattern of names, and its line.
#[derive(Debug)]
struct Pattern {
    text: String,
    line: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    scripts: Vec<EntryDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryDocument {
    files: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    features: BTreeMap<Spanned<String>, Spanned<Value>>,
    /// In seconds.
    timeout: Option<Spanned<u64>>,
    expectations: Option<Spanned<String>>,
}

/// Reads a file of expectations.
type Expect<'a> = dyn FnMut(&Path) -> Result<Arc<OwnExpectations>, DocumentFileError> + 'a;

impl File {
    /// Reads a file, and with `expect` those of expectations that it names.
    pub(super) fn read(path: &Path, expect: &mut Expect<'_>) -> Result<File, DocumentFileError> {
        let entries =
            read_document(path, |text| entries(text, &mut |name| expect(&path.with_file_name(name))))?;
        Ok(File { path: path.into(), entries })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The patterns that take none of these scripts, with their lines. The names start from the folder of the file.
    pub(super) fn unused<'a>(
        &'a self,
        names: &'a [String],
    ) -> impl Iterator<Item = (u32, &'a str)> + use<'a> {
        let patterns = self.entries.iter().filter_map(|entry| entry.files.as_ref()).flatten();
        let unused = patterns.filter(|pattern| !names.iter().any(|name| glob::matches(&pattern.text, name)));
        unused.map(|pattern| (pattern.line, &*pattern.text))
    }

    /// What it says of a script, if an entry takes it. The name starts from the folder of the file.
    pub(super) fn settings_of(&self, name: &str) -> Option<Settings> {
        let mut settings = Settings { file: Some(self.path.clone()), ..Settings::default() };
        let mut taken = false;
        for entry in self.entries.iter().filter(|entry| entry.takes(name)) {
            taken = true;
            settings.features.extend(&entry.features);
            settings.timeout = entry.timeout.or(settings.timeout);
            let named = entry.expectations.as_ref();
            let named = named.and_then(|it| Some((it.clone(), it.name_of(&self.path.with_file_name(name))?)));
            settings.expectations = named.or(settings.expectations);
        }
        taken.then_some(settings)
    }
}

impl Entry {
    fn takes(&self, name: &str) -> bool {
        let files = self.files.as_ref();
        files.is_none_or(|files| files.iter().any(|pattern| glob::matches(&pattern.text, name)))
    }
}

/// The entries of a document.
fn entries(
    text: &str,
    expect: &mut dyn FnMut(&str) -> Result<Arc<OwnExpectations>, DocumentFileError>,
) -> Result<Vec<Entry>, DocumentError> {
    let document: Document = toml::from_str(text).map_err(|error| DocumentError::of_toml(text, &error))?;
    let entry = |entry: EntryDocument| {
        Ok(Entry {
            files: entry.files.map(|files| patterns(text, files)).transpose()?,
            features: features(text, entry.features)?,
            timeout: entry.timeout.map(|timeout| seconds(text, &timeout)).transpose()?,
            expectations: entry
                .expectations
                .map(|name| {
                    let failed = |error| format!("failed to read the expectations: {error}");
                    expect(name.get_ref())
                        .map_err(|error| DocumentError::at(text, name.span().start, failed(error)))
                })
                .transpose()?,
        })
    };
    document.scripts.into_iter().map(entry).collect()
}

/// Characters with a meaning in the patterns of other programs. Here they would be plain ones, so that a pattern with one of them
/// is most likely a mistake.
const OF_OTHER_PATTERNS: [char; 5] = ['?', '[', ']', '{', '}'];

fn patterns(text: &str, files: Spanned<Vec<Spanned<String>>>) -> Result<Vec<Pattern>, DocumentError> {
    if files.get_ref().is_empty() {
        return Err(DocumentError::at(text, files.span().start, "an entry with an empty `files`"));
    }
    let pattern = |pattern: Spanned<String>| {
        let shown = pattern.get_ref();
        let message = match shown.find(OF_OTHER_PATTERNS) {
            Some(at) => {
                format!("`{}` means nothing in the pattern `{shown}`; `*` and `**` do", &shown[at..at + 1])
            }
            None if !is_below(shown) => {
                format!("`{shown}` is not a pattern of files below the folder of this one")
            }
            None => {
                let line = DocumentError::at(text, pattern.span().start, String::new()).line;
                return Ok(Pattern { text: pattern.into_inner(), line });
            }
        };
        Err(DocumentError::at(text, pattern.span().start, message))
    };
    files.into_inner().into_iter().map(pattern).collect()
}

fn features(
    text: &str,
    features: BTreeMap<Spanned<String>, Spanned<Value>>,
) -> Result<Vec<(WasmFeatures, bool)>, DocumentError> {
    let mut features: Vec<_> = features.into_iter().collect();
    features.sort_by_key(|(name, _)| name.span().start);
    let switch = |(name, value): (Spanned<String>, Spanned<Value>)| {
        let set = module_features_named(name.get_ref())
            .map_err(|error| DocumentError::at(text, name.span().start, error.to_string()))?;
        match value.get_ref() {
            Value::Boolean(on) => Ok((set, *on)),
            _ => {
                let message = format!("`{}` must be true or false", name.get_ref());
                Err(DocumentError::at(text, value.span().start, message))
            }
        }
    };
    features.into_iter().map(switch).collect()
}

fn seconds(text: &str, timeout: &Spanned<u64>) -> Result<Duration, DocumentError> {
    match *timeout.get_ref() {
        0 => Err(DocumentError::at(text, timeout.span().start, "`timeout` must be at least 1, in seconds")),
        seconds => Ok(Duration::from_secs(seconds)),
    }
}
