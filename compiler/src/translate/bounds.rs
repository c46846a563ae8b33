//! Where an access to a memory or table goes, and how it is kept within bounds.

use super::Translator;
use crate::clif::{self, POINTER};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use trapline_abi::artifact::{GUARDED_MAX_OFFSET, MemoryStyle};
use trapline_abi::vmlayout::{TABLE_SLOT_SIZE, VMMemoryDefinition, VMTableDefinition};
use trapline_abi::{IndexType, MemoryIndex, MemoryType, TableIndex, Trap};

/// A checked address: what to access is `base + offset` with these flags.
pub(super) struct Address {
    pub(super) base: Value,
    pub(super) offset: i32,
    pub(super) flags: MemFlagsData,
}

impl Translator<'_, '_> {
    pub(super) fn memory_type(&self, memory: MemoryIndex) -> MemoryType {
        self.env.info.memories[memory.index()]
    }

    /// Whether accesses to a memory rely on its reservation.
    fn is_guarded(&self, ty: &MemoryType) -> bool {
        self.env.memory_style == MemoryStyle::Guarded && ty.index == IndexType::I32 && ty.page_size_log2 == 16
    }

    pub(super) fn memory_definition(&mut self, memory: MemoryIndex) -> Value {
        self.context_field(self.env.offsets.memory(memory))
    }

    pub(super) fn memory_length(&mut self, definition: Value) -> Value {
        let offset = VMMemoryDefinition::CURRENT_LENGTH as i32;
        self.builder.ins().load(POINTER, MemFlagsData::trusted(), definition, offset)
    }

    /// Checks an access of `size` bytes at `index + offset`.
    ///
    /// Guarded: the index is below 2^32 and `offset + size` at most the guard, so the sum stays
    /// inside the reservation, and whatever lies beyond the current size faults.
    ///
    /// Checked: `index + (offset + size) <= length` in 64 bits. For 32-bit indices no addition can
    /// wrap: the index is below 2^32 and the offset too. For 64-bit indices both additions are
    /// checked, the first one here, at compile time.
    pub(super) fn memory_address(
        &mut self,
        memory: MemoryIndex,
        index: Value,
        offset: u64,
        size: u32,
    ) -> Address {
        let ty = self.memory_type(memory);
        let index = self.widen_index(index, ty.index);
        let definition = self.memory_definition(memory);
        let little = MemFlagsData::new().with_endianness(cranelift_codegen::ir::Endianness::Little);
        let out_of_bounds = clif::trap_code(Trap::MemoryOutOfBounds);
        let end = offset.checked_add(u64::from(size));

        if self.is_guarded(&ty) && end.is_some_and(|end| end <= GUARDED_MAX_OFFSET) {
            let flags = MemFlagsData::trusted().with_readonly().with_can_move();
            let base = self.builder.ins().load(POINTER, flags, definition, VMMemoryDefinition::BASE as i32);
            let flags = little.with_trap_code(Some(out_of_bounds));
            return self.offset_address(base, index, offset, flags);
        }

        let Some(end) = end else {
            // No address at all can satisfy the access.
            let never = self.builder.ins().iconst(types::I8, 1);
            self.builder.ins().trapnz(never, out_of_bounds);
            return Address { base: definition, offset: 0, flags: little.with_notrap() };
        };
        let length = self.memory_length(definition);
        let end = self.builder.ins().iconst(types::I64, end as i64);
        let last = match ty.index {
            IndexType::I32 => self.builder.ins().iadd(index, end),
            IndexType::I64 => self.builder.ins().uadd_overflow_trap(index, end, out_of_bounds),
        };
        let beyond = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, last, length);
        self.builder.ins().trapnz(beyond, out_of_bounds);
        // A shared memory never moves.
        let flags = match ty.shared {
            true => MemFlagsData::trusted().with_readonly().with_can_move(),
            false => MemFlagsData::trusted(),
        };
        let base = self.builder.ins().load(POINTER, flags, definition, VMMemoryDefinition::BASE as i32);
        // After the check the access cannot fault; if it did, that would be a bug and no trap.
        self.offset_address(base, index, offset, little.with_trap_code(None))
    }

    fn offset_address(&mut self, base: Value, index: Value, offset: u64, flags: MemFlagsData) -> Address {
        let base = self.builder.ins().iadd(base, index);
        match i32::try_from(offset) {
            Ok(offset) => Address { base, offset, flags },
            Err(_) => {
                let offset = self.builder.ins().iconst(types::I64, offset as i64);
                Address { base: self.builder.ins().iadd(base, offset), offset: 0, flags }
            }
        }
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
        let index = self.widen_index(index, self.table_index_type(table));
        let definition = self.table_definition(table);
        let elements = self.table_elements(definition);
        let beyond = self.builder.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, index, elements);
        self.builder.ins().trapnz(beyond, clif::trap_code(out_of_bounds));
        let offset = VMTableDefinition::BASE as i32;
        let base = self.builder.ins().load(POINTER, MemFlagsData::trusted(), definition, offset);
        let scaled = self.builder.ins().imul_imm_u(index, TABLE_SLOT_SIZE as i64);
        self.builder.ins().iadd(base, scaled)
    }
}
