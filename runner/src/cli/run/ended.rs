//! How a run ended, in words and as JSON.

use crate::cli::exit::{Exit, Failure};
use crate::cli::json_line;
use crate::matchers;
use crate::report::{ExceptionLine, TrapLine, ValueLine};
use crate::trail::{Exception, TrapInfo, Value};
use serde::Serialize;

/// How a run came to its end.
#[derive(Debug)]
pub(super) enum Finished {
    /// The function returned these values, or none was called.
    Returned(Vec<Value>),
    /// The program ended itself with a code.
    Exited(u8),
}

impl Finished {
    pub(super) fn exit(&self) -> Exit {
        match *self {
            Finished::Returned(_) => Exit::Success,
            Finished::Exited(0) => Exit::Success,
            Finished::Exited(code) => Exit::Guest(code),
        }
    }
}

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
    result: Result<&Finished, &Ended>,
) -> Result<String, Failure> {
    let (exit, outcome, results) = match result {
        Ok(Finished::Returned(values)) => {
            (Exit::Success, "returned", Some(values.iter().map(ValueLine::from).collect()))
        }
        Ok(finished @ Finished::Exited(_)) => (finished.exit(), "exited", None),
        Err(ended) => (ended.exit, outcome(ended.exit), None),
    };
    let line = RunLine {
        ty: "run",
        file,
        function,
        outcome,
        exit: exit.code(),
        results,
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
        Exit::Guest(_) => "exited",
    }
}

/// Results, a line each.
pub(super) fn lines(values: &[Value]) -> String {
    values.iter().map(|value| matchers::values(&[*value], &[]) + "\n").collect()
}
