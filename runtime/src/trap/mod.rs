//! Traps: what the signal handler writes down, how it is passed on, and the report that comes of it.

mod failure;
mod record;
mod report;

pub use failure::CallError;
pub(crate) use failure::{Failure, Pending, list};
pub(crate) use record::{MAX_FRAMES, Recovered, Recursion, TrapRecord};
pub use report::{Frame, TrapReport};
