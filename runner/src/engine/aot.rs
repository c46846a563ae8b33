//! The default engine: every module becomes an ELF object, which is then mapped.

use super::{Engine, EngineError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use trapline_compiler::{Compiler, Profile, ProfileError, WasmFeatures};
use trapline_runtime::{Module, StoreConfig};

/// Compiles ahead of time: wasm to an ELF object, and the object's bytes to mapped code.
pub struct AotEngine {
    name: Arc<str>,
    compiler: Compiler,
    spent: Spent,
}

/// Where the time of an engine's compilations went, summed over all threads.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct EngineTimings {
    /// How many modules were compiled and mapped.
    pub modules: u64,
    /// Decoding, validation and translation to CLIF.
    pub translate: Duration,
    /// CLIF to machine code.
    pub compile: Duration,
    /// Machine code to an object.
    pub emit: Duration,
    /// An object to code that can be called.
    pub map: Duration,
}

/// The sums behind [`EngineTimings`], in nanoseconds.
#[derive(Default)]
struct Spent {
    modules: AtomicU64,
    translate: AtomicU64,
    compile: AtomicU64,
    emit: AtomicU64,
    map: AtomicU64,
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

    /// Where the time of all compilations so far went.
    pub fn timings(&self) -> EngineTimings {
        let read = |nanoseconds: &AtomicU64| Duration::from_nanos(nanoseconds.load(Ordering::Relaxed));
        EngineTimings {
            modules: self.spent.modules.load(Ordering::Relaxed),
            translate: read(&self.spent.translate),
            compile: read(&self.spent.compile),
            emit: read(&self.spent.emit),
            map: read(&self.spent.map),
        }
    }
}

impl Engine for AotEngine {
    fn name(&self) -> &str {
        &self.name
    }

    fn store_config(&self) -> StoreConfig {
        StoreConfig { memory_style: self.compiler.profile().memory_style, ..StoreConfig::default() }
    }

    fn compile(&self, wasm: &[u8], features: WasmFeatures) -> Result<Module, EngineError> {
        let (object, timings) = self.compiler.compile_timed(wasm, features)?;
        let begin = Instant::now();
        // What this build has just made must load; anything else is its own fault.
        let module = Module::from_object(&object).map_err(|error| {
            EngineError::Harness(format!("failed to {error}, of an object that was just compiled"))
        })?;
        add(&self.spent.map, begin.elapsed());
        add(&self.spent.translate, timings.translate);
        add(&self.spent.compile, timings.compile);
        add(&self.spent.emit, timings.emit);
        self.spent.modules.fetch_add(1, Ordering::Relaxed);
        Ok(module)
    }
}

fn add(sum: &AtomicU64, spent: Duration) {
    sum.fetch_add(spent.as_nanos() as u64, Ordering::Relaxed);
}
