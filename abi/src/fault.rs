//! Injected faults, for testing the checkers: scripts, comparison, audit, triage and the compiler's own recovery.
//!
//! Each is one wrong line of the compiler or the runtime, at the place that asks [`Injected::is`] for it. Without the
//! feature `faults` nothing can be injected, and each of these questions is a constant.

use serde::{Deserialize, Serialize};

/// Calls a macro with every fault: its documentation, its name in Rust and its name on the command line.
#[macro_export]
macro_rules! for_each_fault {
    ($mac:ident) => {
        $mac! {
            /// Accesses of memories whose addresses are compared have no comparison.
            NoBoundsCheck "no-bounds-check",
            /// Accesses of memories whose addresses are compared may begin anywhere up to the end: the comparison leaves out
            /// the size of the access.
            Bounds "bounds",
            /// The sum of a 64-bit address and the end of the access may wrap.
            WrappingEnd "wrapping-end",
            /// The element behind the last one of a table is one of it.
            TableBounds "table-bounds",
            /// Bulk operations on memories write as much as fits before they trap.
            LateCheck "late-check",
            /// Active segments without items may begin anywhere behind the end.
            EmptySegment "empty-segment",
            /// Every memory is memory 0.
            MemoryZero "memory-zero",
            /// `data.drop` does nothing.
            DataDrop "data-drop",
            /// Integers are compared the other way round.
            Compare "compare",
            /// Sign extensions of 16 and 32 bits extend half as many.
            SignExtension "sign-extension",
            /// Integers are subtracted the other way round.
            Operands "operands",
            /// In each module, one direct call reaches another function of the same type, if there is one.
            Relocation "relocation",
            /// Trap sites are recorded one byte behind the instructions that trap.
            TrapSite "trap-site",
            /// At each call, the collector is not told of one of the references that the frame holds.
            LostRoot "lost-root",
            /// Accesses of fields do not expect null.
            NullCheck "null-check",
            /// The first handler that an exception meets catches it, whatever its tag.
            Tag "tag",
            /// Of functions that are read from the heap, the number is one too large.
            FunctionNumber "function-number",
            /// Whether a binary is malformed is not told to who only asks: it counts as valid.
            Decoding "decoding",
            /// Whether a module is invalid is not told to who only asks: it counts as valid.
            Validation "validation",
            /// The rules of custom sections are not checked.
            CustomSections "custom-sections",
            /// Translation panics at an `i64.const` whose bytes spell `trapline`, in the middle of a function.
            Panic "panic",
        }
    };
}

macro_rules! define_faults {
    ($($(#[$doc:meta])* $name:ident $text:literal,)*) => {
        /// What is broken in the compiler or the runtime.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum InjectedFault {
            $($(#[$doc])* $name,)*
        }

        impl InjectedFault {
            /// All of them.
            pub const ALL: &[InjectedFault] = &[$(InjectedFault::$name,)*];

            /// The name on the command line.
            pub const fn name(self) -> &'static str {
                match self {
                    $(InjectedFault::$name => $text,)*
                }
            }
        }
    };
}

for_each_fault!(define_faults);

/// What is broken on purpose: one fault or nothing, and always nothing without the feature `faults`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug, Serialize, Deserialize)]
pub struct Injected {
    #[cfg(feature = "faults")]
    fault: Option<InjectedFault>,
}

impl Injected {
    /// Whether this is the fault.
    #[inline]
    pub fn is(self, fault: InjectedFault) -> bool {
        #[cfg(feature = "faults")]
        return self.fault == Some(fault);
        #[cfg(not(feature = "faults"))]
        {
            let _ = fault;
            false
        }
    }

    /// The fault, if there is one.
    #[cfg(feature = "faults")]
    pub const fn fault(self) -> Option<InjectedFault> {
        self.fault
    }
}

#[cfg(feature = "faults")]
impl From<InjectedFault> for Injected {
    fn from(fault: InjectedFault) -> Injected {
        Injected { fault: Some(fault) }
    }
}
