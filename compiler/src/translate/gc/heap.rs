//! Addresses in the heap, values in objects, and allocation.

use super::Translator;
use crate::clif::{self, POINTER};
use crate::translate::bounds::Address;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, Endianness, InstBuilder, MemFlagsData, Value, types};
use trapline_abi::heap::{ARRAY_ELEMENTS, DISPLAY_STRIDE, NULL_PAGE};
use trapline_abi::vmlayout::{VMContextHeader, VMStoreContext};
use trapline_abi::{Builtin, InjectedFault, RefType, Representation, StorageType, Trap, TypeIndex, ValType};

/// How a packed field becomes an operand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extension {
    Zero,
    Sign,
}

/// Whether a reference is held as a pointer, and as a number in the heap.
fn is_function(ty: RefType) -> bool {
    match ty.representation() {
        Representation::FuncPointer => true,
        Representation::HeapIndex => false,
    }
}

/// How the heap is accessed. Everything in it is little-endian. Vectors have no alignment of their own there, so that of
/// none is promised.
fn heap_access(trap: Option<Trap>) -> MemFlagsData {
    MemFlagsData::new().with_endianness(Endianness::Little).with_trap_code(trap.map(clif::trap_code))
}

impl Translator<'_, '_> {
    pub(in crate::translate) fn store_context(&mut self) -> Value {
        self.context_field(VMContextHeader::STORE)
    }

    /// Where a 32-bit offset into the heap lies. Whatever the offset is, the place is in the heap's address space.
    fn heap_address(&mut self, offset: Value) -> Value {
        let store = self.store_context();
        let flags = MemFlagsData::trusted().with_readonly().with_can_move();
        let base = self.builder.ins().load(POINTER, flags, store, VMStoreContext::HEAP_BASE as i32);
        let offset = self.builder.ins().uextend(types::I64, offset);
        self.builder.ins().iadd(base, offset)
    }

    /// Where `size` bytes of an object lie. If the object may be null, `null` is the trap for that: an access within the
    /// first page faults, and the others are checked here.
    pub(super) fn field_address(
        &mut self,
        object: Value,
        offset: u32,
        size: u32,
        null: Option<Trap>,
    ) -> Address {
        let null = null.filter(|_| !self.env.fault.is(InjectedFault::NullCheck));
        let faults = offset + size <= NULL_PAGE;
        if let Some(trap) = null
            && !faults
        {
            self.builder.ins().trapz(object, clif::trap_code(trap));
        }
        let base = self.heap_address(object);
        Address { base, offset: offset as i32, flags: heap_access(null.filter(|_| faults)) }
    }

    /// Where an element lies that the array has. The sum is one of 32 bits.
    pub(super) fn element_address(&mut self, array: Value, index: Value, size: u32) -> Address {
        let scaled = self.builder.ins().ishl_imm_u(index, i64::from(size.trailing_zeros()));
        let offset = self.builder.ins().iadd(array, scaled);
        let base = self.heap_address(offset);
        Address { base, offset: ARRAY_ELEMENTS as i32, flags: heap_access(None) }
    }

    /// Loads what a field of an object that is not null holds.
    pub(in crate::translate) fn load_field(
        &mut self,
        object: Value,
        offset: u32,
        storage: StorageType,
    ) -> Value {
        let at = self.field_address(object, offset, storage.size(), None);
        self.load_stored(at, storage, Extension::Zero)
    }

    /// Loads what a field or an element holds.
    pub(super) fn load_stored(&mut self, at: Address, storage: StorageType, extension: Extension) -> Value {
        let Address { base, offset, flags } = at;
        match (storage, extension) {
            (StorageType::I8, Extension::Zero) => self.builder.ins().uload8(types::I32, flags, base, offset),
            (StorageType::I8, Extension::Sign) => self.builder.ins().sload8(types::I32, flags, base, offset),
            (StorageType::I16, Extension::Zero) => {
                self.builder.ins().uload16(types::I32, flags, base, offset)
            }
            (StorageType::I16, Extension::Sign) => {
                self.builder.ins().sload16(types::I32, flags, base, offset)
            }
            (StorageType::Val(ValType::Ref(ty)), _) if is_function(ty) => {
                let number = self.builder.ins().load(types::I32, flags, base, offset);
                self.numbered_function(number, ty)
            }
            (StorageType::Val(ty), _) => {
                let value = self.builder.ins().load(clif::val_type(ty), flags, base, offset);
                self.track(value, ty)
            }
        }
    }

    /// An operand as an object holds it; [`Translator::store_value`] takes it. This may call a builtin, so no address may
    /// have been made before.
    pub(super) fn stored_value(&mut self, value: Value, storage: StorageType) -> Value {
        match storage {
            StorageType::Val(ValType::Ref(_)) if self.is_zero(value) => self.default_stored(storage),
            StorageType::Val(ValType::Ref(ty)) if is_function(ty) => self.function_number(value),
            StorageType::Val(_) => value,
            StorageType::I8 => self.builder.ins().ireduce(types::I8, value),
            StorageType::I16 => self.builder.ins().ireduce(types::I16, value),
        }
    }

    /// The zero or null that a field has by default, as an object holds it.
    pub(super) fn default_stored(&mut self, storage: StorageType) -> Value {
        match storage {
            StorageType::I8 => self.builder.ins().iconst(types::I8, 0),
            StorageType::I16 => self.builder.ins().iconst(types::I16, 0),
            StorageType::Val(ValType::Ref(_)) => self.builder.ins().iconst(types::I32, 0),
            StorageType::Val(ty) => self.default_value(ty),
        }
    }

    pub(super) fn store_value(&mut self, at: Address, value: Value) {
        self.builder.ins().store(at.flags, value, at.base, at.offset);
    }

    /// The number that the equals of a type have throughout the store.
    pub(in crate::translate) fn type_id(&mut self, ty: TypeIndex) -> Value {
        let flags = MemFlagsData::trusted().with_readonly().with_can_move();
        let offset = self.env.offsets.type_id(ty) as i32;
        self.builder.ins().load(types::I32, flags, self.vmctx, offset)
    }

    /// The header of objects of a type.
    pub(super) fn type_header(&mut self, ty: TypeIndex) -> Value {
        let id = self.type_id(ty);
        self.builder.ins().ishl_imm_u(id, i64::from(DISPLAY_STRIDE.trailing_zeros()))
    }

    /// Makes an object of a type and a size, with these values as the heap holds them, by their places.
    pub(super) fn new_object(
        &mut self,
        ty: TypeIndex,
        size: u64,
        values: impl Iterator<Item = (u32, Value)>,
    ) -> Value {
        let object = self.allocate(size);
        let header = self.type_header(ty);
        let base = self.heap_address(object);
        for (offset, value) in std::iter::once((0, header)).chain(values) {
            self.store_value(Address { base, offset: offset as i32, flags: heap_access(None) }, value);
        }
        object
    }

    /// Room for an object: the next bytes of the heap, if there are enough.
    fn allocate(&mut self, size: u64) -> Value {
        let [fast, slow, done] = [(); 3].map(|()| self.builder.create_block());
        self.builder.set_cold_block(slow);
        let object = self.builder.append_block_param(done, types::I32);

        let store = self.store_context();
        let trusted = MemFlagsData::trusted();
        let next = self.builder.ins().load(POINTER, trusted, store, VMStoreContext::HEAP_NEXT as i32);
        let end = self.builder.ins().load(POINTER, trusted, store, VMStoreContext::HEAP_END as i32);
        let after = self.builder.ins().iadd_imm_u(next, size as i64);
        let full = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, after, end);
        self.builder.ins().brif(full, slow, &[], fast, &[]);
        self.builder.seal_block(fast);
        self.builder.seal_block(slow);

        self.builder.switch_to_block(fast);
        self.builder.ins().store(trusted, after, store, VMStoreContext::HEAP_NEXT as i32);
        let taken = self.builder.ins().ireduce(types::I32, next);
        self.builder.ins().jump(done, &[BlockArg::Value(taken)]);

        self.builder.switch_to_block(slow);
        let size = self.builder.ins().iconst(types::I64, size as i64);
        let given = self.builtin_result(Builtin::heap_allocate, &[size]);
        let given = self.builder.ins().ireduce(types::I32, given);
        self.builder.ins().jump(done, &[BlockArg::Value(given)]);

        self.go_on(done);
        self.track_object(object)
    }
}
