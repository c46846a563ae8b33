//! What traps of instructions on references tell.

use super::{Count, Segment, SegmentExtent};
use crate::{HeapInstruction, Readable, RefType};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A type of a module.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TypeName {
    /// Its index there.
    pub index: u32,
    /// Its name, from the name section.
    pub name: Option<String>,
    /// The module, if it is another than that of the trapping function.
    pub module: Option<OtherModule>,
}

/// A module other than that of the trapping function.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OtherModule {
    /// Its name, from the name section.
    pub name: Option<String>,
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.index)?;
        if let Some(name) = &self.name {
            write!(f, " <{}>", Readable(name))?;
        }
        OfModule(&self.module).fmt(f)
    }
}

/// The module that something is of, where it is another than that of the trapping function.
pub(super) struct OfModule<'a>(pub(super) &'a Option<OtherModule>);

impl fmt::Display for OfModule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(OtherModule { name: Some(name) }) => write!(f, " of module <{}>", Readable(name)),
            Some(OtherModule { name: None }) => f.write_str(" of another module"),
            None => Ok(()),
        }
    }
}

/// What a reference was found to be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundReference {
    /// Null.
    Null,
    /// An integer of 31 bits, sign-extended.
    I31(i32),
    /// A value of the host.
    Host,
    /// An exception.
    Exception,
    /// A structure, an array or a function of a type; `None` if no module has the type.
    OfType(Option<TypeName>),
}

impl fmt::Display for FoundReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FoundReference::Null => f.write_str("null"),
            FoundReference::I31(value) => write!(f, "i31 {value}"),
            FoundReference::Host => f.write_str("a host value"),
            FoundReference::Exception => f.write_str("an exception"),
            FoundReference::OfType(Some(ty)) => write!(f, "type {ty}"),
            FoundReference::OfType(None) => f.write_str("a type of no module"),
        }
    }
}

/// The operand that must not be null.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NullOperand {
    /// The only reference.
    Reference,
    /// The structure.
    Structure,
    /// The array.
    Array,
    /// The array that is written to.
    Destination,
    /// The array that is read.
    Source,
    /// The descriptor.
    Descriptor,
    /// The function.
    Function,
    /// The exception.
    Exception,
}

impl fmt::Display for NullOperand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NullOperand::Reference => "the reference",
            NullOperand::Structure => "the structure",
            NullOperand::Array => "the array",
            NullOperand::Destination => "the destination",
            NullOperand::Source => "the source",
            NullOperand::Descriptor => "the descriptor",
            NullOperand::Function => "the function",
            NullOperand::Exception => "the exception",
        })
    }
}

/// The operands of a trapping instruction on references.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeapDetail {
    /// An operand is null.
    Null {
        /// The instruction.
        instruction: HeapInstruction,
        /// The type that the instruction names.
        ty: Option<TypeName>,
        /// The field that it names.
        field: Option<u32>,
        /// The operand.
        operand: NullOperand,
    },
    /// A cast of a reference to something else.
    Cast {
        /// The instruction.
        instruction: HeapInstruction,
        /// What it casts to.
        wanted: RefType<TypeName>,
        /// What the reference is.
        found: FoundReference,
    },
    /// An element of an array.
    Element {
        /// The instruction.
        instruction: HeapInstruction,
        /// The type that the instruction names.
        ty: Option<TypeName>,
        /// The index operand.
        index: u32,
        /// Elements of the array.
        array_len: u32,
    },
    /// `array.fill`
    Fill {
        /// Elements of the array.
        array_len: u32,
        /// The index to write to.
        dst: u32,
        /// Elements.
        len: u32,
    },
    /// `array.copy`
    Copy {
        /// Elements of the destination.
        dst_len: u32,
        /// Elements of the source.
        src_len: u32,
        /// The index to write to.
        dst: u32,
        /// The index to read from.
        src: u32,
        /// Elements.
        len: u32,
    },
    /// `array.new_data` or `array.new_elem`
    NewFromSegment {
        /// The instruction.
        instruction: HeapInstruction,
        /// The source.
        segment: SegmentExtent,
        /// The position in the segment: bytes of data, or elements.
        src: u32,
        /// Elements.
        len: u32,
        /// Bytes of an element in a data segment.
        element_bytes: Option<u32>,
    },
    /// `array.init_data` or `array.init_elem`
    InitFromSegment {
        /// The instruction.
        instruction: HeapInstruction,
        /// The source.
        segment: SegmentExtent,
        /// Elements of the array.
        array_len: u32,
        /// The index to write to.
        dst: u32,
        /// The position in the segment: bytes of data, or elements.
        src: u32,
        /// Elements.
        len: u32,
        /// Bytes of an element in a data segment.
        element_bytes: Option<u32>,
    },
}

impl HeapDetail {
    /// The instruction that trapped.
    pub const fn instruction(&self) -> HeapInstruction {
        match self {
            HeapDetail::Null { instruction, .. }
            | HeapDetail::Cast { instruction, .. }
            | HeapDetail::Element { instruction, .. }
            | HeapDetail::NewFromSegment { instruction, .. }
            | HeapDetail::InitFromSegment { instruction, .. } => *instruction,
            HeapDetail::Fill { .. } => HeapInstruction::ArrayFill,
            HeapDetail::Copy { .. } => HeapInstruction::ArrayCopy,
        }
    }
}

/// An instruction with the type and the field that it names.
struct Named<'a>(HeapInstruction, &'a Option<TypeName>, Option<u32>);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Named(instruction, ty, field) = self;
        write!(f, "{instruction}")?;
        match (ty, field) {
            (Some(ty), Some(field)) => write!(f, " of field {field} of type {ty}"),
            (Some(ty), None) => write!(f, " of type {ty}"),
            (None, _) => Ok(()),
        }
    }
}

/// A segment, and how many bytes an element takes in it.
struct Elements<'a>(&'a SegmentExtent, Option<u32>);

impl fmt::Display for Elements<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(bytes) => write!(
                f,
                "{}, an element takes {}",
                Segment(self.0, "byte", "data.drop"),
                Count(bytes.into(), "byte")
            ),
            None => Segment(self.0, "element", "elem.drop").fmt(f),
        }
    }
}

impl fmt::Display for HeapDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let elements = |len: u32| Count(len.into(), "element");
        match self {
            HeapDetail::Null { instruction, ty, field, operand } => {
                write!(f, "{}: {operand} is null", Named(*instruction, ty, *field))
            }
            HeapDetail::Cast { instruction, wanted, found } => {
                write!(f, "{instruction}: wanted {wanted}, found {found}")
            }
            HeapDetail::Element { instruction, ty, index, array_len } => {
                let named = Named(*instruction, ty, None);
                write!(f, "{named}: index={index}; the array has {}", elements(*array_len))
            }
            HeapDetail::Fill { array_len, dst, len } => {
                write!(f, "array.fill: dst={dst} len={len}; the array has {}", elements(*array_len))
            }
            HeapDetail::Copy { dst_len, src_len, dst, src, len } => {
                write!(f, "array.copy: dst={dst} src={src} len={len}; ")?;
                let (dst_len, src_len) = (elements(*dst_len), elements(*src_len));
                write!(f, "the destination has {dst_len}, the source has {src_len}")
            }
            HeapDetail::NewFromSegment { instruction, segment, src, len, element_bytes } => {
                let source = Elements(segment, *element_bytes);
                write!(f, "{instruction} {}: src={src} len={len}; {source}", segment.index)
            }
            HeapDetail::InitFromSegment { instruction, segment, array_len, dst, src, len, element_bytes } => {
                let source = Elements(segment, *element_bytes);
                write!(f, "{instruction} {}: dst={dst} src={src} len={len}; {source}, ", segment.index)?;
                write!(f, "the array has {}", elements(*array_len))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ConcreteType, DropCause, HeapType, TypeKind};

    fn point(module: Option<OtherModule>) -> TypeName {
        TypeName { index: 3, name: Some("point".to_owned()), module }
    }

    #[test]
    fn a_cast_names_what_was_wanted_and_found() {
        let concrete = ConcreteType { kind: TypeKind::Struct, index: point(None), exact: false };
        let wanted = RefType { nullable: true, heap: HeapType::Concrete(concrete) };
        let text = |found| {
            HeapDetail::Cast { instruction: HeapInstruction::RefCast, wanted: wanted.clone(), found }
                .to_string()
        };
        assert_eq!(text(FoundReference::Null), "ref.cast: wanted (ref null 3 <point>), found null");
        assert_eq!(text(FoundReference::I31(-4)), "ref.cast: wanted (ref null 3 <point>), found i31 -4");
        let named = OtherModule { name: Some("lib".to_owned()) };
        let found = text(FoundReference::OfType(Some(point(Some(named)))));
        assert!(found.ends_with("found type 3 <point> of module <lib>"), "{found}");
        let found = text(FoundReference::OfType(Some(point(Some(OtherModule { name: None })))));
        assert!(found.ends_with("found type 3 <point> of another module"), "{found}");
    }

    #[test]
    fn accesses_name_type_field_operand_and_lengths() {
        let null = HeapDetail::Null {
            instruction: HeapInstruction::StructSet,
            ty: Some(point(None)),
            field: Some(1),
            operand: NullOperand::Structure,
        };
        assert_eq!(null.to_string(), "struct.set of field 1 of type 3 <point>: the structure is null");
        let element = HeapDetail::Element {
            instruction: HeapInstruction::ArrayGetS,
            ty: Some(TypeName { name: None, ..point(None) }),
            index: 7,
            array_len: 1,
        };
        assert_eq!(element.to_string(), "array.get_s of type 3: index=7; the array has 1 element");
    }

    #[test]
    fn segments_are_counted_in_their_own_unit() {
        let segment = SegmentExtent { index: 2, len: 0, dropped: Some(DropCause::Active) };
        let data = HeapDetail::InitFromSegment {
            instruction: HeapInstruction::ArrayInitData,
            segment: segment.clone(),
            array_len: 4,
            dst: 1,
            src: 2,
            len: 3,
            element_bytes: Some(2),
        };
        assert_eq!(
            data.to_string(),
            "array.init_data 2: dst=1 src=2 len=3; segment 2 has 0 bytes (active, dropped at instantiation), an \
             element takes 2 bytes, the array has 4 elements"
        );
        let elements = HeapDetail::NewFromSegment {
            instruction: HeapInstruction::ArrayNewElem,
            segment: SegmentExtent { len: 1, dropped: None, ..segment },
            src: 2,
            len: 3,
            element_bytes: None,
        };
        assert_eq!(elements.to_string(), "array.new_elem 2: src=2 len=3; segment 2 has 1 element");
    }
}
