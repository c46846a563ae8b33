//! What confines workers, and what does not.

use serde::{Deserialize, Serialize};

/// A measure of confinement that is not in force.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Unconfined {
    /// The name of the measure, as `docs/security.md` lists it; `worker` if there is no process to confine.
    pub measure: String,
    /// Why it is not in force.
    pub cause: String,
}
