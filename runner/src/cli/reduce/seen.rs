//! What people see while a search goes on: a bar on a terminal, and lines otherwise.

use crate::cli::progress;
use crate::reduce::Status;
use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};
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
    bar: Option<ProgressBar>,
    begin: Instant,
    last: Instant,
}

impl Seen {
    pub(super) fn new(file: &Path) -> Seen {
        let bar = progress::is_seen().then(|| {
            let bar = ProgressBar::with_draw_target(Some(100), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{bar:20} {wide_msg}") {
                bar.set_style(style);
            }
            bar.set_message(format!("{}: looking for the fault", Readable(&file.to_string_lossy())));
            bar
        });
        let now = Instant::now();
        Seen { bar, begin: now, last: now }
    }

    /// How far it has come.
    pub(super) fn status(&mut self, status: Status<'_>) {
        let interval = if self.bar.is_some() { INTERVAL } else { LINES };
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
        match &self.bar {
            Some(bar) => {
                bar.set_position(100 - (percent as u64).min(100));
                bar.set_message(text);
            }
            // A standard error that is closed is not an error of the search.
            None => drop(writeln!(io::stderr(), "{text}")),
        }
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
