//! What is written down of a trap while a signal is handled.

use trapline_abi::TrapCode;

/// How many frames a backtrace holds.
pub(crate) const MAX_FRAMES: usize = 48;

/// What was found in registers of the operands of a trap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Recovered {
    /// An operand: the dividend of a division, or the bits of a float.
    Operand(u64),
    /// Where an access begins, counted from the start of its memory.
    Start(u64),
    /// Where an access ends that a check has kept from the memory, modulo 2^64, and the memory's size if it was compared.
    End(u64, Option<u64>),
}

/// How compiled code has used up the stack. All are counts of frames.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Recursion {
    /// Frames of the activation.
    pub(crate) depth: u64,
    /// After so many callers, counted from the innermost, they are the same again; 0 if no cycle was seen.
    pub(crate) period: usize,
    /// How many callers, counted likewise, are those of the cycle.
    pub(crate) repeated: u64,
}

/// What the signal handler writes down about a trap: plain memory, nothing to allocate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TrapRecord {
    /// What the trap site stands for.
    pub(crate) code: TrapCode,
    /// The memory whose guard was hit, by its place in the store, and the address within it.
    pub(crate) access: Option<(u32, u64)>,
    /// What was found of the operands in registers.
    pub(crate) recovered: Option<Recovered>,
    /// How deep the stack is at its end.
    pub(crate) recursion: Recursion,
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
            recovered: None,
            recursion: Recursion { depth: 0, period: 0, repeated: 0 },
            faulted: false,
            pcs: [0; MAX_FRAMES],
            depth: 0,
            truncated: false,
        }
    }

    /// After how many callers they are the same again, as far as they were recorded: at least one cycle comes again as a
    /// whole. 0 if none does.
    ///
    /// Async-signal-safe: compares, in time that is limited by [`MAX_FRAMES`].
    pub(crate) fn period(&self) -> usize {
        let callers = self.pcs().get(1..).unwrap_or_default();
        let (mut best, mut longest) = (0, 0);
        for period in 1..=callers.len() / 2 {
            let pairs = callers.iter().zip(&callers[period..]);
            let repeated = period + pairs.take_while(|(pc, later)| pc == later).count();
            if repeated >= 2 * period && repeated > longest {
                (best, longest) = (period, repeated);
            }
        }
        best
    }

    /// The recorded addresses.
    pub(crate) fn pcs(&self) -> &[usize] {
        &self.pcs[..self.depth]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(callers: &[usize]) -> usize {
        let mut record = TrapRecord::new();
        record.depth = 1 + callers.len();
        record.pcs[1..record.depth].copy_from_slice(callers);
        record.period()
    }

    #[test]
    fn a_cycle_is_what_comes_again_as_a_whole() {
        assert_eq!(period(&[]), 0);
        assert_eq!(period(&[1]), 0);
        assert_eq!(period(&[1, 1]), 1);
        assert_eq!(period(&[1, 1, 1, 9]), 1);
        assert_eq!(period(&[1, 2, 1]), 0);
        assert_eq!(period(&[1, 2, 1, 2, 1, 9]), 2);
        assert_eq!(period(&[1, 2, 3, 1, 2, 3]), 3);
        // The longest stretch counts, and of equally long ones the shorter cycle.
        assert_eq!(period(&[1, 1, 2, 1, 1, 2, 1]), 3);
        assert_eq!(period(&[5; MAX_FRAMES - 1]), 1);
    }
}
