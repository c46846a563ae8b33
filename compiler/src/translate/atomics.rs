//! Atomic operators (threads proposal).
//!
//! All of them are sequentially consistent, and all trap if the effective address is not a multiple of
//! the access size. That check comes first: a guarded memory's bounds are only checked by the access
//! itself.

use super::Translator;
use super::memory::memory_of;
use crate::clif;
use cranelift_codegen::ir::{AtomicRmwOp, InstBuilder, MemFlagsData, Type, Value, types};
use trapline_abi::{Builtin, Trap};
use types::{I8, I16, I32, I64};
use wasmparser::{MemArg, Operator};

impl Translator<'_, '_> {
    /// Translates an atomic operator; `false` if it is none, or one that is not supported.
    pub(super) fn atomic(&mut self, operator: &Operator<'_>) -> bool {
        use AtomicRmwOp::{Add, And, Or, Sub, Xchg, Xor};
        use Operator as O;
        let done = match operator {
            O::AtomicFence { .. } => {
                self.builder.ins().fence();
                Some(())
            }
            O::MemoryAtomicNotify { memarg } => self.atomic_notify(memarg),
            O::MemoryAtomicWait32 { memarg } => self.atomic_wait(memarg, Builtin::memory_atomic_wait32),
            O::MemoryAtomicWait64 { memarg } => self.atomic_wait(memarg, Builtin::memory_atomic_wait64),
            O::I32AtomicLoad { memarg } => self.atomic_load(memarg, I32, I32),
            O::I64AtomicLoad { memarg } => self.atomic_load(memarg, I64, I64),
            O::I32AtomicLoad8U { memarg } => self.atomic_load(memarg, I8, I32),
            O::I32AtomicLoad16U { memarg } => self.atomic_load(memarg, I16, I32),
            O::I64AtomicLoad8U { memarg } => self.atomic_load(memarg, I8, I64),
            O::I64AtomicLoad16U { memarg } => self.atomic_load(memarg, I16, I64),
            O::I64AtomicLoad32U { memarg } => self.atomic_load(memarg, I32, I64),
            O::I32AtomicStore { memarg } => self.atomic_store(memarg, I32),
            O::I64AtomicStore { memarg } => self.atomic_store(memarg, I64),
            O::I32AtomicStore8 { memarg } | O::I64AtomicStore8 { memarg } => self.atomic_store(memarg, I8),
            O::I32AtomicStore16 { memarg } | O::I64AtomicStore16 { memarg } => self.atomic_store(memarg, I16),
            O::I64AtomicStore32 { memarg } => self.atomic_store(memarg, I32),

            O::I32AtomicRmwAdd { memarg } => self.atomic_rmw(memarg, Add, I32, I32),
            O::I64AtomicRmwAdd { memarg } => self.atomic_rmw(memarg, Add, I64, I64),
            O::I32AtomicRmw8AddU { memarg } => self.atomic_rmw(memarg, Add, I8, I32),
            O::I32AtomicRmw16AddU { memarg } => self.atomic_rmw(memarg, Add, I16, I32),
            O::I64AtomicRmw8AddU { memarg } => self.atomic_rmw(memarg, Add, I8, I64),
            O::I64AtomicRmw16AddU { memarg } => self.atomic_rmw(memarg, Add, I16, I64),
            O::I64AtomicRmw32AddU { memarg } => self.atomic_rmw(memarg, Add, I32, I64),
            O::I32AtomicRmwSub { memarg } => self.atomic_rmw(memarg, Sub, I32, I32),
            O::I64AtomicRmwSub { memarg } => self.atomic_rmw(memarg, Sub, I64, I64),
            O::I32AtomicRmw8SubU { memarg } => self.atomic_rmw(memarg, Sub, I8, I32),
            O::I32AtomicRmw16SubU { memarg } => self.atomic_rmw(memarg, Sub, I16, I32),
            O::I64AtomicRmw8SubU { memarg } => self.atomic_rmw(memarg, Sub, I8, I64),
            O::I64AtomicRmw16SubU { memarg } => self.atomic_rmw(memarg, Sub, I16, I64),
            O::I64AtomicRmw32SubU { memarg } => self.atomic_rmw(memarg, Sub, I32, I64),
            O::I32AtomicRmwAnd { memarg } => self.atomic_rmw(memarg, And, I32, I32),
            O::I64AtomicRmwAnd { memarg } => self.atomic_rmw(memarg, And, I64, I64),
            O::I32AtomicRmw8AndU { memarg } => self.atomic_rmw(memarg, And, I8, I32),
            O::I32AtomicRmw16AndU { memarg } => self.atomic_rmw(memarg, And, I16, I32),
            O::I64AtomicRmw8AndU { memarg } => self.atomic_rmw(memarg, And, I8, I64),
            O::I64AtomicRmw16AndU { memarg } => self.atomic_rmw(memarg, And, I16, I64),
            O::I64AtomicRmw32AndU { memarg } => self.atomic_rmw(memarg, And, I32, I64),
            O::I32AtomicRmwOr { memarg } => self.atomic_rmw(memarg, Or, I32, I32),
            O::I64AtomicRmwOr { memarg } => self.atomic_rmw(memarg, Or, I64, I64),
            O::I32AtomicRmw8OrU { memarg } => self.atomic_rmw(memarg, Or, I8, I32),
            O::I32AtomicRmw16OrU { memarg } => self.atomic_rmw(memarg, Or, I16, I32),
            O::I64AtomicRmw8OrU { memarg } => self.atomic_rmw(memarg, Or, I8, I64),
            O::I64AtomicRmw16OrU { memarg } => self.atomic_rmw(memarg, Or, I16, I64),
            O::I64AtomicRmw32OrU { memarg } => self.atomic_rmw(memarg, Or, I32, I64),
            O::I32AtomicRmwXor { memarg } => self.atomic_rmw(memarg, Xor, I32, I32),
            O::I64AtomicRmwXor { memarg } => self.atomic_rmw(memarg, Xor, I64, I64),
            O::I32AtomicRmw8XorU { memarg } => self.atomic_rmw(memarg, Xor, I8, I32),
            O::I32AtomicRmw16XorU { memarg } => self.atomic_rmw(memarg, Xor, I16, I32),
            O::I64AtomicRmw8XorU { memarg } => self.atomic_rmw(memarg, Xor, I8, I64),
            O::I64AtomicRmw16XorU { memarg } => self.atomic_rmw(memarg, Xor, I16, I64),
            O::I64AtomicRmw32XorU { memarg } => self.atomic_rmw(memarg, Xor, I32, I64),
            O::I32AtomicRmwXchg { memarg } => self.atomic_rmw(memarg, Xchg, I32, I32),
            O::I64AtomicRmwXchg { memarg } => self.atomic_rmw(memarg, Xchg, I64, I64),
            O::I32AtomicRmw8XchgU { memarg } => self.atomic_rmw(memarg, Xchg, I8, I32),
            O::I32AtomicRmw16XchgU { memarg } => self.atomic_rmw(memarg, Xchg, I16, I32),
            O::I64AtomicRmw8XchgU { memarg } => self.atomic_rmw(memarg, Xchg, I8, I64),
            O::I64AtomicRmw16XchgU { memarg } => self.atomic_rmw(memarg, Xchg, I16, I64),
            O::I64AtomicRmw32XchgU { memarg } => self.atomic_rmw(memarg, Xchg, I32, I64),

            O::I32AtomicRmwCmpxchg { memarg } => self.atomic_cmpxchg(memarg, I32, I32),
            O::I64AtomicRmwCmpxchg { memarg } => self.atomic_cmpxchg(memarg, I64, I64),
            O::I32AtomicRmw8CmpxchgU { memarg } => self.atomic_cmpxchg(memarg, I8, I32),
            O::I32AtomicRmw16CmpxchgU { memarg } => self.atomic_cmpxchg(memarg, I16, I32),
            O::I64AtomicRmw8CmpxchgU { memarg } => self.atomic_cmpxchg(memarg, I8, I64),
            O::I64AtomicRmw16CmpxchgU { memarg } => self.atomic_cmpxchg(memarg, I16, I64),
            O::I64AtomicRmw32CmpxchgU { memarg } => self.atomic_cmpxchg(memarg, I32, I64),
            _ => None,
        };
        done.is_some()
    }

    /// The checked native address of an atomic access of `ty` at `index + memarg.offset`.
    fn atomic_address(&mut self, memarg: &MemArg, index: Value, ty: Type) -> Option<(Value, MemFlagsData)> {
        let memory = memory_of(memarg)?;
        let wide = self.widen_index(index, self.memory_type(memory).index);
        if ty.bytes() > 1 {
            // The sum may wrap for 64-bit memories; its lowest bits are right all the same.
            let sum = self.builder.ins().iadd_imm_u(wide, memarg.offset as i64);
            let misaligned = self.builder.ins().band_imm_u(sum, i64::from(ty.bytes() - 1));
            self.builder.ins().trapnz(misaligned, clif::trap_code(Trap::UnalignedAtomic));
        }
        let address = self.memory_address(memory, index, memarg.offset, ty.bytes());
        let native = match address.offset {
            0 => address.base,
            offset => self.builder.ins().iadd_imm_s(address.base, i64::from(offset)),
        };
        Some((native, address.flags))
    }

    fn atomic_load(&mut self, memarg: &MemArg, ty: Type, operand: Type) -> Option<()> {
        let index = self.pop();
        let (address, flags) = self.atomic_address(memarg, index, ty)?;
        let value = self.builder.ins().atomic_load(ty, flags, address);
        self.push_widened(value, operand);
        Some(())
    }

    fn atomic_store(&mut self, memarg: &MemArg, ty: Type) -> Option<()> {
        let (index, value) = self.pop2();
        let (address, flags) = self.atomic_address(memarg, index, ty)?;
        let value = self.cut(value, ty);
        self.builder.ins().atomic_store(flags, value, address);
        Some(())
    }

    fn atomic_rmw(&mut self, memarg: &MemArg, op: AtomicRmwOp, ty: Type, operand: Type) -> Option<()> {
        let (index, value) = self.pop2();
        let (address, flags) = self.atomic_address(memarg, index, ty)?;
        let value = self.cut(value, ty);
        let before = self.builder.ins().atomic_rmw(ty, flags, op, address, value);
        self.push_widened(before, operand);
        Some(())
    }

    /// The expected operand is wrapped to the width of the access before the comparison, as the
    /// proposal has it, and the value found is zero-extended.
    fn atomic_cmpxchg(&mut self, memarg: &MemArg, ty: Type, operand: Type) -> Option<()> {
        let (index, expected, replacement) = self.pop3();
        let (address, flags) = self.atomic_address(memarg, index, ty)?;
        let narrow_expected = self.cut(expected, ty);
        let narrow_replacement = self.cut(replacement, ty);
        let before = self.builder.ins().atomic_cas(flags, address, narrow_expected, narrow_replacement);
        self.push_widened(before, operand);
        Some(())
    }

    fn atomic_notify(&mut self, memarg: &MemArg) -> Option<()> {
        let (index, count) = self.pop2();
        self.call_atomic(Builtin::memory_atomic_notify, memarg, index, &[count])
    }

    fn atomic_wait(&mut self, memarg: &MemArg, builtin: Builtin) -> Option<()> {
        let (index, expected, timeout) = self.pop3();
        self.call_atomic(builtin, memarg, index, &[expected, timeout])
    }

    /// Calls a builtin that checks the address itself, and pushes its 32-bit result.
    fn call_atomic(
        &mut self,
        builtin: Builtin,
        memarg: &MemArg,
        index: Value,
        operands: &[Value],
    ) -> Option<()> {
        let memory = memory_of(memarg)?;
        let index = self.widen_index(index, self.memory_type(memory).index);
        let memory = self.const_u32(memory.as_u32());
        let offset = self.builder.ins().iconst(I64, memarg.offset as i64);
        let mut args = smallvec::SmallVec::<[Value; 5]>::from_slice(&[memory, index, offset]);
        args.extend_from_slice(operands);
        let result = self.builtin_result(builtin, &args);
        let result = self.builder.ins().ireduce(I32, result);
        self.push(result);
        Some(())
    }

    fn push_widened(&mut self, value: Value, operand: Type) {
        let ty = self.builder.func.dfg.value_type(value);
        let value = if ty == operand { value } else { self.builder.ins().uextend(operand, value) };
        self.push(value);
    }
}
