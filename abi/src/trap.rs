//! The traps of WebAssembly.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! traps {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)*) => {
        /// Why execution of WebAssembly code was aborted: one variant for each distinct trap of the
        /// specification.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Trap {
            $($(#[$doc])* $name = $code,)*
        }

        impl Trap {
            /// Every trap.
            pub const ALL: &'static [Trap] = &[$(Trap::$name,)*];

            /// The words that the official test suite has for this trap.
            pub const fn spec_text(self) -> &'static str {
                match self {
                    $(Trap::$name => $text,)*
                }
            }

            /// The trap that compiled code marks with this number.
            pub const fn from_u8(code: u8) -> Option<Trap> {
                match code {
                    $($code => Some(Trap::$name),)*
                    _ => None,
                }
            }
        }
    };
}

traps! {
    /// `unreachable` was executed.
    Unreachable = 1, "unreachable";
    /// An access beyond the end of a memory, or a bulk operation that would make one.
    MemoryOutOfBounds = 2, "out of bounds memory access";
    /// An access beyond the end of a table, or a bulk operation that would make one.
    TableOutOfBounds = 3, "out of bounds table access";
    /// `call_indirect` with an index beyond the end of the table.
    UndefinedElement = 4, "undefined element";
    /// `call_indirect` of a null table element.
    UninitializedElement = 5, "uninitialized element";
    /// `call_indirect` of a function of another type.
    IndirectCallTypeMismatch = 6, "indirect call type mismatch";
    /// Integer division or remainder by zero.
    IntegerDivideByZero = 7, "integer divide by zero";
    /// An integer result that its type cannot hold.
    IntegerOverflow = 8, "integer overflow";
    /// Conversion of a NaN to an integer.
    InvalidConversionToInteger = 9, "invalid conversion to integer";
    /// The call stack reached its limit.
    StackOverflow = 10, "call stack exhausted";
    /// An atomic access at an address that is not a multiple of its size.
    UnalignedAtomic = 11, "unaligned atomic";
    /// `memory.atomic.wait32` or `wait64` on a memory that is not shared.
    ExpectedSharedMemory = 12, "expected shared memory";
    /// `ref.as_non_null` of null.
    NullReference = 13, "null reference";
    /// `call_ref` or `return_call_ref` of null.
    NullFuncReference = 14, "null function reference";
    /// `throw_ref` of null.
    NullExceptionReference = 15, "null exception reference";
    /// An access to a field of null.
    NullStructReference = 16, "null structure reference";
    /// An access to null as an array.
    NullArrayReference = 17, "null array reference";
    /// `i31.get_s` or `i31.get_u` of null.
    NullI31Reference = 18, "null i31 reference";
    /// An access beyond the end of an array, or a bulk operation that would make one.
    ArrayOutOfBounds = 19, "out of bounds array access";
    /// `ref.cast` of a reference to something else.
    CastFailure = 20, "cast failure";
    /// The heap of the store has no room for an object. The specification leaves limits to implementations.
    HeapExhausted = 21, "heap exhausted";
    /// A null descriptor where an object or a comparison needs one (custom-descriptors proposal).
    NullDescriptorReference = 22, "null descriptor reference";
    /// `ref.cast_desc_eq` of an object with another descriptor (custom-descriptors proposal).
    DescriptorCastFailure = 23, "descriptor cast failure";
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.spec_text())
    }
}

/// What a trap site in compiled code stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum TrapCode {
    /// Reaching the site with the trapping condition is this trap.
    Trap(Trap),
    /// A builtin or host function has just failed and has left the reason with the store.
    Pending,
}

impl TrapCode {
    const PENDING: u8 = 250;

    /// The number that stands for it in compiled code: 1 to 250.
    pub const fn as_u8(self) -> u8 {
        match self {
            TrapCode::Trap(trap) => trap as u8,
            TrapCode::Pending => Self::PENDING,
        }
    }

    /// The inverse of [`TrapCode::as_u8`].
    pub const fn from_u8(code: u8) -> Option<TrapCode> {
        match code {
            Self::PENDING => Some(TrapCode::Pending),
            _ => match Trap::from_u8(code) {
                Some(trap) => Some(TrapCode::Trap(trap)),
                None => None,
            },
        }
    }
}
