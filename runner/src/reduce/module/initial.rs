//! What a module starts with: sizes of memories and tables, values of globals, offsets of segments.

use super::error::EditError;
use super::offset::Offset;
use super::outline::Outline;
use super::write::{Rewrite, write};
use super::zero;
use super::{Apply, Found};
use std::collections::HashSet;
use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder};
use wasm_encoder::{
    ConstExpr, DataSection, ElementSection, GlobalSection, MemorySection, SectionId, TableSection,
};
use wasmparser::{
    Data, DataKind, DataSectionReader, Element, ElementKind, ElementSectionReader, Global,
    GlobalSectionReader, MemorySectionReader, MemoryType, Table, TableInit, TableSectionReader,
};

/// The operator `end`.
const END: u8 = 0x0b;

/// An edit of a defined item, by its number in its section.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Edit {
    /// The smallest size of a memory: nothing, or half.
    Memory { number: u32, divisor: Divisor },
    /// The largest size of a memory: none is said.
    MemoryLimit { number: u32 },
    /// The largest size of a table: none is said.
    TableLimit { number: u32 },
    /// The smallest size of a table: nothing, or half.
    Table { number: u32, divisor: Divisor },
    /// The items of a table: null instead of a value.
    Items { number: u32 },
    /// The value of a global: zero.
    Global { number: u32 },
    /// The offset of an element segment: zero.
    Element { number: u32 },
    /// The offset of a data segment: zero.
    Data { number: u32 },
}

/// What a size is divided by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Divisor {
    /// Nothing is left.
    Infinite,
    /// Half is left.
    Two,
}

impl Divisor {
    fn of(self, size: u64) -> u64 {
        match self {
            Self::Infinite => 0,
            Self::Two => size / 2,
        }
    }
}

/// The edits. Of two that change the same size the first wins.
struct Initial {
    edits: Vec<Edit>,
}

/// The edits that simplify what a module starts with.
pub(super) fn find(outline: &Outline<'_>) -> Result<Found, EditError> {
    let mut edits = Vec::new();
    for (number, memory) in (0..).zip(outline.entries::<MemoryType>(SectionId::Memory)?) {
        let memory = memory?;
        // A shared one must have it.
        edits.extend(memory.maximum.filter(|_| !memory.shared).map(|_| Edit::MemoryLimit { number }));
        edits.extend(divisors(memory.initial).map(|divisor| Edit::Memory { number, divisor }));
    }
    for (number, table) in (0..).zip(outline.entries::<Table<'_>>(SectionId::Table)?) {
        let table = table?;
        edits.extend(table.ty.maximum.map(|_| Edit::TableLimit { number }));
        edits.extend(divisors(table.ty.initial).map(|divisor| Edit::Table { number, divisor }));
        if matches!(table.init, TableInit::Expr(_)) && table.ty.element_type.is_nullable() {
            edits.push(Edit::Items { number });
        }
    }
    for (number, global) in (0..).zip(outline.entries::<Global<'_>>(SectionId::Global)?) {
        let global = global?;
        let ty = RoundtripReencoder.val_type(global.ty.content_type)?;
        if let Some(mut value) = zero::constant(ty) {
            value.push(END);
            let range = global.init_expr.get_binary_reader().range();
            if outline.wasm[range.start as usize..range.end as usize] != value {
                edits.push(Edit::Global { number });
            }
        }
    }
    for (number, element) in (0..).zip(outline.entries::<Element<'_>>(SectionId::Element)?) {
        let element = element?;
        if Offset::of_element(&element.kind).is_some_and(|offset| !offset.is_zero()) {
            edits.push(Edit::Element { number });
        }
    }
    for (number, data) in (0..).zip(outline.entries::<Data<'_>>(SectionId::Data)?) {
        let data = data?;
        if Offset::of_data(&data.kind).is_some_and(|offset| !offset.is_zero()) {
            edits.push(Edit::Data { number });
        }
    }
    Ok(Found { weights: vec![1; edits.len()], edits: Box::new(Initial { edits }) })
}

fn divisors(size: u64) -> impl Iterator<Item = Divisor> {
    let divisors = [(1, Divisor::Infinite), (2, Divisor::Two)];
    divisors.into_iter().filter(move |&(least, _)| size >= least).map(|(_, divisor)| divisor)
}

impl Apply for Initial {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let chosen = numbers.iter().map(|&number| self.edits[number]).collect();
        write(outline, &mut Simpler { chosen })
    }
}

struct Simpler {
    chosen: HashSet<Edit>,
}

impl Simpler {
    fn has(&self, edit: Edit) -> bool {
        self.chosen.contains(&edit)
    }

    fn size(&self, size: u64, edit: impl Fn(Divisor) -> Edit) -> u64 {
        let chosen = [Divisor::Infinite, Divisor::Two].into_iter().find(|&divisor| self.has(edit(divisor)));
        chosen.map_or(size, |divisor| divisor.of(size))
    }
}

impl Reencode for Simpler {
    type Error = EditError;

    fn parse_memory_section(
        &mut self,
        memories: &mut MemorySection,
        section: MemorySectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (number, memory) in (0..).zip(section) {
            let mut ty = self.memory_type(memory?)?;
            ty.minimum = self.size(ty.minimum, |divisor| Edit::Memory { number, divisor });
            if self.has(Edit::MemoryLimit { number }) {
                ty.maximum = None;
            }
            memories.memory(ty);
        }
        Ok(())
    }

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: TableSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (number, table) in (0..).zip(section) {
            let mut table = table?;
            table.ty.initial = self.size(table.ty.initial, |divisor| Edit::Table { number, divisor });
            if self.has(Edit::TableLimit { number }) {
                table.ty.maximum = None;
            }
            if self.has(Edit::Items { number }) {
                table.init = TableInit::RefNull;
            }
            self.parse_table(tables, table)?;
        }
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (number, global) in (0..).zip(section) {
            let global = global?;
            let ty = self.global_type(global.ty)?;
            match zero::constant(ty.val_type) {
                Some(value) if self.has(Edit::Global { number }) => {
                    globals.global(ty, &ConstExpr::raw(value))
                }
                Some(_) | None => globals.global(ty, &self.const_expr(global.init_expr)?),
            };
        }
        Ok(())
    }

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: ElementSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (number, element) in (0..).zip(section) {
            let element = element?;
            match (Offset::of_element(&element.kind), element.kind.clone()) {
                (Some(offset), ElementKind::Active { table_index, .. })
                    if self.has(Edit::Element { number }) =>
                {
                    let items = self.element_items(element.items)?;
                    elements.active(table_index, &offset.zero(), items);
                }
                _ => self.parse_element(elements, element)?,
            }
        }
        Ok(())
    }

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        section: DataSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (number, datum) in (0..).zip(section) {
            let datum = datum?;
            match (Offset::of_data(&datum.kind), &datum.kind) {
                (Some(offset), &DataKind::Active { memory_index, .. }) if self.has(Edit::Data { number }) => {
                    data.active(memory_index, &offset.zero(), datum.data.iter().copied());
                }
                _ => self.parse_data(data, datum)?,
            }
        }
        Ok(())
    }
}

impl Rewrite for Simpler {
    fn rewrites(&self, section: SectionId) -> bool {
        matches!(
            section,
            SectionId::Memory | SectionId::Table | SectionId::Global | SectionId::Element | SectionId::Data
        )
    }
}
