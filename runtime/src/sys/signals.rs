//! The signals by which compiled code traps.
//!
//! The handler runs on a thread that was stopped anywhere: in compiled code, in the runtime, in the
//! allocator, in foreign code. Until it knows that the faulting instruction is a trap site of
//! compiled code that *this* thread is running, it may only read what is never in the middle of a
//! change. Each of its steps is async-signal-safe for the reason given beside it; none of them
//! allocates, locks, formats or panics.

use super::fault::{Fault, Resume};
use super::x86_64::Registers;
use crate::crash_hooks;
use std::cell::UnsafeCell;
use std::ffi::{c_int, c_void};
use std::sync::OnceLock;
use std::{io, mem, ptr};

/// `ud2` raises SIGILL, a hardware division SIGFPE, an access to a guard SIGSEGV (or SIGBUS).
const SIGNALS: [c_int; 4] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE];

/// The actions before, in the order of [`SIGNALS`].
struct Previous([UnsafeCell<mem::MaybeUninit<libc::sigaction>>; SIGNALS.len()]);

// SAFETY: I7: an element is written once, before the handler that reads it is installed.
unsafe impl Sync for Previous {}

static PREVIOUS: Previous = Previous([const { UnsafeCell::new(mem::MaybeUninit::uninit()) }; SIGNALS.len()]);

/// What decides about faults. Both functions are async-signal-safe.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hooks {
    /// Decides whether a fault is a trap. If so, writes it down and says where to go on.
    pub(crate) on_fault: fn(&Fault) -> Option<Resume>,
    /// Takes note of a fault that is not: the process is about to die, unless an earlier handler deals with it.
    pub(crate) note_crash: fn(&Fault),
}

/// The hooks, set before the handlers are installed.
static HOOKS: OnceLock<Hooks> = OnceLock::new();

/// Installs the handlers, once per process, with the hooks of the first call.
///
/// # Errors
///
/// When the system refuses a handler.
pub(crate) fn install(hooks: Hooks) -> io::Result<()> {
    HOOKS.get_or_init(|| hooks);
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

/// The general-purpose registers by their numbers in instructions.
const GENERAL: [c_int; 16] = [
    libc::REG_RAX,
    libc::REG_RCX,
    libc::REG_RDX,
    libc::REG_RBX,
    libc::REG_RSP,
    libc::REG_RBP,
    libc::REG_RSI,
    libc::REG_RDI,
    libc::REG_R8,
    libc::REG_R9,
    libc::REG_R10,
    libc::REG_R11,
    libc::REG_R12,
    libc::REG_R13,
    libc::REG_R14,
    libc::REG_R15,
];

/// The registers that a signal interrupted.
///
/// # Safety
///
/// I7: a context that the kernel has passed to a handler which has not returned.
unsafe fn registers_of(context: &libc::ucontext_t) -> Registers {
    let general = GENERAL.map(|index| context.uc_mcontext.gregs[index as usize].cast_unsigned());
    // SAFETY: I7: the kernel saves the vector registers beside the context, if the thread has used any.
    let vectors = unsafe { context.uc_mcontext.fpregs.as_ref() };
    let low = |vector: &libc::_libc_xmmreg| {
        let [low, high, ..] = vector.element;
        u64::from(low) | u64::from(high) << 32
    };
    let vector = vectors.map_or([0; 16], |vectors| vectors._xmm.each_ref().map(low));
    Registers { general, vector }
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
                registers: registers_of(&*context),
            };
            // Reads a thread-local without destructor and what it points to; see there.
            let hooks = HOOKS.get();
            if let Some(resume) = hooks.and_then(|hooks| (hooks.on_fault)(&fault)) {
                (*registers)[libc::REG_RIP as usize] = resume.pc as i64;
                (*registers)[libc::REG_RSP as usize] = resume.sp as i64;
                (*registers)[libc::REG_RBP as usize] = resume.fp as i64;
                return;
            }
            // What is left undone if this process goes on: see `chain`.
            if let Some(hooks) = hooks {
                (hooks.note_crash)(&fault);
            }
        }
        if chain(signal, info, context.cast()) == Next::Continues {
            crash_hooks::clear();
        }
    }
}

/// What follows a signal that is not a trap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    /// The default action, which is death.
    Dies,
    /// The process goes on: the signal was ignored, or an earlier handler has dealt with it.
    Continues,
}

/// Does what would have happened without our handler. An earlier handler that restores the default action, as the one of
/// the standard library does with signals that it has no use for, wants the process to die: a fault happens again when the
/// instruction is resumed, but a signal that was sent has to be sent again.
///
/// # Safety
///
/// I7: to be called from the handler with the handler's own arguments.
unsafe fn chain(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) -> Next {
    let Some(at) = SIGNALS.iter().position(|&known| known == signal) else { return Next::Continues };
    // SAFETY: I7: stored before this handler was installed. `sigaction` and `raise` are on POSIX's
    // list of async-signal-safe functions; a previous handler has to be safe itself.
    unsafe {
        let previous = (*PREVIOUS.0[at].get()).assume_init_ref();
        let sent = (*info).si_code <= 0;
        match previous.sa_sigaction {
            libc::SIG_IGN if sent => return Next::Continues,
            libc::SIG_DFL | libc::SIG_IGN => {
                // With the original registers in the core file.
                let mut default: libc::sigaction = mem::zeroed();
                default.sa_sigaction = libc::SIG_DFL;
                libc::sigaction(signal, &default, ptr::null_mut());
            }
            handler if previous.sa_flags & libc::SA_SIGINFO != 0 => {
                type Handler = unsafe extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);
                mem::transmute::<usize, Handler>(handler)(signal, info, context);
            }
            handler => mem::transmute::<usize, unsafe extern "C" fn(c_int)>(handler)(signal),
        }
        let mut now: libc::sigaction = mem::zeroed();
        if libc::sigaction(signal, ptr::null(), &mut now) != 0 || now.sa_sigaction != libc::SIG_DFL {
            return Next::Continues;
        }
        if sent {
            // It arrives when this handler has returned.
            libc::raise(signal);
        }
        Next::Dies
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, ExitStatus};
    use std::sync::atomic::{AtomicBool, Ordering};

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
        install(crate::vm::HOOKS).unwrap();
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
        install(crate::vm::HOOKS).unwrap();
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
        install(crate::vm::HOOKS).unwrap();
        // SAFETY: I7: raising a signal touches no memory.
        unsafe { libc::raise(libc::SIGFPE) };
    }

    #[test]
    fn an_earlier_handler_gets_what_is_no_trap() {
        static SEEN: std::sync::atomic::AtomicI32 = std::sync::atomic::AtomicI32::new(0);
        extern "C" fn earlier(signal: c_int) {
            SEEN.store(signal, std::sync::atomic::Ordering::Relaxed);
        }
        if std::env::var_os(CHILD).is_none() {
            assert!(child("an_earlier_handler_gets_what_is_no_trap").success());
            return;
        }
        // SAFETY: I7: a handler that stores a number is async-signal-safe.
        unsafe {
            let mut action: libc::sigaction = mem::zeroed();
            action.sa_sigaction = earlier as *const () as usize;
            assert_eq!(libc::sigaction(libc::SIGBUS, &action, ptr::null_mut()), 0);
            install(crate::vm::HOOKS).unwrap();
            libc::raise(libc::SIGBUS);
        }
        assert_eq!(SEEN.load(std::sync::atomic::Ordering::Relaxed), libc::SIGBUS);
    }

    /// The handler of the standard library restores the default action and returns. A signal that was sent is not sent
    /// again by that: it would be swallowed once, and traps would crash from then on.
    #[test]
    fn a_sent_signal_ends_the_process_behind_a_handler_that_gives_up() {
        extern "C" fn gives_up(signal: c_int) {
            // SAFETY: I7: `signal` is async-signal-safe.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
        if std::env::var_os(CHILD).is_none() {
            let status = child("a_sent_signal_ends_the_process_behind_a_handler_that_gives_up");
            assert_eq!(status.signal(), Some(libc::SIGSEGV));
            return;
        }
        // SAFETY: I7: a handler that only calls `signal` is async-signal-safe.
        unsafe {
            let mut action: libc::sigaction = mem::zeroed();
            action.sa_sigaction = gives_up as *const () as usize;
            assert_eq!(libc::sigaction(libc::SIGSEGV, &action, ptr::null_mut()), 0);
            install(crate::vm::HOOKS).unwrap();
            libc::kill(libc::getpid(), libc::SIGSEGV);
        }
    }

    /// A fault that an earlier handler deals with is not a crash of this process.
    #[test]
    fn a_fault_that_is_dealt_with_leaves_no_record() {
        extern "C" fn skips(_: c_int, _: *mut libc::siginfo_t, context: *mut c_void) {
            // SAFETY: I7: the context of the interrupted `ud2`, which has two bytes.
            unsafe { (*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs[libc::REG_RIP as usize] += 2 };
        }
        if std::env::var_os(CHILD).is_none() {
            assert!(child("a_fault_that_is_dealt_with_leaves_no_record").success());
            return;
        }
        static RECORDED: AtomicBool = AtomicBool::new(false);
        static CLEARED: AtomicBool = AtomicBool::new(false);
        let hooks = crash_hooks::CrashHooks {
            record: |_| RECORDED.store(true, Ordering::Relaxed),
            clear: || CLEARED.store(RECORDED.load(Ordering::Relaxed), Ordering::Relaxed),
        };
        // SAFETY: I9: the hooks only load and store atomics.
        unsafe { crash_hooks::set_crash_hooks(hooks) }.unwrap();
        // SAFETY: I7: the handler changes only where the thread goes on.
        unsafe {
            let mut action: libc::sigaction = mem::zeroed();
            action.sa_sigaction = skips as *const () as usize;
            action.sa_flags = libc::SA_SIGINFO;
            assert_eq!(libc::sigaction(libc::SIGILL, &action, ptr::null_mut()), 0);
            install(crate::vm::HOOKS).unwrap();
            std::arch::asm!("ud2");
        }
        assert!(CLEARED.load(Ordering::Relaxed));
    }
}
