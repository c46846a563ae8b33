//! Imports by name.

use crate::code::Module;
use crate::error::LinkError;
use crate::handle::{Extern, Instance};
use crate::init::InstantiateError;
use crate::store::Store;
use rustc_hash::FxHashMap;
use trapline_abi::Import;

/// What can be imported, by module and name.
#[derive(Clone, Debug, Default)]
pub struct Linker {
    modules: FxHashMap<String, FxHashMap<String, Extern>>,
}

impl Linker {
    /// A linker that provides nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Provides something under a name; what had the name before is forgotten.
    pub fn define(&mut self, module: &str, name: &str, item: Extern) {
        match self.modules.get_mut(module) {
            Some(names) => names.insert(name.to_owned(), item),
            None => self.modules.entry(module.to_owned()).or_default().insert(name.to_owned(), item),
        };
    }

    /// Provides all exports of an instance as those of a module; what the module provided before is
    /// forgotten.
    pub fn define_instance(&mut self, store: &Store, module: &str, instance: Instance) {
        self.define_module(module, instance.exports(store).map(|(name, item)| (name.to_owned(), item)));
    }

    /// Provides items as those of a module; what the module provided before is forgotten.
    pub fn define_module(&mut self, module: &str, items: impl IntoIterator<Item = (String, Extern)>) {
        self.modules.insert(module.to_owned(), items.into_iter().collect());
    }

    /// What has a name.
    pub fn get(&self, module: &str, name: &str) -> Option<Extern> {
        self.modules.get(module)?.get(name).copied()
    }

    /// Whatever has the names of a module's imports, in their order. Their types are checked when
    /// the module is instantiated.
    ///
    /// # Errors
    ///
    /// When nothing has the name of an import.
    pub fn resolve(&self, module: &Module) -> Result<Vec<Extern>, LinkError> {
        let find = |import: &Import| {
            self.get(&import.module, &import.name).ok_or_else(|| LinkError::unknown(import))
        };
        module.info().imports.iter().map(find).collect()
    }

    /// Instantiates a module with what this linker provides.
    ///
    /// # Errors
    ///
    /// As [`Linker::resolve`] and [`Store::instantiate`].
    pub fn instantiate(&self, store: &mut Store, module: &Module) -> Result<Instance, InstantiateError> {
        store.instantiate(module, &self.resolve(module)?)
    }
}

#[cfg(test)]
mod tests;
