//! Other processes, and the ties of a worker to its parent.

use super::{Attempt, CAPABILITIES, DOMAIN, FILES, SCOPE, SECCOMP, call, done, parent, result};
use crate::{Measure, attempt::Refusal};
use std::io;
use std::ptr::{null, null_mut};

pub(super) const ATTEMPTS: &[Attempt] = &[
    Attempt {
        name: "start-process",
        action: "start a process (`fork`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: true,
        run: || in_child(|| 0),
    },
    Attempt {
        name: "start-program",
        action: "run `/bin/sh` (`execve`)",
        refused_by: &[SECCOMP, FILES],
        succeeds_otherwise: true,
        run: || match in_child(run_shell) {
            // Without a process of its own for it.
            Err(error) if error.raw_os_error() == Some(libc::EPERM) => {
                Err(io::Error::from_raw_os_error(run_shell()))
            }
            result => result,
        },
    },
    Attempt {
        name: "make-namespace",
        action: "make a namespace of users (`unshare`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        // SAFETY: I15: the call takes no pointer.
        run: || done(unsafe { libc::unshare(libc::CLONE_NEWUSER) }.into()),
    },
    Attempt {
        name: "trace-parent",
        action: "trace the parent (`ptrace`)",
        refused_by: &[SECCOMP, DOMAIN],
        succeeds_otherwise: false,
        // The tracer's end ends it, and this request stops nothing.
        run: || call(libc::SYS_ptrace, [PTRACE_SEIZE, parent().into(), 0, 0, 0]).map(drop),
    },
    Attempt {
        name: "read-memory-of-parent",
        action: "read memory of the parent (`process_vm_readv`)",
        refused_by: &[SECCOMP, DOMAIN],
        succeeds_otherwise: false,
        run: || memory_of_parent(libc::SYS_process_vm_readv),
    },
    Attempt {
        name: "write-memory-of-parent",
        action: "write memory of the parent (`process_vm_writev`)",
        refused_by: &[SECCOMP, DOMAIN],
        succeeds_otherwise: false,
        run: || memory_of_parent(libc::SYS_process_vm_writev),
    },
    Attempt {
        name: "signal-parent",
        action: "send a signal to the parent (0, which only asks whether it may)",
        refused_by: &[SECCOMP, SCOPE],
        succeeds_otherwise: true,
        // SAFETY: I15: the call takes no pointer.
        run: || done(unsafe { libc::kill(parent(), 0) }.into()),
    },
    Attempt {
        name: "signal-everything",
        action: "send a signal to every process there is (0)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: true,
        // SAFETY: I15: the call takes no pointer.
        run: || done(unsafe { libc::kill(-1, 0) }.into()),
    },
    Attempt {
        name: "signal-thread-of-parent",
        action: "send a signal to a thread of the parent (`tgkill`, 0)",
        refused_by: &[SECCOMP, SCOPE],
        succeeds_otherwise: true,
        run: || call(libc::SYS_tgkill, [parent().into(), parent().into(), 0, 0, 0]).map(drop),
    },
    Attempt {
        name: "signal-by-descriptor",
        action: "send a signal to the parent by a descriptor (`pidfd_send_signal`, 0)",
        refused_by: &[SECCOMP, SCOPE],
        succeeds_otherwise: false,
        run: || {
            let descriptor = call(libc::SYS_pidfd_open, [parent().into(), 0, 0, 0, 0])?;
            call(libc::SYS_pidfd_send_signal, [descriptor, 0, 0, 0, 0]).map(drop)
        },
    },
    Attempt {
        name: "signal-by-input",
        action: "have the parent get signals for a pipe (`F_SETOWN`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: true,
        // SAFETY: I15: the call takes no pointer.
        run: || done(unsafe { libc::fcntl(0, libc::F_SETOWN, parent()) }.into()),
    },
    Attempt {
        name: "pin-parent",
        action: "set the processors that the parent runs on, to those it has",
        refused_by: &[SECCOMP],
        succeeds_otherwise: true,
        run: || {
            let mut set = [0_u64; 128];
            let len = size_of_val(&set);
            // SAFETY: I15: the set is valid for both calls.
            unsafe {
                let (get, change) = (libc::SYS_sched_getaffinity, libc::SYS_sched_setaffinity);
                let len = result(libc::syscall(get, parent(), len, set.as_mut_ptr()))?;
                done(libc::syscall(change, parent(), len, set.as_ptr()))
            }
        },
    },
    Attempt {
        name: "slow-parent",
        action: "set the priority of the parent, to the one it has",
        refused_by: &[SECCOMP],
        succeeds_otherwise: true,
        run: || {
            let who = parent().cast_unsigned();
            // SAFETY: I15: the calls take no pointers.
            let priority = unsafe { libc::getpriority(libc::PRIO_PROCESS, who) };
            // SAFETY: I15: as above.
            done(unsafe { libc::setpriority(libc::PRIO_PROCESS, who, priority) }.into())
        },
    },
    Attempt {
        name: "outlive-parent",
        action: "have no signal when the parent dies (`PR_SET_PDEATHSIG`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: true,
        // SAFETY: I15: the call takes no pointer.
        run: || done(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, 0, 0, 0, 0) }.into()),
    },
    Attempt {
        name: "leave-session",
        action: "leave the session, and with it the group that ends together (`setsid`)",
        refused_by: &[SECCOMP, (Measure::Session, Refusal::NotPermitted)],
        succeeds_otherwise: false,
        // SAFETY: I15: the call takes no pointer.
        run: || done(unsafe { libc::setsid() }.into()),
    },
    Attempt {
        name: "become-another-user",
        action: "become another user (`setuid`)",
        refused_by: &[SECCOMP, CAPABILITIES],
        succeeds_otherwise: false,
        // Not by the C library, which has its threads agree first.
        // SAFETY: I15: the call takes no pointer.
        run: || call(libc::SYS_setuid, [i64::from(unsafe { libc::getuid() }) + 1, 0, 0, 0, 0]).map(drop),
    },
];

const PTRACE_SEIZE: i64 = 0x4206;

/// What a process comes to that does this: its exit code is the number of an error, or 0.
fn in_child(work: fn() -> i32) -> io::Result<()> {
    // SAFETY: I15: the child makes system calls only, and ends.
    unsafe {
        let child = libc::fork();
        if child == 0 {
            libc::_exit(work());
        }
        result(child.into())?;
        let mut status = 0;
        result(libc::waitpid(child, &mut status, 0).into())?;
        match libc::WEXITSTATUS(status) {
            0 if libc::WIFEXITED(status) => Ok(()),
            number => Err(io::Error::from_raw_os_error(number)),
        }
    }
}

/// The number of the error by which it fails. It does not return otherwise.
fn run_shell() -> i32 {
    let (shell, flag, command) = (c"/bin/sh".as_ptr(), c"-c".as_ptr(), c"exit 0".as_ptr());
    let arguments = [shell, flag, command, null()];
    // SAFETY: I15: the strings and the array are valid for the call.
    unsafe {
        libc::execve(shell, arguments.as_ptr(), null());
        *libc::__errno_location()
    }
}

/// Reads or writes a byte at an address where nothing is.
fn memory_of_parent(number: libc::c_long) -> io::Result<()> {
    let mut byte = 0_u8;
    let ours = libc::iovec { iov_base: (&raw mut byte).cast(), iov_len: 1 };
    let theirs = libc::iovec { iov_base: null_mut(), iov_len: 1 };
    // SAFETY: I15: the structures and the byte are valid for the call.
    done(unsafe { libc::syscall(number, parent(), &raw const ours, 1, &raw const theirs, 1, 0) })
}
