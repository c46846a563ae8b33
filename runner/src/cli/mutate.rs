//! `trapline mutate`: scores scripts by the broken engines that they notice.

use super::color::colored;
use super::configuration::ConfigurationArguments;
use super::execution::LimitArguments;
use super::exit::{Exit, Failure, OrExit};
use super::headings::{LIMITS, MUTANTS, REPORTS};
use super::options::{FeatureArguments, Form, ProfileArguments};
use super::runner::{Choices, runner};
use super::selection::SelectionArguments;
use super::terms::ReadingArguments;
use super::{print, progress};
use crate::engine::{EngineKind, Variant};
use crate::mutate::{self, Options, Sample, ScoreError};
use crate::report::Style;
use crate::run;
use anyhow::{Context, anyhow};
use std::io;
use std::sync::Arc;
use trapline_abi::InjectedFault;
use trapline_compiler::ClifChange;

/// Mutants in a sample, if nothing else is said.
const SAMPLE: u32 = 100;

const EXAMPLES: &str = "\
Examples:
  trapline mutate a.wast --all               every mutant of a script
  trapline mutate --sample 500 --seed 7      500 mutants of the suite and the regressions
  trapline mutate regressions --per-script 5 five of each script: which notice none?
  trapline mutate a.wast --change boundary   only conditions that are off by one
  trapline mutate --faults regressions       which scripts notice which faults";

/// Score scripts by the broken code that they notice.
///
/// Runs each script on code of which one instruction is another one: an operator, an operand, a constant, a condition or a
/// target of a branch in Cranelift's intermediate representation, before it is optimised. A mutant is killed if a directive
/// that passes has another outcome with it. One that survives shows an instruction whose result no directive checks; the
/// script does not get to one that is unreached. Only what passes on the sound engine counts; modules assert nothing and are left
/// out, and `regress add` makes scripts of them. Exits with 0 whatever the score
/// is, and with 4 if there is nothing to mutate.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: SelectionArguments,
    /// Run scripts on compilers and runtimes with a known fault each, in place of mutants.
    #[arg(long, conflicts_with_all = ["seed", "sample", "all", "per_script", "change"], help_heading = MUTANTS)]
    faults: bool,
    /// What decides on the sample: the same seed chooses the same mutants of the same selection.
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = MUTANTS)]
    seed: u64,
    /// Run at most this many mutants of all scripts together, chosen by the seed.
    #[arg(long, value_name = "N", default_value_t = SAMPLE, value_parser = clap::value_parser!(u32).range(1..), help_heading = MUTANTS)]
    sample: u32,
    /// Run every mutant.
    #[arg(long, conflicts_with = "sample", help_heading = MUTANTS)]
    all: bool,
    /// Run at most this many mutants of each script, chosen by the seed.
    #[arg(long, value_name = "N", conflicts_with_all = ["sample", "all"], value_parser = clap::value_parser!(u32).range(1..), help_heading = MUTANTS)]
    per_script: Option<u32>,
    /// Make only this change; may be repeated.
    #[arg(long, value_name = "CHANGE", value_parser = parse_change, help_heading = MUTANTS)]
    change: Vec<ClifChange>,
    #[command(flatten)]
    profile: ProfileArguments,
    #[command(flatten)]
    features: FeatureArguments,
    #[command(flatten)]
    reading: ReadingArguments,
    #[command(flatten)]
    configuration: ConfigurationArguments,
    /// How many mutants or scripts to run at once; by default as many as there are processors.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = LIMITS)]
    jobs: Option<u16>,
    #[command(flatten)]
    limits: LimitArguments,
    /// The form of the scores: text, or an object of JSON on each line.
    #[arg(long, value_enum, default_value = "pretty", value_name = "FORMAT", help_heading = REPORTS)]
    format: Form,
}

fn parse_change(name: &str) -> Result<ClifChange, String> {
    let known = || ClifChange::all().map(ClifChange::name).collect::<Vec<_>>().join(", ");
    let found = ClifChange::named(name).filter(|change| *change != ClifChange::Halt);
    found.ok_or_else(|| format!("there is no change `{name}`; there are {}", known()))
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let selected = arguments.selection.select()?;
    let configuration = arguments.configuration.load(&selected.inputs)?.without_expectations();
    let variant = Variant {
        heap: arguments.profile.heap(),
        ..Variant::new(EngineKind::Aot, arguments.profile.profile())
    };
    let engine = variant.spec();
    let choices = Choices {
        overrides: arguments.features.overrides(),
        reading: arguments.reading.choice(),
        configuration: Arc::new(arguments.limits.over(configuration)),
    };
    let runner = runner(engine.clone(), Some(arguments.limits), choices, "trapline mutate".to_owned())?;
    let options = Options {
        engine,
        limits: arguments.limits.limits(),
        timeout: arguments.limits.timeout(),
        seed: arguments.seed,
        sample: sample(&arguments),
        changes: arguments.change.clone(),
        jobs: arguments.jobs.map_or_else(run::default_jobs, usize::from),
    };
    let bar = progress::counted();
    let mut tell = |done: usize, of: usize| progress::tell(&bar, done, of);
    let failed = |error: ScoreError| anyhow!("failed to {error}");
    let style = Style { colored: colored(&io::stdout()) };
    let written =
        |json: serde_json::Result<String>| json.context("failed to write JSON").or_exit(Exit::Internal);
    if arguments.faults {
        let scores = mutate::inject(&runner, &selected.inputs, &options, InjectedFault::ALL, &mut tell);
        let scores = scores.map_err(failed).or_exit(Exit::Internal)?;
        bar.finish_and_clear();
        return match arguments.format {
            Form::Pretty => print(&scores.text(style)),
            Form::Json => print(&written(scores.json())?),
        }
        .and_then(|()| match scores.scripts {
            0 => Err(anyhow!("failed to run scripts on broken engines: none has a directive that passes"))
                .or_exit(Exit::NothingSelected),
            _ => Ok(Exit::Success),
        });
    }
    let scores = mutate::mutate(&runner, &selected.inputs, &options, &mut tell);
    let scores = scores.map_err(failed).or_exit(Exit::Internal)?;
    bar.finish_and_clear();
    match arguments.format {
        Form::Pretty => print(&scores.text(style, &again(&arguments, variant)))?,
        Form::Json => print(&written(scores.json())?)?,
    }
    match scores.known.mutants {
        0 => {
            Err(anyhow!("failed to mutate anything: no script with a directive that passes has a module with an instruction to change"))
                .or_exit(Exit::NothingSelected)
        }
        _ => Ok(Exit::Success),
    }
}

fn sample(arguments: &Arguments) -> Sample {
    let count = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    match arguments.per_script {
        Some(each) => Sample::PerScript(count(each)),
        None if arguments.all => Sample::All,
        None => Sample::Of(count(arguments.sample)),
    }
}

/// The command that shows what a mutant does, but for the mutant and the script.
fn again(arguments: &Arguments, variant: Variant) -> String {
    let mut command = "trapline compare".to_owned();
    command.push_str(&arguments.features.command());
    command.push_str(&arguments.reading.command());
    command.push_str(&arguments.limits.command());
    command.push_str(arguments.configuration.command());
    format!("{command} --variant {variant} --variant {variant}")
}
