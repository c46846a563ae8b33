//! `trapline audit`: proves that the runner checks what scripts expect.

use super::color::colored;
use super::configuration::ConfigurationArguments;
use super::execution::LimitArguments;
use super::exit::{Exit, Failure, OrExit};
use super::headings::{LIMITS, MUTANTS};
use super::options::{FeatureArguments, ProfileArguments};
use super::runner::{Choices, runner};
use super::selection::SelectionArguments;
use super::terms::ReadingArguments;
use super::{print, progress};
use crate::audit::{self, Amount, Mutation, Options};
use crate::engine::{EngineKind, Variant};
use crate::report::{Style, suite_note};
use crate::run;
use anyhow::anyhow;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Mutants of each kind in a sample, if nothing else is said.
const SAMPLE: u32 = 100;

/// Prove that the runner checks what scripts expect.
///
/// Runs scripts in which one expectation at a time is changed, and demands that the changed directive fails. Takes the
/// same scripts as `wast`; of these, every directive that passes has mutants. Exits with 1 if one of them is not
/// killed, and with 4 if there is none.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: SelectionArguments,
    #[command(flatten)]
    profile: ProfileArguments,
    #[command(flatten)]
    features: FeatureArguments,
    #[command(flatten)]
    reading: ReadingArguments,
    #[command(flatten)]
    configuration: ConfigurationArguments,
    /// What decides on the mutants: the same seed makes the same ones of the same script.
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = MUTANTS)]
    seed: u64,
    /// Run at most this many mutants of each kind, chosen by the seed.
    #[arg(long, value_name = "N", default_value_t = SAMPLE, value_parser = clap::value_parser!(u32).range(1..), help_heading = MUTANTS)]
    sample: u32,
    /// Run every mutant.
    #[arg(long, conflicts_with = "sample", help_heading = MUTANTS)]
    all: bool,
    /// Mutate only directives that begin in this line.
    #[arg(long, value_name = "LINE", help_heading = MUTANTS)]
    line: Option<u32>,
    /// Make only mutants of this kind; may be repeated.
    #[arg(long, value_name = "KIND", value_parser = parse_mutation, help_heading = MUTANTS)]
    mutation: Vec<Mutation>,
    /// How many scripts to run at once; by default as many as there are processors.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = LIMITS)]
    jobs: Option<u16>,
    #[command(flatten)]
    limits: LimitArguments,
}

fn parse_mutation(name: &str) -> Result<Mutation, String> {
    name.parse().map_err(|error| {
        let known: Vec<_> = Mutation::ALL.iter().map(|mutation| mutation.name()).collect();
        format!("{error}; there are {}", known.join(", "))
    })
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let selected = arguments.selection.select()?;
    let configuration = arguments.configuration.load(&selected.inputs)?.without_expectations();
    let spec = Variant::new(EngineKind::Aot, arguments.profile.profile()).spec();
    let choices = Choices {
        overrides: arguments.features.overrides(),
        reading: arguments.reading.choice(),
        configuration: Arc::new(arguments.limits.over(configuration)),
    };
    let runner = runner(spec, Some(arguments.limits), choices, command(&arguments))?;
    let options = Options {
        seed: arguments.seed,
        amount: match arguments.all {
            true => Amount::All,
            false => Amount::Sample(usize::try_from(arguments.sample).unwrap_or(usize::MAX)),
        },
        line: arguments.line,
        mutations: arguments.mutation.clone(),
        jobs: arguments.jobs.map_or_else(run::default_jobs, usize::from),
    };
    let bar = progress::counted();
    let report = audit::audit(&runner, &selected.inputs, &options, &mut |done, of| {
        progress::tell(&bar, done, of);
        ControlFlow::Continue(())
    })
    .or_exit(Exit::Internal)?;
    bar.finish_and_clear();
    print(&report.text(Style { colored: colored(&io::stdout()) }))?;
    let problems = runner.check_selected(&selected);
    let mut notes: String =
        problems.iter().map(|problem| format!("problem {}: {}\n", problem.file, problem.message)).collect();
    let differences = run::suite_differences(&runner.manifest, &selected.inputs);
    notes.extend(suite_note(None, &differences).map(|note| note + "\n"));
    print(&notes)?;
    if !report.is_clean() || !problems.is_empty() {
        return Ok(Exit::Unexpected);
    }
    if report.total().mutants == 0 {
        return Err(anyhow!("failed to mutate anything: no directive that passes is selected"))
            .or_exit(Exit::NothingSelected);
    }
    Ok(Exit::Success)
}

/// The command that makes the same mutants of a script, but for the script.
fn command(arguments: &Arguments) -> String {
    let mut command = format!("trapline audit --seed {} --all", arguments.seed);
    command.push_str(&arguments.profile.command());
    command.push_str(&arguments.features.command());
    command.push_str(&arguments.reading.command());
    command.push_str(&arguments.limits.command());
    command.push_str(arguments.configuration.command());
    command
}
