//! Runs a script with assertions that say nothing, to find out how its directives end.

use super::error::RegressError;
use super::expectation::Ended;
use super::header;
use crate::discover::{Input, Source};
use crate::exec::Observe;
use crate::module_script::quoted;
use crate::outcome::{DirectiveRecord, FileReport};
use crate::run::Runner;
use crate::script::{Directive, DirectiveKind, Script};
use crate::trail::{State, StateView};

/// How the directives of a script ended on an engine, with the globals that are read after them.
pub(super) struct Probed {
    /// What became of each directive, and then of the read of each global.
    pub(super) records: Vec<DirectiveRecord>,
    /// What instances export after the directives that [`run`] was asked for.
    pub(super) states: Vec<Option<State>>,
}

impl Probed {
    /// How a directive ended.
    pub(super) fn ended(&self, index: usize) -> Ended {
        self.records.get(index).map_or(Ended::Blocked, Ended::of)
    }
}

/// A text with each directive replaced by what `written` gives for it, or left out if that is empty. What is between directives
/// stays, but for blank lines beyond the first.
pub(super) fn rewritten(
    text: &str,
    script: &Script,
    mut written: impl FnMut(usize, &Directive, &str) -> String,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (index, directive) in script.directives().iter().enumerate() {
        let (start, end) = (directive.span.start as usize, directive.span.end as usize);
        let between = &text[at..start];
        let written = written(index, directive, &text[start..end]);
        at = end;
        match (between.trim(), between.matches('\n').count()) {
            ("", _) if written.is_empty() => {}
            ("", 0 | 1) if index > 0 => out.push('\n'),
            ("", _) if index > 0 => out.push_str("\n\n"),
            // Stand-ins for imports are on one line with what follows.
            (comment, _) if between.starts_with(' ') && index > 0 => {
                out.push('\n');
                out.push_str(comment);
                out.push('\n');
            }
            _ => out.push_str(between),
        }
        out.push_str(&written);
    }
    out.push_str(&text[at..]);
    out
}

/// A script with a text, to be run. It has no file.
pub(super) fn input(text: &str) -> Input {
    Input { name: "regression".into(), source: Source::Stdin(text.as_bytes().into()) }
}

/// Runs a script whose calls, and then the reads of exported globals, are asserted to trap with any text: so the record of each
/// says how it ended and what it returned, and the next one runs all the same. `features` are the lines that switch features;
/// what instances export is kept after the directives of these ordinals.
///
/// # Errors
///
/// When the script as a whole cannot be run.
pub(super) fn run(
    runner: &Runner,
    features: &str,
    text: &str,
    script: &Script,
    globals: &[&str],
    states_after: &[usize],
) -> Result<Probed, RegressError> {
    let mut probing = rewritten(text, script, |_, directive, source| match directive.kind {
        DirectiveKind::Invoke(_) => format!("(assert_trap {source} \"\")"),
        _ => source.to_owned(),
    });
    for global in globals {
        probing.push_str(&format!("\n(assert_trap (get {}) \"\")", quoted(global)));
    }
    let input = input(&header::probing(features, &probing));
    let mut probed = Probed { records: Vec::new(), states: Vec::new() };
    let mut observes: Vec<Option<Observe>> = Vec::new();
    for &after in states_after {
        let state_after = u32::try_from(after).ok();
        observes.push(Some(Observe { view: StateView::Exported, state_after, compiles_twice: false }));
    }
    if observes.is_empty() {
        observes.push(None);
    }
    for observe in observes {
        let result = runner.run_file_observed(&input, observe);
        let FileReport { directives, script_error, .. } = result.report;
        if let Some(fault) = script_error {
            return Err(RegressError::Unparsed(fault.message));
        }
        probed.records = directives;
        probed.states.push(result.observed.state);
    }
    Ok(probed)
}
