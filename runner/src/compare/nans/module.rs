//! Where in a module NaNs come from, where their bits show, and whether it has relaxed SIMD.

use wasmparser::{BinaryReaderError, Operator, Parser, Payload};

/// What the instructions of modules do that the specification leaves open.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct OpenUse {
    /// Whether one can result in such a NaN (specification: execution, numerics, "NaN Propagation").
    pub(super) computes: bool,
    /// Whether one can make something else of its bits: an integer, the sign of a number, or bytes.
    pub(super) exposes: bool,
    /// Whether one is of relaxed SIMD (specification: execution, numerics, "relaxed operations").
    pub(super) relaxes: bool,
}

impl OpenUse {
    /// Adds the instructions of a module.
    ///
    /// # Errors
    ///
    /// When the binary cannot be read.
    pub(super) fn add(&mut self, wasm: &[u8]) -> Result<(), BinaryReaderError> {
        for payload in Parser::new(0).parse_all(wasm) {
            let Payload::CodeSectionEntry(body) = payload? else { continue };
            let mut operators = body.get_operators_reader()?;
            while !operators.eof() {
                let operator = operators.read()?;
                let vectors = computes_vectors(&operator);
                self.computes |= vectors || computes_numbers(&operator);
                // The bits of a vector are those of integers, too.
                self.exposes |= vectors || exposes(&operator);
                self.relaxes |= relaxes(&operator);
            }
        }
        Ok(())
    }
}

fn computes_numbers(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        F32Add
            | F32Sub
            | F32Mul
            | F32Div
            | F32Min
            | F32Max
            | F32Sqrt
            | F32Ceil
            | F32Floor
            | F32Trunc
            | F32Nearest
            | F32DemoteF64
            | F64Add
            | F64Sub
            | F64Mul
            | F64Div
            | F64Min
            | F64Max
            | F64Sqrt
            | F64Ceil
            | F64Floor
            | F64Trunc
            | F64Nearest
            | F64PromoteF32
    )
}

/// The pseudo-minimum and -maximum are not among these: they choose one of their operands as it is.
fn computes_vectors(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        F32x4Add
            | F32x4Sub
            | F32x4Mul
            | F32x4Div
            | F32x4Min
            | F32x4Max
            | F32x4Sqrt
            | F32x4Ceil
            | F32x4Floor
            | F32x4Trunc
            | F32x4Nearest
            | F32x4DemoteF64x2Zero
            | F64x2Add
            | F64x2Sub
            | F64x2Mul
            | F64x2Div
            | F64x2Min
            | F64x2Max
            | F64x2Sqrt
            | F64x2Ceil
            | F64x2Floor
            | F64x2Trunc
            | F64x2Nearest
            | F64x2PromoteLowF32x4
            | F32x4RelaxedMadd
            | F32x4RelaxedNmadd
            | F32x4RelaxedMin
            | F32x4RelaxedMax
            | F64x2RelaxedMadd
            | F64x2RelaxedNmadd
            | F64x2RelaxedMin
            | F64x2RelaxedMax
    )
}

fn relaxes(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        I8x16RelaxedSwizzle
            | I32x4RelaxedTruncF32x4S
            | I32x4RelaxedTruncF32x4U
            | I32x4RelaxedTruncF64x2SZero
            | I32x4RelaxedTruncF64x2UZero
            | F32x4RelaxedMadd
            | F32x4RelaxedNmadd
            | F64x2RelaxedMadd
            | F64x2RelaxedNmadd
            | I8x16RelaxedLaneselect
            | I16x8RelaxedLaneselect
            | I32x4RelaxedLaneselect
            | I64x2RelaxedLaneselect
            | F32x4RelaxedMin
            | F32x4RelaxedMax
            | F64x2RelaxedMin
            | F64x2RelaxedMax
            | I16x8RelaxedQ15mulrS
            | I16x8RelaxedDotI8x16I7x16S
            | I32x4RelaxedDotI8x16I7x16AddS
    )
}

fn exposes(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        I32ReinterpretF32 | I64ReinterpretF64 | F32Copysign | F64Copysign
            | F32Store { .. } | F64Store { .. }
            // A float that becomes part of a vector.
            | F32x4Splat | F64x2Splat | F32x4ReplaceLane { .. } | F64x2ReplaceLane { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(body: &str) -> OpenUse {
        let text = format!("(module (memory 1) (func (param f32 v128) {body}))");
        let mut used = OpenUse::default();
        used.add(&wat::parse_str(text).expect("a module")).expect("instructions");
        used
    }

    #[test]
    fn arithmetic_makes_nans_and_moves_do_not() {
        let (makes, shows) = (
            OpenUse { computes: true, ..OpenUse::default() },
            OpenUse { exposes: true, ..OpenUse::default() },
        );
        let both = OpenUse { computes: true, exposes: true, relaxes: false };
        for (body, wanted) in [
            ("(drop (f32.sub (local.get 0) (local.get 0)))", makes),
            ("(drop (f64.promote_f32 (local.get 0)))", makes),
            ("(drop (f32.neg (f32.abs (f32.const nan:0x1234))))", OpenUse::default()),
            ("(drop (f32x4.pmin (local.get 1) (local.get 1)))", OpenUse::default()),
            ("(drop (f32.load (i32.const 0)))", OpenUse::default()),
            ("(f32.store (i32.const 0) (local.get 0))", shows),
            ("(drop (f32.copysign (f32.const 1) (local.get 0)))", shows),
            ("(drop (i32.reinterpret_f32 (local.get 0)))", shows),
            ("(drop (f64x2.min (local.get 1) (local.get 1)))", both),
            ("(drop (f64x2.relaxed_min (local.get 1) (local.get 1)))", OpenUse { relaxes: true, ..both }),
            (
                "(drop (i16x8.relaxed_q15mulr_s (local.get 1) (local.get 1)))",
                OpenUse { relaxes: true, ..OpenUse::default() },
            ),
        ] {
            assert_eq!(used(body), wanted, "{body}");
        }
        assert!(OpenUse::default().add(b"\0asm").is_err());
    }
}
