//! What makes two findings the same.

use crate::trail::Layer;
use crate::triage::{Finding, Verdict};
use std::fmt;

/// What a finding has to have in common with that of the input. Two findings of triage with the same are taken for the same
/// fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Signature {
    pub(crate) verdict: Verdict,
    layer: Option<Layer>,
    cause: Cause,
    /// The keyword of the directive, if it takes more time or memory than it may: all that can do that.
    directive: Option<String>,
    /// A text that the words of the finding must have in them.
    keep: Option<String>,
    /// What triage gives as the cause.
    named: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Cause {
    /// All of what triage gives.
    Whole,
    /// For engines that do not agree: what differs first.
    First(String),
}

impl Signature {
    /// That of a finding.
    pub(crate) fn of(finding: &Finding, keep: Option<&str>) -> Signature {
        Signature {
            verdict: finding.verdict,
            layer: finding.layer,
            cause: Cause::of(finding),
            directive: directive(finding),
            keep: keep.map(str::to_owned),
            named: finding.cause.clone(),
        }
    }

    /// Whether a finding has it.
    pub(crate) fn is_of(&self, finding: &Finding) -> bool {
        let same_cause = match &self.cause {
            Cause::Whole => self.named == finding.cause,
            first @ Cause::First(_) => *first == Cause::of(finding),
        };
        self.verdict == finding.verdict
            && self.layer == finding.layer
            && same_cause
            && self.directive == directive(finding)
            && self.keep.as_ref().is_none_or(|text| says(finding, text))
    }
}

fn directive(finding: &Finding) -> Option<String> {
    let (_, keyword) = finding.directive.as_ref().filter(|_| finding.verdict == Verdict::ResourceLimit)?;
    Some(keyword.clone())
}

impl Cause {
    fn of(finding: &Finding) -> Cause {
        match finding.verdict {
            // `results+state/aot-none`: what follows from the first difference may differ or not.
            Verdict::Miscompile | Verdict::OtherEngine => {
                Cause::First(finding.cause.split(['+', '/']).next().unwrap_or_default().to_owned())
            }
            _ => Cause::Whole,
        }
    }
}

impl fmt::Display for Signature {
    /// What a cache of answers is for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Signature { verdict, layer, cause, directive, keep, named } = self;
        write!(f, "{}/{layer:?}/{cause:?}/{directive:?}/{keep:?}/{named}", verdict.word())
    }
}

/// Whether a text is in what a finding says. The text of the directive is not among that.
pub(crate) fn says(finding: &Finding, text: &str) -> bool {
    let evidence = finding.evidence.iter().filter(|line| !line.starts_with('('));
    let words = [&finding.summary, &finding.cause].into_iter().chain(evidence).chain(&finding.rule);
    words.into_iter().any(|words| words.contains(text))
}
