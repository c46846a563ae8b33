//! What people see on a terminal while a module is compiled.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;
use trapline_abi::Readable;
use trapline_compiler::Progress;

/// How long it takes before anything is shown: most modules are compiled by then.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often it is brought up to date.
const INTERVAL: Duration = Duration::from_millis(100);

/// Whether the standard error is a terminal. In a log, progress is only noise.
pub(super) fn is_seen() -> bool {
    io::stderr().is_terminal() && std::env::var_os("CI").is_none()
}

/// Does work in which a file is compiled, and shows how far it has come if that takes a while.
pub(super) fn shown<T>(file: &str, so_far: impl Fn() -> Progress + Send, work: impl FnOnce() -> T) -> T {
    if !is_seen() {
        return work();
    }
    thread::scope(|scope| {
        let (finished, end) = mpsc::channel::<()>();
        let show = move || {
            if end.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let bar = bar(file);
                while end.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                    let Progress { functions, compiled } = so_far();
                    bar.set_length(functions);
                    bar.set_position(compiled);
                }
                bar.finish_and_clear();
            }
        };
        // The work can do without being seen.
        let shown = thread::Builder::new().name("progress".to_owned()).spawn_scoped(scope, show);
        let result = work();
        drop((finished, shown));
        result
    })
}

/// A bar for things that are counted, which is not seen in a log.
pub(super) fn counted() -> ProgressBar {
    let target = if is_seen() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    ProgressBar::with_draw_target(Some(0), target)
}

/// A line that says what is being done, which is not seen in a log.
pub(super) fn steps() -> ProgressBar {
    let target = if is_seen() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let line = ProgressBar::with_draw_target(None, target);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
        line.set_style(style);
    }
    line.enable_steady_tick(INTERVAL);
    line
}

/// Brings such a bar up to date.
pub(super) fn tell(bar: &ProgressBar, done: usize, of: usize) {
    bar.set_length(of as u64);
    bar.set_position(done as u64);
}

fn bar(file: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    if let Ok(style) =
        ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} functions of {wide_msg}")
    {
        bar.set_style(style);
    }
    bar.set_message(Readable(file).to_string());
    bar
}
