//! Asks of candidates whether they show the fault, each only once, and counts.

use super::cache::{Cache, key};
use super::document::Document;
use super::predicate::Predicate;
use crate::interruption;
use crate::trail::Value;
use crate::worker::Deadline;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use trapline_compiler::{WasmFeatures, validate};

/// A document that may take the place of the best one.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) document: Document,
    /// The place of the part whose module is another one.
    pub(super) edited: Option<usize>,
}

/// Asks, validates before, and remembers.
pub(super) struct Judge<'a> {
    predicate: &'a dyn Predicate,
    cache: Mutex<Cache>,
    /// How often a candidate is asked before it is believed that it does not show the fault.
    flaky: u32,
    features: WasmFeatures,
    /// The numbers of the parts whose modules have to stay valid.
    valid: BTreeSet<u32>,
    /// How many candidates are asked at once.
    pub(super) jobs: usize,
    deadline: Option<Instant>,
    late: AtomicBool,
    counts: [AtomicU64; 3],
}

/// What became of one of several candidates.
#[derive(Debug)]
pub(super) enum Answer {
    Shows(Candidate),
    Not,
    /// Another one has shown the fault, and it was not waited for.
    Open,
}

/// How much longer than one that shows the fault others may take, at least.
const LEAST_WAIT: Duration = Duration::from_millis(100);

/// How often what has been done.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Counts {
    /// Candidates that were run, each time.
    pub(crate) runs: u64,
    /// Candidates whose answer was known.
    pub(crate) hits: u64,
    /// Candidates that are not valid, and so were not run.
    pub(crate) invalid: u64,
}

/// What is counted.
#[derive(Clone, Copy)]
enum Count {
    Runs,
    Hits,
    Invalid,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        predicate: &'a dyn Predicate,
        cache: Cache,
        document: &Document,
        features: WasmFeatures,
        (flaky, jobs, deadline): (u32, usize, Option<Instant>),
    ) -> Judge<'a> {
        let is_valid = |wasm: &[u8]| validate(wasm, features).is_ok();
        let valid = document
            .parts
            .iter()
            .filter(|part| part.module.as_ref().is_some_and(|module| is_valid(&module.wasm)));
        Judge {
            predicate,
            cache: Mutex::new(cache),
            flaky,
            features,
            valid: valid.map(|part| part.number).collect(),
            jobs,
            deadline,
            late: AtomicBool::new(false),
            counts: Default::default(),
        }
    }

    /// Whether the modules of a part have to stay valid.
    pub(super) fn keeps_valid(&self, number: u32) -> bool {
        self.valid.contains(&number)
    }

    /// Whether no more is to be asked: a signal has come, or the time is up.
    pub(super) fn is_over(&self) -> bool {
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            self.late.store(true, Ordering::Relaxed);
        }
        self.is_late() || interruption::came().is_some()
    }

    /// Whether it was found out that the time is up.
    pub(super) fn is_late(&self) -> bool {
        self.late.load(Ordering::Relaxed)
    }

    /// Whether a candidate shows the fault. What is not known because the run ends counts as no.
    pub(super) fn shows(&self, candidate: &Candidate) -> bool {
        let Candidate { document, edited } = candidate;
        if self.is_over() {
            return false;
        }
        let part = edited.and_then(|place| document.parts.get(place));
        if let Some(part) = part.filter(|part| self.keeps_valid(part.number))
            && let Some(module) = &part.module
            && validate(&module.wasm, self.features).is_err()
        {
            self.count(Count::Invalid);
            return false;
        }
        let script = document.script();
        let key = key(script.as_bytes());
        if let Some(answer) = self.cache().get(&key) {
            self.count(Count::Hits);
            return answer;
        }
        let answer = self.ask(document, &script);
        // What was cut short says nothing.
        if answer || !self.is_over() && !Deadline::current().has_passed() {
            self.cache().put(key, answer);
        }
        answer
    }

    /// Asks of a document, and remembers nothing.
    pub(super) fn ask(&self, document: &Document, script: &str) -> bool {
        let deadline = Deadline::current();
        (0..self.flaky).take_while(|_| !deadline.has_passed()).any(|_| {
            self.count(Count::Runs);
            self.predicate.shows(document, script)
        })
    }

    /// What some exported globals of the module are in the end, on each engine, if that can be seen.
    pub(super) fn globals(&self, document: &Document, exports: &[String]) -> Option<Vec<Vec<Value>>> {
        self.predicate.globals(document, exports)
    }

    /// Asks of several candidates at once. What goes on for as long again as one that shows the fault took is not waited for.
    pub(super) fn all<T: Sync>(
        &self,
        all: &[T],
        make: impl Fn(&T) -> Option<Candidate> + Sync,
    ) -> Vec<Answer> {
        let deadline = Deadline::default();
        let begin = Instant::now();
        let one = |item: &T| match deadline.of(|| make(item).filter(|candidate| self.shows(candidate))) {
            Some(candidate) => {
                deadline.set(Instant::now() + begin.elapsed().max(LEAST_WAIT));
                Answer::Shows(candidate)
            }
            None if deadline.has_passed() => Answer::Open,
            None => Answer::Not,
        };
        if let [only] = all {
            return vec![one(only)];
        }
        thread::scope(|scope| {
            let started: Vec<_> = all
                .iter()
                .map(|item| {
                    thread::Builder::new().name("candidate".to_owned()).spawn_scoped(scope, || one(item))
                })
                .collect();
            let joined = started.into_iter().zip(all).map(|(thread, item)| match thread {
                Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                // Without a thread for it, it is asked here.
                Err(_) => one(item),
            });
            joined.collect()
        })
    }

    pub(super) fn counts(&self) -> Counts {
        let [runs, hits, invalid] = self.counts.each_ref().map(|count| count.load(Ordering::Relaxed));
        Counts { runs, hits, invalid }
    }

    /// The answers.
    pub(super) fn into_cache(self) -> Cache {
        self.cache.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, what: Count) {
        self.counts[what as usize].fetch_add(1, Ordering::Relaxed);
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        // It is whole at any time.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
