//! wasmi, an interpreter that shares nothing with trapline but the decoder's and validator's ancestry.

mod convert;
mod executor;
mod provided;
mod refusal;
mod state;

#[cfg(test)]
mod tests;

use crate::executor::{Engine, EngineError, EngineTimings, Executor, Spent};
use crate::trail::{Refusal, StateView};
use executor::World;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use trapline_compiler::WasmFeatures;
use trapline_runtime::StoreConfig;
use wasmi::{CompilationMode, Config, Module};

/// The features that wasmi has.
const OFFERED: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::GC_TYPES)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::SIMD)
    .union(WasmFeatures::RELAXED_SIMD)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::MULTI_MEMORY)
    .union(WasmFeatures::MEMORY64)
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::CUSTOM_PAGE_SIZES)
    .union(WasmFeatures::WIDE_ARITHMETIC);

/// wasmi as an engine. It compiles to its own bytecode, so it has no machine code and no profile.
pub struct Wasmi {
    name: Arc<str>,
    /// One engine of wasmi's for each set of features that was asked for. Scripts have one set, and most have the same.
    engines: Mutex<Vec<(WasmFeatures, wasmi::Engine)>>,
    spent: Spent,
    /// The largest size of one memory in bytes.
    max_memory_bytes: u64,
    /// The largest size of one table in elements.
    max_table_elements: u64,
}

impl Wasmi {
    /// The engine, under a name in reports.
    pub fn new(name: impl Into<Arc<str>>) -> Wasmi {
        let StoreConfig { max_memory_bytes, max_table_elements, .. } = StoreConfig::default();
        Wasmi {
            name: name.into(),
            engines: Mutex::default(),
            spent: Spent::default(),
            max_memory_bytes,
            max_table_elements,
        }
    }

    /// The same, with memories and tables as large as they may be in one of trapline's own stores.
    pub(crate) fn with_limits(self, config: &StoreConfig) -> Wasmi {
        let StoreConfig { max_memory_bytes, max_table_elements, .. } = *config;
        Wasmi { max_memory_bytes, max_table_elements, ..self }
    }

    /// wasmi's engine for a set of features; what it does not have is left out.
    fn of(&self, features: WasmFeatures) -> wasmi::Engine {
        // What is behind the lock is whole at any time.
        let mut engines = self.engines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, engine)) = engines.iter().find(|(known, _)| *known == features) {
            return engine.clone();
        }
        let engine = wasmi::Engine::new(&config(features));
        engines.push((features, engine.clone()));
        engine
    }

    /// Decodes, validates and translates a module.
    fn module(
        &self,
        engine: &wasmi::Engine,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<Module, EngineError> {
        let begin = Instant::now();
        let module = Module::new(engine, wasm).map_err(|error| refusal::of(&error, wasm, features))?;
        self.spent.interpreted(begin.elapsed());
        Ok(module)
    }
}

/// Modules are translated whole before anything of them runs: otherwise a function that does not validate would be found
/// only when it is called.
fn config(features: WasmFeatures) -> Config {
    let has = |feature: WasmFeatures| features.contains(feature);
    let mut config = Config::default();
    config
        .compilation_mode(CompilationMode::Eager)
        .wasm_mutable_global(has(WasmFeatures::MUTABLE_GLOBAL))
        .wasm_saturating_float_to_int(has(WasmFeatures::SATURATING_FLOAT_TO_INT))
        .wasm_sign_extension(has(WasmFeatures::SIGN_EXTENSION))
        .wasm_reference_types(has(WasmFeatures::REFERENCE_TYPES))
        .wasm_multi_value(has(WasmFeatures::MULTI_VALUE))
        .wasm_bulk_memory(has(WasmFeatures::BULK_MEMORY))
        .floats(has(WasmFeatures::FLOATS))
        .wasm_simd(has(WasmFeatures::SIMD))
        .wasm_relaxed_simd(has(WasmFeatures::RELAXED_SIMD))
        .wasm_tail_call(has(WasmFeatures::TAIL_CALL))
        .wasm_multi_memory(has(WasmFeatures::MULTI_MEMORY))
        .wasm_memory64(has(WasmFeatures::MEMORY64))
        .wasm_extended_const(has(WasmFeatures::EXTENDED_CONST))
        .wasm_custom_page_sizes(has(WasmFeatures::CUSTOM_PAGE_SIZES))
        .wasm_wide_arithmetic(has(WasmFeatures::WIDE_ARITHMETIC));
    config
}

impl Engine for Wasmi {
    fn name(&self) -> &str {
        &self.name
    }

    fn timings(&self) -> EngineTimings {
        self.spent.read()
    }

    fn view(&self) -> StateView {
        StateView::Exported
    }

    fn is_oracle(&self) -> bool {
        true
    }

    fn validate(&self, wasm: &[u8], features: WasmFeatures) -> Result<(), EngineError> {
        // Its validator alone does not read all that its translator refuses.
        self.module(&self.of(features), wasm, features).map(drop)
    }

    fn start(&self) -> Result<Box<dyn Executor + '_>, Refusal> {
        Ok(Box::new(World::new(self)))
    }
}
