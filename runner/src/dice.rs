//! Random numbers for mutants.

use fastrand::Rng;

/// Where the random numbers come from: each mutant has a generator of its own (wyrand of the `fastrand` crate), seeded
/// with the first eight bytes of a BLAKE3 hash of the seed, the script's text and which mutant it is. So a mutant is the
/// same whatever else is run, in whatever order and on however many threads, and wherever the script was found.
pub(crate) struct Dice {
    /// The hash of the seed and the text, as the key of all others.
    key: [u8; 32],
}

/// Something that tells a mutant of a script from all others.
pub(crate) trait Rolled {
    /// Hashes all of it.
    fn hash(&self, hasher: &mut blake3::Hasher);
}

impl Dice {
    pub(crate) fn new(seed: u64, text: &str) -> Dice {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_le_bytes()).update(text.as_bytes());
        Dice { key: *hasher.finalize().as_bytes() }
    }

    /// The generator of a mutant.
    pub(crate) fn rng(&self, id: &impl Rolled) -> Rng {
        Rng::with_seed(self.number(id, 0))
    }

    /// The number of a mutant: those of the lowest ones are a sample.
    pub(crate) fn rank(&self, id: &impl Rolled) -> u64 {
        self.number(id, 1)
    }

    fn number(&self, id: &impl Rolled, purpose: u8) -> u64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&[purpose]);
        id.hash(&mut hasher);
        let mut number = [0; 8];
        number.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        u64::from_le_bytes(number)
    }
}
