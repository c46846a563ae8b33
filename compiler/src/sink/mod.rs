//! Where compiled functions go.

pub(crate) mod jit;
pub(crate) mod object;

use crate::compiled::CompiledFunction;
use crate::error::CompileError;
use cranelift_codegen::binemit::Reloc;
use cranelift_module::{FuncId, Linkage, Module, ModuleReloc, ModuleRelocTarget};
use std::sync::Arc;
use trapline_abi::artifact::{Manifest, Target, TextRelocation};
use trapline_abi::{FuncKey, FunctionRecord, ModuleInfo, Symbols};

/// A module that is compiled, before its code is anywhere: machine code and side tables of each function, which every sink can
/// take. It is the same for the object and for memory.
#[derive(Debug)]
pub struct CompiledModule {
    pub(crate) target: Target,
    pub(crate) wasm_hash: [u8; 32],
    pub(crate) module: ModuleInfo,
    /// By ascending key.
    pub(crate) functions: Vec<(FuncKey, Arc<CompiledFunction>)>,
    pub(crate) data: Vec<u8>,
    /// Whether the code is to be described to debuggers.
    pub(crate) debug_info: bool,
}

impl CompiledModule {
    /// The functions, and the stubs that they need, in the order in which sinks place them.
    pub fn functions(&self) -> impl Iterator<Item = (FuncKey, &CompiledFunction)> {
        self.functions.iter().map(|(key, function)| (*key, &**function))
    }

    /// The bytes of all data segments.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// About how much memory it takes, in bytes.
    pub fn size(&self) -> usize {
        // Side tables take about as much as code.
        let of = |function: &CompiledFunction| size_of::<CompiledFunction>() + 3 * function.code.len();
        let functions: usize = self.functions().map(|(_, function)| of(function)).sum();
        let module = &self.module;
        let items = module.funcs.len() + module.types.len() + module.exports.len() + module.imports.len();
        functions + self.data.len() + 64 * items
    }

    /// A hash of its code and data.
    pub fn content_hash(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for (_, function) in &self.functions {
            hasher.update(&function.code);
        }
        hasher.update(&self.data);
        *hasher.finalize().as_bytes()
    }

    fn position(&self, key: FuncKey) -> Result<usize, CompileError> {
        let at = self.functions.binary_search_by_key(&key, |(key, _)| *key);
        at.map_err(|_| CompileError::Object(format!("call of {key}, which has no code")))
    }

    /// Declares and defines all functions in the order of their keys, so that what comes out
    /// depends on nothing but the compiled module.
    fn define(&self, module: &mut dyn Module, linkage: Linkage) -> Result<Vec<FuncId>, CompileError> {
        let refused = |error: &dyn std::fmt::Display| CompileError::Object(error.to_string());
        // Modules ask for a signature to declare a function and make no use of it.
        let signature = module.make_signature();
        let symbols = Symbols::new(&self.module);
        let mut ids = Vec::with_capacity(self.functions.len());
        for (key, _) in &self.functions {
            let id = module.declare_function(&symbols.symbol(*key), linkage, &signature);
            ids.push(id.map_err(|error| refused(&error))?);
        }
        let mut relocations = Vec::new();
        for ((_, function), &id) in self.functions.iter().zip(&ids) {
            relocations.clear();
            for relocation in &function.relocations {
                let target = ids[self.position(relocation.target)?];
                relocations.push(ModuleReloc {
                    offset: relocation.offset,
                    kind: Reloc::X86CallPCRel4,
                    name: ModuleRelocTarget::user(0, target.as_u32()),
                    addend: relocation.addend,
                });
            }
            module
                .define_function_bytes(id, u64::from(function.alignment), &function.code, &relocations)
                .map_err(|error| refused(&error))?;
        }
        Ok(ids)
    }

    /// Describes the module with its functions at these text offsets.
    fn manifest(&self, offsets: &[u32], text_len: u32) -> Result<Manifest, CompileError> {
        let mut relocations = Vec::new();
        for ((_, function), start) in self.functions.iter().zip(offsets) {
            for relocation in &function.relocations {
                let target = offsets[self.position(relocation.target)?];
                relocations.push(TextRelocation { offset: start + relocation.offset, target });
            }
        }
        relocations.sort_unstable();
        let record =
            |((key, function), &text_offset): (&(FuncKey, Arc<CompiledFunction>), &u32)| FunctionRecord {
                key: *key,
                text_offset,
                code_len: function.code.len() as u32,
                traps: function.traps.clone(),
                calls: function.calls.clone(),
                stack_maps: function.stack_maps.clone(),
                source: function.source.clone(),
                sites: function.sites.clone(),
            };
        Ok(Manifest {
            target: self.target.clone(),
            wasm_hash: self.wasm_hash,
            module: self.module.clone(),
            functions: self.functions.iter().zip(offsets).map(record).collect(),
            text_len,
            relocations,
        })
    }
}
