//! Branch hints (proposal branch-hinting: "Branch Hint section").

use super::spaces::Spaces;
use super::{CustomError, Defect, malformed};
use wasmparser::{BinaryReader, Operator};

/// The name of the section.
pub(in crate::parse) const SECTION: &str = "metadata.code.branch_hint";

/// Which way a branch mostly goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct BranchHint {
    /// Where the branch is, in bytes from the start of its function's body.
    pub(crate) offset: u32,
    /// Whether it is mostly taken.
    pub(crate) likely: bool,
}

/// The hints about the branches of one function, by ascending offset.
pub(in crate::parse) struct FunctionHints {
    pub(in crate::parse) func: u32,
    pub(in crate::parse) hints: Vec<BranchHint>,
    /// Where each is in the module, and in front of them the function's index.
    places: Vec<u64>,
}

/// Decodes the content of a section that begins at an offset of its module.
pub(in crate::parse) fn decode(content: &[u8], offset: u64) -> Result<Vec<FunctionHints>, Defect> {
    let mut reader = BinaryReader::new(content, offset);
    let mut functions: Vec<FunctionHints> = Vec::new();
    for _ in 0..reader.read_var_u32()? {
        let place = reader.original_position();
        let func = reader.read_var_u32()?;
        match functions.last() {
            Some(last) if last.func == func => return malformed(place, "duplicate function"),
            Some(last) if last.func > func => return malformed(place, "functions out of order"),
            Some(_) | None => {}
        }
        let mut function = FunctionHints { func, hints: Vec::new(), places: vec![place] };
        for _ in 0..reader.read_var_u32()? {
            let place = reader.original_position();
            let hint = hint(&mut reader)?;
            match function.hints.last() {
                Some(last) if last.offset == hint.offset => return malformed(place, "duplicate hint"),
                Some(last) if last.offset > hint.offset => return malformed(place, "hints out of order"),
                Some(_) | None => {}
            }
            function.hints.push(hint);
            function.places.push(place);
        }
        functions.push(function);
    }
    if !reader.eof() {
        return malformed(reader.original_position(), "section size mismatch");
    }
    Ok(functions)
}

fn hint(reader: &mut BinaryReader<'_>) -> Result<BranchHint, Defect> {
    let offset = reader.read_var_u32()?;
    let place = reader.original_position();
    if reader.read_var_u32()? != 1 {
        return malformed(place, "malformed size of a hint");
    }
    let place = reader.original_position();
    match reader.read_u8()? {
        0 => Ok(BranchHint { offset, likely: false }),
        1 => Ok(BranchHint { offset, likely: true }),
        _ => malformed(place, "malformed value of a hint"),
    }
}

/// Checks hints against the module that they are about.
pub(super) fn check(function: &FunctionHints, spaces: &Spaces<'_>) -> Result<(), CustomError> {
    let invalid = |offset: u64, message: &str| {
        let message = format!("@metadata.code.branch_hint annotation: {message}");
        Err(CustomError::Invalid { offset, message })
    };
    let mut places = function.places.iter().copied();
    let place = places.next().unwrap_or_default();
    if function.func >= spaces.funcs() {
        return invalid(place, "unknown function");
    }
    let Some(body) = spaces.body(function.func) else {
        return invalid(place, "imported function");
    };
    let start = body.range().start;
    let mut branches = Vec::new();
    if let Ok(mut operators) = body.get_operators_reader() {
        while let Ok((operator, offset)) = operators.read_with_offset() {
            if matches!(operator, Operator::If { .. } | Operator::BrIf { .. }) {
                branches.push(offset - start);
            }
        }
    }
    for (hint, place) in function.hints.iter().zip(places) {
        if branches.binary_search(&u64::from(hint.offset)).is_err() {
            return invalid(place, "invalid target");
        }
    }
    Ok(())
}
