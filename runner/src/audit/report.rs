//! What became of the mutants.

use super::mutation::Mutation;
use crate::report::{Style, percent};
use crate::script::Keyword;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

/// How many survivors are shown in full.
const SHOWN: usize = 100;

/// What became of one mutant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// The directive failed, as it must.
    Killed,
    /// The directive passed: the runner does not check what was changed.
    Survived,
    /// The directive did neither, with this outcome: whether the runner checks what was changed is not shown.
    Undecided(String),
}

/// How many mutants came to which end.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Tally {
    /// All of them.
    pub mutants: u64,
    /// Those whose directive failed.
    pub killed: u64,
    /// Those whose directive passed.
    pub survived: u64,
    /// The others.
    pub undecided: u64,
}

impl Tally {
    fn count(&mut self, fate: &Fate) {
        self.mutants += 1;
        match fate {
            Fate::Killed => self.killed += 1,
            Fate::Survived => self.survived += 1,
            Fate::Undecided(_) => self.undecided += 1,
        }
    }

    fn add(&mut self, other: Tally) {
        self.mutants += other.mutants;
        self.killed += other.killed;
        self.survived += other.survived;
        self.undecided += other.undecided;
    }

    /// The share of mutants that were killed, in percent. Never rounded up to 100.
    fn rate(self) -> String {
        percent(self.killed, self.mutants)
    }
}

/// A mutant that was not killed.
#[derive(Clone, Debug)]
pub struct Exposed {
    /// The script.
    pub file: Arc<str>,
    /// The line of the directive, from 1.
    pub line: u32,
    /// Its column, from 1, in bytes.
    pub col: u32,
    /// Its keyword.
    pub directive: Keyword,
    /// The kind of change.
    pub mutation: Mutation,
    /// The change, in words.
    pub what: String,
    /// What became of it.
    pub fate: Fate,
    /// The directive as the script has it.
    pub source: String,
    /// The command that runs just this mutant again, and the same kind of mutant of other directives in the same line.
    pub rerun: String,
}

/// What became of the mutants of one script.
#[derive(Default, Debug)]
pub(super) struct Verdicts {
    pub(super) tallies: BTreeMap<(Mutation, Keyword), Tally>,
    pub(super) exposed: Vec<Exposed>,
    /// Directives that were not changed and went another way all the same.
    pub(super) disturbed: Vec<String>,
}

impl Verdicts {
    pub(super) fn count(&mut self, mutation: Mutation, directive: Keyword, fate: &Fate) {
        self.tallies.entry((mutation, directive)).or_default().count(fate);
    }
}

/// What became of all mutants.
#[derive(Default, Debug)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// Scripts read.
    pub files: usize,
    /// Scripts that cannot be parsed; they have no directives.
    pub unparsed: usize,
    /// Directives in all scripts.
    pub directives: usize,
    /// Directives that pass as they are. Only these have mutants.
    pub passing: usize,
    /// By the kind of change and the directive's keyword.
    pub tallies: BTreeMap<(Mutation, Keyword), Tally>,
    /// Every mutant that was not killed.
    pub exposed: Vec<Exposed>,
    /// Directives that were not changed and did not pass in a copy all the same.
    pub disturbed: Vec<String>,
    /// The wall time.
    pub elapsed: Duration,
}

impl Report {
    pub(super) fn add(&mut self, verdicts: Verdicts) {
        for (key, tally) in verdicts.tallies {
            self.tallies.entry(key).or_default().add(tally);
        }
        self.exposed.extend(verdicts.exposed);
        self.disturbed.extend(verdicts.disturbed);
    }

    /// All mutants together.
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.tallies.values().for_each(|tally| total.add(*tally));
        total
    }

    /// The mutants of one kind.
    pub fn of(&self, mutation: Mutation) -> Tally {
        let mut total = Tally::default();
        let of_kind = self.tallies.iter().filter(|((kind, _), _)| *kind == mutation);
        of_kind.for_each(|(_, tally)| total.add(*tally));
        total
    }

    /// Whether every mutant was killed, and nothing else was disturbed by it.
    pub fn is_clean(&self) -> bool {
        self.exposed.is_empty() && self.disturbed.is_empty()
    }

    /// For people: a table by kind of change, one by directive, and every mutant that was not killed.
    pub fn text(&self, style: Style) -> String {
        let mut text = String::new();
        self.write(&mut text, style).map(|()| text).unwrap_or_default()
    }

    fn write(&self, text: &mut String, style: Style) -> std::fmt::Result {
        let by_mutation = Mutation::ALL.iter().map(|mutation| (mutation.name(), self.of(*mutation)));
        table(text, "mutation", by_mutation)?;
        let mut by_directive: BTreeMap<&str, Tally> = BTreeMap::new();
        for ((_, directive), tally) in &self.tallies {
            by_directive.entry(directive.as_str()).or_default().add(*tally);
        }
        writeln!(text)?;
        table(text, "directive", by_directive.into_iter())?;
        writeln!(text)?;
        for exposed in self.exposed.iter().take(SHOWN) {
            exposed.write(text, style)?;
        }
        if let Some(more) = self.exposed.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            writeln!(text, "… and {more} more that were not killed\n")?;
        }
        for disturbed in &self.disturbed {
            writeln!(text, "{} {disturbed}", style.bad("disturbed"))?;
        }
        let total = self.total();
        let unparsed = match self.unparsed {
            0 => String::new(),
            count => format!(", {count} more cannot be parsed"),
        };
        writeln!(
            text,
            "{} scripts{unparsed}; {} of {} directives pass and have mutants; seed {}",
            self.files - self.unparsed,
            self.passing,
            self.directives,
            self.seed
        )?;
        let verdict = if self.is_clean() { style.good("ok") } else { style.bad("FAILED") };
        writeln!(
            text,
            "{verdict}: {} mutants, {} killed, {} survived, {} undecided, kill rate {}, in {:.2} s",
            total.mutants,
            total.killed,
            total.survived,
            total.undecided,
            total.rate(),
            self.elapsed.as_secs_f64()
        )
    }
}

impl Exposed {
    fn write(&self, text: &mut String, style: Style) -> std::fmt::Result {
        let (fate, outcome) = match &self.fate {
            Fate::Undecided(outcome) => (style.note("undecided"), Some(outcome)),
            Fate::Killed | Fate::Survived => (style.bad("survived"), None),
        };
        writeln!(text, "{fate} {}:{}:{} {}", self.file, self.line, self.col, self.mutation)?;
        writeln!(text, "  {}", self.what)?;
        if let Some(outcome) = outcome {
            writeln!(text, "  outcome: {outcome}")?;
        }
        for line in self.source.lines().take(12) {
            writeln!(text, "  | {line}")?;
        }
        writeln!(text, "  rerun: {}\n", style.faint(&self.rerun))
    }
}

/// Rows of tallies below a heading; those without mutants are left out.
fn table(
    text: &mut String,
    heading: &str,
    rows: impl Iterator<Item = (&'static str, Tally)>,
) -> std::fmt::Result {
    writeln!(
        text,
        "{heading:<24} {:>9} {:>9} {:>9} {:>9} {:>10}",
        "mutants", "killed", "survived", "undecided", "rate"
    )?;
    for (name, tally) in rows.filter(|(_, tally)| tally.mutants > 0) {
        writeln!(
            text,
            "{name:<24} {:>9} {:>9} {:>9} {:>9} {:>10}",
            tally.mutants,
            tally.killed,
            tally.survived,
            tally.undecided,
            tally.rate()
        )?;
    }
    Ok(())
}
