//! The numeric instructions that trap, as reports of traps name them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The operand type of an instruction that traps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NumericOperand {
    /// An integer of so many bits, taken as signed or not.
    Integer {
        /// 32 or 64.
        bits: u32,
        /// Whether it is signed.
        signed: bool,
    },
    /// A binary32 float.
    F32,
    /// A binary64 float.
    F64,
}

/// Calls a macro with every numeric instruction that traps: `name = text, type of its operands`, where `name` is that of
/// the decoder's operator.
#[macro_export]
macro_rules! for_each_numeric_instruction {
    ($mac:ident) => {
        $mac! {
            I32DivS = "i32.div_s", NumericOperand::Integer { bits: 32, signed: true };
            I32DivU = "i32.div_u", NumericOperand::Integer { bits: 32, signed: false };
            I32RemS = "i32.rem_s", NumericOperand::Integer { bits: 32, signed: true };
            I32RemU = "i32.rem_u", NumericOperand::Integer { bits: 32, signed: false };
            I64DivS = "i64.div_s", NumericOperand::Integer { bits: 64, signed: true };
            I64DivU = "i64.div_u", NumericOperand::Integer { bits: 64, signed: false };
            I64RemS = "i64.rem_s", NumericOperand::Integer { bits: 64, signed: true };
            I64RemU = "i64.rem_u", NumericOperand::Integer { bits: 64, signed: false };
            I32TruncF32S = "i32.trunc_f32_s", NumericOperand::F32;
            I32TruncF32U = "i32.trunc_f32_u", NumericOperand::F32;
            I32TruncF64S = "i32.trunc_f64_s", NumericOperand::F64;
            I32TruncF64U = "i32.trunc_f64_u", NumericOperand::F64;
            I64TruncF32S = "i64.trunc_f32_s", NumericOperand::F32;
            I64TruncF32U = "i64.trunc_f32_u", NumericOperand::F32;
            I64TruncF64S = "i64.trunc_f64_s", NumericOperand::F64;
            I64TruncF64U = "i64.trunc_f64_u", NumericOperand::F64;
        }
    };
}

macro_rules! define_instructions {
    ($($name:ident = $text:literal, $operand:expr;)*) => {
        /// A numeric instruction that traps: a division, or a conversion of a float to an integer.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
        pub enum NumericInstruction {
            $(
                #[doc = concat!("`", $text, "`")]
                #[serde(rename = $text)]
                $name,
            )*
        }

        impl NumericInstruction {
            /// Its name in the text format.
            pub const fn name(self) -> &'static str {
                match self { $(NumericInstruction::$name => $text,)* }
            }

            /// Whether it is one of the remainder.
            pub const fn is_remainder(self) -> bool {
                matches!(
                    self,
                    NumericInstruction::I32RemS
                        | NumericInstruction::I32RemU
                        | NumericInstruction::I64RemS
                        | NumericInstruction::I64RemU
                )
            }

            /// The type of its operands.
            pub const fn operand(self) -> NumericOperand {
                match self { $(NumericInstruction::$name => $operand,)* }
            }
        }
    };
}

for_each_numeric_instruction!(define_instructions);

impl fmt::Display for NumericInstruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
