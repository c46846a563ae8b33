//! What is known of a trap beyond its kind and place.

use super::activation::Activation;
use super::call_detail::{element, indirect_call};
use super::numeric_detail::numeric;
use super::unwind;
use crate::code::Module;
use crate::instances::InstanceData;
use crate::store::StoreInner;
use crate::trap::{Recovered, Recursion, TrapRecord};
use trapline_abi::heap::{EXCEPTION_TYPE, EXTERN_TYPE};
use trapline_abi::vmlayout::{NO_OPERANDS, VMFuncRef};
use trapline_abi::{
    CallStackDetail, CodeFunction, Extent, FoundReference, FuncIndex, HeapDetail, HeapSite, Hierarchy,
    IndexType, MemoryIndex, MemorySite, NullOperand, OtherModule, RefType, SiteInstruction, Trap, TrapDetail,
    TypeId, TypeIndex, TypeName,
};

/// The operands and limits of the trap that a signal has written down, as far as they are known.
pub(super) fn detail(store: &StoreInner, trap: Trap) -> Option<TrapDetail> {
    let (instance, site) = trapped(store)?;
    match (trap, site) {
        (Trap::MemoryOutOfBounds, SiteInstruction::Memory(site)) => access(store, instance, site),
        (Trap::UnalignedAtomic, SiteInstruction::Memory(site)) => Some(misaligned(store, instance, site)),
        (
            Trap::TableOutOfBounds | Trap::UndefinedElement | Trap::UninitializedElement,
            SiteInstruction::Table(site),
        ) => Some(element(store, instance, site)),
        (Trap::IndirectCallTypeMismatch, SiteInstruction::Table(site)) => {
            indirect_call(store, instance, site)
        }
        (
            Trap::IntegerDivideByZero | Trap::IntegerOverflow | Trap::InvalidConversionToInteger,
            SiteInstruction::Numeric(instruction),
        ) => numeric(trap, instruction, store.record.recovered.as_ref()),
        (
            Trap::NullReference
            | Trap::NullFuncReference
            | Trap::NullExceptionReference
            | Trap::NullStructReference
            | Trap::NullArrayReference
            | Trap::NullI31Reference
            | Trap::ArrayOutOfBounds
            | Trap::CastFailure
            | Trap::NullDescriptorReference
            | Trap::DescriptorCastFailure,
            SiteInstruction::Heap(site),
        ) => heap(store, instance, site, trap).map(|detail| TrapDetail::Heap(Box::new(detail))),
        // There is nothing to tell, or the instruction is none that traps like that.
        _ => None,
    }
}

/// The instances of the module whose code trapped.
fn instances(store: &StoreInner) -> impl Iterator<Item = &InstanceData> {
    let module = store.record.pcs().first().and_then(|&pc| store.code.module_at(pc));
    let is_of = move |instance: &&InstanceData| module.is_some_and(|module| instance.module.same(module));
    store.instances.iter().filter(is_of)
}

/// The instruction that trapped, and an instance of its module. In another instance, what the module declares is the same; what
/// it has is not.
fn trapped(store: &StoreInner) -> Option<(&InstanceData, SiteInstruction)> {
    let instance = instances(store).next()?;
    let place = instance.module.image().place(store.record.pcs().first().copied()?)?;
    let site = *place.function.site_at(place.function.wasm_offset_at(place.offset)?)?;
    Some((instance, site))
}

/// An access beyond the end of a memory.
fn access(store: &StoreInner, instance: &InstanceData, site: MemorySite) -> Option<TrapDetail> {
    let MemorySite { instruction, memory, offset } = site;
    let width = instruction.width();
    let TrapRecord { access, recovered, .. } = store.record;
    // Which of several instances trapped is not known.
    let own_length = || {
        let mut lengths =
            instances(store).map(|instance| store.memories[instance.memories[memory.index()]].len());
        let first = lengths.next()?;
        lengths.all(|len| len == first).then_some(first)
    };
    let (index, len) = match (access, recovered, store.vm.trap_operands) {
        // It hit a guard. It begins where the fault is, or before that.
        (Some((memory, fault)), recovered, _) => {
            let start = match recovered {
                Some(Recovered::Start(start)) => Some(start),
                Some(Recovered::Operand(_) | Recovered::End(..)) | None => None,
            };
            let is_access =
                |start: &u64| fault.checked_sub(*start).is_some_and(|before| before < width.into());
            let index = start.filter(is_access).and_then(|start| start.checked_sub(offset));
            (index, store.memories[memory].len())
        }
        (None, Some(Recovered::End(end, length)), NO_OPERANDS) => {
            let index = end.wrapping_sub(offset).wrapping_sub(width.into());
            (Some(index), length.or_else(own_length)?)
        }
        (None, _, NO_OPERANDS) => (None, own_length()?),
        (None, _, [index, len, _]) => (Some(index), len),
    };
    let is_beyond = |index: &u64| {
        u128::from(*index) + u128::from(offset) + u128::from(width) > u128::from(len)
            && is_index(instance, memory, *index)
    };
    let index = index.filter(is_beyond);
    Some(TrapDetail::MemoryAccess {
        instruction,
        memory: Extent { index: memory.as_u32(), len },
        index,
        offset,
        width,
    })
}

/// An atomic access at an address that is not a multiple of its width.
fn misaligned(store: &StoreInner, instance: &InstanceData, site: MemorySite) -> TrapDetail {
    let MemorySite { instruction, memory, offset } = site;
    let width = instruction.width();
    let index = match store.record.recovered {
        Some(Recovered::Start(start)) => Some(start.wrapping_sub(offset)),
        Some(Recovered::Operand(_) | Recovered::End(..)) | None => None,
    };
    let is_misaligned = |index: &u64| {
        !index.wrapping_add(offset).is_multiple_of(width.into()) && is_index(instance, memory, *index)
    };
    let index = index.filter(is_misaligned);
    TrapDetail::Misaligned { instruction, memory: memory.as_u32(), index, offset, width }
}

/// Whether an operand of a memory's index type can have a value.
fn is_index(instance: &InstanceData, memory: MemoryIndex, index: u64) -> bool {
    match instance.module.info().memories[memory.index()].index {
        IndexType::I32 => u32::try_from(index).is_ok(),
        IndexType::I64 => true,
    }
}

/// How the call stack came to its end.
///
/// # Safety
///
/// I6: `activation` is the one being left, still linked to those around it.
pub(super) unsafe fn call_stack(store: &StoreInner, activation: &Activation) -> Option<TrapDetail> {
    let Recursion { depth, period, repeated } = store.record.recursion;
    // SAFETY: I6: as demanded.
    let depth = depth + unsafe { unwind::count_outer(activation) };
    let trapped = store.record.pcs().first().and_then(|&pc| store.code.module_at(pc));
    let callers = store.record.pcs().get(1..=period).unwrap_or_default();
    // The outermost caller of the cycle was entered first.
    let outermost = repeated.checked_rem(period as u64).map_or(0, |rest| rest as usize);
    let in_order = callers[..outermost].iter().rev().chain(callers[outermost..].iter().rev());
    let cycle = in_order.map(|&pc| {
        let frame = unwind::waiting(store, pc)?;
        Some(code_function(&frame.module, frame.func, trapped))
    });
    let cycle = cycle.collect::<Option<Vec<_>>>().unwrap_or_default();
    let times = repeated.checked_div(period as u64).unwrap_or(0);
    Some(TrapDetail::CallStack(Box::new(CallStackDetail { depth, cycle, times })))
}

/// A function as a report names it that speaks of code of a module.
pub(super) fn code_function(module: &Module, func: FuncIndex, trapped: Option<&Module>) -> CodeFunction {
    let name = module.info().func_name(func).map(str::to_owned);
    let other = trapped.is_none_or(|trapped| !trapped.same(module));
    let module = other.then(|| OtherModule { name: module.info().name.clone() });
    CodeFunction { index: func.as_u32(), name, module }
}

/// The instruction on references that trapped, with its operands.
fn heap(store: &StoreInner, instance: &InstanceData, site: HeapSite, trap: Trap) -> Option<HeapDetail> {
    let TrapRecord { faulted, .. } = store.record;
    let [first, second, _] = store.vm.trap_operands;
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

pub(super) fn type_name(instance: &InstanceData, ty: TypeIndex, module: Option<OtherModule>) -> TypeName {
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
pub(super) fn found_type(store: &StoreInner, trapped: &InstanceData, ty: TypeId) -> Option<TypeName> {
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
