//! What is written down of a trap while a signal is handled.

use trapline_abi::TrapCode;

/// How many frames a backtrace holds.
pub(crate) const MAX_FRAMES: usize = 48;

/// What the signal handler writes down about a trap: plain memory, nothing to allocate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TrapRecord {
    /// What the trap site stands for.
    pub(crate) code: TrapCode,
    /// The memory whose guard was hit, by its place in the store, and the address within it.
    pub(crate) access: Option<(u32, u64)>,
    /// Whether an access found the trap, and not a comparison.
    pub(crate) faulted: bool,
    /// The trapping instruction, then the return addresses of its callers up to the entry stub.
    pub(crate) pcs: [usize; MAX_FRAMES],
    /// How many of `pcs` are valid.
    pub(crate) depth: usize,
    /// Whether there are more frames than `pcs` holds.
    pub(crate) truncated: bool,
}

impl TrapRecord {
    /// An empty record.
    pub(crate) const fn new() -> Self {
        Self {
            code: TrapCode::Pending,
            access: None,
            faulted: false,
            pcs: [0; MAX_FRAMES],
            depth: 0,
            truncated: false,
        }
    }

    /// The recorded addresses.
    pub(crate) fn pcs(&self) -> &[usize] {
        &self.pcs[..self.depth]
    }
}
