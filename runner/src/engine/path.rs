//! What all engines have in common: a module is compiled once, or its saved artefact is opened, and
//! then it is there for every later use.

use super::artifacts::{ArtifactFiles, Artifacts, Kept, Mode};
use super::compilations::Compilations;
use super::error::PathError;
use super::listing;
use super::modules::{ModuleKey, Modules};
use super::native::{NativeEngine, start_native};
use super::profiler::PerfMap;
use super::properties::describe;
use super::settings::{HeapSettings, Settings};
use crate::executor::{CustomRefusal, Engine, EngineError, EngineTimings, Executor, Spent};
use crate::trail::{Irreproducible, Layer, Listing, Refusal};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use trapline_abi::{DefinedFuncIndex, InjectedFault};
use trapline_compiler::{
    Anatomy, CompileError, CompileTimings, CompiledModule, Compiler, Diagnosis, Progress, WasmFeatures,
};
use trapline_runtime::{Module, StoreConfig};

/// A path that compiled code takes into memory: what one kind of engine does in its own way.
pub(super) trait CodePath: Send + Sync {
    /// What a module is compiled to.
    type Code;

    /// Makes code of a compiled module.
    fn emit(compiler: &Compiler, compiled: &CompiledModule) -> Result<Self::Code, CompileError>;

    /// The code that an object holds; `None` if code never comes from one.
    fn of_object(object: &[u8]) -> Option<Self::Code>;

    /// Brings code into memory.
    fn load(&self, code: Self::Code) -> Result<Module, PathError>;

    /// How the code is kept in files, if another process could use it.
    fn files(&self) -> Option<&dyn ArtifactFiles<Self::Code>>;
}

/// An engine that compiles, on some path. Built once, shared by all threads of a run.
pub struct CompilingEngine<P> {
    name: Arc<str>,
    compilations: Arc<Compilations>,
    path: P,
    /// Saved artefacts, if they are to be made or used.
    artifacts: Option<Artifacts>,
    /// Where a profiler looks for the names of code, if one does.
    map: Option<&'static PerfMap>,
    modules: Modules,
    spent: Spent,
    options: PathOptions,
}

/// What an engine does beside compiling.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct PathOptions {
    /// How objects of the heap are kept.
    pub(super) heap: HeapSettings,
    /// Whether it runs ELF objects in the place of binaries.
    pub(super) takes_objects: bool,
}

#[expect(private_bounds, reason = "the paths are private to the engines")]
impl<P: CodePath> CompilingEngine<P> {
    pub(super) fn on_path(
        name: impl Into<Arc<str>>,
        compilations: Arc<Compilations>,
        path: P,
        artifacts: Option<Artifacts>,
        map: Option<&'static PerfMap>,
    ) -> CompilingEngine<P> {
        let (modules, spent) = (Modules::new(), Spent::default());
        let options = PathOptions::default();
        CompilingEngine { name: name.into(), compilations, path, artifacts, map, modules, spent, options }
    }

    fn compiler(&self) -> &Compiler {
        self.compilations.compiler()
    }

    /// Makes code of a module that took that long to compile.
    fn emit(
        &self,
        compiled: &CompiledModule,
        timings: CompileTimings,
    ) -> Result<(P::Code, CompileTimings), CompileError> {
        let begin = Instant::now();
        let code = P::emit(self.compiler(), compiled)?;
        Ok((code, CompileTimings { emit: begin.elapsed(), ..timings }))
    }

    fn code(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
        key: &ModuleKey,
    ) -> Result<(P::Code, CompileTimings), CompileError> {
        let (compiled, timings) = self.compilations.get(key, wasm, features)?;
        self.emit(&compiled, timings)
    }

    /// The engine with other options.
    pub(super) fn with(self, options: PathOptions) -> CompilingEngine<P> {
        CompilingEngine { options, ..self }
    }

    /// The object that is to be run in the place of a module, if it is one.
    fn object(&self, bytes: &[u8]) -> Option<P::Code> {
        let is_object = self.options.takes_objects && bytes.starts_with(&object::elf::ELFMAG);
        if is_object { P::of_object(bytes) } else { None }
    }

    fn make(&self, wasm: &[u8], features: WasmFeatures, key: &ModuleKey) -> Result<Module, EngineError> {
        if let Some(code) = self.object(wasm) {
            return self.path.load(code).map_err(harness);
        }
        match (&self.artifacts, self.path.files()) {
            (Some(artifacts), Some(files)) => match artifacts.mode() {
                Mode::Save => self.compile_and_save(wasm, features, key, artifacts, files),
                Mode::Load => {
                    let begin = Instant::now();
                    trapline_compiler::validate(wasm, features)?;
                    self.open(key, begin.elapsed(), artifacts, files)
                }
            },
            (None, _) | (_, None) => {
                let (code, timings) = self.code(wasm, features, key)?;
                self.load(code, timings)
            }
        }
    }

    /// A new module, once the profiler can know of it.
    fn mapped(&self, module: Module) -> Result<Module, EngineError> {
        self.map.map_or(Ok(()), |map| map.add(&module)).map_err(harness)?;
        Ok(module)
    }

    fn load(&self, code: P::Code, timings: CompileTimings) -> Result<Module, EngineError> {
        let begin = Instant::now();
        // What this build has just made must load; anything else is its own fault.
        let refused =
            |error| Refusal::new(Layer::Load, format!("failed to {error}, of code that was just compiled"));
        let module = self.path.load(code).map_err(|error| EngineError::Harness(refused(error)))?;
        self.spent.compiled(timings, begin.elapsed(), module.manifest().text_len);
        Ok(module)
    }

    /// Compiles a module, keeps its artefact, and opens that very artefact. What cannot be compiled is written down as
    /// well, so that a run from artefacts reports the same.
    fn compile_and_save(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
        key: &ModuleKey,
        artifacts: &Artifacts,
        files: &dyn ArtifactFiles<P::Code>,
    ) -> Result<Module, EngineError> {
        let (code, timings) = self.code(wasm, features, key).or_else(|error| {
            let error = EngineError::from(error);
            if let EngineError::Unsupported(lack) = &error {
                artifacts.save_refusal(key, wasm.len(), lack).map_err(harness)?;
            }
            Err(error)
        })?;
        let begin = Instant::now();
        let write = |file: &Path| files.write(&code, file);
        let artifact = artifacts.save(key, wasm.len(), files.extension(), &write).map_err(harness)?;
        let module = files.open(&artifact).map_err(harness)?;
        self.spent.compiled(timings, begin.elapsed(), module.manifest().text_len);
        Ok(module)
    }

    /// Opens the artefact of a module whose validation took that long.
    fn open(
        &self,
        key: &ModuleKey,
        validation: Duration,
        artifacts: &Artifacts,
        files: &dyn ArtifactFiles<P::Code>,
    ) -> Result<Module, EngineError> {
        let begin = Instant::now();
        match artifacts.find(key, files.extension()).map_err(harness)? {
            Kept::Refusal(lack) => Err(EngineError::Unsupported(lack)),
            Kept::Artifact(artifact) => {
                let module = files.open(&artifact).map_err(harness)?;
                artifacts.check(&artifact.path, &module, key).map_err(harness)?;
                self.spent.opened(validation, begin.elapsed());
                Ok(module)
            }
        }
    }
}

/// A module of nothing.
const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

impl<P: CodePath> Engine for CompilingEngine<P> {
    fn name(&self) -> &str {
        &self.name
    }

    fn profile(&self) -> BTreeMap<String, String> {
        describe(&Settings { profile: *self.compiler().profile(), heap: self.options.heap })
    }

    fn timings(&self) -> EngineTimings {
        self.spent.read()
    }

    fn check(&self) -> Result<(), Refusal> {
        let made_here = self.artifacts.as_ref().is_none_or(|artifacts| artifacts.mode() == Mode::Save);
        if !made_here {
            return Ok(());
        }
        let key = ModuleKey::new(EMPTY, WasmFeatures::empty());
        let (code, _) = self
            .code(EMPTY, WasmFeatures::empty(), &key)
            .map_err(|error| Refusal::failed(Layer::Codegen, error))?;
        self.path.load(code).map_err(|error| Refusal::failed(Layer::Load, error))?;
        Ok(())
    }

    fn validate(&self, wasm: &[u8], features: WasmFeatures) -> Result<(), EngineError> {
        let fault = self.compiler().profile().fault;
        match trapline_compiler::validate(wasm, features).map_err(EngineError::from) {
            Err(EngineError::Malformed(_)) if fault.is(InjectedFault::Decoding) => Ok(()),
            Err(EngineError::Invalid(_)) if fault.is(InjectedFault::Validation) => Ok(()),
            verdict => verdict,
        }
    }

    fn check_custom(&self, wasm: &[u8], features: WasmFeatures) -> Result<(), CustomRefusal> {
        if self.compiler().profile().fault.is(InjectedFault::CustomSections) {
            return self.validate(wasm, features).map_err(CustomRefusal::Module);
        }
        trapline_compiler::check_custom(wasm, features).map_err(CustomRefusal::from)
    }

    fn listing(&self, wasm: &[u8], features: WasmFeatures) -> Option<Listing> {
        listing::of(&self.module(wasm, features).ok()?)
    }

    fn anatomy(&self, wasm: &[u8], features: WasmFeatures, function: u32) -> Option<Anatomy> {
        let function = DefinedFuncIndex::new(function);
        self.compiler().anatomy(wasm, features, function).ok().flatten()
    }

    fn diagnose(&self, wasm: &[u8], features: WasmFeatures) -> Option<Diagnosis> {
        self.compiler().diagnose(wasm, features)
    }

    fn start(&self) -> Result<Box<dyn Executor + '_>, Refusal> {
        start_native(self)
    }
}

impl<P: CodePath> NativeEngine for CompilingEngine<P> {
    fn store_config(&self) -> StoreConfig {
        StoreConfig {
            memory_style: self.compiler().target().memory_style,
            fault: self.compiler().profile().fault,
            ..self.options.heap.config()
        }
    }

    fn progress(&self) -> Progress {
        self.compiler().progress()
    }

    fn module(&self, wasm: &[u8], features: WasmFeatures) -> Result<Module, EngineError> {
        let key = ModuleKey::new(wasm, features);
        let make = || self.make(wasm, features, &key).and_then(|module| self.mapped(module));
        let (module, reused) = self.modules.get_or_make(&key, make)?;
        if reused {
            self.spent.reused();
        }
        Ok(module)
    }

    fn module_twice(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(Module, Option<Irreproducible>), EngineError> {
        if self.object(wasm).is_some() {
            return self.module(wasm, features).map(|module| (module, None));
        }
        let key = ModuleKey::new(wasm, features);
        let mut compiled = None;
        let differs = match self.compilations.known(&key) {
            Some(known) => known,
            None => {
                let (first, timings) = self.compilations.get(&key, wasm, features)?;
                let differs = self.compilations.again(&first, &key, wasm, features)?;
                compiled = Some((first, timings));
                differs
            }
        };
        let make = || {
            let (code, timings) = match compiled {
                Some((compiled, timings)) => self.emit(&compiled, timings)?,
                None => self.code(wasm, features, &key)?,
            };
            self.load(code, timings).and_then(|module| self.mapped(module))
        };
        let (module, reused) = self.modules.get_or_make(&key, make)?;
        if reused {
            self.spent.reused();
        }
        Ok((module, differs))
    }
}

fn harness(error: impl std::error::Error) -> EngineError {
    EngineError::Harness(Refusal::failed(Layer::Load, error))
}
