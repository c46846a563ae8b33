//! The end of the program by a signal: what it has started ends with it, and its folders go.

use crate::{engine, interruption, whole_file, worker};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::{emulate_default_handler, signal_name};
use std::io::{self, Write};
use std::thread;
use std::time::Duration;

/// How long a run may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// From now on, a signal that ends this program ends all workers first, with what they have started, and removes the folders
/// of temporary files and outputs that are not whole. A run of scripts says before what it knows, unless another signal comes.
/// A signal that was ignored when the program was started stays ignored.
pub(super) fn tidy_up_when_interrupted() {
    let caught =
        [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|&signal| !trapline_sandbox::is_ignored(signal));
    let wait = |mut signals: Signals| {
        for signal in signals.forever() {
            if !interruption::tell(signal) || !wait_for_run(signal) {
                end(signal);
            }
        }
    };
    let started = Signals::new(caught)
        .and_then(|signals| thread::Builder::new().name("signals".to_owned()).spawn(move || wait(signals)));
    if let Err(error) = started {
        // The program can do without: it ends as if nothing had been set up.
        tracing::warn!("failed to prepare for interruptions: {error}");
    }
}

/// Has a run of scripts end. False if nothing would end it that does not end by itself.
fn wait_for_run(signal: i32) -> bool {
    let name = signal_name(signal).unwrap_or("a signal");
    // Without a reader, the exit code still tells.
    let _ = writeln!(io::stderr(), "interrupted by {name}: the run ends; a second time ends it at once");
    // Another signal is waited for meanwhile.
    let wait = move || {
        worker::interrupt_all();
        thread::sleep(PATIENCE);
        end(signal);
    };
    thread::Builder::new().name("patience".to_owned()).spawn(wait).is_ok()
}

/// Ends the program by a signal. What it has started ends before, and its folders go.
pub(super) fn end(signal: i32) {
    worker::kill_all();
    engine::remove_scratch_folders();
    whole_file::remove_unfinished();
    // It does not return for these signals.
    let _ = emulate_default_handler(signal);
}
