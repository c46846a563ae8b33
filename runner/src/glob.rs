//! Patterns for file names.

/// Whether a name is what a pattern describes: `*` stands for any characters but `/`, `**` for any characters, `**/` also for
/// none at all, and everything else for itself.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    // After which characters of the name what has been seen of the pattern can end. Each part of the pattern is looked at once.
    let mut ends = vec![false; name.len() + 1];
    ends[0] = true;
    let (mut rest, mut is_start) = (pattern, true);
    while let Some(c) = rest.chars().next() {
        let next;
        // `**/` is any number of whole folders, of which there may be none.
        if let Some(after) = rest.strip_prefix("**/").filter(|_| is_start) {
            let first = ends.iter().position(|&end| end).unwrap_or(ends.len());
            next = (0..ends.len()).map(|at| ends[at] || at > first && name[at - 1] == '/').collect();
            rest = after;
        } else if let Some(after) = rest.strip_prefix("**") {
            next = run_on(&ends, |_| true);
            rest = after;
        } else if let Some(after) = rest.strip_prefix('*') {
            next = run_on(&ends, |at| name[at] != '/');
            rest = after;
        } else {
            next = (0..ends.len()).map(|at| at > 0 && ends[at - 1] && name[at - 1] == c).collect();
            rest = &rest[c.len_utf8()..];
        }
        ends = next;
        is_start = rest.len() < pattern.len() && pattern[..pattern.len() - rest.len()].ends_with('/');
    }
    ends[name.len()]
}

/// Ends that go on as long as the characters behind them are of a kind.
fn run_on(ends: &[bool], is_taken: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut goes_on = false;
    let further = |(at, &end): (usize, &bool)| {
        goes_on = end || at > 0 && goes_on && is_taken(at - 1);
        goes_on
    };
    ends.iter().enumerate().map(further).collect()
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

    /// A pattern takes as many steps as it and the name are long.
    #[test]
    fn no_pattern_takes_long() {
        let (pattern, name) = ("*a**".repeat(500) + "b", "a".repeat(2000));
        assert!(!matches(&pattern, &name));
        assert!(matches(&pattern, &(name + "b")));
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
