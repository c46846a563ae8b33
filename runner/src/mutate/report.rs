//! Scores for people and for programs.

use super::faults::left_out;
use super::score::{Counts, MutantFate, ScoredMutant};
use crate::report::{Style, percent};
use serde::Serialize;
use std::fmt::Write;
use std::time::Duration;
use trapline_compiler::ClifChange;

/// How many survivors are shown in full.
const SHOWN: usize = 100;

/// What is known of the scripts as a whole.
#[derive(Clone, Copy, Default, Debug)]
pub struct Known {
    /// Scripts that were selected.
    pub scripts: usize,
    /// Those of them that cannot be parsed, or need what is not there.
    pub left_out: usize,
    /// Directives of the others.
    pub directives: usize,
    /// Directives that pass on the sound engine. Only these notice anything.
    pub passing: usize,
    /// Mutants that there are, of which those that were run are all or a sample.
    pub mutants: usize,
}

/// What became of mutants.
#[derive(Debug)]
pub struct Scores {
    /// The seed of the sample.
    pub seed: u64,
    /// What is known of the scripts.
    pub known: Known,
    /// The mutants, with those first that show a gap.
    pub mutants: Vec<ScoredMutant>,
    /// The wall time.
    pub elapsed: Duration,
}

impl Scores {
    pub(super) fn new(seed: u64, known: Known, mut mutants: Vec<ScoredMutant>, elapsed: Duration) -> Scores {
        // Mutants of one fate stay in the order of scripts and instructions.
        mutants.sort_by_key(|mutant| rank(&mutant.fate));
        Scores { seed, known, mutants, elapsed }
    }

    /// How many came to which end.
    pub fn total(&self) -> Counts {
        Counts::of(self.mutants.iter())
    }

    /// The same of one change.
    pub fn of(&self, change: ClifChange) -> Counts {
        Counts::of(self.mutants.iter().filter(|mutant| mutant.mutant.change == change))
    }

    /// For people: survivors first, then what nothing gets to, a table by change, and the score. `again` is the command that
    /// shows a mutant, but for the script and the mutant.
    pub fn text(&self, style: Style, again: &str) -> String {
        let mut text = String::new();
        let gaps = self.mutants.iter().filter(|it| rank(&it.fate) <= rank(&MutantFate::Unreached));
        for mutant in gaps.clone().take(SHOWN) {
            show(&mut text, mutant, style, again);
        }
        // Writing to a String cannot fail.
        if let Some(more) = gaps.count().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(text, "… and {more} more that no script notices\n");
        }
        let _ = writeln!(
            text,
            "{:<10} {:>8} {:>8} {:>8} {:>9} {:>8} {:>10} {:>8} {:>9}",
            "change",
            "mutants",
            "killed",
            "survived",
            "unreached",
            "timeout",
            "equivalent",
            "unviable",
            "score"
        );
        for change in ClifChange::all() {
            row(&mut text, change.name(), self.of(change));
        }
        row(&mut text, "all", self.total());
        let Known { scripts, directives, passing, mutants, .. } = self.known;
        let _ = writeln!(
            text,
            "\n{} scripts{}; {passing} of {directives} directives pass and notice mutants; {} of {mutants} mutants, seed {}, \
             in {:.2} s",
            scripts - self.known.left_out,
            left_out(self.known.left_out),
            self.mutants.len(),
            self.seed,
            self.elapsed.as_secs_f64()
        );
        text
    }

    /// For programs: a `mutant` a line, and a `summary` last.
    ///
    /// # Errors
    ///
    /// None that is known: all of it can be written.
    pub fn json(&self) -> serde_json::Result<String> {
        let mut text = String::new();
        for mutant in &self.mutants {
            text += &json_line(&MutantLine::of(mutant))?;
        }
        let counts = self.total();
        text += &json_line(&Summary {
            ty: "summary",
            seed: self.seed,
            scripts: self.known.scripts,
            left_out: self.known.left_out,
            directives: self.known.directives,
            passing: self.known.passing,
            mutants: self.known.mutants,
            killed: counts.killed,
            timeout: counts.timeout,
            survived: counts.survived,
            unreached: counts.unreached,
            equivalent: counts.equivalent,
            unviable: counts.unviable,
        })?;
        Ok(text)
    }
}

const fn rank(fate: &MutantFate) -> u8 {
    match fate {
        MutantFate::Survived => 0,
        MutantFate::Unreached => 1,
        MutantFate::Timeout => 2,
        MutantFate::Killed { .. } => 3,
        MutantFate::Equivalent => 4,
        MutantFate::Unviable(_) => 5,
    }
}

fn show(text: &mut String, scored: &ScoredMutant, style: Style, again: &str) {
    let ScoredMutant { script, mutant, function, offset, place, before, after, fate } = scored;
    let fate = match fate {
        MutantFate::Survived => style.bad(fate.name()),
        _ => style.note(fate.name()),
    };
    let place = place.map(|at| format!(":{}:{}", at.line, at.col)).unwrap_or_default();
    let name = function.as_ref().map(|name| format!(" <{name}>")).unwrap_or_default();
    let offset = offset.map(|offset| format!(" at offset {offset:#x}")).unwrap_or_default();
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{fate} {script}{place} {} in function {}{name}{offset}",
        mutant.change, mutant.function
    );
    let _ = writeln!(text, "  - {before}\n  + {after}");
    let _ = writeln!(text, "  again: {}\n", style.faint(format!("{again},mutant={mutant} {script}")));
}

/// A row of the table, unless there are no such mutants.
fn row(text: &mut String, name: &str, counts: Counts) {
    if counts.total() == 0 {
        return;
    }
    let score = percent(counts.noticed(), counts.noticeable());
    let Counts { killed, timeout, survived, unreached, equivalent, unviable } = counts;
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{name:<10} {:>8} {killed:>8} {survived:>8} {unreached:>9} {timeout:>8} {equivalent:>10} {unviable:>8} {score:>9}",
        counts.total()
    );
}

/// A value as a line of JSON.
pub(super) fn json_line(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(value).map(|text| text + "\n")
}

#[derive(Serialize)]
struct MutantLine<'a> {
    #[serde(rename = "type")]
    ty: &'static str,
    script: &'a str,
    mutant: String,
    change: &'static str,
    function: u32,
    name: Option<&'a str>,
    offset: Option<u32>,
    line: Option<u32>,
    col: Option<u32>,
    before: &'a str,
    after: &'a str,
    fate: &'static str,
    /// The line of the directive that noticed it, and its outcome.
    by: Option<u32>,
    outcome: Option<&'static str>,
    reason: Option<&'a str>,
}

impl MutantLine<'_> {
    fn of(scored: &ScoredMutant) -> MutantLine<'_> {
        let (by, outcome) = match scored.fate {
            MutantFate::Killed { line, outcome } => (Some(line), Some(outcome.name())),
            _ => (None, None),
        };
        MutantLine {
            ty: "mutant",
            script: &scored.script,
            mutant: scored.mutant.to_string(),
            change: scored.mutant.change.name(),
            function: scored.mutant.function.as_u32(),
            name: scored.function.as_deref(),
            offset: scored.offset,
            line: scored.place.map(|place| place.line),
            col: scored.place.map(|place| place.col),
            before: &scored.before,
            after: &scored.after,
            fate: scored.fate.name(),
            by,
            outcome,
            reason: match &scored.fate {
                MutantFate::Unviable(reason) => Some(reason),
                _ => None,
            },
        }
    }
}

#[derive(Serialize)]
struct Summary {
    #[serde(rename = "type")]
    ty: &'static str,
    seed: u64,
    scripts: usize,
    left_out: usize,
    directives: usize,
    passing: usize,
    /// Mutants that there are; what follows is of those that were run.
    mutants: usize,
    killed: u64,
    timeout: u64,
    survived: u64,
    unreached: u64,
    equivalent: u64,
    unviable: u64,
}
