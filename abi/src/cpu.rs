//! Which features of this machine's processor count as present.

use std::sync::OnceLock;

/// The environment variable that hides features beyond a level of the x86-64 psABI from detection: `x86-64`, `x86-64-v2` or
/// `x86-64-v3`. It lets tests see the code for lesser processors on any machine.
pub const CPU_LEVEL_VARIABLE: &str = "TRAPLINE_CPU_LEVEL";

/// The levels of the x86-64 psABI, each with the features that it adds to the one before, by the names of
/// `std::arch::is_x86_feature_detected!`.
const LEVELS: [(&str, &[&str]); 3] = [
    ("x86-64", &["sse", "sse2"]),
    ("x86-64-v2", &["cmpxchg16b", "popcnt", "sse3", "ssse3", "sse4.1", "sse4.2"]),
    ("x86-64-v3", &["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "lzcnt", "movbe"]),
];

/// Whether the environment lets a processor feature count as present if the processor has it.
///
/// # Panics
///
/// If the variable has a value that is not the name of a level: a test that believes to run at a level must not run at
/// another one.
pub fn is_cpu_feature_allowed(name: &str) -> bool {
    static LEVEL: OnceLock<Option<usize>> = OnceLock::new();
    let level = LEVEL.get_or_init(|| {
        let value = std::env::var_os(CPU_LEVEL_VARIABLE).filter(|value| !value.is_empty())?;
        match LEVELS.iter().position(|(level, _)| value == *level) {
            Some(level) => Some(level),
            None => panic!("{CPU_LEVEL_VARIABLE}={} names no level of x86-64", value.display()),
        }
    });
    is_within(name, *level)
}

fn is_within(name: &str, level: Option<usize>) -> bool {
    level.is_none_or(|level| LEVELS[..=level].iter().any(|(_, added)| added.contains(&name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_has_its_features_and_those_below() {
        let within = |level| ["sse2", "popcnt", "avx", "avx512f"].map(|name| is_within(name, level));
        assert_eq!(within(Some(0)), [true, false, false, false]);
        assert_eq!(within(Some(1)), [true, true, false, false]);
        assert_eq!(within(Some(2)), [true, true, true, false]);
        assert_eq!(within(None), [true; 4]);
    }
}
