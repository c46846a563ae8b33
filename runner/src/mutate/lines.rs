//! Scores for programs: lines of JSON.

use super::report::Scores;
use super::score::{MutantFate, ScoredMutant};
use crate::report::json_line;
use serde::Serialize;
use std::sync::Arc;

impl Scores {
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
            left_out: names(self.known.left_out.iter().map(|(script, _)| script)),
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

/// The names of scripts.
pub(super) fn names<'a>(scripts: impl Iterator<Item = &'a Arc<str>>) -> Vec<&'a str> {
    scripts.map(|script| &**script).collect()
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
    reason: Option<String>,
    /// The proposals that its module needs.
    proposals: Vec<&'a str>,
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
                MutantFate::Unviable(why) => Some(why.to_string()),
                _ => None,
            },
            proposals: scored.proposals.iter().map(|name| &**name).collect(),
        }
    }
}

#[derive(Serialize)]
struct Summary<'a> {
    #[serde(rename = "type")]
    ty: &'static str,
    seed: u64,
    scripts: usize,
    /// Scripts that did not run.
    left_out: Vec<&'a str>,
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
