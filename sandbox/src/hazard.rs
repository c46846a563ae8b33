//! Injected faults, for testing what observes and replaces workers.

/// Stops this process, as from a terminal, until something continues it.
pub fn stop() {
    // SAFETY: I13: the call takes no pointer.
    unsafe { libc::raise(libc::SIGSTOP) };
}

/// Writes to address zero: a real segmentation fault in the host's own code.
pub fn segfault() {
    // SAFETY: I14: the store faults, and the process ends here. Nothing relies on what follows.
    unsafe { std::ptr::null_mut::<u8>().write_volatile(1) };
}
