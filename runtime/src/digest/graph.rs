//! What lies in the heap, in an order that does not depend on where it lies.

use super::functions::Functions;
use super::value::StateValue;
use crate::layout::{ObjectLayout, element_at};
use crate::store::StoreInner;
use rustc_hash::FxHashMap;
use trapline_abi::vmlayout::{VMFuncRef, ValRaw};
use trapline_abi::{Hierarchy, StorageType, TypeId, ValType};

/// A walk over the objects of a store. Objects are numbered in the order in which they are first met.
pub(super) struct Graph<'a> {
    store: &'a StoreInner,
    functions: &'a Functions,
    numbers: FxHashMap<u32, u32>,
    met: Vec<u32>,
}

/// What an object is, with all that it holds.
pub(super) struct Contents {
    /// The number of its type in the store; that of its tag for an exception.
    pub(super) ty: u32,
    /// Whether it is an exception.
    pub(super) is_exception: bool,
    /// Its fields or elements, its descriptor first if it has one.
    pub(super) values: Vec<StateValue>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(store: &'a StoreInner, functions: &'a Functions) -> Graph<'a> {
        Graph { store, functions, numbers: FxHashMap::default(), met: Vec::new() }
    }

    /// A value of a type as compiled code holds it.
    pub(super) fn value(&mut self, raw: ValRaw, ty: ValType<TypeId>) -> StateValue {
        match ty {
            ValType::I32 => StateValue::I32(raw.as_u32()),
            ValType::I64 => StateValue::I64(raw.as_u64()),
            ValType::F32 => StateValue::F32(raw.as_u32()),
            ValType::F64 => StateValue::F64(raw.as_u64()),
            ValType::V128 => StateValue::V128(raw.as_u128()),
            ValType::Ref(ty) if ty.heap.hierarchy() == Hierarchy::Func => {
                let reference = std::ptr::with_exposed_provenance::<VMFuncRef>(raw.as_u64() as usize);
                StateValue::Func((!reference.is_null()).then(|| self.functions.identity(reference)))
            }
            ValType::Ref(ty) if raw.as_u32() == 0 => StateValue::Null(ty.heap.hierarchy()),
            ValType::Ref(_) => self.reference(raw.as_u32()),
        }
    }

    /// A reference below `any`, `extern` or `exn` that is not null.
    fn reference(&mut self, reference: u32) -> StateValue {
        if reference & 1 != 0 {
            return StateValue::I31(reference.cast_signed() >> 1);
        }
        let heap = &self.store.heap;
        if let ObjectLayout::Extern = self.layout(reference) {
            return StateValue::Extern(heap.extern_value(reference));
        }
        let next = self.met.len() as u32;
        let number = *self.numbers.entry(reference).or_insert(next);
        if number == next {
            self.met.push(reference);
        }
        StateValue::Object(number)
    }

    fn layout(&self, reference: u32) -> &'a ObjectLayout {
        &self.store.types.layouts()[self.store.heap.type_of(reference).index()]
    }

    /// How many objects were met so far.
    pub(super) fn len(&self) -> usize {
        self.met.len()
    }

    /// What an object holds. Objects that it refers to are met.
    pub(super) fn contents(&mut self, number: usize) -> Contents {
        let reference = self.met[number];
        let (store, ty) = (self.store, self.store.heap.type_of(reference));
        let mut values = Vec::new();
        let mut read = |graph: &mut Self, at: u64, storage: StorageType<TypeId>| {
            let raw = store.heap.read(reference, at, storage);
            values.push(graph.value(raw, storage.unpacked()));
        };
        match self.layout(reference) {
            ObjectLayout::Struct(fixed) => {
                let fields = store.types.get(ty).composite.as_struct().unwrap_or_default();
                if let Some(at) = fixed.layout.descriptor {
                    let any = StorageType::Val(ValType::Ref(trapline_abi::RefType::ANYREF));
                    read(self, at.into(), any);
                }
                for (field, &at) in fields.iter().zip(&fixed.layout.fields) {
                    read(self, at.into(), field.storage);
                }
            }
            ObjectLayout::Array { element, .. } => {
                if let Some(field) = store.types.get(ty).composite.as_array() {
                    for index in 0..store.heap.array_len(reference) {
                        read(self, element_at(index, *element), field.storage);
                    }
                }
            }
            ObjectLayout::Exception => {
                let tag = store.heap.exception_tag(reference);
                let types = &store.types.func(store.heap.tag_type(tag)).params;
                for (&ty, &at) in types.iter().zip(&store.heap.tag_layout(tag).layout.fields) {
                    read(self, at.into(), StorageType::Val(ty));
                }
                return Contents { ty: tag, is_exception: true, values };
            }
            ObjectLayout::Extern | ObjectLayout::None => {}
        }
        Contents { ty: ty.as_u32(), is_exception: false, values }
    }

    /// Writes down what all objects hold that are reached from those met so far.
    pub(super) fn describe(&mut self, into: &mut Vec<u8>) {
        let mut number = 0;
        while number < self.len() {
            let Contents { ty, is_exception, values } = self.contents(number);
            into.push(is_exception.into());
            into.extend(ty.to_le_bytes());
            into.extend((values.len() as u64).to_le_bytes());
            for value in values {
                into.push(value.tag());
                into.extend(value.bits().to_le_bytes());
            }
            number += 1;
        }
    }
}
