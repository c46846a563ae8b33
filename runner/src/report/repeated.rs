//! The first lines of failures, for the end of a report: each once, with the engines that have it.

use super::Sides;
use crate::outcome::DirectiveRecord;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Failures that are repeated at the end.
const REPEATED: usize = 50;

/// What has failed.
#[derive(Default)]
pub(super) struct Repeated {
    /// Whether there are several engines.
    pub(super) several: bool,
    /// The first [`REPEATED`].
    lines: Vec<Line>,
    /// How many there are.
    count: usize,
    /// With several engines: the places in `lines` of all that have failed, if they have one.
    known: HashMap<Failure, Option<usize>>,
}

struct Line {
    text: String,
    /// Empty if it is not about an engine.
    engines: Vec<Arc<str>>,
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

impl Repeated {
    /// Whether an earlier engine had the same failure, which is then one of this engine, too.
    pub(super) fn again(&mut self, failure: Failure, engine: &Arc<str>) -> bool {
        let Some(place) = self.known.get(&failure) else { return false };
        if let Some(line) = place.and_then(|place| self.lines.get_mut(place)) {
            line.engines.push(engine.clone());
        }
        true
    }

    /// A failure that no earlier engine had, and what is said of it, of which the first line is kept.
    pub(super) fn push(&mut self, failure: Failure, engine: &Arc<str>, text: &str) {
        let place = self.keep(text, Some(engine));
        if self.several {
            self.known.insert(failure, place);
        }
    }

    /// Something that is not about an engine.
    pub(super) fn push_problem(&mut self, text: &str) {
        self.keep(text, None);
    }

    fn keep(&mut self, text: &str, engine: Option<&Arc<str>>) -> Option<usize> {
        self.count += 1;
        let place = self.lines.len();
        if place == REPEATED {
            return None;
        }
        let first = text.lines().next().unwrap_or_default();
        self.lines.push(Line { text: first.to_owned(), engines: engine.into_iter().cloned().collect() });
        Some(place)
    }

    /// What is said at the end.
    pub(super) fn text(&self) -> Option<String> {
        if self.count == 0 {
            return None;
        }
        let mut text = format!("not as expected: {}\n", self.count);
        for Line { text: line, engines } in &self.lines {
            let engines: Vec<&str> = engines.iter().map(|engine| &**engine).collect();
            text.push_str("  ");
            text.push_str(line);
            if self.several && !engines.is_empty() {
                text.push_str(&format!(" ({})", engines.join(", ")));
            }
            text.push('\n');
        }
        if let more @ 1.. = self.count - self.lines.len() {
            text.push_str(&format!("  … and {more} more\n"));
        }
        Some(text)
    }
}
