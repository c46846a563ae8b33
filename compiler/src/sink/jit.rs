//! The in-memory sink: cranelift-jit.
//!
//! It takes the very functions that the object sink takes, so that code bytes before relocation,
//! manifest and data are the same on both paths; what differs is who places and relocates them.

#![allow(unsafe_code, reason = "code in memory is freed by hand and read back through raw pointers")]

use super::CompiledModule;
use crate::debug;
use crate::error::CompileError;
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_jit::{ArenaMemoryProvider, JITBuilder, JITModule};
use cranelift_module::{Linkage, default_libcall_names};
use std::fmt;
use std::mem::ManuallyDrop;
use trapline_abi::artifact::Manifest;

/// Compiled code in executable memory, with what an artefact says about its code. The memory is
/// freed when this is dropped.
pub struct JitCode {
    _memory: OwnedModule,
    base: *const u8,
    len: usize,
    manifest: Manifest,
    data: Vec<u8>,
    debug_image: Option<Vec<u8>>,
}

// SAFETY: I13: the code is not written to after it was finalized, and the module that owns its memory is only used once
// more, to free it.
unsafe impl Send for JitCode {}
// SAFETY: I13: as above; `&JitCode` gives out nothing but addresses and plain data.
unsafe impl Sync for JitCode {}

impl JitCode {
    /// The code, from the start of the first to the end of the last function. Text offsets of the
    /// manifest count from its first byte.
    pub fn text(&self) -> &[u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: I13: all functions lie in one arena that is readable, initialised (the system gives zeroed pages)
        // and not written any more; it lives as long as `self`.
        unsafe { std::slice::from_raw_parts(self.base, self.len) }
    }

    /// The description of the module and its code.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The bytes of all data segments.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// An object that describes the code to debuggers, if the profile asks for debug information. The address of its
    /// section `.text` is still to be filled in.
    pub fn debug_image(&self) -> Option<&[u8]> {
        self.debug_image.as_deref()
    }
}

impl fmt::Debug for JitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JitCode").field("base", &self.base).field("len", &self.len).finish_non_exhaustive()
    }
}

/// A module, whose memory is freed when this is dropped: by itself the module would keep it for good.
struct OwnedModule(ManuallyDrop<JITModule>);

impl Drop for OwnedModule {
    fn drop(&mut self) {
        // SAFETY: I13: this is the only place that takes the module, and the last that has it. Either placing the code failed
        // before its address left this file, or it belongs to a `JitCode`, which its users keep alive for as long as the code
        // may run: `trapline-runtime` keeps the owner of an image (I10).
        unsafe { ManuallyDrop::take(&mut self.0).free_memory() };
    }
}

/// Places functions in executable memory.
///
/// All of them lie in one arena: separate mappings could end up further apart than a call reaches.
///
/// # Errors
///
/// When memory cannot be had or made executable.
pub(crate) fn place(isa: OwnedTargetIsa, compiled: &CompiledModule) -> Result<JitCode, CompileError> {
    let refused = |error: &dyn fmt::Display| CompileError::Object(error.to_string());
    let room = |(_, function): &(_, std::sync::Arc<crate::CompiledFunction>)| {
        function.code.len() + function.alignment.max(16) as usize
    };
    // The arena hands out whole pages at a time.
    let size = compiled.functions.iter().map(room).sum::<usize>() + (1 << 16);
    let arena = ArenaMemoryProvider::new_with_size(size).map_err(|error| refused(&error))?;
    let mut builder = JITBuilder::with_isa(isa.clone(), default_libcall_names());
    builder.memory_provider(Box::new(arena));
    // From here on errors free it, too.
    let mut memory = OwnedModule(ManuallyDrop::new(JITModule::new(builder)));
    let module = &mut *memory.0;

    let ids = compiled.define(module, Linkage::Local)?;
    module.finalize_definitions().map_err(|error| refused(&error))?;

    let starts: Vec<usize> = ids.iter().map(|&id| module.get_finalized_function(id).addr()).collect();
    let ends =
        starts.iter().zip(&compiled.functions).map(|(start, (_, function))| start + function.code.len());
    let base = starts.iter().copied().min().unwrap_or(0);
    let len = ends.max().unwrap_or(0) - base;
    let offsets: Vec<u32> = starts.iter().map(|start| (start - base) as u32).collect();
    let first = ids.iter().map(|&id| module.get_finalized_function(id)).min_by_key(|code| code.addr());
    let debug_image = match compiled.debug_info {
        true => Some(debug::image(&*isa, compiled, &offsets)?),
        false => None,
    };
    let (manifest, data) = (compiled.manifest(&offsets, len as u32)?, compiled.data.clone());
    let base = first.unwrap_or(std::ptr::null());
    Ok(JitCode { _memory: memory, base, len, manifest, data, debug_image })
}
