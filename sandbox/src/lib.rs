//! Starts, confines and observes processes that run code which may be hostile or may crash.
//!
//! A *worker* is a process that runs such code on behalf of its parent. [`spawn`] starts it: a session of its own that
//! dies with the thread that started it and inherits no descriptors but those listed. The worker calls [`confine`] before it runs
//! anything, and is told which [`Measure`] the system does not have. Both share a page, the [`Recorder`]: the worker stores in it what it does next, its signal handler stores
//! how it dies, and the parent reads both, also when the worker is gone.
//!
//! ```no_run
//! use std::os::fd::{AsFd, AsRawFd};
//! use std::process::Command;
//! use trapline_sandbox::{Confinement, Recorder, confine, spawn};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // In the parent:
//! let (recorder, page) = Recorder::create()?;
//! let mut command = Command::new(std::env::current_exe()?);
//! command.arg(page.as_raw_fd().to_string());
//! let mut worker = spawn(command, &[page.as_fd()])?;
//! worker.wait()?;
//! println!("it ended in step {}: {:?}", recorder.step(), recorder.crash());
//!
//! // In the worker:
//! let number = std::env::args().nth(1).and_then(|number| number.parse().ok()).unwrap_or(-1);
//! // SAFETY: the parent has passed the descriptor on, and nothing else owns it.
//! let recorder = unsafe { Recorder::open_inherited(number) }?.arm();
//! let confinement = Confinement { max_file_bytes: 1 << 20, max_data_bytes: 1 << 30, ..Confinement::default() };
//! let confined = confine(&confinement)?;
//! for missing in confined.0.iter().filter(|standing| standing.missing.is_some()) {
//!     eprintln!("not in force: {missing:?}");
//! }
//! recorder.begin(1);
//! # Ok(())
//! # }
//! ```
//!
//! This crate knows neither the compiler nor the runtime. A signal handler is connected to it through
//! [`record_crash`] and [`clear_crash`], which are async-signal-safe.
//!
//! # Unsafe code
//!
//! Each unsafe block names the invariant that it relies on, by its number in `INVARIANTS.md` of this crate.

#[cfg(not(target_os = "linux"))]
compile_error!("trapline-sandbox knows the limits, descriptors and signals of Linux only");

#[doc(hidden)]
pub mod attempt;
mod confine;
#[cfg(feature = "faults")]
#[doc(hidden)]
pub mod hazard;
mod process;
mod recorder;
mod spawn;

#[doc(hidden)]
pub use confine::confine_by;
pub use confine::{ConfineError, Confined, Confinement, Measure, Programs, Standing, confine};
pub use process::{
    end, fail_large_writes, has_ended, is_ignored, kill_children, kill_group, wait_readable, wait_until_ended,
};
pub use recorder::{Activity, Recorder, clear_crash, record_crash};
pub use spawn::spawn;
