//! The command line: `trapline wast`, `compare`, `triage`, `reduce`, `audit`, `mutate`, `regress`, `report`, `validate`, `compile`, `run`,
//! `sandbox`, `inspect`, `objdump`, `features`, `completions` and `manpages`.

mod again;
mod artifact_file;
mod audit;
mod bless;
mod color;
mod compare;
mod compile;
mod completions;
mod configuration;
mod destination;
mod emit;
mod entity;
mod execution;
mod exit;
mod features;
mod headings;
mod inspect;
mod interrupt;
mod isolation;
mod manpages;
mod module;
#[cfg_attr(not(feature = "faults"), path = "no_mutate.rs")]
mod mutate;
mod objdump;
mod only;
mod options;
mod output;
mod progress;
mod reduce;
mod regress;
mod report;
mod run;
mod runner;
mod sandbox;
mod selection;
mod source;
mod terms;
mod triage;
mod validate;
mod values;
mod wast;

#[doc(hidden)]
pub use objdump::functions as functions_of_manifest;

use crate::reading;
use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use color::colored;
use exit::{Exit, Failure, OrExit};
use isolation::Role;
use serde::Serialize;
use std::ffi::OsString;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::OnceLock;
use tracing_subscriber::EnvFilter;
use trapline_abi::ReadableText;

/// The words of the command line, with the options that `--rerun-failed` adds.
static WORDS: OnceLock<Vec<String>> = OnceLock::new();

/// Those options of the command line on which outcomes depend, word by word.
static OPTIONS: OnceLock<Vec<String>> = OnceLock::new();

/// The environment variable with the filter for diagnostics on the standard error.
const LOG_VARIABLE: &str = "TRAPLINE_LOG";

const AFTER_HELP: &str = "\
Exit codes: 0 all as expected, 1 anything else, 2 usage or unreadable input, 4 nothing selected, 70 internal error
or a report that cannot be written. A run that a signal ends, ends by it: 130 (Ctrl-C), 143 (TERM), 129 (HUP) in a shell. For single modules, 1 is also a limit on time or memory, and 70 a crash; `run` has more \
codes, which its help names.
Environment: TRAPLINE_SPEC_TESTS (folder of the official suite), TRAPLINE_LOG (filter for diagnostics, such as \
`debug` or `trapline=trace`), NO_COLOR, TRAPLINE_MAX_INPUT (MiB that a \
script, a module, an object or a report that is read may have, by default 1024), TRAPLINE_CPU_LEVEL \
(`x86-64`, `x86-64-v2` or `x86-64-v3`: hides processor features beyond it); for reports in the form `github` also GITHUB_WORKSPACE and \
GITHUB_STEP_SUMMARY.";

/// A WebAssembly conformance runner and crash laboratory on Cranelift.
#[derive(Parser)]
#[command(name = "trapline", version, after_help = AFTER_HELP)]
struct Cli {
    /// When to write colours: to terminals, unless NO_COLOR is set; always; never. Reports in files have none.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value = "auto",
        display_order = 1000
    )]
    color: color::When,
    #[command(subcommand)]
    command: Command,
}

/// The commands. What each says of itself stands at its arguments: text here would take its place.
#[derive(Subcommand)]
enum Command {
    Wast(wast::Arguments),
    Compare(compare::Arguments),
    Triage(triage::Arguments),
    Reduce(Box<reduce::Arguments>),
    Audit(audit::Arguments),
    Mutate(mutate::Arguments),
    Regress(regress::Arguments),
    Report(report::Arguments),
    Validate(validate::Arguments),
    Compile(compile::Arguments),
    Run(run::Arguments),
    Sandbox(sandbox::Arguments),
    Inspect(inspect::Arguments),
    Objdump(objdump::Arguments),
    Features(features::Arguments),
    Completions(completions::Arguments),
    Manpages(manpages::Arguments),
}

/// Runs the program: parses the arguments, does what they ask, and says how it went.
pub fn main() -> ExitCode {
    trapline_sandbox::fail_large_writes();
    let (role, words) = match Role::of_process() {
        Ok(role) => role,
        Err(failure) => {
            failure.tell();
            return failure.exit.into();
        }
    };
    // A worker ends with the process that has started it, which tidies up; and it has one thread until it is confined.
    if let Role::First(_) = role {
        interrupt::tidy_up_when_interrupted();
    }
    let command = Cli::command().color(color::of_help(&words));
    let words = match again::with_options(words, &command) {
        Ok(words) => run::call_last(words),
        Err(failure) => {
            failure.tell();
            return failure.exit.into();
        }
    };
    // What a report says of the command is what it did.
    let _ = WORDS.set(shown(&words));
    let parsed = command
        .clone()
        .try_get_matches_from(words)
        .and_then(|matches| Cli::from_arg_matches(&matches).map(|cli| (cli, matches)));
    let cli = match parsed {
        Ok((cli, matches)) => {
            let _ = OPTIONS.set(shown(&again::given(&matches, &command)));
            cli
        }
        Err(error) => {
            // Help for a reader who has gone away is not a failure.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Success.into() };
        }
    };
    color::choose(cli.color);
    let result = catch_unwind(AssertUnwindSafe(|| {
        start_diagnostics()?;
        trapline_abi::check_cpu_level().or_exit(Exit::Usage)?;
        reading::limit_mib().map_err(|error| anyhow::anyhow!("failed to {error}")).or_exit(Exit::Usage)?;
        match cli.command {
            Command::Wast(arguments) => wast::main(arguments),
            Command::Compare(arguments) => compare::main(arguments),
            Command::Triage(arguments) => triage::main(arguments),
            Command::Reduce(arguments) => reduce::main(*arguments),
            Command::Audit(arguments) => audit::main(arguments),
            Command::Mutate(arguments) => mutate::main(arguments),
            Command::Regress(arguments) => regress::main(arguments),
            Command::Report(arguments) => report::main(arguments),
            Command::Validate(arguments) => validate::main(arguments, &role),
            Command::Compile(arguments) => compile::main(arguments, &role),
            Command::Run(arguments) => run::main(arguments, &role),
            Command::Sandbox(arguments) => sandbox::main(arguments),
            Command::Inspect(arguments) => inspect::main(arguments, &role),
            Command::Objdump(arguments) => objdump::main(arguments),
            Command::Features(arguments) => features::main(arguments),
            Command::Completions(arguments) => completions::main(arguments),
            Command::Manpages(arguments) => manpages::main(arguments),
        }
    }));
    match result {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(failure)) => {
            failure.tell();
            failure.exit.into()
        }
        // The panic has already said what it had to say.
        Err(_) => Exit::Internal.into(),
    }
}

fn start_diagnostics() -> Result<(), Failure> {
    let Some(filter) = std::env::var_os(LOG_VARIABLE).filter(|filter| !filter.is_empty()) else {
        return Ok(());
    };
    let filter = filter.to_string_lossy();
    let filter = EnvFilter::try_new(&*filter)
        .map_err(|error| anyhow::anyhow!("failed to understand {LOG_VARIABLE}={filter}: {error}"))
        .or_exit(Exit::Usage)?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colored(&io::stderr()))
        .init();
    Ok(())
}

/// The command line, word by word, as reports have it.
fn command_line() -> Vec<String> {
    WORDS.get().cloned().unwrap_or_default()
}

/// Those options of the command line on which outcomes depend, as reports have them.
fn options_given() -> Vec<String> {
    OPTIONS.get().cloned().unwrap_or_default()
}

fn shown(words: &[OsString]) -> Vec<String> {
    words.iter().map(|word| word.to_string_lossy().into_owned()).collect()
}

/// A value as a line of JSON.
fn json_line(value: &impl Serialize) -> Result<String, Failure> {
    crate::report::json_line(value).context("failed to write JSON").or_exit(Exit::Internal)
}

/// Writes a whole text to the standard output, with control characters but those of lines escaped: parts of it can come
/// from files. A reader who has gone away is not a failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match write!(out, "{}", ReadableText(text)).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            Err(anyhow::anyhow!("failed to write to the standard output: {error}")).or_exit(Exit::Internal)
        }
        Ok(()) => Ok(()),
    }
}
