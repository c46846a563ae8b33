//! The end of the program by a signal: what it has started ends with it, and its folders go.

use crate::{engine, whole_file, worker};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use std::thread;

/// From now on, a signal that ends this program ends all workers first, with what they have started, and removes the folders
/// of temporary files and outputs that are not whole. A signal that was ignored when the program was started stays ignored.
pub(super) fn tidy_up_when_interrupted() {
    let caught =
        [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|&signal| !trapline_sandbox::is_ignored(signal));
    let wait = |mut signals: Signals| {
        for signal in signals.forever() {
            worker::kill_all();
            engine::remove_scratch_folders();
            whole_file::remove_unfinished();
            // It does not return for these signals.
            let _ = emulate_default_handler(signal);
        }
    };
    let started = Signals::new(caught)
        .and_then(|signals| thread::Builder::new().name("signals".to_owned()).spawn(move || wait(signals)));
    if let Err(error) = started {
        // The program can do without: it ends as if nothing had been set up.
        tracing::warn!("failed to prepare for interruptions: {error}");
    }
}
