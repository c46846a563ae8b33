//! Linear memories, as the host uses them.

use crate::error::{MemoryAccessError, MissingGuard, ResourceError};
use crate::handle::Memory;
use crate::memories::{MemoryData, SharedMemory};
use crate::store::Store;
use trapline_abi::MemoryType;
use trapline_abi::artifact::MemoryStyle;

impl Memory {
    /// Makes a memory that belongs to no instance.
    ///
    /// # Errors
    ///
    /// When the store or the system does not grant its initial size.
    pub fn new(store: &mut Store, ty: MemoryType) -> Result<Memory, ResourceError> {
        let store = store.inner_mut();
        let memory = MemoryData::new(ty, &store.config)?;
        Ok(Memory { store: store.id, index: store.memories.add(memory) })
    }

    /// Takes a shared memory into a store. The same one always gets the same handle.
    ///
    /// # Errors
    ///
    /// When the store's code may rely on guards, and the memory could have one and has none.
    pub fn from_shared(store: &mut Store, shared: &SharedMemory) -> Result<Memory, MissingGuard> {
        let store = store.inner_mut();
        let guards = store.config.memory_style == MemoryStyle::Guarded;
        if guards && shared.ty().can_be_guarded() && !shared.is_guarded() {
            return Err(MissingGuard);
        }
        let is_it = |memory: &MemoryData| memory.shared().is_some_and(|known| known.same(shared));
        let known = store.memories.iter().position(is_it);
        let index = match known {
            Some(index) => index as u32,
            None => store.memories.add(MemoryData::from_shared(shared.clone())),
        };
        Ok(Memory { store: store.id, index })
    }

    /// The memory itself, for other stores; `None` if it is not shared.
    pub fn share(self, store: &Store) -> Option<SharedMemory> {
        store.inner().memory(self).shared().cloned()
    }

    /// Its type, as it was declared.
    pub fn ty(self, store: &Store) -> MemoryType {
        store.inner().memory(self).ty
    }

    /// Its current size in pages.
    pub fn size(self, store: &Store) -> u64 {
        store.inner().memory(self).pages()
    }

    /// Its current size in bytes.
    pub fn data_size(self, store: &Store) -> u64 {
        store.inner().memory(self).len()
    }

    /// Copies bytes out of it.
    ///
    /// # Errors
    ///
    /// When they are not all within the memory.
    pub fn read(self, store: &Store, at: u64, into: &mut [u8]) -> Result<(), MemoryAccessError> {
        let memory = store.inner().memory(self);
        memory.span_or_error(at, into.len() as u64)?.read(into);
        Ok(())
    }

    /// Copies bytes into it.
    ///
    /// # Errors
    ///
    /// When they do not all fit within the memory; nothing is written then.
    pub fn write(self, store: &mut Store, at: u64, bytes: &[u8]) -> Result<(), MemoryAccessError> {
        let memory = store.inner().memory(self);
        memory.span_or_error(at, bytes.len() as u64)?.write(bytes);
        Ok(())
    }

    /// Grows it by a number of pages, and gives its size before; `None` if it cannot grow so far,
    /// as `memory.grow` then gives -1.
    pub fn grow(self, store: &mut Store, delta: u64) -> Option<u64> {
        let store = store.inner_mut();
        store.assert_owns(self.store);
        store.memories[self.index].grow(delta)
    }
}

#[cfg(test)]
mod tests;
