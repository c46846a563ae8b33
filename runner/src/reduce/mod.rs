//! Reduces a module or a script to what its fault takes.
//!
//! What counts as the same fault is what triage says of the input: its verdict, its layer and its bucket; where engines do not
//! agree, what differs first. The input runs three times first, and has to show it every time. Then candidates are made, level
//! by level, and run in workers on those engines alone that it takes ([`predicate`]). Each is validated before, unless the
//! fault is in what comes before validation. From the beginning of the search on, the best so far is in the output.

mod baseline;
mod cache;
mod command;
mod document;
mod form;
mod frame;
mod judge;
mod levels;
mod module;
mod output;
mod predicate;
mod schedule;
mod search;
mod signature;
mod survey;

pub(crate) use baseline::{Bench, Found};
pub(crate) use command::CommandPredicate;
pub(crate) use document::Document;
pub(crate) use judge::Counts;
pub(crate) use output::Form;
pub(crate) use predicate::Predicate;
pub(crate) use search::LevelReport;

use crate::interruption;
use cache::Cache;
use judge::Judge;
use output::{Output, OutputError};
use search::{Search, Stop};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use trapline_compiler::WasmFeatures;

/// How often the input has to show the fault before the search begins.
pub(crate) const BASELINE: u32 = 3;

/// What a candidate may take, next to what the input takes: so many times that, and this long in any case.
const SLOWER: u32 = 10;
const PATIENCE: Duration = Duration::from_millis(500);

/// What is to be reduced, and how.
pub(crate) struct Request<'a> {
    pub(crate) document: Document,
    pub(crate) predicate: &'a dyn Predicate,
    /// How often the document was seen to show the fault.
    pub(crate) seen: u32,
    /// The features that modules are valid under.
    pub(crate) features: WasmFeatures,
    /// Whether the fault may be in decoding or validation, so that bytes are cut as well.
    pub(crate) bytes: bool,
    pub(crate) out: &'a Path,
    pub(crate) form: Form,
    /// How often a candidate runs before it is believed that it does not show the fault, at least 1.
    pub(crate) flaky: u32,
    /// Candidates that run at once.
    pub(crate) jobs: usize,
    /// When the command was begun.
    pub(crate) begin: Instant,
    /// How long all of it may take.
    pub(crate) time: Option<Duration>,
    /// The file with the answers.
    pub(crate) cache: &'a Path,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Status<'a> {
    pub(crate) level: &'a str,
    /// From 1.
    pub(crate) pass: u32,
    /// Bytes now.
    pub(crate) size: usize,
    /// Bytes at the beginning.
    pub(crate) from: usize,
    pub(crate) counts: Counts,
}

/// What came of a search.
#[derive(Debug)]
pub(crate) struct Reduced {
    /// The smallest document that shows the fault.
    pub(crate) document: Document,
    pub(crate) levels: Vec<LevelReport>,
    pub(crate) counts: Counts,
    /// How long all of it took.
    pub(crate) elapsed: Duration,
    pub(crate) end: End,
    /// Whether modules are printed as text; if not, the text would not show the fault.
    pub(crate) printed: bool,
}

/// Why a search has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// Nothing more could be left out.
    Smallest,
    /// The time is up.
    Time,
    /// A signal has come.
    Interrupted,
}

/// Why nothing is reduced, or the result is not kept. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReduceError {
    /// There is no fault.
    #[error("find a fault: {0}")]
    NoFault(String),
    /// The fault does not come every time.
    #[error(
        "see the fault every time: {shown} of {of} runs show it (--flaky N takes a candidate that shows it once in N runs)"
    )]
    Unstable {
        /// Runs that show it.
        shown: u32,
        /// Runs.
        of: u32,
    },
    /// The search would end with nothing.
    #[error("tell the fault from nothing: {0} shows it, too")]
    Empty(&'static str),
    /// An engine is missing.
    #[error("{0}")]
    Engine(String),
    /// A signal has come before the search.
    #[error("check the fault: interrupted before the search, so that there is no result")]
    Interrupted,
    /// The answers cannot be kept.
    #[error("write {}: {cause}", path.display())]
    Cache {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The output.
    #[error("{0}")]
    Output(#[from] OutputError),
}

/// How long a candidate may take if the input takes so long.
fn patience(took: Duration) -> Duration {
    (took * SLOWER).max(PATIENCE)
}

/// Goes on, unless what has just run was cut short: then it says nothing.
///
/// # Errors
///
/// When a signal has come.
fn uninterrupted() -> Result<(), ReduceError> {
    interruption::came().map_or(Ok(()), |_| Err(ReduceError::Interrupted))
}

/// Checks that the input shows the fault, and that nothing does not, and searches for the smallest document that does.
///
/// # Errors
///
/// When one of the checks fails, or the output cannot be written. What is in the output then shows the fault.
pub(crate) fn reduce(request: Request<'_>, tell: &mut dyn FnMut(Status<'_>)) -> Result<Reduced, ReduceError> {
    let Request { document, predicate, seen, features, bytes, out, form, flaky, jobs, begin, time, cache } =
        request;
    // Another build may answer otherwise.
    let build = std::env::current_exe().and_then(|program| program.metadata()?.modified()).ok();
    let question = format!("{} {:x} {flaky} {build:?}", predicate.question(), features.bits());
    let answers = Cache::open(cache, &question)
        .map_err(|cause| ReduceError::Cache { path: cache.to_owned(), cause })?;
    let deadline = time.and_then(|time| begin.checked_add(time));
    let judge = Judge::new(predicate, answers, &document, features, (flaky, jobs, deadline));
    let checked = check(&judge, &document, seen, bytes);
    let mut output = Output::new(out.to_owned(), form);
    let searched = checked.and_then(|()| {
        output.offer(&document)?;
        let mut search = Search::new(&judge, features, document.clone(), &mut output, tell);
        let ended = search.run(bytes);
        let levels = std::mem::take(&mut search.reports);
        match ended {
            Ok(()) => Ok((End::Smallest, levels)),
            Err(Stop::Over) if judge.is_late() => Ok((End::Time, levels)),
            Err(Stop::Over) => Ok((End::Interrupted, levels)),
            Err(Stop::Output(error)) => Err(error.into()),
        }
    });
    let (end, levels) = match searched {
        Ok(searched) => searched,
        Err(error) => {
            let answers = judge.into_cache();
            // What was found out in a search is kept: the output could not be written, or this one was to go on with it.
            let is_kept = match error {
                ReduceError::Output(_) => true,
                ReduceError::Interrupted => answers.len() > 0,
                _ => false,
            };
            if !is_kept {
                let _ = answers.remove();
            }
            return Err(error);
        }
    };
    output.write()?;
    let best = output.best().cloned().unwrap_or(document);
    let printed = end == End::Interrupted || is_shown_by_text(&judge, &best, form);
    if !printed {
        output.put(&form.unprinted(&best))?;
    }
    let counts = judge.counts();
    if end == End::Smallest {
        let cause = judge.into_cache().remove();
        cause.map_err(|cause| ReduceError::Cache { path: cache.to_owned(), cause })?;
    }
    Ok(Reduced { document: best, levels, counts, elapsed: begin.elapsed(), end, printed })
}

/// The input shows the fault every time, and what is empty does not. It has been seen some times already.
fn check(judge: &Judge<'_>, document: &Document, seen: u32, bytes: bool) -> Result<(), ReduceError> {
    let script = document.script();
    let shown = seen + (seen..BASELINE).filter(|_| judge.ask(document, &script)).count() as u32;
    uninterrupted()?;
    match shown {
        0 => return Err(ReduceError::NoFault("the input does not show it".to_owned())),
        BASELINE => {}
        _ => return Err(ReduceError::Unstable { shown, of: BASELINE }),
    }
    // Where bytes are cut, all of them can be.
    let nothing = document.with_main(Vec::new());
    if bytes && document.main.is_some() && judge.ask(&nothing, &nothing.script()) {
        return Err(ReduceError::Empty("the empty file"));
    }
    let empty = document.emptied();
    match judge.ask(&empty, &empty.script()) {
        false => Ok(()),
        true if document.main.is_some() => Err(ReduceError::Empty("the empty module")),
        true => Err(ReduceError::Empty("the empty script")),
    }
}

/// Whether the output shows the fault as text, if it is text: a module that is printed and read again can have another binary.
fn is_shown_by_text(judge: &Judge<'_>, document: &Document, form: Form) -> bool {
    match form {
        Form::Wasm => true,
        Form::Wat | Form::Wast => {
            let printed = document.printed();
            match Document::of(&printed, document.main.is_some()) {
                Ok(again) => judge.ask(&again, &printed),
                Err(_) => false,
            }
        }
    }
}

#[cfg(test)]
mod tests;
