//! Random numbers.

use super::trial::MutantId;
use crate::script::Script;
use fastrand::Rng;

/// Where the random numbers come from: each mutant has a generator of its own (wyrand of the `fastrand` crate), seeded
/// with the first eight bytes of a BLAKE3 hash of the seed, the script's text and which mutant it is. So a mutant is the
/// same whatever else is run, in whatever order and on however many threads, and wherever the script was found.
pub(super) struct Dice {
    /// The hash of the seed and the text, as the key of all others.
    key: [u8; 32],
}

impl Dice {
    pub(super) fn new(seed: u64, script: &Script) -> Dice {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_le_bytes()).update(script.text().as_bytes());
        Dice { key: *hasher.finalize().as_bytes() }
    }

    pub(super) fn rng(&self, id: MutantId) -> Rng {
        Rng::with_seed(self.number(id, 0))
    }

    pub(super) fn rank(&self, id: MutantId) -> u64 {
        self.number(id, 1)
    }

    fn number(&self, id: MutantId, purpose: u8) -> u64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&[purpose]).update(&id.directive.to_le_bytes()).update(&id.site.to_le_bytes());
        hasher.update(id.mutation.name().as_bytes());
        let mut number = [0; 8];
        number.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        u64::from_le_bytes(number)
    }
}
