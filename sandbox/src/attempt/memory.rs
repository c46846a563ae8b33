//! Memory beyond what limits count.

use super::{Attempt, Refusal, SECCOMP, done, result};
use crate::Measure;
use std::io;
use std::ptr::null_mut;

pub(super) const ATTEMPTS: &[Attempt] = &[
    Attempt {
        name: "memory-beyond-limit",
        action: "map more private memory than the limit",
        refused_by: &[(Measure::Memory, Refusal::NoMemory)],
        succeeds_otherwise: true,
        run: || {
            let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
            // SAFETY: I15: the structure is valid for the call.
            done(unsafe { libc::getrlimit(libc::RLIMIT_DATA, &mut limit) }.into())?;
            let limited = limit.rlim_cur != libc::RLIM_INFINITY;
            map(if limited { limit.rlim_cur as usize } else { 1 << 20 }, libc::MAP_PRIVATE)
        },
    },
    Attempt {
        name: "lift-limit",
        action: "set the limit of private memory (`setrlimit`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: true,
        run: || {
            let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
            // SAFETY: I15: the structure is valid for both calls.
            unsafe {
                done(libc::getrlimit(libc::RLIMIT_DATA, &mut limit).into())?;
                limit.rlim_cur = limit.rlim_max;
                done(libc::setrlimit(libc::RLIMIT_DATA, &limit).into())
            }
        },
    },
    Attempt {
        name: "share-memory",
        action: "map shared memory, which no limit of the process counts",
        refused_by: &[SECCOMP],
        succeeds_otherwise: true,
        run: || map(4096, libc::MAP_SHARED),
    },
    Attempt {
        name: "file-in-memory",
        action: "make a file in memory (`memfd_create`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: true,
        // SAFETY: I15: the string is valid for the call.
        run: || done(unsafe { libc::memfd_create(c"attempt".as_ptr(), libc::MFD_CLOEXEC) }.into()),
    },
    Attempt {
        name: "memory-that-stays",
        action: "make shared memory that outlives the process (`shmget`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || {
            // SAFETY: I15: the calls take no pointers but null.
            unsafe {
                let id = result(libc::shmget(libc::IPC_PRIVATE, 4096, 0o600).into())? as i32;
                done(libc::shmctl(id, libc::IPC_RMID, null_mut()).into())
            }
        },
    },
    Attempt {
        name: "pipe",
        action: "make a pipe, whose content no limit of the process counts",
        refused_by: &[SECCOMP],
        succeeds_otherwise: true,
        run: || io::pipe().map(drop),
    },
];

fn map(len: usize, kind: libc::c_int) -> io::Result<()> {
    let (protection, flags) =
        (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_ANONYMOUS | libc::MAP_NORESERVE | kind);
    // SAFETY: I15: a new mapping, which is in no use when it is unmapped.
    unsafe {
        match libc::mmap(null_mut(), len, protection, flags, -1, 0) {
            libc::MAP_FAILED => Err(io::Error::last_os_error()),
            mapped => done(libc::munmap(mapped, len).into()),
        }
    }
}
