//! What has changed, for programs.

use super::{Diff, Section};
use crate::outcome::OutcomeKind;
use crate::report::json::write_object;
use crate::script::Keyword;
use serde::Serialize;
use std::io::{self, Write};

/// A line about one difference.
#[derive(Serialize)]
struct DifferenceLine<'a> {
    r#type: &'static str,
    section: Section,
    worse: bool,
    engine: Option<&'a str>,
    file: &'a str,
    line: Option<u32>,
    col: Option<u32>,
    directive: Option<Keyword>,
    before: Option<OutcomeKind>,
    after: Option<OutcomeKind>,
    detail: &'a str,
    directives: u64,
    passing: u64,
}

/// The last line.
#[derive(Serialize)]
struct EndLine {
    r#type: &'static str,
    schema: u32,
    worse: bool,
    newly_failing: u64,
    failing_worse: u64,
    newly_passing: u64,
    failing_otherwise: u64,
    vanished: u64,
    new: u64,
}

impl Serialize for Section {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.title().replace(' ', "_"))
    }
}

impl Diff {
    /// Writes JSON lines: a `difference` for each, and a `diff` with the counts at the end.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        for section in Section::ALL {
            for one in self.section(section) {
                let line = DifferenceLine {
                    r#type: "difference",
                    section,
                    worse: section.makes_worse(one),
                    engine: one.engine.as_deref(),
                    file: &one.file,
                    line: one.place.map(|(line, _)| line),
                    col: one.place.map(|(_, col)| col),
                    directive: one.directive,
                    before: one.before,
                    after: one.after,
                    detail: &one.detail,
                    directives: one.directives,
                    passing: one.passing,
                };
                write_object(out, &line)?;
            }
        }
        let count = |section: Section| self.section(section).iter().map(|one| one.directives.max(1)).sum();
        let line = EndLine {
            r#type: "diff",
            schema: crate::report::SCHEMA,
            worse: self.is_worse(),
            newly_failing: count(Section::NewlyFailing),
            failing_worse: count(Section::Worse),
            newly_passing: count(Section::NewlyPassing),
            failing_otherwise: count(Section::Changed),
            vanished: count(Section::Vanished),
            new: count(Section::New),
        };
        write_object(out, &line)
    }
}
