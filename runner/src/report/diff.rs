//! What has changed from one run to another.

use super::recorded::{DirectiveKey, Recorded, RecordedDirective};
use crate::outcome::{OutcomeKind, Problem};
use std::collections::BTreeSet;
use std::fmt;
use trapline_abi::Readable;

/// What has changed from one run to another. A directive is the same if it is the one with the same index in the file
/// of the same name on the same engine, and its text begins at the same place.
#[derive(Default, Debug)]
pub struct Diff {
    /// Passed and does not now; also files that cannot be parsed any more, and what is red beyond directives.
    pub newly_failing: Vec<Difference>,
    /// Did not pass and does now.
    pub newly_passing: Vec<Difference>,
    /// Does not pass, with another outcome than before.
    pub changed: Vec<Difference>,
    /// Is not there any more.
    pub vanished: Vec<Difference>,
    /// Was not there before.
    pub new: Vec<Difference>,
}

/// What has changed about a directive, about all directives of a file that has come or gone, or about a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// What it is about.
    pub subject: String,
    /// What has happened to it.
    pub change: String,
    /// The number of directives.
    pub directives: u64,
    /// How many of these pass, or have passed if they are gone.
    pub passing: u64,
}

impl Diff {
    /// Compares two runs.
    pub fn between(old: &Recorded<'_>, new: &Recorded<'_>) -> Diff {
        let mut diff = Diff::default();
        for (key, before) in &old.directives {
            if let Some(after) = new.directives.get(key).filter(|after| same_place(before, after)) {
                diff.compare(key, before, after);
            }
        }
        diff.vanished = only_in(old, new);
        diff.new = only_in(new, old);
        diff.compare_files(old, new);
        diff
    }

    fn compare(&mut self, key: &DirectiveKey, before: &RecordedDirective<'_>, after: &RecordedDirective<'_>) {
        let list = match (before.kind(), after.kind()) {
            (before, after) if before == after => return,
            (OutcomeKind::Pass, _) => &mut self.newly_failing,
            (_, OutcomeKind::Pass) => &mut self.newly_passing,
            _ => &mut self.changed,
        };
        let change = format!("{} -> {}{}", before.kind().name(), after.kind().name(), detail(after));
        let passing = u64::from(after.kind() == OutcomeKind::Pass);
        list.push(Difference { subject: subject(key, after), change, directives: 1, passing });
    }

    fn compare_files(&mut self, old: &Recorded<'_>, new: &Recorded<'_>) {
        let mut worse = |subject: String, change: String| {
            self.newly_failing.push(Difference { subject, change, directives: 0, passing: 0 });
        };
        for (key, fault) in new.script_errors.iter().filter(|(_, fault)| fault.expected.is_none()) {
            if old.script_errors.get(key).is_none_or(|before| before.expected.is_some()) {
                let subject = format!("{} {}:{}:{}", key.0, key.1, fault.line, fault.col);
                worse(subject, format!("not a script: {}", fault.message));
            }
        }
        let known: BTreeSet<_> =
            old.problems.iter().map(|problem| (&problem.problem.file, &problem.problem.message)).collect();
        for Problem { file, message } in new.problems.iter().map(|recorded| &recorded.problem) {
            if !known.contains(&(file, message)) {
                worse(file.clone(), format!("problem: {message}"));
            }
        }
    }

    /// Whether something that was well is not so any more: it fails, or it passed and has vanished.
    pub fn is_regression(&self) -> bool {
        !self.newly_failing.is_empty() || self.vanished.iter().any(|gone| gone.passing > 0)
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        section(f, "newly failing", &self.newly_failing, None)?;
        section(f, "newly passing", &self.newly_passing, None)?;
        section(f, "failing otherwise", &self.changed, None)?;
        section(f, "vanished", &self.vanished, Some("passed"))?;
        section(f, "new", &self.new, Some("pass"))
    }
}

fn section(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    list: &[Difference],
    passing: Option<&str>,
) -> fmt::Result {
    // What is not a directive, such as a file that cannot be parsed, counts as one thing.
    let count: u64 = list.iter().map(|difference| difference.directives.max(1)).sum();
    write!(f, "{title}: {count}")?;
    if let Some(passing) = passing.filter(|_| count > 0) {
        write!(f, ", of which {} {passing}", list.iter().map(|difference| difference.passing).sum::<u64>())?;
    }
    writeln!(f)?;
    list.iter().try_for_each(|Difference { subject, change, .. }| {
        writeln!(f, "  {}: {}", Readable(subject), Readable(change))
    })
}

/// The directives of one run that the other does not have. Files of which the other has none are summed up.
fn only_in(run: &Recorded<'_>, other: &Recorded<'_>) -> Vec<Difference> {
    let files: BTreeSet<_> = other.directives.keys().map(|key| (&key.engine, &key.file)).collect();
    let mut differences: Vec<Difference> = Vec::new();
    let mut file = None;
    for (key, directive) in &run.directives {
        let passing = u64::from(directive.kind() == OutcomeKind::Pass);
        if files.contains(&(&key.engine, &key.file)) {
            if other.directives.get(key).is_none_or(|there| !same_place(directive, there)) {
                let change = format!("{}{}", directive.kind().name(), detail(directive));
                differences.push(Difference {
                    subject: subject(key, directive),
                    change,
                    directives: 1,
                    passing,
                });
            }
            continue;
        }
        // Directives are in the order of their files.
        if file != Some((&key.engine, &key.file)) {
            file = Some((&key.engine, &key.file));
            let subject = format!("{} {}", key.engine, key.file);
            differences.push(Difference { subject, change: String::new(), directives: 0, passing: 0 });
        }
        if let Some(whole) = differences.last_mut() {
            whole.directives += 1;
            whole.passing += passing;
            whole.change = format!("the whole file, {} directives, {} pass", whole.directives, whole.passing);
        }
    }
    differences
}

fn same_place(one: &RecordedDirective<'_>, other: &RecordedDirective<'_>) -> bool {
    let place = |directive: &RecordedDirective<'_>| {
        let record = &directive.record;
        (record.line, record.col, record.directive)
    };
    place(one) == place(other)
}

fn subject(key: &DirectiveKey, directive: &RecordedDirective<'_>) -> String {
    let record = &directive.record;
    format!("{} {}:{}:{} {}", key.engine, key.file, record.line, record.col, record.directive)
}

/// What is to be said of a directive that does not pass, on one line.
fn detail(directive: &RecordedDirective<'_>) -> String {
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    match (&directive.expected, &directive.actual) {
        (Some(expected), Some(actual)) => format!(": expected {}, got {}", first(expected), first(actual)),
        (None, Some(actual)) => format!(": {}", first(actual)),
        _ => String::new(),
    }
}
