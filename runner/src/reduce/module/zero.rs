//! The simplest value of each type.

use wasm_encoder::{AbstractHeapType, Encode, HeapType, Ieee32, Ieee64, Instruction, RefType, ValType};

/// A constant expression without its `end` for the simplest value of a type, if there is one that does not trap.
pub(super) fn constant(ty: ValType) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    match ty {
        ValType::I32 => Instruction::I32Const(0).encode(&mut bytes),
        ValType::I64 => Instruction::I64Const(0).encode(&mut bytes),
        ValType::F32 => Instruction::F32Const(Ieee32::new(0)).encode(&mut bytes),
        ValType::F64 => Instruction::F64Const(Ieee64::new(0)).encode(&mut bytes),
        ValType::V128 => Instruction::V128Const(0).encode(&mut bytes),
        ValType::Ref(RefType { nullable: true, heap_type }) => {
            Instruction::RefNull(heap_type).encode(&mut bytes)
        }
        ValType::Ref(RefType {
            heap_type: HeapType::Abstract { shared, ty: AbstractHeapType::I31 }, ..
        }) => {
            Instruction::I32Const(0).encode(&mut bytes);
            let operator = if shared { Instruction::RefI31Shared } else { Instruction::RefI31 };
            operator.encode(&mut bytes);
        }
        ValType::Ref(_) => return None,
    }
    Some(bytes)
}

/// Operators that give the simplest value of a type. Where no value of it is known they trap.
pub(super) fn value(ty: ValType) -> Vec<u8> {
    match (constant(ty), ty) {
        (Some(bytes), _) => bytes,
        (None, ValType::Ref(RefType { heap_type, .. })) => {
            let mut bytes = Vec::new();
            Instruction::RefNull(heap_type).encode(&mut bytes);
            Instruction::RefAsNonNull.encode(&mut bytes);
            bytes
        }
        (None, ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128) => Vec::new(),
    }
}
