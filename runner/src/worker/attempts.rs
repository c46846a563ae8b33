//! What becomes of a script whose workers die: it is tried again, without the directives at which they died.

use super::Step;
use super::deadline::Deadline;
use super::death::Death;
use super::host::{Choice, Failure, Workers};
use super::ledger::Records;
use super::process::Reply;
use super::wire::{Answer, Done, Job, ScriptJob, Source};
use crate::exec;
use crate::exec::Observed;
use crate::interruption;
use crate::outcome::{Details, DirectiveRecord, NotRun, Outcome, OutcomeKind};
use crate::report;
use crate::run::Executed;
use crate::script::outline::{Sketch, Span, sketches, spans};
use crate::trail::{ContentHash, Refusal};
use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

/// How often a script is tried again after its worker was ended at a directive, perhaps by another process.
const RETRIES: u32 = 2;

/// How often it is tried again after its worker has ended outside directives by itself, and perhaps by another process.
pub(super) const RETRIES_OUTSIDE: u32 = 16;
const RETRIES_OUTSIDE_FOREIGN: u32 = 64;

/// A script that is tried until each of its directives has an outcome.
pub(super) struct Attempts<'a> {
    file: &'a Arc<str>,
    /// How long one of its directives may run, if not as long as others.
    timeout: Option<Duration>,
    /// Where the directives of the script are.
    spans: &'a [Span],
    job: Job,
    /// The most that a worker has said before it died.
    said: Records,
    /// How long directives ran that did not come to an end.
    elapsed: BTreeMap<u32, Duration>,
    retries: u32,
    retries_outside: u32,
    retries_foreign: u32,
}

/// Whether nothing more is to be run: a signal has come, or it would be of no use.
fn is_cut_short() -> bool {
    interruption::came().is_some() || Deadline::current().has_passed()
}

impl<'a> Attempts<'a> {
    pub(super) fn new(
        file: &'a Arc<str>,
        timeout: Option<Duration>,
        spans: &'a [Span],
        job: Job,
    ) -> Attempts<'a> {
        Attempts {
            file,
            timeout,
            spans,
            job,
            said: Records::default(),
            elapsed: BTreeMap::new(),
            retries: 0,
            retries_outside: 0,
            retries_foreign: 0,
        }
    }

    pub(super) fn run(mut self, workers: &Workers) -> Executed {
        let mut choice = Choice::Any;
        loop {
            if is_cut_short() {
                return self.cut_short(NotRun::Interrupted);
            }
            let reply = workers.attempt(self.file, self.timeout, (&self.job, self.spans), choice);
            let reply = reply.map(|(Reply { answer, records }, was_clean)| (answer, records, was_clean));
            let (step, death) = match reply {
                // That a script cannot be parsed is believed of a worker in which nothing hostile has run.
                Ok((Answer::Script(done), _, false)) if done.directives.is_err() => {
                    choice = Choice::Clean;
                    continue;
                }
                Ok((Answer::Script(done), records, _)) => return self.done(*done, records),
                Ok(_) => {
                    return self.give_up(harness("the worker answered another question".to_owned()));
                }
                Err(Failure::Died(step, death, records)) if is_cut_short() => {
                    self.keep(records);
                    // What is its own did not come from the interruption.
                    if !death.may_be_foreign()
                        && let Some(outcome) = self.blame(step, &death)
                    {
                        return self.give_up(outcome);
                    }
                    return self.cut_short(NotRun::Interrupted);
                }
                Err(Failure::Start(_)) if is_cut_short() => {
                    return self.cut_short(NotRun::Interrupted);
                }
                Err(Failure::Start(error)) => {
                    return self.give_up(harness(format!("failed to start a worker: {error}")));
                }
                Err(Failure::Died(step, death, records)) => {
                    self.keep(records);
                    (step, death)
                }
            };
            tracing::debug!(file = &**self.file, ?step, ?death, "a worker died");
            let outside = self.is_outside(step) && !death.is_limit(step);
            if outside && death.may_be_foreign() && self.retries_foreign < RETRIES_OUTSIDE_FOREIGN {
                self.retries_foreign += 1;
            } else if outside && self.retries_outside < RETRIES_OUTSIDE {
                self.retries_outside += 1;
            } else if death.may_be_foreign() && self.retries < RETRIES {
                self.retries += 1;
            } else if let Some(outcome) = self.blame(step, &death) {
                return self.give_up(outcome);
            } else if !workers.replays {
                return self.cut_short(NotRun::EarlierFailure);
            }
        }
    }

    fn known(&mut self) -> Option<&mut BTreeMap<u32, Outcome>> {
        match &mut self.job {
            Job::Script(job) => Some(&mut job.known),
            Job::Check
            | Job::Listing { .. }
            | Job::Anatomy { .. }
            | Job::Diagnosis { .. }
            | Job::Attempt(_) => None,
        }
    }

    /// Whether a worker in this step runs no directive of the script.
    fn is_outside(&self, step: Step) -> bool {
        match step {
            Step::Idle | Step::Script | Step::Report => true,
            Step::Directive(index) => index as usize >= self.spans.len(),
        }
    }

    /// Says of the directive at which a worker died that it did it. `None` if the rest can be tried with that; otherwise
    /// what is to be said of all that have no outcome.
    fn blame(&mut self, step: Step, death: &Death) -> Option<Outcome> {
        let when = match step {
            Step::Idle => "before it began",
            Step::Script => "while it parsed the script",
            Step::Report => "when all directives were done",
            Step::Directive(index) => {
                let (outcome, count) = (death.outcome(), self.spans.len() as u32);
                if index < count
                    && let Some(known) = self.known()
                {
                    // A worker that dies at a directive that it is not to run is brought down by what came before. What
                    // comes after cannot be run, and what came before is still to be had.
                    let until = if known.contains_key(&index) { count } else { index + 1 };
                    let new: Vec<u32> = (index..until).filter(|index| !known.contains_key(index)).collect();
                    known.extend(new.iter().map(|&index| (index, outcome.clone())));
                    if let (Death::Timeout { elapsed, .. }, [first, ..]) = (death, &new[..]) {
                        self.elapsed.insert(*first, *elapsed);
                    }
                    if !new.is_empty() {
                        return None;
                    }
                }
                "at a directive that it was not to run"
            }
        };
        Some(match death.outcome() {
            timeout @ Outcome::Timeout { .. } => timeout,
            outcome => harness(format!("the worker died {when}: {}", describe(&outcome))),
        })
    }

    /// Takes what a worker says of a script.
    fn done(self, done: Done, records: Records) -> Executed {
        let Done { directives, mut observed, .. } = done;
        if let Err(fault) = directives {
            return Executed { directives: Err(fault), parsed: 0, observed: Observed::default() };
        }
        // The text of the script gives its memory to the records.
        drop(self.job);
        let mut records = records.into_vec();
        observed.directives.truncate(self.spans.len());
        for (index, elapsed) in &self.elapsed {
            records[*index as usize].elapsed_ns = nanoseconds(*elapsed);
        }
        Executed { directives: Ok(records), parsed: self.spans.len(), observed }
    }

    /// Keeps what a worker has said before it died: if the run is interrupted while the script runs again, it is not lost.
    fn keep(&mut self, records: Records) {
        if records.len() > self.said.len() {
            self.said = records;
        }
    }

    /// Takes what workers have said so far. The rest was not run, for this reason.
    fn cut_short(mut self, why: NotRun) -> Executed {
        let said = mem::take(&mut self.said);
        let mut executed = self.give_up(Outcome::NotRun(why));
        if let Ok(directives) = &mut executed.directives {
            let unrun = |record: &DirectiveRecord| record.outcome.kind() == OutcomeKind::NotRun;
            for (place, record) in
                directives.iter_mut().zip(said.into_vec()).filter(|(place, _)| unrun(place))
            {
                *place = record;
            }
        }
        executed
    }

    /// Gives every directive an outcome that no worker has given one.
    fn give_up(self, outcome: Outcome) -> Executed {
        let Job::Script(ScriptJob { source, known, .. }) = &self.job else {
            return Executed { directives: Ok(Vec::new()), parsed: 0, observed: Observed::default() };
        };
        let mut records = match source {
            Source::File(bytes) => sketched(bytes, self.spans, &outcome),
            Source::Parsed(script) => {
                let mut records = Vec::new();
                exec::same_outcome(script, &outcome, &mut records);
                exec::name_contents(script, &mut records);
                records
            }
        };
        for record in &mut records {
            if let Some(known) = known.get(&record.index) {
                record.outcome = known.clone();
            }
            record.elapsed_ns = self.elapsed.get(&record.index).copied().map_or(0, nanoseconds);
        }
        Executed { parsed: records.len(), directives: Ok(records), observed: Observed::default() }
    }
}

/// Gives every directive of a script the same outcome without parsing any.
pub(crate) fn same_outcome(text: &[u8], outcome: &Outcome) -> Vec<DirectiveRecord> {
    sketched(text, &spans(text), outcome)
}

/// The records of the directives of a script that was not parsed.
fn sketched(text: &[u8], spans: &[Span], outcome: &Outcome) -> Vec<DirectiveRecord> {
    let record = |(index, sketch): (u32, Sketch)| DirectiveRecord {
        index,
        line: sketch.line,
        col: sketch.col,
        directive: sketch.directive,
        content: Some(ContentHash::of(&text[sketch.span.clone()])),
        outcome: outcome.clone(),
        details: Some(Box::new(Details {
            source: Some(String::from_utf8_lossy(&text[sketch.span]).into_owned()),
            ..Details::default()
        })),
        elapsed_ns: 0,
    };
    (0..).zip(sketches(text, spans)).map(record).collect()
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn harness(message: String) -> Outcome {
    Outcome::harness(Refusal::harness(message))
}

/// A fatal outcome in words.
pub(super) fn describe(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Crash(info) => report::crash(info),
        Outcome::HarnessError(cause) => report::refusal(cause),
        other => other.kind().name().to_owned(),
    }
}
