//! What a run adds up to.

use super::words::not_run;
use crate::engine::EngineKind;
use crate::outcome::{DirectiveRecord, Event, FileReport, NotRun, Outcome, OutcomeKind, Permitted, Problem};
use crate::trail::{Lack, RunInfo, SuiteDifference, Unconfined};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use trapline_abi::Readable;

/// What a run adds up to.
#[derive(Clone, Default, Debug)]
pub struct Totals {
    /// For each engine.
    pub engines: BTreeMap<Arc<str>, EngineTotals>,
    /// Things that are red beyond single directives.
    pub problems: u64,
    /// What is to be said of the run as a whole, a line each: how the files of suites differ from what the manifest describes,
    /// and what does not confine the processes that run scripts.
    pub notes: Vec<String>,
    /// The wall time of the run; zero until it has ended.
    pub elapsed: Duration,
    /// The engines that are compared, if engines are: the first one is what the others are compared with.
    compared: Vec<String>,
}

/// What a run on one engine adds up to.
#[derive(Clone, Default, Debug)]
pub struct EngineTotals {
    /// Scripts.
    pub files: u64,
    /// Directives of all of them.
    pub directives: u64,
    /// Directives that are red.
    pub red: u64,
    /// Directives that did not pass and that the expectations list one by one.
    pub known: u64,
    /// Scripts that could not be parsed and should have been.
    pub script_errors: u64,
    /// Scripts that the expectations list and that could not be parsed, by proposal.
    pub unparsed: BTreeMap<String, u64>,
    /// Directives of files that the expectations list, by proposal.
    pub unsupported: BTreeMap<String, u64>,
    /// The wall time of the scripts, in a run on several engines.
    pub elapsed: Option<Duration>,
    /// Scripts that were not run, because the run had ended before, and their directives, by what had ended it.
    pub left_out: BTreeMap<NotRun, (u64, u64)>,
    /// Directives with a difference from another engine that the specification allows, by kind.
    pub permitted: BTreeMap<Permitted, u64>,
    outcomes: [u64; OutcomeKind::ALL.len()],
}

impl Totals {
    /// Takes the next event of the run.
    pub fn event(&mut self, event: &Event) {
        match event {
            Event::FileFinished(report) => {
                self.engines.entry(report.engine.clone()).or_default().file(report);
            }
            Event::Problem(_) => self.problems += 1,
            Event::EngineFinished { engine, elapsed } => {
                self.engines.entry(engine.clone()).or_default().elapsed = Some(*elapsed);
            }
            Event::RunFinished { elapsed } => self.elapsed = *elapsed,
            Event::RunStarted { run, .. } => {
                let suite = suite_note(run.suite.as_deref(), &run.suite_differences);
                self.notes = suite.into_iter().chain(files_note(run)).chain(confinement_note(run)).collect();
                let names = run.engines.iter().map(|engine| engine.name.clone());
                self.compared = names.filter(|_| run.compares).collect();
            }
            Event::FileStarted { .. } | Event::DirectiveFinished { .. } | Event::Slow { .. } => {}
        }
    }

    /// If engines were compared: what was, and how often they differed, a line for each that was compared with the first.
    pub fn compared(&self) -> impl Iterator<Item = String> {
        let first = self.compared.first();
        self.compared.iter().skip(1).filter_map(move |name| {
            let (first, engine) = (first?, self.engines.get(name.as_str())?);
            let is_oracle = |name: &str| EngineKind::ORACLES.iter().any(|kind| kind.name() == name);
            let what = match is_oracle(first) || is_oracle(name) {
                false => "outcomes, results, traps and their places, state after each",
                true => "outcomes, results, kinds of traps, what instances export",
            };
            let ran = |engine: &EngineTotals| {
                let kinds = [OutcomeKind::NotRun, OutcomeKind::Unsupported, OutcomeKind::Blocked];
                engine.directives - kinds.map(|kind| engine.outcomes(kind)).iter().sum::<u64>()
            };
            let both = ran(engine).min(self.engines.get(first.as_str()).map_or(0, ran));
            let directives = match both == engine.directives {
                true => counted(both, "directive"),
                false => format!("{both} of {}", counted(engine.directives, "directive")),
            };
            let differences = match engine.outcomes(OutcomeKind::Diverged) {
                0 => "no difference".to_owned(),
                count => format!("{count} diverged"),
            };
            Some(format!("{name} compared with {first}: {directives} ({what}): {differences}"))
        })
    }

    /// What was not run, for each engine and cause, as something that is red.
    pub(super) fn left_out(&self) -> impl Iterator<Item = Problem> {
        self.engines.iter().flat_map(|(engine, totals)| {
            totals.left_out_notes().map(|message| Problem { file: engine.to_string(), message })
        })
    }

    /// Whether all went as expected.
    pub fn is_green(&self) -> bool {
        self.problems == 0 && self.engines.values().all(|engine| engine.red == 0 && engine.script_errors == 0)
    }
}

impl EngineTotals {
    fn file(&mut self, report: &FileReport) {
        self.files += 1;
        let directives = report.directives.len() as u64;
        self.directives += directives;
        let unrun = report.directives.iter().filter(|one| one.outcome.kind() == OutcomeKind::NotRun);
        let unrun = unrun.count() as u64;
        // What was not run of a part is in that part, or says nothing of it.
        if let Some(why) = report.left_out.filter(|_| unrun > 0 || report.is_left_out()) {
            let (files, of_them) = self.left_out.entry(why).or_default();
            (*files, *of_them) = (*files + 1, *of_them + unrun);
        }
        for directive in &report.directives {
            self.outcomes[directive.outcome.kind() as usize] += 1;
            self.red += u64::from(report.is_red(directive));
            self.known += u64::from(report.known.contains_key(&directive.index));
            for &kind in directive.permitted() {
                *self.permitted.entry(kind).or_default() += 1;
            }
        }
        if report.oracle {
            for directive in &report.directives {
                if let Outcome::Unsupported(lack) = &directive.outcome {
                    let name = match &**lack {
                        Lack::Proposal(name) => name,
                        Lack::Feature(_) | Lack::Limit(_) | Lack::Foreign(_) => "other",
                    };
                    *self.unsupported.entry(name.to_owned()).or_default() += 1;
                }
            }
        }
        let unsupported = |directive: &&DirectiveRecord| directive.outcome.kind() == OutcomeKind::Unsupported;
        let count = report.directives.iter().filter(unsupported).count() as u64;
        if let Some(proposal) = report.proposal.as_ref().filter(|_| count > 0) {
            *self.unsupported.entry(proposal.to_string()).or_default() += count;
        }
        match report.script_error.as_ref().map(|fault| &fault.expected) {
            Some(Some(proposal)) => *self.unparsed.entry(proposal.clone()).or_default() += 1,
            Some(None) => self.script_errors += 1,
            None => {}
        }
    }

    /// The number of directives with an outcome of this kind. All kinds together make `directives`.
    pub fn outcomes(&self, kind: OutcomeKind) -> u64 {
        self.outcomes[kind as usize]
    }

    /// One line that adds up: `120 directives in 3 files: 100 pass, 20 unsupported`.
    pub fn line(&self) -> String {
        let always = |kind| matches!(kind, OutcomeKind::Pass | OutcomeKind::Fail);
        let parts: Vec<String> = OutcomeKind::ALL
            .into_iter()
            .filter(|&kind| always(kind) || self.outcomes(kind) > 0)
            .map(|kind| format!("{} {}", self.outcomes(kind), kind.name()))
            .collect();
        format!(
            "{} in {}: {}",
            counted(self.directives, "directive"),
            counted(self.files, "file"),
            parts.join(", ")
        )
    }

    fn left_out_notes(&self) -> impl Iterator<Item = String> {
        self.left_out.iter().map(|(&why, &(files, directives))| {
            let (directives, files) = (counted(directives, "directive"), counted(files, "file"));
            format!("{directives} in {files} not run: {}", not_run(why))
        })
    }

    /// What the counts alone do not say: what is unsupported, which files are not scripts, what is known.
    pub fn notes(&self) -> Vec<String> {
        let by_name = |counts: &BTreeMap<String, u64>| {
            counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
        };
        let mut notes = Vec::new();
        if !self.unsupported.is_empty() {
            notes.push(format!("unsupported, by proposal: {}", by_name(&self.unsupported)));
        }
        if !self.unparsed.is_empty() {
            notes.push(format!("files that cannot be parsed yet, by proposal: {}", by_name(&self.unparsed)));
        }
        if self.known > 0 {
            let verb = if self.known == 1 { "is" } else { "are" };
            notes.push(format!("{} {verb} listed as not passing", counted(self.known, "directive")));
        }
        if !self.permitted.is_empty() {
            let counts = self.permitted.iter().map(|(kind, count)| format!("{} {count}", kind.name()));
            let counts: Vec<_> = counts.collect();
            notes.push(format!("differences that the specification allows: {}", counts.join(", ")));
        }
        notes.extend(self.left_out_notes());
        if self.script_errors > 0 {
            notes.push(format!("{} could not be parsed", counted(self.script_errors, "file")));
        }
        if let Some(elapsed) = self.elapsed {
            notes.push(format!("ran for {:.2} s", elapsed.as_secs_f64()));
        }
        notes
    }
}

/// Names the files of suites that are not as the manifest describes them.
pub(crate) fn suite_note(suite: Option<&str>, differences: &[SuiteDifference]) -> Option<String> {
    if differences.is_empty() {
        return None;
    }
    let names: Vec<_> = differences.iter().map(SuiteDifference::file).collect();
    let revision = suite.map_or_else(|| "the manifest".to_owned(), |name| format!("revision {name}"));
    let differ = if names.len() == 1 { "differs" } else { "differ" };
    let files = counted(names.len() as u64, "file");
    Some(format!("suite: {files} {differ} from {revision}: {}", Readable(&names.join(", "))))
}

/// Names the files that say something of the scripts and were found without being named.
fn files_note(run: &RunInfo) -> Option<String> {
    let files = run.configuration.join(", ");
    (!files.is_empty()).then(|| format!("settings: {} (--no-config does without)", Readable(&files)))
}

/// Names the measures that are not in force.
fn confinement_note(run: &RunInfo) -> Option<String> {
    let missing = run.unconfined.iter().map(|Unconfined { measure, cause }| format!("{measure} ({cause})"));
    let missing: Vec<_> = missing.collect();
    let note = format!("warning: scripts are not confined by {}", Readable(&missing.join(", ")));
    (!missing.is_empty()).then_some(note)
}

/// A number of things, in the singular or the plural.
pub(crate) fn counted(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}
