//! Decides which compiled code is trusted, and what the signal handler calls and which descriptor a worker has inherited: the only room of this crate with unsafe code.
//!
//! Loading code is unsafe by nature, because no check of offsets says what the code does. What comes through here is code
//! that the compiler of this build has made: in this process, or in an artefact whose hash says that it is what was
//! written, and which the user has asked to run. With [`LoadOptions::allow_unchecked`] the user vouches for it.

#![allow(unsafe_code, reason = "loading compiled code is unsafe, and this is the room for it")]

use std::io;
use std::os::fd::{BorrowedFd, RawFd};
use std::path::Path;
use std::sync::Arc;
use trapline_compiler::JitCode;
use trapline_runtime::{CrashHooks, LoadError, LoadOptions, Module, PlacedCode, set_crash_hooks};
use trapline_sandbox::{Recorder, clear_crash, record_crash};

/// Keeps the memory of a compilation for as long as its code may run.
#[derive(Debug)]
struct Kept(Arc<JitCode>);

// SAFETY: I10: the text lies in memory that the shared `JitCode` owns; it is executable, and does not change, until the last
// owner drops it. `text` gives the same bytes at each call.
unsafe impl PlacedCode for Kept {
    fn text(&self) -> &[u8] {
        self.0.text()
    }

    fn debug_image(&self) -> Option<&[u8]> {
        self.0.debug_image()
    }
}

/// Loads an object: one that was just compiled, or an artefact that the user has named.
pub(crate) fn object(bytes: &[u8], options: LoadOptions) -> Result<Module, LoadError> {
    // SAFETY: I2: the compiler of this build made the object, which its hashes show, or the user vouches for it.
    unsafe { Module::from_object_with(bytes, options) }
}

/// Opens a shared object: one that was just linked, or an artefact that the user has named.
pub(crate) fn shared_object(path: &Path, options: LoadOptions) -> Result<Module, LoadError> {
    // SAFETY: I2, I10: as for objects; the file lies in a folder of this process or is one that the user has named, and
    // is replaced by renaming, never written to, while it is open.
    unsafe { Module::from_shared_object_with(path, options) }
}

/// Loads code that the just-in-time compiler has placed.
pub(crate) fn placed(code: JitCode) -> Result<Module, LoadError> {
    let code = Arc::new(code);
    let kept = Box::new(Kept(code.clone()));
    // SAFETY: I2, I10: manifest, data and code are those of one compilation by the compiler of this build.
    unsafe { Module::from_placed(code.manifest().clone(), code.data(), kept) }
}

/// The descriptor that a path such as `/dev/fd/63` names, which shells make of `<(…)`. `None` if it names none, or one of the
/// standard streams.
pub(crate) fn named_descriptor(path: &Path) -> Option<BorrowedFd<'static>> {
    let folders = ["/dev/fd", "/proc/self/fd"];
    let name = folders.iter().find_map(|folder| path.strip_prefix(folder).ok())?;
    let number = name.to_str()?.parse::<RawFd>().ok().filter(|&number| number > 2)?;
    Path::new(folders[1]).join(name).symlink_metadata().ok()?;
    // SAFETY: I12: it is open, and it stays open as long as this process: the process that started this one has given it, so
    // that no code of the process owns and closes it. All that is done with it is to pass it on.
    Some(unsafe { BorrowedFd::borrow_raw(number) })
}

/// Opens the page that a worker shares with its parent, by the number of the descriptor that it has inherited, and has the
/// signal handler of this process store crashes there. The worker calls it once, before it opens anything.
///
/// # Errors
///
/// When the number is not that of a descriptor of such a page.
pub(crate) fn crash_recorder(inherited: RawFd) -> io::Result<&'static Recorder> {
    // SAFETY: I12: the parent has passed the descriptor on; nothing in this process has opened or owns any other.
    let recorder = unsafe { Recorder::open_inherited(inherited) }?.arm();
    let hooks = CrashHooks { record: record_crash, clear: clear_crash };
    // SAFETY: I9: both functions load a pointer and store to atomics.
    let result = unsafe { set_crash_hooks(hooks) };
    // The only hooks of this program: if they are set already, there is nothing to do.
    let _ = result;
    Ok(recorder)
}
