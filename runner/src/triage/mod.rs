//! Triage: what a module or a script that does something unexpected shows. Is it the module, the compiler, the runtime, or the
//! specification that says no?
//!
//! The script, or the script that is made of a module, runs on every engine and variant, in workers, and repeatedly on the
//! first. Everything that is not as it should be is a [`Finding`]; the gravest one decides the [`Verdict`]. Nothing is judged by
//! the words of a report: findings are made of the typed trail.

mod bucket;
mod classify;
mod instruction;
mod rules;
mod stable;
mod verdict;

pub(crate) use classify::COMPONENT;
pub(crate) use stable::repeat;
pub use verdict::{Severity, Verdict};

use crate::compare;
use crate::discover::{Input, Selected};
use crate::outcome::{DirectiveRecord, Event, FileReport};
use crate::run::{Options, RunError, Runner};
use crate::trail::Layer;
use std::ops::ControlFlow;

/// Something that a module or a script has shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What it is.
    pub verdict: Verdict,
    /// The layer that it comes from, if it can be said.
    pub layer: Option<Layer>,
    /// What it is, in one line.
    pub summary: String,
    /// The rule of the specification, or of trapline, that decides.
    pub rule: Option<String>,
    /// What shows it, a line each.
    pub evidence: Vec<String>,
    /// The engines that show it.
    pub engines: Vec<String>,
    /// The line of the script, and the directive.
    pub directive: Option<(u32, String)>,
    /// The ordinal of the directive, from 0.
    pub index: Option<u32>,
    /// What is the same for the same cause in other modules.
    pub cause: String,
}

/// What triage has found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Triage {
    /// The findings, the gravest first. There is at least one, which may be that there is nothing.
    pub findings: Vec<Finding>,
    /// The engines and variants, the one first that the others were compared with.
    pub engines: Vec<String>,
    /// Directives of the script.
    pub directives: usize,
    /// How often the script ran on the first engine.
    pub runs: u32,
}

impl Finding {
    /// A stable name of its cause: equal for the same cause in modules that are shuffled, renamed or padded.
    pub fn bucket(&self) -> String {
        bucket::id(self.verdict, &self.cause)
    }
}

impl Triage {
    /// The finding that decides.
    pub fn first(&self) -> &Finding {
        // There is one.
        &self.findings[0]
    }
}

/// Runs a script on engines, the first of which is trapline's own, and says what it shows. On the first engine it runs `runs`
/// times. `wasm` is the binary of the module, if the script was made of one.
///
/// # Errors
///
/// When no thread can be started.
pub fn triage(
    runners: &[Runner],
    input: &Input,
    selected: &Selected,
    options: Options,
    runs: u32,
    wasm: Option<&[u8]>,
) -> Result<Triage, RunError> {
    let mut reports: Vec<FileReport> = Vec::new();
    compare::run(runners, std::slice::from_ref(input), selected, options, &mut |event| {
        if let Event::FileFinished(report) = event {
            reports.push(report);
        }
        ControlFlow::Continue(())
    })?;
    let mut findings = classify::classify(&reports, wasm);
    if let Some(runner) = runners.first().filter(|_| runs > 1) {
        findings.extend(repeat(runner, input, runs));
    }
    if findings.is_empty() {
        findings.push(Finding {
            verdict: Verdict::NoFault,
            layer: None,
            summary: "every directive passes on every engine".to_owned(),
            rule: None,
            evidence: Vec::new(),
            engines: Vec::new(),
            directive: None,
            index: None,
            cause: "none".to_owned(),
        });
    }
    // What comes first in the script comes first among equals.
    findings.sort_by_key(|finding| (finding.verdict, finding.directive.as_ref().map(|(line, _)| *line)));
    Ok(Triage {
        findings,
        engines: reports.iter().map(|report| report.engine.to_string()).collect(),
        directives: reports.first().map_or(0, |report| report.directives.len()),
        runs,
    })
}

/// The line and the keyword of a directive.
fn named(record: &DirectiveRecord) -> (u32, String) {
    (record.line, record.directive.to_string())
}

#[cfg(test)]
mod tests;
