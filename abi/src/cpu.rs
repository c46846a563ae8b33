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

/// The environment names no level of x86-64.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{CPU_LEVEL_VARIABLE}={0} is not a level of x86-64; there are x86-64, x86-64-v2 and x86-64-v3")]
pub struct CpuLevelError(String);

/// Checks the level that the environment names, if it names one. A program does so before anything else asks.
///
/// # Errors
///
/// If there is no such level.
pub fn check_cpu_level() -> Result<(), CpuLevelError> {
    level().as_ref().map(|_| ()).map_err(CpuLevelError::clone)
}

/// Whether the environment lets a processor feature count as present if the processor has it.
///
/// # Panics
///
/// If the environment names no level, which [`check_cpu_level`] says: a test that asks for a level must not run at another
/// one.
pub fn is_cpu_feature_allowed(name: &str) -> bool {
    match level() {
        Ok(level) => is_within(name, *level),
        Err(error) => panic!("{error}"),
    }
}

fn level() -> &'static Result<Option<usize>, CpuLevelError> {
    static LEVEL: OnceLock<Result<Option<usize>, CpuLevelError>> = OnceLock::new();
    LEVEL.get_or_init(|| match std::env::var_os(CPU_LEVEL_VARIABLE).filter(|value| !value.is_empty()) {
        None => Ok(None),
        Some(value) => match LEVELS.iter().position(|(level, _)| value == *level) {
            Some(level) => Ok(Some(level)),
            None => Err(CpuLevelError(value.to_string_lossy().into_owned())),
        },
    })
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
