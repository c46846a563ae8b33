//! `trapline wast`: runs scripts and reports what became of each directive.

use super::exit::{Exit, Failure, OrExit};
use super::only::Only;
use super::options::{FeatureArguments, ProfileArguments};
use super::output::{self, OutputArguments};
use super::print;
use super::selection::SelectionArguments;
use crate::discover::{Input, Partition, Selected};
use crate::engine::{EngineKind, EngineSpec, EngineTimings};
use crate::expectations::{Expectations, Shown, bless, changes};
use crate::outcome::Event;
use crate::report::Totals;
use crate::run::{self, Options, Runner};
use crate::worker::{Limits, Workers};
use anyhow::anyhow;
use clap::ValueEnum;
use std::time::Duration;
use trapline_spec_tests::{Manifest, workspace_root};

/// Runs scripts. Without a path: the official suite and the regressions of the workspace. The suite is the folder that
/// TRAPLINE_SPEC_TESTS names, else spec-tests/testsuite/ if it is there, else the embedded `latest` edition with the
/// proposals that are part of WebAssembly 3.0 or still live.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: SelectionArguments,
    /// How modules are run.
    #[arg(long, value_enum, default_value = "aot", value_name = "ENGINE")]
    engine: EngineChoice,
    #[command(flatten)]
    profile: ProfileArguments,
    #[command(flatten)]
    features: FeatureArguments,
    /// Run only one part of N of the selected scripts, the I-th: in turn, or as their names' hashes say.
    #[arg(long, value_name = "count:I/N|hash:I/N")]
    partition: Option<Partition>,
    /// Print the names of the selected scripts and run nothing.
    #[arg(long)]
    list: bool,
    /// How many scripts to run at once; by default as many as there are processors.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Run nothing more once something is red.
    #[arg(long)]
    fail_fast: bool,
    /// Rewrite spec-tests/expectations.toml so that it says what this run has shown, and print what changed. Reasons are
    /// kept; new entries are marked as not explained.
    #[arg(long, conflicts_with_all = ["only", "fail_fast"])]
    bless: bool,
    /// Report only the directives that begin on a line of a script. What comes before them runs too.
    #[arg(long, value_name = "FILE:LINE")]
    only: Option<Only>,
    /// How many seconds one directive may run.
    #[arg(long, value_name = "S", default_value = "30", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// How many MiB of memory one worker may have in use.
    #[arg(long, value_name = "MIB", default_value = "4096", value_parser = clap::value_parser!(u64).range(1..))]
    max_memory: u64,
    /// Run scripts in this process and not in workers, for debuggers. A crash or a hang then ends the run.
    #[arg(long)]
    no_isolate: bool,
    #[command(flatten)]
    output: OutputArguments,
    /// Say where the time went: the slowest scripts, and the stages of compilation.
    #[arg(long)]
    timing: bool,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum EngineChoice {
    /// Compiled ahead of time into an object, which is loaded into the process.
    Aot,
    /// The same code, placed in memory by a just-in-time compiler.
    Jit,
    /// The same object, linked by the system's linker and opened by its dynamic linker. Needs `cc`.
    Linked,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let selected = arguments.selection.select()?;
    let mut inputs = match arguments.partition {
        Some(partition) => part(&partition, &selected)?,
        None => selected.inputs.clone(),
    };
    if let Some(only) = &arguments.only {
        only.select(&mut inputs)?;
    }
    if arguments.list {
        let names: String = inputs.iter().map(|input| format!("{}\n", input.name)).collect();
        print(&names)?;
        return Ok(Exit::Success);
    }
    let spec = spec(&arguments);
    let engine = spec
        .build()
        .map_err(|error| anyhow!("failed to set up the engine: {error}"))
        .or_exit(Exit::Internal)?;
    let overrides = arguments.features.overrides();
    let workers = match arguments.no_isolate {
        true => None,
        false => Some(
            Workers::new(spec, &overrides, arguments.limits())
                .map_err(|error| anyhow!("failed to {error}"))
                .or_exit(Exit::Internal)?,
        ),
    };
    let runner = Runner {
        engine,
        workers,
        manifest: Manifest::bundled()
            .map_err(|error| anyhow!("failed to read the manifest: {error}"))
            .or_exit(Exit::Internal)?,
        expectations: Expectations::bundled()
            .map_err(|error| anyhow!("failed to read the expectations: {error}"))
            .or_exit(Exit::Internal)?,
        overrides,
        command: command(&arguments),
    };
    let mut reports = arguments.output.open(arguments.timing)?;
    let mut totals = Totals::default();
    let mut complete = true;
    let mut found = false;
    let mut shown = Vec::new();
    let options = Options {
        jobs: arguments.jobs.map_or_else(run::default_jobs, usize::from),
        fail_fast: arguments.fail_fast,
    };
    run::run(&runner, &inputs, &selected, options, &mut |mut event: Event| {
        if let (Some(only), Event::FileFinished(report)) = (&arguments.only, &mut event) {
            only.cut(report);
            found |= !report.directives.is_empty() || report.script_error.is_some();
        }
        if let (true, Event::FileFinished(report)) = (arguments.bless, &event) {
            let input = inputs.iter().find(|input| input.name == report.file);
            let suite = input.and_then(Input::suite);
            shown.extend(suite.map(|suite| Shown { suite, report: report.clone() }));
        }
        totals.event(&event);
        let flow = reports.event(&event);
        complete = flow.is_continue();
        flow
    })
    .or_exit(Exit::Internal)?;
    output::failure(&reports.finish())?;
    // Whoever closed the pipe has read enough, and has not been told that all is well.
    if !complete {
        return Ok(Exit::Unexpected);
    }
    if arguments.bless {
        rewrite_expectations(&shown)?;
    }
    if let (Some(only), false) = (&arguments.only, found) {
        return Err(only.nothing());
    }
    if arguments.timing {
        let workers = runner.workers.as_ref().map(Workers::timings);
        tell_timings(workers.unwrap_or_else(|| runner.engine.timings()));
    }
    Ok(if totals.is_green() { Exit::Success } else { Exit::Unexpected })
}

fn rewrite_expectations(shown: &[Shown]) -> Result<(), Failure> {
    let here = std::env::current_dir().unwrap_or_default();
    let root = workspace_root(&here)
        .ok_or_else(|| anyhow!("failed to find spec-tests/expectations.toml from here upwards"))
        .or_exit(Exit::Usage)?;
    let path = root.join("spec-tests").join("expectations.toml");
    let old = std::fs::read_to_string(&path)
        .map_err(|error| anyhow!("failed to read {}: {error}", path.display()))
        .or_exit(Exit::Usage)?;
    let new = bless(&old, shown)
        .map_err(|error| anyhow!("failed to rewrite the expectations: {error}"))
        .or_exit(Exit::Usage)?;
    if new == old {
        return print("expectations.toml says so already\n");
    }
    std::fs::write(&path, &new)
        .map_err(|error| anyhow!("failed to write {}: {error}", path.display()))
        .or_exit(Exit::Unexpected)?;
    print(&format!("{}:\n{}", path.display(), changes(&old, &new)))
}

/// The scripts of one part. There is at least one.
fn part(partition: &Partition, selected: &Selected) -> Result<Vec<Input>, Failure> {
    let inputs = partition.of(&selected.inputs);
    if inputs.is_empty() {
        let count = selected.inputs.len();
        return Err(anyhow!(
            "failed to find scripts: none of the {count} that are selected is in --partition {partition}"
        ))
        .or_exit(Exit::NothingSelected);
    }
    Ok(inputs)
}

fn spec(arguments: &Arguments) -> EngineSpec {
    let (mut name, kind) = match arguments.engine {
        EngineChoice::Aot => ("aot".to_owned(), EngineKind::Aot),
        EngineChoice::Jit => ("jit".to_owned(), EngineKind::Jit),
        EngineChoice::Linked => ("linked".to_owned(), EngineKind::Linked),
    };
    for (_, choice) in arguments.profile.differing() {
        name.push('-');
        name.push_str(&choice);
    }
    EngineSpec { name, kind, profile: arguments.profile.profile() }
}

impl Arguments {
    fn limits(&self) -> Limits {
        Limits { timeout: Duration::from_secs(self.timeout), max_memory_bytes: self.max_memory << 20 }
    }
}

/// The command that runs a script the same way, but for the script.
fn command(arguments: &Arguments) -> String {
    let mut command = "trapline wast".to_owned();
    if arguments.engine != EngineChoice::Aot {
        command.push_str(&format!(" --engine {}", spec(arguments).kind.name()));
    }
    for (flag, choice) in arguments.profile.differing() {
        command.push_str(&format!(" {flag} {choice}"));
    }
    if let Some(features) = arguments.features.written() {
        command.push_str(&format!(" -W {features}"));
    }
    command
}

fn tell_timings(timings: EngineTimings) {
    let (translate, compile, emit, map) = (timings.translate, timings.compile, timings.emit, timings.map);
    eprintln!(
        "{} modules, over all threads: translate {translate:.1?}, compile {compile:.1?}, emit {emit:.1?}, map {map:.1?}",
        timings.modules
    );
}
