//! The measures, and which of them are in force.

/// A way in which a process is confined. Each is in force by itself: what one forbids does not depend on another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Measure {
    /// The environment holds no variables but those that are needed.
    Environment,
    /// The process leads a session, and has no terminal.
    Session,
    /// Files that it writes have a largest size.
    FileSize,
    /// The private memory that it maps is limited, and it leaves no core dump.
    Memory,
    /// It has no capabilities (`capabilities(7)`), also as root.
    Capabilities,
    /// It cannot gain privileges by starting a program.
    NoNewPrivileges,
    /// It reads and writes only the files that it needs (Landlock).
    Files,
    /// It neither binds nor connects TCP sockets (Landlock).
    Tcp,
    /// It reaches neither processes by signals nor abstract sockets of others (Landlock).
    Scope,
    /// It makes only the system calls that it needs (seccomp).
    SystemCalls,
}

impl Measure {
    /// Every measure, in the order in which they are taken.
    pub const ALL: [Measure; 10] = [
        Measure::Environment,
        Measure::Session,
        Measure::FileSize,
        Measure::Memory,
        Measure::Capabilities,
        Measure::NoNewPrivileges,
        Measure::Files,
        Measure::Tcp,
        Measure::Scope,
        Measure::SystemCalls,
    ];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Measure::Environment => "environment",
            Measure::Session => "setsid",
            Measure::FileSize => "file-size",
            Measure::Memory => "memory",
            Measure::Capabilities => "capabilities",
            Measure::NoNewPrivileges => "no-new-privs",
            Measure::Files => "landlock-fs",
            Measure::Tcp => "landlock-tcp",
            Measure::Scope => "landlock-scope",
            Measure::SystemCalls => "seccomp",
        }
    }
}

/// Whether a measure is in force.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The measure.
    pub measure: Measure,
    /// Why it is not in force, or only in part; `None` if it is.
    pub missing: Option<String>,
}

/// How far a process is confined: each measure that was to be taken, once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Confined(pub Vec<Standing>);

impl Confined {
    /// Whether a measure is in force.
    pub fn is_in_force(&self, measure: Measure) -> bool {
        self.0.iter().any(|standing| standing.measure == measure && standing.missing.is_none())
    }
}
