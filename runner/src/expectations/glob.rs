//! Patterns for file names.

/// Whether a name is what a pattern describes: `*` stands for any characters but `/`, everything else for itself.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            let end = rest.find('/').unwrap_or(rest.len());
            // A name may be cut anywhere that leaves whole characters.
            (0..=end).filter(|&at| rest.is_char_boundary(at)).any(|at| matches(after, &rest[at..]))
        }),
    }
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
}
