//! What a worker says of a script, as far as it is believed: no number that can be counted here.

use super::wire::{ProtocolError, ScriptJob, Source};
use crate::outcome::{DirectiveRecord, Outcome};
use crate::script::Keyword;
use crate::script::outline::{Sketch, Span, sketches};
use crate::trail::ContentHash;
use std::time::Instant;

/// Takes the records of a script as they arrive. Each directive has one, in the order of the script, which decides where
/// it is and what it asks for.
pub(super) struct Ledger<'a> {
    job: &'a ScriptJob,
    /// What the script says of the directives whose records are still to come.
    sketches: Box<dyn Iterator<Item = Sketch> + 'a>,
    begin: Instant,
    records: &'a mut Records,
}

/// The records of the first directives of a script, in order. Those that pass, which are nearly all, take half of their memory
/// for as long as the text of the script takes some, too.
#[derive(Debug, Default)]
pub(super) struct Records {
    passed: Vec<Passed>,
    others: Vec<DirectiveRecord>,
}

/// The record of a directive that passed, of which no more is known.
#[derive(Debug)]
struct Passed {
    index: u32,
    line: u32,
    col: u32,
    directive: Keyword,
    content: Option<ContentHash>,
    elapsed_ns: u64,
}

impl Records {
    pub(super) fn len(&self) -> usize {
        self.passed.len() + self.others.len()
    }

    fn push(&mut self, record: DirectiveRecord) {
        match record {
            DirectiveRecord {
                index,
                line,
                col,
                directive,
                content,
                outcome: Outcome::Pass,
                details: None,
                elapsed_ns,
            } => self.passed.push(Passed { index, line, col, directive, content, elapsed_ns }),
            record => self.others.push(record),
        }
    }

    /// All of them.
    pub(super) fn into_vec(self) -> Vec<DirectiveRecord> {
        if self.passed.is_empty() {
            return self.others;
        }
        let mut all = Vec::with_capacity(self.len());
        let mut others = self.others.into_iter().peekable();
        for Passed { index, line, col, directive, content, elapsed_ns } in self.passed {
            all.extend(std::iter::from_fn(|| others.next_if(|other| other.index < index)));
            let outcome = Outcome::Pass;
            let details = None;
            all.push(DirectiveRecord { index, line, col, directive, content, outcome, details, elapsed_ns });
        }
        all.extend(others);
        all
    }
}

impl<'a> Ledger<'a> {
    /// `spans` are where its directives are, and `records` has none yet.
    pub(super) fn new(job: &'a ScriptJob, spans: &'a [Span], records: &'a mut Records) -> Ledger<'a> {
        let sketches: Box<dyn Iterator<Item = Sketch>> = match &job.source {
            Source::File(bytes) => Box::new(sketches(bytes, spans)),
            Source::Parsed(script) => Box::new(script.directives().iter().map(Sketch::from)),
        };
        Ledger { job, sketches, begin: Instant::now(), records }
    }

    /// # Errors
    ///
    /// When one of them is not due.
    pub(super) fn take(&mut self, records: Vec<DirectiveRecord>) -> Result<(), ProtocolError> {
        let longest = u64::try_from(self.begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        for mut record in records {
            let due = self.records.len();
            let sketch = self.sketches.next().ok_or(ProtocolError::TooMany(due))?;
            if record.index as usize != due {
                return Err(ProtocolError::Disordered { wanted: due, got: record.index });
            }
            match self.job.known.get(&record.index) {
                Some(known) => record.outcome = settled(known, record.outcome),
                None if !self.is_possible(&record.outcome) => {
                    return Err(ProtocolError::Impossible(record.outcome.kind()));
                }
                None => {}
            }
            (record.line, record.col, record.directive) = (sketch.line, sketch.col, sketch.directive);
            let text = &self.job.source.text()[sketch.span];
            record.content = Some(ContentHash::of(text));
            record.elapsed_ns = record.elapsed_ns.min(longest);
            if let Some(source) = record.details.as_mut().and_then(|details| details.source.as_mut()) {
                *source = String::from_utf8_lossy(text).into_owned();
            }
            self.records.push(record);
        }
        Ok(())
    }

    /// Whether a worker can know of this outcome. What ended a worker, only the parent knows, and has told it of what it
    /// is not to run again; a thread has the outcome of its end.
    fn is_possible(&self, outcome: &Outcome) -> bool {
        match outcome {
            Outcome::Crash(_) | Outcome::Timeout { .. } | Outcome::NotRun(_) | Outcome::Diverged(_) => {
                self.job.known.values().any(|known| known.kind() == outcome.kind())
            }
            Outcome::Pass
            | Outcome::Fail(_)
            | Outcome::Unsupported(_)
            | Outcome::Blocked(_)
            | Outcome::HarnessError(_) => true,
        }
    }

    /// All records have come.
    ///
    /// # Errors
    ///
    /// When some are missing.
    pub(super) fn finish(mut self) -> Result<(), ProtocolError> {
        match self.sketches.next() {
            None => Ok(()),
            Some(_) => Err(ProtocolError::TooFew(self.records.len())),
        }
    }
}

/// The outcome that is known, with what a worker adds to it: in which line of the script, and in which function by name, the
/// module has the instruction of a crash.
fn settled(known: &Outcome, told: Outcome) -> Outcome {
    let mut known = known.clone();
    if let (Outcome::Crash(known), Outcome::Crash(told)) = (&mut known, told)
        && let (Some(fault), Some(told)) = (&mut known.fault, told.fault)
    {
        for (place, told) in [(&mut fault.place, told.place), (&mut fault.caller, told.caller)] {
            if let (Some(place), Some(told)) = (place, told) {
                place.source = told.source;
                place.function.name = told.function.name;
            }
        }
    }
    known
}

#[cfg(test)]
mod tests;
