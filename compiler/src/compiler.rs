//! The whole way from a binary to an artefact.

use crate::clif;
use crate::compiled::{self, CompiledFunction};
use crate::detour::Detour;
use crate::error::{CompileError, ExceededLimit, ProfileError};
use crate::fault;
use crate::graft::{Donor, Graft};
use crate::parse::{self, Body, ParseError, ParsedModule};
use crate::sink::jit::{self, JitCode};
use crate::sink::{CompiledModule, object};
use crate::translate::{self, Findings, ModuleEnv, Scratch};
use crate::{Profile, isa, stubs};
use cranelift_codegen::ir::Signature;
use cranelift_codegen::isa::OwnedTargetIsa;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use trapline_abi::artifact::Target;
use trapline_abi::vmlayout::VMOffsets;
use trapline_abi::{Builtin, DefinedFuncIndex, FuncKey, FuncType, ModuleInfo, TypeIndex};
use wasmparser::WasmFeatures;

/// Compiles modules under one profile. Built once, shared by reference between threads.
pub struct Compiler {
    isa: OwnedTargetIsa,
    profile: Profile,
    target: Target,
    /// Memory for compilations, one for each that has run at the same time.
    workspaces: Mutex<Vec<Workspace>>,
    /// Stubs depend on nothing but profile and machine signature, so each is compiled once.
    stubs: Mutex<FxHashMap<(StubKind, Signature), Arc<CompiledFunction>>>,
    /// The functions of all modules so far, and how many of them are compiled.
    functions: AtomicU64,
    compiled: AtomicU64,
    /// What is left out or exchanged on the way to code.
    detour: Option<Detour>,
    /// What makes the code of some functions, if that is another compiler.
    donor: Option<Box<Donor>>,
}

/// How far compilations have come.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Progress {
    /// The functions of all modules whose compilation has begun.
    pub functions: u64,
    /// How many of them are compiled.
    pub compiled: u64,
}

/// Where the time of a compilation went. With several threads, times of all of them are added up.
#[derive(Clone, Copy, Default, Debug)]
pub struct CompileTimings {
    /// Decoding, validation and translation to CLIF.
    pub translate: Duration,
    /// Cranelift: from CLIF to machine code.
    pub compile: Duration,
    /// Writing the object.
    pub emit: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum StubKind {
    Entry,
    Exit,
    Builtin(Builtin),
}

/// Memory that one thread uses for one function after the other.
pub(crate) struct Workspace {
    pub(crate) codegen: compiled::Workspace,
    pub(crate) scratch: Scratch,
}

impl Workspace {
    pub(crate) fn new(detour: Option<Detour>) -> Workspace {
        Workspace { codegen: compiled::Workspace::new(detour), scratch: Scratch::default() }
    }

    /// Translates a body into the function of the code generator's context.
    pub(crate) fn translate(&mut self, env: &ModuleEnv<'_>, body: Body<'_>) -> Result<Findings, BodyError> {
        let Workspace { codegen, scratch } = self;
        codegen.context.clear();
        #[cfg(feature = "faults")]
        let function = body.validation.index;
        let findings = translate::translate(env, body, &mut codegen.context.func, scratch);
        let findings = findings.map_err(|error| {
            // The builder was left in the middle of a function.
            *scratch = Scratch::default();
            BodyError::Refused(error)
        })?;
        #[cfg(feature = "faults")]
        if let Some(mutant) = env.mutant.filter(|mutant| mutant.function.as_u32() == function) {
            mutant.apply(&mut codegen.context.func, env).map_err(BodyError::Compile)?;
        }
        Ok(findings)
    }
}

/// Bodies of fewer bytes in total are compiled on the calling thread: handing work to others costs
/// more than it saves.
const PARALLEL_THRESHOLD: usize = 64 << 10;

impl Compiler {
    /// Sets up code generation for a profile.
    ///
    /// # Errors
    ///
    /// When Cranelift cannot generate code for this machine.
    pub fn new(profile: Profile) -> Result<Compiler, ProfileError> {
        Compiler::with_detour(profile, None)
    }

    /// Sets up code generation like [`Compiler::new`], but for functions that have the code of a graft.
    ///
    /// # Errors
    ///
    /// As [`Compiler::new`].
    pub fn with_graft(profile: Profile, graft: Graft) -> Result<Compiler, ProfileError> {
        let compiler = Compiler::new(profile)?;
        let donor = Donor::new(graft)?;
        let target = donor.joined_target(compiler.target.clone());
        Ok(Compiler { target, donor: Some(Box::new(donor)), ..compiler })
    }

    /// Sets up code generation like [`Compiler::new`], with a pass left out or exchanged.
    pub(crate) fn with_detour(profile: Profile, detour: Option<Detour>) -> Result<Compiler, ProfileError> {
        let isa = isa::build(&profile, detour)?;
        let target = isa::target(&*isa, &profile);
        Ok(Compiler {
            isa,
            profile,
            target,
            workspaces: Mutex::default(),
            stubs: Mutex::default(),
            functions: AtomicU64::new(0),
            compiled: AtomicU64::new(0),
            detour,
            donor: None,
        })
    }

    /// How far all compilations under this profile have come.
    pub fn progress(&self) -> Progress {
        // What is compiled was counted before, so that it is never more.
        let compiled = self.compiled.load(Ordering::Acquire);
        Progress { functions: self.functions.load(Ordering::Acquire), compiled }
    }

    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// What is left out or exchanged on the way to code.
    pub(crate) fn detour(&self) -> Option<Detour> {
        self.detour
    }

    #[cfg(feature = "faults")]
    pub(crate) fn isa(&self) -> &dyn cranelift_codegen::isa::TargetIsa {
        &*self.isa
    }

    /// What its code expects of the machine and the runtime.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Compiles a binary into an artefact: a relocatable ELF object.
    ///
    /// Equal binaries give equal bytes.
    ///
    /// # Errors
    ///
    /// When the binary is malformed or invalid under `features`, uses what trapline cannot compile,
    /// or exceeds a limit.
    pub fn compile(&self, wasm: &[u8], features: WasmFeatures) -> Result<Vec<u8>, CompileError> {
        self.compile_timed(wasm, features).map(|(object, _)| object)
    }

    /// Compiles like [`Compiler::compile`] and tells where the time went.
    ///
    /// # Errors
    ///
    /// As [`Compiler::compile`].
    pub fn compile_timed(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(Vec<u8>, CompileTimings), CompileError> {
        let (compiled, mut timings) = self.compile_module(wasm, features)?;
        let start = Instant::now();
        let object = self.object(&compiled)?;
        timings.emit = start.elapsed();
        Ok((object, timings))
    }

    /// Compiles a binary for any sink. Nothing is emitted yet.
    ///
    /// # Errors
    ///
    /// As [`Compiler::compile`].
    pub fn compile_module(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(CompiledModule, CompileTimings), CompileError> {
        let mut timings = CompileTimings::default();
        let compiled = self.compiled_module(wasm, features, &mut timings)?;
        Ok((compiled, timings))
    }

    /// Writes a compiled module as an artefact: a relocatable ELF object.
    ///
    /// # Errors
    ///
    /// When it exceeds a limit of the format.
    pub fn object(&self, compiled: &CompiledModule) -> Result<Vec<u8>, CompileError> {
        object::write(self.isa.clone(), compiled)
    }

    /// Places a compiled module in executable memory of this process.
    ///
    /// # Errors
    ///
    /// When no executable memory can be had.
    pub fn place(&self, compiled: &CompiledModule) -> Result<JitCode, CompileError> {
        jit::place(self.isa.clone(), compiled)
    }

    /// Whether a binary can be compiled, as far as its translation tells: everything but code generation is done.
    ///
    /// # Errors
    ///
    /// As [`Compiler::compile`].
    pub fn check(&self, wasm: &[u8], features: WasmFeatures) -> Result<(), CompileError> {
        let ParsedModule { info, bodies, .. } =
            parse::parse(wasm, features).map_err(|error| parse::refused(error, wasm, features))?;
        let env = self.environment(&info, wasm);
        let mut lease = self.lease();
        for body in bodies {
            lease.workspace.translate(&env, body).map_err(|error| error.of_module(wasm, features))?;
        }
        Ok(())
    }

    /// The code of all functions of a module, and the stubs that they need, by ascending key.
    pub(crate) fn all_functions(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<Vec<(FuncKey, Arc<CompiledFunction>)>, CompileError> {
        Ok(self.compile_module(wasm, features)?.0.functions)
    }

    /// Everything up to the sink.
    fn compiled_module(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
        timings: &mut CompileTimings,
    ) -> Result<CompiledModule, CompileError> {
        if u32::try_from(wasm.len()).is_err() {
            return Err(CompileError::Limit(ExceededLimit::of_32_bits("bytes of a module")));
        }
        let start = Instant::now();
        let ParsedModule { info, data, bodies } =
            parse::parse(wasm, features).map_err(|error| parse::refused(error, wasm, features))?;
        timings.translate = start.elapsed();
        let env = self.environment(&info, wasm);
        #[cfg(feature = "faults")]
        if let Some(mutant) = env.mutant {
            mutant.check(&info)?;
        }
        let mut functions =
            self.functions(&env, bodies, timings).map_err(|error| error.of_module(wasm, features))?;
        let wasm_hash = *blake3::hash(wasm).as_bytes();
        if let Some(donor) = &self.donor {
            donor.replace(wasm, features, wasm_hash, &mut functions)?;
        }
        let (target, debug_info) = (self.target.clone(), self.profile.debug_info);
        Ok(CompiledModule { target, wasm_hash, module: info, functions, data, debug_info })
    }

    /// Compiles all bodies and the stubs that they need, by ascending key.
    fn functions(
        &self,
        env: &ModuleEnv<'_>,
        bodies: Vec<Body<'_>>,
        timings: &mut CompileTimings,
    ) -> Result<Vec<(FuncKey, Arc<CompiledFunction>)>, BodyError> {
        let info = env.info;
        self.functions.fetch_add(bodies.len() as u64, Ordering::Release);
        let code_size: usize = bodies.iter().map(|body| body.code.as_bytes().len()).sum();
        let one = |workspace: &mut Workspace, (index, body)| self.body(env, workspace, index, body);
        let compiled: Vec<_> = if code_size < PARALLEL_THRESHOLD {
            let mut lease = self.lease();
            bodies.into_iter().enumerate().map(|entry| one(&mut lease.workspace, entry)).collect()
        } else {
            let entries: Vec<_> = bodies.into_iter().enumerate().collect();
            let take = || self.lease();
            entries.into_par_iter().map_init(take, |lease, entry| one(&mut lease.workspace, entry)).collect()
        };

        let mut functions = Vec::with_capacity(compiled.len() + 4);
        let mut indirect = Vec::new();
        let mut builtins = BTreeSet::new();
        for (index, result) in compiled.into_iter().enumerate() {
            let body = result?;
            timings.translate += body.translate;
            timings.compile += body.compile;
            indirect.extend_from_slice(&body.findings.indirect_callees);
            builtins.extend(body.findings.builtin_stubs);
            functions.push((FuncKey::Defined(DefinedFuncIndex::new(index as u32)), Arc::new(body.function)));
        }
        let start = Instant::now();
        fault::in_functions(self.profile.fault, info, &mut functions);
        self.stubs(info, indirect, &mut functions)?;
        for builtin in builtins {
            let (kind, key) = (StubKind::Builtin(builtin), FuncKey::BuiltinStub(builtin));
            let stub = self.stub(kind, key, &FuncType::default()).map_err(BodyError::Compile)?;
            functions.push((key, stub));
        }
        timings.compile += start.elapsed();
        Ok(functions)
    }

    /// What the translation of bodies has to know of a module and of this compiler.
    pub(crate) fn environment<'a>(
        &'a self,
        info: &'a ModuleInfo,
        #[cfg_attr(not(feature = "faults"), expect(unused_variables, reason = "mutants are of one module"))]
        wasm: &[u8],
    ) -> ModuleEnv<'a> {
        ModuleEnv {
            info,
            kinds: info.type_kinds(),
            layouts: translate::struct_layouts(info),
            offsets: VMOffsets::new(info),
            isa: &*self.isa,
            memory_style: self.profile.memory_style,
            relaxed: self.profile.relaxed,
            fault: self.profile.fault,
            #[cfg(feature = "faults")]
            mutant: self.profile.mutant.filter(|mutant| mutant.is_of(wasm)),
        }
    }

    fn body(
        &self,
        env: &ModuleEnv<'_>,
        workspace: &mut Workspace,
        index: usize,
        body: Body<'_>,
    ) -> Result<CompiledBody, BodyError> {
        let start = Instant::now();
        let mut findings = workspace.translate(env, body)?;
        let translated = Instant::now();
        let key = FuncKey::Defined(DefinedFuncIndex::new(index as u32));
        let (mut function, _) =
            compiled::compile(&mut workspace.codegen, env.isa, key).map_err(BodyError::Compile)?;
        function.sites = std::mem::take(&mut findings.sites);
        self.compiled.fetch_add(1, Ordering::Release);
        Ok(CompiledBody { function, findings, translate: translated - start, compile: translated.elapsed() })
    }

    /// Adds an entry stub for the type of every function that the host can get hold of, and an exit
    /// stub for every type by which the module calls functions that may be the host's.
    fn stubs(
        &self,
        info: &ModuleInfo,
        indirect: Vec<TypeIndex>,
        functions: &mut Vec<(FuncKey, Arc<CompiledFunction>)>,
    ) -> Result<(), BodyError> {
        let stub_types = info.stub_types();
        let of = |ty: TypeIndex| stub_types[ty.index()];
        let escaping = info.funcs.iter().filter(|func| func.func_ref.is_some()).map(|func| func.ty);
        let imported = info.funcs[..info.imported_funcs as usize].iter().map(|func| func.ty);
        let entry = escaping.map(|ty| FuncKey::EntryStub(of(ty)));
        let exit = imported.chain(indirect).map(|ty| FuncKey::ExitStub(of(ty)));
        let mut keys: Vec<_> = entry.chain(exit).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let (kind, ty) = match key {
                FuncKey::EntryStub(ty) => (StubKind::Entry, ty),
                FuncKey::ExitStub(ty) => (StubKind::Exit, ty),
                FuncKey::Defined(_) | FuncKey::BuiltinStub(_) => continue,
            };
            if let Some(ty) = info.func_type_at(ty) {
                functions.push((key, self.stub(kind, key, ty).map_err(BodyError::Compile)?));
            }
        }
        Ok(())
    }

    fn stub(
        &self,
        kind: StubKind,
        key: FuncKey,
        ty: &FuncType,
    ) -> Result<Arc<CompiledFunction>, CompileError> {
        let wanted = (kind, clif::wasm_signature(ty));
        if let Some(stub) = self.stubs.lock().unwrap_or_else(PoisonError::into_inner).get(&wanted) {
            return Ok(stub.clone());
        }
        let mut lease = self.lease();
        let workspace = &mut lease.workspace;
        workspace.codegen.context.clear();
        let (func, scratch) = (&mut workspace.codegen.context.func, workspace.scratch.builder());
        match kind {
            StubKind::Entry => stubs::entry(func, scratch, &*self.isa, ty),
            StubKind::Exit => stubs::exit(func, scratch, &*self.isa, ty),
            StubKind::Builtin(builtin) => stubs::builtin(func, scratch, &*self.isa, builtin),
        }
        let (stub, _) = compiled::compile(&mut workspace.codegen, &*self.isa, key)?;
        let stub = Arc::new(stub);
        // Two threads may compile the same stub at once; they get the same code.
        self.stubs.lock().unwrap_or_else(PoisonError::into_inner).insert(wanted, stub.clone());
        Ok(stub)
    }

    /// A workspace of this compiler, for as long as the lease lasts.
    fn lease(&self) -> Lease<'_> {
        let kept = self.workspaces.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Lease { compiler: self, workspace: kept.unwrap_or_else(|| Workspace::new(self.detour)) }
    }
}

struct CompiledBody {
    function: CompiledFunction,
    findings: Findings,
    translate: Duration,
    compile: Duration,
}

/// Why a body of a module has no code.
pub(crate) enum BodyError {
    Refused(ParseError),
    Compile(CompileError),
}

impl BodyError {
    /// What it counts as.
    pub(crate) fn of_module(self, wasm: &[u8], features: WasmFeatures) -> CompileError {
        match self {
            BodyError::Refused(error) => parse::refused(error, wasm, features),
            BodyError::Compile(error) => error,
        }
    }
}

/// A workspace that goes back to its compiler, unless its user panics: then it holds half a function, which the next one
/// would be built on.
struct Lease<'a> {
    compiler: &'a Compiler,
    workspace: Workspace,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let workspace = std::mem::replace(&mut self.workspace, Workspace::new(None));
            self.compiler.workspaces.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
        }
    }
}

#[cfg(test)]
mod tests;
