//! The lines of a JSON report, schema 2: the same types are written and read back.

use super::exception::ExceptionLine;
use super::words::{self, Sides};
use super::{EngineSummary, sides};
use crate::matchers::hex;
use crate::outcome::{
    BlockedBy, Details, DirectiveRecord, FileReport, Outcome, OutcomeKind, Permitted, Problem,
};
use crate::script::Keyword;
use crate::trail::{
    ContentHash, FrameInfo, FunctionName, Got, Layer, Output, RunInfo, SourceLine, SourcePlace, ThreadPlace,
    TrapInfo, Value, Wanted,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use trapline_abi::{Trap, TrapDetail};

/// The version of the schema, in the lines `run` and `summary`.
pub(crate) const SCHEMA: u32 = 2;

/// A line of a report.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Line<'a> {
    /// The first line: what was run, and how.
    Run(Box<RunInfo>),
    /// What became of a directive.
    Directive(Box<DirectiveLine<'a>>),
    /// A file that could not be run as a script.
    ScriptError(ScriptErrorLine),
    /// Something that is red beyond single directives.
    Problem(Problem),
    /// The last line.
    Summary(SummaryLine),
}

/// What became of a directive, with everything that its record holds, and its texts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DirectiveLine<'a> {
    pub(crate) engine: Cow<'a, str>,
    pub(crate) file: Cow<'a, str>,
    pub(crate) index: u32,
    pub(crate) line: u32,
    pub(crate) col: u32,
    pub(crate) directive: Keyword,
    pub(crate) outcome: OutcomeKind,
    pub(crate) expected: Option<String>,
    pub(crate) actual: Option<String>,
    pub(crate) layer: Option<Layer>,
    pub(crate) trap: Option<TrapLine>,
    /// The exception that nothing caught.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) exception: Option<ExceptionLine>,
    pub(crate) values: Option<ValuesLine>,
    pub(crate) signal: Option<String>,
    pub(crate) blocked_by: Option<Cow<'a, BlockedBy>>,
    pub(crate) proposal: Option<Cow<'a, str>>,
    pub(crate) source: Option<Cow<'a, str>>,
    /// The hash of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<ContentHash>,
    /// Where the file can be opened, if its name does not say so: on its first line, and where the outcome is red.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<Cow<'a, str>>,
    /// The command that runs just this directive again, if the outcome is red.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rerun: Option<String>,
    pub(crate) ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) known: Option<Cow<'a, str>>,
    /// The typed outcome, from which the texts were made; left out for directives that pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) typed: Option<Cow<'a, Outcome>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thread: Option<Cow<'a, ThreadPlace>>,
    /// Differences from another engine that the specification allows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) permitted: Vec<Permitted>,
    /// The line of the script where it happened, if that is not in the directive's own text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<Cow<'a, SourceLine>>,
    /// What modules printed, if that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) output: Option<Cow<'a, Output>>,
}

/// A trap.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TrapLine {
    pub(crate) kind: Trap,
    /// The kind that it is instead, if the engine does not tell the two apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) alternative: Option<Trap>,
    /// The specification's text of the kind.
    pub(crate) text: String,
    /// All that is known, in words.
    pub(crate) message: String,
    pub(crate) function: Option<FunctionName>,
    pub(crate) offset: Option<u32>,
    pub(crate) line: Option<u32>,
    pub(crate) col: Option<u32>,
    pub(crate) operands: Option<TrapDetail>,
    pub(crate) frames: Vec<FrameInfo>,
    pub(crate) truncated: bool,
    /// What the host says, if it ended the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) host: Option<String>,
}

/// Results, wanted and returned.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ValuesLine {
    pub(crate) expected: Option<Vec<ValueLine>>,
    pub(crate) actual: Option<Vec<ValueLine>>,
}

/// A value or a pattern for one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ValueLine {
    #[serde(rename = "type")]
    pub(crate) ty: String,
    /// The bits in hexadecimal, if it is one number.
    pub(crate) bits: Option<String>,
    pub(crate) text: String,
}

/// A file that could not be run as a script.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ScriptErrorLine {
    pub(crate) engine: String,
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) col: u32,
    pub(crate) message: String,
    pub(crate) expected: Option<String>,
    /// Where the file can be opened, if its name does not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
}

/// The totals.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SummaryLine {
    pub(crate) schema: u32,
    pub(crate) engines: BTreeMap<String, EngineSummary>,
}

impl<'a> DirectiveLine<'a> {
    /// The line of a record.
    pub(crate) fn new(file: &'a FileReport, record: &'a DirectiveRecord) -> DirectiveLine<'a> {
        let passed = record.outcome.is_pass();
        let red = file.is_red(record);
        let listed = !passed && !red;
        let first = file.directives.first().is_some_and(|first| first.index == record.index);
        let (expected, actual) = match passed {
            true => (None, None),
            false => {
                let Sides { expected, got, .. } = sides(record);
                (expected, Some(got))
            }
        };
        let known = file.known.get(&record.index).map(String::as_str).or(file.proposal.as_deref());
        let known = known.or(file.oracle.then_some("an engine that is not trapline's does not have it"));
        DirectiveLine {
            engine: Cow::Borrowed(&file.engine),
            file: Cow::Borrowed(&file.file),
            index: record.index,
            line: record.line,
            col: record.col,
            directive: record.directive,
            outcome: record.outcome.kind(),
            expected,
            actual,
            layer: record.outcome.layer(),
            trap: record.trap().map(TrapLine::from),
            exception: record.exception().map(ExceptionLine::from),
            values: values(&record.outcome),
            signal: match &record.outcome {
                Outcome::Crash(info) => Some(words::ending(info)),
                _ => None,
            },
            blocked_by: match &record.outcome {
                Outcome::Blocked(by) => Some(Cow::Borrowed(&**by)),
                _ => None,
            },
            proposal: file.proposal.as_deref().filter(|_| listed).map(Cow::Borrowed),
            source: record.source().map(Cow::Borrowed),
            content: record.content,
            path: file.path.as_deref().filter(|_| first || red).map(Cow::Borrowed),
            rerun: red.then(|| super::failure::rerun(file, record.line)),
            ms: (record.elapsed_ns as f64 / 1e3).round() / 1e3,
            known: known.filter(|_| listed).map(Cow::Borrowed),
            typed: (!passed).then_some(Cow::Borrowed(&record.outcome)),
            thread: record.thread().map(Cow::Borrowed),
            permitted: record.permitted().to_vec(),
            at: record.line().map(Cow::Borrowed),
            output: record.output().map(Cow::Borrowed),
        }
    }

    /// The record that the line was made of. `None` if the line contradicts itself.
    pub(crate) fn record(&self) -> Option<DirectiveRecord> {
        let outcome = match &self.typed {
            None => Outcome::Pass,
            Some(outcome) => outcome.clone().into_owned(),
        };
        if outcome.kind() != self.outcome {
            return None;
        }
        let trap = self.trap.as_ref().map(|trap| Box::new(TrapInfo::from(trap)));
        let source = self.source.clone().map(Cow::into_owned);
        let thread = self.thread.clone().map(|thread| Box::new(thread.into_owned()));
        let exception = match &self.exception {
            None => None,
            Some(line) => Some(Box::new(line.exception()?)),
        };
        let permitted = self.permitted.clone();
        let output = self.output.clone().map(|output| Box::new(output.into_owned()));
        let line = self.at.clone().map(|line| Box::new(line.into_owned()));
        let details = Details { source, trap, exception, thread, permitted, line, output };
        let details = (details != Details::default()).then(|| Box::new(details));
        Some(DirectiveRecord {
            index: self.index,
            line: self.line,
            col: self.col,
            directive: self.directive,
            content: self.content,
            outcome,
            details,
            elapsed_ns: (self.ms * 1e6).round() as u64,
        })
    }
}

impl From<&TrapInfo> for TrapLine {
    fn from(trap: &TrapInfo) -> TrapLine {
        TrapLine {
            kind: trap.kind,
            alternative: trap.alternative,
            text: trap.kind.spec_text().to_owned(),
            message: words::trap(trap),
            function: trap.function.clone(),
            offset: trap.offset,
            line: trap.place.map(|place| place.line),
            col: trap.place.map(|place| place.col),
            operands: trap.operands.clone(),
            frames: trap.frames.clone(),
            truncated: trap.truncated,
            host: trap.host.clone(),
        }
    }
}

impl From<&TrapLine> for TrapInfo {
    fn from(line: &TrapLine) -> TrapInfo {
        TrapInfo {
            kind: line.kind,
            alternative: line.alternative,
            function: line.function.clone(),
            offset: line.offset,
            place: line.line.zip(line.col).map(|(line, col)| SourcePlace { line, col }),
            operands: line.operands.clone(),
            frames: line.frames.clone(),
            truncated: line.truncated,
            host: line.host.clone(),
        }
    }
}

/// The values of a directive that failed.
fn values(outcome: &Outcome) -> Option<ValuesLine> {
    let Outcome::Fail(mismatch) = outcome else { return None };
    let expected = match &mismatch.wanted {
        Wanted::Results(patterns) => Some(
            patterns
                .iter()
                .map(|pattern| ValueLine {
                    ty: pattern.type_name().to_owned(),
                    bits: pattern.bits(),
                    text: crate::matchers::patterns(std::slice::from_ref(pattern)),
                })
                .collect(),
        ),
        _ => None,
    };
    let actual = match &mismatch.got {
        Got::Returned(values) => Some(values.iter().map(value).collect()),
        _ => None,
    };
    (expected.is_some() || actual.is_some()).then_some(ValuesLine { expected, actual })
}

impl From<&Value> for ValueLine {
    fn from(value: &Value) -> ValueLine {
        self::value(value)
    }
}

fn value(value: &Value) -> ValueLine {
    let (ty, bits) = match value {
        Value::I32(value) => ("i32", Some(hex(value.cast_unsigned().into(), 8))),
        Value::I64(value) => ("i64", Some(hex(value.cast_unsigned(), 16))),
        Value::F32(bits) => ("f32", Some(hex((*bits).into(), 8))),
        Value::F64(bits) => ("f64", Some(hex(*bits, 16))),
        Value::V128(bits) => ("v128", Some(format!("{bits:#034x}"))),
        Value::NullFunc | Value::Func => ("funcref", None),
        Value::NullExtern => ("externref", None),
        Value::NullExn | Value::Exn => ("exnref", None),
        Value::NullAny => ("anyref", None),
        Value::I31(value) => ("i31ref", Some(hex(value.cast_unsigned().into(), 8))),
        Value::Host(number) => ("anyref", Some(format!("{number:#010x}"))),
        Value::Struct => ("structref", None),
        Value::Array => ("arrayref", None),
        Value::Externalized => ("externref", None),
        Value::Extern(number) => ("externref", Some(format!("{number:#010x}"))),
    };
    ValueLine { ty: ty.to_owned(), bits, text: crate::matchers::values(&[*value], &[]) }
}
