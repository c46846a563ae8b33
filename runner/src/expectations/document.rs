//! Expectations as they are written.

use super::{Expectations, Expected, Scope, Unsupported};
use crate::document::DocumentError;
use crate::outcome::OutcomeKind;
use crate::trail::Layer;
use serde::Deserialize;
use toml::Spanned;
use trapline_abi::Trap;
use trapline_spec_tests::SuiteId;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    unsupported: Vec<Spanned<UnsupportedEntry>>,
    #[serde(default)]
    expected: Vec<Spanned<ExpectedEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnsupportedEntry {
    proposal: String,
    /// For the reader of the file; an entry without one is not accepted.
    reason: Spanned<String>,
    suites: Option<Spanned<Vec<Spanned<String>>>>,
    files: Spanned<Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedEntry {
    suites: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    engines: Vec<String>,
    file: Spanned<String>,
    index: u32,
    line: u32,
    hash: String,
    outcome: Spanned<OutcomeKind>,
    layer: Option<Layer>,
    trap: Option<Trap>,
    message: Option<String>,
    class: String,
    reason: Spanned<String>,
    /// Where it is discussed; for the reader of the file.
    #[serde(rename = "link")]
    _link: Option<String>,
}

/// Parses expectations.
pub(super) fn parse(text: &str, scope: Scope) -> Result<Expectations, DocumentError> {
    let document: Document = toml::from_str(text).map_err(|error| DocumentError::of_toml(text, &error))?;
    let reader = Reader { text, scope };
    let unsupported = document.unsupported.into_iter().map(|entry| reader.unsupported(entry));
    let expected = document.expected.into_iter().map(|entry| reader.expected(entry));
    Ok(Expectations {
        unsupported: unsupported.collect::<Result<_, _>>()?,
        expected: expected.collect::<Result<_, _>>()?,
    })
}

/// Reads entries that belong to a scope.
struct Reader<'a> {
    text: &'a str,
    scope: Scope,
}

impl Reader<'_> {
    fn refuse<T>(&self, offset: usize, message: impl Into<String>) -> Result<T, DocumentError> {
        Err(DocumentError::at(self.text, offset, message))
    }

    fn unsupported(&self, entry: Spanned<UnsupportedEntry>) -> Result<Unsupported, DocumentError> {
        let at = entry.span().start;
        let UnsupportedEntry { proposal, reason, suites, files } = entry.into_inner();
        self.reason(&reason)?;
        let suites = self.suites(at, suites)?;
        if files.get_ref().is_empty() {
            return self.refuse(files.span().start, "an entry with an empty `files`");
        }
        let files = files.into_inner().into_iter().map(|file| self.file(file)).collect::<Result<_, _>>()?;
        Ok(Unsupported { proposal: proposal.into(), suites, files })
    }

    fn expected(&self, entry: Spanned<ExpectedEntry>) -> Result<Expected, DocumentError> {
        let at = entry.span().start;
        let entry = entry.into_inner();
        if *entry.outcome.get_ref() == OutcomeKind::Pass {
            return self.refuse(entry.outcome.span().start, "an entry that expects `pass`, which needs none");
        }
        self.reason(&entry.reason)?;
        Ok(Expected {
            suites: self.suites(at, entry.suites)?,
            engines: entry.engines,
            file: self.file(entry.file)?,
            index: entry.index,
            line: entry.line,
            hash: entry.hash,
            outcome: entry.outcome.into_inner(),
            layer: entry.layer,
            trap: entry.trap,
            message: entry.message,
            class: entry.class,
            reason: entry.reason.into_inner(),
        })
    }

    fn reason(&self, reason: &Spanned<String>) -> Result<(), DocumentError> {
        match reason.get_ref().trim() {
            "" => self.refuse(reason.span().start, "an entry with an empty `reason`"),
            _ => Ok(()),
        }
    }

    /// The suites of an entry that begins at an offset: some in the suites' own file, and none elsewhere.
    fn suites(
        &self,
        at: usize,
        suites: Option<Spanned<Vec<Spanned<String>>>>,
    ) -> Result<Vec<SuiteId>, DocumentError> {
        match (self.scope, suites) {
            (Scope::Own, None) => Ok(Vec::new()),
            (Scope::Own, Some(suites)) => self.refuse(
                suites.span().start,
                "an entry with `suites`: these expectations are for scripts that are of no suite",
            ),
            (Scope::Suites, None) => self.refuse(at, "an entry without `suites`"),
            (Scope::Suites, Some(suites)) if suites.get_ref().is_empty() => {
                self.refuse(suites.span().start, "an entry with an empty `suites`")
            }
            (Scope::Suites, Some(suites)) => {
                let suite = |name: Spanned<String>| {
                    name.get_ref().parse().or_else(|error| self.refuse(name.span().start, format!("{error}")))
                };
                suites.into_inner().into_iter().map(suite).collect()
            }
        }
    }

    /// The name of a file. Outside of suites it is a path that has to be one below the folder of the expectations.
    fn file(&self, file: Spanned<String>) -> Result<String, DocumentError> {
        let name = file.get_ref();
        if self.scope == Scope::Own && !is_below(name) {
            let message = format!("`{name}` is not the path of a file below the folder of this one");
            return self.refuse(file.span().start, message);
        }
        Ok(file.into_inner())
    }
}

/// Whether a path leads to something below the folder that it starts from, and is written in the shortest way.
pub(crate) fn is_below(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
