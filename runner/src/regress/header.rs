//! The header of a regression, and the comment below it.

use super::error::RegressError;
use crate::discover::{Bug, Header};
use crate::feature_names::key;
use std::fmt::Write;
use toml::Value;
use trapline_compiler::{WasmFeatures, feature_names};

const MARK: &str = ";;!";
/// What introduces the change that turns a script red.
const RED_WHEN: &str = "Red when:";

/// The `[bug]` table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bugline<'a> {
    pub(super) id: &'a str,
    pub(super) layer: Option<&'a str>,
    pub(super) source: Option<&'a str>,
    pub(super) expect: Option<&'a str>,
}

impl Bugline<'_> {
    /// The keys and what they say, in the order in which headers have them.
    fn entries(&self) -> [(&'static str, Option<&str>); 4] {
        [("id", Some(self.id)), ("layer", self.layer), ("source", self.source), ("expect", self.expect)]
    }
}

/// The lines that switch features.
pub(super) fn features(features: &[(WasmFeatures, bool)]) -> String {
    let mut lines = String::new();
    for &(set, on) in features {
        for name in feature_names(set) {
            // Writing to a String cannot fail, here and below.
            let _ = writeln!(lines, "{MARK} {} = {on}", key(&name));
        }
    }
    lines
}

fn entry(key: &str, value: &str) -> String {
    // Whatever a value has, it stays on its line.
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{MARK} {key} = {}\n", Value::String(value))
}

/// A script that is run to see what it does, with the features of the regression and read like one.
pub(super) fn probing(features: &str, body: &str) -> String {
    format!("{features}{MARK} [bug]\n{}\n{body}", entry("id", "probe"))
}

/// A script with a header, made of a module in `file`.
pub(super) fn of_module(
    features: &str,
    line: &Bugline<'_>,
    file: &str,
    red_when: &str,
    body: &str,
) -> String {
    let mut text = format!("{features}{MARK} [bug]\n");
    for (key, value) in line.entries() {
        text.push_str(&value.map(|value| entry(key, value)).unwrap_or_default());
    }
    let file = file.split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = write!(
        text,
        "\n;; Made of {file} by `trapline regress add`.\n;;\n;; {RED_WHEN} {red_when}\n\n{body}"
    );
    text
}

/// A script whose header is complete.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Completed {
    pub(super) text: String,
    /// The keys of which nothing is known; the header has something for people to replace.
    pub(super) unknown: Vec<&'static str>,
}

/// A script with its header completed: what it has stays, and what is missing is added.
///
/// # Errors
///
/// When the header cannot be read, or says something else than `line`.
pub(super) fn completed(
    text: &str,
    line: &Bugline<'_>,
    file: &str,
    red_when: &str,
) -> Result<Completed, RegressError> {
    let header = Header::parse(text)
        .map_err(|error| RegressError::Header(format!("line {}: {}", error.line, error.message)))?;
    let (mut missing, mut unknown) = (String::new(), Vec::new());
    if header.bug.is_none() {
        let _ = writeln!(missing, "{MARK} [bug]");
    }
    let found = match &header.bug {
        None => [None; 4],
        Some(Bug { id, layer, source, expect }) => {
            [Some(id), layer.as_ref(), source.as_ref(), expect.as_ref()]
        }
    };
    for ((key, given), found) in line.entries().into_iter().zip(found) {
        match (found, given) {
            (Some(found), Some(given)) if found != given => {
                let (found, given) = (found.clone(), given.to_owned());
                return Err(RegressError::HeaderHas { key, found, given });
            }
            (Some(_), _) => {}
            (None, Some(given)) => missing.push_str(&entry(key, given)),
            (None, None) if key == "source" => missing.push_str(&entry(key, file)),
            (None, None) => {
                missing.push_str(&entry(key, "unknown"));
                unknown.push(key);
            }
        }
    }
    let (marks, comment) = top(text);
    let mut out = text[..marks].to_owned();
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    out.push_str(&missing);
    let (between, rest) = (&text[marks..comment.max(marks)], &text[comment.max(marks)..]);
    if marks == 0 && (!between.is_empty() || text.contains(RED_WHEN)) {
        out.push('\n');
    }
    out.push_str(between);
    if !text.contains(RED_WHEN) {
        let apart = if between.trim().is_empty() { "" } else { ";;" };
        let _ =
            write!(out, "{}{apart}\n;; {RED_WHEN} {red_when}\n", if out.ends_with('\n') { "" } else { "\n" });
        if !rest.starts_with('\n') {
            out.push('\n');
        }
    }
    out.push_str(rest);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    Ok(Completed { text: out, unknown })
}

/// Where the header's lines at the top of a script end, and where the comment that follows them ends.
fn top(text: &str) -> (usize, usize) {
    let (mut marks, mut comment, mut offset) = (0, 0, 0);
    for line in text.split_inclusive('\n') {
        offset += line.len();
        if line.starts_with(MARK) {
            (marks, comment) = (offset, offset);
        } else if line.starts_with(";;") {
            comment = offset;
        } else if !line.trim().is_empty() {
            break;
        }
    }
    (marks, comment)
}
