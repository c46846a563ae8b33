//! Limits of the system on what a process takes (`getrlimit(2)`).

use super::trouble::{Missing, check};

pub(super) fn limit_files(max_bytes: u64) -> Result<(), Missing> {
    // A write beyond the limit is then an error of that write, and does not end the process.
    crate::fail_large_writes();
    limit(libc::RLIMIT_FSIZE, max_bytes)
}

pub(super) fn limit_memory(max_bytes: u64) -> Result<(), Missing> {
    limit(libc::RLIMIT_CORE, 0)?;
    limit(libc::RLIMIT_DATA, max_bytes)
}

fn limit(resource: libc::__rlimit_resource_t, bytes: u64) -> Result<(), Missing> {
    let mut now = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: I13: the structure is valid for both calls.
    unsafe {
        check(libc::getrlimit(resource, &mut now))?;
        // The parent may have set a stricter limit.
        let bytes = bytes.min(now.rlim_max);
        check(libc::setrlimit(resource, &libc::rlimit { rlim_cur: bytes, rlim_max: bytes }))?;
    }
    Ok(())
}
