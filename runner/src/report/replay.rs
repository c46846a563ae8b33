//! The events of a recorded run, for any report.

use super::failure::rerun_of_file;
use super::recorded::{DirectiveKey, Recorded, RecordedDirective, RecordedFault};
use crate::engine::EngineKind;
use crate::outcome::{DirectiveRecord, Event, FileReport, Outcome, OutcomeKind, ScriptFault};
use std::collections::BTreeSet;
use std::iter::Peekable;
use std::sync::Arc;
use std::time::Duration;

impl Recorded<'_> {
    /// What happened in the run, in canonical order: by engine and file. How long a script took is the sum of what its
    /// directives did.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        let files: BTreeSet<(&str, &str)> = self
            .directives
            .keys()
            .map(|key| (&*key.engine, &*key.file))
            .chain(self.script_errors.keys().map(|(engine, file)| (&**engine, &**file)))
            .collect();
        let started = Event::RunStarted { files: files.len(), run: Arc::new(self.run.clone()) };
        let mut directives = self.directives.iter().peekable();
        let reports = files.into_iter().map(move |(engine, file)| {
            let fault = self.script_errors.get(&(engine.to_owned(), file.to_owned()));
            Event::FileFinished(file_report(engine, file, fault, &mut directives))
        });
        let problems = self.problems.iter().map(|recorded| Event::Problem(recorded.problem.clone()));
        let several = self.engines.len() > 1;
        let engines = self.engines.iter().filter(move |_| several).map(|(engine, summary)| {
            Event::EngineFinished { engine: engine.as_str().into(), elapsed: seconds(summary.wall_s) }
        });
        let elapsed = seconds(self.engines.values().map(|summary| summary.wall_s).sum());
        let ended = std::iter::once(Event::RunFinished { elapsed });
        std::iter::once(started).chain(reports).chain(problems).chain(engines).chain(ended)
    }
}

/// The report of a file, whose directives come next.
fn file_report<'r, 'a: 'r>(
    engine: &str,
    file: &str,
    fault: Option<&RecordedFault<'_>>,
    directives: &mut Peekable<impl Iterator<Item = (&'r DirectiveKey, &'r RecordedDirective<'a>)>>,
) -> FileReport {
    let oracle = EngineKind::ORACLES.iter().any(|kind| kind.name() == engine);
    let mut report = FileReport {
        oracle,
        path: fault.and_then(|fault| fault.path.as_deref()).map(Arc::from),
        rerun: "trapline wast".into(),
        script_error: fault.map(|fault| ScriptFault {
            line: fault.line,
            col: fault.col,
            message: fault.message.clone(),
            expected: fault.expected.clone(),
        }),
        ..FileReport::new(engine.into(), file.into())
    };
    let expected = fault.and_then(|fault| fault.expected.as_deref());
    report.proposal = expected.map(Arc::from);
    while let Some((key, line)) = directives.next_if(|(key, _)| key.engine == engine && key.file == file) {
        if let Some(path) = &line.path {
            report.path = Some(path.as_str().into());
        }
        if let Some(rerun) = &line.rerun {
            report.rerun = rerun_of_file(rerun).into();
        }
        match (&line.proposal, &line.known) {
            (Some(proposal), _) => report.proposal = Some(proposal.as_str().into()),
            // An engine of others is not red with what it does not have.
            (None, Some(_)) if oracle && line.kind() == OutcomeKind::Unsupported => {}
            (None, Some(reason)) => {
                report.known.insert(key.index, reason.clone());
            }
            (None, None) => {}
        }
        report.elapsed += line.record.elapsed();
        report.directives.push(line.record.clone());
    }
    let unrun = |record: &DirectiveRecord| match record.outcome {
        Outcome::NotRun(why) => Some(why),
        _ => None,
    };
    report.left_out = report.directives.iter().find_map(unrun);
    report
}

/// A time of a summary, which any program may have written.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}
