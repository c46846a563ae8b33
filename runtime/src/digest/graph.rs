//! What lies in the heap, in an order that does not depend on where it lies.

use super::functions::Functions;
use super::stream::Stream;
use super::value::StateValue;
use crate::instances::InstanceData;
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

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A structure or an array, by the number of its type in the store.
    Object(u32),
    /// An exception, by the number of its tag.
    Exception(u32),
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

    /// The elements of a segment that are given by expressions, unless it has been dropped.
    pub(super) fn segment(
        &mut self,
        instance: &'a InstanceData,
        segment: u32,
    ) -> impl Iterator<Item = StateValue> {
        let values = instance.elements[segment as usize].values.as_deref().unwrap_or_default();
        let ty = instance.module.info().elements[segment as usize].ty;
        let ty = ValType::Ref(ty.map(|index| instance.type_id(index)));
        values.iter().map(move |&slot| self.value(ValRaw::from_u64(slot), ty))
    }

    pub(super) fn kind(&self, number: usize) -> Kind {
        let reference = self.met[number];
        match self.layout(reference) {
            ObjectLayout::Exception => Kind::Exception(self.store.heap.exception_tag(reference)),
            ObjectLayout::Struct(_)
            | ObjectLayout::Array { .. }
            | ObjectLayout::Extern
            | ObjectLayout::None => Kind::Object(self.store.heap.type_of(reference).as_u32()),
        }
    }

    /// How many fields and elements an object has, the descriptor included.
    pub(super) fn count(&self, number: usize) -> u64 {
        let reference = self.met[number];
        match self.layout(reference) {
            ObjectLayout::Struct(fixed) => {
                fixed.layout.fields.len() as u64 + u64::from(fixed.layout.descriptor.is_some())
            }
            ObjectLayout::Array { .. } => self.store.heap.array_len(reference).into(),
            ObjectLayout::Exception => {
                let tag = self.store.heap.exception_tag(reference);
                self.store.heap.tag_layout(tag).layout.fields.len() as u64
            }
            ObjectLayout::Extern | ObjectLayout::None => 0,
        }
    }

    /// What an object holds: its fields or elements, its descriptor first if it has one. Objects that it refers to are met.
    pub(super) fn values(&mut self, number: usize, mut take: impl FnMut(StateValue)) {
        let reference = self.met[number];
        let (store, ty) = (self.store, self.store.heap.type_of(reference));
        let mut read = |graph: &mut Self, at: u64, storage: StorageType<TypeId>| {
            let raw = store.heap.read(reference, at, storage);
            take(graph.value(raw, storage.unpacked()));
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
            }
            ObjectLayout::Extern | ObjectLayout::None => {}
        }
    }

    /// The elements of an array of numbers, as the heap holds them.
    fn numbers_in(&self, number: usize) -> Option<&'a [u8]> {
        let (store, reference) = (self.store, self.met[number]);
        let field = store.types.get(store.heap.type_of(reference)).composite.as_array()?;
        match field.storage {
            StorageType::Val(ValType::Ref(_)) => None,
            StorageType::I8 | StorageType::I16 | StorageType::Val(_) => {
                let size = field.storage.size();
                let end = element_at(store.heap.array_len(reference), size);
                Some(store.heap.bytes(reference, element_at(0, size)..end))
            }
        }
    }

    /// Writes down what all objects hold that are reached from those met so far.
    pub(super) fn describe(&mut self, into: &mut Stream) {
        let mut number = 0;
        while number < self.len() {
            let (is_exception, ty) = match self.kind(number) {
                Kind::Object(ty) => (false, ty),
                Kind::Exception(tag) => (true, tag),
            };
            into.push(is_exception.into());
            into.extend(&ty.to_le_bytes());
            into.extend(&self.count(number).to_le_bytes());
            match self.numbers_in(number) {
                Some(bytes) => into.extend(bytes),
                None => self.values(number, |value| value.write_to(into)),
            }
            number += 1;
        }
    }
}
