//! What has changed from one run to another.

mod align;
mod files;
mod github;
mod json;
mod text;

use super::recorded::{DirectiveKey, Recorded, RecordedDirective};
use crate::outcome::{OutcomeKind, Problem};
use crate::script::Keyword;
pub(crate) use align::{Symbol, align, symbol};
pub(crate) use files::plain;
use files::{Scripts, scripts};
use std::collections::BTreeSet;

/// What has changed from one run to another. A directive is the same if it is on the same engine in the file of the same
/// name (`x.wast` is `./x.wast`) and has the same text, in the same order; where it begins does not matter.
#[derive(Default, Debug)]
pub struct Diff {
    /// Passed and does not now; also files that cannot be parsed any more, and what is red beyond directives.
    pub newly_failing: Vec<Difference>,
    /// Did not pass, and is worse now: it crashes and failed before, or is not listed any more as not passing.
    pub worse: Vec<Difference>,
    /// Did not pass and does now.
    pub newly_passing: Vec<Difference>,
    /// Does not pass, with another outcome than before that is not worse.
    pub changed: Vec<Difference>,
    /// Is not there any more.
    pub vanished: Vec<Difference>,
    /// Was not there before.
    pub new: Vec<Difference>,
}

/// What has changed about a directive, about all directives of a file that has come or gone, or about a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The engine, if it is one engine's.
    pub engine: Option<String>,
    /// The file.
    pub file: String,
    /// The line and the column, from 1, if it is about a place; in the later run, if it is there.
    pub place: Option<(u32, u32)>,
    /// The keyword, if it is about one directive.
    pub directive: Option<Keyword>,
    /// The outcome of the directive before.
    pub before: Option<OutcomeKind>,
    /// Its outcome now.
    pub after: Option<OutcomeKind>,
    /// What else there is to say: what was expected and what came, or what is wrong with a file.
    pub detail: String,
    /// The number of directives; 0 for what is not about directives.
    pub directives: u64,
    /// How many of these pass, or have passed if they are gone.
    pub passing: u64,
    /// How many of these a run is red with.
    pub red: u64,
}

/// The lists of a [`Diff`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Section {
    NewlyFailing,
    Worse,
    NewlyPassing,
    Changed,
    Vanished,
    New,
}

impl Section {
    pub(crate) const ALL: [Section; 6] = [
        Section::NewlyFailing,
        Section::Worse,
        Section::NewlyPassing,
        Section::Changed,
        Section::Vanished,
        Section::New,
    ];

    /// The name in reports for people.
    const fn title(self) -> &'static str {
        match self {
            Section::NewlyFailing => "newly failing",
            Section::Worse => "failing worse",
            Section::NewlyPassing => "newly passing",
            Section::Changed => "failing otherwise",
            Section::Vanished => "vanished",
            Section::New => "new",
        }
    }

    /// Whether it makes a run worse that something is in this list.
    fn makes_worse(self, difference: &Difference) -> bool {
        match self {
            Section::NewlyFailing | Section::Worse => true,
            Section::NewlyPassing | Section::Changed => false,
            Section::Vanished => difference.passing > 0,
            Section::New => difference.red > 0,
        }
    }
}

impl Diff {
    /// Compares two runs.
    pub fn between(old: &Recorded<'_>, new: &Recorded<'_>) -> Diff {
        let mut diff = Diff::default();
        let (before, after) = (scripts(old), scripts(new));
        for (name, lines) in &before {
            match after.get(name) {
                Some(others) => diff.compare_script(lines, others),
                None => diff.vanished.push(Difference::of_script(lines)),
            }
        }
        let came = after.iter().filter(|(name, _)| !before.contains_key(*name));
        diff.new.extend(came.map(|(_, lines)| Difference::of_script(lines)));
        diff.compare_files(old, new);
        diff
    }

    fn compare_script(&mut self, old: &Scripts<'_, '_>, new: &Scripts<'_, '_>) {
        let told =
            |(_, directive): &(&DirectiveKey, &RecordedDirective<'_>)| directive.record.content.is_some();
        let by_content = old.iter().all(told) && new.iter().all(told);
        let symbols = |side: &Scripts<'_, '_>| -> Vec<_> {
            side.iter().map(|(_, directive)| symbol(&directive.record, by_content)).collect()
        };
        let pairs = align(&symbols(old), &symbols(new));
        for &(before, after) in &pairs {
            let (key, after) = new[after];
            self.compare(key, old[before].1, after);
        }
        let kept: BTreeSet<usize> = pairs.iter().map(|&(before, _)| before).collect();
        let gone = old.iter().enumerate().filter(|(at, _)| !kept.contains(at));
        self.vanished
            .extend(gone.map(|(_, (key, gone))| Difference::of_directive(key, gone, Some(gone), None)));
        let known: BTreeSet<usize> = pairs.iter().map(|&(_, after)| after).collect();
        let came = new.iter().enumerate().filter(|(at, _)| !known.contains(at));
        self.new.extend(came.map(|(_, (key, came))| Difference::of_directive(key, came, None, Some(came))));
    }

    fn compare(&mut self, key: &DirectiveKey, before: &RecordedDirective<'_>, after: &RecordedDirective<'_>) {
        let unlisted = after.is_red() && !before.is_red();
        let list = match (before.kind(), after.kind()) {
            (before, after) if before == after && !unlisted => return,
            (OutcomeKind::Pass, _) => &mut self.newly_failing,
            (_, OutcomeKind::Pass) => &mut self.newly_passing,
            (before, after) if unlisted || severity(after) > severity(before) => &mut self.worse,
            _ => &mut self.changed,
        };
        list.push(Difference::of_directive(key, after, Some(before), Some(after)));
    }

    fn compare_files(&mut self, old: &Recorded<'_>, new: &Recorded<'_>) {
        let red = |run: &Recorded<'_>| -> BTreeSet<(String, String)> {
            let red = run.script_errors.iter().filter(|(_, fault)| fault.expected.is_none());
            red.map(|((engine, file), _)| (engine.clone(), files::plain(file))).collect()
        };
        let before = red(old);
        for ((engine, file), fault) in new.script_errors.iter().filter(|(_, fault)| fault.expected.is_none())
        {
            if !before.contains(&(engine.clone(), files::plain(file))) {
                let place = (fault.line > 0).then_some((fault.line, fault.col));
                let detail = format!("not a script: {}", fault.message);
                let engine = Some(engine.clone());
                self.newly_failing.push(Difference { engine, place, ..Difference::of_file(file, detail) });
            }
        }
        let known: BTreeSet<_> =
            old.problems.iter().map(|problem| (&problem.problem.file, &problem.problem.message)).collect();
        for Problem { file, message } in new.problems.iter().map(|recorded| &recorded.problem) {
            if !known.contains(&(file, message)) {
                self.newly_failing.push(Difference::of_file(file, format!("problem: {message}")));
            }
        }
    }

    pub(crate) fn section(&self, section: Section) -> &[Difference] {
        match section {
            Section::NewlyFailing => &self.newly_failing,
            Section::Worse => &self.worse,
            Section::NewlyPassing => &self.newly_passing,
            Section::Changed => &self.changed,
            Section::Vanished => &self.vanished,
            Section::New => &self.new,
        }
    }

    /// Whether anything makes the later run worse than the earlier one: it fails and passed before, fails in a worse way, has
    /// vanished and passed before, or is new and red.
    pub fn is_worse(&self) -> bool {
        let worse = |section: Section| self.section(section).iter().any(|one| section.makes_worse(one));
        Section::ALL.into_iter().any(worse)
    }

    /// Whether there is no difference at all.
    pub fn is_empty(&self) -> bool {
        Section::ALL.into_iter().all(|section| self.section(section).is_empty())
    }
}

/// How bad an outcome is. What did not run may be anything, so that it is as bad as a failure.
fn severity(kind: OutcomeKind) -> u8 {
    match kind {
        OutcomeKind::Pass => 0,
        OutcomeKind::Unsupported => 1,
        OutcomeKind::Fail | OutcomeKind::Blocked | OutcomeKind::NotRun | OutcomeKind::Diverged => 2,
        OutcomeKind::Timeout => 3,
        OutcomeKind::HarnessError | OutcomeKind::Crash => 4,
    }
}

impl Difference {
    /// About a directive, which `shown` describes.
    fn of_directive(
        key: &DirectiveKey,
        shown: &RecordedDirective<'_>,
        before: Option<&RecordedDirective<'_>>,
        after: Option<&RecordedDirective<'_>>,
    ) -> Difference {
        Difference {
            engine: Some(key.engine.clone()),
            file: key.file.clone(),
            place: Some((shown.record.line, shown.record.col)),
            directive: Some(shown.record.directive),
            before: before.map(RecordedDirective::kind),
            after: after.map(RecordedDirective::kind),
            detail: detail(shown),
            directives: 1,
            passing: u64::from(shown.kind() == OutcomeKind::Pass),
            red: u64::from(shown.is_red()),
        }
    }

    /// About all directives of a file on an engine.
    fn of_script(lines: &Scripts<'_, '_>) -> Difference {
        let passing = lines.iter().filter(|(_, one)| one.kind() == OutcomeKind::Pass).count() as u64;
        let red = lines.iter().filter(|(_, one)| one.is_red()).count() as u64;
        let directives = lines.len() as u64;
        let detail = format!("the whole file, {directives} directives, {passing} pass");
        let (engine, file) = lines.first().map_or((None, ""), |(key, _)| (Some(&key.engine), &*key.file));
        Difference { engine: engine.cloned(), directives, passing, red, ..Difference::of_file(file, detail) }
    }

    fn of_file(file: &str, detail: String) -> Difference {
        Difference {
            engine: None,
            file: file.to_owned(),
            place: None,
            directive: None,
            before: None,
            after: None,
            detail,
            directives: 0,
            passing: 0,
            red: 0,
        }
    }
}

/// What is to be said of a directive that does not pass, on one line.
fn detail(directive: &RecordedDirective<'_>) -> String {
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    match (&directive.expected, &directive.actual) {
        (Some(expected), Some(actual)) => format!("expected {}, got {}", first(expected), first(actual)),
        (None, Some(actual)) => first(actual),
        (_, None) => String::new(),
    }
}
