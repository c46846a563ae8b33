//! The signals by which compiled code traps.
//!
//! The handler runs on a thread that was stopped anywhere: in compiled code, in the runtime, in the
//! allocator, in foreign code. Until it knows that the faulting instruction is a trap site of
//! compiled code that *this* thread is running, it may only read what is never in the middle of a
//! change. Each of its steps is async-signal-safe for the reason given beside it; none of them
//! allocates, locks, formats or panics.

use crate::activation::{self, Fault};
use std::cell::UnsafeCell;
use std::ffi::{c_int, c_void};
use std::sync::OnceLock;
use std::{io, mem, ptr};

/// `ud2` raises SIGILL, a hardware division SIGFPE, an access to a guard SIGSEGV (or SIGBUS).
const SIGNALS: [c_int; 4] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE];

/// Who handled the signals before, in the order of [`SIGNALS`].
struct Previous([UnsafeCell<mem::MaybeUninit<libc::sigaction>>; SIGNALS.len()]);

// SAFETY: I7: an element is written once, before the handler that reads it is installed.
unsafe impl Sync for Previous {}

static PREVIOUS: Previous = Previous([const { UnsafeCell::new(mem::MaybeUninit::uninit()) }; SIGNALS.len()]);

/// Installs the handlers, once per process.
///
/// # Errors
///
/// When the system refuses a handler.
pub(crate) fn install() -> io::Result<()> {
    static INSTALLED: OnceLock<Result<(), i32>> = OnceLock::new();
    let first = || install_all().map_err(|error| error.raw_os_error().unwrap_or(libc::EINVAL));
    (*INSTALLED.get_or_init(first)).map_err(io::Error::from_raw_os_error)
}

fn install_all() -> io::Result<()> {
    for (&signal, previous) in SIGNALS.iter().zip(&PREVIOUS.0) {
        // SAFETY: I7: the previous action is stored before the new one can run; `OnceLock` keeps
        // other threads out.
        unsafe {
            let previous = (*previous.get()).as_mut_ptr();
            if libc::sigaction(signal, ptr::null(), previous) != 0 {
                return Err(io::Error::last_os_error());
            }
            let mut action: libc::sigaction = mem::zeroed();
            action.sa_sigaction = handle as *const () as usize;
            // On the alternate stack, because the fault may be the end of the ordinary one. Not
            // SA_NODEFER: the handler is left by returning, never by a jump, so the mask is always
            // restored; and while the signal is blocked, a fault of the handler itself kills the
            // process at once instead of running into itself for ever.
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            libc::sigemptyset(&mut action.sa_mask);
            if libc::sigaction(signal, &action, ptr::null_mut()) != 0 {
                return Err(io::Error::last_os_error());
            }
        }
    }
    tracing::debug!("installed the handlers of SIGSEGV, SIGBUS, SIGILL and SIGFPE");
    Ok(())
}

/// The signal handler.
///
/// A trap ends in a rewritten context: returning from the handler then resumes at the landing pad
/// of the innermost entry stub, which needs nothing but SP and FP to be right.
unsafe extern "C" fn handle(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    let context = context.cast::<libc::ucontext_t>();
    // SAFETY: I7: the kernel passes valid pointers to the handler of an SA_SIGINFO action, and the
    // context is ours to change until we return. Plain loads and stores on the alternate stack.
    unsafe {
        // A signal that some process sent says nothing about the instruction it interrupted.
        if (*info).si_code > 0 {
            let registers = &raw mut (*context).uc_mcontext.gregs;
            let register = |index: c_int| (*registers)[index as usize] as usize;
            let fault = Fault {
                signal,
                address: (*info).si_addr().addr(),
                pc: register(libc::REG_RIP),
                sp: register(libc::REG_RSP),
                fp: register(libc::REG_RBP),
            };
            // Reads a thread-local without destructor and what it points to; see there.
            if let Some(resume) = activation::on_fault(&fault) {
                (*registers)[libc::REG_RIP as usize] = resume.pc as i64;
                (*registers)[libc::REG_RSP as usize] = resume.sp as i64;
                (*registers)[libc::REG_RBP as usize] = resume.fp as i64;
                return;
            }
            activation::note_crash(&fault);
        }
        chain(signal, info, context.cast());
    }
}

/// Does what would have happened without our handler.
///
/// # Safety
///
/// I7: to be called from the handler with the handler's own arguments.
unsafe fn chain(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    let Some(at) = SIGNALS.iter().position(|&known| known == signal) else { return };
    // SAFETY: I7: stored before this handler was installed. `sigaction` and `raise` are on POSIX's
    // list of async-signal-safe functions; a previous handler has to be safe itself.
    unsafe {
        let previous = (*PREVIOUS.0[at].get()).assume_init_ref();
        let sent = (*info).si_code <= 0;
        match previous.sa_sigaction {
            libc::SIG_IGN if sent => {}
            libc::SIG_DFL | libc::SIG_IGN => {
                // The default action is death. A fault happens again when the instruction is
                // resumed, now with the original registers in the core file; a signal that was sent
                // has to be sent again, and arrives when this handler has returned.
                let mut default: libc::sigaction = mem::zeroed();
                default.sa_sigaction = libc::SIG_DFL;
                libc::sigaction(signal, &default, ptr::null_mut());
                if sent {
                    libc::raise(signal);
                }
            }
            handler if previous.sa_flags & libc::SA_SIGINFO != 0 => {
                type Handler = unsafe extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);
                mem::transmute::<usize, Handler>(handler)(signal, info, context);
            }
            handler => mem::transmute::<usize, unsafe extern "C" fn(c_int)>(handler)(signal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, ExitStatus};

    /// The test process runs itself with this set, to see how it ends.
    const CHILD: &str = "TRAPLINE_TEST_CHILD";

    fn child(name: &str) -> ExitStatus {
        let name = format!("sys::signals::tests::{name}");
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", &name]).env(CHILD, "1").output().unwrap().status
    }

    #[test]
    fn a_fault_of_the_host_ends_the_process() {
        if std::env::var_os(CHILD).is_none() {
            assert_eq!(child("a_fault_of_the_host_ends_the_process").signal(), Some(libc::SIGSEGV));
            return;
        }
        install().unwrap();
        let nowhere = std::hint::black_box(std::ptr::without_provenance_mut::<u8>(8));
        // SAFETY: I7: a fault on purpose; the handler passes it on and the process ends.
        unsafe { nowhere.write_volatile(1) };
    }

    #[test]
    fn an_illegal_instruction_of_the_host_ends_the_process() {
        if std::env::var_os(CHILD).is_none() {
            let status = child("an_illegal_instruction_of_the_host_ends_the_process");
            assert_eq!(status.signal(), Some(libc::SIGILL));
            return;
        }
        install().unwrap();
        // SAFETY: I7: a fault on purpose; the handler passes it on and the process ends.
        unsafe { std::arch::asm!("ud2") };
    }

    #[test]
    fn a_signal_that_was_sent_ends_the_process() {
        if std::env::var_os(CHILD).is_none() {
            let status = child("a_signal_that_was_sent_ends_the_process");
            assert_eq!(status.signal(), Some(libc::SIGFPE));
            return;
        }
        install().unwrap();
        // SAFETY: I7: raising a signal touches no memory.
        unsafe { libc::raise(libc::SIGFPE) };
    }

    #[test]
    fn whoever_handled_a_signal_before_gets_what_is_no_trap() {
        static SEEN: std::sync::atomic::AtomicI32 = std::sync::atomic::AtomicI32::new(0);
        extern "C" fn earlier(signal: c_int) {
            SEEN.store(signal, std::sync::atomic::Ordering::Relaxed);
        }
        if std::env::var_os(CHILD).is_none() {
            assert!(child("whoever_handled_a_signal_before_gets_what_is_no_trap").success());
            return;
        }
        // SAFETY: I7: a handler that stores a number is async-signal-safe.
        unsafe {
            let mut action: libc::sigaction = mem::zeroed();
            action.sa_sigaction = earlier as *const () as usize;
            assert_eq!(libc::sigaction(libc::SIGBUS, &action, ptr::null_mut()), 0);
            install().unwrap();
            libc::raise(libc::SIGBUS);
        }
        assert_eq!(SEEN.load(std::sync::atomic::Ordering::Relaxed), libc::SIGBUS);
    }
}
