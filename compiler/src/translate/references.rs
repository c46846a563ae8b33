//! References into the heap, which Cranelift has to know of.
//!
//! A tracked value that lives across a call is kept in the frame there and loaded again afterwards, and the call has a
//! stack map that names its place. So the collector finds the reference, and may change it.

use super::Translator;
use crate::error::ExceededLimit;
use crate::parse::ParseError;
use cranelift_codegen::ir::Value;
use trapline_abi::{StorageType, ValType};

/// The largest sum, over the calls and blocks of a function, of the references that may live there. Liveness and stack
/// maps take some sixty bytes for each.
const MAX_LIVE: u64 = 1 << 24;

/// Whether values of a type are references into the heap.
pub(super) fn is_tracked(ty: ValType) -> bool {
    StorageType::Val(ty).is_object()
}

/// How many references a function may have to keep.
#[derive(Default)]
pub(super) struct References {
    /// Whether there is any so far.
    any: bool,
    /// How many locals hold one.
    locals: u64,
    /// The sum of those that may live at the calls and blocks so far.
    live: u64,
}

impl References {
    pub(super) fn count_local(&mut self) {
        self.any = true;
        self.locals += 1;
    }
}

impl Translator<'_, '_> {
    /// Tells Cranelift of a value that refers to an object.
    pub(super) fn track_object(&mut self, reference: Value) -> Value {
        self.references.any = true;
        self.builder.declare_value_needs_stack_map(reference);
        reference
    }

    /// Tells Cranelift of a value of a type, if that is a reference into the heap.
    pub(super) fn track(&mut self, value: Value, ty: ValType) -> Value {
        if is_tracked(ty) { self.track_object(value) } else { value }
    }

    /// Counts what may live at a call or at the start of a block.
    pub(super) fn count_live(&mut self) {
        if self.references.any {
            self.references.live += self.references.locals + self.stack.len() as u64;
        }
    }

    /// Refuses a function whose stack maps would take too much memory.
    pub(super) fn check_live(&self) -> Result<(), ParseError> {
        match self.references.live <= MAX_LIVE {
            true => Ok(()),
            false => Err(ParseError::Limit(ExceededLimit {
                name: "references at the calls and blocks of a function",
                limit: Some(MAX_LIVE),
                wanted: None,
                in_decoder: false,
            })),
        }
    }
}
