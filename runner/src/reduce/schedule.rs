//! Which edits are tried together: chunks by weight, without complements (CDD, "Deep Dive into Probabilistic Delta Debugging",
//! arXiv 2408.04735).
//!
//! The size of chunks begins at the whole and shrinks by a fixed factor after each round in which no chunk could be applied: the
//! counters of CDD without its probabilities. A chunk that could not be applied is not looked into by itself; a later round does
//! that with other borders.

/// What the size of chunks is divided by after a round without success (CDD: 1.582).
const FACTOR: f64 = 1.582;

/// How far a level has come in its sizes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Size(Option<f64>);

impl Size {
    /// All at once.
    pub(super) const WHOLE: Size = Size(None);

    /// The weight that a chunk may have; the whole weighs `total`.
    pub(super) fn weight(self, total: u64) -> u64 {
        match self.0 {
            None => total,
            Some(size) => (size as u64).min(total),
        }
    }

    /// The next smaller one.
    pub(super) fn smaller(self, total: u64) -> Size {
        Size(Some(self.0.unwrap_or(total as f64).min(total as f64) / FACTOR))
    }

    /// A greater one, to begin the next pass with: what could not be applied together may by then.
    pub(super) fn greater(self) -> Size {
        Size(self.0.map(|size| size * FACTOR * FACTOR))
    }
}

/// Divides edits, which are numbers into `weights`, into chunks that follow each other. No chunk weighs more, unless a single
/// edit does.
pub(super) fn chunks(edits: &[usize], weights: &[u32], weight: u64) -> Vec<Vec<usize>> {
    let mut chunks: Vec<Vec<usize>> = Vec::new();
    let mut room = 0_u64;
    for &edit in edits {
        let needed = u64::from(weights[edit].max(1));
        match chunks.last_mut() {
            Some(last) if needed <= room => {
                last.push(edit);
                room -= needed;
            }
            _ => {
                chunks.push(vec![edit]);
                room = weight.saturating_sub(needed);
            }
        }
    }
    chunks
}

/// What edits weigh together.
pub(super) fn total(edits: &[usize], weights: &[u32]) -> u64 {
    edits.iter().map(|&edit| u64::from(weights[edit].max(1))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_of_a_weight_and_hold_every_edit_once() {
        let weights = [5, 1, 1, 9, 0, 3, 2];
        let edits: Vec<usize> = (0..weights.len()).collect();
        assert_eq!(chunks(&edits, &weights, 100), std::slice::from_ref(&edits));
        let four = chunks(&edits, &weights, 4);
        assert_eq!(four, [vec![0], vec![1, 2], vec![3], vec![4, 5], vec![6]]);
        let one = chunks(&edits, &weights, 0);
        assert_eq!(one.len(), weights.len());
        assert_eq!(chunks(&[2, 5], &weights, 4), [vec![2, 5]]);
        assert_eq!(total(&edits, &weights), 22);
    }

    #[test]
    fn sizes_shrink_from_the_whole_to_single_edits() {
        let weights = [1; 1000];
        let edits: Vec<usize> = (0..1000).collect();
        let mut size = Size::WHOLE;
        let mut counts = Vec::new();
        loop {
            let round = chunks(&edits, &weights, size.weight(1000)).len();
            counts.push(round);
            if round == edits.len() {
                break;
            }
            size = size.smaller(1000);
        }
        assert_eq!(counts[..3], [1, 2, 3]);
        assert!(counts.len() < 18 && counts.is_sorted(), "{counts:?}");
        assert!(size.greater().weight(1000) >= 2);
    }
}
