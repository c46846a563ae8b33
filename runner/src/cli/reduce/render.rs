//! What has come of a reduction, as text and JSON.

use crate::reduce::{Document, End, Found, LevelReport, Reduced};
use crate::triage::Verdict;
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;
use trapline_abi::Readable;

/// What is shown.
pub(super) struct Shown<'a> {
    pub(super) file: &'a Path,
    pub(super) output: &'a Path,
    pub(super) input: &'a Document,
    pub(super) found: Option<&'a Found>,
    pub(super) reduced: &'a Reduced,
    /// The command that shows the same of the result.
    pub(super) again: String,
    /// What else is to be said of the output.
    pub(super) notes: Vec<String>,
    /// The engines that cannot run here, and why.
    pub(super) missing: Vec<String>,
}

/// The object of JSON.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    #[serde(rename = "type")]
    ty: &'static str,
    file: String,
    output: String,
    verdict: Option<Verdict>,
    bucket: Option<String>,
    engines: &'a [String],
    missing_engines: &'a [String],
    notes: &'a [String],
    bytes_before: usize,
    bytes_after: usize,
    directives_before: usize,
    directives_after: usize,
    levels: &'a [LevelReport],
    runs: u64,
    cache_hits: u64,
    invalid: u64,
    seconds: f64,
    again: &'a str,
    end: &'static str,
    version: &'static str,
}

impl Shown<'_> {
    pub(super) fn text(&self) -> String {
        let Reduced { counts, elapsed, end, .. } = self.reduced;
        let (before, after) = self.sizes();
        let mut text = String::new();
        let percent = 100.0 * after as f64 / before.max(1) as f64;
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(
            text,
            "{}: {before} bytes to {after} ({percent:.2} %)",
            Readable(&self.output.to_string_lossy())
        );
        let mut field = |name: &str, value: &str| {
            let _ = writeln!(text, "  {:11} {}", format!("{name}:"), Readable(value));
        };
        if let Some(Found { finding, engines, .. }) = self.found {
            field("verdict", finding.verdict.name());
            field("what", &finding.summary);
            field("bucket", &finding.bucket());
            field("engines", &engines.join(", "));
        }
        if self.reduced.document.main.is_none() {
            let (before, after) = (self.input.parts.len(), self.reduced.document.parts.len());
            field("directives", &format!("{before} to {after}"));
        }
        for LevelReport { name, tried, kept, saved } in
            self.reduced.levels.iter().filter(|level| level.kept > 0)
        {
            field("level", &format!("{name}: {kept} edits of {tried} candidates saved {saved} bytes"));
        }
        let seconds = elapsed.as_secs_f64();
        field(
            "candidates",
            &format!(
                "{} runs, {} known from the cache, {} not valid, in {seconds:.2} s",
                counts.runs, counts.hits, counts.invalid
            ),
        );
        if !self.reduced.printed {
            field("note", "as text the module is another one, and does not show it: it is written as bytes");
        }
        match end {
            End::Smallest => {}
            End::Time => field("note", "the time was up; the same command goes on from here"),
            End::Interrupted => field("note", "it was interrupted; the same command goes on from here"),
        }
        for note in &self.notes {
            field("note", note);
        }
        for missing in &self.missing {
            field("without", missing);
        }
        let calls: Vec<&str> = self.reduced.document.calls().collect();
        if self.reduced.document.main.is_some() && calls.len() > 1 {
            calls.iter().for_each(|call| field("call", call));
        }
        if self.found.is_some() {
            field("again", &self.again);
        }
        text
    }

    pub(super) fn json(&self) -> Line<'_> {
        let Reduced { counts, elapsed, end, levels, document, .. } = self.reduced;
        let (bytes_before, bytes_after) = self.sizes();
        Line {
            ty: "reduction",
            file: self.file.to_string_lossy().into_owned(),
            output: self.output.to_string_lossy().into_owned(),
            verdict: self.found.map(|found| found.finding.verdict),
            bucket: self.found.map(|found| found.finding.bucket()),
            engines: self.found.map_or(&[], |found| &found.engines),
            missing_engines: &self.missing,
            notes: &self.notes,
            bytes_before,
            bytes_after,
            directives_before: self.input.parts.len(),
            directives_after: document.parts.len(),
            levels,
            runs: counts.runs,
            cache_hits: counts.hits,
            invalid: counts.invalid,
            seconds: elapsed.as_secs_f64(),
            again: &self.again,
            end: match end {
                End::Smallest => "smallest",
                End::Time => "time",
                End::Interrupted => "interrupted",
            },
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// Bytes before and after, modules as binaries.
    fn sizes(&self) -> (usize, usize) {
        (self.input.size(), self.reduced.document.size())
    }
}
