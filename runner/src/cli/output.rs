//! Arguments that say which reports of a run are wanted, and where.

use super::color::colored;
use super::destination;
use super::exit::{Exit, Failure, OrExit};
use super::headings::REPORTS;
use super::progress;
use crate::configuration::Configuration;
use crate::discover::{Input, Source};
use crate::report::{
    Existing, Github, GithubSummary, Json, Junit, Pretty, PrettyOptions, ReportError, Reporter, Reports,
    Style, Terse,
};
use clap::{Args, ValueEnum};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where GitHub Actions checks the repository out, and where a step's summary goes.
const GITHUB_ROOT: &str = "GITHUB_WORKSPACE";
const GITHUB_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Which reports are wanted.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = REPORTS)]
pub(super) struct OutputArguments {
    /// The form of the main report.
    #[arg(long, value_enum, default_value = "pretty", value_name = "FORMAT")]
    format: Format,
    /// Say only what is not as expected, and the totals. For the forms `pretty` and `terse`.
    #[arg(short, long)]
    quiet: bool,
    /// Write the main report to a file instead of the standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write one more report to a file, such as `junit=out.xml`; may be repeated.
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = parse_report)]
    reports: Vec<Wanted>,
}

/// One report more.
#[derive(Clone, Debug)]
struct Wanted {
    format: Format,
    path: PathBuf,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    /// For people.
    Pretty,
    /// A character for each script.
    Terse,
    /// JSON lines: an object for each directive, and a summary.
    Json,
    /// JUnit XML: a suite for each script, a case for each directive.
    Junit,
    /// Annotations for GitHub Actions, and a table for the summary of the job.
    Github,
}

fn parse_report(text: &str) -> Result<Wanted, String> {
    let (format, path) = text.split_once('=').ok_or("it is to be FORMAT=FILE")?;
    let format = Format::from_str(format, false).map_err(|_| {
        let names: Vec<_> = Format::value_variants().iter().filter_map(Format::to_possible_value).collect();
        let names: Vec<_> = names.iter().map(|name| name.get_name()).collect();
        format!("no report is called `{format}`; there are {}", names.join(", "))
    })?;
    match path {
        "" => Err("it is to be FORMAT=FILE, and the file is missing".to_owned()),
        "-" => Err("the standard output belongs to --format".to_owned()),
        path => Ok(Wanted { format, path: path.into() }),
    }
}

impl OutputArguments {
    /// Opens everything that is written to, unless it would overwrite one of `inputs`, of the files of the configuration, a file
    /// in the folder `kept`, or the report `again` of an earlier run. `slowest` is whether people want to know the slowest
    /// scripts.
    pub(super) fn open(
        &self,
        slowest: bool,
        inputs: &[Input],
        configuration: &Configuration,
        kept: Option<&Path>,
        again: Option<&Path>,
    ) -> Result<Reports, Failure> {
        let is_for_people = match self.format {
            Format::Pretty | Format::Terse => true,
            Format::Json | Format::Junit | Format::Github => false,
        };
        if self.quiet && !is_for_people {
            return Err(anyhow::anyhow!(
                "failed to shorten the report: --quiet is for the forms pretty and terse"
            ))
            .or_exit(Exit::Usage);
        }
        let github =
            self.format == Format::Github || self.reports.iter().any(|more| more.format == Format::Github);
        let summary = std::env::var_os(GITHUB_SUMMARY).filter(|path| github && !path.is_empty());
        let main = self.output.iter().map(|path| (format!("--output {}", path.display()), path.as_path()));
        let more = self
            .reports
            .iter()
            .map(|report| (format!("--report {}", report.path.display()), report.path.as_path()));
        let steps =
            summary.iter().map(|path| (format!("{GITHUB_SUMMARY}={}", path.display()), Path::new(path)));
        let outputs: Vec<_> = main.chain(more).chain(steps).collect();
        if let Some(folder) = kept {
            destination::check_outside(&outputs, folder)?;
        }
        let expectations = configuration.expectations();
        let said = configuration.files().into_iter().chain(expectations.iter().map(|own| own.path()));
        destination::check(outputs, inputs.iter().filter_map(read_from).chain(said).chain(again))?;
        let mut reports = Reports::default();
        match &self.output {
            Some(path) => {
                let looks = PrettyOptions { slowest, quiet: self.quiet, ..PrettyOptions::default() };
                add_file(&mut reports, path, self.format, looks).or_exit(Exit::Internal)?;
            }
            None => {
                let progress = progress::is_seen() && !self.quiet;
                let looks = PrettyOptions { style: style(), progress, slowest, quiet: self.quiet };
                reports.add_stdout(|out| reporter(self.format, looks, out));
            }
        }
        for Wanted { format, path } in &self.reports {
            let looks = PrettyOptions { slowest, ..PrettyOptions::default() };
            add_file(&mut reports, path, *format, looks).or_exit(Exit::Internal)?;
        }
        if let Some(path) = summary {
            reports
                .add_file(Path::new(&path), Existing::Kept, |out| Box::new(GithubSummary::new(out)))
                .or_exit(Exit::Internal)?;
        }
        Ok(reports)
    }
}

fn add_file(
    reports: &mut Reports,
    path: &Path,
    format: Format,
    looks: PrettyOptions,
) -> Result<(), ReportError> {
    reports.add_file(path, Existing::Replaced, |out| reporter(format, looks, out))
}

impl Format {
    /// A reporter of this form on the standard output, of a run that has ended.
    pub(super) fn on_stdout(self, out: Box<dyn Write>) -> Box<dyn Reporter> {
        reporter(self, PrettyOptions { style: style(), ..PrettyOptions::default() }, out)
    }

    /// A reporter of this form in a file.
    pub(super) fn in_file<'w>(self, out: impl Write + 'w) -> Box<dyn Reporter + 'w> {
        reporter(self, PrettyOptions::default(), out)
    }
}

fn style() -> Style {
    Style { colored: colored(&io::stdout()) }
}

fn reporter<'w>(format: Format, looks: PrettyOptions, out: impl Write + 'w) -> Box<dyn Reporter + 'w> {
    match format {
        Format::Pretty => Box::new(Pretty::new(out, looks)),
        Format::Terse => Box::new(Terse::new(out, looks.style).quiet(looks.quiet)),
        Format::Json => Box::new(Json::new(out)),
        Format::Junit => Box::new(Junit::new(out)),
        Format::Github => Box::new(Github::new(out, std::env::var_os(GITHUB_ROOT).map(PathBuf::from))),
    }
}

/// The failure that a run ends in whose reports are not all whole, if so.
pub(super) fn failure(errors: &[ReportError]) -> Result<(), Failure> {
    if errors.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = errors.iter().map(ReportError::to_string).collect();
    Err(anyhow::anyhow!(lines.join("\nerror: "))).or_exit(Exit::Internal)
}

/// The path that an input is read from, `-` for the standard input.
fn read_from(input: &Input) -> Option<&Path> {
    match input.source {
        Source::Stdin(_) | Source::Module { path: None, .. } => Some(Path::new("-")),
        _ => input.path(),
    }
}
