//! The machine code of two compilations of a function, line by line.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use trapline_compiler::Instruction;

/// Lines of equal code that are shown before the first that differs.
const BEFORE: usize = 4;

/// A line of code on both sides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SideBySide<'a> {
    /// What the left side has there.
    pub left: Option<&'a Instruction>,
    /// What the right side has there.
    pub right: Option<&'a Instruction>,
    /// Whether both say the same.
    pub same: bool,
}

/// Lines up to which the search for what is the same on both sides is short.
const ALIGNED: usize = 4096;

/// Puts instructions that say the same beside each other, and in between those that do not, in order. In very long code, those
/// beside each other are of the same number.
pub fn side_by_side<'a>(left: &'a [Instruction], right: &'a [Instruction]) -> Vec<SideBySide<'a>> {
    if left.len().max(right.len()) > ALIGNED {
        return by_number(left, right);
    }
    let texts = |code: &'a [Instruction]| code.iter().map(|line| &*line.text).collect::<Vec<_>>();
    let steps = capture_diff_slices(Algorithm::Myers, &texts(left), &texts(right));
    let mut lines = Vec::new();
    let mut rest = (Vec::new(), Vec::new());
    for step in steps {
        if let DiffOp::Equal { old_index, new_index, len } = step {
            different(&mut lines, &mut rest);
            let (left, right) = (&left[old_index..][..len], &right[new_index..][..len]);
            lines.extend(left.iter().zip(right).map(|(left, right)| SideBySide {
                left: Some(left),
                right: Some(right),
                same: true,
            }));
        } else {
            rest.0.extend(&left[step.old_range()]);
            rest.1.extend(&right[step.new_range()]);
        }
    }
    different(&mut lines, &mut rest);
    lines
}

fn by_number<'a>(left: &'a [Instruction], right: &'a [Instruction]) -> Vec<SideBySide<'a>> {
    let line = |at| {
        let (left, right) = (left.get(at), right.get(at));
        let text = |side: Option<&'a Instruction>| side.map(|instruction| &*instruction.text);
        SideBySide { left, right, same: text(left) == text(right) }
    };
    (0..left.len().max(right.len())).map(line).collect()
}

/// The lines about the first that differs, at most so many; all that are there if none differs.
pub fn about_the_difference<'l, 'a>(lines: &'l [SideBySide<'a>], most: usize) -> &'l [SideBySide<'a>] {
    let first = lines.iter().position(|line| !line.same).unwrap_or(0);
    let start = first.saturating_sub(BEFORE);
    &lines[start..lines.len().min(start + most)]
}

/// Appends what stands on both sides between two equal lines.
fn different<'a>(
    lines: &mut Vec<SideBySide<'a>>,
    (left, right): &mut (Vec<&'a Instruction>, Vec<&'a Instruction>),
) {
    for at in 0..left.len().max(right.len()) {
        let (left, right) = (left.get(at).copied(), right.get(at).copied());
        lines.push(SideBySide { left, right, same: false });
    }
    left.clear();
    right.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(texts: &[&str]) -> Vec<Instruction> {
        let line = |(at, text): (u32, &&str)| Instruction {
            at,
            wasm: None,
            bytes: String::new(),
            text: (*text).to_owned(),
        };
        (0..).zip(texts).map(line).collect()
    }

    #[test]
    fn equal_instructions_stand_beside_each_other() {
        let (left, right) = (code(&["a", "b", "x", "c"]), code(&["a", "y", "z", "b", "c"]));
        let lines = side_by_side(&left, &right);
        let texts: Vec<_> = lines
            .iter()
            .map(|line| (line.left.map(|it| &*it.text), line.right.map(|it| &*it.text), line.same))
            .collect();
        let wanted = [
            (Some("a"), Some("a"), true),
            (None, Some("y"), false),
            (None, Some("z"), false),
            (Some("b"), Some("b"), true),
            (Some("x"), None, false),
            (Some("c"), Some("c"), true),
        ];
        assert_eq!(texts, wanted);
        assert_eq!(about_the_difference(&lines, 2).len(), 2);
        let long = code(&["s"; ALIGNED + 1]);
        let lines = side_by_side(&long, &long[1..]);
        assert!(lines[..ALIGNED].iter().all(|line| line.same) && !lines[ALIGNED].same);
        let (long, other) = (code(&["s"; 40]), code(&[&["s"; 39][..], &["t"]].concat()));
        let lines = side_by_side(&long, &other);
        let shown = about_the_difference(&lines, 30);
        assert_eq!((shown.len(), shown[BEFORE].same), (BEFORE + 1, false));
    }
}
