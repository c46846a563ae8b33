//! What code compiled by trapline and the trapline runtime agree on.
//!
//! The compiler and the runtime never see each other; everything they must both know is written
//! here once: index spaces, WebAssembly types, the traps, the layout of the memory that compiled
//! code touches ([`vmlayout`]), the builtins it calls, the description of a module
//! ([`ModuleInfo`]), the side tables of its code and the format of the artefact that carries all of
//! it ([`artifact`]).
//!
//! This crate holds no unsafe code and depends on no code generator.

#![forbid(unsafe_code)]

/// The version of this crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

mod abi_hash;
pub mod artifact;
pub mod builtin;
mod const_expr;
mod cpu;
mod crash;
mod fault;
mod frame;
mod func_key;
pub mod heap;
mod index;
mod instruction;
mod module;
mod readable;
mod symbol;
mod tables;
mod trap;
mod trap_detail;
mod types;
pub mod vmlayout;

pub use abi_hash::abi_hash;
pub use builtin::Builtin;
pub use const_expr::{ConstExpr, ConstOp};
pub use cpu::{CPU_LEVEL_VARIABLE, CpuLevelError, check_cpu_level, is_cpu_feature_allowed};
pub use crash::{CrashPlace, CrashRecord};
pub use fault::{Injected, InjectedFault};
pub use frame::{frame_hash, seal};
pub use func_key::FuncKey;
pub use index::{
    DataIndex, DefinedFuncIndex, ElemIndex, EntityIndex, FuncIndex, FuncRefIndex, GlobalIndex,
    ImportedFuncIndex, MemoryIndex, TableIndex, TagIndex, TypeId, TypeIndex,
};
pub use instruction::{
    HeapInstruction, HeapSite, MemoryInstruction, MemorySite, NumericInstruction, NumericOperand, Site,
    SiteInstruction, TableInstruction, TableSite,
};
pub use module::{
    DataMode, DataSegment, ElementItems, ElementMode, ElementSegment, EntityType, Export, FuncInfo,
    GlobalInfo, Import, ModuleInfo, TableInfo,
};
pub use readable::{Readable, ReadableText, acts};
pub use symbol::Symbols;
pub use tables::{CallSite, FunctionRecord, Handler, SourceLocation, StackMap, TrapSite, TrySite};
pub use trap::{Trap, TrapCode};
pub use trap_detail::{
    CallStackDetail, CodeFunction, DropCause, Extent, FoundFunction, FoundReference, HeapDetail,
    IndirectCallDetail, NullOperand, OtherModule, SegmentExtent, Signature, TrapDetail, TypeName,
};
pub use types::{
    CompositeType, ConcreteType, FieldType, FuncType, GlobalType, HeapType, Hierarchy, IndexType, Limits,
    MemoryType, RefType, Representation, StorageType, SubType, TableType, TypeKind, ValType,
};
