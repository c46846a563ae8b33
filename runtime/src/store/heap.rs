//! What the host puts into the heap of a store.

use super::StoreInner;
use crate::error::{HostError, ResourceError};
use crate::handle::{AnyRef, Val};
use crate::heap::Temporary;
use crate::layout::EXTERN_SIZE;
use crate::trap::Failure;
use trapline_abi::heap::EXTERN_TYPE;
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{Representation, Trap, TypeId, ValType};

impl StoreInner {
    /// Makes the heap known to compiled code, with the types of the store.
    pub(crate) fn prepare_heap(&mut self) -> Result<(), ResourceError> {
        self.heap.prepare(&mut self.vm, &self.types)
    }

    /// Takes a tag in, whose exceptions carry the parameters of a function type.
    pub(crate) fn add_tag(&mut self, ty: TypeId) -> u32 {
        self.heap.add_tag(ty, &self.types)
    }

    /// Makes a value of the host.
    fn new_extern(&mut self, value: u32) -> Result<u32, ResourceError> {
        let reference = self.allocate(EXTERN_SIZE)?;
        self.heap.set_type(reference, EXTERN_TYPE);
        self.heap.set_extern_value(reference, value);
        Ok(reference)
    }

    /// What `work` puts among the temporaries of the heap, brought up to date until the end of it.
    ///
    /// # Errors
    ///
    /// As `work`.
    pub(crate) fn gather(
        &mut self,
        work: impl FnOnce(&mut StoreInner) -> Result<(), ResourceError>,
    ) -> Result<Vec<ValRaw>, ResourceError> {
        let first = self.heap.temporaries.len();
        let result = work(self);
        let gathered = self.heap.temporaries.drain(first..).map(|temporary| temporary.value).collect();
        result.map(|()| gathered)
    }

    /// Values of the host as compiled code holds them, in order. Each must be of a type that compiled code expects where it
    /// goes; see [`StoreInner::is_of_type`].
    ///
    /// # Errors
    ///
    /// When the heap has no room for values of the host.
    pub(crate) fn lower_all(&mut self, vals: &[Val]) -> Result<Vec<ValRaw>, ResourceError> {
        self.gather(|store| {
            for val in vals {
                let value = store.lower(val)?;
                store.heap.temporaries.push(temporary(value, val.ty()));
            }
            Ok(())
        })
    }

    /// A value of the host as compiled code holds it.
    ///
    /// # Errors
    ///
    /// As [`StoreInner::lower_all`].
    pub(crate) fn lower(&mut self, val: &Val) -> Result<ValRaw, ResourceError> {
        match val {
            Val::AnyRef(Some(AnyRef::Host(value))) | Val::ExternRef(Some(AnyRef::Host(value))) => {
                Ok(ValRaw::from_u32(self.new_extern(*value)?))
            }
            other => Ok(self.lower_plain(other)),
        }
    }
}

/// A value that compiled code cannot see at present.
pub(crate) fn temporary(value: ValRaw, ty: ValType<TypeId>) -> Temporary {
    Temporary { value, refers: refers(ty) }
}

/// Whether values of a type refer to what lies in the heap.
pub(crate) fn refers<I: Copy>(ty: ValType<I>) -> bool {
    matches!(ty, ValType::Ref(ty) if ty.representation() == Representation::HeapIndex)
}

impl From<ResourceError> for Failure {
    /// What a builtin does that could not allocate: it traps if the heap has reached its limit, and fails if the machine has.
    fn from(error: ResourceError) -> Self {
        match error {
            ResourceError::HeapLimit { .. } => Failure::Trap(Trap::HeapExhausted, None),
            other => Failure::Host(HostError::new(other)),
        }
    }
}
