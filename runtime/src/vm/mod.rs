//! Running compiled code: activations, what the signal handler makes of a fault in them, and walking their frames.

mod activation;
mod call_detail;
mod detail;
mod numeric_detail;
mod recover;
mod references;
mod roots;
mod unwind;

pub(crate) use activation::invoke;
pub(crate) use unwind::{caller, find_handler};

use crate::config::StoreConfig;
use crate::error::ResourceError;
use crate::store::Store;
use crate::sys::{signals, stack};

/// What decides about faults in compiled code.
pub(crate) const HOOKS: signals::Hooks =
    signals::Hooks { on_fault: activation::on_fault, note_crash: activation::note_crash };

impl Store {
    /// An empty store.
    ///
    /// # Errors
    ///
    /// When the process or the calling thread cannot be prepared for traps.
    pub fn new(config: StoreConfig) -> Result<Store, ResourceError> {
        signals::install(HOOKS).map_err(ResourceError::Signals)?;
        stack::prepare_thread().map_err(ResourceError::Thread)?;
        Ok(Store::unprepared(config))
    }
}
