//! Looks for the gravest fault of an input, on all engines, without waiting long for what does not end.
//!
//! Real modules have calls that do not end, of which each would take all of its time on every engine. What takes long on the
//! first engine is therefore left out at first, and looked at only if nothing else is as grave as not to end.

use super::ReduceError;
use super::baseline::{Bench, HANGS, alone, is_about_time};
use super::document::{Document, Part};
use super::predicate::Origin;
use super::signature::says;
use super::uninterrupted;
use crate::discover::Selected;
use crate::outcome::{FileReport, OutcomeKind};
use crate::run::{Options, Runner};
use crate::trail::RunInfo;
use crate::triage::{Finding, Verdict, repeat, survey};
use crate::worker::Limits;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// How long a directive may take at first.
const AT_FIRST: Duration = Duration::from_secs(1);

/// How often the whole script runs on the first engine to see whether it always does the same, if nothing else is found.
pub(super) const RUNS: u32 = 5;

/// What is looked for, and in what.
pub(super) struct Survey<'a> {
    pub(super) bench: &'a Bench<'a>,
    pub(super) selected: &'a Selected,
    pub(super) origin: &'a Origin,
    /// A text that the finding has to say.
    pub(super) keep: Option<&'a str>,
}

/// What was found.
pub(super) struct Surveyed {
    pub(super) finding: Finding,
    /// The given document, or that without some directives that take long.
    pub(super) document: Document,
    /// The names of the engines that it ran on.
    pub(super) engines: Vec<String>,
}

impl Surveyed {
    fn new(finding: Finding, document: Document, runners: &[Runner]) -> Surveyed {
        let engines = runners.iter().map(|runner| runner.engine.name().to_owned()).collect();
        Surveyed { finding, document, engines }
    }
}

impl Survey<'_> {
    /// The gravest finding, and what it is about.
    pub(super) fn gravest(&self, document: Document) -> Result<Surveyed, ReduceError> {
        let full = self.bench.limits.timeout;
        let Some(first) = self.bench.runners.first().filter(|_| full > AT_FIRST) else {
            return self.whole(document);
        };
        let first = first.engine.name();
        // What the user adds to the engines of triage is what it is mostly about.
        for added in &self.bench.added {
            if let Some(found) = self.of_two(first, added, document.clone())? {
                return Ok(found);
            }
        }
        let slow = self.slow(first, AT_FIRST, &document)?;
        let quick = document.without(&slow);
        let engines = self.engines(AT_FIRST)?;
        let findings = self.findings(&engines, &quick)?;
        if let Some(finding) = findings.iter().find(|finding| self.is_graver(finding)) {
            return Ok(Surveyed::new(finding.clone(), quick, &engines));
        }
        drop(engines);
        if slow.is_empty() && !findings.iter().any(is_about_time) {
            return self.decided(&findings, document);
        }
        // The first that does not end stands for all of them.
        for place in slow {
            let alone = alone(&document, place);
            if self.slow(first, full, &alone)?.is_empty() {
                continue;
            }
            let engines = self.engines(HANGS.min(full))?;
            let findings = self.findings(&engines, &alone)?;
            if let Some(finding) = findings.into_iter().find(|finding| self.is_fault(finding)) {
                return Ok(Surveyed::new(finding, alone, &engines));
            }
        }
        self.whole(document)
    }

    /// The gravest finding about an engine that is compared with the first, if there is a grave one in what does not take long.
    fn of_two(
        &self,
        first: &str,
        added: &str,
        mut document: Document,
    ) -> Result<Option<Surveyed>, ReduceError> {
        let runners = [self.engine(first, AT_FIRST, false)?, self.engine(added, AT_FIRST, false)?];
        loop {
            let findings = self.findings(&runners, &document)?;
            if let Some(finding) = findings.iter().find(|finding| self.is_graver(finding)) {
                return Ok(Some(Surveyed::new(finding.clone(), document, &runners)));
            }
            let endless = findings.iter().filter(|finding| is_about_time(finding));
            let Some(place) = endless.filter_map(|finding| finding.index).min() else { return Ok(None) };
            document = document.without(&alike(&document, place as usize));
        }
    }

    /// Whether a finding need not be compared with what takes long.
    fn is_graver(&self, finding: &Finding) -> bool {
        let is_grave = self.keep.is_some() || finding.verdict < Verdict::ResourceLimit;
        is_grave && !is_about_time(finding) && self.is_fault(finding)
    }

    /// The gravest finding of everything, without haste.
    fn whole(&self, document: Document) -> Result<Surveyed, ReduceError> {
        let findings = self.findings(self.bench.runners, &document)?;
        self.decided(&findings, document)
    }

    /// The gravest of the findings of all engines, or that runs of the first one differ.
    fn decided(&self, findings: &[Finding], document: Document) -> Result<Surveyed, ReduceError> {
        let found = |finding| Surveyed::new(finding, document.clone(), self.bench.runners);
        if let Some(finding) = findings.iter().find(|finding| self.is_fault(finding)) {
            return Ok(found(finding.clone()));
        }
        let input = self.origin.input(&document, &document.script());
        let unstable = self.bench.runners.first().and_then(|runner| repeat(runner, &input, RUNS));
        uninterrupted()?;
        unstable.filter(|finding| self.is_fault(finding)).map(found).ok_or_else(|| {
            ReduceError::NoFault(match (findings.first(), self.keep) {
                (Some(first), Some(text)) => {
                    format!("no finding says `{text}`; the gravest is: {}: {}", first.verdict, first.summary)
                }
                (Some(first), None) => format!("{}: {}", first.verdict, first.summary),
                (None, _) => "every directive passes on every engine".to_owned(),
            })
        })
    }

    fn is_fault(&self, finding: &Finding) -> bool {
        !matches!(finding.verdict, Verdict::NoFault | Verdict::LegalDivergence)
            && self.keep.is_none_or(|text| says(finding, text))
    }

    /// The engines, with another limit of time.
    fn engines(&self, timeout: Duration) -> Result<Vec<Runner>, ReduceError> {
        let names = self.bench.runners.iter().map(|runner| runner.engine.name());
        names.map(|name| self.engine(name, timeout, true)).collect()
    }

    fn engine(&self, name: &str, timeout: Duration, replays: bool) -> Result<Runner, ReduceError> {
        let limits = Limits { timeout, ..self.bench.limits };
        (self.bench.make)(name, limits, replays).map_err(ReduceError::Engine)
    }

    /// The places of what takes longer on an engine than it may.
    fn slow(&self, engine: &str, timeout: Duration, document: &Document) -> Result<Vec<usize>, ReduceError> {
        let runner = self.engine(engine, timeout, false)?;
        let mut quick = document.clone();
        loop {
            let report = runner.run_file(&self.origin.input(&quick, &quick.script())).report;
            uninterrupted()?;
            let Some(place) = endless(&report) else { break };
            quick = quick.without(&alike(&quick, place));
        }
        let left: BTreeSet<u32> = quick.parts.iter().map(|part| part.number).collect();
        let parts = document.parts.iter().enumerate();
        Ok(parts.filter(|(_, part)| !left.contains(&part.number)).map(|(place, _)| place).collect())
    }

    fn findings(&self, runners: &[Runner], document: &Document) -> Result<Vec<Finding>, ReduceError> {
        let input = self.origin.input(document, &document.script());
        let description = RunInfo::now(runners, &self.selected.inputs, Vec::new(), Vec::new(), None);
        let options = Options::whole(1, Arc::new(description));
        let deterministic = self.bench.deterministic;
        let findings = survey(runners, &input, self.selected, options, deterministic, document.main_wasm())
            .map_err(|error| ReduceError::Engine(error.to_string()))?;
        uninterrupted()?;
        Ok(findings)
    }
}

/// The place of the first directive that takes longer than it may.
fn endless(report: &FileReport) -> Option<usize> {
    report.directives.iter().position(|record| record.outcome.kind() == OutcomeKind::Timeout)
}

/// The places of a directive that takes long, and of those behind it that call the same. Each would cost a worker, in which a large
/// module has to be compiled once more.
fn alike(document: &Document, place: usize) -> Vec<usize> {
    let called = document.parts.get(place).and_then(Part::called);
    let parts = document.parts.iter().enumerate().skip(place);
    let is_alike = |other: usize, part: &Part| other == place || called.is_some() && called == part.called();
    parts.filter(|(other, part)| is_alike(*other, part)).map(|(other, _)| other).collect()
}
