//! The runner as the audit sees it.

use crate::compare;
use crate::exec::{self, Observation};
use crate::outcome::{DirectiveRecord, FileReport, Outcome};
use crate::run::{self, Runner};
use crate::script::Script;
use crate::terms::Terms;
use std::collections::BTreeMap;
use std::sync::Arc;
use trapline_spec_tests::FilePin;

/// What is audited: the parts of the runner that decide what is green. What is not overridden is the runner's own.
pub(super) trait Harness: Sync {
    /// Runs a script, but for directives whose outcomes are known.
    fn run(
        &self,
        runner: &Runner,
        script: &Script,
        file: &Arc<str>,
        terms: Terms,
        known: &BTreeMap<u32, Outcome>,
    ) -> Vec<DirectiveRecord> {
        if let Some(workers) = &runner.workers {
            return workers.run_parsed(file, script, terms, known);
        }
        let mut reports = Vec::with_capacity(script.directives().len());
        exec::run_script_around(&*runner.engine, script, file, terms, known, None, &mut reports);
        reports
    }

    /// Whether a comparison of engines tells what two of them did at a directive apart.
    fn tells_apart(&self, record: &DirectiveRecord, left: Observation, right: Observation) -> bool {
        compare::tells_apart(record, left, right)
    }

    /// Whether the outcomes of a script that was read as `parsed` directives account for all of it.
    fn accounts_for(&self, parsed: usize, pin: Option<&FilePin>, report: &FileReport) -> bool {
        run::accounting(Some(parsed), pin, report).is_empty()
    }
}

/// The runner itself.
pub(super) struct Production;

impl Harness for Production {}
