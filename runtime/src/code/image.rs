//! Code that is placed and ready to run.

use super::text::Text;
use trapline_abi::artifact::Manifest;
use trapline_abi::{FunctionRecord, TrapCode};

/// The code of one module together with what is known about places in it. However code comes into
/// memory, an image is what the rest of the runtime sees of it.
#[derive(Debug)]
pub(crate) struct CodeImage {
    text: Text,
    manifest: Manifest,
}

/// A place in the code of a function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The function.
    pub(crate) function: &'a FunctionRecord,
    /// Bytes from the start of the function.
    pub(crate) offset: u32,
}

impl CodeImage {
    /// Joins placed code and its manifest, which has been checked against it.
    pub(crate) fn new(text: Text, manifest: Manifest) -> Self {
        Self { text, manifest }
    }

    /// The manifest.
    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The address of the first byte of the text.
    pub(crate) fn base(&self) -> *const u8 {
        self.text.base()
    }

    /// The bytes of the text.
    pub(crate) fn text(&self) -> &[u8] {
        self.text.bytes()
    }

    /// The addresses of the text: start and end.
    pub(crate) fn bounds(&self) -> (usize, usize) {
        let start = self.base().addr();
        (start, start + self.text.len())
    }

    /// The address of a function, from a record of this image's manifest.
    pub(crate) fn address(&self, function: &FunctionRecord) -> *const u8 {
        self.base().wrapping_add(function.text_offset as usize)
    }

    /// The function that an address belongs to.
    ///
    /// Async-signal-safe: only reads, and nothing that ever changes.
    pub(crate) fn place(&self, pc: usize) -> Option<Place<'_>> {
        let offset = pc.checked_sub(self.base().addr())?;
        let functions = &self.manifest.functions;
        let after = functions.partition_point(|function| function.text_offset as usize <= offset);
        let function = functions.get(after.checked_sub(1)?)?;
        let offset = offset - function.text_offset as usize;
        (offset < function.code_len as usize).then_some(Place { function, offset: offset as u32 })
    }

    /// What a trap at an address means, if a trap can happen there.
    ///
    /// Async-signal-safe as [`CodeImage::place`].
    pub(crate) fn trap_at(&self, pc: usize) -> Option<TrapCode> {
        let place = self.place(pc)?;
        place.function.trap_at(place.offset)
    }
}
