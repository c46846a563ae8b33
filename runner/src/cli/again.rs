//! `--rerun-failed REPORT`: what was red in an earlier run, with the options of that run.

use super::exit::{Exit, Failure, OrExit};
use super::print;
use super::report::{parse, read};
use super::run::call_last;
use super::selection::SelectionArguments;
use crate::discover::{Input, quoted};
use crate::engine::EngineKind;
use crate::run::{Part, RedDirectives};
use crate::trail::RunInfo;
use anyhow::anyhow;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches};
use clap::{Args as _, FromArgMatches};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// The flag, and the commands that have it.
const FLAG: &str = "rerun-failed";
const COMMANDS: [&str; 2] = [WAST, COMPARE];
const WAST: &str = "wast";
const COMPARE: &str = "compare";

/// How a call begins. It is the last of the options.
const INVOKE: &[u8] = b"--invoke=";

/// The options that say which calls are made of a module.
const CALLS: [&str; 3] = ["calls", "call_seed", "invoke"];

/// The option that switches proposals, which adds up.
const FEATURES: &str = "features";

/// The option that names engines, and all of those that choose what is compared.
const ENGINE: &str = "engine";
const CHOICES: [&str; 3] = [ENGINE, "variants", "matrix"];

/// The options on which outcomes depend, by the names of their fields. Which scripts are selected, a report says apart.
const OPTIONS: [&str; 28] = [
    ENGINE,
    "variants",
    "matrix",
    "precompile_load",
    "opt",
    "memory",
    "cpu",
    "relaxed",
    "verify",
    "gc_stress",
    "max_gc_heap",
    "max_linear_memory",
    "max_table_elements",
    "debug_info",
    "features",
    "texts",
    "dialect",
    "timeout",
    "max_memory",
    "suite_revision",
    "no_isolate",
    "expectations",
    "no_config",
    "calls",
    "call_seed",
    "imports",
    "show_output",
    "invoke",
];

/// Bytes of the first line of a report, at most.
const LONGEST_LINE: u64 = 16 << 20;

/// The words of this command, with those options of the run that is to be run again that it does not have itself.
///
/// # Errors
///
/// When it is not known with which options that was, or this command cannot take them over: what was red could be green
/// without them.
pub(super) fn with_options(words: Vec<OsString>, cli: &clap::Command) -> Result<Vec<OsString>, Failure> {
    let Some((at, options)) = options_of_report(&words, cli)?.filter(|(_, options)| !options.is_empty())
    else {
        return Ok(words);
    };
    let shown: Vec<String> = options.iter().map(|word| quoted(&word.to_string_lossy())).collect();
    // A standard error that is closed is not an error of the run.
    let _ = writeln!(io::stderr(), "note: with the options of that run: {}", shown.join(" "));
    let mut all = words;
    // The arguments of a call end the options: what came behind them would be one more.
    let call =
        options.iter().position(|word| word.as_encoded_bytes().starts_with(INVOKE)).unwrap_or(options.len());
    let (options, call) = options.split_at(call);
    let end = all.iter().position(|word| word == "--").unwrap_or(all.len());
    all.splice(end..end, call.iter().cloned());
    all.splice(at..at, options.iter().cloned());
    Ok(all)
}

/// The options of a command on which outcomes depend, as they were given.
pub(super) fn given(matches: &ArgMatches, cli: &clap::Command) -> Vec<OsString> {
    let mut words = Vec::new();
    let Some((name, matches)) = matches.subcommand().filter(|(name, _)| COMMANDS.contains(name)) else {
        return words;
    };
    for argument in cli.find_subcommand(name).map(options_of).into_iter().flatten() {
        if is_given(matches, argument) {
            push(&mut words, argument, matches);
        }
    }
    words
}

/// The options of a command on which outcomes depend.
fn options_of(command: &clap::Command) -> impl Iterator<Item = &clap::Arg> {
    OPTIONS.iter().filter_map(|id| command.get_arguments().find(|argument| argument.get_id() == id))
}

fn is_given(matches: &ArgMatches, argument: &clap::Arg) -> bool {
    let id = argument.get_id().as_str();
    let source = matches.try_contains_id(id).ok().and_then(|_| matches.value_source(id));
    source == Some(ValueSource::CommandLine)
}

/// The options, and where they belong. `None` if nothing is to be run again, or the words make no sense, which the
/// command says.
fn options_of_report(
    words: &[OsString],
    cli: &clap::Command,
) -> Result<Option<(usize, Vec<OsString>)>, Failure> {
    let flag = format!("--{FLAG}");
    if !words.iter().any(|word| word.to_string_lossy().starts_with(&flag)) {
        return Ok(None);
    }
    let Ok(matches) = cli.clone().try_get_matches_from(call_last(words.to_vec())) else { return Ok(None) };
    let Some((name, ours)) = matches.subcommand().filter(|(name, _)| COMMANDS.contains(name)) else {
        return Ok(None);
    };
    let (Some(report), Some(command), Some(at)) = (
        ours.get_one::<PathBuf>("rerun_failed"),
        cli.find_subcommand(name),
        words.iter().position(|word| word == name),
    ) else {
        return Ok(None);
    };
    let refused = |cause: String| anyhow!("failed to run again what is red in {}: {cause}", report.display());
    let run = run_of(report)?;
    let theirs = if run.compares { COMPARE } else { WAST };
    if run.compares && name != COMPARE {
        let cause = format!(
            "engines were compared there, and what they differ in is found by `trapline compare --{FLAG} {}`",
            quoted(&report.display().to_string())
        );
        return Err(refused(cause)).or_exit(Exit::Usage);
    }
    let Some(options) = run.options else {
        let cause = "it does not say with which options, or is of runs with different ones; the reports of \
                     single runs do";
        return Err(refused(cause.to_owned())).or_exit(Exit::Usage);
    };
    let earlier = ["trapline", theirs].into_iter().map(String::from).chain(options).map(OsString::from);
    let earlier = cli.clone().try_get_matches_from(call_last(earlier.collect()));
    let earlier = earlier
        .map_err(|error| refused(format!("its options are not those of this version ({})", error.kind())))
        .or_exit(Exit::Usage)?;
    let earlier = earlier.subcommand().map(|(_, matches)| matches);
    // Other calls are other directives: what was red would not be run.
    if let Some(flag) = options_of(command)
        .filter(|own| CALLS.iter().any(|id| own.get_id() == id) && is_given(ours, own))
        .find_map(clap::Arg::get_long)
    {
        let cause = format!("its calls are those of that run, and --{flag} would make others");
        return Err(refused(cause)).or_exit(Exit::Usage);
    }
    let mut options = Vec::new();
    for argument in cli.find_subcommand(theirs).map(options_of).into_iter().flatten() {
        let Some(matches) = earlier.filter(|matches| is_given(matches, argument)) else { continue };
        let id = argument.get_id().as_str();
        match command.get_arguments().any(|own| own.get_id() == id) {
            // Engines are not options of their own where others are compared with them.
            true if id == ENGINE && theirs != name => {}
            // Proposals that are switched here come on top of those of that run.
            true if is_given(ours, argument) && id != FEATURES => {}
            true => push(&mut options, argument, matches),
            false => {
                let flag = argument.get_long().unwrap_or(id);
                let cause = format!("it was run with --{flag}, which `trapline {name}` does not have");
                return Err(refused(cause)).or_exit(Exit::Usage);
            }
        }
    }
    if theirs != name
        && let Some(matches) = earlier
        && !CHOICES
            .iter()
            .any(|id| command.get_arguments().any(|own| own.get_id() == id && is_given(ours, own)))
    {
        options.insert(0, engines_to_compare(matches));
    }
    Ok(Some((at + 1, options)))
}

/// The engines of an earlier run, and those that are compared without a choice.
fn engines_to_compare(earlier: &ArgMatches) -> OsString {
    let own = EngineKind::OWN.map(EngineKind::name);
    let mut names: Vec<&str> = Vec::new();
    let raw = earlier.get_raw(ENGINE).into_iter().flatten().filter_map(OsStr::to_str);
    for name in raw.flat_map(|names| names.split(',')).chain(own) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    format!("--{ENGINE}={}", names.join(",")).into()
}

/// What a report says of its run, which its first line does.
fn run_of(report: &Path) -> Result<RunInfo, Failure> {
    let read = || {
        let file = File::open(report)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it is not a file that can be read twice"));
        }
        let mut line = String::new();
        BufReader::new(file).take(LONGEST_LINE).read_line(&mut line)?;
        match line.is_empty() {
            true => Err(io::Error::new(ErrorKind::InvalidData, "the file is empty")),
            false => Ok(line),
        }
    };
    let name = report.display();
    let line =
        read().map_err(|error| anyhow!("failed to read the report {name}: {error}")).or_exit(Exit::Usage)?;
    serde_json::from_str(&line)
        .map_err(|error| anyhow!("failed to read the report {name}: line 1 does not describe a run: {error}"))
        .or_exit(Exit::Usage)
}

/// Appends an option as it was given.
fn push(words: &mut Vec<OsString>, argument: &clap::Arg, matches: &ArgMatches) {
    let flag = match (argument.get_long(), argument.get_short()) {
        (Some(long), _) => format!("--{long}"),
        (None, Some(short)) => format!("-{short}"),
        (None, None) => return,
    };
    let id = argument.get_id().as_str();
    if matches!(argument.get_action(), ArgAction::SetTrue) {
        words.push(flag.into());
        return;
    }
    for values in matches.get_raw_occurrences(id).into_iter().flatten() {
        let values: Vec<&OsStr> = values.collect();
        let separator = argument.get_value_delimiter().map(String::from);
        let (first, rest) = match separator {
            Some(separator) => (values.join(OsStr::new(&separator)), &[][..]),
            None => match values.split_first() {
                // What follows are the arguments of a call.
                Some((first, rest)) => ((*first).to_owned(), rest),
                None => continue,
            },
        };
        if argument.get_long().is_some() {
            let mut word = OsString::from(format!("{flag}="));
            word.push(first);
            words.push(word);
        } else {
            words.extend([OsString::from(&flag), first]);
        }
        words.extend(rest.iter().map(|&word| word.to_owned()));
    }
}

/// What was red in an earlier run, and how its scripts were selected.
pub(super) struct Again {
    report: String,
    red: RedDirectives,
    selection: Vec<String>,
    /// The folder of the suite, if the run had one.
    suite: Option<String>,
}

/// Scripts that are named when they are not there.
const NAMED: usize = 3;

impl Again {
    /// Reads the report of the run. `None` if nothing in it was red, which is said then.
    ///
    /// # Errors
    ///
    /// When it is not the whole report of a run, or nothing was red in it that a script can be run for.
    pub(super) fn read(path: &Path) -> Result<Option<Again>, Failure> {
        let text = read(path)?;
        let run = parse(path, &text)?;
        let (report, red) = (path.display().to_string(), RedDirectives::of_run(&run));
        match (red.is_empty(), run.problems.first()) {
            (false, _) => {
                let (selection, suite) = (run.run.selection, run.run.suite_folder);
                Ok(Some(Again { report, red, selection, suite }))
            }
            (true, None) => print(&format!("nothing is red in {report}\n")).map(|()| None),
            (true, Some(first)) => Err(anyhow!(
                "failed to find what to run again: no directive is red in {report}, only {}: {}",
                first.problem.file,
                first.problem.message
            ))
            .or_exit(Exit::NothingSelected),
        }
    }

    /// What to select: what the user says, else what the earlier run has selected.
    pub(super) fn selection(&self, wanted: &SelectionArguments) -> Result<SelectionArguments, Failure> {
        let command = SelectionArguments::augment_args(clap::Command::new("trapline").no_binary_name(true));
        let earlier = command
            .try_get_matches_from(&self.selection)
            .and_then(|matches| SelectionArguments::from_arg_matches(&matches))
            .map_err(|error| {
                anyhow!(
                    "failed to select the scripts of {} again, which are to be named then: {}",
                    self.report,
                    error.kind()
                )
            })
            .or_exit(Exit::Usage)?;
        Ok(wanted.or(earlier))
    }

    /// Refuses another suite than that of the run, where the user names none: what was red there can be green here.
    pub(super) fn check_suite(&self, wanted: &SelectionArguments, inputs: &[Input]) -> Result<(), Failure> {
        let here = inputs.iter().find(|input| input.suite().is_some());
        let Some(here) = here.filter(|_| wanted.says_nothing()).map(Input::suite_folder) else {
            return Ok(());
        };
        if here == self.suite {
            return Ok(());
        }
        let shown = |folder: &Option<String>| match folder {
            Some(folder) => format!("in {}", quoted(folder)),
            None => "that is embedded".to_owned(),
        };
        Err(anyhow!(
            "failed to run again what is red in {}: it is of the suite {}, and here it would be the one {} (--suite DIR or \
             --spec EDITION chooses)",
            self.report,
            shown(&self.suite),
            shown(&here)
        ))
        .or_exit(Exit::Usage)
    }

    /// Keeps the scripts of which something was red.
    ///
    /// # Errors
    ///
    /// When one of them is not there, and the user's filters do not leave it out.
    pub(super) fn retain(&mut self, inputs: &mut Vec<Input>, filtered: bool) -> Result<(), Failure> {
        self.red.adopt(inputs.iter().map(|input| &*input.name));
        inputs.retain(|input| self.red.is_of(&input.name));
        let missing = self.red.missing(inputs.iter().map(|input| &*input.name));
        if missing.is_empty() || filtered && !inputs.is_empty() {
            return Ok(());
        }
        let more = match missing.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let names: Vec<String> = missing.into_iter().take(NAMED).map(quoted).collect();
        let names = names.join(", ");
        Err(anyhow!(
            "failed to find scripts that are red in {}: {names}{more}; from another folder, name the scripts of that run, \
             or its --suite, since that run named them from its own",
            self.report
        ))
        .or_exit(Exit::NothingSelected)
    }

    /// What is reported of the scripts.
    pub(super) fn part(self) -> Part {
        Part::Red(self.red)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    /// What an outcome does not depend on, or what a report says apart.
    const OTHERS: [&str; 23] = [
        "paths",
        "spec",
        "suite",
        "filter",
        "skip",
        "exact",
        "partition",
        "list",
        "jobs",
        "fail_fast",
        "max_fail",
        "only",
        "rerun_failed",
        "bless",
        "precompile_save",
        "profiler",
        "timing",
        "format",
        "quiet",
        "output",
        "reports",
        "color",
        "help",
    ];

    /// Every option is one or the other, and none is named that is not there.
    #[test]
    fn every_option_is_accounted_for() {
        let cli = crate::cli::Cli::command();
        let commands = COMMANDS.map(|name| cli.find_subcommand(name).expect("a command"));
        let ids: Vec<&str> = commands
            .iter()
            .flat_map(|command| command.get_arguments())
            .map(|argument| argument.get_id().as_str())
            .collect();
        for id in &ids {
            assert!(OPTIONS.contains(id) != OTHERS.contains(id), "{id}");
        }
        for id in OPTIONS.iter().chain(&OTHERS).filter(|id| !["color", "help"].contains(id)) {
            assert!(ids.contains(id), "{id}");
        }
    }
}
