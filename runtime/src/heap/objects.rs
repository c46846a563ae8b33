//! Objects as the host sees them: their headers, fields and elements.

use super::Heap;
use super::mover::{set_word, word};
use super::space::Half;
use crate::layout::element_at;
use std::ops::Range;
use trapline_abi::heap::{ARRAY_LENGTH, DISPLAY_STRIDE, EXCEPTION_TAG, EXTERN_VALUE, SPACE, header};
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{StorageType, TypeId, ValType};

impl Heap {
    /// Where a range of an object lies in its half.
    fn place(&self, reference: u32, range: Range<u64>) -> (Half, Range<usize>) {
        let half = if u64::from(reference) < SPACE / 2 { Half::Lower } else { Half::Upper };
        assert!(half == self.half, "{reference:#x} refers to what was moved");
        let at = u64::from(reference - half.start());
        (half, (at + range.start) as usize..(at + range.end) as usize)
    }

    /// Bytes of an object.
    ///
    /// # Panics
    ///
    /// If the range is not within the heap.
    pub(crate) fn bytes(&self, reference: u32, range: Range<u64>) -> &[u8] {
        let (half, range) = self.place(reference, range);
        match &self.space {
            Some(space) => &space.half(half)[range],
            None => panic!("a reference into a heap that does not exist"),
        }
    }

    /// The same, to be changed.
    pub(crate) fn bytes_mut(&mut self, reference: u32, range: Range<u64>) -> &mut [u8] {
        let (half, range) = self.place(reference, range);
        match &mut self.space {
            Some(space) => &mut space.half_mut(half)[range],
            None => panic!("a reference into a heap that does not exist"),
        }
    }

    fn word(&self, reference: u32, at: u32) -> u32 {
        word(self.bytes(reference, at.into()..u64::from(at) + 4), 0)
    }

    fn set_word(&mut self, reference: u32, at: u32, value: u32) {
        set_word(self.bytes_mut(reference, at.into()..u64::from(at) + 4), 0, value);
    }

    /// The type of an object; [`EXTERN_TYPE`] for host values and [`EXCEPTION_TYPE`] for exceptions.
    ///
    /// [`EXTERN_TYPE`]: trapline_abi::heap::EXTERN_TYPE
    /// [`EXCEPTION_TYPE`]: trapline_abi::heap::EXCEPTION_TYPE
    pub(crate) fn type_of(&self, reference: u32) -> TypeId {
        TypeId::new(self.word(reference, 0) / DISPLAY_STRIDE)
    }

    pub(crate) fn set_type(&mut self, reference: u32, ty: TypeId) {
        self.set_word(reference, 0, header(ty));
    }

    /// The number of elements of an array.
    pub(crate) fn array_len(&self, reference: u32) -> u32 {
        self.word(reference, ARRAY_LENGTH)
    }

    pub(crate) fn set_array_len(&mut self, reference: u32, len: u32) {
        self.set_word(reference, ARRAY_LENGTH, len);
    }

    /// The bytes of `len` elements of so many bytes each, to be changed.
    pub(crate) fn elements_mut(&mut self, reference: u32, element: u32, at: u32, len: u32) -> &mut [u8] {
        let start = element_at(at, element);
        self.bytes_mut(reference, start..start + u64::from(len) * u64::from(element))
    }

    /// Copies elements of so many bytes each, as if through a buffer.
    pub(crate) fn copy_elements(
        &mut self,
        element: u32,
        (dst_array, dst): (u32, u32),
        (src_array, src): (u32, u32),
        len: u32,
    ) {
        let bytes = u64::from(len) * u64::from(element);
        let from = element_at(src, element);
        let to = element_at(dst, element);
        let (half, from) = self.place(src_array, from..from + bytes);
        let (_, to) = self.place(dst_array, to..to + bytes);
        if let Some(space) = &mut self.space {
            space.half_mut(half).copy_within(from, to.start);
        }
    }

    /// The tag of an exception.
    pub(crate) fn exception_tag(&self, reference: u32) -> u32 {
        self.word(reference, EXCEPTION_TAG)
    }

    pub(crate) fn set_exception_tag(&mut self, reference: u32, tag: u32) {
        self.set_word(reference, EXCEPTION_TAG, tag);
    }

    /// The host's number in a host value.
    pub(crate) fn extern_value(&self, reference: u32) -> u32 {
        self.word(reference, EXTERN_VALUE)
    }

    pub(crate) fn set_extern_value(&mut self, reference: u32, value: u32) {
        self.set_word(reference, EXTERN_VALUE, value);
    }

    /// A field or element as compiled code has it on its stack: zero-extended where it is packed.
    pub(crate) fn read(&self, reference: u32, at: u64, storage: StorageType<TypeId>) -> ValRaw {
        let raw = self.bytes(reference, at..at + u64::from(storage.size()));
        let mut value = ValRaw::default();
        value.bytes[..raw.len()].copy_from_slice(raw);
        match is_func(storage) {
            true => ValRaw::from_u64(self.func(value.as_u32()).expose_provenance() as u64),
            false => value,
        }
    }

    /// Sets a field or element. For a reference to a function, the value is its number.
    pub(crate) fn write(&mut self, reference: u32, at: u64, storage: StorageType<TypeId>, value: ValRaw) {
        let size = storage.size() as usize;
        let bytes = self.bytes_mut(reference, at..at + size as u64);
        bytes.copy_from_slice(&value.bytes[..size]);
    }
}

/// Whether a field or element is a reference to a function.
pub(crate) fn is_func(storage: StorageType<TypeId>) -> bool {
    matches!(storage, StorageType::Val(ValType::Ref(_))) && !storage.is_object()
}
