//! Injected faults, for testing what observes and replaces workers.

use std::fs::File;
use std::io;
use std::os::fd::FromRawFd;

/// Stops this process, as from a terminal, until something continues it.
pub fn stop() {
    // SAFETY: I13: the call takes no pointer.
    unsafe { libc::raise(libc::SIGSTOP) };
}

/// An empty file in memory.
///
/// # Errors
///
/// When the system refuses.
pub fn file_in_memory() -> io::Result<File> {
    // SAFETY: I13: the string is valid for the call.
    let descriptor = unsafe { libc::memfd_create(c"hazard".as_ptr(), libc::MFD_CLOEXEC) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: I12: the descriptor was just made and has no other owner.
    Ok(unsafe { File::from_raw_fd(descriptor) })
}

/// Writes to address zero: a real segmentation fault in the host's own code.
pub fn segfault() {
    // SAFETY: I14: the store faults, and the process ends here. Nothing relies on what follows.
    unsafe { std::ptr::null_mut::<u8>().write_volatile(1) };
}
