//! The names of what stays when items are removed.

use super::error::EditError;
use super::maps::Remap;
use super::outline::Space;
use wasm_encoder::NameSection;
use wasm_encoder::reencode::{Error, utils};
use wasmparser::{IndirectNameMap, Name, NameMap};

impl Remap<'_, '_> {
    /// Writes a part of the name section for what stays, unless it is empty.
    pub(super) fn keep_names(
        &self,
        names: &mut NameSection,
        section: Name<'_>,
    ) -> Result<(), Error<EditError>> {
        // One arm: the names that stay, unless there are none.
        macro_rules! keep {
            ($method:ident, $kept:expr) => {
                if let Some(kept) = $kept {
                    names.$method(&kept);
                }
            };
        }
        match section {
            Name::Module { name, .. } => names.module(name),
            Name::Function(map) => keep!(functions, self.names(Space::Function, map)?),
            Name::Local(map) => keep!(locals, self.inner_names(Space::Function, map)?),
            Name::Label(map) => keep!(labels, self.inner_names(Space::Function, map)?),
            Name::Type(map) => keep!(types, self.names(Space::Type, map)?),
            Name::Table(map) => keep!(tables, self.names(Space::Table, map)?),
            Name::Memory(map) => keep!(memories, self.names(Space::Memory, map)?),
            Name::Global(map) => keep!(globals, self.names(Space::Global, map)?),
            Name::Element(map) => keep!(elements, self.names(Space::Element, map)?),
            Name::Data(map) => keep!(data, self.names(Space::Data, map)?),
            Name::Tag(map) => keep!(tags, self.names(Space::Tag, map)?),
            Name::Field(map) => keep!(fields, self.inner_names(Space::Type, map)?),
            Name::Parameter(map) => keep!(parameters, self.inner_names(Space::Type, map)?),
            Name::TagParameter(map) => keep!(tag_parameters, self.inner_names(Space::Tag, map)?),
            Name::Unknown { ty, data, .. } => names.raw(ty, data),
        }
        Ok(())
    }

    fn names(
        &self,
        space: Space,
        names: NameMap<'_>,
    ) -> Result<Option<wasm_encoder::NameMap>, Error<EditError>> {
        let named = names.into_iter().map(|naming| naming.map(|naming| (naming.index, naming.name)));
        let kept = self.kept(space, named)?;
        let mut names = wasm_encoder::NameMap::new();
        kept.iter().for_each(|&(index, name)| names.append(index, name));
        Ok((!kept.is_empty()).then_some(names))
    }

    fn inner_names(
        &self,
        space: Space,
        names: IndirectNameMap<'_>,
    ) -> Result<Option<wasm_encoder::IndirectNameMap>, Error<EditError>> {
        let named = names.into_iter().map(|naming| naming.map(|naming| (naming.index, naming.names)));
        let kept = self.kept(space, named)?;
        let mut names = wasm_encoder::IndirectNameMap::new();
        for (index, inner) in &kept {
            names.append(*index, &utils::name_map(inner.clone(), Ok)?);
        }
        Ok((!kept.is_empty()).then_some(names))
    }

    /// The names of the items of a space that stay, by their new indices, which ascend.
    fn kept<T>(
        &self,
        space: Space,
        named: impl Iterator<Item = wasmparser::Result<(u32, T)>>,
    ) -> Result<Vec<(u32, T)>, Error<EditError>> {
        let mut kept = Vec::new();
        for naming in named {
            let (index, name) = naming?;
            if self.stays(space, index) {
                kept.push((self.map(space, index)?, name));
            }
        }
        // Items that are defined instead of imported change their order.
        kept.sort_by_key(|&(index, _)| index);
        Ok(kept)
    }
}
