//! What can be done to one instruction.

use cranelift_codegen::ir::condcodes::{CondCode, FloatCC, IntCC};
use cranelift_codegen::ir::immediates::{Ieee32, Ieee64, Imm64};
use cranelift_codegen::ir::{AtomicRmwOp, Function, Inst, InstructionData, JumpTable, Opcode};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! changes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// A change of one instruction.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum ClifChange {
            $($(#[$doc])* $name,)*
        }

        impl ClifChange {
            /// All of them, also what makes no mutant.
            const ALL: &[ClifChange] = &[$(ClifChange::$name,)*];

            /// The name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(ClifChange::$name => $text,)*
                }
            }
        }
    };
}

changes! {
    /// Another operator of the same signature.
    Operator = "operator";
    /// The operands the other way round, of an operator for which that matters.
    Operands = "operands";
    /// A constant, or the offset of an access, that is one more; of a floating-point number, the next one in magnitude.
    Increment = "increment";
    /// A constant, or the offset of an access, that is one less.
    Decrement = "decrement";
    /// Zero in the place of a constant.
    Zero = "zero";
    /// A constant of the other sign.
    Negate = "negate";
    /// The opposite of a condition.
    Invert = "invert";
    /// The same condition, but for equality.
    Boundary = "boundary";
    /// Two targets of a branch, each in the place of the other.
    Edges = "edges";
    /// The process ends before the instruction. Not a mutant to be scored: it shows whether anything gets there.
    Halt = "halt";
}

impl ClifChange {
    /// All that make mutants.
    pub fn all() -> impl Iterator<Item = ClifChange> {
        ClifChange::ALL.iter().copied().filter(|change| *change != ClifChange::Halt)
    }

    /// The change of a name.
    pub fn named(name: &str) -> Option<ClifChange> {
        ClifChange::ALL.iter().copied().find(|change| change.name() == name)
    }
}

impl fmt::Display for ClifChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a change is made.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// By another instruction in its place.
    Instruction(InstructionData),
    /// By the first two targets of its table.
    Table(JumpTable),
    /// By something before it.
    Halt,
}

impl ClifChange {
    /// How the change is made of an instruction, if it can be.
    pub(super) fn of(self, func: &Function, inst: Inst) -> Option<Edit> {
        let old = func.dfg.insts[inst];
        let new = match self {
            ClifChange::Halt => return Some(Edit::Halt),
            ClifChange::Edges => match old {
                InstructionData::BranchTable { table, .. } => {
                    let several = func.dfg.jump_tables[table].all_branches().len() > 1;
                    return several.then_some(Edit::Table(table));
                }
                InstructionData::Brif { opcode, arg, blocks: [first, second] } => {
                    Some(InstructionData::Brif { opcode, arg, blocks: [second, first] })
                }
                _ => None,
            },
            ClifChange::Operator => operator(old),
            ClifChange::Operands => operands(func, old),
            ClifChange::Increment | ClifChange::Decrement | ClifChange::Zero | ClifChange::Negate => {
                self.constant(func, inst)
            }
            ClifChange::Invert => inverted(old),
            ClifChange::Boundary => boundary(old),
        };
        new.filter(|new| *new != old).map(Edit::Instruction)
    }

    /// An instruction with another constant.
    fn constant(self, func: &Function, inst: Inst) -> Option<InstructionData> {
        Some(match func.dfg.insts[inst] {
            InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } => {
                let ty = func.dfg.value_type(func.dfg.first_result(inst));
                let imm = match self.step() {
                    Some(step) => imm.bits().wrapping_add(step),
                    None if self == ClifChange::Zero => 0,
                    None => imm.bits().wrapping_neg(),
                };
                // Bits beyond the type are zero.
                let imm = Imm64::new(imm).zero_extend_from_width(ty.bits());
                InstructionData::UnaryImm { opcode: Opcode::Iconst, imm }
            }
            InstructionData::UnaryIeee32 { opcode, imm } => {
                let is_nan = |bits: u64| f32::from_bits(bits as u32).is_nan();
                let bits = self.float(imm.bits().into(), 1 << 31, is_nan)?;
                InstructionData::UnaryIeee32 { opcode, imm: Ieee32::with_bits(bits as u32) }
            }
            InstructionData::UnaryIeee64 { opcode, imm } => {
                let bits = self.float(imm.bits(), 1 << 63, |bits| f64::from_bits(bits).is_nan())?;
                InstructionData::UnaryIeee64 { opcode, imm: Ieee64::with_bits(bits) }
            }
            InstructionData::Load { opcode, arg, flags, offset } => {
                let offset = offset.try_add_i64(self.step()?)?;
                InstructionData::Load { opcode, arg, flags, offset }
            }
            InstructionData::Store { opcode, args, flags, offset } => {
                let offset = offset.try_add_i64(self.step()?)?;
                InstructionData::Store { opcode, args, flags, offset }
            }
            _ => return None,
        })
    }

    /// What is added to a constant, if anything is.
    fn step(self) -> Option<i64> {
        match self {
            ClifChange::Increment => Some(1),
            ClifChange::Decrement => Some(-1),
            _ => None,
        }
    }

    /// The bits of another floating-point number, whose sign is the highest of the bits.
    fn float(self, bits: u64, sign: u64, is_nan: impl Fn(u64) -> bool) -> Option<u64> {
        match self.step() {
            Some(step) => {
                // Next to zero and to infinity there is a number on one side only, and none next to a NaN.
                let next = bits.checked_add_signed(step)?;
                (!is_nan(bits) && !is_nan(next)).then_some(next)
            }
            None if self == ClifChange::Zero => Some(0),
            None => Some(bits ^ sign),
        }
    }
}

/// An instruction with another operator.
fn operator(old: InstructionData) -> Option<InstructionData> {
    Some(match old {
        InstructionData::Binary { opcode, args } => InstructionData::Binary { opcode: other(opcode)?, args },
        InstructionData::Unary { opcode, arg } => InstructionData::Unary { opcode: other(opcode)?, arg },
        InstructionData::Load { opcode, arg, flags, offset } => {
            InstructionData::Load { opcode: other(opcode)?, arg, flags, offset }
        }
        InstructionData::AtomicRmw { opcode, args, flags, op } => {
            InstructionData::AtomicRmw { opcode, args, flags, op: other_update(op) }
        }
        _ => return None,
    })
}

/// Another operator of the same signature, if there is one that is likely to differ and traps no more often.
fn other(opcode: Opcode) -> Option<Opcode> {
    use Opcode as O;
    Some(match opcode {
        O::Iadd => O::Isub,
        O::Isub | O::Imul => O::Iadd,
        O::Udiv => O::Urem,
        O::Urem => O::Udiv,
        O::Sdiv => O::Srem,
        O::Srem => O::Urem,
        O::Band => O::Bor,
        O::Bor | O::Bxor => O::Band,
        O::Ishl | O::Sshr => O::Ushr,
        O::Ushr => O::Sshr,
        O::Rotl => O::Rotr,
        O::Rotr => O::Rotl,
        O::Umin => O::Umax,
        O::Umax => O::Umin,
        O::Smin => O::Smax,
        O::Smax => O::Smin,
        O::Fadd => O::Fsub,
        O::Fsub => O::Fadd,
        O::Fmul => O::Fdiv,
        O::Fdiv => O::Fmul,
        O::Fmin => O::Fmax,
        O::Fmax => O::Fmin,
        O::Clz => O::Ctz,
        O::Ctz | O::Popcnt => O::Clz,
        O::Ineg => O::Bnot,
        O::Bnot => O::Ineg,
        O::Fneg => O::Fabs,
        O::Fabs => O::Fneg,
        O::Ceil | O::Trunc => O::Floor,
        O::Floor | O::Nearest => O::Ceil,
        O::Sextend => O::Uextend,
        O::Uextend => O::Sextend,
        O::FcvtToSintSat => O::FcvtToUintSat,
        O::FcvtToUintSat => O::FcvtToSintSat,
        O::FcvtFromSint => O::FcvtFromUint,
        O::FcvtFromUint => O::FcvtFromSint,
        O::Uload8 => O::Sload8,
        O::Sload8 => O::Uload8,
        O::Uload16 => O::Sload16,
        O::Sload16 => O::Uload16,
        O::Uload32 => O::Sload32,
        O::Sload32 => O::Uload32,
        _ => return None,
    })
}

fn other_update(op: AtomicRmwOp) -> AtomicRmwOp {
    use AtomicRmwOp as Op;
    match op {
        Op::Add | Op::Xchg => Op::Sub,
        Op::Sub => Op::Add,
        Op::And | Op::Nand | Op::Xor => Op::Or,
        Op::Or => Op::And,
        Op::Umin => Op::Umax,
        Op::Umax => Op::Umin,
        Op::Smin => Op::Smax,
        Op::Smax => Op::Smin,
    }
}

/// An instruction with its operands the other way round.
fn operands(func: &Function, old: InstructionData) -> Option<InstructionData> {
    match old {
        InstructionData::Binary { opcode, args: [first, second] } => {
            let alike = func.dfg.value_type(first) == func.dfg.value_type(second);
            let swapped = InstructionData::Binary { opcode, args: [second, first] };
            (alike && !is_commutative(opcode)).then_some(swapped)
        }
        InstructionData::Ternary { opcode: Opcode::Select, args: [condition, first, second] } => {
            Some(InstructionData::Ternary { opcode: Opcode::Select, args: [condition, second, first] })
        }
        _ => None,
    }
}

fn is_commutative(opcode: Opcode) -> bool {
    use Opcode as O;
    matches!(
        opcode,
        O::Iadd
            | O::Imul
            | O::Umulhi
            | O::Smulhi
            | O::Band
            | O::Bor
            | O::Bxor
            | O::Umin
            | O::Umax
            | O::Smin
            | O::Smax
            | O::Fadd
            | O::Fmul
            | O::Fmin
            | O::Fmax
            | O::AvgRound
            | O::UaddSat
            | O::SaddSat
            | O::SqmulRoundSat
    )
}

/// An instruction with the opposite condition.
fn inverted(old: InstructionData) -> Option<InstructionData> {
    Some(match old {
        InstructionData::IntCompare { opcode, args, cond } => {
            InstructionData::IntCompare { opcode, args, cond: cond.complement() }
        }
        InstructionData::FloatCompare { opcode, args, cond } => {
            InstructionData::FloatCompare { opcode, args, cond: cond.complement() }
        }
        InstructionData::CondTrap { opcode: Opcode::Trapz, arg, code } => {
            InstructionData::CondTrap { opcode: Opcode::Trapnz, arg, code }
        }
        InstructionData::CondTrap { opcode: Opcode::Trapnz, arg, code } => {
            InstructionData::CondTrap { opcode: Opcode::Trapz, arg, code }
        }
        _ => return None,
    })
}

/// An instruction whose condition holds of equals if it did not, and the reverse.
fn boundary(old: InstructionData) -> Option<InstructionData> {
    Some(match old {
        InstructionData::IntCompare { opcode, args, cond } => {
            let cond = match cond {
                IntCC::Equal | IntCC::NotEqual => return None,
                IntCC::SignedLessThan => IntCC::SignedLessThanOrEqual,
                IntCC::SignedLessThanOrEqual => IntCC::SignedLessThan,
                IntCC::SignedGreaterThan => IntCC::SignedGreaterThanOrEqual,
                IntCC::SignedGreaterThanOrEqual => IntCC::SignedGreaterThan,
                IntCC::UnsignedLessThan => IntCC::UnsignedLessThanOrEqual,
                IntCC::UnsignedLessThanOrEqual => IntCC::UnsignedLessThan,
                IntCC::UnsignedGreaterThan => IntCC::UnsignedGreaterThanOrEqual,
                IntCC::UnsignedGreaterThanOrEqual => IntCC::UnsignedGreaterThan,
            };
            InstructionData::IntCompare { opcode, args, cond }
        }
        InstructionData::FloatCompare { opcode, args, cond } => {
            let cond = match cond {
                FloatCC::LessThan => FloatCC::LessThanOrEqual,
                FloatCC::LessThanOrEqual => FloatCC::LessThan,
                FloatCC::GreaterThan => FloatCC::GreaterThanOrEqual,
                FloatCC::GreaterThanOrEqual => FloatCC::GreaterThan,
                _ => return None,
            };
            InstructionData::FloatCompare { opcode, args, cond }
        }
        _ => return None,
    })
}
