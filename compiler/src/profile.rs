//! What may vary in compilation.

use serde::{Deserialize, Serialize};
use std::fmt;
use trapline_abi::Injected;
use trapline_abi::artifact::MemoryStyle;

/// How code is generated. Two compilations of one module with equal profiles on one machine give
/// the same bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Profile {
    /// How much to optimise.
    pub opt_level: OptLevel,
    /// How accesses to memories are kept within bounds.
    pub memory_style: MemoryStyle,
    /// Which processor features to use.
    pub cpu: Cpu,
    /// Whether Cranelift verifies its intermediate representation between passes.
    pub verifier: bool,
    /// Whether Cranelift checks the result of register allocation.
    pub regalloc_checker: bool,
    /// Whether arithmetic NaNs are made canonical.
    pub nan_canonicalization: bool,
    /// Which of the permitted results relaxed SIMD instructions have.
    pub relaxed: RelaxedSimd,
    /// What is broken on purpose, in code and in the runtime.
    pub fault: Injected,
    /// The function of one module that has another instruction, if any.
    #[cfg(feature = "faults")]
    pub mutant: Option<crate::ClifMutant>,
    /// Whether artefacts describe their code to debuggers: frames, functions and WebAssembly offsets. Changes no code.
    pub debug_info: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            opt_level: OptLevel::Speed,
            memory_style: MemoryStyle::Guarded,
            cpu: Cpu::Native,
            verifier: false,
            regalloc_checker: false,
            nan_canonicalization: false,
            relaxed: RelaxedSimd::Deterministic,
            fault: Injected::default(),
            #[cfg(feature = "faults")]
            mutant: None,
            debug_info: false,
        }
    }
}

/// Cranelift's optimisation levels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum OptLevel {
    /// As little as possible.
    None,
    /// For fast code.
    Speed,
    /// For fast and small code.
    SpeedAndSize,
}

impl OptLevel {
    /// Cranelift's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            OptLevel::None => "none",
            OptLevel::Speed => "speed",
            OptLevel::SpeedAndSize => "speed_and_size",
        }
    }
}

impl fmt::Display for OptLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which processor features generated code may use.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Cpu {
    /// All that this machine has.
    Native,
    /// None beyond those that every machine of the architecture has.
    Baseline,
}

/// Which of the results that the specification permits relaxed SIMD instructions have.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum RelaxedSimd {
    /// Those of the specification's deterministic profile, equal on every machine.
    Deterministic,
    /// Those of the machine's own instructions.
    Native,
}
