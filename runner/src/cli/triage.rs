//! `trapline triage`: what a module or a script that does something unexpected shows.

mod code;
mod object;
mod render;

use super::configuration::ConfigurationArguments;
use super::execution::LimitArguments;
use super::exit::{Exit, Failure, OrExit};
use super::headings::{ENGINES, REPORTS};
use super::module::ModuleArguments;
use super::options::{FeatureArguments, Form};
use super::runner::{self, Choices};
use super::selection::only_script;
use super::terms::ReadingArguments;
use super::{command_line, destination, json_line, print, progress};
use crate::discover::{Input, Source, rerun_arguments};
use crate::engine::{EngineKind, EngineSpec, Variant};
use crate::module_script::Absent;
use crate::run::{self, Options};
use crate::trail::RunInfo;
use crate::triage::{Bench, Finding, Haste, Step, Triage, Verdict, triage};
use crate::whole_file;
use crate::worker::Limits;
use anyhow::anyhow;
use render::Shown;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use trapline_compiler::Profile;

const EXAMPLES: &str = "\
Examples:
  trapline triage crash.wasm                         every export, at boundaries, on every engine and variant
  trapline triage crash.wasm --invoke f 1 2          one call
  trapline triage crash.wasm --repeat 50             fifty times, to see whether it is always the same
  trapline triage crash.wast --report crash.md       a script, and a text to paste into an issue
  trapline triage crash.o                            an object: whether it is whole, and what its exports do";

/// How often an exported function is called, and how often a script runs on the first engine.
pub(super) const CALLS: u32 = 12;
const RUNS: u32 = 5;
/// How long a directive may run, unless the user says otherwise: each takes as long as that on several engines.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Say what a module or a script shows: is it the module, the compiler, the runtime, or the specification that says no?
///
/// It is compiled by every engine and variant, with Cranelift's verifier and the checker of register allocation too, and runs on
/// all of them in workers, also on an engine of others, and repeatedly on the first. The gravest finding is the verdict. If two
/// engines or variants do not agree, the function is searched for whose code makes the difference, then the property of code and
/// the pass; a function that cannot be compiled is shown. An object that was compiled before is checked as the loader does, and
/// what it exports runs on the engines that take objects.
///
/// Exit codes: 0 no fault found, or a legal divergence, 1 a script wants something else than all engines do, 2 usage, 3 malformed
/// or invalid, 5 an import has nothing, 6 spec-legal trap, 7 uncaught exception, 8 resource limit, 9 not built, 10 fault of the
/// compiler, 11 miscompile, or another engine does something else or failed, 12 host fault in compiled code, 13 fault of the
/// runtime or the host, 14 nondeterminism, 70 fault of the runner.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The module, in binary or text, the script, or the object of `compile`; `-` for the standard input.
    file: PathBuf,
    #[command(flatten)]
    modules: ModuleArguments,
    /// One more engine or variant to run it on, as `compare` has them; may be repeated.
    #[arg(long = "variant", value_name = "VARIANT", help_heading = ENGINES)]
    variants: Vec<Variant>,
    /// How often it runs on the first engine.
    #[arg(long, value_name = "N", default_value_t = RUNS, value_parser = clap::value_parser!(u32).range(1..), help_heading = ENGINES)]
    repeat: u32,
    #[command(flatten)]
    features: FeatureArguments,
    #[command(flatten)]
    reading: ReadingArguments,
    #[command(flatten)]
    configuration: ConfigurationArguments,
    #[command(flatten)]
    limits: LimitArguments,
    /// The form of what is said: text, or one object of JSON.
    #[arg(long, value_enum, default_value = "pretty", value_name = "FORMAT", help_heading = REPORTS)]
    format: Form,
    /// Write a report in Markdown to a file, ready to be pasted into an issue.
    #[arg(long, value_name = "FILE.md", help_heading = REPORTS)]
    report: Option<PathBuf>,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let outputs =
        arguments.report.iter().map(|path| (format!("--report {}", path.display()), path.as_path()));
    destination::check(outputs, [arguments.file.as_path()])?;
    let mut selected = only_script(&arguments.file)?;
    let subject = match selected.inputs.first_mut() {
        Some(input) => Subject::prepare(&arguments, input)?,
        None => {
            return Err(anyhow!("failed to find scripts: {} is none", arguments.file.display()))
                .or_exit(Exit::NothingSelected);
        }
    };
    let Subject { variants, object, refused, mut missing } = subject;
    let configuration = arguments.configuration.load(&selected.inputs)?.without_expectations();
    let configuration = Arc::new(arguments.limits.over(configuration));
    let limits = arguments.limits.or(TIMEOUT);
    // What a file says of the script's time counts for the command as well.
    let is_configured = configuration.of(&selected.inputs[0]).timeout.is_some();
    let limits_of_command = if is_configured { arguments.limits } else { limits };
    let [command, timed] =
        [arguments.limits, limits_of_command].map(|it| arguments.command(&selected.inputs[0], object, it));
    let choices = |haste: Option<Haste>| Choices {
        overrides: arguments.features.overrides(),
        reading: arguments.modules.reading(arguments.reading.choice()),
        configuration: match haste {
            None => configuration.clone(),
            Some(_) => Arc::new((*configuration).clone().without_timeouts()),
        },
    };
    let runner = |spec: EngineSpec, haste: Option<Haste>| {
        let spec = EngineSpec { takes_objects: object, ..spec };
        let runner = runner::runner(spec.clone(), Some(limits), choices(haste), command.clone())?;
        let Some(Haste { timeout, stops }) = haste else { return Ok(runner) };
        let timeout = timeout.min(limits.limits().timeout);
        runner::limited(runner, spec, Limits { timeout, ..limits.limits() }, !stops)
    };
    let engine =
        |variant: &Variant| (EngineSpec { takes_objects: object, ..variant.spec() }, command.clone());
    let runners = runner::runners(variants.iter().map(engine).collect(), Some(limits), &choices(None))?;
    let (runners, unavailable) = run::available(runners);
    // All others are compared with the first, which is one of trapline's own.
    let first = variants.first().map(|variant| variant.spec().name);
    if runners.first().map(|runner| runner.engine.name()) != first.as_deref() {
        let problem = unavailable.first().map(|problem| problem.message.clone()).unwrap_or_default();
        return Err(anyhow!("failed to run anything: {problem}")).or_exit(Exit::Internal);
    }
    missing.extend(unavailable.iter().map(|problem| format!("{}: {}", problem.file, problem.message)));
    let input = &selected.inputs[0];
    let description = Arc::new(RunInfo::now(&runners, &selected.inputs, command_line(), Vec::new(), None));
    let options = Options::whole(run::default_jobs(), description.clone());
    // The words of a failure already say what failed.
    let make = |spec, haste| {
        runner(spec, haste).map_err(|failure: Failure| format!("make the engine: {:#}", failure.error))
    };
    let bar = progress::steps();
    let tell = |step: Step<'_>| bar.set_message(said(step));
    let bench = Bench { runners: &runners, variants: &variants, make: &make, tell: &tell };
    let found = match refused {
        Some(finding) => Triage::of(*finding),
        None => triage(&bench, input, &selected, options, arguments.repeat, binary(input))
            .or_exit(Exit::Internal)?,
    };
    bar.finish_and_clear();
    let shown = Shown {
        file: &arguments.file,
        command: &command,
        timed: &timed,
        variants: &variants,
        is_object: object,
        found: &found,
        missing: &missing,
        run: &description,
    };
    match arguments.format {
        Form::Pretty => print(&shown.text())?,
        Form::Json => print(&json_line(&shown.json())?)?,
    }
    if let Some(path) = &arguments.report {
        whole_file::write_text(path, &shown.markdown())
            .map_err(|error| anyhow!("failed to write {}: {error}", path.display()))
            .or_exit(Exit::Internal)?;
    }
    Ok(exit(&found))
}

/// What is being done, for a terminal.
fn said(step: Step<'_>) -> String {
    match step {
        Step::Trying => "looking for what takes long".to_owned(),
        Step::Engine(engine, number, of) => format!("engine {number} of {of}: {engine}"),
        Step::Repeating(times) => format!("running it {times} times"),
        Step::Searching => "looking for the code that makes the difference".to_owned(),
    }
}

/// What is looked into.
struct Subject {
    /// The engines and variants that it runs on.
    variants: Vec<Variant>,
    /// Whether it is an object.
    object: bool,
    /// Why it is not run at all.
    refused: Option<Box<Finding>>,
    /// What cannot be done with it, and why.
    missing: Vec<String>,
}

impl Subject {
    /// Finds out what a file is, and makes a script of it if it is none.
    fn prepare(arguments: &Arguments, input: &mut Input) -> Result<Subject, Failure> {
        if let Some(bytes) = object::read(input) {
            return object::subject(arguments, input, &bytes);
        }
        // A module whose imports have nothing would show nothing else.
        arguments.modules.make_scripts_apart(std::slice::from_mut(input), CALLS, Absent::Zero)?;
        let mut variants = variants();
        let more = arguments.variants.iter().filter(|more| !variants.contains(more)).copied();
        variants.extend(more.collect::<Vec<_>>());
        Ok(Subject { variants, object: false, refused: None, missing: Vec::new() })
    }
}

/// The engines and variants, the one first that the others are compared with.
pub(super) fn variants() -> Vec<Variant> {
    let mut variants = Variant::quick_matrix();
    let checked = Profile { verifier: true, regalloc_checker: true, ..Profile::default() };
    variants.push(Variant::new(EngineKind::Aot, checked));
    let oracles = EngineKind::ORACLES.iter().map(|&kind| Variant::new(kind, Profile::default()));
    variants.extend(oracles);
    variants
}

/// The binary of the module that the script was made of.
fn binary(input: &Input) -> Option<&[u8]> {
    match &input.source {
        Source::Module { wasm, .. } => wasm.as_deref(),
        _ => None,
    }
}

fn exit(found: &Triage) -> Exit {
    match found.first().verdict {
        Verdict::NoFault | Verdict::LegalDivergence => Exit::Success,
        Verdict::Expectation => Exit::Unexpected,
        Verdict::Malformed | Verdict::Invalid => Exit::Refused,
        Verdict::Unlinked => Exit::Unlinked,
        Verdict::SpecTrap => Exit::Trapped,
        Verdict::UncaughtException => Exit::Threw,
        Verdict::ResourceLimit => Exit::Limited,
        Verdict::Unsupported => Exit::Unbuilt,
        Verdict::CompilerFault => Exit::CompilerFault,
        Verdict::Miscompile | Verdict::OtherEngine | Verdict::OtherEngineFailure => Exit::Miscompiled,
        Verdict::HostFault => Exit::HostFault,
        Verdict::RuntimeFault => Exit::RuntimeFault,
        Verdict::Nondeterminism => Exit::Unstable,
        Verdict::HarnessFault => Exit::Internal,
    }
}

impl Arguments {
    /// The arguments of `wast` and `compare` that do the same with the file.
    fn command(&self, input: &Input, is_object: bool, limits: LimitArguments) -> String {
        let mut command = rerun_arguments(input);
        command.push_str(&self.features.command());
        command.push_str(&self.reading.command());
        command.push_str(&limits.command());
        if is_object || binary(input).is_some() {
            command.push_str(&self.modules.command_of_apart(CALLS, Absent::Zero));
        }
        command
    }
}
