//! What a process has used up when the system refuses it more memory.
//!
//! The system says the same of all causes: "Cannot allocate memory". People want to know which of the
//! limits it is, because each has another remedy.

use super::mmap::{Mapping, PAGE_SIZE, Protection};
use std::io;

/// What is used up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
enum Exhausted {
    /// The number of mappings. A guarded memory takes two, code takes one or two.
    #[error("the process has as many mappings as vm.max_map_count allows, which is {limit}")]
    Mappings {
        /// How many it may have.
        limit: u64,
    },
    /// Addresses.
    #[error("{used} of {limit} bytes of address space are in use")]
    AddressSpace {
        /// Bytes.
        used: u64,
        /// Bytes.
        limit: u64,
    },
    /// What may be mapped private and writable, whether it is touched or not.
    #[error("{used} of {limit} bytes of writable memory (RLIMIT_DATA) are in use")]
    WritableMemory {
        /// Bytes.
        used: u64,
        /// Bytes.
        limit: u64,
    },
}

/// The end of the addresses that a process gets without asking for larger ones: 47 bits.
const ADDRESSES: u64 = 1 << 47;

/// The system's refusal to map `len` bytes more or to give them more rights. If memory is what is
/// missing, and it can be told why, the error then says so.
pub(super) fn explain(error: io::Error, len: usize, protection: Protection) -> io::Error {
    if !is_shortage(&error) {
        return error;
    }
    match cause(len as u64, protection) {
        Some(exhausted) => io::Error::new(io::ErrorKind::OutOfMemory, exhausted),
        None => error,
    }
}

fn is_shortage(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ENOMEM)
}

fn cause(len: u64, protection: Protection) -> Option<Exhausted> {
    if !has_room_for_mappings()
        && let Some(limit) = read_number("/proc/sys/vm/max_map_count")
    {
        return Some(Exhausted::Mappings { limit });
    }
    let (used, limit) = (status("VmData:")?, soft_limit(libc::RLIMIT_DATA));
    if protection == Protection::ReadWrite && used.saturating_add(len) > limit {
        return Some(Exhausted::WritableMemory { used, limit });
    }
    // Pages that cannot be accessed need nothing but addresses. There may be enough of them, but not
    // in one piece.
    let (used, limit) = (status("VmSize:")?, ADDRESSES.min(soft_limit(libc::RLIMIT_AS)));
    let addresses = protection == Protection::None || used.saturating_add(len) > limit;
    addresses.then_some(Exhausted::AddressSpace { used, limit })
}

/// Whether there can be two more mappings of a page each, which is little enough to want no other
/// resource.
fn has_room_for_mappings() -> bool {
    let split = |mut mapping: Mapping| mapping.try_protect(0..PAGE_SIZE, Protection::ReadExecute);
    let tried = Mapping::try_new(2 * PAGE_SIZE, Protection::None).and_then(split);
    !tried.is_err_and(|error| is_shortage(&error))
}

/// A size in bytes of what the system says of the process.
fn status(field: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(field))?;
    let kibibytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}

fn read_number(path: &str) -> Option<u64> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// How much of a resource the process may have, in bytes.
fn soft_limit(resource: libc::__rlimit_resource_t) -> u64 {
    let mut limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: I9: the structure is valid for the call, which leaves it as it is if it fails.
    unsafe { libc::getrlimit(resource, &mut limit) };
    limit.rlim_cur
}
