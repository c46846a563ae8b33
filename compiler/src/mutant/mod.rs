//! Mutants of CLIF: code in which one instruction is another one. A script that does not notice a mutant does not test that
//! instruction (DeMillo, Lipton and Sayward, "Hints on Test Data Selection", 1978).
//!
//! A function is changed after it was translated and before it is optimised, so that one change reaches all that is made
//! of the instruction. Instructions are numbered as they are laid out then, from 0; the same module, features and profile
//! give the same numbers.

mod change;
mod examine;
#[cfg(test)]
mod tests;

pub use change::ClifChange;
pub use examine::{ClifMutants, Examined, Viability};

use crate::error::CompileError;
use change::Edit;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{Function, Inst, InstBuilder};
use cranelift_codegen::isa::TargetIsa;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use trapline_abi::{DefinedFuncIndex, FuncIndex, FuncKey, ModuleInfo};

/// Which instruction of which function is changed, and how. Its text is `MODULE:FUNCTION:INSTRUCTION:CHANGE`, such as
/// `09f8a1b2:3:17:invert`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ClifMutant {
    /// The first four bytes of the BLAKE3 hash of the module, the first one highest. Other modules are not changed.
    pub module: u32,
    /// The function, which the module defines.
    pub function: FuncIndex,
    /// The number of the instruction.
    pub instruction: u32,
    /// What is done to it.
    pub change: ClifChange,
}

impl fmt::Display for ClifMutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ClifMutant { module, function, instruction, change } = self;
        write!(f, "{module:08x}:{function}:{instruction}:{change}")
    }
}

/// A text that names no mutant.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "`{0}` is not a mutant, such as `09f8a1b2:3:17:invert`: a module, a function, an instruction and a change"
)]
pub struct UnknownMutant(String);

impl FromStr for ClifMutant {
    type Err = UnknownMutant;

    fn from_str(text: &str) -> Result<ClifMutant, UnknownMutant> {
        let parse = || {
            let [module, function, instruction, change] =
                text.split(':').collect::<Vec<_>>().try_into().ok()?;
            Some(ClifMutant {
                module: u32::from_str_radix(module, 16).ok()?,
                function: FuncIndex::new(function.parse().ok()?),
                instruction: instruction.parse().ok()?,
                change: ClifChange::named(change)?,
            })
        };
        parse().ok_or_else(|| UnknownMutant(text.to_owned()))
    }
}

impl ClifMutant {
    /// The number by which mutants know a module.
    pub fn module_number(wasm: &[u8]) -> u32 {
        let [first, second, third, fourth, ..] = *blake3::hash(wasm).as_bytes();
        u32::from_be_bytes([first, second, third, fourth])
    }

    /// Whether a module defines its function.
    pub(crate) fn check(self, info: &ModuleInfo) -> Result<(), CompileError> {
        let first = info.func_index(DefinedFuncIndex::new(0)).as_u32();
        match self.function.as_u32().checked_sub(first).filter(|&number| number < info.defined_funcs()) {
            Some(_) => Ok(()),
            None => Err(CompileError::Assembly {
                function: FuncKey::Defined(DefinedFuncIndex::new(self.function.as_u32())),
                reason: format!("the module defines no function {}", self.function),
            }),
        }
    }

    /// Changes a function that was just translated, and verifies it.
    pub(crate) fn apply(
        self,
        func: &mut Function,
        isa: &dyn TargetIsa,
        key: FuncKey,
    ) -> Result<(), CompileError> {
        let refused = |reason| CompileError::Assembly { function: key, reason };
        let inst = instructions(func).nth(self.instruction as usize);
        let inst = inst.ok_or_else(|| refused(format!("there is no instruction {}", self.instruction)))?;
        if !change(func, inst, self.change) {
            return Err(refused(format!("instruction {} has no mutant `{}`", self.instruction, self.change)));
        }
        cranelift_codegen::verify_function(func, isa)
            .map_err(|errors| CompileError::Codegen { function: key, error: Box::new(errors.into()) })
    }
}

/// The instructions of a function, in the order of their numbers.
fn instructions(func: &Function) -> impl Iterator<Item = Inst> {
    func.layout.blocks().flat_map(|block| func.layout.block_insts(block))
}

/// Changes an instruction, if there is such a change of it.
fn change(func: &mut Function, inst: Inst, change: ClifChange) -> bool {
    match change.of(func, inst) {
        None => return false,
        Some(Edit::Instruction(data)) => func.dfg.insts[inst] = data,
        Some(Edit::Table(table)) => func.dfg.jump_tables[table].all_branches_mut().swap(0, 1),
        Some(Edit::Halt) => {
            let location = func.srcloc(inst);
            FuncCursor::new(func).at_inst(inst).with_srcloc(location).ins().debugtrap();
        }
    }
    true
}
