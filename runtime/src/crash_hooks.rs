//! Functions of the embedder that the signal handler calls when the process crashes.

use std::sync::OnceLock;
use trapline_abi::CrashRecord;

/// What the signal handler calls for a fault that is not a trap.
#[derive(Clone, Copy, Debug)]
pub struct CrashHooks {
    /// Called before the fault goes to the earlier handler or to the default action, which ends the process.
    pub record: fn(&CrashRecord),
    /// Called if the process goes on, because an earlier handler has dealt with the fault. The default action never
    /// gets here.
    pub clear: fn(),
}

static HOOKS: OnceLock<CrashHooks> = OnceLock::new();

/// Sets the hooks of this process, once.
///
/// ```compile_fail,E0133
/// use trapline_runtime::{CrashHooks, set_crash_hooks};
/// // Safe code cannot have a signal handler allocate.
/// let _ = set_crash_hooks(CrashHooks { record: |crash| println!("{crash:?}"), clear: || {} });
/// ```
///
/// # Errors
///
/// Gives the hooks back if there are some already.
///
/// # Safety
///
/// I9: both functions are async-signal-safe and do not unwind: they are called from a signal handler, on a thread that may
/// have been interrupted anywhere, with a lock of the allocator held for example.
pub unsafe fn set_crash_hooks(hooks: CrashHooks) -> Result<(), CrashHooks> {
    HOOKS.set(hooks)
}

/// Tells the hooks of a crash.
///
/// Async-signal-safe: it loads an atomic, and the hook is safe by the contract of [`set_crash_hooks`].
pub(crate) fn record(crash: &CrashRecord) {
    if let Some(hooks) = HOOKS.get() {
        (hooks.record)(crash);
    }
}

/// Tells the hooks that the process goes on. Async-signal-safe like [`record`].
pub(crate) fn clear() {
    if let Some(hooks) = HOOKS.get() {
        (hooks.clear)();
    }
}
