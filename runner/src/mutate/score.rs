//! What became of mutants, and how many came to which end.

use crate::outcome::OutcomeKind;
use crate::trail::SourcePlace;
use std::sync::Arc;
use trapline_compiler::{ClifMutant, Unviable};

/// What became of one mutant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MutantFate {
    /// The script runs the instruction and stays green.
    Survived,
    /// The script stays green, and so it does if the process ends before the instruction: nothing gets there.
    Unreached,
    /// A directive that passes without the mutant does not end with it.
    Timeout,
    /// A directive that passes without the mutant has another outcome with it.
    Killed {
        /// The line of the first such directive, from 1.
        line: u32,
        /// Its outcome.
        outcome: OutcomeKind,
    },
    /// The machine code is the same.
    Equivalent,
    /// The mutant is not compiled, for this reason.
    Unviable(Unviable),
}

impl MutantFate {
    /// The name in reports.
    pub const fn name(&self) -> &'static str {
        match self {
            MutantFate::Survived => "survived",
            MutantFate::Unreached => "unreached",
            MutantFate::Timeout => "timeout",
            MutantFate::Killed { .. } => "killed",
            MutantFate::Equivalent => "equivalent",
            MutantFate::Unviable(_) => "unviable",
        }
    }
}

/// A mutant and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScoredMutant {
    /// The script.
    pub script: Arc<str>,
    /// What selects the script on the command line.
    pub arguments: String,
    /// The mutant.
    pub mutant: ClifMutant,
    /// The name of the function, if it has one.
    pub function: Option<String>,
    /// The proposals that its module needs; `wasm1` if it needs none.
    pub proposals: Arc<[String]>,
    /// Where the instruction comes from in the binary, if it comes from an instruction of WebAssembly.
    pub offset: Option<u32>,
    /// The same in the text of the script, if the module has a text there.
    pub place: Option<SourcePlace>,
    /// The instruction as it is.
    pub before: String,
    /// The instruction as it becomes.
    pub after: String,
    /// What became of it.
    pub fate: MutantFate,
}

/// How many mutants came to which end.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// Those that were noticed by another outcome.
    pub killed: u64,
    /// Those that were noticed because something did not end.
    pub timeout: u64,
    /// Those that ran and were not noticed.
    pub survived: u64,
    /// Those that never ran.
    pub unreached: u64,
    /// Those that are no change.
    pub equivalent: u64,
    /// Those that are no code.
    pub unviable: u64,
}

impl Counts {
    pub(super) fn of<'a>(mutants: impl Iterator<Item = &'a ScoredMutant>) -> Counts {
        let mut counts = Counts::default();
        mutants.for_each(|mutant| counts.add(&mutant.fate));
        counts
    }

    /// Counts one more.
    pub(super) fn add(&mut self, fate: &MutantFate) {
        *match fate {
            MutantFate::Killed { .. } => &mut self.killed,
            MutantFate::Timeout => &mut self.timeout,
            MutantFate::Survived => &mut self.survived,
            MutantFate::Unreached => &mut self.unreached,
            MutantFate::Equivalent => &mut self.equivalent,
            MutantFate::Unviable(_) => &mut self.unviable,
        } += 1;
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.noticed() + self.survived + self.unreached + self.equivalent + self.unviable
    }

    /// Those that the scripts notice.
    pub fn noticed(&self) -> u64 {
        self.killed + self.timeout
    }

    /// Those that the scripts could notice: neither equivalent nor unviable.
    pub fn noticeable(&self) -> u64 {
        self.noticed() + self.survived + self.unreached
    }
}
