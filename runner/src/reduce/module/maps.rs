//! Removal of items: every index that remains is mapped.

use super::bodies::STUB;
use super::error::EditError;
use super::indices::each_index;
use super::outline::{Outline, Space};
use super::write::Rewrite;
use super::zero;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, FunctionSection, GlobalSection, ImportSection,
    MemorySection, NameSection, SectionId, TableSection, TagSection, TypeSection,
};
use wasmparser::{
    CodeSectionReader, DataSectionReader, ElementSectionReader, FunctionSectionReader, GlobalSectionReader,
    ImportSectionReader, MemorySectionReader, Name, TableSectionReader, TagSectionReader, TypeRef,
    TypeSectionReader,
};

/// The new index of what was removed.
const REMOVED: u32 = u32::MAX;

/// What happens to an import.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays, if its item is not removed.
    Stays,
    /// The module defines it: a function that traps.
    Traps,
    /// The module defines it: a function that returns zeros, or an item with no contents.
    Zeros,
}

/// A module without some of its items, with some imports defined instead.
pub(super) struct Remap<'o, 'a> {
    outline: &'o Outline<'a>,
    /// The new index of every item of every space.
    maps: [Vec<u32>; Space::ALL.len()],
    /// Whether every item that stays keeps its index.
    identity: bool,
    /// What happens to each import; empty if all stay.
    fates: &'o [Fate],
    /// Whether the start section goes.
    pub(super) without_start: bool,
    /// The numbers of the custom sections that go, ascending.
    pub(super) without_customs: Vec<usize>,
}

impl<'o, 'a> Remap<'o, 'a> {
    /// Numbers the items that stay: imports that stay, imports that are defined instead, defined items.
    pub(super) fn new(
        outline: &'o Outline<'a>,
        fates: &'o [Fate],
        removed: impl Fn(Space, u32) -> bool,
    ) -> Self {
        let mut maps: [Vec<u32>; Space::ALL.len()] = Default::default();
        let mut identity = true;
        for space in Space::ALL {
            let map = &mut maps[space as usize];
            map.resize(outline.total[space as usize] as usize, REMOVED);
            let mut next = 0;
            for defined in [false, true] {
                let mut imported = 0;
                for (number, import) in outline.imports.iter().enumerate() {
                    if Space::of(import.ty) != space {
                        continue;
                    }
                    let stays = fates.get(number).is_none_or(|&fate| fate == Fate::Stays);
                    if stays != defined && !removed(space, imported) {
                        map[imported as usize] = next;
                        next += 1;
                    }
                    imported += 1;
                }
            }
            for index in outline.imported(space)..outline.total[space as usize] {
                if !removed(space, index) {
                    map[index as usize] = next;
                    next += 1;
                }
            }
            identity &= (0..).zip(&*map).all(|(index, &new)| new == index || new == REMOVED);
        }
        Self { outline, maps, identity, fates, without_start: false, without_customs: Vec::new() }
    }

    /// Whether an item stays.
    pub(super) fn stays(&self, space: Space, index: u32) -> bool {
        self.maps[space as usize].get(index as usize).is_some_and(|&new| new != REMOVED)
    }

    /// The new index of an item.
    pub(super) fn map(&self, space: Space, index: u32) -> Result<u32, Error<EditError>> {
        match self.maps[space as usize].get(index as usize) {
            Some(&new) if new != REMOVED => Ok(new),
            Some(_) | None => Err(EditError::Dangling { index }.into()),
        }
    }

    /// The defined items of a section that stay, by their number in the section.
    fn keeps(&self, space: Space, number: usize) -> bool {
        self.stays(space, self.outline.imported(space) + number as u32)
    }

    /// The imports of a space that the module defines instead and that stay, with their index.
    fn defined(&self, space: Space) -> Vec<(u32, Fate, TypeRef)> {
        let imports =
            self.outline.imports.iter().zip(self.fates).filter(|(import, _)| Space::of(import.ty) == space);
        let numbered = (0..).zip(imports).map(|(index, (import, &fate))| (index, fate, import.ty));
        numbered.filter(|&(index, fate, _)| fate != Fate::Stays && self.stays(space, index)).collect()
    }

    fn stub(&mut self, function: u32, fate: Fate) -> Result<Vec<u8>, Error<EditError>> {
        if fate == Fate::Traps {
            return Ok(STUB.to_vec());
        }
        let mut body = vec![0];
        for &result in self.outline.function_type(function)?.results() {
            let ty = self.val_type(result)?;
            body.extend(zero::value(ty));
        }
        body.push(0x0b);
        Ok(body)
    }
}

impl Rewrite for Remap<'_, '_> {
    fn rewrites(&self, _section: SectionId) -> bool {
        true
    }

    fn keeps_custom(&self, number: usize) -> bool {
        self.without_customs.binary_search(&number).is_err()
    }

    fn start(&mut self, function: u32) -> Result<Option<u32>, EditError> {
        if self.without_start { Ok(None) } else { Ok(Some(self.start_section(function)?)) }
    }
}

impl Reencode for Remap<'_, '_> {
    type Error = EditError;

    each_index!(|remap, space, index| remap.map(space, index));

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: TypeSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        let mut index = 0;
        for group in section {
            let group = group?;
            let explicit = group.is_explicit_rec_group();
            let members = group.types().len();
            let mut kept = Vec::new();
            for ty in group.into_types() {
                if self.stays(Space::Type, index) {
                    kept.push(self.sub_type(ty)?);
                }
                index += 1;
            }
            match (&kept[..], explicit) {
                ([], _) if members > 0 => {}
                ([ty], false) => types.ty().subtype(ty),
                _ => types.ty().rec(kept),
            }
        }
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        _section: ImportSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        let mut next = [0; Space::ALL.len()];
        for (number, import) in self.outline.imports.iter().enumerate() {
            let space = Space::of(import.ty);
            let index = next[space as usize];
            next[space as usize] += 1;
            let fate = self.fates.get(number).copied().unwrap_or(Fate::Stays);
            if fate == Fate::Stays && self.stays(space, index) {
                imports.import(import.module, import.name, self.entity_type(import.ty)?);
            }
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (function, ..) in self.defined(Space::Function) {
            functions.function(self.type_index(self.outline.function_types[function as usize])?);
        }
        for (number, ty) in section.into_iter().enumerate() {
            if self.keeps(Space::Function, number) {
                functions.function(self.type_index(ty?)?);
            }
        }
        Ok(())
    }

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: TableSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (_, _, ty) in self.defined(Space::Table) {
            if let TypeRef::Table(ty) = ty {
                tables.table(self.table_type(ty)?);
            }
        }
        for (number, table) in section.into_iter().enumerate() {
            if self.keeps(Space::Table, number) {
                self.parse_table(tables, table?)?;
            }
        }
        Ok(())
    }

    fn parse_memory_section(
        &mut self,
        memories: &mut MemorySection,
        section: MemorySectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (_, _, ty) in self.defined(Space::Memory) {
            if let TypeRef::Memory(ty) = ty {
                memories.memory(self.memory_type(ty)?);
            }
        }
        for (number, memory) in section.into_iter().enumerate() {
            if self.keeps(Space::Memory, number) {
                memories.memory(self.memory_type(memory?)?);
            }
        }
        Ok(())
    }

    fn parse_tag_section(
        &mut self,
        tags: &mut TagSection,
        section: TagSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (_, _, ty) in self.defined(Space::Tag) {
            if let TypeRef::Tag(ty) = ty {
                tags.tag(self.tag_type(ty)?);
            }
        }
        for (number, tag) in section.into_iter().enumerate() {
            if self.keeps(Space::Tag, number) {
                tags.tag(self.tag_type(tag?)?);
            }
        }
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (_, _, ty) in self.defined(Space::Global) {
            if let TypeRef::Global(ty) = ty {
                let ty = self.global_type(ty)?;
                globals.global(ty, &ConstExpr::raw(zero::value(ty.val_type)));
            }
        }
        for (number, global) in section.into_iter().enumerate() {
            if self.keeps(Space::Global, number) {
                self.parse_global(globals, global?)?;
            }
        }
        Ok(())
    }

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: ElementSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (number, element) in section.into_iter().enumerate() {
            if self.keeps(Space::Element, number) {
                self.parse_element(elements, element?)?;
            }
        }
        Ok(())
    }

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        section: DataSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (number, datum) in section.into_iter().enumerate() {
            if self.keeps(Space::Data, number) {
                self.parse_data(data, datum?)?;
            }
        }
        Ok(())
    }

    fn data_count(&mut self, _count: u32) -> Result<u32, Error<EditError>> {
        Ok(self.maps[Space::Data as usize].iter().filter(|&&new| new != REMOVED).count() as u32)
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        _section: CodeSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (function, fate, _) in self.defined(Space::Function) {
            code.raw(&self.stub(function, fate)?);
        }
        for number in 0..self.outline.bodies.len() {
            if !self.keeps(Space::Function, number) {
                continue;
            }
            if self.identity {
                code.raw(self.outline.body_bytes(number));
            } else {
                self.parse_function_body(code, self.outline.body(number))?;
            }
        }
        Ok(())
    }

    fn parse_custom_name_subsection(
        &mut self,
        names: &mut NameSection,
        section: Name<'_>,
    ) -> Result<(), Error<EditError>> {
        self.keep_names(names, section)
    }
}
