//! The text of a failure: all that it takes to understand it without looking elsewhere.

use super::{Sides, Style, sides, trap};
use crate::discover::quoted;
use crate::outcome::{DirectiveRecord, FileReport, Outcome, ScriptFault};
use crate::trail::Got;
use std::fmt::Write;
use trapline_abi::{Readable, ReadableText};

/// Lines of a directive's text that are shown, and characters of each.
const SOURCE_LINES: usize = 12;
const SOURCE_WIDTH: usize = 400;

/// What a directive that did not pass has to say: where it is, its text, what was expected and what came, the trap
/// and the command that runs it again. Ends in a newline.
pub fn failure_text(file: &FileReport, directive: &DirectiveRecord, style: Style) -> String {
    let mut text = String::new();
    let kind = directive.outcome.kind().name();
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(
        text,
        "{} {}:{}:{} {}",
        style.bad(kind),
        Readable(location(file)),
        directive.line,
        directive.col,
        directive.directive
    );
    if let Some(source) = directive.source() {
        for line in excerpt(source) {
            let _ = writeln!(text, "    {}", style.faint(Readable(&line)));
        }
    }
    let Sides { expected, word, got } = sides(directive);
    if let Some(expected) = expected {
        field(&mut text, "expected", &expected);
    }
    field(&mut text, word, &got);
    let says_the_trap = matches!(&directive.outcome, Outcome::Fail(mismatch) if mismatch.got == Got::Trapped);
    if let (Some(happened), false) = (directive.trap(), says_the_trap) {
        field(&mut text, "trap", &trap(happened));
    }
    if let Some(missing) = left_out(file, directive) {
        field(&mut text, "without", &missing);
    }
    field(
        &mut text,
        "rerun",
        &format!("{} --only {}", file.rerun, quoted(&format!("{}:{}", file.file, directive.line))),
    );
    text
}

/// What a directive ran without: those before it that took their process with them were left out when the script ran
/// again, and what they were to do was not done.
fn left_out(file: &FileReport, directive: &DirectiveRecord) -> Option<String> {
    let earlier = file.lost().iter().take_while(|lost| lost.index < directive.index);
    let lines: Vec<String> = earlier.map(|lost| lost.line.to_string()).collect();
    (!lines.is_empty())
        .then(|| format!("what line {} was to do, which did not come to its end", lines.join(", ")))
}

/// What a file that is no script has to say. Ends in a newline.
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
    let mut lines = value.lines();
    let first = Readable(lines.next().unwrap_or_default());
    let _ = writeln!(text, "    {:<9} {first}", format!("{name}:"));
    for line in lines {
        let _ = writeln!(text, "    {:<9} {}", "", Readable(line));
    }
}

/// The beginning of a directive's text; modules can be very long.
fn excerpt(source: &str) -> Vec<String> {
    let lines: Vec<&str> = source.lines().collect();
    // Lines after the first are indented as in the file, which says nothing here.
    let indented = lines.iter().skip(1).filter(|line| !line.trim().is_empty());
    let indent = indented.map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let mut shown: Vec<String> = Vec::new();
    for (number, line) in lines.iter().take(SOURCE_LINES).enumerate() {
        let line = if number == 0 { line } else { line.get(indent..).unwrap_or_default() };
        let text: String = line.chars().take(SOURCE_WIDTH).collect();
        let cut = line.len() - text.len();
        let hang = if number == 0 { "" } else { "  " };
        shown.push(if cut == 0 {
            format!("{hang}{text}")
        } else {
            format!("{hang}{text} … ({cut} more bytes)")
        });
    }
    if lines.len() > SOURCE_LINES {
        shown.push(format!("… ({} more lines)", lines.len() - SOURCE_LINES));
    }
    shown
}
