//! Rewrites a file of expectations so that it says what a run has shown.

use super::{Expectations, Scope, directive_hash};
use crate::document::DocumentError;
use crate::glob;
use crate::outcome::{DirectiveRecord, FileReport, Outcome};
use crate::report::sides;
use serde::Serialize;
use std::collections::BTreeSet;
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
    Result(#[from] DocumentError),
}

/// A script, and its report with the expectations applied.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The suite, if it is of one.
    pub suite: Option<SuiteId>,
    /// Its name in the expectations.
    pub name: String,
    /// The report.
    pub report: FileReport,
}

/// Rewrites the text of the expectations: entries that passed or lead nowhere go, entries whose
/// outcome changed are brought up to date and keep their reasons, directives that are red
/// get an entry, files of proposals that pass as a whole are not listed any more. Entries of files that are `gone` go. What the
/// run has not shown otherwise stays, and what is an error of the harness gets no entry.
///
/// # Errors
///
/// When the text is not a file of expectations.
pub fn bless(text: &str, scope: Scope, run: &[Shown], gone: &BTreeSet<&str>) -> Result<String, BlessError> {
    let (head, entries) = split_head(text);
    let mut document: DocumentMut = entries.parse()?;
    if let Some(listed) = document.get_mut("unsupported").and_then(Item::as_array_of_tables_mut) {
        retain(listed, |entry| unlist(entry, run));
    }
    let expected = document.entry("expected").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    if let Some(entries) = expected.as_array_of_tables_mut() {
        let place = |entry: &Table| {
            let shown = run.iter().find(|shown| is_about_file(entry, shown) && is_in_place(entry, shown))?;
            Some(place_of(shown, index_of(entry)))
        };
        let mut taken = entries.iter().filter_map(place).collect();
        retain(entries, |entry| {
            !gone.contains(text_of(entry, "file")) && bring_up_to_date(entry, run, &mut taken)
        });
        for shown in run {
            let blessed =
                |directive: &&DirectiveRecord| shown.report.is_red(directive) && !is_harness_error(directive);
            for directive in shown.report.directives.iter().filter(blessed) {
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
    Expectations::parse(&text, scope)?;
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

/// What is wrong with the harness itself is never expected.
fn is_harness_error(directive: &DirectiveRecord) -> bool {
    matches!(directive.outcome, Outcome::HarnessError(_))
}

fn text_of<'a>(entry: &'a Table, key: &str) -> &'a str {
    entry.get(key).and_then(Item::as_str).unwrap_or_default()
}

/// Whether an entry is for the suite of a script, or for scripts of no suite as this one is.
fn is_of(entry: &Table, shown: &Shown) -> bool {
    match shown.suite {
        Some(suite) => strings(entry, "suites").any(|name| name == suite.name()),
        None => !entry.contains_key("suites"),
    }
}

/// Takes files that pass out of an entry; `false` if nothing is left of it.
fn unlist(entry: &mut Table, run: &[Shown]) -> bool {
    let of_entry: Vec<&Shown> = run.iter().filter(|shown| is_of(entry, shown)).collect();
    let Some(files) = entry.get_mut("files").and_then(Item::as_array_mut) else { return true };
    let passes = |shown: &&Shown| {
        let report = &shown.report;
        report.script_error.is_none() && report.directives.iter().all(|directive| directive.outcome.is_pass())
    };
    files.retain(|pattern| {
        let Some(pattern) = pattern.as_str() else { return true };
        let mut matched = of_entry.iter().filter(|shown| glob::matches(pattern, &shown.name)).peekable();
        matched.peek().is_none() || !matched.all(passes)
    });
    !files.is_empty()
}

fn is_about_file(entry: &Table, shown: &Shown) -> bool {
    let of_engine = strings(entry, "engines").next().is_none()
        || strings(entry, "engines").any(|engine| engine == &*shown.report.engine);
    text_of(entry, "file") == shown.name && is_of(entry, shown) && of_engine
}

fn is_about(entry: &Table, shown: &Shown, directive: &DirectiveRecord) -> bool {
    is_about_file(entry, shown) && index_of(entry) == i64::from(directive.index)
}

/// Where a directive is: the suite, the file and its ordinal there.
type Place = (Option<SuiteId>, String, i64);

fn place_of(shown: &Shown, index: i64) -> Place {
    (shown.suite, shown.name.clone(), index)
}

fn index_of(entry: &Table) -> i64 {
    entry.get("index").and_then(Item::as_integer).unwrap_or_default()
}

/// Whether a directive has the text of an entry. The texts of those that pass are not known.
fn has_text(directive: &DirectiveRecord, entry: &Table) -> bool {
    directive.source().is_some_and(|source| directive_hash(source) == text_of(entry, "hash"))
}

/// Whether the directive of an entry is where it was.
fn is_in_place(entry: &Table, shown: &Shown) -> bool {
    let mut directives = shown.report.directives.iter();
    directives.any(|directive| i64::from(directive.index) == index_of(entry) && has_text(directive, entry))
}

/// Brings an entry up to date, and lets it follow its directive to another place that is not taken; `false` if it is to go.
fn bring_up_to_date(entry: &mut Table, run: &[Shown], taken: &mut BTreeSet<Place>) -> bool {
    let Some(shown) = run.iter().find(|shown| is_about_file(entry, shown)) else { return true };
    // Whether it is still true of a script that could not be read is not known.
    if shown.report.script_error.is_some() {
        return true;
    }
    let (index, in_place) = (index_of(entry), is_in_place(entry, shown));
    let place = |directive: &DirectiveRecord| place_of(shown, i64::from(directive.index));
    let is_free = |directive: &&DirectiveRecord| {
        in_place && i64::from(directive.index) == index || !taken.contains(&place(directive))
    };
    let free = shown.report.directives.iter().filter(is_free);
    let same = free.clone().filter(|directive| has_text(directive, entry));
    let nearest = same.min_by_key(|directive| i64::from(directive.index).abs_diff(index));
    let found = nearest.or_else(|| free.clone().find(|directive| i64::from(directive.index) == index));
    let Some(directive) = found.filter(|directive| !directive.outcome.is_pass()) else { return false };
    if !is_harness_error(directive) {
        taken.insert(place(directive));
        describe(entry, directive);
    }
    true
}

fn describe(entry: &mut Table, directive: &DirectiveRecord) {
    entry["index"] = value(i64::from(directive.index));
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
    if let Some(suite) = shown.suite {
        entry["suites"] = value(Array::from_iter([suite.name()]));
    }
    entry["file"] = value(&shown.name);
    describe(&mut entry, directive);
    entry["class"] = value("unreviewed");
    entry["reason"] = value(UNEXPLAINED);
    entry
}

/// What changed between two texts, line by line, as `diff -u` shows it without a header.
pub fn changes(old: &str, new: &str) -> String {
    similar::TextDiff::from_lines(old, new).unified_diff().context_radius(2).to_string()
}
