//! What traps of divisions, conversions and accesses to memories tell.

use super::{Extent, MemorySize};
use crate::{MemoryInstruction, NumericInstruction, NumericOperand};
use std::fmt;

/// What is printed for an operand that could not be recovered.
const UNKNOWN: &str = "not known";

/// A division that trapped. Operands are bits, zero-extended.
pub(super) struct Division(pub(super) NumericInstruction, pub(super) Option<u64>, pub(super) u64);

impl fmt::Display for Division {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Division(instruction, dividend, divisor) = *self;
        write!(f, "{instruction}: ")?;
        match dividend {
            Some(dividend) => operand(f, instruction, dividend)?,
            None => write!(f, "(the dividend is {UNKNOWN})")?,
        }
        f.write_str(if instruction.is_remainder() { " % " } else { " / " })?;
        operand(f, instruction, divisor)
    }
}

/// A conversion that trapped.
pub(super) struct Conversion(pub(super) NumericInstruction, pub(super) Option<u64>);

impl fmt::Display for Conversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Conversion(instruction, bits) = *self;
        write!(f, "{instruction}: ")?;
        match bits {
            Some(bits) => operand(f, instruction, bits),
            None => write!(f, "the operand is {UNKNOWN}"),
        }
    }
}

/// An operand of an instruction, by its bits.
fn operand(f: &mut fmt::Formatter<'_>, instruction: NumericInstruction, bits: u64) -> fmt::Result {
    match instruction.operand() {
        NumericOperand::Integer { signed: false, .. } => write!(f, "{bits}"),
        NumericOperand::Integer { bits: 32, .. } => write!(f, "{}", (bits as u32).cast_signed()),
        NumericOperand::Integer { .. } => write!(f, "{}", bits.cast_signed()),
        NumericOperand::F32 => {
            let value = f32::from_bits(bits as u32);
            let payload = bits & 0x7f_ffff;
            float(f, value.into(), &format!("{value:?}"), payload, 0x40_0000)?;
            write!(f, " ({bits:#010x})")
        }
        NumericOperand::F64 => {
            let value = f64::from_bits(bits);
            let payload = bits & 0xf_ffff_ffff_ffff;
            float(f, value, &format!("{value:?}"), payload, 0x8_0000_0000_0000)?;
            write!(f, " ({bits:#018x})")
        }
    }
}

/// A float as the text format has it, given as a decimal number for the case that it is one.
fn float(f: &mut fmt::Formatter<'_>, value: f64, decimal: &str, payload: u64, canonical: u64) -> fmt::Result {
    if !value.is_nan() {
        return f.write_str(decimal);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    match payload == canonical {
        true => write!(f, "{sign}nan"),
        false => write!(f, "{sign}nan:{payload:#x}"),
    }
}

/// An access to a memory: its address operand, and the offset that the instruction adds.
pub(super) struct Access {
    pub(super) instruction: MemoryInstruction,
    pub(super) index: Option<u64>,
    pub(super) offset: u64,
}

impl Access {
    /// The sum of the operand and the offset, which 64 bits may be too few for.
    fn address(&self) -> Option<u128> {
        Some(u128::from(self.index?) + u128::from(self.offset))
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Access { instruction, index, offset } = self;
        match index {
            Some(index) => write!(f, "{instruction}: address={index} offset={offset}"),
            None => write!(f, "{instruction}: offset={offset}, the address is {UNKNOWN}"),
        }
    }
}

/// An access beyond the end of a memory, or to one that is not shared.
pub(super) struct MemoryAccess(pub(super) Access, pub(super) Extent);

impl fmt::Display for MemoryAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MemoryAccess(access, memory) = self;
        write!(f, "{access}; ")?;
        if let Some(address) = access.address() {
            let unit = if access.instruction.width() == 1 { "byte" } else { "bytes" };
            write!(f, "{} {unit} at {address:#x}, ", access.instruction.width())?;
        }
        write!(f, "{}", MemorySize(*memory))
    }
}

/// An atomic access at an address that is not a multiple of its width.
pub(super) struct Misaligned(pub(super) Access, pub(super) u32);

impl fmt::Display for Misaligned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Misaligned(access, memory) = self;
        let width = access.instruction.width();
        match access.address() {
            Some(address) => {
                write!(f, "{access}; {address:#x} is not a multiple of {width}, in memory {memory}")
            }
            None => write!(f, "{access}; it is not a multiple of {width}, in memory {memory}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_are_shown_in_their_own_type() {
        let division = |instruction, dividend, divisor| Division(instruction, dividend, divisor).to_string();
        let min = u64::from(i32::MIN.cast_unsigned());
        assert_eq!(
            division(NumericInstruction::I32DivS, Some(min), 0xffff_ffff),
            "i32.div_s: -2147483648 / -1"
        );
        assert_eq!(division(NumericInstruction::I32RemU, Some(min), 0), "i32.rem_u: 2147483648 % 0");
        assert_eq!(division(NumericInstruction::I64RemS, Some(u64::MAX), 0), "i64.rem_s: -1 % 0");
        assert_eq!(
            division(NumericInstruction::I64DivU, Some(u64::MAX), 0),
            "i64.div_u: 18446744073709551615 / 0"
        );
        assert_eq!(
            division(NumericInstruction::I64DivU, None, 0),
            "i64.div_u: (the dividend is not known) / 0"
        );
    }

    #[test]
    fn floats_have_their_bits() {
        let text = |instruction, bits| Conversion(instruction, Some(bits)).to_string();
        let f64_of = |value: f64| text(NumericInstruction::I32TruncF64S, value.to_bits());
        assert_eq!(f64_of(1e20), "i32.trunc_f64_s: 1e20 (0x4415af1d78b58c40)");
        assert_eq!(f64_of(f64::NEG_INFINITY), "i32.trunc_f64_s: -inf (0xfff0000000000000)");
        assert_eq!(
            text(NumericInstruction::I64TruncF64U, 0x7ff8_0000_0000_0000),
            "i64.trunc_f64_u: nan (0x7ff8000000000000)"
        );
        assert_eq!(
            text(NumericInstruction::I64TruncF32U, 0xffa0_0001),
            "i64.trunc_f32_u: -nan:0x200001 (0xffa00001)"
        );
        assert_eq!(
            text(NumericInstruction::I64TruncF32S, 0x7f00_0000),
            "i64.trunc_f32_s: 1.7014118e38 (0x7f000000)"
        );
        let unknown = Conversion(NumericInstruction::I64TruncF32S, None).to_string();
        assert_eq!(unknown, "i64.trunc_f32_s: the operand is not known");
    }

    #[test]
    fn addresses_have_their_parts() {
        let memory = Extent { index: 1, len: 65536 };
        let access = |instruction, index, offset| Access { instruction, index, offset };
        let load = |index| MemoryAccess(access(MemoryInstruction::I64Load, index, 16), memory).to_string();
        assert_eq!(
            load(Some(65520)),
            "i64.load: address=65520 offset=16; 8 bytes at 0x10000, memory 1 has 65536 bytes"
        );
        assert_eq!(
            load(Some(u64::MAX)),
            "i64.load: address=18446744073709551615 offset=16; 8 bytes at 0x1000000000000000f, memory 1 has 65536 \
             bytes"
        );
        assert_eq!(load(None), "i64.load: offset=16, the address is not known; memory 1 has 65536 bytes");
        let misaligned = Misaligned(access(MemoryInstruction::I32AtomicRmw16AddU, Some(4), 3), 0).to_string();
        assert_eq!(
            misaligned,
            "i32.atomic.rmw16.add_u: address=4 offset=3; 0x7 is not a multiple of 2, in memory 0"
        );
    }
}
