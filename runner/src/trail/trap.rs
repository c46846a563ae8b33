//! Traps.

use super::{SourcePlace, WasmHash};
use serde::{Deserialize, Serialize};
use trapline_abi::{Trap, TrapDetail};
use trapline_runtime::TrapReport;

/// A trap: what, where, and with which operands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TrapInfo {
    /// The kind.
    pub kind: Trap,
    /// The kind that it is instead, if the engine does not tell the two apart.
    #[serde(default)]
    pub alternative: Option<Trap>,
    /// The function that trapped, if it was one of WebAssembly's.
    pub function: Option<FunctionName>,
    /// The trapping instruction, in bytes from the start of the module's binary.
    pub offset: Option<u32>,
    /// The trapping instruction in the script, if the module was written there as text.
    pub place: Option<SourcePlace>,
    /// The operands and the limits in force, where they are known.
    pub operands: Option<TrapDetail>,
    /// The active functions, innermost first, as far as they were recorded.
    pub frames: Vec<FrameInfo>,
    /// Whether more functions were active than `frames` holds.
    pub truncated: bool,
    /// What the host says, if it ended the call in place of an instruction.
    #[serde(default)]
    pub host: Option<String>,
}

/// A function of a module.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FunctionName {
    /// Its index.
    pub index: u32,
    /// Its name, from the name section or an export.
    pub name: Option<String>,
}

/// An active function.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FrameInfo {
    /// The name of its module, from the name section.
    pub module: Option<String>,
    /// The function.
    pub function: FunctionName,
    /// The instruction that trapped or that the function waits in, in bytes from the start of the module's binary.
    pub offset: Option<u32>,
    /// That instruction in the script, if the module was written there as text.
    pub place: Option<SourcePlace>,
    /// The module, for as long as its place in the script is not looked for. Only the process in which it trapped has it.
    #[serde(skip)]
    pub binary: Option<WasmHash>,
}

impl From<&TrapReport> for TrapInfo {
    fn from(report: &TrapReport) -> TrapInfo {
        let function = |(index, name): &(trapline_abi::FuncIndex, Option<String>)| FunctionName {
            index: index.as_u32(),
            name: name.clone(),
        };
        let frame = |frame: &trapline_runtime::Frame| FrameInfo {
            module: frame.module_name().map(str::to_owned),
            function: FunctionName { index: frame.func.as_u32(), name: frame.name().map(str::to_owned) },
            offset: frame.wasm_offset,
            place: None,
            binary: Some(WasmHash(frame.module.manifest().wasm_hash)),
        };
        TrapInfo {
            kind: report.trap,
            alternative: None,
            function: report.func.as_ref().map(function),
            offset: report.wasm_offset,
            place: None,
            operands: report.detail.clone(),
            frames: report.frames.iter().map(frame).collect(),
            truncated: report.truncated,
            host: None,
        }
    }
}

impl TrapInfo {
    /// A trap of which nothing else is known.
    pub fn of_kind(kind: Trap) -> TrapInfo {
        TrapInfo {
            kind,
            alternative: None,
            function: None,
            offset: None,
            place: None,
            operands: None,
            frames: Vec::new(),
            truncated: false,
            host: None,
        }
    }

    /// The end of a call by the host, which scripts take for a trap of `unreachable`.
    pub fn by_host(why: String) -> TrapInfo {
        TrapInfo { host: Some(why), ..TrapInfo::of_kind(Trap::Unreachable) }
    }

    /// The kinds that it can be: one, or two if the engine does not tell them apart.
    pub fn kinds(&self) -> impl Iterator<Item = Trap> {
        [Some(self.kind), self.alternative].into_iter().flatten()
    }

    /// Whether it is the end of the call stack, which the specification keeps apart from traps: the embedder ends the call.
    pub fn is_exhaustion(&self) -> bool {
        self.kind == Trap::StackOverflow
    }
}
