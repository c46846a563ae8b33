//! Instructions on references as reports of traps name them.

use crate::{RefType, TypeIndex};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! heap_instructions {
    ($($name:ident = $text:literal;)*) => {
        /// An instruction that traps at what a reference is or refers to.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
        pub enum HeapInstruction {
            $(
                #[doc = concat!("`", $text, "`")]
                #[serde(rename = $text)]
                $name,
            )*
        }

        impl HeapInstruction {
            /// Its name in the text format.
            pub const fn name(self) -> &'static str {
                match self { $(HeapInstruction::$name => $text,)* }
            }
        }
    };
}

heap_instructions! {
    RefAsNonNull = "ref.as_non_null";
    CallRef = "call_ref";
    ReturnCallRef = "return_call_ref";
    ThrowRef = "throw_ref";
    I31GetS = "i31.get_s";
    I31GetU = "i31.get_u";
    StructGet = "struct.get";
    StructGetS = "struct.get_s";
    StructGetU = "struct.get_u";
    StructSet = "struct.set";
    StructNewDesc = "struct.new_desc";
    StructNewDefaultDesc = "struct.new_default_desc";
    ArrayGet = "array.get";
    ArrayGetS = "array.get_s";
    ArrayGetU = "array.get_u";
    ArraySet = "array.set";
    ArrayLen = "array.len";
    ArrayFill = "array.fill";
    ArrayCopy = "array.copy";
    ArrayNewData = "array.new_data";
    ArrayNewElem = "array.new_elem";
    ArrayInitData = "array.init_data";
    ArrayInitElem = "array.init_elem";
    RefCast = "ref.cast";
    RefGetDesc = "ref.get_desc";
    RefCastDescEq = "ref.cast_desc_eq";
    BrOnCastDescEq = "br_on_cast_desc_eq";
    BrOnCastDescEqFail = "br_on_cast_desc_eq_fail";
}

impl fmt::Display for HeapInstruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An instruction on references that may trap in compiled code, with the immediates that a report of the trap names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HeapSite {
    /// Which instruction it is.
    pub instruction: HeapInstruction,
    /// The type that it casts to, or that of what it looks into.
    pub target: Option<RefType<TypeIndex>>,
    /// The field of a structure.
    pub field: Option<u32>,
}
