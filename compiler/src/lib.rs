//! WebAssembly to ELF objects, ahead of time, on Cranelift.
//!
//! A binary is decoded and validated ([`parse`](crate::validate)), each function body becomes an
//! `ir::Function`, each of those becomes a [`CompiledFunction`] with position-independent side
//! tables, and a sink makes an artefact of them: [`Compiler::compile`] an ELF object for
//! `trapline-runtime`. Nothing of this depends on the runtime; what both must know is in
//! `trapline-abi`.

#![deny(unsafe_code)]

mod clif;
mod compiled;
mod compiler;
mod debug;
mod detour;
mod diagnosis;
mod error;
mod fault;
mod features;
mod graft;
mod inspect;
mod isa;
#[cfg(feature = "faults")]
mod mutant;
mod parse;
mod places;
mod profile;
mod sink;
mod stubs;
mod translate;

pub use compiled::{CompiledFunction, Relocation};
pub use compiler::{CompileTimings, Compiler, Progress};
pub use detour::Detour;
pub use diagnosis::{Diagnosis, Stage};
pub use error::{CompileError, ExceededLimit, ProfileError};
pub use features::{
    ALWAYS, Support, feature_names, features_by_name, missing_features, module_features, needed_features,
    support_of, supported_features,
};
pub use graft::{Graft, GraftedFunctions};
pub use inspect::{Anatomy, Form, Instruction, Listing};
pub use isa::native_cpu_features;
#[cfg(feature = "faults")]
pub use mutant::{ClifChange, ClifMutant, ClifMutants, Examined, UnknownMutant, Unviable, Viability};
pub use parse::{CustomError, check_custom, describe, validate};
pub use profile::{Cpu, OptLevel, Profile, RelaxedSimd};
pub use sink::CompiledModule;
pub use sink::jit::JitCode;
pub use wasmparser::WasmFeatures;

/// Names the build of the compiler: its version and a hash of its sources, and the versions of what it shares with the
/// runtime, and of Cranelift. Two builds with different names need not give the same bytes.
pub fn build_name() -> String {
    let (version, sources) = (env!("CARGO_PKG_VERSION"), env!("TRAPLINE_COMPILER_SOURCES"));
    // Such a build has profiles of its own.
    let faults = if cfg!(feature = "faults") { ", with faults" } else { "" };
    format!(
        "{version}+{sources}, abi {}, cranelift {}{faults}",
        trapline_abi::VERSION,
        cranelift_codegen::VERSION
    )
}
