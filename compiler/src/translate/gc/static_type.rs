//! What validation knows of the reference that an instruction looks into.

use crate::parse::Resources;
use wasmparser::{
    AbstractHeapType, FuncValidator, HeapType, Operator, RefType, ValType, WasmModuleResources,
};

/// What is known of a reference before the instruction runs.
#[derive(Clone, Copy, Debug)]
pub(in crate::translate) struct StaticType {
    /// Whether it may be null.
    pub(super) nullable: bool,
    /// Whether it may be an integer of 31 bits.
    pub(super) may_be_i31: bool,
    /// Whether it is of the type that the instruction casts to, unless it is null.
    pub(super) is_target: bool,
}

impl StaticType {
    /// Any reference.
    const UNKNOWN: StaticType = StaticType { nullable: true, may_be_i31: true, is_target: false };
}

/// What is known of the reference that an operator looks into, before the validator has taken it from its stack. For
/// operators that look into none it does not matter.
pub(in crate::translate) fn of_operand(
    validator: &FuncValidator<Resources>,
    operator: &Operator<'_>,
) -> StaticType {
    let Some((depth, target)) = operand(operator) else { return StaticType::UNKNOWN };
    // If it is something else, validation is about to fail.
    let Some(Some(ValType::Ref(ty))) = validator.get_operand_type(depth) else { return StaticType::UNKNOWN };
    let resources = validator.resources();
    StaticType {
        nullable: ty.is_nullable(),
        may_be_i31: may_be_i31(ty.heap_type()),
        is_target: target.is_some_and(|target| is_below(ty.heap_type(), target, resources)),
    }
}

/// How many operands lie on the reference that an operator looks into, and the type that it casts to.
fn operand(operator: &Operator<'_>) -> Option<(usize, Option<HeapType>)> {
    Some(match *operator {
        Operator::StructGet { .. }
        | Operator::StructGetS { .. }
        | Operator::StructGetU { .. }
        | Operator::ArrayLen
        | Operator::I31GetS
        | Operator::I31GetU
        | Operator::RefGetDesc { .. }
        | Operator::StructNewDesc { .. }
        | Operator::StructNewDefaultDesc { .. } => (0, None),
        Operator::StructSet { .. }
        | Operator::ArrayGet { .. }
        | Operator::ArrayGetS { .. }
        | Operator::ArrayGetU { .. } => (1, None),
        Operator::ArraySet { .. } => (2, None),
        Operator::RefTestNonNull { hty }
        | Operator::RefTestNullable { hty }
        | Operator::RefCastNonNull { hty }
        | Operator::RefCastNullable { hty } => (0, Some(hty)),
        Operator::BrOnCast { to_ref_type, .. } | Operator::BrOnCastFail { to_ref_type, .. } => {
            (0, Some(to_ref_type.heap_type()))
        }
        // The descriptor lies on it.
        Operator::RefCastDescEqNonNull { hty } | Operator::RefCastDescEqNullable { hty } => (1, Some(hty)),
        Operator::BrOnCastDescEq { to_ref_type, .. } | Operator::BrOnCastDescEqFail { to_ref_type, .. } => {
            (1, Some(to_ref_type.heap_type()))
        }
        _ => return None,
    })
}

fn may_be_i31(ty: HeapType) -> bool {
    match ty {
        // A host may hold an integer as an `externref`.
        HeapType::Abstract { ty, .. } => matches!(
            ty,
            AbstractHeapType::Any | AbstractHeapType::Eq | AbstractHeapType::I31 | AbstractHeapType::Extern
        ),
        HeapType::Concrete(_) | HeapType::Exact(_) => false,
    }
}

fn is_below(have: HeapType, mut want: HeapType, resources: &Resources) -> bool {
    let reference = |heap| RefType::new(true, heap).map(ValType::Ref);
    if resources.check_heap_type(&mut want, 0).is_err() {
        return false;
    }
    match (reference(have), reference(want)) {
        (Some(have), Some(want)) => resources.is_subtype(have, want),
        _ => false,
    }
}
