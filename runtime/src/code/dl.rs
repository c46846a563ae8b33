//! Code in shared objects, mapped by the dynamic linker.

use super::shared::SharedText;
use super::{LoadError, PlacedCode};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use std::ffi::c_void;
use std::path::Path;

/// The text of an open shared object. It is closed, and its code unmapped, when this is dropped.
#[derive(Debug)]
pub(super) struct OpenText {
    base: *const u8,
    len: usize,
    /// Keeps the text mapped.
    _library: Library,
}

// SAFETY: I10: the text is mapped read-only and executable for as long as the library is open, and
// closing a library is possible on any thread.
unsafe impl Send for OpenText {}
// SAFETY: I10: as above.
unsafe impl Sync for OpenText {}

impl OpenText {
    /// Opens a shared object, which has been read and is as `text` says.
    ///
    /// # Errors
    ///
    /// When the dynamic linker refuses it.
    pub(super) fn open(path: &Path, text: SharedText<'_>) -> Result<OpenText, LoadError> {
        let refused = |cause| LoadError::DynamicLinker { path: path.to_owned(), cause };
        // A path without a slash would be looked for elsewhere; and a path that was opened before
        // gives the old library.
        let path = std::path::absolute(path)
            .map_err(|cause| LoadError::Unreadable { path: path.to_owned(), cause })?;
        // SAFETY: I10: the file was read, and has no initialisers that this would run.
        let library = unsafe { Library::open(Some(&path), RTLD_NOW | RTLD_LOCAL) }.map_err(refused)?;
        let handle = library.into_raw();
        let place = place(handle);
        // SAFETY: I10: the handle is the library's own, and nobody else has it.
        let library = unsafe { Library::from_raw(handle) };
        let Some(place) = place else { return Err(LoadError::BadSharedObject("nobody knows where it lies")) };
        let base = std::ptr::with_exposed_provenance(place.wrapping_add(text.address as usize));
        Ok(OpenText { base, len: text.bytes.len(), _library: library })
    }
}

/// Where an open library lies. The dynamic linker is not asked for a symbol: that would have it walk tables, and run
/// code, that the file only claims to be in order.
fn place(handle: *mut c_void) -> Option<usize> {
    let mut map: *const usize = std::ptr::null();
    // SAFETY: I10: the handle is that of an open library, and the request writes one pointer.
    let result = unsafe { libc::dlinfo(handle, libc::RTLD_DI_LINKMAP, (&raw mut map).cast()) };
    if result != 0 || map.is_null() {
        return None;
    }
    // SAFETY: I10: the first word of a `struct link_map` is the distance between the addresses of the file and those in
    // memory, and the structure lives as long as the library is open.
    Some(unsafe { *map })
}

impl PlacedCode for OpenText {
    fn text(&self) -> &[u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: I10: a segment of the file maps a text of this size at this place, and stays mapped for as long as the
        // library is open.
        unsafe { std::slice::from_raw_parts(self.base, self.len) }
    }
}
