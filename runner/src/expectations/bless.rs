//! Rewrites `expectations.toml` so that it says what a run has shown.

use super::{Expectations, ExpectationsError, directive_hash, glob};
use crate::outcome::{DirectiveRecord, FileReport};
use crate::report::sides;
use serde::Serialize;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value, value};
use trapline_spec_tests::SuiteId;

/// The reason of new entries, until it is edited.
const UNEXPLAINED: &str = "not explained yet";

/// Why expectations cannot be rewritten. Messages follow "failed to rewrite the expectations: ".
#[derive(thiserror::Error, Debug)]
pub enum BlessError {
    /// The file is not TOML.
    #[error("{0}")]
    Syntax(#[from] toml_edit::TomlError),
    /// The result would not be accepted.
    #[error("what came out of it is not accepted: {0}")]
    Result(#[from] ExpectationsError),
}

/// A script of a suite, and its report with the expectations applied.
#[derive(Debug)]
pub struct Shown {
    /// The suite.
    pub suite: SuiteId,
    /// The report.
    pub report: FileReport,
}

/// Rewrites the text of the expectations: entries that passed or lead nowhere go, entries whose
/// outcome changed are brought up to date and keep their reasons, directives that are red
/// get an entry, files of proposals that pass as a whole are not listed any more. What the run has
/// not shown stays.
///
/// # Errors
///
/// When the text is not a file of expectations.
pub fn bless(text: &str, run: &[Shown]) -> Result<String, BlessError> {
    let (head, entries) = split_head(text);
    let mut document: DocumentMut = entries.parse()?;
    if let Some(listed) = document.get_mut("unsupported").and_then(Item::as_array_of_tables_mut) {
        retain(listed, |entry| unlist(entry, run));
    }
    let expected = document.entry("expected").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    if let Some(entries) = expected.as_array_of_tables_mut() {
        retain(entries, |entry| bring_up_to_date(entry, run));
        for shown in run {
            for directive in shown.report.directives.iter().filter(|directive| shown.report.is_red(directive))
            {
                if !entries.iter().any(|entry| is_about(entry, shown, directive)) {
                    entries.push(new_entry(shown, directive));
                }
            }
        }
        if entries.is_empty() {
            document.remove("expected");
        }
    }
    let text = joined(head, &document.to_string());
    Expectations::parse(&text)?;
    Ok(text)
}

/// Cuts off the comments at the head of the file, which would otherwise come and go with the first entry. Those right above
/// an entry, without a blank line, are about it.
fn split_head(text: &str) -> (&str, &str) {
    let of_head = |line: &&str| line.trim().is_empty() || line.starts_with('#');
    let (mut end, mut at) = (0, 0);
    for line in text.split_inclusive('\n').take_while(of_head) {
        at += line.len();
        if line.trim().is_empty() || at == text.len() {
            end = at;
        }
    }
    text.split_at(end)
}

/// Puts a head and entries together, with a blank line in between.
fn joined(head: &str, entries: &str) -> String {
    let (head, entries) = (head.trim_end(), entries.trim_start_matches('\n'));
    match (head, entries) {
        ("", entries) => entries.to_owned(),
        (head, "") => format!("{head}\n"),
        (head, entries) => format!("{head}\n\n{entries}"),
    }
}

/// Changes entries, and keeps those for which `keep` says so.
fn retain(entries: &mut ArrayOfTables, keep: impl FnMut(&mut Table) -> bool) {
    let kept: Vec<bool> = entries.iter_mut().map(keep).collect();
    let mut kept = kept.into_iter();
    entries.retain(|_| kept.next() == Some(true));
}

fn strings<'a>(entry: &'a Table, key: &str) -> impl Iterator<Item = &'a str> {
    entry.get(key).and_then(Item::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Takes files that pass out of an entry; `false` if nothing is left of it.
fn unlist(entry: &mut Table, run: &[Shown]) -> bool {
    let suites: Vec<String> = strings(entry, "suites").map(str::to_owned).collect();
    let of_entry = run.iter().filter(|shown| suites.iter().any(|suite| *suite == shown.suite.name()));
    let Some(files) = entry.get_mut("files").and_then(Item::as_array_mut) else { return true };
    let passes = |shown: &Shown| {
        let report = &shown.report;
        report.script_error.is_none() && report.directives.iter().all(|directive| directive.outcome.is_pass())
    };
    files.retain(|pattern| {
        let Some(pattern) = pattern.as_str() else { return true };
        let mut matched =
            of_entry.clone().filter(|shown| glob::matches(pattern, &shown.report.file)).peekable();
        matched.peek().is_none() || !matched.all(passes)
    });
    !files.is_empty()
}

fn is_about(entry: &Table, shown: &Shown, directive: &DirectiveRecord) -> bool {
    let of_engine = strings(entry, "engines").next().is_none()
        || strings(entry, "engines").any(|engine| engine == &*shown.report.engine);
    entry.get("file").and_then(Item::as_str) == Some(&*shown.report.file)
        && entry.get("index").and_then(Item::as_integer) == Some(i64::from(directive.index))
        && strings(entry, "suites").any(|suite| suite == shown.suite.name())
        && of_engine
}

/// Brings an entry up to date; `false` if it is to go.
fn bring_up_to_date(entry: &mut Table, run: &[Shown]) -> bool {
    let file = entry.get("file").and_then(Item::as_str).unwrap_or_default().to_owned();
    let Some(shown) = run.iter().find(|shown| {
        *shown.report.file == *file && strings(entry, "suites").any(|suite| suite == shown.suite.name())
    }) else {
        return true;
    };
    let index = entry.get("index").and_then(Item::as_integer);
    let found = |directive: &&DirectiveRecord| Some(i64::from(directive.index)) == index;
    let Some(directive) = shown.report.directives.iter().find(found) else { return false };
    if directive.outcome.is_pass() {
        return false;
    }
    describe(entry, directive);
    true
}

fn describe(entry: &mut Table, directive: &DirectiveRecord) {
    entry["line"] = value(i64::from(directive.line));
    entry["hash"] = value(directive_hash(directive.source().unwrap_or_default()));
    entry["outcome"] = value(directive.outcome.kind().name());
    // Kinds say enough, and do not change with the wording of a report.
    entry.remove("message");
    set_or_remove(entry, "layer", name(directive.outcome.layer()));
    set_or_remove(entry, "trap", name(directive.trap().map(|trap| trap.kind)));
}

/// The name of a value of an enum as the file of expectations has it.
fn name(value: Option<impl Serialize>) -> Option<String> {
    let name = serde_json::to_value(value?).ok()?;
    name.as_str().map(str::to_owned)
}

fn set_or_remove(entry: &mut Table, key: &str, name: Option<String>) {
    match name {
        Some(name) => entry[key] = value(name),
        None => {
            entry.remove(key);
        }
    }
}

/// What an entry compares: what came, in the words of the report.
pub(super) fn message(directive: &DirectiveRecord) -> String {
    sides(directive).got
}

fn new_entry(shown: &Shown, directive: &DirectiveRecord) -> Table {
    let mut entry = Table::new();
    entry["suites"] = value(Array::from_iter([shown.suite.name()]));
    entry["file"] = value(&*shown.report.file);
    entry["index"] = value(i64::from(directive.index));
    describe(&mut entry, directive);
    entry["class"] = value("unreviewed");
    entry["reason"] = value(UNEXPLAINED);
    entry
}

/// What changed between two texts, line by line, as `diff -u` shows it without a header.
pub fn changes(old: &str, new: &str) -> String {
    similar::TextDiff::from_lines(old, new).unified_diff().context_radius(2).to_string()
}
