//! Tags and exceptions, as the host uses them.

use crate::handle::{Exception, Tag, Val};
use crate::store::{Store, StoreInner};
use serde::{Deserialize, Serialize};
use trapline_abi::{EntityIndex, FuncType, TagIndex, TypeId};

/// Which tag it is, the same in every store that ran the same script.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum TagIdentity {
    /// A tag that an instance defines.
    Instance {
        /// The instance, counted from 0 in the order of instantiation.
        instance: u32,
        /// The tag's index in its module.
        tag: u32,
    },
    /// A tag of the host, by its place among all tags of the store in the order in which they were made.
    Host(u32),
}

impl Tag {
    /// Makes a tag that belongs to no instance. Its exceptions carry values of the parameters' types of `ty`, which has
    /// no results (specification: structure, types, "Tag Types").
    ///
    /// # Panics
    ///
    /// If the type has results, or names what is not a type of the store.
    pub fn new(store: &mut Store, ty: &FuncType<TypeId>) -> Tag {
        assert!(ty.results.is_empty(), "the type of a tag has results");
        let store = store.inner_mut();
        ty.params.iter().for_each(|&ty| store.types.assert_knows(ty));
        let ty = store.types.intern_func(ty);
        Tag { store: store.id, index: store.add_tag(ty) }
    }

    /// Its type, whose parameters are what its exceptions carry.
    ///
    /// # Panics
    ///
    /// If it is a tag of another store.
    pub fn ty(self, store: &Store) -> FuncType<TypeId> {
        let store = store.inner();
        store.assert_owns(self.store);
        store.types.func(store.heap.tag_type(self.index)).clone()
    }

    /// Which tag it is, in terms that do not depend on the store.
    ///
    /// # Panics
    ///
    /// If it is a tag of another store.
    pub fn identity(self, store: &Store) -> TagIdentity {
        let store = store.inner();
        store.assert_owns(self.store);
        match definition(store, self) {
            Some((instance, tag)) => TagIdentity::Instance { instance, tag: tag.as_u32() },
            None => TagIdentity::Host(self.index),
        }
    }

    /// The first name under which the instance that defines it exports it, if it does.
    ///
    /// # Panics
    ///
    /// If it is a tag of another store.
    pub fn export_name(self, store: &Store) -> Option<&str> {
        let store = store.inner();
        store.assert_owns(self.store);
        let (instance, tag) = definition(store, self)?;
        let exports = &store.instances[instance].module.info().exports;
        let export = exports.iter().find(|export| export.index == EntityIndex::Tag(tag))?;
        Some(&export.name)
    }
}

/// The instance that defines a tag, and the tag's index in its module.
fn definition(store: &StoreInner, tag: Tag) -> Option<(u32, TagIndex)> {
    (0..).zip(store.instances.iter()).find_map(|(number, instance)| {
        let imported = instance.module.info().imported_tags as usize;
        let mut defined = (imported..).zip(instance.tags.get(imported..)?);
        let (at, _) = defined.find(|&(_, &index)| index == tag.index)?;
        Some((number, TagIndex::new(at as u32)))
    })
}

impl Exception {
    /// Its tag.
    ///
    /// # Panics
    ///
    /// If it is an exception of another store.
    pub fn tag(&self, store: &Store) -> Tag {
        let store = store.inner();
        store.assert_owns(self.object.store);
        Tag { store: store.id, index: store.heap.exception_tag(self.object.reference()) }
    }

    /// What it carries.
    ///
    /// # Panics
    ///
    /// If it is an exception of another store.
    pub fn payload(&self, store: &Store) -> Vec<Val> {
        let store = store.inner();
        store.assert_owns(self.object.store);
        store.payload(self)
    }
}
