//! Loads, stores and the bulk operations on memories.

use super::Translator;
use super::bounds::Address;
use crate::clif::POINTER;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value, types};
use trapline_abi::vmlayout::VMMemoryDefinition;
use trapline_abi::{Builtin, IndexType, MemoryIndex};
use wasmparser::{MemArg, MemArgTarget, Operator};

/// How the bytes of a load become an operand.
#[derive(Clone, Copy)]
enum Extension {
    Zero,
    Sign,
}

impl Translator<'_, '_> {
    /// Translates a load or store; `false` if the operator is neither.
    pub(super) fn memory_access(&mut self, operator: &Operator<'_>) -> bool {
        use Extension::{Sign, Zero};
        let done = match operator {
            Operator::I32Load { memarg } => self.load(memarg, types::I32),
            Operator::I64Load { memarg } => self.load(memarg, types::I64),
            Operator::F32Load { memarg } => self.load(memarg, types::F32),
            Operator::F64Load { memarg } => self.load(memarg, types::F64),
            Operator::I32Load8S { memarg } => self.load_narrow(memarg, types::I8, types::I32, Sign),
            Operator::I32Load8U { memarg } => self.load_narrow(memarg, types::I8, types::I32, Zero),
            Operator::I32Load16S { memarg } => self.load_narrow(memarg, types::I16, types::I32, Sign),
            Operator::I32Load16U { memarg } => self.load_narrow(memarg, types::I16, types::I32, Zero),
            Operator::I64Load8S { memarg } => self.load_narrow(memarg, types::I8, types::I64, Sign),
            Operator::I64Load8U { memarg } => self.load_narrow(memarg, types::I8, types::I64, Zero),
            Operator::I64Load16S { memarg } => self.load_narrow(memarg, types::I16, types::I64, Sign),
            Operator::I64Load16U { memarg } => self.load_narrow(memarg, types::I16, types::I64, Zero),
            Operator::I64Load32S { memarg } => self.load_narrow(memarg, types::I32, types::I64, Sign),
            Operator::I64Load32U { memarg } => self.load_narrow(memarg, types::I32, types::I64, Zero),
            Operator::I32Store { memarg } => self.store(memarg, types::I32),
            Operator::I64Store { memarg } => self.store(memarg, types::I64),
            Operator::F32Store { memarg } => self.store(memarg, types::F32),
            Operator::F64Store { memarg } => self.store(memarg, types::F64),
            Operator::I32Store8 { memarg } | Operator::I64Store8 { memarg } => self.store(memarg, types::I8),
            Operator::I32Store16 { memarg } | Operator::I64Store16 { memarg } => {
                self.store(memarg, types::I16)
            }
            Operator::I64Store32 { memarg } => self.store(memarg, types::I32),
            _ => None,
        };
        done.is_some()
    }

    /// Loads an operand of type `ty`.
    pub(super) fn load(&mut self, memarg: &MemArg, ty: Type) -> Option<()> {
        let address = self.load_address(memarg, ty)?;
        let value = self.builder.ins().load(ty, address.flags, address.base, address.offset);
        self.push(value);
        Some(())
    }

    fn load_narrow(&mut self, memarg: &MemArg, narrow: Type, ty: Type, extension: Extension) -> Option<()> {
        use Extension::{Sign, Zero};
        let Address { base, offset, flags } = self.load_address(memarg, narrow)?;
        let ins = self.builder.ins();
        let value = match (narrow, extension) {
            (types::I8, Zero) => ins.uload8(ty, flags, base, offset),
            (types::I8, Sign) => ins.sload8(ty, flags, base, offset),
            (types::I16, Zero) => ins.uload16(ty, flags, base, offset),
            (types::I16, Sign) => ins.sload16(ty, flags, base, offset),
            (_, Zero) => ins.uload32(flags, base, offset),
            (_, Sign) => ins.sload32(flags, base, offset),
        };
        self.push(value);
        Some(())
    }

    /// Takes the index of a load of `ty` and gives the address.
    fn load_address(&mut self, memarg: &MemArg, ty: Type) -> Option<Address> {
        let memory = memory_of(memarg)?;
        let index = self.pop();
        Some(self.memory_address(memory, index, memarg.offset, ty.bytes()))
    }

    /// Stores the topmost operand, cut down to `ty` if it is wider.
    pub(super) fn store(&mut self, memarg: &MemArg, ty: Type) -> Option<()> {
        let memory = memory_of(memarg)?;
        let (index, value) = self.pop2();
        let address = self.memory_address(memory, index, memarg.offset, ty.bytes());
        let value = self.cut(value, ty);
        self.builder.ins().store(address.flags, value, address.base, address.offset);
        Some(())
    }

    pub(super) fn cut(&mut self, value: Value, ty: Type) -> Value {
        if self.builder.func.dfg.value_type(value) == ty {
            value
        } else {
            self.builder.ins().ireduce(ty, value)
        }
    }

    pub(super) fn memory_size(&mut self, memory: u32) {
        let memory = MemoryIndex::new(memory);
        let ty = self.memory_type(memory);
        let definition = self.memory_definition(memory);
        let bytes = match ty.shared {
            false => self.memory_length(definition),
            // A loop that waits for growth must see it: a plain load could be moved out of the loop.
            true => {
                let offset = VMMemoryDefinition::CURRENT_LENGTH as i64;
                let length = self.builder.ins().iadd_imm_u(definition, offset);
                self.builder.ins().atomic_load(POINTER, MemFlagsData::trusted(), length)
            }
        };
        let pages = self.builder.ins().ushr_imm_u(bytes, i64::from(ty.page_size_log2));
        let pages = self.narrow_index(pages, ty.index);
        self.push(pages);
    }

    pub(super) fn memory_grow(&mut self, memory: u32) {
        let ty = self.memory_type(MemoryIndex::new(memory)).index;
        let delta = self.pop();
        let delta = self.widen_index(delta, ty);
        let memory = self.const_u32(memory);
        let before = self.builtin_result(Builtin::memory_grow, &[memory, delta]);
        let before = self.narrow_index(before, ty);
        self.push(before);
    }

    pub(super) fn memory_fill(&mut self, memory: u32) {
        let ty = self.memory_type(MemoryIndex::new(memory)).index;
        let (dst, value, len) = self.pop3();
        let (dst, len) = (self.widen_index(dst, ty), self.widen_index(len, ty));
        let memory = self.const_u32(memory);
        self.call_builtin(Builtin::memory_fill, &[memory, dst, value, len]);
    }

    pub(super) fn memory_copy(&mut self, dst_memory: u32, src_memory: u32) {
        let dst_ty = self.memory_type(MemoryIndex::new(dst_memory)).index;
        let src_ty = self.memory_type(MemoryIndex::new(src_memory)).index;
        let (dst, src, len) = self.pop3();
        let (dst, src) = (self.widen_index(dst, dst_ty), self.widen_index(src, src_ty));
        let len = self.widen_index(len, narrower(dst_ty, src_ty));
        let (dst_memory, src_memory) = (self.const_u32(dst_memory), self.const_u32(src_memory));
        self.call_builtin(Builtin::memory_copy, &[dst_memory, src_memory, dst, src, len]);
    }

    pub(super) fn memory_init(&mut self, segment: u32, memory: u32) {
        let ty = self.memory_type(MemoryIndex::new(memory)).index;
        let (dst, src, len) = self.pop3();
        let dst = self.widen_index(dst, ty);
        let (memory, segment) = (self.const_u32(memory), self.const_u32(segment));
        self.call_builtin(Builtin::memory_init, &[memory, segment, dst, src, len]);
    }

    pub(super) fn data_drop(&mut self, segment: u32) {
        let segment = self.const_u32(segment);
        self.call_builtin(Builtin::data_drop, &[segment]);
    }
}

/// The type of a length that must fit both of two index types.
pub(super) fn narrower(first: IndexType, second: IndexType) -> IndexType {
    match (first, second) {
        (IndexType::I64, IndexType::I64) => IndexType::I64,
        _ => IndexType::I32,
    }
}

pub(super) fn memory_of(memarg: &MemArg) -> Option<MemoryIndex> {
    match memarg.target {
        MemArgTarget::Memory(memory) if memarg.ordering.is_none() => Some(MemoryIndex::new(memory)),
        _ => None,
    }
}
