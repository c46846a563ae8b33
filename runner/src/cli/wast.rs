//! `trapline wast`: runs scripts and reports what became of each directive.

use super::bless::Blessing;
use super::execution::{Chosen, ExecutionArguments, Watch, names};
use super::exit::{Exit, Failure, OrExit};
use super::headings::{ENGINES, REPORTS};
use super::options::{EngineName, FeatureArguments, ProfileArguments, ProfilerArguments};
use super::output::OutputArguments;
use super::print;
use super::runner::Choices;
use super::selection::SelectionArguments;
use super::terms::ReadingArguments;
use crate::configuration::Configuration;
use crate::discover::quoted;
use crate::engine::{EngineKind, Mode, Precompiled};
use crate::executor::EngineTimings;
use crate::run::{self, Runner};
use crate::worker::Workers;
use anyhow::anyhow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const SAVE: &str = "--precompile-save";

const EXAMPLES: &str = "\
Examples:
  trapline wast                                the official suite, and the regressions of the workspace
  trapline wast tests/ --filter memory         the scripts of a folder whose names contain a word
  trapline wast a.wast --only a.wast:25        the directives on one line, after what they need
  trapline wast a.wast -W -simd,threads=y      with proposals switched off and on
  trapline wast a.wasm --invoke f 1 -2         a module: instantiate it, and call an export
  trapline wast --engine aot,jit --opt none    on two engines, with code that is not optimised
  trapline wast --format json -o all.jsonl     one JSON object for each directive, in a file
  trapline wast --report junit=out.xml         a report for people, and one for a CI server
  trapline wast tests/ --expectations tests/expected.toml --bless
                                               what fails is expected from now on";

/// Run scripts and report what became of each directive.
///
/// Every directive of every script gets exactly one outcome, and only `pass` is green. Scripts run in worker processes: a
/// crash or a hang costs one directive, and the run goes on.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) selection: SelectionArguments,
    /// How modules are run; several engines one after the other: `aot,jit,linked`. What an engine that is not trapline's
    /// does not have is not red.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "aot",
        value_name = "ENGINE",
        help_heading = ENGINES
    )]
    engine: Vec<EngineName>,
    #[command(flatten)]
    profile: ProfileArguments,
    #[command(flatten)]
    features: FeatureArguments,
    #[command(flatten)]
    reading: ReadingArguments,
    #[command(flatten)]
    profiler: ProfilerArguments,
    /// Rewrite the file of --expectations so that it says what this run has shown, and print what changed; without that flag,
    /// spec-tests/expectations.toml of the workspace and the files that trapline.toml names. Comments and reasons are kept;
    /// new entries are marked as not explained. Exits with 0 unless something cannot be expected.
    #[arg(long, conflicts_with_all = ["only", "rerun_failed", "fail_fast", "max_fail"], help_heading = REPORTS)]
    bless: bool,
    /// Keep what is compiled in a folder of artefacts, for --precompile-load. Engines: aot, linked.
    #[arg(long, value_name = "DIR", conflicts_with = "precompile_load", help_heading = ENGINES)]
    precompile_save: Option<PathBuf>,
    /// Compile nothing, and load what --precompile-save has kept in a folder. A module without its artefact is an error.
    #[arg(long, value_name = "DIR", help_heading = ENGINES)]
    precompile_load: Option<PathBuf>,
    #[command(flatten)]
    execution: ExecutionArguments,
    #[command(flatten)]
    output: OutputArguments,
    /// Say where the time went: the slowest scripts, and the stages of compilation.
    #[arg(long, help_heading = REPORTS)]
    timing: bool,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    if arguments.bless && arguments.engine.len() > 1 {
        return Err(anyhow!("failed to choose what the expectations are to say: --bless takes one engine"))
            .or_exit(Exit::Usage);
    }
    if arguments.bless && arguments.engine.iter().any(|name| name.kind().is_oracle()) {
        return Err(anyhow!(
            "failed to choose what the expectations are to say: --bless takes one of trapline's own engines"
        ))
        .or_exit(Exit::Usage);
    }
    let Some(chosen) = arguments.execution.choose(&arguments.selection, 1)? else { return Ok(Exit::Success) };
    let Chosen { selected, inputs, .. } = &chosen;
    if arguments.execution.list {
        arguments.execution.check_part(&chosen)?;
        print(&names(inputs))?;
        return Ok(Exit::Success);
    }
    let configuration = arguments.execution.configuration(inputs, arguments.bless)?;
    let named = arguments.execution.expectations.named();
    // Of a part without scripts it is said in the end that there are none.
    let mut blessing = match arguments.bless && !inputs.is_empty() {
        true => Some(Blessing::begin(inputs, &configuration, named)?),
        false => None,
    };
    let (mut runners, unavailable) = run::available(arguments.runners(&configuration)?);
    let kept = arguments.precompile_load.as_deref();
    let reports = arguments.output.open(
        arguments.timing,
        inputs,
        &configuration,
        kept,
        arguments.execution.rerun_failed.as_deref(),
    )?;
    let mut watch = Watch::new(&arguments.execution, reports, &unavailable);
    run::run_keeping(
        &runners,
        inputs,
        selected,
        arguments.execution.options(&runners, unavailable, &chosen, false),
        &mut |_, input, result| {
            if let Some(blessing) = &mut blessing {
                blessing.take(&inputs[input], &configuration, result);
            }
        },
        &mut |event| watch.event(event),
    )
    .or_exit(Exit::Internal)?;
    // The reader of the report has gone away, and was not told that all is well.
    let Some(exit) = watch.finish()? else { return Ok(Exit::Unexpected) };
    arguments.execution.check_part(&chosen)?;
    if arguments.timing {
        for runner in &runners {
            let workers = runner.workers.as_ref().map(Workers::timings);
            tell_timings(runner.engine.name(), workers.unwrap_or_else(|| runner.engine.timings()));
        }
    }
    // Without an engine, nothing was shown.
    match (blessing, runners.first_mut()) {
        (Some(blessing), Some(runner)) => blessing.finish(runner, selected),
        (Some(_) | None, _) => Ok(exit),
    }
}

impl Arguments {
    /// One runner for each engine, each once.
    fn runners(&self, configuration: &Arc<Configuration>) -> Result<Vec<Runner>, Failure> {
        let mut names: Vec<EngineName> = Vec::new();
        for &name in &self.engine {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let without_artifacts = names.iter().map(|name| name.kind()).find(|kind| !kind.has_artifacts());
        if let (Some((flag, ..)), Some(kind)) = (self.precompile(), without_artifacts) {
            let name = kind.name();
            let error = anyhow!(
                "failed to find artefacts of the engine {name}: it has none, so {flag} is not for it"
            );
            return Err(error).or_exit(Exit::Usage);
        }
        let flag = self.profile.flag().or(self.profile.heap_flag());
        if let (true, Some(flag)) = (names.iter().all(|name| name.kind().is_oracle()), flag) {
            let error = anyhow!(
                "failed to run scripts with {flag}: no engine of these makes code of which there is a choice"
            );
            return Err(error).or_exit(Exit::Usage);
        }
        let engine = |name: EngineName| {
            let kind = name.kind();
            let mut spec = name.variant(self.profile.profile(), self.profile.heap()).spec();
            spec.precompiled = self.precompiled(kind)?;
            spec.profiler = self.profiler.profiler();
            Ok((spec, self.command(kind)))
        };
        let choices = Choices {
            overrides: self.features.overrides(),
            reading: self.reading.choice(),
            configuration: configuration.clone(),
        };
        self.execution.runners(names.into_iter().map(engine).collect::<Result<_, Failure>>()?, choices)
    }

    /// What is asked for with saved artefacts: the flag, what it stands for, and its folder.
    fn precompile(&self) -> Option<(&'static str, Mode, &Path)> {
        match (&self.precompile_save, &self.precompile_load) {
            (Some(folder), _) => Some((SAVE, Mode::Save, folder)),
            (None, Some(folder)) => Some(("--precompile-load", Mode::Load, folder)),
            (None, None) => None,
        }
    }

    /// What is to be done with saved artefacts. A folder to save to is made and tried, and one to load from has to be there.
    fn precompiled(&self, kind: EngineKind) -> Result<Option<Precompiled>, Failure> {
        let Some((_, mode, folder)) = self.precompile() else { return Ok(None) };
        let shown = folder.display();
        let command = self.command_with(kind, SAVE, folder);
        match mode {
            Mode::Save => {
                std::fs::create_dir_all(folder)
                    .map_err(|error| anyhow!("failed to create the folder {shown}: {error}"))
                    .or_exit(Exit::Usage)?;
                // Otherwise every single module would say so.
                tempfile::tempfile_in(folder)
                    .map_err(|error| anyhow!("failed to save artefacts in {shown}: {error}"))
                    .or_exit(Exit::Usage)?;
            }
            Mode::Load if folder.is_dir() => {}
            Mode::Load => {
                return Err(anyhow!(
                    "failed to find artefacts in {shown}: no such folder; `{command}` makes it"
                ))
                .or_exit(Exit::Usage);
            }
        }
        let folder = std::path::absolute(folder)
            .map_err(|error| anyhow!("failed to find the folder {shown}: {error}"))
            .or_exit(Exit::Usage)?;
        Ok(Some(Precompiled { mode, folder, command }))
    }

    /// The command that runs a script the same way, but for the script.
    fn command(&self, kind: EngineKind) -> String {
        match self.precompile() {
            Some((flag, _, folder)) => self.command_with(kind, flag, folder),
            None => self.compiling_command(kind),
        }
    }

    fn command_with(&self, kind: EngineKind, flag: &str, folder: &Path) -> String {
        format!("{} {flag} {}", self.compiling_command(kind), quoted(&folder.to_string_lossy()))
    }

    /// The command that runs a script with modules that are compiled the same way.
    fn compiling_command(&self, kind: EngineKind) -> String {
        let mut command = "trapline wast".to_owned();
        if kind != EngineKind::Aot {
            command.push_str(&format!(" --engine {}", kind.name()));
        }
        if !kind.is_oracle() {
            command.push_str(&self.profile.command());
        }
        command.push_str(&self.features.command());
        command.push_str(&self.reading.command());
        command.push_str(&self.execution.command());
        command
    }
}

fn tell_timings(engine: &str, timings: EngineTimings) {
    let EngineTimings { compiled, opened, reused, translate, compile, emit, map, code } = timings;
    eprintln!(
        "{engine}: modules: {compiled} compiled, {opened} from artefacts, {reused} reused; {code} bytes of code; over all \
         threads: translate {translate:.1?}, compile {compile:.1?}, emit {emit:.1?}, map {map:.1?}"
    );
}
