//! Scores for people.

use super::LeftOut;
use super::score::{Counts, MutantFate, ScoredMutant};
use crate::report::{Style, counted, percent};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use trapline_compiler::ClifChange;

/// How many survivors are shown in full.
const SHOWN: usize = 100;

/// What is known of the scripts as a whole.
#[derive(Clone, Default, Debug)]
pub struct Known {
    /// Scripts that ran.
    pub scripts: usize,
    /// The others, and why nothing can be seen by them.
    pub left_out: Vec<(Arc<str>, LeftOut)>,
    /// Directives of the scripts that ran.
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

    /// The same by the proposals that modules need beyond the first edition of WebAssembly, which is `wasm1`. A mutant counts
    /// for each proposal that its module needs.
    pub fn by_proposal(&self) -> BTreeMap<&str, Counts> {
        let mut by_proposal: BTreeMap<&str, Counts> = BTreeMap::new();
        for mutant in &self.mutants {
            for proposal in mutant.proposals.iter() {
                by_proposal.entry(proposal).or_default().add(&mutant.fate);
            }
        }
        by_proposal
    }

    /// The scripts that notice none of the mutants that were run of theirs and could be noticed, and how many those are.
    pub fn blind(&self) -> Vec<(&Arc<str>, u64)> {
        let mut by_script: BTreeMap<&Arc<str>, Counts> = BTreeMap::new();
        for mutant in &self.mutants {
            by_script.entry(&mutant.script).or_default().add(&mutant.fate);
        }
        let counted = by_script.into_iter();
        let blind = counted.filter(|(_, counts)| counts.noticeable() > 0 && counts.noticed() == 0);
        blind.map(|(script, counts)| (script, counts.noticeable())).collect()
    }

    /// For people: survivors first, then what nothing gets to, tables by change and by proposal, scripts that notice nothing or
    /// were left out, and what was run. `again` is the command that shows a mutant, but for the script and the mutant.
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
        head(&mut text, "change");
        for change in ClifChange::all() {
            row(&mut text, change.name(), self.of(change));
        }
        row(&mut text, "all", self.total());
        text.push('\n');
        head(&mut text, "proposal");
        for (proposal, counts) in self.by_proposal() {
            row(&mut text, proposal, counts);
        }
        let Known { scripts, left_out, directives, passing, mutants } = &self.known;
        let blind = self.blind();
        if !blind.is_empty() || !left_out.is_empty() {
            text.push('\n');
        }
        for (script, noticeable) in blind {
            let noticeable = counted(noticeable, "mutant");
            let _ = writeln!(text, "{} {script} notices none of {noticeable}", style.note("blind"));
        }
        name_left_out(&mut text, left_out, style);
        let _ = writeln!(
            text,
            "\n{}; {passing} of {directives} directives pass, and can notice; {} of {}, seed {}, in {:.2} s",
            counted(*scripts as u64, "script"),
            self.mutants.len(),
            counted(*mutants as u64, "mutant"),
            self.seed,
            self.elapsed.as_secs_f64()
        );
        text
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
    let ScoredMutant { script, arguments, mutant, function, offset, place, before, after, fate, .. } = scored;
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
    let _ = writeln!(text, "  again: {}\n", style.faint(format!("{again},mutant={mutant} {arguments}")));
}

/// The head of a table.
fn head(text: &mut String, what: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{what:<24} {:>8} {:>8} {:>8} {:>9} {:>8} {:>10} {:>8} {:>9}",
        "mutants", "killed", "survived", "unreached", "timeout", "equivalent", "unviable", "score"
    );
}

/// A row of a table, unless there are no such mutants.
fn row(text: &mut String, name: &str, counts: Counts) {
    if counts.total() == 0 {
        return;
    }
    let score = percent(counts.noticed(), counts.noticeable());
    let Counts { killed, timeout, survived, unreached, equivalent, unviable } = counts;
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{name:<24} {:>8} {killed:>8} {survived:>8} {unreached:>9} {timeout:>8} {equivalent:>10} {unviable:>8} {score:>9}",
        counts.total()
    );
}

/// A line for each script that was left out.
pub(super) fn name_left_out(text: &mut String, left_out: &[(Arc<str>, LeftOut)], style: Style) {
    for (script, why) in left_out {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{} {script}: {why}", style.note("left out"));
    }
}
