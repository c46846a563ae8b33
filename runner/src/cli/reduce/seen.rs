//! What people see while a search goes on: a bar on a terminal, and lines otherwise.

use crate::cli::progress;
use crate::reduce::Status;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};
use trapline_abi::Readable;

/// How often the bar is brought up to date.
const INTERVAL: Duration = Duration::from_millis(100);
/// The time between lines.
const LINES: Duration = Duration::from_secs(10);

/// What is shown, and when that was.
pub(super) struct Seen {
    bar: ProgressBar,
    begin: Instant,
    last: Instant,
}

impl Seen {
    pub(super) fn new(file: &Path) -> Seen {
        let bar = progress::counted();
        if let Ok(style) = ProgressStyle::with_template("{bar:20} {wide_msg}") {
            bar.set_style(style);
        }
        bar.set_length(100);
        bar.set_message(format!("{}: looking for the fault", Readable(&file.to_string_lossy())));
        let now = Instant::now();
        Seen { bar, begin: now, last: now }
    }

    /// How far it has come.
    pub(super) fn status(&mut self, status: Status<'_>) {
        let interval = if self.bar.is_hidden() { LINES } else { INTERVAL };
        if self.last.elapsed() < interval {
            return;
        }
        self.last = Instant::now();
        let Status { level, pass, size, from, counts } = status;
        let percent = 100.0 * size as f64 / from.max(1) as f64;
        let rate = counts.runs as f64 / self.begin.elapsed().as_secs_f64();
        let text = format!(
            "{} ({percent:.2} %), {} runs ({rate:.1} a second), pass {pass}: {level}",
            HumanBytes(size as u64),
            counts.runs
        );
        if self.bar.is_hidden() {
            // A standard error that is closed is not an error of the search.
            let _ = writeln!(io::stderr(), "{text}");
        } else {
            self.bar.set_position(100 - (percent as u64).min(100));
            self.bar.set_message(text);
        }
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
