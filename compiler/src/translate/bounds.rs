//! Where an access to a memory or table goes, and how it is kept within bounds.

use super::Translator;
use super::known::Origin;
use super::traps::Operand;
use crate::clif::{self, POINTER};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Endianness, InstBuilder, MemFlagsData, Value, types};
use trapline_abi::artifact::{GUARDED_MAX_OFFSET, GUARDED_RESERVATION, MemoryStyle};
use trapline_abi::vmlayout::{TABLE_SLOT_SIZE, VMMemoryDefinition, VMTableDefinition};
use trapline_abi::{IndexType, InjectedFault, MemoryIndex, MemoryType, TableIndex, Trap};

/// A checked address: what to access is `base + offset` with these flags.
pub(super) struct Address {
    pub(super) base: Value,
    pub(super) offset: i32,
    pub(super) flags: MemFlagsData,
}

/// How far behind the origin of an access its end may lie for the reservation to stand for a check.
fn guarded_reach(origin: Origin) -> u64 {
    match origin {
        Origin::Zero => GUARDED_RESERVATION,
        Origin::Operand(_) => GUARDED_MAX_OFFSET,
    }
}

/// The current size of a memory for a report.
fn memory_size(definition: Value) -> Operand {
    Operand::Length(definition, VMMemoryDefinition::CURRENT_LENGTH)
}

/// The current size of a table for a report.
pub(super) fn table_size(definition: Value) -> Operand {
    Operand::Length(definition, VMTableDefinition::CURRENT_ELEMENTS)
}

impl Translator<'_, '_> {
    pub(super) fn memory_type(&self, memory: MemoryIndex) -> MemoryType {
        self.env.info.memories[memory.index()]
    }

    /// Whether accesses to a memory rely on its reservation.
    fn is_guarded(&self, ty: &MemoryType) -> bool {
        self.env.memory_style == MemoryStyle::Guarded && ty.can_be_guarded()
    }

    pub(super) fn memory_definition(&mut self, memory: MemoryIndex) -> Value {
        let memory = match self.env.fault.is(InjectedFault::MemoryZero) {
            false => memory,
            true => MemoryIndex::new(0),
        };
        self.context_field(self.env.offsets.memory(memory))
    }

    pub(super) fn memory_length(&mut self, definition: Value) -> Value {
        let offset = VMMemoryDefinition::CURRENT_LENGTH as i32;
        self.builder.ins().load(POINTER, MemFlagsData::trusted(), definition, offset)
    }

    /// Makes sure that an access of `size` bytes at `index + offset` is within bounds, and gives its address.
    ///
    /// With `end` for `offset + size`, and a constant index counted in, it is one of:
    ///
    /// - Known: the access cannot fail, see [`Translator::is_known_within`].
    /// - Guarded: an index is below 2^32 and `end` at most the guard, so the sum stays inside the
    ///   reservation, and whatever lies beyond the current size faults.
    /// - Checked: `index + end <= length` in 64 bits. For 32-bit indices no addition can wrap: the
    ///   index is below 2^32, and so is the offset. For 64-bit indices both additions are checked,
    ///   the one of `end` here, at compile time.
    pub(super) fn memory_address(
        &mut self,
        memory: MemoryIndex,
        index: Value,
        offset: u64,
        size: u32,
    ) -> Address {
        let ty = self.memory_type(memory);
        let little = MemFlagsData::new().with_endianness(Endianness::Little);
        let (origin, offset) = match self.constant_index(index) {
            Some(constant) => (Origin::Zero, offset.checked_add(constant)),
            None => (Origin::Operand(index), Some(offset)),
        };
        let Some((offset, end)) = offset.and_then(|at| Some((at, at.checked_add(size.into())?))) else {
            // No address at all can satisfy the access.
            let definition = self.memory_definition(memory);
            self.never(Trap::MemoryOutOfBounds, &[index.into(), memory_size(definition)]);
            return Address { base: self.vmctx, offset: 0, flags: little.with_notrap() };
        };
        let index = match origin {
            Origin::Zero => None,
            Origin::Operand(index) => Some(self.widen_index(index, ty.index)),
        };
        let definition = self.memory_definition(memory);

        let known = self.is_known_within(memory, origin, end);
        let faults = !known && self.is_guarded(&ty) && end <= guarded_reach(origin);
        if !known && !faults && !self.env.fault.is(InjectedFault::NoBoundsCheck) {
            self.check_memory(&ty, definition, index, self.checked_end(offset, end));
            self.note_check(memory, origin, end);
        }
        // If an access that cannot fail did, that would be a bug and no trap.
        let flags = little.with_trap_code(faults.then_some(clif::trap_code(Trap::MemoryOutOfBounds)));
        let base = self.memory_base(&ty, definition);
        let base = match index {
            Some(index) => self.builder.ins().iadd(base, index),
            None => base,
        };
        self.displaced(base, offset, flags)
    }

    fn displaced(&mut self, base: Value, offset: u64, flags: MemFlagsData) -> Address {
        match i32::try_from(offset) {
            Ok(offset) => Address { base, offset, flags },
            Err(_) => {
                let offset = self.builder.ins().iconst(types::I64, offset as i64);
                Address { base: self.builder.ins().iadd(base, offset), offset: 0, flags }
            }
        }
    }

    /// The end that is compared: unless it is broken on purpose, the end of the access.
    fn checked_end(&self, offset: u64, end: u64) -> u64 {
        if self.env.fault.is(InjectedFault::Bounds) { offset } else { end }
    }

    /// Traps unless `index + end` is at most the current length; without an index, unless `end` is. The operands of what
    /// traps here are found in registers, see `runtime/src/vm/recover.rs`, so that no code is needed for them: the machine's
    /// comparison may have the length in memory.
    fn check_memory(&mut self, ty: &MemoryType, definition: Value, index: Option<Value>, end: u64) {
        let out_of_bounds = clif::trap_code(Trap::MemoryOutOfBounds);
        let length = self.memory_length(definition);
        let end = self.builder.ins().iconst(types::I64, end as i64);
        let last = match (index, ty.index) {
            (None, _) => end,
            (Some(index), IndexType::I32) => self.builder.ins().iadd(index, end),
            (Some(index), IndexType::I64) if self.env.fault.is(InjectedFault::WrappingEnd) => {
                self.builder.ins().iadd(index, end)
            }
            (Some(index), IndexType::I64) => self.builder.ins().uadd_overflow_trap(index, end, out_of_bounds),
        };
        let beyond = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, last, length);
        self.builder.ins().trapnz(beyond, out_of_bounds);
    }

    fn memory_base(&mut self, ty: &MemoryType, definition: Value) -> Value {
        // Neither a shared memory nor one with a guard ever moves.
        let flags = match ty.shared || self.is_guarded(ty) {
            true => MemFlagsData::trusted().with_readonly().with_can_move(),
            false => MemFlagsData::trusted(),
        };
        self.builder.ins().load(POINTER, flags, definition, VMMemoryDefinition::BASE as i32)
    }

    pub(super) fn table_index_type(&self, table: TableIndex) -> IndexType {
        self.env.info.tables[table.index()].ty.index
    }

    pub(super) fn table_definition(&mut self, table: TableIndex) -> Value {
        self.context_field(self.env.offsets.table(table))
    }

    pub(super) fn table_elements(&mut self, definition: Value) -> Value {
        let offset = VMTableDefinition::CURRENT_ELEMENTS as i32;
        self.builder.ins().load(POINTER, MemFlagsData::trusted(), definition, offset)
    }

    /// The address of a table slot; traps as `out_of_bounds` if the table has no such element.
    pub(super) fn table_slot(&mut self, table: TableIndex, index: Value, out_of_bounds: Trap) -> Value {
        let ty = self.env.info.tables[table.index()].ty;
        // Tables never shrink, and an imported one has at least the declared minimum of elements.
        let known = self.constant_index(index).is_some_and(|index| index < ty.limits.min);
        let index = self.widen_index(index, ty.index);
        let definition = self.table_definition(table);
        if !known {
            let elements = self.table_elements(definition);
            let beyond = match self.env.fault.is(InjectedFault::TableBounds) {
                false => IntCC::UnsignedGreaterThanOrEqual,
                true => IntCC::UnsignedGreaterThan,
            };
            let beyond = self.builder.ins().icmp(beyond, index, elements);
            self.trap_if(beyond, out_of_bounds, &[index.into(), table_size(definition)]);
        }
        let offset = VMTableDefinition::BASE as i32;
        let base = self.builder.ins().load(POINTER, MemFlagsData::trusted(), definition, offset);
        let scaled = self.builder.ins().imul_imm_u(index, TABLE_SLOT_SIZE as i64);
        self.builder.ins().iadd(base, scaled)
    }
}
