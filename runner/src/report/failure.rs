//! The text of a failure: all that it takes to understand it without looking elsewhere.

use super::excerpt::{Mark, excerpt, pointed};
use super::totals::counted;
use super::{Sides, Style, sides, trap, uncaught};
use crate::discover::{is_plain_word, quoted};
use crate::outcome::{DirectiveRecord, FileReport, Outcome, ScriptFault};
use crate::trail::{Got, Output};
use std::borrow::Cow;
use std::fmt::Write;
use trapline_abi::{Readable, ReadableText};

/// What leads from the command for a file to that for a line.
const ONLY: &str = " --only ";

/// What a directive that did not pass has to say: where it is, its text, what was expected and what came, the trap
/// and the command that runs it again. Ends in a newline.
pub fn failure_text(file: &FileReport, directive: &DirectiveRecord, style: Style) -> String {
    let mut text = String::new();
    write_failure(&mut text, file, directive, &sides(directive), style);
    text
}

/// Appends what [`failure_text`] says.
pub(super) fn write_failure(
    text: &mut String,
    file: &FileReport,
    directive: &DirectiveRecord,
    sides: &Sides,
    style: Style,
) {
    let kind = style.bad(directive.outcome.kind().name());
    let (line, col, keyword) = (directive.line, directive.col, directive.directive);
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(text, "{kind} {}:{line}:{col} {keyword}", Readable(location(file)));
    if let Some(source) = directive.source() {
        excerpt(text, source, Mark::of(directive), style);
    }
    for line in directive.output().into_iter().flat_map(printed) {
        field(text, "printed", &line);
    }
    let Sides { expected, word, got } = sides;
    if let Some(expected) = expected {
        field(text, "expected", expected);
    }
    field(text, word, got);
    let says_the_trap = matches!(&directive.outcome, Outcome::Fail(mismatch) if mismatch.got == Got::Trapped);
    if let (Some(happened), false) = (directive.trap(), says_the_trap) {
        field(text, "trap", &trap(happened));
    }
    let says_the_exception =
        matches!(&directive.outcome, Outcome::Fail(mismatch) if mismatch.got == Got::Threw);
    if let (Some(happened), false) = (directive.exception(), says_the_exception) {
        field(text, "threw", &uncaught(happened));
    }
    if let Some(line) = directive.line() {
        pointed(text, line, style);
    }
    if let Some(missing) = left_out(file, directive) {
        field(text, "without", &missing);
    }
    text.push_str("    rerun:    ");
    write_rerun(text, file, line);
    text.push('\n');
}

/// What a directive has printed, line by line.
pub(super) fn printed(output: &Output) -> impl Iterator<Item = Cow<'_, str>> {
    let more = (output.more > 0).then(|| Cow::Owned(format!("… and {} more", counted(output.more, "call"))));
    output.lines.iter().map(|line| Cow::Borrowed(line.as_str())).chain(more)
}

/// What a directive without a failure has printed. Ends in a newline.
pub(super) fn write_output(
    text: &mut String,
    file: &FileReport,
    directive: &DirectiveRecord,
    output: &Output,
) {
    let (line, col, keyword) = (directive.line, directive.col, directive.directive);
    // Writing to a String cannot fail.
    let _ = writeln!(text, "printed {}:{line}:{col} {keyword}", Readable(location(file)));
    for line in printed(output) {
        let _ = writeln!(text, "    {}", Readable(&line));
    }
}

/// The command that runs just what begins on a line again.
pub(super) fn rerun(file: &FileReport, line: u32) -> String {
    // A line number has ten digits at most. Reports can have millions of these.
    let mut text = String::with_capacity(file.rerun.len() + ONLY.len() + file.file.len() + 12);
    write_rerun(&mut text, file, line);
    text
}

fn write_rerun(text: &mut String, file: &FileReport, line: u32) {
    text.push_str(&file.rerun);
    text.push_str(ONLY);
    // A line number needs no quotes. What begins like a flag has the folder before it.
    let ahead = if file.file.starts_with('-') { "./" } else { "" };
    let _ = match is_plain_word(&file.file) {
        true => write!(text, "{ahead}{}:{line}", file.file),
        false => write!(text, "{}", quoted(&format!("{ahead}{}:{line}", file.file))),
    };
}

/// The part of such a command that is the same for every line of a file.
pub(super) fn rerun_of_file(command: &str) -> &str {
    command.rsplit_once(ONLY).map_or(command, |(of_file, _)| of_file)
}

/// What a directive ran without: those before it that took their process with them were left out when the script ran
/// again, and what they were to do was not done.
fn left_out(file: &FileReport, directive: &DirectiveRecord) -> Option<String> {
    let earlier = file.lost().iter().take_while(|lost| lost.index < directive.index);
    let lines: Vec<String> = earlier.map(|lost| lost.line.to_string()).collect();
    (!lines.is_empty())
        .then(|| format!("what line {} was to do, which did not come to its end", lines.join(", ")))
}

/// What a file that is not a script has to say. Ends in a newline.
pub fn script_fault_text(file: &FileReport, fault: &ScriptFault, style: Style) -> String {
    let place = match (fault.line, fault.col) {
        (0, _) => String::new(),
        (line, col) => format!(":{line}:{col}"),
    };
    let (file, message) = (Readable(location(file)), ReadableText(&fault.message));
    format!("{} failed to read {file}{place}: {message}\n", style.bad("error:"))
}

/// Where the file can be opened, or else its name.
fn location(file: &FileReport) -> &str {
    file.path.as_deref().unwrap_or(&file.file)
}

fn field(text: &mut String, name: &str, value: &str) {
    let (first, more) = match value.split_once('\n') {
        Some((first, more)) => (first.strip_suffix('\r').unwrap_or(first), more),
        None => (value, ""),
    };
    for part in ["    ", name, ":", &"         "[name.len().min(9)..]] {
        text.push_str(part);
    }
    let _ = writeln!(text, "{}", Readable(first));
    for line in more.lines() {
        let _ = writeln!(text, "{:14}{}", "", Readable(line));
    }
}
