//! What functions of the host reach of the module that calls them.

use std::cell::Cell;
use trapline_abi::EntityType;
use trapline_runtime::{Caller, Extern, Instance, Memory, MemoryAccessError, Module, Store, Table};

/// The memory and the table of a module. They are known once the module is instantiated, or before if they are imported.
#[derive(Debug, Default)]
pub(crate) struct Guest {
    memory: Cell<Option<Memory>>,
    table: Cell<Option<Table>>,
}

/// The memory of a WASI program (WASI, "Current Unstable ABI").
pub(crate) const MEMORY: &str = "memory";

impl Guest {
    /// Takes memory and table from what a module imports.
    pub(crate) fn importing(&self, module: &Module, imports: &[Extern]) {
        for (import, item) in module.info().imports.iter().zip(imports) {
            match (&import.ty, item) {
                (EntityType::Memory(_), Extern::Memory(memory)) if self.memory.get().is_none() => {
                    self.memory.set(Some(*memory));
                }
                (EntityType::Table(_), Extern::Table(table)) if self.table.get().is_none() => {
                    self.table.set(Some(*table));
                }
                // Only the first of a kind counts, and other kinds are of no use here.
                _ => {}
            }
        }
    }

    /// Takes memory and table from what an instance exports. The memory is the one that is called `memory`, else the one that is
    /// imported, else the first.
    pub(crate) fn instantiated(&self, store: &Store, instance: Instance) {
        let mut memory = self.memory.get();
        for (name, item) in instance.exports(store) {
            match item {
                Extern::Memory(exported) if name == MEMORY || memory.is_none() => memory = Some(exported),
                Extern::Table(table) if self.table.get().is_none() => self.table.set(Some(table)),
                Extern::Memory(_)
                | Extern::Table(_)
                | Extern::Func(_)
                | Extern::Global(_)
                | Extern::Tag(_) => {}
            }
        }
        self.memory.set(memory);
    }

    pub(crate) fn memory(&self) -> Option<Memory> {
        self.memory.get()
    }

    pub(crate) fn table(&self) -> Option<Table> {
        self.table.get()
    }
}

/// The bytes of a memory during a call, whatever engine has it.
pub(crate) trait GuestBytes {
    /// How many there are.
    fn size(&self) -> u64;

    /// Copies bytes out of it. Says whether they are all within it.
    fn read(&self, at: u64, into: &mut [u8]) -> bool;

    /// Copies bytes into it. Says whether there is room for all; nothing is written otherwise.
    fn write(&mut self, at: u64, bytes: &[u8]) -> bool;
}

/// The memory of a guest during a call.
pub(crate) struct GuestMemory<'a>(&'a mut dyn GuestBytes);

impl<'a> GuestMemory<'a> {
    pub(crate) fn new(bytes: &'a mut dyn GuestBytes) -> GuestMemory<'a> {
        GuestMemory(bytes)
    }

    /// Checks that bytes are within the memory.
    pub(crate) fn check(&self, at: u64, len: u64) -> Result<(), MemoryAccessError> {
        let size = self.0.size();
        match at.checked_add(len) {
            Some(end) if end <= size => Ok(()),
            _ => Err(MemoryAccessError { at, len, size }),
        }
    }

    /// Copies bytes out of it. Nothing is allocated for bytes that are not there.
    pub(crate) fn read(&self, at: u64, len: u64) -> Result<Vec<u8>, MemoryAccessError> {
        self.check(at, len)?;
        let mut bytes = vec![0; len as usize];
        match self.0.read(at, &mut bytes) {
            true => Ok(bytes),
            false => Err(MemoryAccessError { at, len, size: self.0.size() }),
        }
    }

    /// Copies bytes into it; nothing is written if they do not all fit.
    pub(crate) fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), MemoryAccessError> {
        let (len, size) = (bytes.len() as u64, self.0.size());
        if self.0.write(at, bytes) { Ok(()) } else { Err(MemoryAccessError { at, len, size }) }
    }
}

/// A memory of trapline's runtime.
pub(crate) struct CallerMemory<'a, 'b> {
    caller: &'a mut Caller<'b>,
    memory: Memory,
}

impl<'a, 'b> CallerMemory<'a, 'b> {
    pub(crate) fn new(caller: &'a mut Caller<'b>, memory: Memory) -> CallerMemory<'a, 'b> {
        CallerMemory { caller, memory }
    }

    /// Grows it to at least a number of bytes. Says whether it is as large.
    pub(crate) fn grow_to(&mut self, bytes: u64) -> bool {
        let store = self.caller.store();
        let (size, page) = (self.memory.data_size(store), self.memory.ty(store).page_size());
        let delta = bytes.saturating_sub(size).div_ceil(page);
        delta == 0 || self.caller.grow_memory(self.memory, delta).is_some()
    }
}

impl GuestBytes for CallerMemory<'_, '_> {
    fn size(&self) -> u64 {
        self.memory.data_size(self.caller.store())
    }

    fn read(&self, at: u64, into: &mut [u8]) -> bool {
        self.memory.read(self.caller.store(), at, into).is_ok()
    }

    fn write(&mut self, at: u64, bytes: &[u8]) -> bool {
        self.caller.write_memory(self.memory, at, bytes).is_ok()
    }
}
