//! Bytes on their way into a hash.

use super::first_half;

/// Bytes that are gathered before they go into a hash, since to hash every small piece for itself costs more.
#[derive(Default, Debug)]
pub(super) struct Stream {
    hasher: blake3::Hasher,
    gathered: Vec<u8>,
}

/// Bytes from which on a piece goes into the hash.
const ENOUGH: usize = 16 << 10;

impl Stream {
    pub(super) fn push(&mut self, byte: u8) {
        self.gathered.push(byte);
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        if self.gathered.len() + bytes.len() > ENOUGH {
            self.flush();
        }
        if bytes.len() < ENOUGH {
            self.gathered.extend_from_slice(bytes);
        } else {
            self.hasher.update(bytes);
        }
    }

    fn flush(&mut self) {
        self.hasher.update(&self.gathered);
        self.gathered.clear();
    }

    /// The first 128 bits of the hash of all bytes since the last call.
    pub(super) fn finish(&mut self) -> u128 {
        self.flush();
        let hash = first_half(&self.hasher.finalize());
        self.hasher.reset();
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_hash_like_the_whole() {
        let bytes: Vec<u8> = (0..100_000u32).map(|at| (at % 251) as u8).collect();
        let mut stream = Stream::default();
        let mut rest = &bytes[..];
        for len in [1, 16, 4095, ENOUGH - 1, ENOUGH, ENOUGH + 1, 3].into_iter().cycle() {
            let (piece, behind) = rest.split_at(len.min(rest.len()));
            stream.extend(piece);
            rest = behind;
            if rest.is_empty() {
                break;
            }
        }
        assert_eq!(stream.finish(), first_half(&blake3::hash(&bytes)));
        stream.push(7);
        assert_eq!(stream.finish(), first_half(&blake3::hash(&[7])));
    }
}
