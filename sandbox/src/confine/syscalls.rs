//! The system calls that a process may make (`seccomp(2)`). What is forbidden fails with `EPERM`, so that a library which tries
//! something else then can do so; calls of another architecture kill the process.

use super::Programs;
use super::trouble::Missing;
use libc::c_long;
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter, sock_filter,
};
use std::collections::BTreeMap;

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

impl From<BackendError> for Missing {
    fn from(error: BackendError) -> Missing {
        Missing(error.to_string())
    }
}

pub(super) fn filter(programs: Programs, links: bool) -> Result<(), Missing> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let refused = SeccompAction::Errno(libc::EPERM as u32);
    let filter = match programs {
        Programs::Forbidden => SeccompFilter::new(needed(links)?, refused, SeccompAction::Allow, arch),
        Programs::Allowed => SeccompFilter::new(reaching()?, SeccompAction::Allow, refused, arch),
    };
    let filter = BpfProgram::try_from(filter?)?;
    for program in [absent(), filter] {
        apply_filter(&program).map_err(|error| match error {
            seccompiler::Error::Prctl(cause) | seccompiler::Error::Seccomp(cause) => Missing::from(cause),
            other => Missing(other.to_string()),
        })?;
    }
    Ok(())
}

/// Calls that this system is to seem not to have: `clone3`, whose arguments no filter can see, and for which the C library
/// has `clone` instead; and all of the x32 ABI, which are other numbers for the same calls.
fn absent() -> BpfProgram {
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const AT_LEAST: u16 = (libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    const X32: u32 = 0x4000_0000;
    let code = |code, jt, jf, k| sock_filter { code, jt, jf, k };
    vec![
        // The number of the call comes first in `seccomp_data`.
        code(LOAD, 0, 0, 0),
        code(AT_LEAST, 1, 0, X32),
        code(EQUAL, 0, 1, libc::SYS_clone3 as u32),
        code(RETURN, 0, 0, libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32),
        code(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW),
    ]
}

/// A condition on the lower half of an argument.
fn argument(index: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(index, SeccompCmpArgLen::Dword, operator, value)
}

/// Rules of which one has to hold: the argument is one of these values.
fn one_of(index: u8, values: &[libc::c_int]) -> Result<Vec<SeccompRule>, BackendError> {
    let equals = |&value: &libc::c_int| {
        SeccompRule::new(vec![argument(index, SeccompCmpOp::Eq, u64::from(value.cast_unsigned()))?])
    };
    values.iter().map(equals).collect()
}

/// A rule that holds if an argument has this value where the mask has bits.
fn masked(index: u8, mask: libc::c_int, value: libc::c_int) -> Result<SeccompRule, BackendError> {
    let (mask, value) = (u64::from(mask.cast_unsigned()), u64::from(value.cast_unsigned()));
    SeccompRule::new(vec![argument(index, SeccompCmpOp::MaskedEq(mask), value)?])
}

/// The kinds of namespaces that `clone` can make.
const NAMESPACES: [libc::c_int; 7] = [
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWUTS,
];

/// The calls that compiler, runtime and the libraries below them make, and perhaps those for files of a guest.
fn needed(links: bool) -> Result<Rules, BackendError> {
    let of_guests = if links { OF_GUESTS } else { &[] };
    let calls = ALWAYS.iter().chain(LEGACY).chain(of_guests);
    let mut rules: Rules = calls.map(|&call| (call, Vec::new())).collect();
    let own = std::process::id().cast_signed();
    let namespaces = NAMESPACES.iter().fold(0, |all, one| all | one);
    // The others would share memory with files or processes, where no limit counts it.
    let private = masked(3, libc::MAP_TYPE, libc::MAP_PRIVATE)?;
    let no_new_limit = SeccompCondition::new(2, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, 0)?;
    rules.extend([
        (libc::SYS_mmap, vec![private]),
        // Threads, and neither processes nor namespaces.
        (libc::SYS_clone, vec![masked(0, libc::CLONE_THREAD | namespaces, libc::CLONE_THREAD)?]),
        (libc::SYS_clone3, Vec::new()),
        // Signals to itself, such as the one of `abort`.
        (libc::SYS_tgkill, one_of(0, &[own])?),
        (libc::SYS_prctl, one_of(0, &[libc::PR_SET_NAME, libc::PR_SET_VMA])?),
        // Limits are read, not set.
        (libc::SYS_prlimit64, vec![SeccompRule::new(vec![no_new_limit])?]),
        (libc::SYS_fcntl, one_of(1, DESCRIPTORS)?),
        // Whether something is a terminal and how large it is, and whether a descriptor is closed by `exec`.
        (libc::SYS_ioctl, one_of(1, &[libc::TCGETS as i32, libc::TIOCGWINSZ as i32, libc::FIOCLEX as i32])?),
    ]);
    Ok(rules)
}

/// What is done to descriptors by `fcntl`. Not who gets signals for them.
const DESCRIPTORS: &[libc::c_int] =
    &[libc::F_DUPFD, libc::F_DUPFD_CLOEXEC, libc::F_GETFD, libc::F_SETFD, libc::F_GETFL, libc::F_SETFL];

/// Calls that are allowed whatever their arguments. Which files they reach is not decided here.
const ALWAYS: &[c_long] = &[
    // Memory. Unlike `mmap`, none of these makes memory that others share.
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_mincore,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    // Descriptors and files.
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_fallocate,
    libc::SYS_fdatasync,
    libc::SYS_flock,
    libc::SYS_fstat,
    libc::SYS_fsync,
    libc::SYS_ftruncate,
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    libc::SYS_lseek,
    libc::SYS_mkdirat,
    libc::SYS_newfstatat,
    libc::SYS_openat,
    libc::SYS_ppoll,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_read,
    libc::SYS_readlinkat,
    libc::SYS_readv,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_statx,
    libc::SYS_unlinkat,
    libc::SYS_write,
    libc::SYS_writev,
    // Threads and signals of its own.
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_get_robust_list,
    libc::SYS_membarrier,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigpending,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_getparam,
    libc::SYS_sched_getscheduler,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_sigaltstack,
    // Time, and what the process is.
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_getcpu,
    libc::SYS_getegid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_getuid,
    libc::SYS_nanosleep,
    libc::SYS_sysinfo,
    libc::SYS_uname,
];

/// What a guest does to files of its own, beyond what the other calls do.
const OF_GUESTS: &[c_long] = &[libc::SYS_linkat, libc::SYS_openat2, libc::SYS_symlinkat, libc::SYS_utimensat];

/// Older forms of the same, which later architectures do not have.
#[cfg(target_arch = "x86_64")]
const LEGACY: &[c_long] = &[
    libc::SYS_access,
    libc::SYS_dup2,
    libc::SYS_getrlimit,
    libc::SYS_lstat,
    libc::SYS_mkdir,
    libc::SYS_open,
    libc::SYS_poll,
    libc::SYS_readlink,
    libc::SYS_rename,
    libc::SYS_rmdir,
    libc::SYS_stat,
    libc::SYS_time,
    libc::SYS_unlink,
];
#[cfg(not(target_arch = "x86_64"))]
const LEGACY: &[c_long] = &[];

/// The calls that reach beyond a program's own files and processes.
fn reaching() -> Result<Rules, BackendError> {
    let mut rules: Rules = REACHING.iter().map(|&call| (call, Vec::new())).collect();
    let makes = |&namespace: &libc::c_int| masked(0, namespace, namespace);
    rules.extend([
        (libc::SYS_clone, NAMESPACES.iter().map(makes).collect::<Result<_, _>>()?),
        (libc::SYS_ioctl, one_of(1, &[libc::TIOCSTI as i32, TIOCLINUX])?),
    ]);
    Ok(rules)
}

/// Orders for the console (`ioctl_console(2)`).
const TIOCLINUX: libc::c_int = 0x541c;

/// The calls that reach beyond a program's own files and processes, whatever their arguments.
const REACHING: &[c_long] = &[
    // Network.
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_bind,
    libc::SYS_connect,
    libc::SYS_listen,
    libc::SYS_socket,
    // Other processes. Signals by `tgkill` stay, for `abort`; Landlock keeps them among the program's own.
    libc::SYS_kcmp,
    libc::SYS_kill,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_send_signal,
    libc::SYS_process_madvise,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_tkill,
    // Its group and its session, by which it is ended.
    libc::SYS_setpgid,
    libc::SYS_setsid,
    // The kernel and the machine.
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_adjtimex,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_clock_adjtime,
    libc::SYS_clock_settime,
    libc::SYS_delete_module,
    libc::SYS_fanotify_init,
    libc::SYS_finit_module,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_init_module,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_memfd_create,
    libc::SYS_memfd_secret,
    libc::SYS_mount,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_personality,
    libc::SYS_pivot_root,
    libc::SYS_quotactl,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_setdomainname,
    libc::SYS_sethostname,
    libc::SYS_setns,
    libc::SYS_settimeofday,
    libc::SYS_shmget,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
    libc::SYS_vhangup,
];
