//! What is looked at of an object or a function to tell its type.
//!
//! Objects of a final type have one header. Of others, what the table of supertypes has in the row that belongs to the header
//! is compared: constant time, but for types that are deeper than a row is long.

use super::Translator;
use super::casts::Cast;
use crate::clif::POINTER;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use trapline_abi::heap::{DISPLAY_KIND, DISPLAY_LEN, ObjectKind};
use trapline_abi::vmlayout::{VMFuncRef, VMStoreContext};
use trapline_abi::{Builtin, ConcreteType, HeapType, Trap, TypeIndex, TypeKind};

impl Translator<'_, '_> {
    /// Whether an object or a function is of the type of a cast.
    pub(super) fn is_of_type(&mut self, reference: Value, cast: Cast) -> Value {
        let null = cast.fault;
        match cast.heap {
            HeapType::Concrete(ConcreteType { kind, index, exact }) => match kind {
                TypeKind::Func => self.is_of_func_type(reference, index, exact),
                TypeKind::Struct | TypeKind::Array | TypeKind::Cont => {
                    let header = self.header(reference, null);
                    self.is_header_of(header, index, exact)
                }
            },
            HeapType::Struct => self.is_of_kind(reference, IntCC::Equal, ObjectKind::Struct, null),
            HeapType::Array => self.is_of_kind(reference, IntCC::Equal, ObjectKind::Array, null),
            // Structures and arrays are the last kinds.
            HeapType::Eq => {
                self.is_of_kind(reference, IntCC::UnsignedGreaterThanOrEqual, ObjectKind::Struct, null)
            }
            HeapType::Func
            | HeapType::NoFunc
            | HeapType::Extern
            | HeapType::NoExtern
            | HeapType::Any
            | HeapType::I31
            | HeapType::None
            | HeapType::Exn
            | HeapType::NoExn
            | HeapType::Cont
            | HeapType::NoCont => unreachable!("a cast to {} looks at no object", cast.heap),
        }
    }

    fn header(&mut self, object: Value, null: Option<Trap>) -> Value {
        let at = self.field_address(object, 0, 4, null);
        self.builder.ins().load(types::I32, at.flags, at.base, at.offset)
    }

    fn is_header_of(&mut self, header: Value, ty: TypeIndex, exact: bool) -> Value {
        if exact || self.env.info.types[ty.index()].is_final {
            let wanted = self.type_header(ty);
            return self.builder.ins().icmp(IntCC::Equal, header, wanted);
        }
        let depth = self.env.info.type_depth(ty);
        if depth >= DISPLAY_LEN {
            let ty = self.const_u32(ty.as_u32());
            return self.builtin_result(Builtin::is_subtype, &[header, ty]);
        }
        let found = self.display(header, depth * 4);
        let wanted = self.type_id(ty);
        self.builder.ins().icmp(IntCC::Equal, found, wanted)
    }

    /// A word in the row of the table of supertypes that belongs to a header. Rows do not change.
    fn display(&mut self, header: Value, offset: u32) -> Value {
        let store = self.store_context();
        let flags = MemFlagsData::trusted().with_readonly().with_can_move();
        let displays = self.builder.ins().load(POINTER, flags, store, VMStoreContext::DISPLAYS as i32);
        let header = self.builder.ins().uextend(types::I64, header);
        let row = self.builder.ins().iadd(displays, header);
        self.builder.ins().load(types::I32, flags, row, offset as i32)
    }

    fn is_of_kind(&mut self, object: Value, condition: IntCC, kind: ObjectKind, null: Option<Trap>) -> Value {
        let header = self.header(object, null);
        let found = self.display(header, DISPLAY_KIND);
        self.builder.ins().icmp_imm_u(condition, found, i64::from(kind as u32))
    }

    /// Whether a function that is not null is of a type.
    ///
    /// A subtype has the wanted type among its supertypes, at the depth that this has itself. A function of less depth
    /// has its own type at its end, which is another.
    pub(in crate::translate) fn is_of_func_type(
        &mut self,
        func_ref: Value,
        ty: TypeIndex,
        exact: bool,
    ) -> Value {
        let readonly = MemFlagsData::trusted().with_readonly();
        let wanted = self.type_id(ty);
        if exact || self.env.info.types[ty.index()].is_final {
            let found = self.builder.ins().load(types::I32, readonly, func_ref, VMFuncRef::TYPE_ID as i32);
            return self.builder.ins().icmp(IntCC::Equal, found, wanted);
        }
        let depth = self.env.info.type_depth(ty);
        let found = self.builder.ins().load(types::I32, readonly, func_ref, VMFuncRef::TYPE_DEPTH as i32);
        let depth = self.const_u32(depth);
        let depth = self.builder.ins().umin(found, depth);
        let depth = self.builder.ins().uextend(types::I64, depth);
        let supertypes = self.builder.ins().load(POINTER, readonly, func_ref, VMFuncRef::SUPERTYPES as i32);
        let offset = self.builder.ins().ishl_imm_u(depth, 2);
        let at = self.builder.ins().iadd(supertypes, offset);
        let found = self.builder.ins().load(types::I32, readonly, at, 0);
        self.builder.ins().icmp(IntCC::Equal, found, wanted)
    }
}
