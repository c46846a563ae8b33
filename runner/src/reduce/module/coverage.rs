//! Which functions of a module are entered: a copy of the module that records it in globals.

use super::bodies::write_bodies;
use super::error::EditError;
use super::outline::{Outline, Space};
use super::write::{Rewrite, write};
use std::collections::{BTreeSet, HashSet};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, Encode, ExportKind, ExportSection, GlobalSection, GlobalType, Instruction,
    SectionId, ValType,
};
use wasmparser::{CodeSectionReader, Export, ExportSectionReader, GlobalSectionReader};

/// How many functions a global records.
const FUNCTIONS: usize = i64::BITS as usize;

/// A module that behaves like another one, and records which of its functions were entered.
///
/// It has one mutable exported global of type i64 for each 64 defined functions, all zero at first: bit `n` of global
/// `g` is set when defined function `64 g + n` is entered. Imports and all indices of the module are unchanged. What was
/// entered can be read as long as the instance can, also after a trap, but not after a crash of the process.
pub(crate) struct Coverage {
    /// The module.
    pub(crate) wasm: Vec<u8>,
    /// The names under which the globals are exported, in order; the module has no other exports of these names.
    pub(crate) exports: Vec<String>,
    imported: u32,
    defined: u32,
}

impl Coverage {
    /// The functions that were entered, by index, once the globals have some values, in the order of the exports.
    pub(crate) fn entered(&self, globals: &[u64]) -> BTreeSet<u32> {
        let bit = |&number: &u32| {
            let global = globals.get(number as usize / FUNCTIONS).copied().unwrap_or(0);
            global >> (number as usize % FUNCTIONS) & 1 == 1
        };
        (0..self.defined).filter(bit).map(|number| self.imported + number).collect()
    }
}

/// The module that records what is entered.
///
/// # Errors
///
/// If the module is malformed.
pub(super) fn with_coverage(outline: &Outline<'_>) -> Result<Coverage, EditError> {
    let mut taken = HashSet::new();
    for export in outline.entries::<Export<'_>>(SectionId::Export)? {
        taken.insert(export?.name);
    }
    let globals = outline.bodies.len().div_ceil(FUNCTIONS);
    let free = (0..).map(|number| format!("entered {number}")).filter(|name| !taken.contains(name.as_str()));
    let exports: Vec<String> = free.take(globals).collect();
    let wasm = write(outline, &mut Recording { outline, exports: &exports })?;
    let [imported, defined] = [outline.imported(Space::Function), outline.defined(Space::Function)];
    Ok(Coverage { wasm, exports, imported, defined })
}

struct Recording<'o, 'a> {
    outline: &'o Outline<'a>,
    exports: &'o [String],
}

impl Recording<'_, '_> {
    /// The index of the first global that is added.
    fn first_global(&self) -> u32 {
        self.outline.total[Space::Global as usize]
    }

    /// A body that records that it is entered.
    fn body(&self, number: usize) -> Result<Vec<u8>, EditError> {
        let operators = self.outline.body(number).get_operators_reader()?.original_position();
        let start = self.outline.bodies[number].start as usize;
        let (locals, operators) = self.outline.body_bytes(number).split_at(operators as usize - start);
        let global = self.first_global() + (number / FUNCTIONS) as u32;
        let mut recording = locals.to_vec();
        Instruction::GlobalGet(global).encode(&mut recording);
        Instruction::I64Const(1 << (number % FUNCTIONS)).encode(&mut recording);
        Instruction::I64Or.encode(&mut recording);
        Instruction::GlobalSet(global).encode(&mut recording);
        recording.extend_from_slice(operators);
        Ok(recording)
    }
}

impl Reencode for Recording<'_, '_> {
    type Error = EditError;

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for global in section {
            self.parse_global(globals, global?)?;
        }
        for _ in self.exports {
            let ty = GlobalType { val_type: ValType::I64, mutable: true, shared: false };
            globals.global(ty, &ConstExpr::i64_const(0));
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for export in section {
            self.parse_export(exports, export?)?;
        }
        for (global, name) in (self.first_global()..).zip(self.exports) {
            exports.export(name, ExportKind::Global, global);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        _section: CodeSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        Ok(write_bodies(code, self.outline, |number| self.body(number).map(Some))?)
    }
}

impl Rewrite for Recording<'_, '_> {
    fn rewrites(&self, section: SectionId) -> bool {
        matches!(section, SectionId::Global | SectionId::Export | SectionId::Code)
    }
}
