//! Room in the heap of a store, and all places that refer to what lies there.

use super::references::for_each_reference;
use crate::error::ResourceError;
use crate::heap::Limits;
use crate::store::{StoreInner, refers};
use trapline_abi::ValType;
use trapline_abi::vmlayout::ValRaw;

impl StoreInner {
    /// A place for an object of so many bytes, whose contents are undefined: the caller makes it an object before anything
    /// else is allocated. All objects may move.
    ///
    /// # Errors
    ///
    /// When what is alive and this object are more than the store allows, or the system grants no memory.
    pub(crate) fn allocate(&mut self, size: u64) -> Result<u32, ResourceError> {
        if let Some(reference) = self.allocate_at_once(size) {
            return Ok(reference);
        }
        self.make_room(size)?;
        match self.heap.try_allocate(&mut self.vm, size) {
            Some(reference) => Ok(reference),
            None => unreachable!("room was made and is not there"),
        }
    }

    /// The same where there is room, and nothing moves.
    pub(crate) fn allocate_at_once(&mut self, size: u64) -> Option<u32> {
        if self.config.gc_stress { None } else { self.heap.try_allocate(&mut self.vm, size) }
    }

    /// Moves all that is alive, and lets the heap grow if it has to.
    fn make_room(&mut self, wanted: u64) -> Result<(), ResourceError> {
        self.prepare_heap()?;
        let limits = Limits { bytes: self.config.max_heap_bytes, stress: self.config.gc_stress };
        let this: *mut StoreInner = self;
        let StoreInner { heap, vm, types, globals, tables, instances, code, .. } = self;
        let now = *vm;
        heap.make_room(vm, types, wanted, limits, |forward, temporaries| {
            for temporary in temporaries.iter_mut().filter(|temporary| temporary.refers) {
                temporary.value = ValRaw::from_u32(forward(temporary.value.as_u32()));
            }
            for global in globals.all.iter().filter(|global| refers(global.ty.val)) {
                global.set_raw(ValRaw::from_u32(forward(global.raw().as_u32())));
            }
            // Most slots of a large table are often null, and are looked at all the same.
            let mut places = globals.all.len() as u64;
            for table in tables.iter_mut().filter(|table| refers(ValType::Ref(table.ty.element))) {
                table.update(|slot| forward(slot as u32).into());
                places += table.len();
            }
            for instance in instances.iter_mut() {
                let module = instance.module.clone();
                let segments = instance.elements.iter_mut().zip(&module.info().elements);
                for (state, _) in segments.filter(|(_, segment)| refers(ValType::Ref(segment.ty))) {
                    for value in state.values.iter_mut().flat_map(|values| values.iter_mut()) {
                        *value = forward(*value as u32).into();
                        places += 1;
                    }
                }
            }
            // SAFETY: I6, I14: compiled code waits, in a stub that has left its frame pointer with the store, or in none.
            unsafe { for_each_reference(this, &now, code, forward) };
            places
        })
    }
}
