//! Scores for programs: lines of JSON.

use super::report::Scores;
use super::score::{MutantFate, ScoredMutant};
use serde::Serialize;

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
                MutantFate::Unviable(reason) => Some(reason),
                _ => None,
            },
            proposals: scored.proposals.iter().map(|name| &**name).collect(),
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
