//! What a worker needs, and so may do.

use super::wire::Setup;
use crate::engine::Mode;
use crate::trail::Unconfined;
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use trapline_sandbox::{ConfineError, Confined, Confinement, Measure, Programs, confine_by};

/// Bytes of the largest file that a worker may write: what a linker needs for a module.
const MAX_FILE_BYTES: u64 = 1 << 30;
/// Bytes of private writable memory that a worker may have mapped, and those that one memory and one table are allowed beyond
/// their default.
const MAX_DATA_BYTES: u64 = 16 << 30;

/// The variables that a worker is given if they are set, for one that links and for others. Only tests set the others' ones.
#[cfg(feature = "faults")]
const VARIABLES: [&str; 4] = ["PATH", "CC", "TRAPLINE_CPU_LEVEL", "TRAPLINE_HAZARDS"];
#[cfg(not(feature = "faults"))]
const VARIABLES: [&str; 3] = ["PATH", "CC", "TRAPLINE_CPU_LEVEL"];
/// How many of them only a worker that links is given.
const OF_LINKERS: usize = 2;

/// What the system tells of the machine, by which the number of threads and the arenas of memory are chosen, and of limits that
/// refusals name.
const SYSTEM: [&str; 4] = [
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup",
    "/proc/sys/vm/max_map_count",
    "/proc/sys/vm/overcommit_memory",
];

/// The variables that a worker is given if they are set.
pub(super) fn variables(links: bool) -> &'static [&'static str] {
    if links { &VARIABLES } else { &VARIABLES[OF_LINKERS..] }
}

/// What a worker may do.
pub(super) fn of_worker(setup: &Setup) -> io::Result<Confinement> {
    let mut readable = own_files()?;
    readable.extend(SYSTEM.map(PathBuf::from));
    let precompiled = setup.engines.iter().filter_map(|engine| engine.precompiled.as_ref());
    let loaded = precompiled.filter(|precompiled| precompiled.mode == Mode::Load);
    let beyond = setup.engines.iter().map(|engine| engine.heap.bytes_beyond_default()).max();
    readable.extend(loaded.map(|precompiled| precompiled.folder.clone()));
    Ok(Confinement {
        max_data_bytes: MAX_DATA_BYTES.saturating_add(beyond.unwrap_or(0)),
        readable,
        writable: setup.writable().collect(),
        environment: variables(setup.scratch.is_some()),
        ..limits()
    })
}

/// The measures for a process that runs a guest for a command. Its environment, its descriptors and its rights are those of the
/// user who has started the command, and the watchdog counts its memory.
const OF_COMMANDS: [Measure; 5] =
    [Measure::NoNewPrivileges, Measure::Files, Measure::Tcp, Measure::Scope, Measure::SystemCalls];

/// The files of a command that runs a guest.
#[derive(Debug, Default)]
pub(crate) struct CommandFiles {
    /// Files and folders that it may read.
    pub(crate) readable: Vec<PathBuf>,
    /// Folders that it may also change.
    pub(crate) writable: Vec<PathBuf>,
    /// Whether it starts a linker, which may read anything.
    pub(crate) links: bool,
}

/// Why a command is not confined. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// The system does not say what the process uses.
    #[error("find the files of this process: {0}")]
    Files(#[source] io::Error),
    /// It cannot be confined.
    #[error(transparent)]
    Confine(#[from] ConfineError),
}

impl CommandFiles {
    /// Confines this process, which runs a guest for a command, to these files. Gives the measures that are not in force.
    ///
    /// # Errors
    ///
    /// When the process has several threads, or cannot find out what it uses.
    pub(crate) fn confine(self) -> Result<Vec<Unconfined>, CommandError> {
        let mut readable = own_files().map_err(CommandError::Files)?;
        readable.extend(SYSTEM.map(PathBuf::from));
        readable.extend(self.readable);
        let programs = if self.links { Programs::Allowed } else { Programs::Forbidden };
        let confinement =
            Confinement { readable, writable: self.writable, programs, links: true, ..limits() };
        Ok(unconfined(confine_by(&confinement, &OF_COMMANDS)?))
    }
}

/// What a linker may do, but for where it writes.
pub(super) fn limits() -> Confinement {
    Confinement {
        max_file_bytes: MAX_FILE_BYTES,
        max_data_bytes: MAX_DATA_BYTES,
        environment: &VARIABLES,
        ..Confinement::default()
    }
}

/// What the system tells of this process, its program and its libraries.
fn own_files() -> io::Result<Vec<PathBuf>> {
    let maps = std::fs::read_to_string("/proc/self/maps")?;
    // The path is the last of the columns, and alone begins with a slash.
    let paths = maps.lines().filter_map(|line| line.find('/').map(|at| &line[at..]));
    let mapped: BTreeSet<&str> = paths.filter(|path| !path.ends_with(" (deleted)")).collect();
    Ok(mapped.into_iter().chain(["/proc/self"]).map(PathBuf::from).collect())
}

/// The measures that are not in force.
pub(super) fn unconfined(confined: Confined) -> Vec<Unconfined> {
    let missing = confined.0.into_iter().filter_map(|standing| {
        let measure = standing.measure.name().to_owned();
        standing.missing.map(|cause| Unconfined { measure, cause })
    });
    missing.collect()
}
