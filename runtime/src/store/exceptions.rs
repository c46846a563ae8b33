//! Making exceptions, and what they carry.

use super::{StoreInner, temporary};
use crate::error::{HostError, ThrownByHost};
use crate::exceptions::UncaughtException;
use crate::handle::{Exception, Tag, Val};
use crate::trap::{Failure, list};
use smallvec::SmallVec;
use trapline_abi::heap::EXCEPTION_TYPE;
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{StorageType, ValType};

impl StoreInner {
    /// Makes an exception of a tag with what it carries. Gives the reference.
    ///
    /// # Errors
    ///
    /// When the heap has no room for it.
    pub(crate) fn new_exception(
        &mut self,
        tag: u32,
        payload: impl IntoIterator<Item = ValRaw>,
    ) -> Result<u32, crate::ResourceError> {
        let ty = self.heap.tag_type(tag);
        let size = self.heap.tag_layout(tag).size();
        let mut payload: SmallVec<[ValRaw; 8]> = payload.into_iter().collect();
        let exception = match self.allocate_at_once(size) {
            Some(exception) => exception,
            // What it carries may move.
            None => {
                let mut exception = 0;
                payload = self
                    .gather(|store| {
                        let values = payload.iter().zip(&store.types.func(ty).params);
                        let values = values.map(|(&value, &ty)| temporary(value, ty));
                        store.heap.temporaries.extend(values);
                        exception = store.allocate(size)?;
                        Ok(())
                    })?
                    .into();
                exception
            }
        };
        self.heap.set_type(exception, EXCEPTION_TYPE);
        self.heap.set_exception_tag(exception, tag);
        for (i, value) in payload.into_iter().enumerate() {
            let (at, ty) = (self.heap.tag_layout(tag).layout.fields[i], self.types.func(ty).params[i]);
            self.write_field(exception, at.into(), StorageType::Val(ty), value);
        }
        Ok(exception)
    }

    /// What the host is told of an exception that nothing has caught.
    pub(crate) fn uncaught(&self, exception: Exception) -> UncaughtException {
        let tag = Tag { store: self.id, index: self.heap.exception_tag(exception.object.reference()) };
        let payload = self.payload(&exception);
        UncaughtException { exception, tag, payload }
    }

    /// What an exception carries.
    pub(crate) fn payload(&self, exception: &Exception) -> Vec<Val> {
        let reference = exception.object.reference();
        let tag = self.heap.exception_tag(reference);
        let types = &self.types.func(self.heap.tag_type(tag)).params;
        let fields = types.iter().zip(&self.heap.tag_layout(tag).layout.fields);
        let value = |(&ty, &at): (&ValType<_>, &u32)| {
            self.lift(self.heap.read(reference, at.into(), StorageType::Val(ty)), ty)
        };
        fields.map(value).collect()
    }

    /// Makes the exception that a host function throws.
    pub(crate) fn throw_of_host(&mut self, ThrownByHost { tag, payload }: ThrownByHost) -> Failure {
        self.assert_owns(tag.store);
        let types = &self.types.func(self.heap.tag_type(tag.index)).params;
        let suitable = payload.len() == types.len()
            && payload.iter().zip(types).all(|(value, &ty)| self.is_of_type(value, ty));
        if !suitable {
            let found: Vec<_> = payload.iter().map(Val::ty).collect();
            let message = format!("the host function threw {}, not {}", list(&found), list(types));
            return HostError::new(message).into();
        }
        let made = self.lower_all(&payload).and_then(|payload| self.new_exception(tag.index, payload));
        match made.map(|reference| self.exception_from_raw(reference)) {
            Ok(Some(exception)) => Failure::Exception(exception),
            Ok(None) => unreachable!("an exception is not null"),
            Err(error) => error.into(),
        }
    }
}
