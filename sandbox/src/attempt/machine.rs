//! The kernel and the machine. None of these calls would do anything if it were allowed: what it asks for makes no sense.

use super::{Attempt, CAPABILITIES, SECCOMP, call, done};

pub(super) const ATTEMPTS: &[Attempt] = &[
    Attempt {
        name: "host-name",
        action: "name the machine, with a name of negative length",
        refused_by: &[SECCOMP, CAPABILITIES],
        succeeds_otherwise: false,
        run: || call(libc::SYS_sethostname, [0, -1, 0, 0, 0]).map(drop),
    },
    Attempt {
        name: "clock",
        action: "set the clock, to nothing",
        refused_by: &[SECCOMP, CAPABILITIES],
        succeeds_otherwise: false,
        run: || call(libc::SYS_settimeofday, [0; 5]).map(drop),
    },
    Attempt {
        name: "reboot",
        action: "restart the machine, without the magic numbers that this needs",
        refused_by: &[SECCOMP, CAPABILITIES],
        succeeds_otherwise: false,
        run: || call(libc::SYS_reboot, [0; 5]).map(drop),
    },
    Attempt {
        name: "swap",
        action: "swap to a file without a name",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || call(libc::SYS_swapon, [0; 5]).map(drop),
    },
    Attempt {
        name: "load-module",
        action: "load an empty module into the kernel",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || call(libc::SYS_init_module, [0; 5]).map(drop),
    },
    Attempt {
        name: "load-bpf",
        action: "load a program into the kernel (`bpf`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || call(libc::SYS_bpf, [0; 5]).map(drop),
    },
    Attempt {
        name: "count-events",
        action: "count events of the processor (`perf_event_open`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || call(libc::SYS_perf_event_open, [0, 0, -1, -1, 0]).map(drop),
    },
    Attempt {
        name: "keys",
        action: "look up the keyring of the session (`keyctl`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || call(libc::SYS_keyctl, [0, -3, 0, 0, 0]).map(drop),
    },
    Attempt {
        name: "io-uring",
        action: "have the kernel make system calls (`io_uring_setup`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || call(libc::SYS_io_uring_setup, [0; 5]).map(drop),
    },
    Attempt {
        name: "page-faults",
        action: "serve page faults (`userfaultfd`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || call(libc::SYS_userfaultfd, [0; 5]).map(drop),
    },
    Attempt {
        name: "kernel-log",
        action: "ask for the size of the kernel's log (`syslog`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || call(libc::SYS_syslog, [SIZE_BUFFER, 0, 0, 0, 0]).map(drop),
    },
    Attempt {
        name: "file-handles",
        action: "open a file by its handle, past all folders",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || call(libc::SYS_open_by_handle_at, [-1, 0, 0, 0, 0]).map(drop),
    },
    Attempt {
        name: "personality",
        action: "switch off the random layout of memory, for programs to come",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        // SAFETY: I15: the call takes no pointer.
        run: || done(unsafe { libc::personality(libc::ADDR_NO_RANDOMIZE as libc::c_ulong) }.into()),
    },
];

/// `SYSLOG_ACTION_SIZE_BUFFER`.
const SIZE_BUFFER: i64 = 10;
