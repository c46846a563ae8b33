//! What triage can come to.

use serde::Serialize;
use std::fmt;

/// What a module or a script shows, the gravest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Compiled code did what the signal handler does not take for a trap.
    HostFault,
    /// The runtime, or the host, crashed or went wrong.
    RuntimeFault,
    /// Engines or variants of trapline do not agree.
    Miscompile,
    /// The same engine does not do the same twice.
    Nondeterminism,
    /// Compiling panicked, crashed, or made code that the verifier or the checker of register allocation refuses.
    CompilerFault,
    /// trapline's engines agree, and an engine of others does something else that the specification does not leave open.
    OtherEngine,
    /// The runner itself went wrong.
    HarnessFault,
    /// It takes more time, memory or stack than there is, or is larger than trapline takes.
    ResourceLimit,
    /// It needs what is not built.
    Unsupported,
    /// It cannot be read as a module.
    Malformed,
    /// It is not valid.
    Invalid,
    /// An import has nothing, or something of another type.
    Unlinked,
    /// The script wants something else than all engines do.
    Expectation,
    /// It traps, as the specification says.
    SpecTrap,
    /// It throws, and nothing catches.
    UncaughtException,
    /// An engine of others crashed, or went wrong itself, where trapline's do not.
    OtherEngineFailure,
    /// Engines differ in what the specification leaves open.
    LegalDivergence,
    /// Nothing of all that.
    NoFault,
}

/// How grave a fault is, by when it strikes: what is wrong while code runs may break out of the sandbox or compute something
/// else, and what is wrong while it is compiled stops before anything runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A fault at run time: to be treated as one of security until it is shown not to be.
    RunTime,
    /// A fault at compile time, or of a tool: an ordinary bug.
    CompileTime,
    /// No fault of an engine.
    None,
}

impl Verdict {
    /// The name, as reports have it.
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::HostFault => "host fault in compiled code",
            Verdict::RuntimeFault => "fault of the runtime or the host",
            Verdict::Miscompile => "miscompile",
            Verdict::Nondeterminism => "nondeterminism",
            Verdict::CompilerFault => "fault of the compiler",
            Verdict::OtherEngine => "another engine does something else",
            Verdict::HarnessFault => "fault of the runner",
            Verdict::ResourceLimit => "resource limit",
            Verdict::Unsupported => "not built",
            Verdict::Malformed => "malformed",
            Verdict::Invalid => "invalid",
            Verdict::Unlinked => "imports without a provider",
            Verdict::Expectation => "the script wants something else",
            Verdict::SpecTrap => "spec-legal trap",
            Verdict::UncaughtException => "uncaught exception",
            Verdict::OtherEngineFailure => "another engine failed",
            Verdict::LegalDivergence => "legal divergence",
            Verdict::NoFault => "no fault found",
        }
    }

    /// The name in buckets and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::HostFault => "host-fault",
            Verdict::RuntimeFault => "runtime-fault",
            Verdict::Miscompile => "miscompile",
            Verdict::Nondeterminism => "nondeterminism",
            Verdict::CompilerFault => "compiler-fault",
            Verdict::OtherEngine => "other-engine",
            Verdict::HarnessFault => "harness-fault",
            Verdict::ResourceLimit => "resource-limit",
            Verdict::Unsupported => "unsupported",
            Verdict::Malformed => "malformed",
            Verdict::Invalid => "invalid",
            Verdict::Unlinked => "unlinked",
            Verdict::Expectation => "expectation",
            Verdict::SpecTrap => "spec-trap",
            Verdict::UncaughtException => "uncaught-exception",
            Verdict::OtherEngineFailure => "other-engine-failure",
            Verdict::LegalDivergence => "legal-divergence",
            Verdict::NoFault => "no-fault",
        }
    }

    /// How grave it is.
    pub const fn severity(self) -> Severity {
        match self {
            Verdict::HostFault
            | Verdict::RuntimeFault
            | Verdict::Miscompile
            | Verdict::Nondeterminism
            | Verdict::OtherEngine
            | Verdict::OtherEngineFailure => Severity::RunTime,
            Verdict::CompilerFault | Verdict::HarnessFault => Severity::CompileTime,
            Verdict::ResourceLimit
            | Verdict::Unsupported
            | Verdict::Malformed
            | Verdict::Invalid
            | Verdict::Unlinked
            | Verdict::Expectation
            | Verdict::SpecTrap
            | Verdict::UncaughtException
            | Verdict::LegalDivergence
            | Verdict::NoFault => Severity::None,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Severity {
    /// What it means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Severity::RunTime => {
                "a fault at run time: treat it as one of security until it is shown not to be"
            }
            Severity::CompileTime => "a fault before anything runs: an ordinary bug",
            Severity::None => "no fault of an engine",
        }
    }
}
