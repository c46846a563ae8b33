//! What the collector and the host have to know of objects: how large they are, and where they refer to others.

use trapline_abi::heap::{ARRAY_ELEMENTS, HEADER_SIZE, StructLayout, aligned};
use trapline_abi::{CompositeType, StorageType, SubType, TypeId, ValType};

/// The objects of a type.
#[derive(Clone, Debug)]
pub(crate) enum ObjectLayout {
    /// The type has none: it is that of functions.
    None,
    /// Host values.
    Extern,
    /// Exceptions: each tag has a layout of its own.
    Exception,
    /// Structures, or the exceptions of a tag.
    Struct(FixedLayout),
    /// Arrays of elements of so many bytes, which refer to objects or do not.
    Array {
        /// Bytes of an element.
        element: u32,
        /// Whether elements refer to objects.
        refers: bool,
    },
}

/// Objects of one size.
#[derive(Clone, Debug)]
pub(crate) struct FixedLayout {
    pub(crate) layout: StructLayout,
    /// Where references to objects lie, in bytes from the start.
    pub(crate) references: Box<[u32]>,
}

impl ObjectLayout {
    /// The layout of objects of a type, below a supertype with a layout of its own.
    pub(crate) fn new(ty: &SubType<TypeId>, above: Option<&ObjectLayout>) -> ObjectLayout {
        match &ty.composite {
            CompositeType::Func(_) => ObjectLayout::None,
            CompositeType::Struct(fields) => {
                let above = match above {
                    Some(ObjectLayout::Struct(fixed)) => Some(&fixed.layout),
                    _ => None,
                };
                let layout = StructLayout::new(fields, ty.descriptor.is_some(), above);
                let storage = fields.iter().map(|field| field.storage);
                ObjectLayout::Struct(FixedLayout::new(layout, storage))
            }
            CompositeType::Array(element) => {
                let (element, refers) = (element.storage.size(), element.storage.is_object());
                ObjectLayout::Array { element, refers }
            }
        }
    }
}

impl FixedLayout {
    /// The layout of exceptions that carry values of these types.
    pub(crate) fn of_exception(payload: &[ValType<TypeId>]) -> FixedLayout {
        let storage = payload.iter().map(|&ty| StorageType::Val(ty));
        FixedLayout::new(StructLayout::of_exception(payload), storage)
    }

    fn new(layout: StructLayout, storage: impl Iterator<Item = StorageType<TypeId>>) -> FixedLayout {
        let fields = layout.fields.iter().zip(storage).filter(|(_, storage)| storage.is_object());
        let references = layout.descriptor.into_iter().chain(fields.map(|(&at, _)| at)).collect();
        FixedLayout { layout, references }
    }

    /// Bytes of an object.
    pub(crate) fn size(&self) -> u64 {
        self.layout.size().into()
    }
}

/// Bytes of a host value.
pub(crate) const EXTERN_SIZE: u64 = aligned(HEADER_SIZE as u64 + 4);

/// Where an element lies in an array, in bytes from its start.
pub(crate) fn element_at(index: u32, element: u32) -> u64 {
    u64::from(ARRAY_ELEMENTS) + u64::from(index) * u64::from(element)
}
