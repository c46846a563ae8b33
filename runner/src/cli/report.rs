//! `trapline report`: compares and merges JSON reports.

use super::exit::{Exit, Failure, OrExit};
use super::{destination, print};
use crate::reading;
use crate::report::{Diff, Merged, Recorded};
use anyhow::anyhow;
use clap::{Args, Subcommand};
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// Compare and merge JSON reports.
///
/// Takes what `--format json` or `--report json=FILE` has written.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say what has changed from one run to another. Exits with 1 if a directive fails that passed before, or has
    /// vanished, or if a file cannot be parsed any more.
    Diff {
        /// The report of the earlier run.
        #[arg(value_name = "OLD.jsonl")]
        old: PathBuf,
        /// The report of the later run.
        #[arg(value_name = "NEW.jsonl")]
        new: PathBuf,
    },
    /// Make one report of those of a run's parts, or of runs on several engines.
    Merge {
        /// The reports. No directive may be in two of them.
        #[arg(value_name = "PART.jsonl", required = true)]
        parts: Vec<PathBuf>,
        /// Write the report to a file instead of the standard output.
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    match arguments.command {
        Command::Diff { old, new } => diff(&old, &new),
        Command::Merge { parts, output } => merge(&parts, output.as_deref()),
    }
}

fn diff(old: &Path, new: &Path) -> Result<Exit, Failure> {
    let (old_text, new_text) = (read(old)?, read(new)?);
    let diff = Diff::between(&parse(old, &old_text)?, &parse(new, &new_text)?);
    print(&diff.to_string())?;
    Ok(if diff.is_regression() { Exit::Unexpected } else { Exit::Success })
}

fn merge(parts: &[PathBuf], output: Option<&Path>) -> Result<Exit, Failure> {
    let outputs = output.map(|path| (format!("--output {}", path.display()), path));
    destination::check(outputs, parts.iter().map(PathBuf::as_path))?;
    let texts = parts.iter().map(|part| read(part)).collect::<Result<Vec<_>, _>>()?;
    let runs =
        parts.iter().zip(&texts).map(|(part, text)| Ok((part.display().to_string(), parse(part, text)?)));
    let runs = runs.collect::<Result<Vec<_>, Failure>>()?;
    let merged = Merged::new(&runs)
        .map_err(|error| anyhow!("failed to merge the reports: {error}"))
        .or_exit(Exit::Usage)?;
    match output {
        Some(path) => {
            write_file(&merged, path)
                .map_err(|error| anyhow!("failed to write the report to {}: {error}", path.display()))
                .or_exit(Exit::Internal)?;
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
    Ok(Exit::Success)
}

fn write_file(merged: &Merged<'_>, path: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    merged.write(&mut out)?;
    let file = out.into_inner()?;
    if file.metadata()?.is_file() { file.sync_all() } else { Ok(()) }
}

fn read(path: &Path) -> Result<String, Failure> {
    reading::read_text(path)
        .map_err(|error| anyhow!("failed to read the report {}: {error}", path.display()))
        .or_exit(Exit::Usage)
}

fn parse<'a>(path: &Path, text: &'a str) -> Result<Recorded<'a>, Failure> {
    Recorded::parse(text)
        .map_err(|error| anyhow!("failed to read the report {}: {error}", path.display()))
        .or_exit(Exit::Usage)
}
