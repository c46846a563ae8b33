//! The code of functions that are to blame, or cannot be compiled.

use crate::triage::{Blame, SideBySide, Sides, Triage, about_the_difference, side_by_side};
use std::fmt::Write;
use trapline_abi::{Readable, ReadableText};
use trapline_compiler::{Diagnosis, Instruction};

/// Lines of code, or of intermediate representation, that are shown; a report has all.
const LINES: usize = 32;
/// Characters of an instruction that are shown beside another.
const COLUMN: usize = 58;

/// What is shown on a terminal, after all else about the finding.
pub(super) fn text(found: &Triage) -> String {
    let mut text = String::new();
    if let Some((blame, sides)) = sides(found) {
        let lines = side_by_side(&sides.left.code, &sides.right.code);
        let shown = about_the_difference(&lines, LINES);
        // Writing to a String cannot fail, here and below.
        let _ = match lines.iter().all(|line| line.same) {
            true => writeln!(text, "\nits machine code, which is the same on both sides:"),
            false => writeln!(text, "\nits machine code, about the first difference:"),
        };
        columns(&mut text, (&blame.reference, &sides.variant), shown, "  ");
        if shown.len() < lines.len() {
            let _ =
                writeln!(text, "  … of {} lines; --report FILE.md has them all, and the CLIF", lines.len());
        }
    }
    if let Some(diagnosis) = &found.diagnosis {
        let _ = writeln!(text, "\n{}:", clif_of(diagnosis));
        let lines: Vec<&str> = diagnosis.clif.lines().collect();
        for line in lines.iter().take(LINES) {
            let _ = writeln!(text, "  {}", Readable(line));
        }
        if lines.len() > LINES {
            let _ = writeln!(text, "  … of {} lines; --report FILE.md has them all", lines.len());
        }
    }
    text
}

/// What a report has of it: everything.
pub(super) fn markdown(found: &Triage) -> String {
    let mut text = String::new();
    if let Some((blame, Sides { variant, left, right })) = sides(found) {
        let reference = &blame.reference;
        match left.clif == right.clif {
            true => block(&mut text, "CLIF as translated, the same on both sides", &left.clif),
            false => {
                block(&mut text, &format!("CLIF as translated, {reference}"), &left.clif);
                block(&mut text, &format!("CLIF as translated, {variant}"), &right.clif);
            }
        }
        block(&mut text, &format!("CLIF after the passes, {reference}"), &left.optimized);
        block(&mut text, &format!("CLIF after the passes, {variant}"), &right.optimized);
        let mut code = String::new();
        columns(&mut code, (reference, variant), &side_by_side(&left.code, &right.code), "");
        block(&mut text, "Machine code", &code);
    }
    if let Some(diagnosis) = &found.diagnosis {
        block(&mut text, &clif_of(diagnosis), &diagnosis.clif);
    }
    text
}

fn sides(found: &Triage) -> Option<(&Blame, &Sides)> {
    let blame = found.blame.as_deref()?;
    Some((blame, blame.sides.as_deref()?))
}

fn clif_of(diagnosis: &Diagnosis) -> String {
    format!("CLIF of {}, as far as it came", Readable(&diagnosis.symbol))
}

/// Appends a section with a block of code.
fn block(text: &mut String, heading: &str, code: &str) {
    let _ = writeln!(text, "\n## {heading}\n\n```text\n{}\n```", ReadableText(code.trim_end()));
}

/// Appends lines of code, one side beside the other. A bar stands between what is the same, an angle between what differs.
fn columns(text: &mut String, names: (&str, &str), lines: &[SideBySide<'_>], indent: &str) {
    let (left, right) = names;
    let _ = writeln!(text, "{indent}{left:COLUMN$} | {right}");
    for &SideBySide { left, right, same } in lines {
        let (left, right) = (left.map(side).unwrap_or_default(), right.map(side).unwrap_or_default());
        let line = format!("{indent}{left:COLUMN$} {} {right}", if same { '|' } else { '>' });
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// An instruction with its places.
fn side(Instruction { at, wasm, text, .. }: &Instruction) -> String {
    let wasm = wasm.map(|offset| format!("{offset:#x}")).unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = format!("{wasm:>6} +{at:#06x} {}", words.join(" "));
    if line.chars().count() <= COLUMN {
        return line;
    }
    line.chars().take(COLUMN - 1).chain(['…']).collect()
}
