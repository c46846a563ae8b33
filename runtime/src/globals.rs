//! Globals, as a store owns them.

use crate::stable::Stable;
use trapline_abi::vmlayout::{VMGlobalDefinition, ValRaw};
use trapline_abi::{GlobalType, TypeId};

/// A global of the store, wherever its value lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GlobalData {
    /// In the context of an instance, or among the host's.
    pub(crate) def: *mut VMGlobalDefinition,
    /// In canonical terms.
    pub(crate) ty: GlobalType<TypeId>,
}

impl GlobalData {
    /// The value.
    pub(crate) fn raw(&self) -> ValRaw {
        // SAFETY: I3: the definition lives as long as the store, which the reference to this is borrowed from.
        unsafe { (*self.def).value }
    }

    /// Sets the value.
    pub(crate) fn set_raw(&self, value: ValRaw) {
        // SAFETY: I3: as above, and no Rust reference to the value exists.
        unsafe { (*self.def).value = value };
    }
}

/// The globals of a store, by number, and the values of those that belong to no instance.
#[derive(Debug, Default)]
pub(crate) struct Globals {
    pub(crate) all: Vec<GlobalData>,
    pub(crate) of_host: Vec<Stable<VMGlobalDefinition>>,
}

impl Globals {
    /// Takes a global in.
    pub(crate) fn add(&mut self, global: GlobalData) -> u32 {
        self.all.push(global);
        self.all.len() as u32 - 1
    }
}
