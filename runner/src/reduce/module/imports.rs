//! Imports that the module defines instead.

use super::error::EditError;
use super::maps::{Fate, Remap};
use super::outline::Outline;
use super::write::write;
use super::{Apply, Found};
use wasmparser::{AbstractHeapType, HeapType, RefType, TypeRef, ValType};

/// The imports that can be defined, and what becomes of them.
struct Imports {
    numbers: Vec<usize>,
    fate: Fate,
}

/// The edits that define imported functions by a body that traps.
pub(super) fn find_trapping(outline: &Outline<'_>) -> Found {
    find(outline, Fate::Traps, |ty| matches!(ty, TypeRef::Func(_) | TypeRef::FuncExact(_)))
}

/// The edits that define imports: functions return zeros, globals hold zero, tables and memories are empty.
pub(super) fn find_zeros(outline: &Outline<'_>) -> Found {
    find(outline, Fate::Zeros, has_zero)
}

fn find(outline: &Outline<'_>, fate: Fate, definable: impl Fn(TypeRef) -> bool) -> Found {
    let mut numbers = Vec::new();
    let mut weights = Vec::new();
    for (number, import) in outline.imports.iter().enumerate() {
        if definable(import.ty) {
            numbers.push(number);
            weights.push((import.module.len() + import.name.len()) as u32 + 4);
        }
    }
    Found { weights, edits: Box::new(Imports { numbers, fate }) }
}

/// Whether an item of a type can be defined without knowing a value of another type.
fn has_zero(ty: TypeRef) -> bool {
    match ty {
        TypeRef::Func(_) | TypeRef::FuncExact(_) | TypeRef::Memory(_) | TypeRef::Tag(_) => true,
        TypeRef::Table(ty) => ty.element_type.is_nullable(),
        TypeRef::Global(ty) => match ty.content_type {
            ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => true,
            ValType::Ref(ty) => ty.is_nullable() || is_i31(ty),
        },
    }
}

fn is_i31(ty: RefType) -> bool {
    matches!(ty.heap_type(), HeapType::Abstract { ty: AbstractHeapType::I31, .. })
}

impl Apply for Imports {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let mut fates = vec![Fate::Stays; outline.imports.len()];
        for &number in numbers {
            fates[self.numbers[number]] = self.fate;
        }
        write(outline, &mut Remap::new(outline, &fates, |_, _| false))
    }
}
