//! Which exceptions of a store are alive, and what the host is told of them.

use super::StoreInner;
use crate::error::{HostError, ThrownByHost};
use crate::exceptions::UncaughtException;
use crate::handle::{Exception, Tag, Val};
use crate::trap::{Failure, list};
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{Hierarchy, TypeId, ValType};

impl StoreInner {
    /// Frees the exceptions that nothing refers to, if there are many. No compiled code runs in the store.
    pub(crate) fn sweep_exceptions(&mut self) {
        if !self.exceptions.are_many() {
            return;
        }
        let mut roots: Vec<u32> = self.exceptions.pinned().collect();
        let globals = self.globals.all.iter().filter(|global| is_exception(global.ty.val));
        roots.extend(globals.map(|global| global.raw().as_u32()));
        for table in self.tables.iter().filter(|table| is_exception(ValType::Ref(table.ty.element))) {
            let mut slots = vec![0; table.len() as usize];
            table.read(0, &mut slots);
            roots.extend(slots.iter().map(|&slot| slot as u32));
        }
        let segments = self.instances.iter().flat_map(|instance| {
            let info = instance.module.info();
            let of_exceptions = |at: &usize| is_exception(ValType::Ref(info.elements[*at].ty));
            let values = |at: usize| instance.elements[at].values.as_deref().unwrap_or_default();
            (0..info.elements.len()).filter(of_exceptions).flat_map(values)
        });
        roots.extend(segments.map(|&value| value as u32));
        let tags: Vec<TypeId> = self.exceptions.tag_types().to_vec();
        let types = &self.types;
        let held = |tag: u32, payload: &[ValRaw], found: &mut Vec<u32>| {
            let params = &types.func(tags[tag as usize]).params;
            let held = params.iter().zip(payload).filter(|(ty, _)| is_exception(**ty));
            found.extend(held.map(|(_, value)| value.as_u32()));
        };
        self.exceptions.keep_only(roots, held);
    }

    /// What the host is told of an exception that nothing has caught.
    pub(crate) fn uncaught(&self, exception: Exception) -> UncaughtException {
        self.exceptions.pin(exception.reference);
        let tag = Tag { store: self.id, index: self.exceptions.tag(exception.reference) };
        UncaughtException { exception, tag, payload: self.payload(exception) }
    }

    /// What an exception carries.
    pub(crate) fn payload(&self, exception: Exception) -> Vec<Val> {
        let tag = self.exceptions.tag(exception.reference);
        let types = &self.types.func(self.exceptions.tag_type(tag)).params;
        let values = types.iter().zip(self.exceptions.payload(exception.reference));
        values.map(|(&ty, &value)| self.lift(value, ty)).collect()
    }

    /// Makes the exception that a host function throws.
    pub(crate) fn throw_of_host(&mut self, ThrownByHost { tag, payload }: ThrownByHost) -> Failure {
        self.assert_owns(tag.store);
        let types = &self.types.func(self.exceptions.tag_type(tag.index)).params;
        let suitable = payload.len() == types.len()
            && payload.iter().zip(types).all(|(&value, &ty)| self.is_of_type(value, ty));
        if !suitable {
            let found: Vec<_> = payload.iter().map(Val::ty).collect();
            let message = format!("the host function threw {}, not {}", list(&found), list(types));
            return HostError::new(message).into();
        }
        let payload = payload.into_iter().map(|value| self.lower(value)).collect();
        match self.exceptions.add(tag.index, payload) {
            Some(reference) => Failure::Exception(Exception { store: self.id, reference }),
            None => HostError::new("there are too many exceptions").into(),
        }
    }
}

fn is_exception<I>(ty: ValType<I>) -> bool {
    matches!(ty, ValType::Ref(ty) if ty.heap.hierarchy() == Hierarchy::Exn)
}
