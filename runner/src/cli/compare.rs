//! `trapline compare`: runs scripts on several engines and reports where they differ.

use super::execution::{Chosen, ExecutionArguments, Watch, names};
use super::exit::{Exit, Failure, OrExit};
use super::headings::{ENGINES, REPORTS};
use super::options::{EngineName, FeatureArguments, ProfileArguments, ProfilerArguments};
use super::output::OutputArguments;
use super::print;
use super::runner::{Choices, deterministic};
use super::selection::SelectionArguments;
use super::terms::ReadingArguments;
use crate::compare;
use crate::engine::{EngineKind, EngineSpec, Variant};
use crate::run::{self, Runner};
use anyhow::anyhow;
use clap::ValueEnum;

const EXAMPLES: &str = "\
Examples:
  trapline compare tests/                               on aot, jit and linked
  trapline compare --engine aot,wasmi a.wast            with an interpreter that is not trapline's
  trapline compare --engine aot --variant aot,opt=none a.wast
                                                        the same engine at two levels of optimisation
  trapline compare --matrix quick a.wast                each property of the code changed alone
  trapline compare a.wast --only a.wast:25              one line of a script
  trapline compare crash.wasm --invoke f 1 2            a module: one call
  trapline compare crash.wasm --imports zero            a module: all exports, at boundaries";

/// How often functions of a module are called: what engines differ in may need the one or the other argument.
const CALLS: u32 = 8;

/// Run scripts on several engines and report where they differ.
///
/// Engines, or variants of them, are compared directive by directive: outcomes, results, traps with their places, and the
/// state of memories, tables, globals and segments. All are compared with the first. Without a choice: aot, jit and linked.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) selection: SelectionArguments,
    /// Engines to compare, with the code that the flags ask for: `aot,jit,linked`. One that is not trapline's, as `wasmi`,
    /// is asked what modules export, and differences that the specification allows are not counted.
    #[arg(long, value_delimiter = ',', value_name = "ENGINE", help_heading = ENGINES)]
    engine: Vec<EngineName>,
    /// One more to compare, an engine and what is not default about its code: `aot,opt=none,memory=checked`. Keys: opt,
    /// memory, cpu, relaxed, verify, checker (of register allocation), nan, gc. May be repeated.
    #[arg(long = "variant", value_name = "VARIANT", help_heading = ENGINES)]
    variants: Vec<Variant>,
    /// Many more to compare: each property changed alone, or all combinations of optimisation levels, memory styles,
    /// processor features and the register allocation's checker.
    #[arg(long, value_enum, value_name = "SIZE", help_heading = ENGINES)]
    matrix: Option<Matrix>,
    #[command(flatten)]
    profile: ProfileArguments,
    #[command(flatten)]
    features: FeatureArguments,
    #[command(flatten)]
    reading: ReadingArguments,
    #[command(flatten)]
    profiler: ProfilerArguments,
    #[command(flatten)]
    execution: ExecutionArguments,
    #[command(flatten)]
    output: OutputArguments,
    /// Name the slowest scripts.
    #[arg(long, help_heading = REPORTS)]
    timing: bool,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Matrix {
    Quick,
    Full,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let variants = arguments.variants()?;
    let Some(chosen) = arguments.execution.choose(&arguments.selection, CALLS)? else {
        return Ok(Exit::Success);
    };
    let Chosen { selected, inputs, .. } = &chosen;
    if arguments.execution.list {
        arguments.execution.check_part(&chosen)?;
        print(&names(inputs))?;
        return Ok(Exit::Success);
    }
    let configuration = arguments.execution.configuration(inputs, false)?;
    let command = arguments.command(&variants);
    let spec = |variant: &Variant| EngineSpec { profiler: arguments.profiler.profiler(), ..variant.spec() };
    let choices = Choices {
        overrides: arguments.features.overrides(),
        reading: arguments.reading.choice(),
        configuration: configuration.clone(),
    };
    let engines = variants.iter().map(|variant| (spec(variant), command.clone())).collect();
    let (runners, unavailable) = run::available(arguments.execution.runners(engines, choices.clone())?);
    let runner =
        |variant: &Variant| arguments.execution.runner(spec(variant), choices.clone(), command.clone());
    let reports = arguments.output.open(
        arguments.timing,
        inputs,
        &configuration,
        None,
        arguments.execution.rerun_failed.as_deref(),
    )?;
    let mut watch = Watch::new(&arguments.execution, reports, &unavailable);
    let deterministic =
        |of: &Runner, relaxed| deterministic((of, relaxed), &variants, |variant| runner(&variant));
    compare::run(
        &runners,
        inputs,
        selected,
        arguments.execution.options(&runners, unavailable, &chosen, true),
        &deterministic,
        &mut |event| watch.event(event),
    )
    .or_exit(Exit::Internal)?;
    let exit = watch.finish()?.unwrap_or(Exit::Unexpected);
    arguments.execution.check_part(&chosen)?;
    Ok(exit)
}

impl Arguments {
    /// What is compared, each once. There are at least two.
    fn variants(&self) -> Result<Vec<Variant>, Failure> {
        let (profile, heap) = (self.profile.profile(), self.profile.heap());
        let mut all: Vec<Variant> = self.engine.iter().map(|name| name.variant(profile, heap)).collect();
        all.extend(&self.variants);
        all.extend(match self.matrix {
            None => Vec::new(),
            Some(Matrix::Quick) => Variant::quick_matrix(),
            Some(Matrix::Full) => Variant::full_matrix(),
        });
        if all.is_empty() {
            all.extend(EngineKind::OWN.map(|kind| Variant { kind, profile, heap }));
        }
        let mut variants: Vec<Variant> = Vec::new();
        for mut variant in all {
            variant.heap = variant.heap.with_sizes_of(heap);
            if !variant.kind.is_oracle() {
                variant.profile.debug_info = profile.debug_info;
            }
            if !variants.contains(&variant) {
                variants.push(variant);
            }
        }
        match variants.as_slice() {
            [] | [_] => Err(anyhow!("failed to find anything to compare: it takes two engines or variants"))
                .or_exit(Exit::Usage),
            _ => Ok(variants),
        }
    }

    /// The command that compares a script the same way, but for the script.
    fn command(&self, variants: &[Variant]) -> String {
        let mut command = "trapline compare".to_owned();
        for variant in variants {
            command.push_str(&format!(" --variant {variant}"));
        }
        command.push_str(&self.profile.sizes_command());
        command.push_str(self.profile.description_command());
        command.push_str(&self.features.command());
        command.push_str(&self.reading.command());
        command.push_str(&self.execution.command());
        command
    }
}
