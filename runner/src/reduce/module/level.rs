//! The levels of edits.

use super::error::EditError;
use super::outline::Outline;
use super::replace::Replacement;
use super::{
    Found, accesses, bodies, data, elements, exports, idioms, imports, initial, locals, names, nesting,
    numbers, replace, signatures, types, unused,
};

macro_rules! levels {
    ($($(#[$doc:meta])* $level:ident $name:literal => |$outline:ident| $find:expr;)*) => {
        /// One kind of edit of a module.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub(crate) enum Level {
            $($(#[$doc])* $level,)*
        }

        impl Level {
            /// All of them, coarse ones first.
            pub(crate) const ALL: &[Self] = &[$(Self::$level),*];

            /// Its name, as reports print it.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$level => $name,)*
                }
            }

            /// The edits that a module allows.
            pub(super) fn find(self, outline: &Outline<'_>) -> Result<Found, EditError> {
                match self {
                    $(Self::$level => {
                        let $outline = outline;
                        $find
                    })*
                }
            }
        }
    };
}

levels! {
    /// Bodies of functions become `unreachable`.
    Bodies "bodies of functions" => |outline| Ok(bodies::find(outline));
    /// Exports go.
    Exports "exports" => |outline| exports::find(outline);
    /// What nothing refers to goes: functions, globals, tables, memories, tags, segments, types, imports, the start
    /// section, custom sections.
    Unused "unused items" => |outline| unused::find(outline);
    /// Imported functions become defined ones that trap.
    TrappingImports "imports that trap" => |outline| Ok(imports::find_trapping(outline));
    /// Imports become defined: functions that return zeros, globals of zero, empty memories and tables.
    ZeroImports "imports of zeros" => |outline| Ok(imports::find_zeros(outline));
    /// Items of element segments go, or are null.
    Elements "elements" => |outline| elements::find(outline);
    /// Bytes of data segments go, or are zero.
    Data "data" => |outline| data::find_cuts(outline);
    /// Bytes of data segments are zero.
    ZeroData "zeros in data" => |outline| data::find_zeros(outline);
    /// Memories and tables are smaller, globals and offsets of segments zero.
    Initial "initial values" => |outline| initial::find(outline);
    /// An operator tree, with what follows it in its block, becomes `unreachable`.
    Unreachable "operators to unreachable" => |outline| replace::find(outline, Replacement::Unreachable);
    /// Operator trees without a result go, and so does dead code.
    Statements "operators without a result" => |outline| replace::find(outline, Replacement::Nothing);
    /// Operator trees become the zero of their type.
    Zeros "operators to zeros" => |outline| replace::find(outline, Replacement::Zero);
    /// Operator trees become one of their operands.
    Operands "operators to operands" => |outline| replace::find(outline, Replacement::Operand);
    /// Operator trees become one of their operands, dropped, and a zero.
    DroppedOperands "operators to dropped operands" => |outline| replace::find(outline, Replacement::DroppedOperand);
    /// Each `if` becomes a block with one of its parts.
    Arms "parts of ifs" => |outline| replace::find(outline, Replacement::Arm);
    /// Blocks that no branch refers to become part of the block around them.
    Nesting "nested blocks" => |outline| nesting::find(outline);
    /// Values do not go through locals, and branches are taken in any case.
    Idioms "locals and branches" => |outline| idioms::find(outline);
    /// Calls become the bodies of small functions.
    Calls "calls of small functions" => |outline| idioms::find_calls(outline);
    /// Locals become the first parameter or local of their type.
    MergedLocals "locals of one type" => |outline| locals::find(outline, locals::Fate::Merged);
    /// Unused locals go.
    UnusedLocals "unused locals" => |outline| locals::find(outline, locals::Fate::Removed);
    /// Functions lose their last parameter, at all of their calls.
    Parameters "parameters" => |outline| signatures::find(outline, signatures::Part::Parameter);
    /// Functions lose their last result, at all of their calls.
    Results "results" => |outline| signatures::find(outline, signatures::Part::Result);
    /// Constants become zero, one, or a boundary value of their type.
    Numbers "constants" => |outline| numbers::find(outline);
    /// Offsets and alignments of memory accesses become zero.
    Accesses "memory accesses" => |outline| accesses::find(outline);
    /// Names go.
    Names "names" => |outline| names::find(outline);
    /// Unused members of recursion groups go.
    Members "members of recursion groups" => |outline| unused::find_members(outline);
    /// Types have no supertype, or are final.
    Subtypes "subtypes" => |outline| Ok(types::find(outline));
}
