//! What a process has beyond its files and its memory: an environment, a terminal, capabilities.

use super::trouble::{Missing, check};
use std::io;

/// The environment is the parent's to decide; this only says whether it holds more than it may.
pub(super) fn check_environment(allowed: &[&str]) -> Result<(), Missing> {
    let surplus =
        std::env::vars_os().filter(|(name, _)| !allowed.iter().any(|allowed| name == allowed)).count();
    match surplus {
        0 => Ok(()),
        1 => Err(Missing("it holds 1 other variable".to_owned())),
        _ => Err(Missing(format!("it holds {surplus} other variables"))),
    }
}

/// [`spawn`](crate::spawn) has made the process the leader of a session; one that was started otherwise becomes one. A leader without
/// a terminal could open one and so acquire it, which the other measures prevent.
pub(super) fn lead_session() -> Result<(), Missing> {
    // SAFETY: I13: neither call takes a pointer.
    unsafe {
        if libc::getsid(0).cast_unsigned() != std::process::id() && libc::setsid() < 0 {
            return Err(io::Error::last_os_error().into());
        }
    }
    Ok(())
}

/// The layout of `capset(2)` that `_LINUX_CAPABILITY_VERSION_3` names.
const VERSION: u32 = 0x2008_0522;

#[repr(C)]
struct Header {
    version: u32,
    /// 0 is the calling thread.
    pid: libc::c_int,
}

#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq)]
struct Sets {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

pub(super) fn drop_capabilities() -> Result<(), Missing> {
    // Those that programs of root would begin with. They can be dropped as long as this process has the right to.
    // SAFETY: I13: none of these calls takes a pointer.
    unsafe {
        for capability in 0..64 {
            if libc::prctl(libc::PR_CAPBSET_READ, capability, 0, 0, 0) == 1 {
                // Who may not drop them has none to drop; programs gain none by the measure that follows.
                let _ = libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0);
            }
        }
        // Kernels before 4.3 have no such set.
        let _ = libc::prctl(libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    }
    let header = Header { version: VERSION, pid: 0 };
    let none = [Sets::default(); 2];
    let mut left = [Sets { effective: 1, ..Sets::default() }; 2];
    // SAFETY: I13: the structures are valid for the calls, and as large as this version of the layout says.
    let results = unsafe {
        [
            libc::syscall(libc::SYS_capset, &raw const header, none.as_ptr()),
            libc::syscall(libc::SYS_capget, &raw const header, left.as_mut_ptr()),
        ]
    };
    if results != [0, 0] {
        return Err(io::Error::last_os_error().into());
    }
    if left == none { Ok(()) } else { Err(Missing("some are left".to_owned())) }
}

pub(super) fn forbid_new_privileges() -> Result<(), Missing> {
    // SAFETY: I13: the call takes no pointer.
    Ok(check(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) })?)
}
