//! What is known of a trap beyond its kind and place.

use crate::instances::InstanceData;
use crate::store::StoreInner;
use crate::trap::TrapRecord;
use trapline_abi::heap::{EXCEPTION_TYPE, EXTERN_TYPE};
use trapline_abi::vmlayout::VMFuncRef;
use trapline_abi::{
    Extent, FoundReference, HeapDetail, HeapSite, Hierarchy, NullOperand, OtherModule, RefType, Trap,
    TrapDetail, TypeId, TypeIndex, TypeName,
};

/// The operands and limits of the trap that a signal has written down, as far as they are known.
pub(super) fn detail(store: &StoreInner, trap: Trap) -> Option<TrapDetail> {
    match trap {
        Trap::MemoryOutOfBounds => access(store),
        Trap::TableOutOfBounds | Trap::UndefinedElement => {
            let [index, len] = store.vm.trap_operands;
            Some(TrapDetail::TableElement { index, table_len: Some(len) })
        }
        Trap::UninitializedElement => {
            Some(TrapDetail::TableElement { index: store.vm.trap_operands[0], table_len: None })
        }
        Trap::Unreachable
        | Trap::IndirectCallTypeMismatch
        | Trap::IntegerDivideByZero
        | Trap::IntegerOverflow
        | Trap::InvalidConversionToInteger
        | Trap::StackOverflow
        | Trap::UnalignedAtomic
        | Trap::ExpectedSharedMemory
        | Trap::HeapExhausted => None,
        Trap::NullReference
        | Trap::NullFuncReference
        | Trap::NullExceptionReference
        | Trap::NullStructReference
        | Trap::NullArrayReference
        | Trap::NullI31Reference
        | Trap::ArrayOutOfBounds
        | Trap::CastFailure
        | Trap::NullDescriptorReference
        | Trap::DescriptorCastFailure => heap(store, trap).map(|detail| TrapDetail::Heap(Box::new(detail))),
    }
}

/// The instances of the module whose code trapped.
fn instances(store: &StoreInner) -> impl Iterator<Item = &InstanceData> {
    let module = store.record.pcs().first().and_then(|&pc| store.code.module_at(pc));
    let is_of = move |instance: &&InstanceData| module.is_some_and(|module| instance.module.same(module));
    store.instances.iter().filter(is_of)
}

/// The memory and address of an access that hit a guard. The memory's index is that of an instance
/// of the trapping module.
fn access(store: &StoreInner) -> Option<TrapDetail> {
    let (memory, address) = store.record.access?;
    let index =
        instances(store).find_map(|instance| instance.memories.iter().position(|&owned| owned == memory))?;
    let len = store.memories[memory].len();
    Some(TrapDetail::MemoryAccess { memory: Extent { index: index as u32, len }, address })
}

/// The instruction on references that trapped, with its operands.
fn heap(store: &StoreInner, trap: Trap) -> Option<HeapDetail> {
    let TrapRecord { faulted, .. } = store.record;
    let instance = instances(store).next()?;
    let place = instance.module.image().place(store.record.pcs().first().copied()?)?;
    let site = *place.function.heap_site_at(place.function.wasm_offset_at(place.offset)?)?;
    let [first, second] = store.vm.trap_operands;
    Some(match trap {
        Trap::ArrayOutOfBounds => HeapDetail::Element {
            instruction: site.instruction,
            ty: concrete(instance, &site),
            index: first as u32,
            array_len: second as u32,
        },
        Trap::CastFailure | Trap::DescriptorCastFailure => {
            let target = site.target?;
            HeapDetail::Cast {
                instruction: site.instruction,
                wanted: named(instance, target),
                found: match (faulted, target.heap.hierarchy()) {
                    // Only null faults there.
                    (true, _) => FoundReference::Null,
                    (false, Hierarchy::Func) => found_function(store, instance, first),
                    (false, Hierarchy::Any | Hierarchy::Extern | Hierarchy::Exn | Hierarchy::Cont) => {
                        found_object(store, instance, first as u32)
                    }
                },
            }
        }
        null => HeapDetail::Null {
            instruction: site.instruction,
            ty: concrete(instance, &site),
            field: site.field,
            operand: null_operand(null),
        },
    })
}

/// The operand whose absence is a trap.
fn null_operand(trap: Trap) -> NullOperand {
    match trap {
        Trap::NullStructReference => NullOperand::Structure,
        Trap::NullArrayReference => NullOperand::Array,
        Trap::NullDescriptorReference => NullOperand::Descriptor,
        Trap::NullFuncReference => NullOperand::Function,
        Trap::NullExceptionReference => NullOperand::Exception,
        _ => NullOperand::Reference,
    }
}

/// The defined type that an instruction names, if it names one.
fn concrete(instance: &InstanceData, site: &HeapSite) -> Option<TypeName> {
    let mut named = None;
    let _ = site.target?.map(|index| named = Some(type_name(instance, index, None)));
    named
}

fn named(instance: &InstanceData, ty: RefType) -> RefType<TypeName> {
    ty.map(|index| type_name(instance, index, None))
}

fn type_name(instance: &InstanceData, ty: TypeIndex, module: Option<OtherModule>) -> TypeName {
    let name = instance.module.info().type_name(ty).map(str::to_owned);
    TypeName { index: ty.as_u32(), name, module }
}

fn found_object(store: &StoreInner, instance: &InstanceData, reference: u32) -> FoundReference {
    match reference {
        0 => FoundReference::Null,
        i31 if i31 & 1 == 1 => FoundReference::I31(i31.cast_signed() >> 1),
        object => match store.heap.type_of(object) {
            EXTERN_TYPE => FoundReference::Host,
            EXCEPTION_TYPE => FoundReference::Exception,
            ty => FoundReference::OfType(found_type(store, instance, ty)),
        },
    }
}

fn found_function(store: &StoreInner, instance: &InstanceData, reference: u64) -> FoundReference {
    let func = std::ptr::with_exposed_provenance::<VMFuncRef>(reference as usize);
    if func.is_null() {
        return FoundReference::Null;
    }
    // SAFETY: I4: compiled code has looked at the same function, and function references live as long as their store.
    let ty = unsafe { (*func).type_id };
    FoundReference::OfType(found_type(store, instance, TypeId::new(ty)))
}

/// A type of the store as a module names it: that of the trapping function, or any that has it.
fn found_type(store: &StoreInner, trapped: &InstanceData, ty: TypeId) -> Option<TypeName> {
    let index_in = |instance: &InstanceData| {
        let indices = 0..instance.module.info().types.len() as u32;
        indices.map(TypeIndex::new).find(|&index| instance.type_id(index) == ty)
    };
    if let Some(index) = index_in(trapped) {
        return Some(type_name(trapped, index, None));
    }
    store.instances.iter().find_map(|instance| {
        let name = instance.module.info().name.clone();
        Some(type_name(instance, index_in(instance)?, Some(OtherModule { name })))
    })
}
