//! Runs of scripts that a signal ends: they say what they know, instead of being cut off.
//!
//! A run that can do that says so by an [`Awaited`]. The first signal that ends programs then makes the run end by itself: no
//! worker is started any more, and the directives that have no outcome yet, of scripts that are under way or have not begun,
//! count as not run. At any other time, and from the second signal on, the program ends at once.

use std::sync::atomic::{AtomicI32, Ordering};

/// No run would notice.
const UNAWAITED: i32 = -1;
/// A run is under way. Any greater number is the signal that has come.
const AWAITED: i32 = 0;

/// Signals have positive numbers.
static STATE: AtomicI32 = AtomicI32::new(UNAWAITED);

/// For as long as this lives, a run ends by itself when a signal comes.
#[derive(Debug)]
pub(crate) struct Awaited(());

impl Awaited {
    /// A run begins.
    pub(crate) fn begin() -> Awaited {
        // A signal that has come stays known.
        let _ = STATE.compare_exchange(UNAWAITED, AWAITED, Ordering::Relaxed, Ordering::Relaxed);
        Awaited(())
    }

    /// The run has said all that it knows. Gives the signal that has come; from now on, the next one ends the program.
    pub(crate) fn close(self) -> Option<i32> {
        Some(STATE.swap(UNAWAITED, Ordering::Relaxed)).filter(|&state| state > AWAITED)
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        // What has come stays known: the program is to end by it.
        let _ = STATE.compare_exchange(AWAITED, UNAWAITED, Ordering::Relaxed, Ordering::Relaxed);
    }
}

/// Tells of a signal. Whether a run ends by itself because of it.
pub(crate) fn tell(signal: i32) -> bool {
    STATE.compare_exchange(AWAITED, signal, Ordering::Relaxed, Ordering::Relaxed).is_ok()
}

/// The signal that has come during a run.
pub(crate) fn came() -> Option<i32> {
    Some(STATE.load(Ordering::Relaxed)).filter(|&state| state > AWAITED)
}
