//! `--rerun-failed REPORT`: what was red in an earlier run, with the options of that run.

use super::exit::{Exit, Failure, OrExit};
use super::print;
use super::report::{parse, read};
use super::run::call_last;
use super::selection::SelectionArguments;
use crate::discover::{Input, quoted};
use crate::run::{Part, RedDirectives};
use crate::trail::RunInfo;
use anyhow::anyhow;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches};
use clap::{Args as _, FromArgMatches};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// The flag, and the commands that have it.
const FLAG: &str = "rerun-failed";
const COMMANDS: [&str; 2] = ["wast", "compare"];

/// The options on which outcomes depend, by the names of their fields. Which scripts are selected, a report says apart.
const OPTIONS: [&str; 27] = [
    "engine",
    "variants",
    "matrix",
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

/// The words of this command, with those options of the run that is to be run again that it does not have itself. What cannot
/// be read or understood is left to the command to say.
pub(super) fn with_options(words: Vec<OsString>, cli: &clap::Command) -> Vec<OsString> {
    match options_of_report(&words, cli) {
        Some((at, options)) if !options.is_empty() => {
            let shown: Vec<String> = options.iter().map(|word| quoted(&word.to_string_lossy())).collect();
            // A standard error that is closed is not an error of the run.
            let _ = writeln!(io::stderr(), "note: with the options of that run: {}", shown.join(" "));
            let mut all = words;
            all.splice(at..at, options);
            all
        }
        Some(_) | None => words,
    }
}

/// The options, and where they belong.
fn options_of_report(words: &[OsString], cli: &clap::Command) -> Option<(usize, Vec<OsString>)> {
    let flag = format!("--{FLAG}");
    if !words.iter().any(|word| word.to_string_lossy().starts_with(&flag)) {
        return None;
    }
    let matches = cli.clone().try_get_matches_from(call_last(words.to_vec())).ok()?;
    let (name, ours) = matches.subcommand().filter(|(name, _)| COMMANDS.contains(name))?;
    let report = ours.get_one::<PathBuf>("rerun_failed")?;
    let run = run_of(report)?;
    let earlier =
        cli.clone().try_get_matches_from(call_last(run.command.iter().map(OsString::from).collect())).ok()?;
    let theirs = earlier.subcommand().filter(|(earlier, _)| *earlier == name)?.1;
    let command = cli.find_subcommand(name)?;
    let is_given = |matches: &ArgMatches, id: &str| {
        let source = matches.try_contains_id(id).ok().and_then(|_| matches.value_source(id));
        source == Some(ValueSource::CommandLine)
    };
    let mut options = Vec::new();
    for argument in
        OPTIONS.iter().filter_map(|id| command.get_arguments().find(|argument| argument.get_id() == id))
    {
        let id = argument.get_id().as_str();
        if is_given(theirs, id) && !is_given(ours, id) {
            push(&mut options, argument, theirs);
        }
    }
    let at = words.iter().position(|word| word == name)? + 1;
    Some((at, options))
}

/// What a report says of its run, which its first line does. A pipe is left to be read once.
fn run_of(report: &Path) -> Option<RunInfo> {
    let file =
        File::open(report).ok().filter(|file| file.metadata().is_ok_and(|metadata| metadata.is_file()))?;
    let mut line = String::new();
    BufReader::new(file).take(LONGEST_LINE).read_line(&mut line).ok()?;
    serde_json::from_str(&line).ok()
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
            (false, _) => Ok(Some(Again { report, red, selection: run.run.selection })),
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

    /// Keeps the scripts of which something was red.
    ///
    /// # Errors
    ///
    /// When one of them is not there, and the user's filters do not leave it out.
    pub(super) fn retain(&self, inputs: &mut Vec<Input>, filtered: bool) -> Result<(), Failure> {
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
            "failed to find scripts that are red in {}: {names}{more}; name the scripts of that run, or its --suite",
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
    const OTHERS: [&str; 24] = [
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
        "precompile_load",
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
