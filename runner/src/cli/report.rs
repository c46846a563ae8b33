//! `trapline report`: shows, compares and merges JSON reports.

use super::exit::{Exit, Failure, OrExit};
use super::output::Format;
use super::{destination, print};
use crate::reading;
use crate::report::{Diff, Merged, Recorded, Reporter, Section};
use anyhow::anyhow;
use clap::{Args, Subcommand, ValueEnum};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Show, compare and merge JSON reports.
///
/// Takes what `--format json` or `--report json=FILE` has written.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say what has changed from one run to another. Exits with 1 if there is something of what --fail-on names.
    Diff {
        /// The report of the earlier run.
        #[arg(value_name = "OLD.jsonl")]
        old: PathBuf,
        /// The report of the later run.
        #[arg(value_name = "NEW.jsonl")]
        new: PathBuf,
        /// What makes the exit code 1; several, separated by commas.
        #[arg(long, value_enum, value_delimiter = ',', default_value = "worse", value_name = "CHANGE")]
        fail_on: Vec<FailOn>,
        /// The form of what is said.
        #[arg(long, value_enum, default_value = "pretty", value_name = "FORMAT")]
        format: DiffFormat,
    },
    /// Make one report of those of a run's parts, or of runs on several engines. Exits with 1 if anything in it is not as
    /// expected, or if a part of a partition is missing.
    Merge {
        /// The reports. No directive may be in two of them.
        #[arg(value_name = "PART.jsonl", required = true)]
        parts: Vec<PathBuf>,
        /// Write the report to a file instead of the standard output.
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Turn a report into another form. Exits with 0 whatever it says of the run.
    Show {
        /// The report.
        #[arg(value_name = "FILE.jsonl")]
        file: PathBuf,
        /// The form.
        #[arg(long, value_enum, default_value = "pretty", value_name = "FORMAT")]
        format: Format,
        /// Write it to a file instead of the standard output.
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// What a comparison fails on.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum FailOn {
    /// Whatever makes the later run worse: what fails and passed before, what fails in a worse way (a crash and no mere
    /// failure), what passed and has vanished, what is new and red.
    Worse,
    /// What fails and passed before, and scripts and problems that are newly red.
    NewlyFailing,
    /// What does not pass, with another outcome than before.
    Changed,
    /// What has vanished.
    Vanished,
    /// What is new.
    New,
    /// Any difference.
    Any,
    /// Nothing.
    Never,
}

impl FailOn {
    fn fails(self, diff: &Diff) -> bool {
        let any = |sections: &[Section]| sections.iter().any(|&section| !diff.section(section).is_empty());
        match self {
            FailOn::Worse => diff.is_worse(),
            FailOn::NewlyFailing => any(&[Section::NewlyFailing]),
            FailOn::Changed => any(&[Section::Worse, Section::Changed]),
            FailOn::Vanished => any(&[Section::Vanished]),
            FailOn::New => any(&[Section::New]),
            FailOn::Any => !diff.is_empty(),
            FailOn::Never => false,
        }
    }
}

/// The form of a comparison.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum DiffFormat {
    /// For people.
    Pretty,
    /// JSON lines: an object for each difference, and the counts.
    Json,
    /// Annotations for GitHub Actions.
    Github,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    match arguments.command {
        Command::Diff { old, new, fail_on, format } => diff(&old, &new, &fail_on, format),
        Command::Merge { parts, output } => merge(&parts, output.as_deref()),
        Command::Show { file, format, output } => show(&file, format, output.as_deref()),
    }
}

fn diff(old: &Path, new: &Path, fail_on: &[FailOn], format: DiffFormat) -> Result<Exit, Failure> {
    let (old_text, new_text) = (read(old)?, read(new)?);
    let diff = Diff::between(&parse(old, &old_text)?, &parse(new, &new_text)?);
    let mut text = Vec::new();
    match format {
        DiffFormat::Pretty => write!(text, "{diff}"),
        DiffFormat::Json => diff.write_json(&mut text),
        DiffFormat::Github => diff.write_github(&mut text),
    }
    .or_exit(Exit::Internal)?;
    print(&String::from_utf8_lossy(&text))?;
    let fails = fail_on.iter().any(|change| change.fails(&diff));
    Ok(if fails { Exit::Unexpected } else { Exit::Success })
}

fn merge(parts: &[PathBuf], output: Option<&Path>) -> Result<Exit, Failure> {
    check(output, parts)?;
    let texts = parts.iter().map(|part| read(part)).collect::<Result<Vec<_>, _>>()?;
    let runs =
        parts.iter().zip(&texts).map(|(part, text)| Ok((part.display().to_string(), parse(part, text)?)));
    let runs = runs.collect::<Result<Vec<_>, Failure>>()?;
    let merged = Merged::new(&runs)
        .map_err(|error| anyhow!("failed to merge the reports: {error}"))
        .or_exit(Exit::Usage)?;
    match output {
        Some(path) => {
            write_file(path, |out| merged.write(out))?;
            let totals: String =
                merged.engines().map(|(engine, totals)| format!("{engine}: {totals}\n")).collect();
            print(&totals)?;
        }
        None => {
            let mut text = Vec::new();
            merged.write(&mut text).or_exit(Exit::Internal)?;
            print(&String::from_utf8_lossy(&text))?;
        }
    }
    if let Some(missing) = missing(&merged) {
        return Err(anyhow!("failed to make a whole of the reports: {missing}")).or_exit(Exit::Unexpected);
    }
    Ok(if merged.is_red() { Exit::Unexpected } else { Exit::Success })
}

/// Names the parts that are missing.
fn missing(merged: &Merged<'_>) -> Option<String> {
    let parts: Vec<_> = merged.missing().iter().map(|problem| problem.file.as_str()).collect();
    let verb = if parts.len() == 1 { "is" } else { "are" };
    (!parts.is_empty()).then(|| format!("{} {verb} missing", parts.join(", ")))
}

fn show(file: &Path, format: Format, output: Option<&Path>) -> Result<Exit, Failure> {
    check(output, &[file.to_owned()])?;
    let text = read(file)?;
    let run = parse(file, &text)?;
    let replay = |mut report: Box<dyn Reporter + '_>| run.events().try_for_each(|event| report.event(&event));
    match output {
        Some(path) => write_file(path, |out| replay(format.in_file(out)))?,
        None => match replay(format.on_stdout(Box::new(BufWriter::new(io::stdout())))) {
            Ok(()) => {}
            // The reader has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Err(error) => return Err(anyhow!("failed to show the report: {error}")).or_exit(Exit::Internal),
        },
    }
    Ok(Exit::Success)
}

/// Refuses an output that is an input.
fn check(output: Option<&Path>, inputs: &[PathBuf]) -> Result<(), Failure> {
    let outputs = output.map(|path| (format!("--output {}", path.display()), path));
    destination::check(outputs, inputs.iter().map(PathBuf::as_path))
}

fn write_file(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Failure> {
    let written = || {
        let mut out = BufWriter::new(File::create(path)?);
        write(&mut out)?;
        let file = out.into_inner()?;
        if file.metadata()?.is_file() { file.sync_all() } else { Ok(()) }
    };
    written()
        .map_err(|error: io::Error| anyhow!("failed to write the report to {}: {error}", path.display()))
        .or_exit(Exit::Internal)
}

pub(super) fn read(path: &Path) -> Result<String, Failure> {
    reading::read_text(path)
        .map_err(|error| anyhow!("failed to read the report {}: {error}", path.display()))
        .or_exit(Exit::Usage)
}

pub(super) fn parse<'a>(path: &Path, text: &'a str) -> Result<Recorded<'a>, Failure> {
    Recorded::parse(text)
        .map_err(|error| anyhow!("failed to read the report {}: {error}", path.display()))
        .or_exit(Exit::Usage)
}
