//! Imports by name, and whether what has the name will do.

use crate::code::Module;
use crate::init::InstantiateError;
use crate::store::{Store, StoreInner};
use crate::types::{TypeId, canonical_global, canonical_table};
use crate::{Extern, Instance};
use rustc_hash::FxHashMap;
use trapline_abi::{EntityType, Import, ModuleInfo};

/// Why the imports of a module could not be satisfied. The messages start with the words that the
/// official test suite has for it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LinkError {
    /// Nothing has that name.
    #[error("unknown import: nothing provides {name:?} of module {module:?}")]
    UnknownImport {
        /// The module named by the import.
        module: String,
        /// The import's own name.
        name: String,
    },
    /// What has the name is of another kind or type.
    #[error("incompatible import type: {name:?} of module {module:?} is {found}, not {expected}")]
    IncompatibleImport {
        /// The module named by the import.
        module: String,
        /// The import's own name.
        name: String,
        /// What the importing module wants.
        expected: String,
        /// What there is.
        found: String,
    },
}

impl LinkError {
    fn unknown(import: &Import) -> Self {
        LinkError::UnknownImport { module: import.module.clone(), name: import.name.clone() }
    }
}

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

/// Checks what is to stand for a module's imports (specification: "Import Matching").
///
/// # Panics
///
/// If something is of another store.
pub(crate) fn check_imports(
    store: &StoreInner,
    module: &ModuleInfo,
    ids: &[TypeId],
    items: &[Extern],
) -> Result<(), LinkError> {
    for (i, import) in module.imports.iter().enumerate() {
        let item = items.get(i).ok_or_else(|| LinkError::unknown(import))?;
        store.assert_owns(item.store());
        if !matches(store, ids, &import.ty, item) {
            return Err(LinkError::IncompatibleImport {
                module: import.module.clone(),
                name: import.name.clone(),
                expected: describe_wanted(module, &import.ty),
                found: describe(store, item),
            });
        }
    }
    Ok(())
}

fn matches(store: &StoreInner, ids: &[TypeId], wanted: &EntityType, item: &Extern) -> bool {
    match (wanted, *item) {
        (EntityType::Func(ty), Extern::Func(func)) => {
            store.types.is_subtype(store.func_ref(func).type_id, ids[ty.index()])
        }
        (EntityType::Table(ty), Extern::Table(table)) => {
            let (want, have) = (canonical_table(ids, *ty), store.table(table));
            // Elements are both read and written, so their types must be the same.
            let same = have.ty.index == want.index && have.ty.element == want.element;
            same && have.ty.limits.matches(have.len(), want.limits)
        }
        (EntityType::Memory(want), Extern::Memory(memory)) => {
            let have = store.memory(memory);
            let same = have.ty.index == want.index
                && have.ty.shared == want.shared
                && have.ty.page_size_log2 == want.page_size_log2;
            same && have.ty.limits.matches(have.pages(), want.limits)
        }
        (EntityType::Global(ty), Extern::Global(global)) => {
            let (want, have) = (canonical_global(ids, *ty), store.global(global).ty);
            match want.mutable {
                true => have == want,
                false => !have.mutable && store.types.val_matches(have.val, want.val),
            }
        }
        _ => false,
    }
}

fn describe_wanted(module: &ModuleInfo, ty: &EntityType) -> String {
    match ty {
        EntityType::Func(ty) => match module.func_type_at(*ty) {
            Some(ty) => format!("func {ty}"),
            None => "func".to_owned(),
        },
        EntityType::Table(ty) => ty.to_string(),
        EntityType::Memory(ty) => ty.to_string(),
        EntityType::Global(ty) => ty.to_string(),
    }
}

fn describe(store: &StoreInner, item: &Extern) -> String {
    match *item {
        Extern::Func(func) => format!("func {}", store.types.func(store.func_ref(func).type_id)),
        Extern::Table(table) => store.table(table).current_type().to_string(),
        Extern::Memory(memory) => store.memory(memory).current_type().to_string(),
        Extern::Global(global) => store.global(global).ty.to_string(),
    }
}

#[cfg(test)]
mod tests;
