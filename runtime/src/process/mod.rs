//! For processes that run code which may kill them: what they note for those who watch them, and
//! what they may do.

mod confine;
#[doc(hidden)]
pub mod hazard;
mod recorder;

pub use confine::{Confinement, confine};
pub use recorder::{Activity, CrashRecord, Recorder};

pub(crate) use recorder::{clear_crash, record_crash};
