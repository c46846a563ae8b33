//! Calls that do not end, or take long. Real modules have some, and each would take all of its time on every engine, for every
//! set of arguments, and in every repetition.

use super::{Bench, Haste, is_timeout};
use crate::discover::{Input, Source};
use crate::outcome::{DirectiveRecord, FileReport, OutcomeKind};
use crate::report::counted;
use crate::run::Runner;
use crate::script::{Directive, DirectiveKind, Script};
use std::ops::Range;
use std::time::Duration;

/// What takes longer than this on the first engine is called with one set of arguments only.
const LONG: Duration = Duration::from_secs(1);

/// Where something does not end, how many times as long as the slowest directive that ends on the first engine one may take on the
/// others.
const SLOWER: u32 = 20;

/// A script without some calls.
pub(super) struct Shortened {
    pub(super) input: Input,
    /// Whether something takes long on the first engine.
    pub(super) is_slow: bool,
    /// What is left out, a line each.
    pub(super) notes: Vec<String>,
}

/// Leaves out of a module's script calls of what takes long, all but the first of each function. Scripts of others stay as they
/// are: each directive may be needed.
pub(super) fn shorten(bench: &Bench<'_>, input: &Input) -> Shortened {
    let mut shortened = Shortened { input: input.clone(), is_slow: false, notes: Vec::new() };
    let Source::Module { script, .. } = &input.source else { return shortened };
    let Some(quick) = bench.within(bench.first(), Some(Haste { timeout: LONG, stops: true })) else {
        return shortened;
    };
    let text = String::from_utf8_lossy(script).into_owned();
    let Ok(script) = Script::parse(text) else { return shortened };
    let calls: Vec<(&str, Range<usize>)> = script.directives().iter().filter_map(called).collect();
    let mut left = input.clone();
    let mut later: Vec<Range<usize>> = Vec::new();
    loop {
        let report = quick.run_file(&left).report;
        let Some((name, kind, span)) = first_to_stop(&report, &left) else { break };
        // What takes its process with it says nothing about time.
        if kind == OutcomeKind::Crash {
            left = without(&left, &[span]);
            continue;
        }
        let mut all: Vec<Range<usize>> =
            calls.iter().filter(|(called, _)| *called == name).map(|(_, span)| span.clone()).collect();
        left = without(&left, &all);
        shortened.is_slow = true;
        let others = all.split_off(all.len().min(1));
        if !others.is_empty() {
            let more = counted(others.len() as u64, "more call");
            shortened
                .notes
                .push(format!("{more} of `{name}`: the first takes longer than {} s", LONG.as_secs()));
        }
        later.extend(others);
    }
    shortened.input = without(input, &later);
    shortened
}

/// How engines may run a script in which something does not end on the first engine in all of its time, which has this report.
pub(super) fn haste(first: &FileReport) -> Option<Haste> {
    let ends = |record: &&DirectiveRecord| !is_timeout(record);
    let slowest =
        first.directives.iter().filter(ends).map(DirectiveRecord::elapsed).max().unwrap_or_default();
    let haste = Haste { timeout: (slowest * SLOWER).max(LONG), stops: false };
    first.directives.iter().any(is_timeout).then_some(haste)
}

/// The name of the function that a directive calls, and its place.
fn called(directive: &Directive) -> Option<(&str, Range<usize>)> {
    match &directive.kind {
        DirectiveKind::Invoke(invoke) => {
            Some((&*invoke.name, directive.span.start as usize..directive.span.end as usize))
        }
        _ => None,
    }
}

/// The first call that takes too long or crashes: the name of the function, which of the two it is, and its place.
fn first_to_stop(report: &FileReport, input: &Input) -> Option<(String, OutcomeKind, Range<usize>)> {
    let Source::Module { script, .. } = &input.source else { return None };
    let script = Script::parse(String::from_utf8_lossy(script).into_owned()).ok()?;
    let stops = |kind| matches!(kind, OutcomeKind::Timeout | OutcomeKind::Crash);
    let at = report.directives.iter().position(|record| stops(record.outcome.kind()))?;
    let kind = report.directives.get(at)?.outcome.kind();
    let (name, span) = script.directives().get(at).and_then(called)?;
    Some((name.to_owned(), kind, span))
}

/// The same script with spaces in place of some directives, so that all others stay where they are.
fn without(input: &Input, spans: &[Range<usize>]) -> Input {
    let mut input = input.clone();
    if let Source::Module { script, .. } = &mut input.source {
        let mut text = script.to_vec();
        for span in spans {
            if let Some(bytes) = text.get_mut(span.clone()) {
                // Calls are written on one line.
                bytes.fill(b' ');
            }
        }
        *script = text.into();
    }
    input
}

impl Bench<'_> {
    /// An engine once more, perhaps in haste. Why there is none is logged.
    pub(super) fn within(&self, runner: &Runner, haste: Option<Haste>) -> Option<Runner> {
        let variant = self.variant(runner.engine.name())?;
        (self.make)(variant.spec(), haste).inspect_err(|why| tracing::warn!("failed to {why}")).ok()
    }
}
