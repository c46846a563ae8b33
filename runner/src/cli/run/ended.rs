//! How a run ended, in words and as JSON.

use crate::cli::exit::{Exit, Failure};
use crate::cli::json_line;
use crate::matchers;
use crate::report::{ExceptionLine, TrapLine, ValueLine};
use crate::trail::{Exception, TrapInfo, Value};
use serde::Serialize;

/// A run that did not come to its end.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) exit: Exit,
    pub(super) message: String,
    pub(super) trap: Option<Box<TrapInfo>>,
    pub(super) exception: Option<Box<Exception>>,
}

impl Ended {
    pub(super) fn new(exit: Exit, message: String) -> Box<Ended> {
        Box::new(Ended { exit, message, trap: None, exception: None })
    }
}

impl From<Failure> for Box<Ended> {
    fn from(failure: Failure) -> Box<Ended> {
        Ended::new(failure.exit, format!("{:#}", failure.error))
    }
}

/// A line of JSON about a run.
#[derive(Serialize)]
struct RunLine<'a> {
    #[serde(rename = "type")]
    ty: &'static str,
    file: &'a str,
    /// The function that was called.
    function: Option<&'a str>,
    outcome: &'static str,
    exit: u8,
    results: Option<Vec<ValueLine>>,
    message: Option<&'a str>,
    trap: Option<TrapLine>,
    exception: Option<ExceptionLine>,
}

/// The line of JSON about a run of a file.
pub(super) fn json(
    file: &str,
    function: Option<&str>,
    result: Result<&[Value], &Ended>,
) -> Result<String, Failure> {
    let exit = result.err().map_or(Exit::Success, |ended| ended.exit);
    let line = RunLine {
        ty: "run",
        file,
        function,
        outcome: outcome(exit),
        exit: exit as u8,
        results: result.ok().map(|values| values.iter().map(ValueLine::from).collect()),
        message: result.err().map(|ended| ended.message.as_str()),
        trap: result.err().and_then(|ended| ended.trap.as_deref()).map(TrapLine::from),
        exception: result.err().and_then(|ended| ended.exception.as_deref()).map(ExceptionLine::from),
    };
    json_line(&line)
}

fn outcome(exit: Exit) -> &'static str {
    match exit {
        Exit::Success => "returned",
        Exit::Unexpected => "failed",
        Exit::Usage | Exit::NothingSelected => "usage",
        Exit::Refused => "refused",
        Exit::Unlinked => "unlinked",
        Exit::Trapped => "trapped",
        Exit::Threw => "threw",
        Exit::Limited => "limited",
        // Verdicts of triage.
        Exit::Unbuilt
        | Exit::CompilerFault
        | Exit::Miscompiled
        | Exit::HostFault
        | Exit::RuntimeFault
        | Exit::Unstable => "failed",
        Exit::Internal => "crashed",
    }
}

/// Results, a line each.
pub(super) fn lines(values: &[Value]) -> String {
    values.iter().map(|value| matchers::values(&[*value], &[]) + "\n").collect()
}
