//! What triage has found, as text, Markdown and JSON.

use super::code;
use crate::engine::Variant;
use crate::trail::{Layer, RunInfo};
use crate::triage::{Blame, Finding, NO_END, Severity, TIME, Triage, Verdict};
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;
use trapline_abi::Readable;
use trapline_compiler::Diagnosis;

/// Findings behind the first that are shown.
const MORE: usize = 10;

/// What is shown.
pub(super) struct Shown<'a> {
    pub(super) file: &'a Path,
    /// The arguments of `wast` and `compare` for the same.
    pub(super) command: &'a str,
    /// The same with the limit on time that counts here.
    pub(super) timed: &'a str,
    /// The engines and variants that it ran on.
    pub(super) variants: &'a [Variant],
    /// Whether the file is an object, which they do not take.
    pub(super) is_object: bool,
    pub(super) found: &'a Triage,
    /// The engines that cannot run here, and why.
    pub(super) missing: &'a [String],
    pub(super) run: &'a RunInfo,
}

/// The object of JSON.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    #[serde(rename = "type")]
    ty: &'static str,
    file: String,
    verdict: Verdict,
    severity: Severity,
    bucket: String,
    findings: Vec<FindingLine<'a>>,
    blame: Option<&'a Blame>,
    diagnosis: Option<&'a Diagnosis>,
    engines: &'a [String],
    missing_engines: &'a [String],
    left_out: &'a [String],
    directives: usize,
    runs: u32,
    version: &'a str,
}

#[derive(Serialize)]
struct FindingLine<'a> {
    verdict: Verdict,
    severity: Severity,
    layer: Option<Layer>,
    summary: &'a str,
    rule: Option<&'a str>,
    evidence: &'a [String],
    engines: &'a [String],
    line: Option<u32>,
    directive: Option<&'a str>,
    bucket: String,
}

impl<'a> Shown<'a> {
    pub(super) fn text(&self) -> String {
        let Shown { found, .. } = self;
        let first = found.first();
        let mut text = String::new();
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "{}: {}", self.file.display(), first.verdict);
        self.fields(&mut text, first);
        text.push_str(&code::text(found));
        let more = self.further();
        if !more.is_empty() {
            text.push_str("\nalso:\n");
        }
        for (finding, times) in more.iter().take(MORE) {
            let times = if *times > 1 { format!(" (and {} more like it)", times - 1) } else { String::new() };
            let _ = writeln!(
                text,
                "  {}{}: {}{times}",
                finding.verdict,
                place(finding),
                Readable(&finding.summary)
            );
        }
        if more.len() > MORE {
            let _ = writeln!(text, "  … and {} more", more.len() - MORE);
        }
        text
    }

    /// The findings behind the first, one for each cause, and how many there are of it.
    fn further(&self) -> Vec<(&'a Finding, usize)> {
        let mut further: Vec<(&Finding, usize)> = Vec::new();
        for finding in &self.found.findings[1..] {
            let same = |(known, _): &&mut (&Finding, usize)| {
                known.verdict == finding.verdict
                    && known.cause == finding.cause
                    && known.context == finding.context
            };
            match further.iter_mut().find(same) {
                Some((_, times)) => *times += 1,
                None => further.push((finding, 1)),
            }
        }
        further
    }

    fn fields(&self, text: &mut String, finding: &Finding) {
        let mut field = |name: &str, value: &str| {
            let _ = writeln!(text, "  {:10} {}", format!("{name}:"), Readable(value));
        };
        field("what", &finding.summary);
        if let Some(rule) = &finding.rule {
            field("rule", rule);
        }
        if let Some((line, directive)) = &finding.directive {
            field("where", &format!("line {line}, {directive}"));
        }
        for line in finding.evidence.iter().flat_map(|line| line.lines()) {
            field("evidence", line);
        }
        for (name, value) in self.causes() {
            field(name, &value);
        }
        if let Some(layer) = layer(finding) {
            field("layer", layer);
        }
        field("severity", finding.verdict.severity().meaning());
        field("engines", &self.engines(finding));
        field("bucket", &finding.bucket());
        field("ran", &self.ran());
        for missing in self.missing.iter().chain(&self.found.left_out) {
            field("without", missing);
        }
        field("again", &self.again(finding));
    }

    /// What makes the difference, or which function cannot be compiled, by names in small letters.
    fn causes(&self) -> Vec<(&'static str, String)> {
        let mut causes = Vec::new();
        if let Some(blame) = &self.found.blame {
            causes.push(("blame", blame.conclusion.clone()));
            causes.extend(blame.oracles.iter().map(|oracle| ("oracle", oracle.clone())));
            causes.extend(
                blame.offset.map(|offset| ("offset", format!("its code differs first at {offset:#x}"))),
            );
            causes.extend(blame.properties.clone().map(|properties| ("takes", properties)));
            causes.extend(blame.pass.clone().map(|pass| ("pass", pass)));
            causes.extend(blame.tried.iter().map(|tried| (TRIED, tried.clone())));
        }
        if let Some(diagnosis) = &self.found.diagnosis {
            causes.push(("function", diagnosis.symbol.clone()));
            causes.push(("pass", diagnosis.stage.passes().to_owned()));
        }
        causes
    }

    /// The engines that show a finding.
    fn engines(&self, finding: &Finding) -> String {
        let Triage { engines, .. } = self.found;
        match finding.engines.len() {
            0 if engines.is_empty() => "none, it is not run".to_owned(),
            0 => format!("none of {}", engines.join(", ")),
            count if count == engines.len() => format!("all: {}", engines.join(", ")),
            _ => {
                let others: Vec<&str> = engines
                    .iter()
                    .filter(|engine| !finding.engines.contains(engine))
                    .map(String::as_str)
                    .collect();
                format!("{}; not {}", finding.engines.join(", "), others.join(", "))
            }
        }
    }

    fn ran(&self) -> String {
        let Triage { engines, directives, runs, .. } = self.found;
        let Some(first) = engines.first() else { return "nothing: it is refused before".to_owned() };
        let directives =
            if *directives == 1 { "1 directive".to_owned() } else { format!("{directives} directives") };
        let times = if *runs == 1 { "once".to_owned() } else { format!("{runs} times") };
        format!("{directives} on {} engines and variants, {times} on {first}", engines.len())
    }

    /// The command that shows a finding.
    fn again(&self, finding: &Finding) -> String {
        let command = self.command_of(finding);
        match self.file == Path::new("-") {
            true => format!("{command}  # with the same standard input"),
            false => command,
        }
    }

    fn command_of(&self, finding: &Finding) -> String {
        // Other commands wait longer for what does not end.
        let is_about_time = [TIME, NO_END].contains(&finding.cause.as_str());
        let arguments = if is_about_time { self.timed } else { self.command };
        if self.is_object {
            return format!("trapline triage {arguments}");
        }
        let compared = &finding.engines;
        let first = self.variants.first().map(|variant| variant.spec().name);
        // What the first engine shows, which is the one of `wast`, needs no other.
        let of_first = first.is_none_or(|first| compared.is_empty() || compared.contains(&first));
        match finding.verdict {
            Verdict::Miscompile | Verdict::OtherEngine | Verdict::LegalDivergence => {}
            _ if of_first => return format!("trapline wast {arguments}"),
            _ => {}
        }
        let shows = |variant: &&Variant| compared.contains(&variant.spec().name);
        let others = self.variants.iter().skip(1).filter(shows);
        let variants = self.variants.first().into_iter().chain(others);
        let variants: String = variants.map(|variant| format!(" --variant {variant}")).collect();
        format!("trapline compare{variants} {arguments}")
    }

    pub(super) fn json(&self) -> Line<'a> {
        let Triage { findings, engines, directives, runs, left_out, blame, diagnosis } = self.found;
        let line = |finding: &'a Finding| FindingLine {
            verdict: finding.verdict,
            severity: finding.verdict.severity(),
            layer: finding.layer,
            summary: &finding.summary,
            rule: finding.rule.as_deref(),
            evidence: &finding.evidence,
            engines: &finding.engines,
            line: finding.directive.as_ref().map(|(line, _)| *line),
            directive: finding.directive.as_ref().map(|(_, directive)| directive.as_str()),
            bucket: finding.bucket(),
        };
        let first = self.found.first();
        Line {
            ty: "triage",
            file: self.file.display().to_string(),
            verdict: first.verdict,
            severity: first.verdict.severity(),
            bucket: first.bucket(),
            findings: findings.iter().map(line).collect(),
            blame: blame.as_deref(),
            diagnosis: diagnosis.as_deref(),
            engines,
            missing_engines: self.missing,
            left_out,
            directives: *directives,
            runs: *runs,
            version: &self.run.version,
        }
    }

    pub(super) fn markdown(&self) -> String {
        let Shown { found, run, .. } = self;
        let mut text = String::new();
        let _ = writeln!(text, "# {}: {}\n", self.file.display(), found.first().verdict);
        let _ = writeln!(text, "| | |\n| --- | --- |");
        let mut row = |name: &str, value: &str| {
            let value = Readable(value).to_string().replace('|', "\\|");
            let _ = writeln!(text, "| {name} | {value} |");
        };
        let first = found.first();
        row("What", &first.summary);
        if let Some(rule) = &first.rule {
            row("Rule", rule);
        }
        if let Some((line, directive)) = &first.directive {
            row("Where", &format!("line {line}, `{directive}`"));
        }
        for (name, value) in self.causes().into_iter().filter(|(name, _)| *name != TRIED) {
            row(&capitalized(name), &value);
        }
        if let Some(layer) = layer(first) {
            row("Layer", layer);
        }
        row("Severity", first.verdict.severity().meaning());
        row("Engines", &self.engines(first));
        row("Bucket", &format!("`{}`", first.bucket()));
        row("Ran", &self.ran());
        row("Version", &format!("trapline {}", run.version));
        row("Processor", &run.cpu.join(", "));
        for missing in self.missing.iter().chain(&found.left_out) {
            row("Without", missing);
        }
        if !first.evidence.is_empty() {
            let _ = writeln!(text, "\n## Evidence\n");
            for line in first.evidence.iter().flat_map(|line| line.lines()) {
                let _ = writeln!(text, "    {}", Readable(line));
            }
        }
        if let Some(blame) = &found.blame {
            let _ = writeln!(text, "\n## What was tried\n");
            for tried in &blame.tried {
                let _ = writeln!(text, "- {}", Readable(tried));
            }
        }
        text.push_str(&code::markdown(found));
        let _ = writeln!(text, "\n## Reproduction\n\n    {}", self.again(first));
        let further = self.further();
        if !further.is_empty() {
            let head = "| Verdict | Where | What | Times | Bucket |\n| --- | --- | --- | --- | --- |";
            let _ = writeln!(text, "\n## Further findings\n\n{head}");
        }
        for (finding, times) in further {
            let what = Readable(&finding.summary).to_string().replace('|', "\\|");
            let (place, bucket) = (place(finding), finding.bucket());
            let _ = writeln!(text, "| {} | {place} | {what} | {times} | `{bucket}` |", finding.verdict);
        }
        text
    }
}

/// The name of what was tried, of which there are many.
const TRIED: &str = "tried";

fn capitalized(name: &str) -> String {
    let mut rest = name.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// Where a finding was made.
fn place(finding: &Finding) -> String {
    let place = finding.directive.as_ref();
    place.map(|(line, directive)| format!(" at line {line}, {directive}")).unwrap_or_default()
}

fn layer(finding: &Finding) -> Option<&'static str> {
    Some(match finding.layer? {
        Layer::Decode => "decode",
        Layer::Validate => "validate",
        Layer::Translate => "translate",
        Layer::Codegen => "codegen",
        Layer::Emit => "emit",
        Layer::Object => "object",
        Layer::Load => "load",
        Layer::Link => "link",
        Layer::Instantiate => "instantiate",
        Layer::Run => "run",
        Layer::Harness => "harness",
    })
}
