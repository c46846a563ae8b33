//! Segments that are cut at their ends: their constant offsets, and what remains.

use std::ops::Range;
use wasm_encoder::ConstExpr;
use wasmparser::{DataKind, ElementKind, Operator};

/// The constant offset of an active segment.
#[derive(Clone, Copy, Debug)]
pub(super) enum Offset {
    /// Of a table or memory with 32-bit indices.
    I32(i32),
    /// Of a table or memory with 64-bit indices.
    I64(i64),
}

impl Offset {
    /// The offset of an element segment, if it is active and the offset is a constant.
    pub(super) fn of_element(kind: &ElementKind<'_>) -> Option<Self> {
        match kind {
            ElementKind::Active { offset_expr, .. } => Self::of(offset_expr),
            ElementKind::Passive | ElementKind::Declared => None,
        }
    }

    /// The offset of a data segment, if it is active and the offset is a constant.
    pub(super) fn of_data(kind: &DataKind<'_>) -> Option<Self> {
        match kind {
            DataKind::Active { offset_expr, .. } => Self::of(offset_expr),
            DataKind::Passive => None,
        }
    }

    fn of(value: &wasmparser::ConstExpr<'_>) -> Option<Self> {
        let mut operators = value.get_operators_reader();
        let offset = match operators.read() {
            Ok(Operator::I32Const { value }) => Self::I32(value),
            Ok(Operator::I64Const { value }) => Self::I64(value),
            Ok(_) | Err(_) => return None,
        };
        operators.is_end_then_eof().then_some(offset)
    }

    /// Whether it is zero.
    pub(super) fn is_zero(self) -> bool {
        matches!(self, Self::I32(0) | Self::I64(0))
    }

    /// The zero of its type.
    pub(super) fn zero(self) -> ConstExpr {
        match self {
            Self::I32(_) => ConstExpr::i32_const(0),
            Self::I64(_) => ConstExpr::i64_const(0),
        }
    }

    /// The offset of a part that starts later.
    pub(super) fn plus(self, distance: usize) -> ConstExpr {
        match self {
            Self::I32(offset) => ConstExpr::i32_const(offset.wrapping_add(distance as i32)),
            Self::I64(offset) => ConstExpr::i64_const(offset.wrapping_add(distance as i64)),
        }
    }
}

/// The chosen parts of a segment, out of pairs of segment and part, which ascend.
pub(super) fn chosen_of(chosen: &[(u32, u32)], segment: u32) -> Vec<usize> {
    let first = chosen.partition_point(|&(other, _)| other < segment);
    let here = chosen[first..].iter().take_while(|&&(other, _)| other == segment);
    here.map(|&(_, part)| part as usize).collect()
}

/// What remains of a segment once its ends are cut: an end goes if its outermost part goes, and with it all parts up to
/// the first that neither goes nor is empty. The head is cut only if the segment can start later.
pub(super) fn ends(goes: &[bool], empty: &[bool], head: bool) -> Range<usize> {
    let mut range = 0..goes.len();
    let cut = |part: usize| goes[part] || empty[part];
    if goes.last() == Some(&true) {
        while !range.is_empty() && cut(range.end - 1) {
            range.end -= 1;
        }
    }
    if head && goes.first() == Some(&true) {
        while !range.is_empty() && cut(range.start) {
            range.start += 1;
        }
    }
    range
}
