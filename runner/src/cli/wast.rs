//! `trapline wast`: runs scripts and reports what became of each directive.

use super::exit::{Exit, Failure, OrExit};
use super::options::{FeatureArguments, ProfileArguments};
use super::{colored, print};
use crate::discover::{DiscoverError, Filter, Request, Selected, discover};
use crate::engine::{EngineKind, EngineSpec, EngineTimings};
use crate::expectations::Expectations;
use crate::outcome::Event;
use crate::report::{Json, Pretty, PrettyOptions, Reporter, Style, Terse, Totals};
use crate::run::{self, Options, Runner};
use crate::worker::{Limits, Workers};
use anyhow::anyhow;
use clap::ValueEnum;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;
use trapline_spec_tests::{Edition, Manifest, Selection, SuiteError};

/// Runs scripts. Without a path: the official suite and the regressions of the workspace. The suite is the folder that
/// TRAPLINE_SPEC_TESTS names, else spec-tests/testsuite/ if it is there, else the embedded `latest` edition with the
/// proposals that are part of WebAssembly 3.0 or still live.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Scripts, folders of scripts, and `-` for the standard input.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Run an embedded edition of the official suite.
    #[arg(long, value_name = "EDITION", value_enum, conflicts_with = "suite")]
    spec: Option<Spec>,
    /// Run the official suite in a folder.
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,
    /// How modules are run.
    #[arg(long, value_enum, default_value = "aot", value_name = "ENGINE")]
    engine: EngineChoice,
    #[command(flatten)]
    profile: ProfileArguments,
    #[command(flatten)]
    features: FeatureArguments,
    /// Run only scripts whose name contains this; may be repeated.
    #[arg(long, value_name = "SUBSTR")]
    filter: Vec<String>,
    /// Leave out scripts whose name contains this; may be repeated.
    #[arg(long, value_name = "SUBSTR")]
    skip: Vec<String>,
    /// Let --filter and --skip compare whole names.
    #[arg(long)]
    exact: bool,
    /// Print the names of the selected scripts and run nothing.
    #[arg(long)]
    list: bool,
    /// How many scripts to run at once; by default as many as there are processors.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Run nothing more once something is red.
    #[arg(long)]
    fail_fast: bool,
    /// How many seconds one directive may run.
    #[arg(long, value_name = "S", default_value = "30", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// Run scripts in this process and not in workers, for debuggers. A crash or a hang then ends the run.
    #[arg(long)]
    no_isolate: bool,
    /// The form of the report.
    #[arg(long, value_enum, default_value = "pretty", value_name = "FORMAT")]
    format: Format,
    /// Write the report to a file.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Say where the time went: the slowest scripts, and the stages of compilation.
    #[arg(long)]
    timing: bool,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Spec {
    V1,
    V2,
    V3,
    Latest,
}

impl From<Spec> for Edition {
    fn from(spec: Spec) -> Edition {
        match spec {
            Spec::V1 => Edition::V1,
            Spec::V2 => Edition::V2,
            Spec::V3 => Edition::V3,
            Spec::Latest => Edition::Latest,
        }
    }
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum EngineChoice {
    /// Compiled ahead of time into an object, which is loaded into the process.
    Aot,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    /// For people.
    Pretty,
    /// A character for each script.
    Terse,
    /// JSON lines: an object for each directive, and a summary.
    Json,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let selected = select(&arguments)?;
    if arguments.list {
        let names: String = selected.inputs.iter().map(|input| format!("{}\n", input.name)).collect();
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
    let mut output = Output::open(&arguments)?;
    let mut totals = Totals::default();
    let mut broken = None;
    let options = Options {
        jobs: arguments.jobs.map_or_else(run::default_jobs, usize::from),
        fail_fast: arguments.fail_fast,
    };
    run::run(&runner, &selected.inputs, &selected.whole, options, &mut |event: Event| {
        totals.event(&event);
        match output.reporter.event(&event) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                broken = Some(error);
                ControlFlow::Break(())
            }
        }
    })
    .or_exit(Exit::Internal)?;
    if let Some(error) = broken {
        return output.broken(error);
    }
    if arguments.timing {
        let workers = runner.workers.as_ref().map(Workers::timings);
        tell_timings(workers.unwrap_or_else(|| runner.engine.timings()));
    }
    Ok(if totals.is_green() { Exit::Success } else { Exit::Unexpected })
}

fn select(arguments: &Arguments) -> Result<Selected, Failure> {
    let request = Request {
        paths: arguments.paths.clone(),
        suite: match (&arguments.suite, arguments.spec) {
            (Some(folder), _) => Some(Selection::Folder(folder.clone())),
            (None, Some(spec)) => Some(Selection::Edition(spec.into())),
            (None, None) => None,
        },
        filter: Filter {
            only: arguments.filter.clone(),
            skip: arguments.skip.clone(),
            exact: arguments.exact,
        },
    };
    // Without a current folder there is no workspace around it; paths still work.
    let here = std::env::current_dir().unwrap_or_default();
    let selected = discover(&request, &here).map_err(|error| Failure {
        exit: match error {
            DiscoverError::Empty(_) | DiscoverError::Suite(SuiteError::Empty(_)) => Exit::NothingSelected,
            _ => Exit::Usage,
        },
        error: anyhow!("failed to find scripts: {error}"),
    })?;
    if selected.inputs.is_empty() {
        return Err(anyhow!("failed to find scripts: no name matches --filter and --skip"))
            .or_exit(Exit::NothingSelected);
    }
    Ok(selected)
}

fn spec(arguments: &Arguments) -> EngineSpec {
    let (mut name, kind) = match arguments.engine {
        EngineChoice::Aot => ("aot".to_owned(), EngineKind::Aot),
    };
    for (_, choice) in arguments.profile.differing() {
        name.push('-');
        name.push_str(&choice);
    }
    EngineSpec { name, kind, profile: arguments.profile.profile() }
}

impl Arguments {
    fn limits(&self) -> Limits {
        Limits { timeout: Duration::from_secs(self.timeout), ..Limits::default() }
    }
}

/// The command that runs a script the same way, but for the script.
fn command(arguments: &Arguments) -> String {
    let mut command = "trapline wast".to_owned();
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

/// Where the report goes.
struct Output<'a> {
    reporter: Box<dyn Reporter>,
    file: Option<&'a Path>,
}

impl<'a> Output<'a> {
    fn open(arguments: &'a Arguments) -> Result<Output<'a>, Failure> {
        let file = arguments.output.as_deref();
        let (out, style): (Box<dyn Write>, Style) = match file {
            Some(path) => {
                let file = File::create(path)
                    .map_err(|error| anyhow!("failed to create {}: {error}", path.display()))
                    .or_exit(Exit::Usage)?;
                (Box::new(BufWriter::new(file)), Style::default())
            }
            None => {
                let stdout = io::stdout();
                let style = Style { colored: colored(&stdout) };
                (Box::new(BufWriter::new(stdout)), style)
            }
        };
        // In a log a bar is only noise.
        let progress = io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        let reporter: Box<dyn Reporter> = match arguments.format {
            Format::Pretty => {
                let options = PrettyOptions { style, progress, slowest: arguments.timing };
                Box::new(Pretty::new(out, options))
            }
            Format::Terse => Box::new(Terse::new(out, style)),
            Format::Json => Box::new(Json::new(out)),
        };
        Ok(Output { reporter, file })
    }

    /// The end of a run whose report could not be written. Whoever closed the pipe has read enough, and has not been
    /// told that all is well.
    fn broken(&self, error: io::Error) -> Result<Exit, Failure> {
        match self.file {
            None if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Unexpected),
            None => Err(anyhow!("failed to write the report: {error}")).or_exit(Exit::Unexpected),
            Some(path) => Err(anyhow!("failed to write the report to {}: {error}", path.display()))
                .or_exit(Exit::Unexpected),
        }
    }
}
