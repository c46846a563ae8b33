//! Restrictions that a worker places on itself before it runs code that may be hostile.

use std::io;

/// The limits of a worker.
#[derive(Clone, Copy, Debug)]
pub struct Confinement {
    /// Bytes of the largest file that it may write.
    pub max_file_bytes: u64,
    /// Bytes of private writable memory that it may map. Reserved address space that cannot be accessed does not count.
    pub max_data_bytes: u64,
}

/// Confines this process for the rest of its life: limits on files and memory, no core dumps, no new privileges.
///
/// Descriptors stay as they are, because other code of the process may own them: [`spawn`](crate::spawn) decides what a
/// worker inherits, before there is any owner.
///
/// # Errors
///
/// When the system refuses one of the restrictions.
pub fn confine(confinement: Confinement) -> io::Result<()> {
    limit(libc::RLIMIT_FSIZE, confinement.max_file_bytes)?;
    limit(libc::RLIMIT_DATA, confinement.max_data_bytes)?;
    limit(libc::RLIMIT_CORE, 0)?;
    // SAFETY: I13: neither call takes a pointer or touches memory.
    unsafe {
        check(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))?;
        // A write beyond the limit on files is then an error of that write, and does not end the process.
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
    Ok(())
}

fn limit(resource: libc::__rlimit_resource_t, bytes: u64) -> io::Result<()> {
    let mut now = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: I13: the structure is valid for both calls.
    unsafe {
        check(libc::getrlimit(resource, &mut now))?;
        // The parent may have set a stricter limit.
        let bytes = bytes.min(now.rlim_max);
        check(libc::setrlimit(resource, &libc::rlimit { rlim_cur: bytes, rlim_max: bytes }))
    }
}

pub(crate) fn check(result: libc::c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
