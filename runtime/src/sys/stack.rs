//! The stacks of a thread: the bounds of its own one, and the alternate one for signals.

use super::mmap::{Mapping, PAGE_SIZE, Protection};
use std::cell::{Cell, RefCell};
use std::io;
use std::ptr;

/// Bytes of the alternate stack that the signal handler gets: its own frames and the saved
/// registers, which take up to 11 KiB with the widest vector extensions.
const ALTERNATE_STACK: usize = 64 << 10;

thread_local! {
    /// The lowest usable address of this thread's stack; 0 until [`prepare_thread`] has run.
    static LOWEST: Cell<usize> = const { Cell::new(0) };
    static ALTERNATE: RefCell<Option<AlternateStack>> = const { RefCell::new(None) };
}

/// Makes the calling thread ready to run compiled code (it gets an alternate stack for signals) and
/// gives the lowest address of its stack. All but the first call in a thread cost next to nothing.
///
/// # Errors
///
/// When the system does not tell the bounds of the stack, or grants no memory.
pub(crate) fn prepare_thread() -> io::Result<usize> {
    match LOWEST.get() {
        0 => prepare_first(),
        lowest => Ok(lowest),
    }
}

#[cold]
fn prepare_first() -> io::Result<usize> {
    let lowest = lowest_address()?;
    ALTERNATE
        .try_with(|stack| {
            *stack.borrow_mut() = AlternateStack::install()?;
            Ok(())
        })
        .unwrap_or_else(|_| Err(io::Error::other("the thread is ending")))?;
    LOWEST.set(lowest);
    Ok(lowest)
}

/// An address within the current frame, as close to the stack pointer as Rust can say.
#[inline(always)]
pub(crate) fn current_address() -> usize {
    let here = 0u8;
    std::hint::black_box(&raw const here).addr()
}

fn lowest_address() -> io::Result<usize> {
    let check = |code: libc::c_int| match code {
        0 => Ok(()),
        code => Err(io::Error::from_raw_os_error(code)),
    };
    // SAFETY: I8: the attributes are initialised by the first call before the others read them, and
    // destroyed once; the out-pointers are to locals.
    unsafe {
        let mut attributes = std::mem::zeroed();
        check(libc::pthread_getattr_np(libc::pthread_self(), &mut attributes))?;
        let (mut lowest, mut size, mut guard) = (ptr::null_mut(), 0, 0);
        let bounds = check(libc::pthread_attr_getstack(&attributes, &mut lowest, &mut size))
            .and_then(|()| check(libc::pthread_attr_getguardsize(&attributes, &mut guard)));
        libc::pthread_attr_destroy(&mut attributes);
        bounds?;
        // Whether the guard lies within or below what is reported differs between C libraries.
        Ok(lowest.addr() + guard)
    }
}

/// The alternate stack of a thread, taken down when the thread ends.
struct AlternateStack {
    mapping: Mapping,
}

impl AlternateStack {
    /// Installs an alternate stack unless the thread has one that is large enough. The one that the
    /// standard library gives to its threads is not.
    fn install() -> io::Result<Option<AlternateStack>> {
        let now = current()?;
        if now.ss_flags & libc::SS_DISABLE == 0 && now.ss_size >= ALTERNATE_STACK {
            return Ok(None);
        }
        let mut mapping = Mapping::new(ALTERNATE_STACK + PAGE_SIZE, Protection::ReadWrite)?;
        mapping.protect(0..PAGE_SIZE, Protection::None)?;
        let stack = libc::stack_t {
            ss_sp: mapping.base().as_ptr().wrapping_add(PAGE_SIZE).cast(),
            ss_flags: 0,
            ss_size: ALTERNATE_STACK,
        };
        // SAFETY: I8: the stack is memory that this value owns until it has been uninstalled.
        let result = unsafe { libc::sigaltstack(&stack, ptr::null_mut()) };
        if result == 0 { Ok(Some(AlternateStack { mapping })) } else { Err(io::Error::last_os_error()) }
    }
}

impl Drop for AlternateStack {
    fn drop(&mut self) {
        let ours = self.mapping.base().as_ptr().wrapping_add(PAGE_SIZE);
        let Ok(now) = current() else { return };
        if now.ss_sp.cast() != ours || now.ss_flags & libc::SS_DISABLE != 0 {
            return;
        }
        // The stack that was there before may be gone already, so it is not put back.
        let none = libc::stack_t { ss_sp: ptr::null_mut(), ss_flags: libc::SS_DISABLE, ss_size: 0 };
        // SAFETY: I8: disabling needs no memory; the thread is not on the alternate stack, because
        // destructors of thread-locals do not run in signal handlers.
        unsafe { libc::sigaltstack(&none, ptr::null_mut()) };
    }
}

fn current() -> io::Result<libc::stack_t> {
    let mut now = libc::stack_t { ss_sp: ptr::null_mut(), ss_flags: 0, ss_size: 0 };
    // SAFETY: I8: only asks; the out-pointer is to a local.
    let result = unsafe { libc::sigaltstack(ptr::null(), &mut now) };
    if result == 0 { Ok(now) } else { Err(io::Error::last_os_error()) }
}
