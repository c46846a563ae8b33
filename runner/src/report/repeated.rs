//! Failures of a run, each once, with the engines that have it.

use super::Sides;
use crate::outcome::DirectiveRecord;
use std::collections::HashMap;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Failures that are each said once: the first ones, with the engines that have them, and how many there are more.
pub(super) struct Repeated<T> {
    /// Whether there are several engines. With one, no failure comes twice.
    pub(super) several: bool,
    /// How many are kept.
    most: usize,
    /// What is said of each, and its engines: none if it is not about an engine.
    kept: Vec<(T, Vec<Arc<str>>)>,
    more: usize,
    /// With several engines: the places of all that have failed, which are those in `kept` as far as it goes.
    known: HashMap<Failure, usize>,
}

/// Knows a failure on several engines by what it is about and what is said of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Failure(u64);

impl Failure {
    /// That of a directive.
    pub(super) fn of(file: &str, directive: &DirectiveRecord, sides: &Sides) -> Failure {
        let Sides { expected, word, got } = sides;
        Failure::new(&(file, directive.index, directive.outcome.kind().name(), expected, word, got))
    }

    /// That of something that is described in full.
    pub(super) fn new(what: &impl Hash) -> Failure {
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        Failure(hasher.finish())
    }
}

impl<T> Repeated<T> {
    /// None yet, of which the first `most` are to be kept.
    pub(super) fn new(most: usize) -> Repeated<T> {
        Repeated { several: false, most, kept: Vec::new(), more: 0, known: HashMap::new() }
    }

    /// Whether an earlier engine had the same failure, which is then one of this engine, too.
    pub(super) fn again(&mut self, failure: Failure, engine: &Arc<str>) -> bool {
        let Some(&place) = self.known.get(&failure) else { return false };
        if let Some((_, engines)) = self.kept.get_mut(place) {
            engines.push(engine.clone());
        }
        true
    }

    /// Adds a failure that no earlier engine had. What is not kept is not worded.
    pub(super) fn push(&mut self, failure: Failure, engine: &Arc<str>, said: impl FnOnce() -> T) {
        if self.several {
            self.known.insert(failure, self.kept.len());
        }
        self.keep(Some(engine), said);
    }

    /// Adds a failure, or the engine if an earlier one had the same, and says whether it is the failure.
    pub(super) fn add(&mut self, failure: Failure, engine: &Arc<str>, said: impl FnOnce() -> T) -> bool {
        let is_new = !self.again(failure, engine);
        if is_new {
            self.push(failure, engine, said);
        }
        is_new
    }

    /// Adds something that is not about an engine.
    pub(super) fn push_problem(&mut self, said: impl FnOnce() -> T) {
        self.keep(None, said);
    }

    /// Counts one more failure if it is neither kept nor one that another engine may have: there can be millions.
    pub(super) fn only_counts(&mut self) -> bool {
        let only = !self.several && self.kept.len() == self.most;
        self.more += usize::from(only);
        only
    }

    fn keep(&mut self, engine: Option<&Arc<str>>, said: impl FnOnce() -> T) {
        if self.kept.len() == self.most {
            // Places from here on are those of none.
            self.more += 1;
        } else {
            self.kept.push((said(), engine.into_iter().cloned().collect()));
        }
    }

    /// The first ones, and the engines of each.
    pub(super) fn kept(&self) -> &[(T, Vec<Arc<str>>)] {
        &self.kept
    }

    /// How many there are beyond those.
    pub(super) fn more(&self) -> usize {
        self.more
    }
}

impl Repeated<String> {
    /// A list of them for people.
    pub(super) fn text(&self) -> Option<String> {
        let count = self.kept.len() + self.more;
        if count == 0 {
            return None;
        }
        let mut text = format!("not as expected: {count}\n");
        for (line, engines) in &self.kept {
            text.push_str("  ");
            text.push_str(line);
            if self.several && !engines.is_empty() {
                let _ = write!(text, " ({})", engines.join(", "));
            }
            text.push('\n');
        }
        if let more @ 1.. = self.more {
            let _ = writeln!(text, "  … and {more} more");
        }
        Some(text)
    }
}
