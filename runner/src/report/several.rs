//! Several reports of one run.

use super::Reporter;
use crate::outcome::Event;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The reports of a run. Each gets every event until it can no longer be written; the others go on.
///
/// Files are written in place, from the first event on: what there is of a report can be read while the run lasts and
/// after it was killed, and no report of an earlier run is left to be taken for this one. A report that was cut off
/// can be told from a whole one: JSON lines end with a summary, JUnit with the end of its root element.
#[derive(Default)]
pub struct Reports {
    reports: Vec<Report>,
}

struct Report {
    target: Target,
    reporter: Box<dyn Reporter>,
    /// Once more the file that the reporter writes to, unless it is a device or a pipe.
    file: Option<File>,
    broken: Option<io::Error>,
}

/// What a report is written to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// The standard output.
    Stdout,
    /// A file.
    File(PathBuf),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Stdout => write!(f, "the standard output"),
            Target::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// What becomes of a file's old content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Existing {
    /// It is lost.
    Replaced,
    /// The report comes after it.
    Kept,
}

/// Why a report is not there.
#[derive(thiserror::Error, Debug)]
pub enum ReportError {
    /// Its file cannot be created.
    #[error("failed to create the report {}: {cause}", path.display())]
    Create {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// It could not be written whole.
    #[error("failed to write the report to {target}: {cause}")]
    Write {
        /// Where to.
        target: Target,
        /// Why.
        cause: io::Error,
    },
}

impl Reports {
    /// Adds a report on the standard output.
    pub fn add_stdout(&mut self, reporter: impl FnOnce(Box<dyn Write>) -> Box<dyn Reporter>) {
        let out = Box::new(BufWriter::new(io::stdout()));
        self.reports.push(Report {
            target: Target::Stdout,
            reporter: reporter(out),
            file: None,
            broken: None,
        });
    }

    /// Adds a report in a file, which is opened at once.
    ///
    /// # Errors
    ///
    /// When the file cannot be created.
    pub fn add_file(
        &mut self,
        path: &Path,
        existing: Existing,
        reporter: impl FnOnce(Box<dyn Write>) -> Box<dyn Reporter>,
    ) -> Result<(), ReportError> {
        let failed = |cause| ReportError::Create { path: path.to_owned(), cause };
        let file = match existing {
            Existing::Replaced => File::create(path),
            Existing::Kept => OpenOptions::new().append(true).create(true).open(path),
        };
        let file = file.map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        let again = metadata.is_file().then(|| file.try_clone()).transpose().map_err(failed)?;
        let target = Target::File(path.to_owned());
        let reporter = reporter(Box::new(BufWriter::new(file)));
        self.reports.push(Report { target, reporter, file: again, broken: None });
        Ok(())
    }

    /// Hands on the next event. Breaks once no report is left that takes any.
    pub fn event(&mut self, event: &Event) -> ControlFlow<()> {
        for report in self.reports.iter_mut().filter(|report| report.broken.is_none()) {
            if let Err(error) = report.reporter.event(event) {
                tracing::debug!(target = %report.target, %error, "a report ends early");
                report.broken = Some(error);
            }
        }
        match self.reports.iter().all(|report| report.broken.is_some()) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    /// Makes sure that the files have reached their disks, and tells which reports are not whole. A reader who
    /// closes the pipe of the standard output has read enough: that is not an error.
    pub fn finish(self) -> Vec<ReportError> {
        self.reports.into_iter().filter_map(Report::finish).collect()
    }
}

impl Report {
    fn finish(self) -> Option<ReportError> {
        let Report { target, reporter, file, broken } = self;
        drop(reporter);
        // Some file systems find out only now that there is no room.
        let synced = file.map_or(Ok(()), |file| file.sync_all());
        let cause = broken.or(synced.err())?;
        if target == Target::Stdout && cause.kind() == io::ErrorKind::BrokenPipe {
            return None;
        }
        Some(ReportError::Write { target, cause })
    }
}
