//! The default engine: every module becomes an ELF object, which is then mapped.

use super::spec::store_config;
use super::timings::Spent;
use super::{Engine, EngineError, EngineTimings, byte_difference};
use std::sync::Arc;
use std::time::Instant;
use trapline_compiler::{CompileTimings, Compiler, Profile, ProfileError, WasmFeatures};
use trapline_runtime::{Module, StoreConfig};

/// Compiles ahead of time: wasm to an ELF object, and the object's bytes to mapped code.
pub struct AotEngine {
    name: Arc<str>,
    compiler: Compiler,
    spent: Spent,
}

impl AotEngine {
    /// An engine for a profile, under the name that reports have for it.
    ///
    /// # Errors
    ///
    /// When this machine cannot run what the profile asks for.
    pub fn new(name: impl Into<Arc<str>>, profile: Profile) -> Result<AotEngine, ProfileError> {
        Ok(AotEngine { name: name.into(), compiler: Compiler::new(profile)?, spent: Spent::default() })
    }

    fn load(&self, object: &[u8], timings: CompileTimings) -> Result<Module, EngineError> {
        let begin = Instant::now();
        // What this build has just made must load; anything else is its own fault.
        let module = Module::from_object(object).map_err(|error| {
            EngineError::Harness(format!("failed to {error}, of an object that was just compiled"))
        })?;
        self.spent.add(timings, begin.elapsed(), module.manifest().text_len);
        Ok(module)
    }
}

impl Engine for AotEngine {
    fn name(&self) -> &str {
        &self.name
    }

    fn profile(&self) -> Option<&Profile> {
        Some(self.compiler.profile())
    }

    fn timings(&self) -> EngineTimings {
        self.spent.read()
    }

    fn store_config(&self) -> StoreConfig {
        store_config(self.compiler.profile())
    }

    fn compile(&self, wasm: &[u8], features: WasmFeatures) -> Result<Module, EngineError> {
        let (object, timings) = self.compiler.compile_timed(wasm, features)?;
        self.load(&object, timings)
    }

    fn compile_twice(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(Module, Option<String>), EngineError> {
        let (object, timings) = self.compiler.compile_timed(wasm, features)?;
        let again = self.compiler.compile(wasm, features)?;
        Ok((self.load(&object, timings)?, byte_difference(&object, &again)))
    }
}
