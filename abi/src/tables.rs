//! What is known about places in compiled code. All code offsets are in bytes from the start of the
//! function, so that the tables hold wherever a function is placed; all WebAssembly offsets are in
//! bytes from the start of the module.

use crate::{FuncKey, Site, SiteInstruction, TagIndex, TrapCode};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// One compiled function of an artefact, with the side tables of its code.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FunctionRecord {
    /// What it is.
    pub key: FuncKey,
    /// Where its code starts, in bytes from the start of the artefact's text.
    pub text_offset: u32,
    /// The size of its code in bytes, constants and jump tables included.
    pub code_len: u32,
    /// Instructions that may trap, by ascending offset.
    pub traps: Vec<TrapSite>,
    /// Calls, by ascending offset.
    pub calls: Vec<CallSite>,
    /// References that live across calls, by ascending offset.
    pub stack_maps: Vec<StackMap>,
    /// Where the code comes from, by ascending offset; each entry holds up to the next.
    pub source: Vec<SourceLocation>,
    /// Instructions that may trap in this code, by ascending WebAssembly offset.
    pub sites: Vec<Site>,
}

/// An instruction that may trap.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TrapSite {
    /// The offset of the instruction.
    pub offset: u32,
    /// What a trap there means.
    pub code: TrapCode,
}

/// A call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CallSite {
    /// The offset of the instruction after the call.
    pub return_offset: u32,
    /// What exceptions are caught here, if any are.
    pub handled: Option<Box<TrySite>>,
}

/// The handlers of a call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TrySite {
    /// The size of the frame: from the stack pointer at the call up to the frame pointer.
    pub frame_size: u32,
    /// Where the frame keeps the context in whose terms tags are meant, in bytes above the stack pointer at the call.
    pub context: u32,
    /// The handlers, in the order in which they are tried.
    pub handlers: Vec<Handler>,
}

/// A handler of exceptions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Handler {
    /// The tag of the exceptions that it catches; `None` if it catches all.
    pub tag: Option<TagIndex>,
    /// The offset of the code that goes on with the exception.
    pub pad: u32,
}

/// The references that live in a frame across one call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StackMap {
    /// The offset of the instruction after the call.
    pub return_offset: u32,
    /// The size of the frame: from the stack pointer at the call up to the frame pointer.
    pub frame_size: u32,
    /// Where the references lie, in bytes above the stack pointer at the call.
    pub slots: Vec<u32>,
}

/// The start of a stretch of code that comes from one WebAssembly instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SourceLocation {
    /// The offset of the first instruction of the stretch.
    pub offset: u32,
    /// The offset of the WebAssembly instruction; `None` where the code has no counterpart.
    pub wasm_offset: Option<u32>,
}

impl SourceLocation {
    /// The WebAssembly offset of the code at a code offset, by the locations of its function.
    pub fn wasm_offset_at(locations: &[SourceLocation], offset: u32) -> Option<u32> {
        let after = locations.partition_point(|location| location.offset <= offset);
        locations[..after].last()?.wasm_offset
    }
}

impl FunctionRecord {
    /// What a trap at this code offset means, if a trap can happen there.
    pub fn trap_at(&self, offset: u32) -> Option<TrapCode> {
        let at = self.traps.binary_search_by_key(&offset, |site| site.offset).ok()?;
        Some(self.traps[at].code)
    }

    /// The call that returns to a code offset.
    pub fn call_returning_to(&self, offset: u32) -> Option<&CallSite> {
        let at = self.calls.binary_search_by_key(&offset, |call| call.return_offset).ok()?;
        Some(&self.calls[at])
    }

    /// The references that live across the call that returns to a code offset.
    pub fn stack_map_at(&self, offset: u32) -> Option<&StackMap> {
        let at = self.stack_maps.binary_search_by_key(&offset, |map| map.return_offset).ok()?;
        Some(&self.stack_maps[at])
    }

    /// The WebAssembly offset of the code at this code offset.
    pub fn wasm_offset_at(&self, offset: u32) -> Option<u32> {
        SourceLocation::wasm_offset_at(&self.source, offset)
    }

    /// The instruction that may trap at a WebAssembly offset.
    pub fn site_at(&self, wasm_offset: u32) -> Option<&SiteInstruction> {
        let at = self.sites.binary_search_by_key(&wasm_offset, |site| site.wasm_offset).ok()?;
        Some(&self.sites[at].instruction)
    }

    /// The stretches of code that come from the instruction at a WebAssembly offset, in bytes from the start of the code.
    pub fn code_of(&self, wasm_offset: u32) -> impl Iterator<Item = Range<u32>> {
        let ends = self.source.iter().skip(1).map(|next| next.offset).chain([self.code_len]);
        let of_it = move |(at, _): &(&SourceLocation, u32)| at.wasm_offset == Some(wasm_offset);
        self.source.iter().zip(ends).filter(of_it).map(|(at, end)| at.offset..end)
    }
}
