//! Files outside the folders of a worker.

use super::{Attempt, CAPABILITIES, FILES, Refusal, SECCOMP, call, done};
use crate::Measure;
use std::fs::{self, File};
use std::io;

pub(super) const ATTEMPTS: &[Attempt] = &[
    Attempt {
        name: "read-file",
        action: "open `/etc/passwd` to read it",
        refused_by: &[FILES],
        succeeds_otherwise: true,
        run: || File::open("/etc/passwd").map(drop),
    },
    Attempt {
        name: "list-folder",
        action: "list the files in `/`",
        refused_by: &[FILES],
        succeeds_otherwise: true,
        run: || fs::read_dir("/").map(drop),
    },
    Attempt {
        name: "read-processes",
        action: "read the command line of the parent in `/proc`",
        refused_by: &[FILES],
        succeeds_otherwise: true,
        run: || File::open(format!("/proc/{}/cmdline", super::parent())).map(drop),
    },
    Attempt {
        name: "write-file",
        action: "create a file in `/tmp`",
        refused_by: &[FILES],
        succeeds_otherwise: true,
        run: || {
            let path = format!("/tmp/trapline-attempt-{}", std::process::id());
            File::create(&path)?;
            fs::remove_file(path)
        },
    },
    Attempt {
        name: "remove-folder",
        action: "remove `/usr`, which is not empty",
        refused_by: &[FILES],
        succeeds_otherwise: false,
        run: || fs::remove_dir("/usr"),
    },
    Attempt {
        name: "change-mode",
        action: "change the mode of `/`, to the one it has",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || {
            let mode = fs::metadata("/")?.permissions();
            fs::set_permissions("/", mode)
        },
    },
    Attempt {
        name: "change-owner",
        action: "change the owner of `/`, to no other",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || std::os::unix::fs::chown("/", None, None),
    },
    Attempt {
        name: "change-times",
        action: "change the times of `/`, to those it has",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || {
            let omitted = libc::timespec { tv_sec: 0, tv_nsec: libc::UTIME_OMIT };
            let times = [omitted; 2];
            // SAFETY: I15: the string and the two structures are valid for the call.
            done(unsafe { libc::utimensat(libc::AT_FDCWD, c"/".as_ptr(), times.as_ptr(), 0) }.into())
        },
    },
    Attempt {
        name: "change-root",
        action: "make `/` the root of the file system, which it is",
        refused_by: &[SECCOMP, CAPABILITIES],
        succeeds_otherwise: false,
        // SAFETY: I15: the string is valid for the call.
        run: || done(unsafe { libc::chroot(c"/".as_ptr()) }.into()),
    },
    Attempt {
        name: "mount",
        action: "mount a file system of a type that there is not",
        refused_by: &[SECCOMP, CAPABILITIES, (Measure::Files, Refusal::NotPermitted)],
        succeeds_otherwise: false,
        run: || {
            let (root, none) = (c"/".as_ptr(), c"no-such-type".as_ptr());
            // SAFETY: I15: the strings are valid for the call.
            done(unsafe { libc::mount(none, root, none, 0, std::ptr::null()) }.into())
        },
    },
    Attempt {
        name: "open-terminal",
        action: "open the terminal, `/dev/tty`",
        refused_by: &[(Measure::Session, Refusal::NoDevice), FILES],
        succeeds_otherwise: false,
        run: || File::open("/dev/tty").map(drop),
    },
    Attempt {
        name: "type-into-terminal",
        action: "type a character into a terminal (`TIOCSTI`)",
        refused_by: &[SECCOMP],
        succeeds_otherwise: false,
        run: || {
            let character = b'x';
            // SAFETY: I15: the character is valid for the call.
            done(unsafe { libc::ioctl(0, libc::TIOCSTI, &raw const character) }.into())
        },
    },
    Attempt {
        name: "file-beyond-limit",
        action: "make a file that is larger than the limit",
        refused_by: &[SECCOMP, (Measure::FileSize, Refusal::TooLarge)],
        succeeds_otherwise: false,
        run: larger_file,
    },
];

/// A file in memory has the same limit, and leaves nothing behind. A sparse one takes no memory.
fn larger_file() -> io::Result<()> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: I15: the structure and the string are valid for the calls.
    let file = unsafe {
        done(libc::getrlimit(libc::RLIMIT_FSIZE, &mut limit).into())?;
        super::result(libc::memfd_create(c"attempt".as_ptr(), libc::MFD_CLOEXEC).into())?
    };
    let bytes = limit.rlim_cur.saturating_add(1).min(i64::MAX.cast_unsigned());
    call(libc::SYS_ftruncate, [file, bytes.cast_signed(), 0, 0, 0]).map(|_| ())
}
