//! Patterns for file names.

/// Whether a name is what a pattern describes: `*` stands for any characters but `/`, `**` for any characters, `**/` also for
/// none at all, and everything else for itself.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == name };
    let Some(rest) = name.strip_prefix(before) else { return false };
    let (after, end) = match after.strip_prefix('*') {
        Some(after) => (after, rest.len()),
        None => (after, rest.find('/').unwrap_or(rest.len())),
    };
    // `**/` is any number of whole folders, of which there may be none.
    let is_folders =
        pattern[before.len()..].starts_with("**/") && (before.is_empty() || before.ends_with('/'));
    if is_folders {
        let below = &after[1..];
        let starts = rest.match_indices('/').map(|(at, _)| at + 1);
        return std::iter::once(0).chain(starts).any(|at| matches(below, &rest[at..]));
    }
    // A name may be cut anywhere that leaves whole characters.
    (0..=end).filter(|&at| rest.is_char_boundary(at)).any(|at| matches(after, &rest[at..]))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        assert!(matches("core/a.wast", "core/a.wast"));
        assert!(!matches("core/a.wast", "core/b.wast"));
        assert!(matches("core/simd_*.wast", "core/simd_load.wast"));
        assert!(matches("core/*64*.wast", "core/memory64.wast"));
        assert!(matches("*/*.wast", "core/é.wast"));
        assert!(!matches("proposals/*.wast", "proposals/gc/array.wast"));
        assert!(matches("proposals/*/array*", "proposals/gc/array.wast"));
        assert!(!matches("core/*", "legacy/throw.wast"));
    }

    #[test]
    fn patterns_of_folders() {
        for name in ["simd/a.wast", "simd/deep/er/é.wast"] {
            assert!(matches("simd/**", name), "{name}");
            assert!(matches("**", name), "{name}");
            assert!(matches("**/*.wast", name), "{name}");
        }
        assert!(!matches("simd/**", "other/simd/a.wast"));
        assert!(!matches("simd/**", "simd"));
        assert!(matches("**/a.wast", "a.wast"));
        assert!(matches("**/a.wast", "x/y/a.wast"));
        assert!(!matches("**/a.wast", "x/ba.wast"));
        assert!(matches("x/**/a.wast", "x/a.wast"));
        assert!(matches("x/**/a.wast", "x/y/a.wast"));
        assert!(!matches("x/**/a.wast", "xy/a.wast"));
        assert!(matches("x**.wast", "x/y.wast"));
    }
}
