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
pub use examine::{ClifMutants, Examined, Unviable, Viability};

use crate::error::CompileError;
use crate::translate::ModuleEnv;
use change::Edit;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{Function, Inst, InstBuilder};
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

    /// Whether it changes a module.
    pub(crate) fn is_of(&self, wasm: &[u8]) -> bool {
        self.module == ClifMutant::module_number(wasm)
    }

    /// Whether its module defines its function.
    pub(crate) fn check(self, info: &ModuleInfo) -> Result<(), CompileError> {
        match info.split_func(self.function) {
            Ok(defined) if defined.as_u32() < info.defined_funcs() => Ok(()),
            Ok(_) | Err(_) => {
                Err(self.refused(info, format!("the module defines no function {}", self.function)))
            }
        }
    }

    /// Changes its function, which was just translated, and verifies it.
    pub(crate) fn apply(self, func: &mut Function, env: &ModuleEnv<'_>) -> Result<(), CompileError> {
        let ClifMutant { instruction, change: wanted, .. } = self;
        let Some(inst) = instructions(func).nth(instruction as usize) else {
            return Err(self.refused(env.info, format!("there is no instruction {instruction}")));
        };
        if !change(func, inst, wanted) {
            return Err(self.refused(env.info, format!("instruction {instruction} has no mutant `{wanted}`")));
        }
        cranelift_codegen::verify_function(func, env.isa).map_err(|errors| CompileError::Codegen {
            function: self.key(env.info),
            error: Box::new(errors.into()),
        })
    }

    fn refused(self, info: &ModuleInfo, reason: String) -> CompileError {
        CompileError::Assembly { function: self.key(info), reason }
    }

    /// What errors call its function: by its place among the defined ones, if it has one.
    fn key(self, info: &ModuleInfo) -> FuncKey {
        let defined = info.split_func(self.function);
        FuncKey::Defined(defined.unwrap_or_else(|imported| DefinedFuncIndex::new(imported.as_u32())))
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
