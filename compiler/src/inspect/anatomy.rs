//! One function of a module from its IR to the code that the module has of it.

use super::{Form, assembly};
use crate::error::CompileError;
use crate::{Compiler, WasmFeatures};
use serde::{Deserialize, Serialize};
use trapline_abi::{DefinedFuncIndex, FuncKey, Symbols};

/// A function at all stages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Anatomy {
    /// Cranelift's intermediate representation as it was translated, as [`Form::Clif`].
    pub clif: String,
    /// The same after Cranelift's passes over it, as [`Form::Optimized`].
    pub optimized: String,
    /// The machine code that the module has.
    pub code: Vec<Instruction>,
}

/// An instruction of machine code, or a line of data.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Instruction {
    /// Where it is, in bytes from the start of the function.
    pub at: u32,
    /// The WebAssembly offset that it comes from, if it comes from one.
    pub wasm: Option<u32>,
    /// Its bytes, in hexadecimal.
    pub bytes: String,
    /// The instruction, and behind `;` what is known of it.
    pub text: String,
}

impl Compiler {
    /// Shows a function of a module, counted among those that it defines; `None` if it has no such function. The whole module is
    /// compiled, so that the code is what an artefact has.
    ///
    /// # Errors
    ///
    /// As [`Compiler::compile`].
    pub fn anatomy(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
        function: DefinedFuncIndex,
    ) -> Result<Option<Anatomy>, CompileError> {
        let (module, _) = self.compile_module(wasm, features)?;
        let index = module.module.func_index(function);
        let symbols = Symbols::new(&module.module);
        let key = FuncKey::Defined(function);
        let Some((_, compiled)) = module.functions.iter().find(|(other, _)| *other == key) else {
            return Ok(None);
        };
        let listings =
            self.inspect(wasm, features, &[Form::Clif, Form::Optimized], |func, _| func == index)?;
        let Some(listing) = listings.into_iter().next() else { return Ok(None) };
        let [clif, optimized] = <[String; 2]>::try_from(listing.texts).unwrap_or_default();
        Ok(Some(Anatomy { clif, optimized, code: assembly::instructions(compiled, &symbols) }))
    }
}
