//! Objects in the heap of a store, as compiled code and the runtime see them.
//!
//! A reference is a `u32`: 0 is null, an odd one is an integer of 31 bits, and an even one is the offset of an object from the
//! start of the heap's address space. All objects begin with one word, the *header*: the number of the object's type times
//! [`DISPLAY_STRIDE`]. While objects are moved, the header of one that has been is its new place plus 1.
//!
//! Objects are multiples of [`ALIGNMENT`] long and lie at such places. Everything in them is little-endian. References to
//! functions are numbers into a table of the store; others are references as above.

use crate::{FieldType, Representation, StorageType, TypeId, ValType};

/// Bytes of address space for objects: what a reference can count.
pub const SPACE: u64 = 1 << 32;
/// Bytes behind it that are never accessible: no field of an object lies farther from its start.
pub const GUARD: u64 = 1 << 20;
/// Bytes at the start that are never accessible, so that a field of null faults if it lies within them.
pub const NULL_PAGE: u32 = 4096;
/// What places and sizes of objects are multiples of, in bytes.
pub const ALIGNMENT: u32 = 8;
/// Bytes of a header.
pub const HEADER_SIZE: u32 = 4;
/// Where the number of elements lies in an array.
pub const ARRAY_LENGTH: u32 = 4;
/// Where the first element lies in an array.
pub const ARRAY_ELEMENTS: u32 = 8;
/// Where the number of its tag lies in an exception.
pub const EXCEPTION_TAG: u32 = 4;
/// Where the host's number lies in a host value.
pub const EXTERN_VALUE: u32 = 4;
/// Bytes of a row of the table of supertypes, which has one for each type: the numbers of its supertypes from the root down,
/// then its own, as far as there is room, and in the last word what it is ([`ObjectKind`]). A header is the offset of the
/// row.
pub const DISPLAY_STRIDE: u32 = 32;
/// Types in a row.
pub const DISPLAY_LEN: u32 = DISPLAY_STRIDE / 4 - 1;
/// Where the kind lies in a row.
pub const DISPLAY_KIND: u32 = DISPLAY_LEN * 4;
/// The largest number of types of a store.
pub const MAX_TYPES: u32 = u32::MAX / DISPLAY_STRIDE;
/// The type number of host values, which have no type of their own.
pub const EXTERN_TYPE: TypeId = TypeId::new(0);
/// The type number of exceptions, which have no type of their own.
pub const EXCEPTION_TYPE: TypeId = TypeId::new(1);
/// Bytes of the largest object.
pub const MAX_OBJECT: u64 = 1 << 31;

/// What an object is, or that a type has none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum ObjectKind {
    /// The type is that of functions.
    None = 0,
    /// A host value.
    Extern = 1,
    /// An exception.
    Exception = 2,
    /// A structure.
    Struct = 3,
    /// An array.
    Array = 4,
}

/// The header of objects of a type.
pub const fn header(ty: TypeId) -> u32 {
    ty.as_u32() * DISPLAY_STRIDE
}

/// A size rounded up to what objects are multiples of; sizes are in bytes.
pub const fn aligned(size: u64) -> u64 {
    size.next_multiple_of(ALIGNMENT as u64)
}

impl<I: Copy> StorageType<I> {
    /// Bytes in an object; also what its place is a multiple of, up to [`ALIGNMENT`].
    pub const fn size(self) -> u32 {
        match self {
            StorageType::I8 => 1,
            StorageType::I16 => 2,
            StorageType::Val(ValType::I32 | ValType::F32 | ValType::Ref(_)) => 4,
            StorageType::Val(ValType::I64 | ValType::F64) => 8,
            StorageType::Val(ValType::V128) => 16,
        }
    }

    /// Whether it is a reference to an object.
    pub const fn is_object(self) -> bool {
        match self {
            StorageType::Val(ValType::Ref(ty)) => matches!(ty.representation(), Representation::HeapIndex),
            StorageType::I8 | StorageType::I16 | StorageType::Val(_) => false,
        }
    }
}

/// Where the fields of a structure lie, in bytes from its start. Those of a supertype lie at the same places.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StructLayout {
    /// For each field.
    pub fields: Vec<u32>,
    /// The reference to the descriptor, if the type has one.
    pub descriptor: Option<u32>,
    /// Where the last field ends.
    end: u32,
}

impl StructLayout {
    /// The layout of a structure without fields.
    const fn empty() -> StructLayout {
        StructLayout { fields: Vec::new(), descriptor: None, end: HEADER_SIZE }
    }

    /// The layout of a structure with these fields, below a supertype of this layout, if it has one.
    pub fn new<I: Copy>(
        fields: &[FieldType<I>],
        has_descriptor: bool,
        above: Option<&StructLayout>,
    ) -> StructLayout {
        let mut layout = above.cloned().unwrap_or_else(StructLayout::empty);
        if has_descriptor && layout.descriptor.is_none() {
            layout.descriptor = Some(layout.place(4));
        }
        for field in &fields[layout.fields.len().min(fields.len())..] {
            let at = layout.place(field.storage.size());
            layout.fields.push(at);
        }
        layout
    }

    /// The layout of what exceptions carry.
    pub fn of_exception<I: Copy>(payload: &[ValType<I>]) -> StructLayout {
        let mut layout = StructLayout { end: EXCEPTION_TAG + 4, ..StructLayout::empty() };
        for &ty in payload {
            let at = layout.place(StorageType::Val(ty).size());
            layout.fields.push(at);
        }
        layout
    }

    fn place(&mut self, size: u32) -> u32 {
        let at = self.end.next_multiple_of(size.min(ALIGNMENT));
        self.end = at + size;
        at
    }

    /// Bytes of the object.
    pub const fn size(&self) -> u32 {
        self.end.next_multiple_of(ALIGNMENT)
    }
}

/// Bytes of an array of so many elements of a size.
pub const fn array_size(len: u32, element: u32) -> u64 {
    aligned(ARRAY_ELEMENTS as u64 + len as u64 * element as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TypeIndex;

    fn fields(storage: &[StorageType]) -> Vec<FieldType> {
        storage.iter().map(|&storage| FieldType { storage, mutable: true }).collect()
    }

    const BYTE: StorageType = StorageType::I8;
    const LONG: StorageType = StorageType::Val(ValType::I64);

    #[test]
    fn fields_are_aligned_and_do_not_overlap() {
        let half: StorageType<TypeIndex> = StorageType::I16;
        let vector = StorageType::Val(ValType::V128);
        let layout = StructLayout::new(&fields(&[BYTE, half, LONG, BYTE, vector]), false, None);
        assert_eq!(layout.fields, [4, 6, 8, 16, 24]);
        assert_eq!(layout.size(), 40);
        assert_eq!(StructLayout::new::<TypeIndex>(&[], false, None).size(), 8);
    }

    /// A subtype may have a descriptor where its supertype has none, and both have their first fields at one place.
    #[test]
    fn a_subtype_begins_as_its_supertype() {
        let above = StructLayout::new(&fields(&[BYTE]), false, None);
        let below = StructLayout::new(&fields(&[BYTE, BYTE, LONG]), true, Some(&above));
        assert_eq!((&below.fields[..], below.descriptor, below.size()), (&[4, 12, 16][..], Some(8), 24));
        let further = StructLayout::new(&fields(&[BYTE, BYTE, LONG, BYTE]), true, Some(&below));
        assert_eq!((further.fields[3], further.descriptor), (24, Some(8)));
    }

    #[test]
    fn the_largest_structure_lies_within_the_guard() {
        let many = vec![StorageType::Val(ValType::<TypeIndex>::V128); 10_000];
        assert!(u64::from(StructLayout::new(&fields(&many), true, None).size()) < GUARD);
    }
}
