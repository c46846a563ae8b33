//! What is known of a division or conversion that trapped.

use crate::trap::Recovered;
use trapline_abi::{NumericInstruction, NumericOperand, Trap, TrapDetail};

/// The operands of a numeric instruction, of which one has been recovered, perhaps. The others follow from the trap.
pub(super) fn numeric(
    trap: Trap,
    instruction: NumericInstruction,
    recovered: Option<&Recovered>,
) -> Option<TrapDetail> {
    let recovered = match recovered {
        Some(&Recovered::Operand(operand)) => Some(operand),
        Some(Recovered::Start(_) | Recovered::End(..)) | None => None,
    };
    Some(match (instruction.operand(), trap) {
        (NumericOperand::Integer { bits, .. }, Trap::IntegerDivideByZero) => {
            let dividend = recovered.map(|dividend| dividend & mask(bits));
            TrapDetail::Division { instruction, dividend, divisor: 0 }
        }
        // Only the least integer has no quotient, by -1.
        (NumericOperand::Integer { bits, .. }, Trap::IntegerOverflow) => {
            TrapDetail::Division { instruction, dividend: Some(1 << (bits - 1)), divisor: mask(bits) }
        }
        (NumericOperand::F32 | NumericOperand::F64, _) => {
            let operand = recovered.filter(|&bits| trap_of(instruction, bits) == Some(trap));
            TrapDetail::Conversion { instruction, operand }
        }
        (NumericOperand::Integer { .. }, _) => return None,
    })
}

/// So many bits.
fn mask(bits: u32) -> u64 {
    u64::MAX >> (64 - bits)
}

/// How the conversion of a float traps.
fn trap_of(instruction: NumericInstruction, bits: u64) -> Option<Trap> {
    use NumericInstruction as I;
    let value = match instruction.operand() {
        NumericOperand::F32 => f64::from(f32::from_bits(bits as u32)),
        NumericOperand::F64 => f64::from_bits(bits),
        NumericOperand::Integer { .. } => return None,
    };
    if value.is_nan() {
        return Some(Trap::InvalidConversionToInteger);
    }
    // The integer parts that the type has; all these bounds are floats.
    let (least, beyond) = match instruction {
        I::I32TruncF32S | I::I32TruncF64S => (-2f64.powi(31), 2f64.powi(31)),
        I::I32TruncF32U | I::I32TruncF64U => (0.0, 2f64.powi(32)),
        I::I64TruncF32S | I::I64TruncF64S => (-2f64.powi(63), 2f64.powi(63)),
        I::I64TruncF32U | I::I64TruncF64U => (0.0, 2f64.powi(64)),
        I::I32DivS | I::I32DivU | I::I32RemS | I::I32RemU => return None,
        I::I64DivS | I::I64DivU | I::I64RemS | I::I64RemU => return None,
    };
    let fits = (least..beyond).contains(&value.trunc());
    (!fits).then_some(Trap::IntegerOverflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversion(instruction: NumericInstruction, value: f64, trap: Trap) -> Option<TrapDetail> {
        numeric(trap, instruction, Some(&Recovered::Operand(value.to_bits())))
    }

    /// An operand that could not have trapped like this is none that was found in the right register.
    #[test]
    fn a_float_that_does_not_trap_is_not_believed() {
        let instruction = NumericInstruction::I32TruncF64S;
        for (value, trap, believed) in [
            (1e20_f64, Trap::IntegerOverflow, true),
            (2147483648.0, Trap::IntegerOverflow, true),
            (2147483647.9, Trap::IntegerOverflow, false),
            (-2147483648.9, Trap::IntegerOverflow, false),
            (-2147483649.0, Trap::IntegerOverflow, true),
            (f64::NAN, Trap::IntegerOverflow, false),
            (f64::NAN, Trap::InvalidConversionToInteger, true),
            (1e20, Trap::InvalidConversionToInteger, false),
        ] {
            let operand = believed.then_some(value.to_bits());
            let expected = Some(TrapDetail::Conversion { instruction, operand });
            assert_eq!(conversion(instruction, value, trap), expected, "{value} {trap}");
        }
        for (value, believed) in
            [(-0.9_f64, false), (-1.0, true), (4294967295.9, false), (4294967296.0, true)]
        {
            let instruction = NumericInstruction::I32TruncF64U;
            let operand = believed.then_some(value.to_bits());
            let expected = Some(TrapDetail::Conversion { instruction, operand });
            assert_eq!(conversion(instruction, value, Trap::IntegerOverflow), expected, "{value}");
        }
    }

    #[test]
    fn only_one_quotient_is_too_large() {
        let instruction = NumericInstruction::I32DivS;
        let expected =
            TrapDetail::Division { instruction, dividend: Some(0x8000_0000), divisor: 0xffff_ffff };
        assert_eq!(numeric(Trap::IntegerOverflow, instruction, None), Some(expected));
        let zero = numeric(Trap::IntegerDivideByZero, instruction, Some(&Recovered::Operand(0x1_0000_0007)));
        assert_eq!(zero, Some(TrapDetail::Division { instruction, dividend: Some(7), divisor: 0 }));
    }
}
