//! Copies of a module that record something in globals that they export.

use super::bodies::write_bodies;
use super::error::EditError;
use super::outline::{Outline, Space};
use super::write::{Rewrite, write};
use std::collections::HashSet;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, FunctionSection, GlobalSection, GlobalType, SectionId,
    ValType,
};
use wasmparser::{
    CodeSectionReader, Export, ExportSectionReader, FunctionSectionReader, GlobalSectionReader,
};

/// A module with more mutable globals, of numbers that are zero at first, which it exports. Imports and all indices of the module
/// are unchanged.
pub(super) struct Recording<'o, 'a, F> {
    pub(super) outline: &'o Outline<'a>,
    /// The names of the globals, none of which is that of another export.
    pub(super) exports: &'o [String],
    /// Their types, each of a number or a vector.
    pub(super) types: &'o [ValType],
    /// The defined functions of which there is a copy behind all functions.
    pub(super) copied: &'o [usize],
    /// The bodies that differ, which is asked in the order of the functions.
    pub(super) body: F,
}

/// Names that no export of a module has.
pub(super) fn free_names(outline: &Outline<'_>, what: &str, count: usize) -> Result<Vec<String>, EditError> {
    let mut taken = HashSet::new();
    for export in outline.entries::<Export<'_>>(SectionId::Export)? {
        taken.insert(export?.name);
    }
    let names = (0..).map(|number| format!("{what} {number}"));
    Ok(names.filter(|name| !taken.contains(name.as_str())).take(count).collect())
}

/// The index of the first global that is added to a module.
pub(super) fn first_global(outline: &Outline<'_>) -> u32 {
    outline.total[Space::Global as usize]
}

impl<F: FnMut(usize) -> Result<Option<Vec<u8>>, EditError>> Recording<'_, '_, F> {
    /// The module.
    pub(super) fn write(mut self) -> Result<Vec<u8>, EditError> {
        write(self.outline, &mut self)
    }
}

impl<F: FnMut(usize) -> Result<Option<Vec<u8>>, EditError>> Reencode for Recording<'_, '_, F> {
    type Error = EditError;

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        utils::parse_function_section(self, functions, section)?;
        let imported = self.outline.imported(Space::Function) as usize;
        for &number in self.copied {
            functions.function(self.outline.function_types[imported + number]);
        }
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        utils::parse_global_section(self, globals, section)?;
        for &val_type in self.types {
            let zero = super::zero::constant(val_type).unwrap_or_default();
            globals.global(GlobalType { val_type, mutable: true, shared: false }, &ConstExpr::raw(zero));
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        utils::parse_export_section(self, exports, section)?;
        for (global, name) in (first_global(self.outline)..).zip(self.exports) {
            exports.export(name, ExportKind::Global, global);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        _section: CodeSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        write_bodies(code, self.outline, &mut self.body)?;
        for &number in self.copied {
            code.raw(self.outline.body_bytes(number));
        }
        Ok(())
    }
}

impl<F: FnMut(usize) -> Result<Option<Vec<u8>>, EditError>> Rewrite for Recording<'_, '_, F> {
    fn rewrites(&self, section: SectionId) -> bool {
        match section {
            SectionId::Global | SectionId::Export | SectionId::Code => true,
            SectionId::Function => !self.copied.is_empty(),
            _ => false,
        }
    }
}
