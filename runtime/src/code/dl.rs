//! Code in shared objects, mapped by the dynamic linker.

use super::segments::Segment;
use super::shared::SharedText;
use super::{LoadError, PlacedCode};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use std::ffi::{c_char, c_int, c_void};
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
    /// Opens a shared object, which has been read and is as `text` says. A path that is open already gives the library
    /// that it gave before, whatever the file is by now: so what is open is compared with what was read.
    ///
    /// # Errors
    ///
    /// When the dynamic linker refuses it, or has something else open.
    pub(super) fn open(path: &Path, text: SharedText<'_>) -> Result<OpenText, LoadError> {
        let refused = |cause| LoadError::DynamicLinker { path: path.to_owned(), cause };
        let other = || LoadError::OpenWithOtherContents { path: path.to_owned() };
        // A path without a slash would be looked for elsewhere.
        let absolute = std::path::absolute(path)
            .map_err(|cause| LoadError::Unreadable { path: path.to_owned(), cause })?;
        // SAFETY: I10: the file was read, and has no initialisers that this would run.
        let library = unsafe { Library::open(Some(&absolute), RTLD_NOW | RTLD_LOCAL) }.map_err(refused)?;
        let handle = library.into_raw();
        let place = Place::of(handle);
        // SAFETY: I10: the handle is the library's own, and is not shared.
        let library = unsafe { Library::from_raw(handle) };
        let Some(place) = place else { return Err(LoadError::BadSharedObject("its address is unknown")) };
        if !place.has_segments(text.segments) {
            return Err(other());
        }
        let base = std::ptr::with_exposed_provenance(place.distance.wrapping_add(text.address as usize));
        let open = OpenText { base, len: text.bytes.len(), _library: library };
        if open.text() == text.bytes { Ok(open) } else { Err(other()) }
    }
}

/// Where an open library lies, and who it is: the beginning of a `struct link_map`.
#[repr(C)]
#[derive(Clone, Copy)]
struct Place {
    /// The distance between the addresses of the file and those in memory.
    distance: usize,
    /// Its name. There is one string for each library.
    name: *const c_char,
}

impl Place {
    /// Asks for the place of a library. The dynamic linker is not asked for a symbol: that would have it walk tables,
    /// and run code, that the file only claims to be in order.
    fn of(handle: *mut c_void) -> Option<Place> {
        let mut map: *const Place = std::ptr::null();
        // SAFETY: I10: the handle is that of an open library, and the request writes one pointer.
        let result = unsafe { libc::dlinfo(handle, libc::RTLD_DI_LINKMAP, (&raw mut map).cast()) };
        if result != 0 || map.is_null() {
            return None;
        }
        // SAFETY: I10: these are the first words of a `struct link_map`, which lives as long as the library is open.
        Some(unsafe { *map })
    }

    /// Whether the library that lies here was opened with these program headers.
    fn has_segments(self, segments: &[Segment]) -> bool {
        let mut question = Question { place: self, segments, holds: false };
        // SAFETY: I10: the question outlives the call, during which it is not shared.
        unsafe { libc::dl_iterate_phdr(Some(compare), (&raw mut question).cast()) };
        question.holds
    }
}

/// Whether a library has certain program headers.
struct Question<'a> {
    place: Place,
    segments: &'a [Segment],
    holds: bool,
}

/// Answers a [`Question`] if a library is the one that it is about; what is not null ends the search.
unsafe extern "C" fn compare(library: *mut libc::dl_phdr_info, _: usize, question: *mut c_void) -> c_int {
    // SAFETY: I10: `dl_iterate_phdr` passes the description of a library, and the question that it was given.
    let (library, question) = unsafe { (&*library, &mut *question.cast::<Question<'_>>()) };
    let Place { distance, name } = question.place;
    if library.dlpi_name != name || library.dlpi_addr as usize != distance {
        return 0;
    }
    let size = usize::from(library.dlpi_phnum) * size_of::<libc::Elf64_Phdr>();
    // SAFETY: I10: the dynamic linker keeps so many program headers there for as long as the library is open.
    let headers = unsafe { std::slice::from_raw_parts(library.dlpi_phdr.cast::<u8>(), size) };
    question.holds = headers == object::pod::bytes_of_slice(question.segments);
    1
}

// SAFETY: I10: the dynamic linker keeps the text mapped and executable for as long as the library is open, which is until
// this value is dropped.
unsafe impl PlacedCode for OpenText {
    fn text(&self) -> &[u8] {
        // SAFETY: I10: a segment of the file maps a text of this size at this place, and stays mapped for as long as the
        // library is open.
        unsafe { std::slice::from_raw_parts(self.base, self.len) }
    }
}
