//! Code in shared objects, mapped and relocated by the dynamic linker.

use super::{LoadError, PlacedCode};
use std::ffi::c_void;
use std::path::Path;
use trapline_abi::artifact::TEXT_SYMBOL;

/// The text of an open shared object. It is closed, and its code unmapped, when this is dropped.
#[derive(Debug)]
pub(super) struct SharedText {
    base: *const u8,
    len: usize,
    /// Keeps the text mapped.
    _library: libloading::os::unix::Library,
}

// SAFETY: I10: the text is mapped read-only and executable for as long as the library is open, and
// closing a library is possible on any thread.
unsafe impl Send for SharedText {}
// SAFETY: I10: as above.
unsafe impl Sync for SharedText {}

impl SharedText {
    /// Opens a shared object and finds the text in it.
    ///
    /// # Errors
    ///
    /// When the dynamic linker refuses it, or it has no text symbol, or less text than it says.
    pub(super) fn open(path: &Path, len: usize) -> Result<SharedText, LoadError> {
        let refused = |cause| LoadError::DynamicLinker { path: path.to_owned(), cause };
        let flags = libloading::os::unix::RTLD_NOW | libloading::os::unix::RTLD_LOCAL;
        // A path without a slash would be looked for elsewhere; and a path that was opened before
        // gives the old library.
        let path = std::path::absolute(path)
            .map_err(|cause| LoadError::Unreadable { path: path.to_owned(), cause })?;
        // SAFETY: I10: objects made from artefacts have no initialisers; whoever passes another
        // library runs its initialisers, as with any program that opens it.
        let library = unsafe { libloading::os::unix::Library::open(Some(&path), flags) }.map_err(refused)?;
        // SAFETY: I10: the symbol is only used as an address.
        let symbol = unsafe { library.get::<*mut c_void>(TEXT_SYMBOL.as_bytes()) }.map_err(refused)?;
        let base = symbol.as_raw_ptr().cast::<u8>().cast_const();
        Ok(SharedText { base, len, _library: library })
    }
}

impl PlacedCode for SharedText {
    fn text(&self) -> &[u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: I10: the symbol stands at the start of a text of this size, which the linker keeps
        // in one piece, and which is mapped for as long as the library is open.
        unsafe { std::slice::from_raw_parts(self.base, self.len) }
    }
}
