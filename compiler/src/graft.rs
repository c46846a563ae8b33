//! Modules some of whose functions have the code of another profile, to find the function that makes a difference.

use crate::compiled::CompiledFunction;
use crate::error::CompileError;
use crate::{Compiler, Detour, Profile, ProfileError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use trapline_abi::FuncKey;
use trapline_abi::artifact::{MemoryStyle, Target};
use wasmparser::WasmFeatures;

/// Which functions of which modules have code that is made in another way.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Graft {
    /// How that code is generated.
    pub profile: Profile,
    /// What is left out or exchanged meanwhile.
    pub detour: Option<Detour>,
    /// The functions.
    pub functions: Vec<GraftedFunctions>,
}

/// Functions of one module.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GraftedFunctions {
    /// The BLAKE3 hash of the module's binary.
    pub module: [u8; 32],
    /// The functions, counted among those that the module defines.
    pub defined: Range<u32>,
}

/// What makes the code of a graft.
pub(crate) struct Donor {
    compiler: Compiler,
    functions: Vec<GraftedFunctions>,
}

impl Donor {
    pub(crate) fn new(graft: Graft) -> Result<Donor, ProfileError> {
        let Graft { profile, detour, functions } = graft;
        Ok(Donor { compiler: Compiler::with_detour(profile, detour)?, functions })
    }

    /// What code of both compilers expects of the machine and the runtime. Code that checks its accesses runs on guarded
    /// memories as well.
    pub(crate) fn joined_target(&self, target: Target) -> Target {
        let other = self.compiler.target();
        let mut cpu_features = [target.cpu_features, other.cpu_features.clone()].concat();
        cpu_features.sort();
        cpu_features.dedup();
        let is_guarded = [target.memory_style, other.memory_style].contains(&MemoryStyle::Guarded);
        let memory_style = if is_guarded { MemoryStyle::Guarded } else { MemoryStyle::Checked };
        Target { cpu_features, memory_style, ..target }
    }

    /// Puts the code of the graft in the place of a module's own, with the stubs that it needs. The whole module is compiled
    /// for it, so that the code is what it is in a module that is compiled by this profile alone.
    pub(crate) fn replace(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
        hash: [u8; 32],
        functions: &mut Vec<(FuncKey, Arc<CompiledFunction>)>,
    ) -> Result<(), CompileError> {
        let ranges: Vec<_> = self.functions.iter().filter(|grafted| grafted.module == hash).collect();
        if ranges.is_empty() {
            return Ok(());
        }
        let mut all: BTreeMap<_, _> = functions.drain(..).collect();
        for (key, code) in self.compiler.all_functions(wasm, features)? {
            match key {
                FuncKey::Defined(index) => {
                    if ranges.iter().any(|grafted| grafted.defined.contains(&index.as_u32())) {
                        all.insert(key, code);
                    }
                }
                FuncKey::EntryStub(_) | FuncKey::ExitStub(_) | FuncKey::BuiltinStub(_) => {
                    all.entry(key).or_insert(code);
                }
            }
        }
        functions.extend(all);
        Ok(())
    }
}
