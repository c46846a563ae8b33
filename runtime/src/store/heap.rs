//! What the host puts into the heap of a store.

use super::StoreInner;
use crate::error::ResourceError;
use crate::trap::Failure;
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
        let reference = self.allocate(crate::layout::EXTERN_SIZE)?;
        self.heap.set_type(reference, trapline_abi::heap::EXTERN_TYPE);
        self.heap.set_extern_value(reference, value);
        Ok(reference)
    }

    /// Keeps values where they are found and brought up to date while `work` allocates. Gives what `work` gives, and the
    /// values as they are then.
    pub(crate) fn keep_while<T>(
        &mut self,
        values: impl IntoIterator<Item = (ValRaw, ValType<TypeId>)>,
        work: impl FnOnce(&mut StoreInner) -> T,
    ) -> (T, Vec<ValRaw>) {
        let first = self.heap.temporaries.len();
        self.heap.temporaries.extend(values.into_iter().map(|(value, ty)| temporary(value, ty)));
        let result = work(self);
        let kept = self.heap.temporaries.drain(first..).map(|temporary| temporary.value).collect();
        (result, kept)
    }

    /// Values of the host as compiled code holds them, in order. Each must be of a type that compiled code expects where it
    /// goes; see [`StoreInner::is_of_type`].
    ///
    /// # Errors
    ///
    /// When the heap has no room for values of the host.
    pub(crate) fn lower_all(&mut self, vals: &[crate::handle::Val]) -> Result<Vec<ValRaw>, ResourceError> {
        let first = self.heap.temporaries.len();
        for val in vals {
            let lowered = self.lower_one(val);
            match lowered {
                Ok(value) => self.heap.temporaries.push(value),
                Err(error) => {
                    self.heap.temporaries.truncate(first);
                    return Err(error);
                }
            }
        }
        Ok(self.heap.temporaries.drain(first..).map(|temporary| temporary.value).collect())
    }

    /// A value of the host as compiled code holds it.
    ///
    /// # Errors
    ///
    /// As [`StoreInner::lower_all`].
    pub(crate) fn lower(&mut self, val: &crate::handle::Val) -> Result<ValRaw, ResourceError> {
        Ok(self.lower_one(val)?.value)
    }

    fn lower_one(&mut self, val: &crate::handle::Val) -> Result<crate::heap::Temporary, ResourceError> {
        use crate::handle::{AnyRef, Val};
        let refers = matches!(val, Val::AnyRef(_) | Val::ExternRef(_) | Val::ExnRef(_));
        let value = match val {
            Val::AnyRef(Some(AnyRef::Host(value))) | Val::ExternRef(Some(AnyRef::Host(value))) => {
                ValRaw::from_u32(self.new_extern(*value)?)
            }
            other => self.lower_plain(other),
        };
        Ok(crate::heap::Temporary { value, refers })
    }
}

/// A value that compiled code cannot see at present.
pub(crate) fn temporary(value: ValRaw, ty: ValType<TypeId>) -> crate::heap::Temporary {
    crate::heap::Temporary { value, refers: refers(ty) }
}

/// Whether values of a type refer to what lies in the heap.
pub(crate) fn refers<I: Copy>(ty: ValType<I>) -> bool {
    matches!(ty, ValType::Ref(ty) if ty.representation() == Representation::HeapIndex)
}

impl From<ResourceError> for Failure {
    /// What a builtin does that could not allocate: it traps.
    fn from(error: ResourceError) -> Self {
        match error {
            ResourceError::HeapLimit { .. } => Failure::Trap(Trap::HeapExhausted, None),
            other => Failure::Host(crate::HostError::new(other)),
        }
    }
}
