//! How a directive ended, and the assertion that wants just that.

use super::pattern::pattern;
use super::refusal_text;
use crate::module_script::quoted;
use crate::outcome::{DirectiveRecord, Outcome};
use crate::report::one_line;
use crate::trail::{Got, Layer, LinkFault, Refusal, Value};
use trapline_abi::Trap;

/// How a directive ended.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Ended {
    /// It did what it is for, and there is nothing to expect of it.
    Passed,
    /// It returned.
    Returned(Vec<Value>),
    /// It trapped, or the call stack ended.
    Trapped(Trap),
    /// It threw an exception that nothing caught.
    Threw,
    /// The text of the module does not parse.
    MalformedText(String),
    /// The binary of the module does not decode.
    Malformed(String),
    /// The module is not valid.
    Invalid(String),
    /// An import has nothing, or something else.
    Unlinkable(LinkFault),
    /// It did not end in time.
    TimedOut,
    /// What it needs is not there.
    Blocked,
    /// No assertion wants this.
    Otherwise(String),
}

impl Ended {
    pub(super) fn of(record: &DirectiveRecord) -> Ended {
        if let Some(trap) = record.trap() {
            return match &trap.host {
                Some(host) => Ended::Otherwise(format!("the host ends it: {host}")),
                None => Ended::Trapped(trap.kind),
            };
        }
        match &record.outcome {
            Outcome::Pass => Ended::Passed,
            Outcome::Blocked(_) => Ended::Blocked,
            Outcome::Timeout { .. } => Ended::TimedOut,
            Outcome::Fail(mismatch) => match &mismatch.got {
                Got::Returned(values) => Ended::Returned(values.clone()),
                Got::Threw => Ended::Threw,
                Got::RefusedText(refusal) => Ended::MalformedText(refusal_text::of(refusal)),
                Got::Refused(refusal) => Ended::refused(refusal, record),
                Got::Unlinkable(refusal) => {
                    let unknown = refusal.message.contains(LinkFault::UnknownImport.text());
                    Ended::Unlinkable(match unknown {
                        true => LinkFault::UnknownImport,
                        false => LinkFault::IncompatibleImport,
                    })
                }
                Got::Instantiated
                | Got::Trapped
                | Got::RefusedCustom(_)
                | Got::Valid
                | Got::NoExport
                | Got::ElsewhereUnknown
                | Got::ExportIs(_)
                | Got::WrongArguments(_)
                | Got::Nothing
                | Got::NoModuleBefore
                | Got::NotWaitedFor => Ended::Otherwise(one_line(record)),
            },
            Outcome::Unsupported(_)
            | Outcome::Crash(_)
            | Outcome::HarnessError(_)
            | Outcome::NotRun(_)
            | Outcome::Diverged(_) => Ended::Otherwise(one_line(record)),
        }
    }

    fn refused(refusal: &Refusal, record: &DirectiveRecord) -> Ended {
        match refusal.layer {
            Layer::Decode if !refusal.panicked => Ended::Malformed(refusal_text::of(refusal)),
            Layer::Validate if !refusal.panicked => Ended::Invalid(refusal_text::of(refusal)),
            Layer::Decode
            | Layer::Validate
            | Layer::Translate
            | Layer::Codegen
            | Layer::Emit
            | Layer::Load
            | Layer::Link
            | Layer::Instantiate
            | Layer::Run
            | Layer::Object
            | Layer::Harness => Ended::Otherwise(one_line(record)),
        }
    }

    /// The assertion that an action ends like this; `canonical` is how it ended on an engine whose NaNs are canonical, if there
    /// is one. `None` if no assertion says so.
    pub(super) fn assertion_of_action(&self, action: &str, canonical: Option<&Ended>) -> Option<String> {
        match self {
            Ended::Returned(values) => {
                let others = match canonical {
                    None => None,
                    Some(Ended::Returned(others)) if others.len() == values.len() => Some(others),
                    Some(_) => return None,
                };
                let other = |at: usize| others.and_then(|others| others.get(at));
                let patterns = values.iter().enumerate().map(|(at, value)| pattern(value, other(at)));
                let patterns = patterns.collect::<Option<Vec<_>>>()?;
                Some(
                    ["(assert_return", action]
                        .into_iter()
                        .chain(patterns.iter().map(String::as_str))
                        .collect::<Vec<_>>()
                        .join(" ")
                        + ")",
                )
            }
            Ended::Trapped(Trap::StackOverflow) => {
                Some(format!("(assert_exhaustion {action} {})", quoted(Trap::StackOverflow.spec_text())))
            }
            Ended::Trapped(trap) => Some(format!("(assert_trap {action} {})", quoted(trap.spec_text()))),
            Ended::Threw => Some(format!("(assert_exception {action})")),
            Ended::Passed
            | Ended::MalformedText(_)
            | Ended::Malformed(_)
            | Ended::Invalid(_)
            | Ended::Unlinkable(_)
            | Ended::TimedOut
            | Ended::Blocked
            | Ended::Otherwise(_) => None,
        }
    }

    /// The assertion that a module ends like this. `None` if it is instantiated, or no assertion says so.
    pub(super) fn assertion_of_module(&self, module: &str) -> Option<String> {
        match self {
            Ended::Trapped(trap) => Some(format!("(assert_trap {module} {})", quoted(trap.spec_text()))),
            Ended::Threw => Some(format!("(assert_exception {module})")),
            Ended::MalformedText(text) => {
                Some(format!("(assert_malformed {} {})", quote(module), quoted(text)))
            }
            Ended::Malformed(text) => Some(format!("(assert_malformed {module} {})", quoted(text))),
            Ended::Invalid(text) => Some(format!("(assert_invalid {module} {})", quoted(text))),
            Ended::Unlinkable(fault) => {
                Some(format!("(assert_unlinkable {module} {})", quoted(fault.text())))
            }
            Ended::Passed | Ended::Returned(_) | Ended::TimedOut | Ended::Blocked | Ended::Otherwise(_) => {
                None
            }
        }
    }
}

/// A module in strings, so that its text need not be well-formed, line by line: a comment ends with its line.
pub(super) fn quote(module: &str) -> String {
    let mut text = String::from("(module quote");
    for line in module.trim_end().lines() {
        let literal = quoted(line);
        // The quotation mark at its end.
        let open = literal.strip_suffix('"').unwrap_or(&literal);
        text.push_str("\n  ");
        text.push_str(open);
        text.push_str("\\n\"");
    }
    text.push(')');
    text
}
