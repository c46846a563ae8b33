//! Starting workers.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

/// Starts a process that leads a session and a process group of its own, has no terminal, is killed when the calling
/// thread ends, and inherits its standard streams and the given descriptors, at their numbers, and no others.
///
/// # Errors
///
/// When the system refuses, or a given descriptor is one of the standard streams, which `command` decides about.
pub fn spawn(mut command: Command, inherited: &[BorrowedFd<'_>]) -> io::Result<Child> {
    let inherited: Vec<RawFd> = inherited.iter().map(AsRawFd::as_raw_fd).collect();
    if inherited.iter().any(|&fd| fd <= libc::STDERR_FILENO) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a standard stream cannot be given twice"));
    }
    let parent = std::process::id();
    // SAFETY: I12: `prepare` allocates nothing, locks nothing and makes only async-signal-safe calls.
    unsafe { command.pre_exec(move || prepare(parent, &inherited)) };
    command.spawn()
}

/// What a child does between `fork` and `exec`.
fn prepare(parent: u32, inherited: &[RawFd]) -> io::Result<()> {
    // SAFETY: I12: none of these calls takes a pointer. This process has one thread, and what it does to its table of
    // descriptors is invisible to the parent.
    unsafe {
        if libc::setsid() < 0 {
            return Err(io::Error::last_os_error());
        }
        if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) != 0 {
            return Err(io::Error::last_os_error());
        }
        // A parent that died before the call above sends no signal.
        if libc::getppid().cast_unsigned() != parent {
            libc::_exit(1);
        }
        close_at_exec()?;
        for &fd in inherited {
            if libc::fcntl(fd, libc::F_SETFD, 0) != 0 {
                return Err(io::Error::last_os_error());
            }
        }
    }
    Ok(())
}

/// Marks every descriptor but the standard streams to be closed when the program starts. They stay open until then: the
/// standard library reports through one of them.
fn close_at_exec() -> io::Result<()> {
    let first = libc::STDERR_FILENO + 1;
    // SAFETY: I12: as in `prepare`; the structure is valid for the call.
    unsafe {
        let all = libc::c_uint::MAX;
        let flags = libc::CLOSE_RANGE_CLOEXEC as libc::c_int;
        if libc::close_range(first.cast_unsigned(), all, flags) == 0 {
            return Ok(());
        }
        // Systems without the call, or without the flag.
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) != 0 {
            return Err(io::Error::last_os_error());
        }
        let end = libc::c_int::try_from(limit.rlim_cur).unwrap_or(libc::c_int::MAX);
        for fd in first..end {
            // Most numbers are not descriptors.
            let _ = libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC);
        }
    }
    Ok(())
}
