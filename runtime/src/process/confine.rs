//! Taking rights away from a process that runs code which cannot be trusted.

use std::io;

/// What a process is to be left with.
#[derive(Clone, Copy, Debug)]
pub struct Confinement {
    /// The largest file, in bytes, that it may write.
    pub max_file_bytes: u64,
    /// The largest amount of private writable memory, in bytes, that it may map. Reserved address
    /// space that cannot be accessed does not count.
    pub max_data_bytes: u64,
}

/// Confines this process, for good: limits on files and memory, no core dumps, no new privileges, no
/// file descriptors but the standard ones, and death with its parent.
///
/// # Errors
///
/// When the system refuses one of these.
pub fn confine(confinement: Confinement) -> io::Result<()> {
    limit(libc::RLIMIT_FSIZE, confinement.max_file_bytes)?;
    limit(libc::RLIMIT_DATA, confinement.max_data_bytes)?;
    limit(libc::RLIMIT_CORE, 0)?;
    // SAFETY: I9: none of these calls touches memory. Whoever holds one of the descriptors that are
    // closed has been told by this function's contract.
    unsafe {
        check(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))?;
        check(libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL))?;
        // A file that grows beyond its limit is an error of the write, not the end of the process.
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        let first_closed = libc::STDERR_FILENO as libc::c_uint + 1;
        if libc::close_range(first_closed, libc::c_uint::MAX, 0) != 0 {
            close_one_by_one()?;
        }
    }
    Ok(())
}

/// For systems without `close_range`.
fn close_one_by_one() -> io::Result<()> {
    let mut open = Vec::new();
    for entry in std::fs::read_dir("/proc/self/fd")? {
        open.extend(entry?.file_name().to_str().and_then(|name| name.parse::<i32>().ok()));
    }
    for fd in open.into_iter().filter(|&fd| fd > libc::STDERR_FILENO) {
        // SAFETY: I9: closing a number touches no memory; the one that listed the folder is closed
        // already.
        unsafe { libc::close(fd) };
    }
    Ok(())
}

fn limit(resource: libc::__rlimit_resource_t, bytes: u64) -> io::Result<()> {
    let mut now = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: I9: the structure is valid for both calls.
    unsafe {
        check(libc::getrlimit(resource, &mut now))?;
        // Who started the process may have been stricter.
        let bytes = bytes.min(now.rlim_max);
        check(libc::setrlimit(resource, &libc::rlimit { rlim_cur: bytes, rlim_max: bytes }))
    }
}

fn check(result: libc::c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
