//! Processor features by name.

macro_rules! detect {
    ($wanted:expr => $($name:tt)*) => {
        match $wanted {
            $($name => std::arch::is_x86_feature_detected!($name),)*
            _ => false,
        }
    };
}

/// Whether this machine has a processor feature, by the names of
/// `std::arch::is_x86_feature_detected!`. What is unknown counts as missing: the code that needs it
/// cannot be judged.
pub(crate) fn is_present(name: &str) -> bool {
    trapline_abi::is_cpu_feature_allowed(name) && is_detected(name)
}

fn is_detected(name: &str) -> bool {
    detect! { name =>
        "sse" "sse2" "sse3" "ssse3" "sse4.1" "sse4.2" "sse4a" "avx" "avx2" "avx512f" "avx512cd"
        "avx512dq" "avx512bw" "avx512vl" "avx512ifma" "avx512vbmi" "avx512vbmi2" "avx512vnni"
        "avx512bitalg" "avx512vpopcntdq" "avxvnni" "fma" "f16c" "bmi1" "bmi2" "lzcnt" "popcnt" "movbe"
        "cmpxchg16b" "adx" "aes" "pclmulqdq" "sha" "gfni"
    }
}
