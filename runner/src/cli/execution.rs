//! What all commands that run scripts have in common: which part of them, how, and what is told of it.

use super::configuration::{ExpectationArguments, of_suites};
use super::exit::{Exit, Failure, OrExit};
use super::headings::{LIMITS, SCRIPTS};
use super::only::Only;
use super::output;
use crate::configuration::Configuration;
use crate::discover::{Input, Partition, Selected};
use crate::engine::EngineSpec;
use crate::outcome::{Event, Problem};
use crate::report::{Reports, Totals};
use crate::run::{self, Options, Runner};
use crate::terms::ReadingChoice;
use crate::trail::RunInfo;
use crate::worker::{Limits, Workers};
use anyhow::anyhow;
use clap::{Args, ValueEnum};
use std::num::NonZeroU64;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;
use trapline_compiler::WasmFeatures;
use trapline_spec_tests::Manifest;

/// How the selected scripts are run.
#[derive(Args, Clone, Debug)]
pub(super) struct ExecutionArguments {
    /// Run only one part of N of the selected scripts, the I-th: in turn, or as their names' hashes say.
    #[arg(long, value_name = "count:I/N|hash:I/N", help_heading = SCRIPTS)]
    partition: Option<Partition>,
    /// Print the names of the selected scripts and run nothing.
    #[arg(long, help_heading = SCRIPTS)]
    pub(super) list: bool,
    /// How many scripts to run at once; by default as many as there are processors.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = LIMITS)]
    jobs: Option<u16>,
    /// Begin no more scripts once something is red. What was not run is counted.
    #[arg(long, help_heading = LIMITS)]
    fail_fast: bool,
    /// Begin no more scripts once N directives are red.
    #[arg(long, value_name = "N", conflicts_with = "fail_fast", help_heading = LIMITS)]
    max_fail: Option<NonZeroU64>,
    /// Report only the directives that begin on a line of a script. What comes before them runs too.
    #[arg(long, value_name = "FILE:LINE", help_heading = SCRIPTS)]
    pub(super) only: Option<Only>,
    #[command(flatten)]
    limits: LimitArguments,
    #[command(flatten)]
    pub(super) expectations: ExpectationArguments,
    /// Which revision of the official suite is meant: the one that the manifest pins, so that it is an error if a file of
    /// it is missing, cannot be parsed or has fewer directives; or any. Files that differ are named either way.
    #[arg(long, value_enum, value_name = "REVISION", default_value = "pinned", help_heading = SCRIPTS)]
    suite_revision: SuiteRevision,
    /// Run scripts in this process and not in workers, for debuggers. A crash or a hang then ends the run.
    #[arg(long, help_heading = LIMITS)]
    no_isolate: bool,
}

/// What directives and workers may take.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = LIMITS)]
pub(super) struct LimitArguments {
    /// How many seconds one directive may run, whatever trapline.toml says of it. By default 30.
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: Option<u64>,
    /// How many MiB of memory one worker may have in use.
    #[arg(long, value_name = "MIB", default_value = "4096", value_parser = clap::value_parser!(u64).range(1..))]
    max_memory: u64,
}

impl LimitArguments {
    pub(super) fn limits(self) -> Limits {
        let timeout = self.timeout.map_or(Limits::default().timeout, Duration::from_secs);
        Limits { timeout, max_memory_bytes: self.max_memory << 20 }
    }

    /// What files say of scripts, without limits on time if the user has given one.
    pub(super) fn over(self, configuration: Configuration) -> Configuration {
        match self.timeout {
            None => configuration,
            Some(_) => configuration.without_timeouts(),
        }
    }

    /// The limit on time that the user has given, as a command line has it, after a space.
    pub(super) fn command(self) -> String {
        self.timeout.map(|seconds| format!(" --timeout {seconds}")).unwrap_or_default()
    }
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum SuiteRevision {
    Pinned,
    Any,
}

/// What is said of all scripts of a run.
pub(super) struct Choices {
    /// Features that the user switches on or off.
    pub(super) overrides: Vec<(WasmFeatures, bool)>,
    /// How scripts are read.
    pub(super) reading: ReadingChoice,
    /// What files say.
    pub(super) configuration: Arc<Configuration>,
}

impl ExecutionArguments {
    /// The scripts of the part that is wanted, which may be empty.
    pub(super) fn inputs(&self, selected: &Selected) -> Result<Vec<Input>, Failure> {
        let mut inputs = match &self.partition {
            Some(partition) => partition.of(&selected.inputs),
            None => selected.inputs.clone(),
        };
        if let (Some(only), false) = (&self.only, inputs.is_empty()) {
            only.select(&mut inputs)?;
        }
        Ok(inputs)
    }

    /// # Errors
    ///
    /// When the part that is wanted has no script. Its reports are written all the same, so that they can be merged with those
    /// of the other parts.
    pub(super) fn check_part(&self, selected: &Selected, inputs: &[Input]) -> Result<(), Failure> {
        let (Some(partition), true) = (&self.partition, inputs.is_empty()) else { return Ok(()) };
        let count = selected.inputs.len();
        Err(anyhow!(
            "failed to find scripts: none of the {count} that are selected is in --partition {partition}"
        ))
        .or_exit(Exit::NothingSelected)
    }

    /// What files say of scripts. If expectations are about to be rewritten, their files need not be there yet.
    pub(super) fn configuration(
        &self,
        inputs: &[Input],
        may_be_new: bool,
    ) -> Result<Arc<Configuration>, Failure> {
        let configuration = self.expectations.load(inputs, may_be_new)?;
        Ok(Arc::new(self.limits.over(configuration)))
    }

    /// The choices here on which outcomes depend, as a command line has them, each after a space.
    pub(super) fn command(&self) -> String {
        self.limits.command() + &self.expectations.command()
    }

    /// A runner with an engine. `command` is what reports have for running a script again, but for the script.
    pub(super) fn runner(
        &self,
        spec: EngineSpec,
        choices: Choices,
        command: String,
    ) -> Result<Runner, Failure> {
        let Choices { overrides, reading, configuration } = choices;
        // Where workers run everything, nothing here is to be told to a profiler.
        let own = EngineSpec { profiler: spec.profiler.filter(|_| self.no_isolate), ..spec.clone() };
        let workers = match self.no_isolate {
            true => None,
            false => Some(
                Workers::new(spec, self.limits.limits())
                    .map_err(|error| anyhow!("failed to {error}"))
                    .or_exit(Exit::Internal)?,
            ),
        };
        let engine = own
            .build_with(workers.as_ref().and_then(Workers::scratch), None)
            .map_err(|error| anyhow!("failed to set up the engine: {error}"))
            .or_exit(Exit::Internal)?;
        Ok(Runner {
            engine,
            workers,
            manifest: self.manifest()?,
            expectations: of_suites()?,
            configuration,
            reading,
            overrides,
            command,
        })
    }

    fn manifest(&self) -> Result<Manifest, Failure> {
        let mut manifest = Manifest::bundled()
            .map_err(|error| anyhow!("failed to read the manifest: {error}"))
            .or_exit(Exit::Internal)?;
        if self.suite_revision == SuiteRevision::Any {
            manifest.take_any_revision();
        }
        Ok(manifest)
    }

    pub(super) fn options(&self, runners: &[Runner], unavailable: Vec<Problem>, inputs: &[Input]) -> Options {
        let partition = self.partition.as_ref().map(Partition::to_string);
        Options {
            jobs: self.jobs.map_or_else(run::default_jobs, usize::from),
            max_fail: self.max_fail.or(self.fail_fast.then_some(NonZeroU64::MIN)),
            unavailable,
            description: Arc::new(RunInfo::now(runners, inputs, partition)),
        }
    }
}

/// The names of scripts, a line each.
pub(super) fn names(inputs: &[Input]) -> String {
    inputs.iter().map(|input| format!("{}\n", input.name)).collect()
}

/// Passes what happens on to the reports and adds it up.
pub(super) struct Watch<'a> {
    only: Option<&'a Only>,
    reports: Reports,
    totals: Totals,
    /// Whether every engine can run.
    available: bool,
    complete: bool,
    found: bool,
}

impl<'a> Watch<'a> {
    /// `unavailable` are the engines that cannot run.
    pub(super) fn new(only: Option<&'a Only>, reports: Reports, unavailable: &[Problem]) -> Watch<'a> {
        let available = unavailable.is_empty();
        Watch { only, reports, totals: Totals::default(), available, complete: true, found: false }
    }

    /// Takes the next event of the run; breaks when no report takes more.
    pub(super) fn event(&mut self, mut event: Event) -> ControlFlow<()> {
        if let (Some(only), Event::FileFinished(report)) = (self.only, &mut event) {
            only.cut(report);
            self.found |= !report.directives.is_empty() || report.script_error.is_some();
        }
        // Most directives of the script are left out of the report.
        if self.only.is_some() && matches!(event, Event::DirectiveFinished { .. }) {
            return ControlFlow::Continue(());
        }
        self.totals.event(&event);
        let flow = self.reports.event(&event);
        self.complete = flow.is_continue();
        flow
    }

    /// Ends the reports. What the program says in the end; `None` if the reader of a report went away before
    /// the end.
    pub(super) fn finish(self) -> Result<Option<Exit>, Failure> {
        output::failure(&self.reports.finish())?;
        if !self.complete {
            return Ok(None);
        }
        if !self.available {
            return Ok(Some(Exit::Internal));
        }
        if let (Some(only), false) = (self.only, self.found) {
            return Err(only.nothing());
        }
        Ok(Some(if self.totals.is_green() { Exit::Success } else { Exit::Unexpected }))
    }
}
