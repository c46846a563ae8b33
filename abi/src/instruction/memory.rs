//! The instructions that access memory, as reports of traps name them.

use crate::MemoryIndex;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Calls a macro with every instruction that accesses one stretch of a memory: `name = text, bytes`, where `name` is that
/// of the decoder's operator.
#[macro_export]
macro_rules! for_each_memory_instruction {
    ($mac:ident) => {
        $mac! {
            I32Load = "i32.load", 4;
            I64Load = "i64.load", 8;
            F32Load = "f32.load", 4;
            F64Load = "f64.load", 8;
            I32Load8S = "i32.load8_s", 1;
            I32Load8U = "i32.load8_u", 1;
            I32Load16S = "i32.load16_s", 2;
            I32Load16U = "i32.load16_u", 2;
            I64Load8S = "i64.load8_s", 1;
            I64Load8U = "i64.load8_u", 1;
            I64Load16S = "i64.load16_s", 2;
            I64Load16U = "i64.load16_u", 2;
            I64Load32S = "i64.load32_s", 4;
            I64Load32U = "i64.load32_u", 4;
            I32Store = "i32.store", 4;
            I64Store = "i64.store", 8;
            F32Store = "f32.store", 4;
            F64Store = "f64.store", 8;
            I32Store8 = "i32.store8", 1;
            I64Store8 = "i64.store8", 1;
            I32Store16 = "i32.store16", 2;
            I64Store16 = "i64.store16", 2;
            I64Store32 = "i64.store32", 4;
            V128Load = "v128.load", 16;
            V128Store = "v128.store", 16;
            V128Load8x8S = "v128.load8x8_s", 8;
            V128Load8x8U = "v128.load8x8_u", 8;
            V128Load16x4S = "v128.load16x4_s", 8;
            V128Load16x4U = "v128.load16x4_u", 8;
            V128Load32x2S = "v128.load32x2_s", 8;
            V128Load32x2U = "v128.load32x2_u", 8;
            V128Load8Splat = "v128.load8_splat", 1;
            V128Load16Splat = "v128.load16_splat", 2;
            V128Load32Splat = "v128.load32_splat", 4;
            V128Load64Splat = "v128.load64_splat", 8;
            V128Load32Zero = "v128.load32_zero", 4;
            V128Load64Zero = "v128.load64_zero", 8;
            V128Load8Lane = "v128.load8_lane", 1;
            V128Load16Lane = "v128.load16_lane", 2;
            V128Load32Lane = "v128.load32_lane", 4;
            V128Load64Lane = "v128.load64_lane", 8;
            V128Store8Lane = "v128.store8_lane", 1;
            V128Store16Lane = "v128.store16_lane", 2;
            V128Store32Lane = "v128.store32_lane", 4;
            V128Store64Lane = "v128.store64_lane", 8;
            MemoryAtomicNotify = "memory.atomic.notify", 4;
            MemoryAtomicWait32 = "memory.atomic.wait32", 4;
            MemoryAtomicWait64 = "memory.atomic.wait64", 8;
            I32AtomicLoad = "i32.atomic.load", 4;
            I64AtomicLoad = "i64.atomic.load", 8;
            I32AtomicLoad8U = "i32.atomic.load8_u", 1;
            I32AtomicLoad16U = "i32.atomic.load16_u", 2;
            I64AtomicLoad8U = "i64.atomic.load8_u", 1;
            I64AtomicLoad16U = "i64.atomic.load16_u", 2;
            I64AtomicLoad32U = "i64.atomic.load32_u", 4;
            I32AtomicStore = "i32.atomic.store", 4;
            I64AtomicStore = "i64.atomic.store", 8;
            I32AtomicStore8 = "i32.atomic.store8", 1;
            I64AtomicStore8 = "i64.atomic.store8", 1;
            I32AtomicStore16 = "i32.atomic.store16", 2;
            I64AtomicStore16 = "i64.atomic.store16", 2;
            I64AtomicStore32 = "i64.atomic.store32", 4;
            I32AtomicRmwAdd = "i32.atomic.rmw.add", 4;
            I64AtomicRmwAdd = "i64.atomic.rmw.add", 8;
            I32AtomicRmw8AddU = "i32.atomic.rmw8.add_u", 1;
            I32AtomicRmw16AddU = "i32.atomic.rmw16.add_u", 2;
            I64AtomicRmw8AddU = "i64.atomic.rmw8.add_u", 1;
            I64AtomicRmw16AddU = "i64.atomic.rmw16.add_u", 2;
            I64AtomicRmw32AddU = "i64.atomic.rmw32.add_u", 4;
            I32AtomicRmwSub = "i32.atomic.rmw.sub", 4;
            I64AtomicRmwSub = "i64.atomic.rmw.sub", 8;
            I32AtomicRmw8SubU = "i32.atomic.rmw8.sub_u", 1;
            I32AtomicRmw16SubU = "i32.atomic.rmw16.sub_u", 2;
            I64AtomicRmw8SubU = "i64.atomic.rmw8.sub_u", 1;
            I64AtomicRmw16SubU = "i64.atomic.rmw16.sub_u", 2;
            I64AtomicRmw32SubU = "i64.atomic.rmw32.sub_u", 4;
            I32AtomicRmwAnd = "i32.atomic.rmw.and", 4;
            I64AtomicRmwAnd = "i64.atomic.rmw.and", 8;
            I32AtomicRmw8AndU = "i32.atomic.rmw8.and_u", 1;
            I32AtomicRmw16AndU = "i32.atomic.rmw16.and_u", 2;
            I64AtomicRmw8AndU = "i64.atomic.rmw8.and_u", 1;
            I64AtomicRmw16AndU = "i64.atomic.rmw16.and_u", 2;
            I64AtomicRmw32AndU = "i64.atomic.rmw32.and_u", 4;
            I32AtomicRmwOr = "i32.atomic.rmw.or", 4;
            I64AtomicRmwOr = "i64.atomic.rmw.or", 8;
            I32AtomicRmw8OrU = "i32.atomic.rmw8.or_u", 1;
            I32AtomicRmw16OrU = "i32.atomic.rmw16.or_u", 2;
            I64AtomicRmw8OrU = "i64.atomic.rmw8.or_u", 1;
            I64AtomicRmw16OrU = "i64.atomic.rmw16.or_u", 2;
            I64AtomicRmw32OrU = "i64.atomic.rmw32.or_u", 4;
            I32AtomicRmwXor = "i32.atomic.rmw.xor", 4;
            I64AtomicRmwXor = "i64.atomic.rmw.xor", 8;
            I32AtomicRmw8XorU = "i32.atomic.rmw8.xor_u", 1;
            I32AtomicRmw16XorU = "i32.atomic.rmw16.xor_u", 2;
            I64AtomicRmw8XorU = "i64.atomic.rmw8.xor_u", 1;
            I64AtomicRmw16XorU = "i64.atomic.rmw16.xor_u", 2;
            I64AtomicRmw32XorU = "i64.atomic.rmw32.xor_u", 4;
            I32AtomicRmwXchg = "i32.atomic.rmw.xchg", 4;
            I64AtomicRmwXchg = "i64.atomic.rmw.xchg", 8;
            I32AtomicRmw8XchgU = "i32.atomic.rmw8.xchg_u", 1;
            I32AtomicRmw16XchgU = "i32.atomic.rmw16.xchg_u", 2;
            I64AtomicRmw8XchgU = "i64.atomic.rmw8.xchg_u", 1;
            I64AtomicRmw16XchgU = "i64.atomic.rmw16.xchg_u", 2;
            I64AtomicRmw32XchgU = "i64.atomic.rmw32.xchg_u", 4;
            I32AtomicRmwCmpxchg = "i32.atomic.rmw.cmpxchg", 4;
            I64AtomicRmwCmpxchg = "i64.atomic.rmw.cmpxchg", 8;
            I32AtomicRmw8CmpxchgU = "i32.atomic.rmw8.cmpxchg_u", 1;
            I32AtomicRmw16CmpxchgU = "i32.atomic.rmw16.cmpxchg_u", 2;
            I64AtomicRmw8CmpxchgU = "i64.atomic.rmw8.cmpxchg_u", 1;
            I64AtomicRmw16CmpxchgU = "i64.atomic.rmw16.cmpxchg_u", 2;
            I64AtomicRmw32CmpxchgU = "i64.atomic.rmw32.cmpxchg_u", 4;
        }
    };
}

macro_rules! define_instructions {
    ($($name:ident = $text:literal, $bytes:literal;)*) => {
        /// An instruction that accesses one stretch of a memory.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
        pub enum MemoryInstruction {
            $(
                #[doc = concat!("`", $text, "`")]
                #[serde(rename = $text)]
                $name,
            )*
        }

        impl MemoryInstruction {
            /// Its name in the text format.
            pub const fn name(self) -> &'static str {
                match self { $(MemoryInstruction::$name => $text,)* }
            }

            /// How many bytes it accesses.
            pub const fn width(self) -> u32 {
                match self { $(MemoryInstruction::$name => $bytes,)* }
            }
        }
    };
}

for_each_memory_instruction!(define_instructions);

impl fmt::Display for MemoryInstruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An access to a memory in compiled code, with the immediates that a report of its trap names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MemorySite {
    /// Which instruction it is.
    pub instruction: MemoryInstruction,
    /// The memory.
    pub memory: MemoryIndex,
    /// What the instruction adds to its address operand, in bytes.
    pub offset: u64,
}
