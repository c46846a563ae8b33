//! `trapline regress`: a module or a script becomes a regression.

use super::execution::LimitArguments;
use super::exit::{Exit, Failure, OrExit};
use super::headings::ENGINES;
use super::module::ModuleArguments;
use super::options::FeatureArguments;
use super::runner::{self, Choices};
use super::selection::only_script;
use super::{print, source, triage};
use crate::configuration::Configuration;
use crate::discover::{Input, REGRESSIONS, Source, quoted};
use crate::engine::Variant;
use crate::regress::{self, Disagreement, Engines, Name, Regression, Request};
use crate::run::{self, Runner};
use crate::terms::ReadingChoice;
use crate::whole_file;
use anyhow::anyhow;
use clap::{Args, Subcommand};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trapline_abi::ReadableText;
use trapline_spec_tests::workspace_root;

const EXAMPLES: &str = "\
Examples:
  trapline regress add crash.wasm --name gc/lost-root          every export, at boundaries
  trapline regress add crash.wat --name gc/lost-root --invoke f 1 2
  trapline regress add crash.wast --name gc/lost-root --source \"an issue\" --layer runtime
  trapline regress add crash.wasm --name gc/lost-root --dry-run          print it, and write nothing";

/// How often an exported function is called: once for each boundary of its types.
const CALLS: u32 = 6;
/// How often the script runs on the first engine.
const RUNS: u32 = 3;

/// Make regressions of modules and scripts.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Add(Box<AddArguments>),
}

/// Make a regression of a module or a script: a script that checks itself, in the folder with all of them.
///
/// A module is called, and what each call returns, or the trap or the exception that it ends in, is asserted; exported globals and
/// the words of exported memories that the calls have changed are read back. A module that is refused, is not linked or traps at
/// instantiation is asserted to do that. Of a script, the header is completed.
///
/// It is refused unless it asserts something, does the same every time, is green on all engines and variants, each of its
/// expectations is seen red when it is changed, and it is red on each broken engine that it should catch.
///
/// Exit codes: 0 it was written, 1 it was refused, 2 usage.
#[derive(Args)]
#[command(after_long_help = EXAMPLES)]
struct AddArguments {
    /// The module, in binary or text, or the script; `-` for the standard input.
    file: PathBuf,
    /// What the regression is called: the folder of its family, and the name of its file, which is the `id` in its header.
    #[arg(long, value_name = "FAMILY/SLUG")]
    name: Name,
    /// Where the bug is described: a CVE, an issue, a section of the specification. By default the name of the file.
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// The layer that was wrong, or would be.
    #[arg(long, value_name = "LAYER")]
    layer: Option<String>,
    /// What is right, in one sentence. By default what is asserted.
    #[arg(long, value_name = "TEXT")]
    expect: Option<String>,
    /// The folder with all regressions; by default that of the workspace around the current folder.
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Print the script instead of writing it.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    modules: ModuleArguments,
    /// A broken engine or variant that it has to be red on; may be repeated.
    #[arg(long, value_name = "VARIANT", help_heading = ENGINES)]
    red_on: Vec<Variant>,
    /// The engine or variant whose word counts if they do not agree: what it does is expected, and the script is red on the others.
    #[arg(long, value_name = "VARIANT", help_heading = ENGINES)]
    expect_from: Option<Variant>,
    /// One more engine or variant that has to agree, as `compare` has them; may be repeated.
    #[arg(long = "variant", value_name = "VARIANT", help_heading = ENGINES)]
    variants: Vec<Variant>,
    /// How often it runs on the first engine, to see whether it always does the same.
    #[arg(long, value_name = "N", default_value_t = RUNS, value_parser = clap::value_parser!(u32).range(2..), help_heading = ENGINES)]
    repeat: u32,
    #[command(flatten)]
    features: FeatureArguments,
    #[command(flatten)]
    limits: LimitArguments,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let Command::Add(arguments) = arguments.command;
    let path = arguments.path()?;
    if path.symlink_metadata().is_ok() {
        return Err(anyhow!("failed to add a regression: {} is there already", path.display()))
            .or_exit(Exit::Usage);
    }
    let mut selected = only_script(&arguments.file)?;
    let file = arguments.file.file_name().map_or("-".into(), |name| name.to_string_lossy());
    let file = if file == "-" { "the standard input".into() } else { file };
    // What cannot be read is reported when it is.
    if let Some(Ok(bytes)) = selected.inputs.first().map(Input::read)
        && source::is_object(&arguments.file, &bytes)
    {
        return Err(anyhow!(
            "failed to add a regression of {file}: an object, where a module or a script is wanted"
        ))
        .or_exit(Exit::Usage);
    }
    if arguments.modules.by_rule() {
        return Err(anyhow!(
            "failed to make a regression with --imports stub: a script that others run has no rules for what it imports"
        ))
        .or_exit(Exit::Usage);
    }
    arguments.modules.make_scripts(&mut selected.inputs, CALLS)?;
    let Some(input) = selected.inputs.first() else {
        return Err(anyhow!("failed to find scripts: {} is none", arguments.file.display()))
            .or_exit(Exit::NothingSelected);
    };
    let features = arguments.features.overrides();
    if !features.is_empty() && !matches!(input.source, Source::Module { .. }) {
        return Err(anyhow!(
            "failed to add a regression of {file}: the header of a script switches its features, and not -W"
        ))
        .or_exit(Exit::Usage);
    }
    let (engines, missing) = arguments.engines()?;
    let request = Request {
        name: &arguments.name,
        input,
        file: &file,
        features: &features,
        layer: arguments.layer.as_deref(),
        source: arguments.source.as_deref(),
        expect: arguments.expect.as_deref(),
        repeat: arguments.repeat,
    };
    let made = regress::add(&request, &engines).map_err(|error| Failure {
        exit: if error.is_usage() { Exit::Usage } else { Exit::Unexpected },
        error: anyhow!("failed to add a regression of {file}: {error}"),
    })?;
    let said = said(&path, &arguments, &made, &missing);
    if arguments.dry_run {
        print(&made.text)?;
        // A standard error that is closed is not an error of the command.
        let _ = write!(io::stderr(), "{}", ReadableText(&said));
        return Ok(Exit::Success);
    }
    write(&path, &made.text)
        .map_err(|error| anyhow!("failed to write {}: {error}", path.display()))
        .or_exit(Exit::Internal)?;
    print(&said)?;
    Ok(Exit::Success)
}

impl AddArguments {
    /// Where the regression is to be.
    fn path(&self) -> Result<PathBuf, Failure> {
        let of_workspace = || {
            let here = std::env::current_dir().ok()?;
            let folder = workspace_root(&here)?.join(REGRESSIONS);
            // Seen from here, if it is below.
            Some(folder.strip_prefix(&here).map(Path::to_owned).unwrap_or(folder))
        };
        let folder = self.into.clone().or_else(of_workspace);
        let folder = folder
            .ok_or_else(|| anyhow!("failed to find the folder with all regressions: --into DIR names it"))
            .or_exit(Exit::Usage)?;
        Ok(folder.join(self.name.path()))
    }

    /// The engines, and why some are missing.
    fn engines(&self) -> Result<(Engines<'_>, Vec<String>), Failure> {
        let first = self.expect_from;
        let mut agreeing: Vec<Variant> = first.into_iter().collect();
        for variant in triage::variants().into_iter().chain(self.variants.iter().copied()) {
            if !agreeing.contains(&variant) {
                agreeing.push(variant);
            }
        }
        let reference = agreeing.first().copied();
        let names: Vec<String> = agreeing.iter().map(|variant| variant.spec().name).collect();
        let runners = agreeing.iter().map(|&variant| self.runner(variant));
        let variants = agreeing.clone();
        let make_deterministic = Box::new(move |of: &Runner, relaxed| {
            runner::deterministic((of, relaxed), &variants, |variant| self.runner(variant))
        });
        let (agreeing, unavailable) = run::available(runners.collect::<Result<_, _>>()?);
        let missing: Vec<String> =
            unavailable.iter().map(|problem| format!("{}: {}", problem.file, problem.message)).collect();
        if agreeing.first().map(|runner| runner.engine.name()) != names.first().map(String::as_str) {
            return Err(anyhow!("failed to run the first engine: {}", missing.join(", ")))
                .or_exit(Exit::Internal);
        }
        let made = |variant: Option<Variant>| variant.map(|variant| self.runner(variant)).transpose();
        let mut broken = Vec::new();
        for &variant in &self.red_on {
            let (mut runner, unavailable) = run::available(vec![self.runner(variant)?]);
            if let Some(problem) = unavailable.first() {
                return Err(anyhow!("failed to run {variant}: {}", problem.message)).or_exit(Exit::Internal);
            }
            broken.extend(runner.pop().map(|runner| (variant.to_string(), runner)));
        }
        let engines = Engines {
            agreeing,
            trusts_first: first.is_some(),
            canonical: made(reference.and_then(Variant::with_canonical_nans))?,
            relaxed: made(reference.and_then(Variant::with_native_relaxed_simd))?,
            make_deterministic,
            broken,
        };
        Ok((engines, missing))
    }

    fn runner(&self, variant: Variant) -> Result<Runner, Failure> {
        let choices = Choices {
            overrides: Vec::new(),
            reading: ReadingChoice::default(),
            configuration: Arc::new(Configuration::default()),
        };
        runner::runner(variant.spec(), Some(self.limits), choices, "trapline wast".to_owned())
    }
}

/// Writes the whole script, and leaves no folder behind if that fails.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let is_new = !folder.is_dir();
    fs::create_dir_all(folder)?;
    let written = whole_file::write_new(path, text.as_bytes());
    if written.is_err() && is_new {
        // It can have got something else in it meanwhile.
        let _ = fs::remove_dir(folder);
    }
    written
}

/// What was made, and what to do next.
fn said(path: &Path, arguments: &AddArguments, made: &Regression, missing: &[String]) -> String {
    let shown = quoted(&path.to_string_lossy());
    let count = |count: u64, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    let mut text = String::new();
    let mut field = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {:11} {value}", format!("{name}:"));
    };
    let assertions = count(made.assertions as u64, "assertion", "assertions");
    let changed = count(made.changed, "changed expectation was", "changed expectations were");
    field("asserts", &format!("{assertions}; {changed} seen red"));
    for read_back in &made.read_back {
        field("reads back", read_back);
    }
    for note in &made.notes {
        field("note", note);
    }
    field("green on", &made.engines.join(", "));
    for Disagreement { engine, what } in made.disagreeing.iter().chain(&made.caught) {
        field("red on", &format!("{engine}: {what}"));
    }
    let limited = made.limited.iter().map(|Disagreement { engine, what }| format!("{engine}: {what}"));
    for without in missing.iter().cloned().chain(limited) {
        field("without", &without);
    }
    if made.caught.is_empty() && made.disagreeing.is_empty() {
        field(
            "note",
            "no broken engine was tried: --red-on VARIANT, or a change by hand, goes below `Red when:`",
        );
    }
    field("next", "say in the comment what goes wrong in a broken engine");
    field("next", &format!("trapline audit {shown} --all"));
    field("next", "make regressions");
    field("next", "TRAPLINE_BLESS=1 cargo test --test regressions, for the tables in regressions/README.md");
    let verb = if arguments.dry_run { "not written" } else { "written" };
    format!("{shown}: {verb}\n{text}")
}
