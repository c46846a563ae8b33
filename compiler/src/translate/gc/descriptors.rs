//! Descriptors (custom-descriptors proposal).

use super::casts::{Cast, Target};
use super::{StaticType, Translator};
use crate::clif;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use trapline_abi::{HeapType, RefType, Trap, TypeIndex};

impl Translator<'_, '_> {
    /// Takes a descriptor from the operand stack and traps if it is null.
    pub(super) fn pop_descriptor(&mut self, nullable: bool) -> Value {
        let descriptor = self.pop();
        if nullable {
            self.builder.ins().trapz(descriptor, clif::trap_code(Trap::NullDescriptorReference));
        }
        descriptor
    }

    pub(super) fn ref_get_desc(&mut self, ty: TypeIndex, operand: StaticType) {
        let object = self.pop();
        let descriptor = self.descriptor_of(object, ty, operand.nullable.then_some(Trap::NullReference));
        self.push(descriptor);
    }

    /// The descriptor of an object of a type that has descriptors.
    fn descriptor_of(&mut self, object: Value, ty: TypeIndex, null: Option<Trap>) -> Value {
        let Some(offset) = self.layout(ty).descriptor else {
            unreachable!("the type has no descriptors in a validated body")
        };
        let at = self.field_address(object, offset, 4, null);
        let descriptor = self.builder.ins().load(types::I32, at.flags, at.base, at.offset);
        self.track_object(descriptor)
    }

    pub(super) fn ref_cast_desc_eq(&mut self, target: RefType, operand: StaticType) {
        let descriptor = self.pop_descriptor(true);
        let reference = self.top(1)[0];
        let block = self.builder.current_block();
        let [yes, no] = [(); 2].map(|()| self.builder.create_block());
        self.decide_by_descriptor(target, operand, descriptor, &Target::plain(yes), &Target::plain(no));
        self.fail_or_go_on(block, [no, yes], Trap::DescriptorCastFailure, &[reference.into()]);
    }

    pub(super) fn br_on_cast_desc_eq(&mut self, depth: u32, target: RefType, operand: StaticType) {
        let descriptor = self.pop_descriptor(true);
        let taken = self.branch_target(depth);
        let next = Target::plain(self.builder.create_block());
        self.decide_by_descriptor(target, operand, descriptor, &taken, &next);
        self.go_on(next.block);
    }

    pub(super) fn br_on_cast_desc_eq_fail(&mut self, depth: u32, target: RefType, operand: StaticType) {
        let descriptor = self.pop_descriptor(true);
        let taken = self.branch_target(depth);
        let next = Target::plain(self.builder.create_block());
        self.decide_by_descriptor(target, operand, descriptor, &next, &taken);
        self.go_on(next.block);
    }

    /// Branches by whether the topmost operand is null, if that passes, or an object with a descriptor. An object that is
    /// not of the target type has no such descriptor, and maybe none at all.
    fn decide_by_descriptor(
        &mut self,
        target: RefType,
        operand: StaticType,
        descriptor: Value,
        yes: &Target,
        no: &Target,
    ) {
        let HeapType::Concrete(concrete) = target.heap else {
            unreachable!("a descriptor of an abstract type in a validated body")
        };
        let reference = self.top(1)[0];
        let cast = Cast::new(target, operand);
        if let Some(passes) = cast.null {
            let next = Target::plain(self.builder.create_block());
            self.branch_if(reference, &next, if passes { yes } else { no });
            self.go_on(next.block);
        }
        let object = Target::plain(self.builder.create_block());
        self.branch_on_cast(reference, cast.of_non_null(), &object, no);
        self.go_on(object.block);
        let found = self.descriptor_of(reference, concrete.index, None);
        let same = self.builder.ins().icmp(IntCC::Equal, found, descriptor);
        self.branch_if(same, yes, no);
    }
}
