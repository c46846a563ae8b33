//! What a worker needs, and so may do.

use super::wire::Setup;
use crate::engine::Mode;
use crate::trail::Unconfined;
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use trapline_sandbox::{Confined, Confinement};

/// Bytes of the largest file that a worker may write: what a linker needs for a module.
const MAX_FILE_BYTES: u64 = 1 << 30;
/// Bytes of private writable memory that a worker may have mapped, and those that one memory and one table are allowed beyond
/// their default.
const MAX_DATA_BYTES: u64 = 16 << 30;

/// The variables that a worker is given if they are set. Only tests set them.
const VARIABLES: [&str; 2] = ["TRAPLINE_CPU_LEVEL", "TRAPLINE_HAZARDS"];
/// The same for one that links.
const VARIABLES_OF_LINKERS: [&str; 4] = ["TRAPLINE_CPU_LEVEL", "TRAPLINE_HAZARDS", "PATH", "CC"];

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
    if links { &VARIABLES_OF_LINKERS } else { &VARIABLES }
}

/// What a worker may do.
pub(super) fn of_worker(setup: &Setup) -> io::Result<Confinement> {
    let mut readable = own_files()?;
    readable.extend(SYSTEM.map(PathBuf::from));
    let loaded = setup.engine.precompiled.as_ref().filter(|precompiled| precompiled.mode == Mode::Load);
    readable.extend(loaded.map(|precompiled| precompiled.folder.clone()));
    Ok(Confinement {
        max_data_bytes: MAX_DATA_BYTES.saturating_add(setup.engine.heap.bytes_beyond_default()),
        readable,
        writable: setup.writable().collect(),
        environment: variables(setup.scratch.is_some()),
        ..limits()
    })
}

/// What a linker may do, but for where it writes.
pub(super) fn limits() -> Confinement {
    Confinement {
        max_file_bytes: MAX_FILE_BYTES,
        max_data_bytes: MAX_DATA_BYTES,
        environment: &VARIABLES_OF_LINKERS,
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
