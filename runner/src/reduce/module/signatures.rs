//! Parameters and results of functions, dropped at the function and at all of its calls.
//!
//! Only functions that are called and nothing else lose them: no segment, global or `ref.func` refers to them, and no export to
//! those that lose a parameter.

use super::bodies::write_bodies;
use super::error::EditError;
use super::outline::{Outline, Space};
use super::write::{Rewrite, write};
use super::{Apply, Found, zero};
use std::collections::HashMap;
use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder, utils};
use wasm_encoder::{
    BlockType, CodeSection, ElementSection, Encode, ExportSection, FunctionSection, GlobalSection,
    Instruction, SectionId, TableSection, TypeSection,
};
use wasmparser::{
    CodeSectionReader, CompositeInnerType, FuncType, FunctionSectionReader, Operator, TypeSectionReader,
    ValType,
};

/// What a function loses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// Its last parameter, which becomes a local.
    Parameter,
    /// Its last result: calls have a zero instead.
    Result,
}

/// The edits, one for each function that can lose something.
struct Signatures {
    /// The functions, by index.
    functions: Vec<u32>,
    part: Part,
}

/// The edits of signatures.
pub(super) fn find(outline: &Outline<'_>, part: Part) -> Result<Found, EditError> {
    let mut references = References { referenced: vec![false; outline.function_types.len()] };
    references.read(outline, part)?;
    let mut functions = Vec::new();
    for function in outline.imported(Space::Function)..outline.total[Space::Function as usize] {
        let ty = outline.function_type(function)?;
        let has = match part {
            Part::Parameter => ty.params(),
            Part::Result => ty.results(),
        };
        if !has.is_empty() && !references.referenced[function as usize] {
            functions.push(function);
        }
    }
    Ok(Found { weights: vec![1; functions.len()], edits: Box::new(Signatures { functions, part }) })
}

/// Finds the functions that something else than a call refers to.
struct References {
    referenced: Vec<bool>,
}

impl References {
    fn read(&mut self, outline: &Outline<'_>, part: Part) -> Result<(), EditError> {
        self.parse_element_section(&mut ElementSection::new(), outline.entries(SectionId::Element)?)?;
        // A caller from outside gives arguments, and need not look at results.
        if part == Part::Parameter {
            self.parse_export_section(&mut ExportSection::new(), outline.entries(SectionId::Export)?)?;
        }
        self.parse_global_section(&mut GlobalSection::new(), outline.entries(SectionId::Global)?)?;
        self.parse_table_section(&mut TableSection::new(), outline.entries(SectionId::Table)?)?;
        for number in 0..outline.bodies.len() {
            let mut operators = outline.body(number).get_operators_reader()?;
            while !operators.eof() {
                if let Operator::RefFunc { function_index } = operators.read()? {
                    self.function_index(function_index)?;
                }
            }
        }
        Ok(())
    }
}

impl Reencode for References {
    type Error = EditError;

    fn function_index(&mut self, index: u32) -> Result<u32, Error<EditError>> {
        *self.referenced.get_mut(index as usize).ok_or(EditError::Dangling { index })? = true;
        Ok(index)
    }
}

impl Apply for Signatures {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let chosen: Vec<u32> = numbers.iter().map(|&number| self.functions[number]).collect();
        let mut types = Types::new(outline);
        let mut changes = HashMap::new();
        for &function in &chosen {
            let old = outline.function_type(function)?;
            if let Some(change) = Change::new(old, self.part, &mut types) {
                changes.insert(function, change);
            }
        }
        write(outline, &mut Shorter { outline, part: self.part, changes, added: types.added })
    }
}

/// Types of functions by content, with those that have to be added.
struct Types {
    indices: HashMap<FuncType, u32>,
    added: Vec<FuncType>,
    next: u32,
}

impl Types {
    fn new(outline: &Outline<'_>) -> Self {
        let mut indices = HashMap::new();
        for group in outline.groups.windows(2).filter(|group| group[1] - group[0] == 1) {
            let ty = &outline.types[group[0] as usize];
            let plain = ty.is_final && ty.supertype_idxs.is_empty() && !ty.composite_type.shared;
            if let (CompositeInnerType::Func(ty), true) = (&ty.composite_type.inner, plain) {
                indices.entry(ty.clone()).or_insert(group[0]);
            }
        }
        Self { indices, added: Vec::new(), next: outline.total[Space::Type as usize] }
    }

    fn index(&mut self, params: &[ValType], results: &[ValType]) -> u32 {
        let ty = FuncType::new(params.iter().copied(), results.iter().copied());
        *self.indices.entry(ty.clone()).or_insert_with(|| {
            self.added.push(ty);
            self.next += 1;
            self.next - 1
        })
    }
}

/// What changes at a function.
struct Change {
    /// Its new type.
    ty: u32,
    /// The type of what it loses.
    lost: ValType,
    /// The type of a block that has its former results.
    block: wasmparser::BlockType,
}

impl Change {
    fn new(old: &FuncType, part: Part, types: &mut Types) -> Option<Self> {
        let [params, results] = [old.params(), old.results()];
        let (ty, lost) = match part {
            Part::Parameter => {
                let (&lost, kept) = params.split_last()?;
                (types.index(kept, results), lost)
            }
            Part::Result => {
                let (&lost, kept) = results.split_last()?;
                (types.index(params, kept), lost)
            }
        };
        let block = match (part, results) {
            (Part::Result, [_, _, ..]) => wasmparser::BlockType::FuncType(types.index(&[], results)),
            _ => wasmparser::BlockType::Type(lost),
        };
        Some(Self { ty, lost, block })
    }
}

/// A module with shorter signatures.
struct Shorter<'o, 'a> {
    outline: &'o Outline<'a>,
    part: Part,
    changes: HashMap<u32, Change>,
    added: Vec<FuncType>,
}

impl Shorter<'_, '_> {
    /// The body of a function with its calls adapted, and with its own signature; nothing if all is as before.
    fn body(&self, number: usize) -> Result<Option<Vec<u8>>, EditError> {
        let own = self.changes.get(&(self.outline.imported(Space::Function) + number as u32));
        let mut operators = self.outline.body(number).get_operators_reader()?;
        let range = &self.outline.bodies[number];
        let locals = &self.outline.wasm[range.start as usize..operators.original_position() as usize];
        let mut out = match own {
            Some(change) if self.part == Part::Parameter => with_local(self.outline, number, change.lost)?,
            Some(_) | None => locals.to_vec(),
        };
        let result = own.filter(|_| self.part == Part::Result);
        if let Some(change) = result {
            let ty: BlockType = RoundtripReencoder.block_type(change.block)?;
            Instruction::Block(ty).encode(&mut out);
        }
        let mut changed = own.is_some();
        while !operators.eof() {
            let start = operators.original_position() as usize;
            let operator = operators.read()?;
            let bytes = &self.outline.wasm[start..operators.original_position() as usize];
            changed |= self.operator(&operator, bytes, result.is_some(), &mut out)?;
        }
        if result.is_some() {
            // The last `end` was that of the block.
            Instruction::Drop.encode(&mut out);
            Instruction::End.encode(&mut out);
        }
        Ok(changed.then_some(out))
    }

    /// Writes an operator, within a function that loses its last result or one that does not. Says whether it differs.
    fn operator(
        &self,
        operator: &Operator<'_>,
        bytes: &[u8],
        loses_result: bool,
        out: &mut Vec<u8>,
    ) -> Result<bool, EditError> {
        let (called, plain) = match *operator {
            Operator::Call { function_index } => (Some(function_index), None),
            Operator::ReturnCall { function_index } => {
                (Some(function_index), Some(Instruction::Call(function_index)))
            }
            Operator::ReturnCallIndirect { type_index, table_index } => {
                (None, Some(Instruction::CallIndirect { type_index, table_index }))
            }
            Operator::ReturnCallRef { type_index } => (None, Some(Instruction::CallRef(type_index))),
            Operator::Return if loses_result => {
                Instruction::Drop.encode(out);
                out.extend_from_slice(bytes);
                return Ok(true);
            }
            _ => (None, None),
        };
        let change = called.and_then(|called| self.changes.get(&called));
        let mut changed = change.is_some();
        if changed && self.part == Part::Parameter {
            Instruction::Drop.encode(out);
        }
        // What the caller returns is not what it calls returns if one of them has lost a result.
        let no_tail = loses_result || changed && self.part == Part::Result;
        match plain.filter(|_| no_tail) {
            Some(call) => {
                call.encode(out);
                self.zero(change, out)?;
                if loses_result {
                    Instruction::Drop.encode(out);
                }
                Instruction::Return.encode(out);
                changed = true;
            }
            None => {
                out.extend_from_slice(bytes);
                self.zero(change, out)?;
            }
        }
        Ok(changed)
    }

    /// Writes a zero in place of the result that a called function has lost.
    fn zero(&self, change: Option<&Change>, out: &mut Vec<u8>) -> Result<(), EditError> {
        if let Some(change) = change.filter(|_| self.part == Part::Result) {
            out.extend(zero::value(RoundtripReencoder.val_type(change.lost)?));
        }
        Ok(())
    }
}

/// The locals of a body after one more of some type: it has the index that the last parameter had.
fn with_local(outline: &Outline<'_>, number: usize, ty: ValType) -> Result<Vec<u8>, EditError> {
    let mut locals = vec![(1, RoundtripReencoder.val_type(ty)?)];
    for group in outline.body(number).get_locals_reader()? {
        let (count, ty) = group?;
        locals.push((count, RoundtripReencoder.val_type(ty)?));
    }
    Ok(wasm_encoder::Function::new(locals).into_raw_body())
}

impl Reencode for Shorter<'_, '_> {
    type Error = EditError;

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: TypeSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        utils::parse_type_section(self, types, section)?;
        for ty in self.added.clone() {
            types.ty().func_type(&self.func_type(ty)?);
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        for (function, ty) in (self.outline.imported(Space::Function)..).zip(section) {
            functions.function(self.changes.get(&function).map_or(ty?, |change| change.ty));
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        _section: CodeSectionReader<'_>,
    ) -> Result<(), Error<EditError>> {
        Ok(write_bodies(code, self.outline, |number| self.body(number))?)
    }
}

impl Rewrite for Shorter<'_, '_> {
    fn rewrites(&self, section: SectionId) -> bool {
        matches!(section, SectionId::Type | SectionId::Function | SectionId::Code)
    }
}
