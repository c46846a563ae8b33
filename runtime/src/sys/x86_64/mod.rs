//! Just enough of the machine's instructions to find operands of an instruction that has trapped, from the registers that a
//! signal was raised with.
//!
//! All of it is async-signal-safe: it looks at code and registers, and computes. What it does not know, it gives up on:
//! the operand is not known then.

mod decode;

use decode::{Instruction, Map, Operand, decode};
use std::ops::Range;

/// Registers at a fault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Registers {
    /// The general-purpose registers, in the order of their numbers in instructions.
    pub(crate) general: [u64; 16],
    /// The low halves of the vector registers.
    pub(crate) vector: [u64; 16],
}

const RAX: u8 = 0;
const RDX: u8 = 2;

/// The address that the instruction at the beginning of some code accesses.
pub(crate) fn accessed_address(code: &[u8], registers: &Registers) -> Option<u64> {
    match decode(code)?.operand {
        Operand::Memory(memory) => Some(memory.address(&registers.general)),
        Operand::None | Operand::Register(_) | Operand::Behind(_) | Operand::Elsewhere => None,
    }
}

/// The dividend of the division at the beginning of some code.
pub(crate) fn dividend(code: &[u8], registers: &Registers) -> Option<u64> {
    is_division(&decode(code)?).then_some(registers.general[usize::from(RAX)])
}

fn is_division(instruction: &Instruction) -> bool {
    (instruction.map, instruction.opcode) == (Map::One, 0xf7) && matches!(instruction.register & 7, 6 | 7)
}

/// The instructions of a stretch of code, each with its offset.
fn instructions(code: &[u8], stretch: Range<u32>) -> impl Iterator<Item = (usize, Instruction)> {
    let mut at = stretch.start as usize;
    std::iter::from_fn(move || {
        if at >= stretch.end as usize {
            return None;
        }
        let instruction = decode(code.get(at..)?)?;
        at += instruction.length;
        Some((at - instruction.length, instruction))
    })
}

/// Whether an instruction branches to a place on some condition.
fn branches_to(at: usize, instruction: &Instruction, target: u32) -> bool {
    let end = (at + instruction.length) as i64;
    matches!((instruction.map, instruction.opcode), (Map::Two, 0x80..=0x8f))
        && instruction.immediate.is_some_and(|distance| end + i64::from(distance) == i64::from(target))
}

/// The dividend of a division that follows a check of the divisor. The check has branched to a trap, and what lies between
/// it and the division only moves values. `load` gives a word of the stack.
pub(crate) fn dividend_behind_check(
    code: &[u8],
    mut stretches: impl Iterator<Item = Range<u32>>,
    trap: u32,
    registers: &Registers,
    load: impl Fn(u64) -> Option<u64>,
) -> Option<u64> {
    let check = stretches.find_map(|stretch| {
        let mut found = instructions(code, stretch);
        found.find(|(at, instruction)| branches_to(*at, instruction, trap))
    });
    let (at, check) = check?;
    let mut general = registers.general;
    // What is stored here was not stored when the check failed.
    let mut has_stored = false;
    for (_, instruction) in instructions(code, (at + check.length) as u32..code.len() as u32) {
        if is_division(&instruction) {
            return Some(general[usize::from(RAX)]);
        }
        if instruction.narrow {
            return None;
        }
        let cut = |value: u64| if instruction.wide { value } else { value & u64::from(u32::MAX) };
        let register = usize::from(instruction.register);
        match (instruction.map, instruction.opcode, instruction.operand) {
            (Map::One, 0x8b, Operand::Register(from)) => general[register] = cut(general[usize::from(from)]),
            (Map::One, 0x89, Operand::Register(to)) => general[usize::from(to)] = cut(general[register]),
            (Map::One, 0x8b, Operand::Memory(memory)) if !has_stored => {
                general[register] = cut(load(memory.address(&general))?)
            }
            (Map::One, 0x89, Operand::Memory(_)) => has_stored = true,
            // The sign of the dividend.
            (Map::One, 0x99, Operand::None) => general[usize::from(RDX)] = 0,
            _ => return None,
        }
    }
    None
}

/// The bits of the float that a conversion to an integer starts from. Its register keeps the float until the whole sequence
/// of instructions is through.
pub(crate) fn converted(
    code: &[u8],
    mut stretches: impl Iterator<Item = Range<u32>>,
    double: bool,
    registers: &Registers,
) -> Option<u64> {
    let repeat = Some(if double { 0xf2 } else { 0xf3 });
    let converts = |instruction: &Instruction| {
        instruction.map == Map::Two && instruction.opcode == 0x2c && instruction.repeat == repeat
    };
    let found = stretches
        .find_map(|stretch| instructions(code, stretch).find(|(_, instruction)| converts(instruction)));
    let (_, instruction) = found?;
    let Operand::Register(from) = instruction.operand else { return None };
    let bits = registers.vector[usize::from(from)];
    Some(if double { bits } else { bits & u64::from(u32::MAX) })
}

/// The instruction whose flags a branch to a trap has looked at, which is the one before the branch, and where it ends.
fn before_branch(
    code: &[u8],
    mut stretches: impl Iterator<Item = Range<u32>>,
    trap: u32,
) -> Option<(usize, Instruction)> {
    stretches.find_map(|stretch| {
        let mut before = None;
        for (at, instruction) in instructions(code, stretch) {
            if branches_to(at, &instruction, trap) {
                return before;
            }
            before = Some((at + instruction.length, instruction));
        }
        None
    })
}

/// An end that is beyond a length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Beyond {
    /// The end, modulo 2^64.
    pub(crate) end: u64,
    /// The length; `None` if the end was not compared with it, because already the end is beyond 64 bits.
    pub(crate) length: Option<u64>,
}

/// The end of an access that a check has found to be beyond the end of a memory: a comparison of 64 bits that is followed by
/// a branch to a trap, or an addition of which nothing is left but the sum. `load` gives a word that the comparison has just
/// loaded, which is the length.
pub(crate) fn checked_end(
    code: &[u8],
    stretches: impl Iterator<Item = Range<u32>>,
    trap: u32,
    registers: &Registers,
    load: impl Fn(u64) -> Option<u64>,
) -> Option<Beyond> {
    let (end, instruction) = before_branch(code, stretches, trap)?;
    if !instruction.wide {
        return None;
    }
    let number = instruction.immediate.map(|number| i64::from(number).cast_unsigned());
    let general = |register: u8| registers.general[usize::from(register)];
    let sum = |end| Some(Beyond { end, length: None });
    let (first, second) = match (instruction.map, instruction.opcode, instruction.register & 7) {
        (Map::One, 0x01, _) | (Map::One, 0x81 | 0x83, 0) => match instruction.operand {
            Operand::Register(to) => return sum(general(to)),
            _ => return None,
        },
        (Map::One, 0x03, _) => return sum(general(instruction.register)),
        (Map::One, 0x05, _) => return sum(general(RAX)),
        (Map::One, 0x39 | 0x3b, _) => (instruction.operand, general(instruction.register)),
        // That something is zero is how the machine says that it is less than one.
        (Map::One, 0x85, _) if instruction.operand == Operand::Register(instruction.register) => {
            (instruction.operand, 0)
        }
        (Map::One, 0x81 | 0x83, 7) => (instruction.operand, number?),
        (Map::One, 0x3d, _) => (Operand::Register(RAX), number?),
        _ => return None,
    };
    // Whichever of two registers or constants is the end, it is the larger one.
    let (end, length) = match first {
        Operand::Memory(memory) => (second, load(memory.address(&registers.general))?),
        Operand::Register(first) => (general(first).max(second), general(first).min(second)),
        Operand::Behind(distance) => {
            let constant = code.get(end.checked_add_signed(distance as isize)?..)?.first_chunk::<8>()?;
            let constant = u64::from_le_bytes(*constant);
            (constant.max(second), constant.min(second))
        }
        Operand::None | Operand::Elsewhere => return None,
    };
    Some(Beyond { end: if end == 0 { 1 } else { end }, length: Some(length) })
}

/// The address whose lowest bits a test has found not to be zero, before a branch to a trap.
pub(crate) fn tested_address(
    code: &[u8],
    stretches: impl Iterator<Item = Range<u32>>,
    trap: u32,
    registers: &Registers,
) -> Option<u64> {
    let (_, instruction) = before_branch(code, stretches, trap)?;
    match (instruction.map, instruction.opcode, instruction.register & 7, instruction.operand) {
        (Map::One, 0xf6 | 0xf7, 0, Operand::Register(address)) => {
            Some(registers.general[usize::from(address)])
        }
        (Map::One, 0xa8 | 0xa9, _, _) => Some(registers.general[usize::from(RAX)]),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
