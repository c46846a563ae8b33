//! Instances, as the host uses them.

use crate::code::Module;
use crate::handle::{Extern, Instance};
use crate::memories::SharedMemory;
use crate::store::Store;

impl Extern {
    /// The memory that this is, if it is one that other stores can use, too.
    pub fn share(&self, store: &Store) -> Option<SharedMemory> {
        match self {
            Extern::Memory(memory) => memory.share(store),
            Extern::Func(_) | Extern::Table(_) | Extern::Global(_) | Extern::Tag(_) => None,
        }
    }
}

impl Instance {
    /// What it exports under a name.
    pub fn export(&self, store: &Store, name: &str) -> Option<Extern> {
        let instance = store.inner().instance(*self);
        Some(instance.entity(self.store, instance.module.export(name)?))
    }

    /// All that it exports, in the order of the module.
    pub fn exports<'a>(&self, store: &'a Store) -> impl Iterator<Item = (&'a str, Extern)> {
        let id = self.store;
        let instance = store.inner().instance(*self);
        let exports = instance.module.info().exports.iter();
        exports.map(move |export| (export.name.as_str(), instance.entity(id, export.index)))
    }

    /// The module that it is an instance of.
    pub fn module<'a>(&self, store: &'a Store) -> &'a Module {
        &store.inner().instance(*self).module
    }
}
