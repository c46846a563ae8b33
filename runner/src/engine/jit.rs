//! The same code without a file: placed by a just-in-time compiler.

use super::spec::store_config;
use super::timings::Spent;
use super::{Engine, EngineError, EngineTimings, byte_difference};
use std::sync::Arc;
use std::time::Instant;
use trapline_compiler::{CompileTimings, Compiler, JitCode, Profile, ProfileError, WasmFeatures};
use trapline_runtime::{Module, PlacedCode, StoreConfig};

/// Compiles into executable memory through cranelift-jit. CLIF, profile and side tables are those of
/// the ahead-of-time path; the memory is freed with the module.
pub struct JitEngine {
    name: Arc<str>,
    compiler: Compiler,
    spent: Spent,
}

impl JitEngine {
    /// An engine for a profile, under the name that reports have for it.
    ///
    /// # Errors
    ///
    /// When this machine cannot run what the profile asks for.
    pub fn new(name: impl Into<Arc<str>>, profile: Profile) -> Result<JitEngine, ProfileError> {
        Ok(JitEngine { name: name.into(), compiler: Compiler::new(profile)?, spent: Spent::default() })
    }
}

/// Keeps the memory of a compilation for as long as its code may run.
#[derive(Debug)]
struct Kept(Arc<JitCode>);

impl PlacedCode for Kept {
    fn text(&self) -> &[u8] {
        self.0.text()
    }
}

impl Engine for JitEngine {
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
        let (code, timings) = self.compiler.compile_jit(wasm, features)?;
        self.load(code, timings)
    }

    fn compile_twice(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(Module, Option<String>), EngineError> {
        let (code, timings) = self.compiler.compile_jit(wasm, features)?;
        // Calls within the text are relative, so it is the same wherever it lies.
        let (again, _) = self.compiler.compile_jit(wasm, features)?;
        let differs = byte_difference(code.text(), again.text());
        Ok((self.load(code, timings)?, differs))
    }
}

impl JitEngine {
    fn load(&self, code: JitCode, timings: CompileTimings) -> Result<Module, EngineError> {
        let begin = Instant::now();
        let code = Arc::new(code);
        let kept = Box::new(Kept(code.clone()));
        let module = Module::from_placed(code.manifest().clone(), code.data(), kept).map_err(|error| {
            EngineError::Harness(format!("failed to {error}, of code that was just compiled"))
        })?;
        self.spent.add(timings, begin.elapsed(), module.manifest().text_len);
        Ok(module)
    }
}
