//! The default engine: every module becomes an ELF object, which is then mapped.

use super::{Engine, EngineError};
use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};
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
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
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

impl Add for EngineTimings {
    type Output = EngineTimings;

    fn add(self, other: EngineTimings) -> EngineTimings {
        EngineTimings {
            modules: self.modules + other.modules,
            translate: self.translate + other.translate,
            compile: self.compile + other.compile,
            emit: self.emit + other.emit,
            map: self.map + other.map,
        }
    }
}

impl Sub for EngineTimings {
    type Output = EngineTimings;

    /// What came after `earlier`, a reading of the same engine.
    fn sub(self, earlier: EngineTimings) -> EngineTimings {
        EngineTimings {
            modules: self.modules.saturating_sub(earlier.modules),
            translate: self.translate.saturating_sub(earlier.translate),
            compile: self.compile.saturating_sub(earlier.compile),
            emit: self.emit.saturating_sub(earlier.emit),
            map: self.map.saturating_sub(earlier.map),
        }
    }
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
}

impl Engine for AotEngine {
    fn name(&self) -> &str {
        &self.name
    }

    fn timings(&self) -> EngineTimings {
        let read = |nanoseconds: &AtomicU64| Duration::from_nanos(nanoseconds.load(Ordering::Relaxed));
        EngineTimings {
            modules: self.spent.modules.load(Ordering::Relaxed),
            translate: read(&self.spent.translate),
            compile: read(&self.spent.compile),
            emit: read(&self.spent.emit),
            map: read(&self.spent.map),
        }
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
