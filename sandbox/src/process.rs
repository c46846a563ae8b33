//! Waiting for workers, and ending them together with all that they have started.

use std::fs;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::path::Path;
use std::time::Duration;

/// Kills a process that [`spawn`](crate::spawn) has started and has not been waited for, and the rest of its process group:
/// all that it has started and that did not leave. A group that is gone already needs no killing.
///
/// ```
/// // Not a process that was started as the leader of a group: nothing happens.
/// trapline_sandbox::kill_group(0);
/// trapline_sandbox::kill_group(1);
/// ```
pub fn kill_group(leader: u32) {
    // 0 and 1 stand for the caller's own group and for every process there is.
    if let Ok(leader @ 2..) = libc::pid_t::try_from(leader) {
        // SAFETY: I13: the call takes no pointer.
        unsafe { libc::kill(-leader, libc::SIGKILL) };
    }
}

/// Kills the children that a thread of this process has started, but for some. `thread` is its folder, as the link
/// `/proc/thread-self` names it to the thread itself. A child that is stopped between `fork` and `exec` holds up the thread
/// that starts it, which cannot know its number yet.
///
/// # Errors
///
/// When the kernel does not tell the children of the thread.
pub fn kill_children(thread: &Path, but: &[u32]) -> io::Result<()> {
    let children = fs::read_to_string(Path::new("/proc").join(thread).join("children"))?;
    for child in children.split_ascii_whitespace().filter_map(|number| number.parse().ok()) {
        if let Ok(number @ 2..) = libc::pid_t::try_from(child)
            && !but.contains(&child)
        {
            // SAFETY: I13: the call takes no pointer.
            unsafe { libc::kill(number, libc::SIGKILL) };
        }
    }
    Ok(())
}

/// Ends this process as a kill from outside would.
pub fn end() -> ! {
    loop {
        // SAFETY: I13: the call takes no pointer.
        unsafe { libc::raise(libc::SIGKILL) };
    }
}

/// Whether a child has ended. It stays to be waited for, so that its number, which is that of its group, is not given to
/// another process.
///
/// # Errors
///
/// When there is no such child, or it has been waited for.
pub fn has_ended(child: u32) -> io::Result<bool> {
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
    // SAFETY: I13: the structure is valid for the call.
    let result = unsafe { libc::waitid(libc::P_PID, child, info.as_mut_ptr(), options) };
    if result != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: I13: zero bytes are a valid `siginfo_t`, and so is what the call has written; the number is 0 if no child
    // has ended.
    Ok(unsafe { info.assume_init().si_pid() } != 0)
}

/// Waits until a child has ended. It stays to be waited for, as for [`has_ended`].
///
/// # Errors
///
/// When there is no such child, or it has been waited for.
pub fn wait_until_ended(child: u32) -> io::Result<()> {
    loop {
        let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
        // SAFETY: I13: the structure is valid for the call.
        let result =
            unsafe { libc::waitid(libc::P_PID, child, info.as_mut_ptr(), libc::WEXITED | libc::WNOWAIT) };
        match io::Error::last_os_error() {
            _ if result == 0 => return Ok(()),
            error if error.kind() == io::ErrorKind::Interrupted => {}
            error => return Err(error),
        }
    }
}

/// Waits until a descriptor can be read from, or has come to its end. `false` if neither happened in time.
///
/// # Errors
///
/// When the descriptor cannot be waited for.
pub fn wait_readable(descriptor: BorrowedFd<'_>, timeout: Duration) -> io::Result<bool> {
    let mut wanted = libc::pollfd { fd: descriptor.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    let timeout = i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX);
    // SAFETY: I13: the structure is valid for the call.
    match unsafe { libc::poll(&mut wanted, 1, timeout) } {
        0 => Ok(false),
        1.. => Ok(true),
        _ => match io::Error::last_os_error() {
            error if error.kind() == io::ErrorKind::Interrupted => Ok(false),
            error => Err(error),
        },
    }
}

/// Has writes beyond `RLIMIT_FSIZE` fail with `EFBIG` in this process and in those that it starts, instead of ending it
/// by `SIGXFSZ`: the caller can report the error and tidy up.
pub fn fail_large_writes() {
    // SAFETY: I13: the call sets a disposition to one of the system's own.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Whether this process was started with a signal ignored, as `nohup` and shells without job control do.
pub fn is_ignored(signal: i32) -> bool {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: I13: the structure is valid for the call, which changes nothing.
    let result = unsafe { libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) };
    // SAFETY: I13: zero bytes are a valid `sigaction`, and so is what the call has written.
    result == 0 && unsafe { action.assume_init() }.sa_sigaction == libc::SIG_IGN
}
