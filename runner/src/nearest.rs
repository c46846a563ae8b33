//! What a name that is not known was probably meant to be.

/// How alike two names have to be, from 0 to 1, for one to be taken for the other.
const ALIKE: f64 = 0.8;

/// The known name that is most like another one, if it is like enough (W. E. Winkler, "String Comparator Metrics and Enhanced
/// Decision Rules in the Fellegi-Sunter Model of Record Linkage", 1990).
pub(crate) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let score = |known: &str| match strsim::osa_distance(name, known) {
        // One slip of the finger, in whatever name.
        0 | 1 if name.len() > 1 => 1.0,
        _ => strsim::jaro_winkler(name, known),
    };
    let scored = known.into_iter().map(|known| (score(known), known));
    let best = scored.filter(|&(score, _)| score >= ALIKE).max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_understood_and_other_words_are_not() {
        let known = ["threads", "tail-call", "simd", "relaxed-simd"];
        assert_eq!(nearest("thread", known), Some("threads"));
        assert_eq!(nearest("tailcall", known), Some("tail-call"));
        assert_eq!(nearest("smid", known), Some("simd"));
        assert_eq!(nearest("dvi", ["mul", "div"]), Some("div"));
        assert_eq!(nearest("bulk-memory", known), None);
        assert_eq!(nearest("x", []), None);
    }
}
