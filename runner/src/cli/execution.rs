//! What all commands that run scripts have in common: which part of them, how, and what is told of it.

use super::again::Again;
use super::configuration::{ExpectationArguments, of_suites};
use super::exit::{Exit, Failure, OrExit};
use super::headings::{LIMITS, REPORTS, SCRIPTS};
use super::module::ModuleArguments;
use super::only::Only;
use super::options::differing_numbers;
use super::runner::{Choices, runner, runners};
use super::selection::SelectionArguments;
use super::{command_line, interrupt, options_given, output};
use crate::configuration::Configuration;
use crate::discover::{Input, Partition, Selected};
use crate::engine::EngineSpec;
use crate::interruption::Awaited;
use crate::outcome::{Event, Problem};
use crate::report::{Reports, Totals};
use crate::run::{self, Options, Part, Runner};
use crate::trail::RunInfo;
use crate::worker::Limits;
use anyhow::anyhow;
use clap::{Args, ValueEnum};
use std::num::NonZeroU64;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

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
    #[arg(long, value_name = "N", conflicts_with = "fail_fast", value_parser = clap::value_parser!(u64).range(1..), help_heading = LIMITS)]
    max_fail: Option<u64>,
    /// Report only the directives that begin on a line of a script. What comes before them runs too.
    #[arg(long, value_name = "FILE:LINE", help_heading = SCRIPTS)]
    only: Option<Only>,
    /// Report only what is red in the JSON report of an earlier run, on any engine. What comes before it runs too. Directives
    /// are known by their text; without PATH, --suite and --spec, scripts are chosen as that run chose them.
    #[arg(long, value_name = "REPORT.jsonl", conflicts_with = "only", help_heading = SCRIPTS)]
    pub(super) rerun_failed: Option<PathBuf>,
    #[command(flatten)]
    modules: ModuleArguments,
    #[command(flatten)]
    limits: LimitArguments,
    /// Report what modules print by the functions of `spectest`, at each directive. What a directive has printed that takes its
    /// process with it is lost.
    #[arg(long, help_heading = REPORTS)]
    show_output: bool,
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

/// MiB that one worker may have in use, unless the user says otherwise.
const DEFAULT_MAX_MEMORY: u64 = 4096;

/// What directives and workers may take.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = LIMITS)]
pub(super) struct LimitArguments {
    /// How many seconds one directive may run, whatever trapline.toml says of it, and ten more for each MiB of its text, which a
    /// large module takes to be compiled. By default 30, of `triage` and `reduce` 10.
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: Option<u64>,
    /// How many MiB of memory one worker may have in use.
    #[arg(long, value_name = "MIB", default_value_t = DEFAULT_MAX_MEMORY, value_parser = clap::value_parser!(u64).range(1..))]
    max_memory: u64,
}

impl LimitArguments {
    pub(super) fn limits(self) -> Limits {
        self.limits_or(Limits::default().timeout)
    }

    /// The same, with this limit on time unless the user has given one.
    pub(super) fn or(self, timeout: Duration) -> LimitArguments {
        LimitArguments { timeout: self.timeout.or(Some(timeout.as_secs())), ..self }
    }

    /// The limits, with this one on time unless the user has given one.
    pub(super) fn limits_or(self, timeout: Duration) -> Limits {
        let timeout = self.timeout.map_or(timeout, Duration::from_secs);
        Limits { timeout, max_memory_bytes: self.max_memory << 20 }
    }

    /// The limit on the time of one directive, if the user has given one.
    #[cfg(feature = "faults")]
    pub(super) fn timeout(self) -> Option<Duration> {
        self.timeout.map(Duration::from_secs)
    }

    /// What files say of scripts, without limits on time if the user has given one.
    pub(super) fn over(self, configuration: Configuration) -> Configuration {
        match self.timeout {
            None => configuration,
            Some(_) => configuration.without_timeouts(),
        }
    }

    /// The limits that the user has given, as a command line has them, each option after a space.
    pub(super) fn command(self) -> String {
        let timeout = self.timeout.map(|seconds| format!(" --timeout {seconds}")).unwrap_or_default();
        timeout + &differing_numbers([("--max-memory", self.max_memory, DEFAULT_MAX_MEMORY)])
    }
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum SuiteRevision {
    Pinned,
    Any,
}

/// The scripts of a run.
pub(super) struct Chosen {
    /// Those that the user has selected.
    pub(super) selected: Selected,
    /// The arguments that select them.
    words: Vec<String>,
    /// Those that are to be run, which may be none.
    pub(super) inputs: Vec<Input>,
    /// What is to be reported of them, if not all.
    part: Option<Part>,
}

impl ExecutionArguments {
    /// Finds the scripts, and chooses the part of them that is wanted. `None` if nothing is to be run again, which has been
    /// said then. Of modules, functions are called `calls` times unless the user says otherwise.
    pub(super) fn choose(
        &self,
        selection: &SelectionArguments,
        calls: u32,
    ) -> Result<Option<Chosen>, Failure> {
        let mut again = match &self.rerun_failed {
            Some(report) => match Again::read(report)? {
                Some(again) => Some(again),
                None => return Ok(None),
            },
            None => None,
        };
        let filtered = selection.filters() || self.partition.is_some();
        let wanted = selection;
        let selection = match (&again, &self.only) {
            (Some(again), _) => &again.selection(selection)?,
            (None, Some(only)) => &selection.or_only(only.file()),
            (None, None) => selection,
        };
        let mut selected = selection.select()?;
        if let Some(again) = &again {
            again.check_suite(wanted, &selected.inputs)?;
        }
        self.modules.make_scripts(&mut selected.inputs, calls)?;
        let mut inputs = match &self.partition {
            Some(partition) => partition.of(&selected.inputs),
            None => selected.inputs.clone(),
        };
        if let (Some(only), false) = (&self.only, inputs.is_empty()) {
            only.select(&mut inputs)?;
        }
        if let Some(again) = &mut again {
            again.retain(&mut inputs, filtered)?;
        }
        let part = self.only.as_ref().map(Only::part).or(again.map(Again::part));
        Ok(Some(Chosen { selected, words: selection.words(), inputs, part }))
    }

    /// # Errors
    ///
    /// When the part that is wanted has no script. Its reports are written all the same, so that they can be merged with those
    /// of the other parts.
    pub(super) fn check_part(&self, chosen: &Chosen) -> Result<(), Failure> {
        let (Some(partition), true) = (&self.partition, chosen.inputs.is_empty()) else { return Ok(()) };
        let count = chosen.selected.inputs.len();
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

    /// A runner with an engine. `command` is what reports have for running a script again, but for the script.
    pub(super) fn runner(
        &self,
        spec: EngineSpec,
        choices: Choices,
        command: String,
    ) -> Result<Runner, Failure> {
        let choices = Choices { reading: self.modules.reading(choices.reading), ..choices };
        self.finished(runner(spec, self.limits_of_workers(), choices, command)?)
    }

    /// Runners like [`ExecutionArguments::runner`] for engines with their commands, which may share workers.
    pub(super) fn runners(
        &self,
        engines: Vec<(EngineSpec, String)>,
        choices: Choices,
    ) -> Result<Vec<Runner>, Failure> {
        let choices = Choices { reading: self.modules.reading(choices.reading), ..choices };
        let runners = runners(engines, self.limits_of_workers(), &choices)?;
        runners.into_iter().map(|runner| self.finished(runner)).collect()
    }

    fn limits_of_workers(&self) -> Option<LimitArguments> {
        (!self.no_isolate).then_some(self.limits)
    }

    fn finished(&self, mut runner: Runner) -> Result<Runner, Failure> {
        if self.suite_revision == SuiteRevision::Any {
            runner.manifest.take_any_revision();
        }
        Ok(Runner { expectations: of_suites()?, shows_output: self.show_output, ..runner })
    }

    /// How the chosen scripts are run. `compares` is whether engines are compared.
    pub(super) fn options(
        &self,
        runners: &[Runner],
        unavailable: Vec<Problem>,
        chosen: &Chosen,
        compares: bool,
    ) -> Options {
        let partition = self.partition.as_ref().map(Partition::to_string);
        let run = RunInfo::now(runners, &chosen.inputs, command_line(), chosen.words.clone(), partition);
        Options {
            jobs: self.jobs.map_or_else(run::default_jobs, usize::from),
            max_fail: self.max_fail.or(self.fail_fast.then_some(1)).and_then(NonZeroU64::new),
            part: chosen.part.clone(),
            unavailable,
            description: Arc::new(RunInfo { compares, options: Some(options_given()), ..run }),
        }
    }

    /// What a command has of this that runs a script again in the same way, each option after a space.
    pub(super) fn command(&self) -> String {
        let mut command = self.limits.command() + &self.expectations.command() + &self.modules.command();
        if self.suite_revision == SuiteRevision::Any {
            command.push_str(" --suite-revision any");
        }
        if self.no_isolate {
            command.push_str(" --no-isolate");
        }
        command
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
    /// There if the run ends by itself when a signal comes.
    awaited: Option<Awaited>,
}

impl<'a> Watch<'a> {
    /// `unavailable` are the engines that cannot run.
    pub(super) fn new(
        execution: &'a ExecutionArguments,
        reports: Reports,
        unavailable: &[Problem],
    ) -> Watch<'a> {
        Watch {
            only: execution.only.as_ref(),
            reports,
            totals: Totals::default(),
            available: unavailable.is_empty(),
            complete: true,
            found: false,
            // Nothing ends a script that runs in this process.
            awaited: (!execution.no_isolate).then(Awaited::begin),
        }
    }

    /// Takes the next event of the run; breaks when no report takes more.
    pub(super) fn event(&mut self, event: Event) -> ControlFlow<()> {
        if let Event::FileFinished(report) = &event {
            self.found |= !report.directives.is_empty() || report.script_error.is_some();
        }
        self.totals.event(&event);
        let flow = self.reports.event(&event);
        self.complete = flow.is_continue();
        flow
    }

    /// Ends the reports. What the program says in the end; `None` if the reader of a report went away before
    /// the end.
    pub(super) fn finish(self) -> Result<Option<Exit>, Failure> {
        let finished = self.reports.finish();
        if let Some(signal) = self.awaited.and_then(Awaited::close) {
            interrupt::end(signal);
        }
        output::failure(&finished)?;
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
