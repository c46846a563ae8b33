//! What a process must survive being done to, for tests of those who watch it.

/// Writes to address zero: a real segmentation fault, in the host's own code.
pub fn segfault() {
    // SAFETY: I9: not sound and not meant to be: the process is to die here.
    unsafe { std::ptr::null_mut::<u8>().write_volatile(1) };
}
