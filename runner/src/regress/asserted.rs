//! The assertions that are made of how directives ended, and what they say together.

use super::error::RegressError;
use super::expectation::Ended;
use std::collections::BTreeMap;
use trapline_abi::Trap;

/// A way in which a call ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Returns,
    Traps(&'static str),
    Throws,
}

impl End {
    /// So many calls with this end.
    fn counted(self, count: usize) -> String {
        let (calls, s) = if count == 1 { ("1 call".to_owned(), "s") } else { (format!("{count} calls"), "") };
        match self {
            End::Returns => format!("{calls} return{s}"),
            End::Traps(why) => format!("{calls} trap{s}: {why}"),
            End::Throws => format!("{calls} throw{s} an exception"),
        }
    }
}

/// What has been asserted so far.
#[derive(Default)]
pub(super) struct Asserted<'e> {
    /// The engine that says what is right.
    engine: &'e str,
    /// How often calls ended in each way.
    ends: BTreeMap<End, usize>,
    /// Whether something is asserted beside that calls return: a result, a trap, an exception.
    says_more: bool,
    /// How the module ended, if it was not instantiated.
    of_module: Option<String>,
    /// The layer in which the module ended.
    pub(super) layer: Option<&'static str>,
    /// What is left out, a line each.
    pub(super) notes: Vec<String>,
    /// Whether a call has ended because the stack did.
    pub(super) exhausted: bool,
}

impl<'e> Asserted<'e> {
    /// Nothing yet, of what an engine says.
    pub(super) fn by(engine: &'e str) -> Asserted<'e> {
        Asserted { engine, ..Asserted::default() }
    }

    /// What is written for a call.
    pub(super) fn call(
        &mut self,
        call: &str,
        ended: &Ended,
        canonical: Option<&Ended>,
    ) -> Result<String, RegressError> {
        match ended {
            Ended::Blocked => return Ok(String::new()),
            Ended::TimedOut => {
                self.notes.push(format!("{call} is left out: it does not end in time"));
                return Ok(String::new());
            }
            Ended::Otherwise(what) => return Err(self.unexpected(call, what)),
            _ => {}
        }
        self.exhausted |= *ended == Ended::Trapped(Trap::StackOverflow);
        let Some(assertion) = ended.assertion_of_action(call, canonical) else {
            self.notes.push(format!(
                "what {call} returns is not asserted: it depends on the bits of a NaN, or no pattern describes it"
            ));
            return Ok(call.to_owned());
        };
        self.says_more |= !matches!(ended, Ended::Returned(values) if values.is_empty());
        let end = match ended {
            Ended::Trapped(trap) => End::Traps(trap.spec_text()),
            Ended::Threw => End::Throws,
            _ => End::Returns,
        };
        *self.ends.entry(end).or_default() += 1;
        Ok(assertion)
    }

    /// What is written for a module.
    pub(super) fn module(&mut self, module: &str, ended: &Ended) -> Result<String, RegressError> {
        let (what, layer) = match ended {
            Ended::Passed => return Ok(module.to_owned()),
            Ended::Otherwise(what) => return Err(self.unexpected("the module", what)),
            Ended::TimedOut => return Err(self.unexpected("the module", "it does not end in time")),
            Ended::Returned(_) | Ended::Blocked => {
                return Err(self.unexpected("the module", "it was not run"));
            }
            Ended::Trapped(trap) => (format!("instantiation traps: {}", trap.spec_text()), "instantiation"),
            Ended::Threw => ("instantiation throws".to_owned(), "instantiation"),
            Ended::MalformedText(text) | Ended::Malformed(text) => (format!("malformed: {text}"), "decode"),
            Ended::Invalid(text) => (format!("invalid: {text}"), "validation"),
            Ended::Unlinkable(fault) => (format!("not linked: {}", fault.text()), "runtime"),
        };
        (self.of_module, self.layer) = (Some(what), Some(layer));
        ended
            .assertion_of_module(module)
            .ok_or_else(|| self.unexpected("the module", "no assertion wants it"))
    }

    /// A directive that is no call and no module.
    pub(super) fn as_it_is(&self, source: &str, ended: &Ended) -> Result<String, RegressError> {
        match ended {
            Ended::Otherwise(what) => Err(self.unexpected(source, what)),
            _ => Ok(source.to_owned()),
        }
    }

    /// The error for a directive that ended in a way that no assertion wants.
    pub(super) fn unexpected(&self, directive: &str, what: &str) -> RegressError {
        RegressError::NoExpectation {
            engine: self.engine.to_owned(),
            directive: directive.to_owned(),
            what: what.to_owned(),
        }
    }

    /// Whether all that is asserted is that calls return, with nothing read back.
    pub(super) fn says_little(&self, read_back: &[String]) -> bool {
        self.of_module.is_none() && !self.says_more && read_back.is_empty()
    }

    /// All of it in one sentence.
    pub(super) fn sentence(&self, read_back: &[String]) -> String {
        if let Some(what) = &self.of_module {
            return what.clone();
        }
        let mut parts: Vec<String> = self.ends.iter().map(|(end, &count)| end.counted(count)).collect();
        if !read_back.is_empty() {
            parts.push(format!("{} hold what is asserted", read_back.join(" and ")));
        }
        parts.join("; ")
    }
}
