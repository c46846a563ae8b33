//! What a process has in use, as its parent counts it.

use std::fs;

/// Bytes of memory that a process has in use; `None` if it is gone. What it has in swap counts, and so do its page tables and
/// files in memory that it has open: their pages are no one else's, whether it has mapped them or not.
pub(super) fn used_bytes(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    // A process that has ended and is not waited for has no such lines.
    Some(bytes_of_status(&status) + bytes_of_files(process))
}

/// The lines of `proc_pid_status(5)` that count, each in kibibytes.
const COUNTED: [&str; 3] = ["VmRSS:", "VmSwap:", "VmPTE:"];

fn bytes_of_status(status: &str) -> u64 {
    let kibibytes = |line: &str| {
        let rest = COUNTED.iter().find_map(|name| line.strip_prefix(name))?;
        rest.split_whitespace().next()?.parse::<u64>().ok()
    };
    status.lines().filter_map(kibibytes).fold(0, |sum, kibibytes| sum + (kibibytes << 10))
}

/// Bytes of the files in memory that a process has open. Those that it has mapped count twice.
fn bytes_of_files(process: u32) -> u64 {
    let entries = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    let bytes = |entry: fs::DirEntry| {
        let target = fs::read_link(entry.path()).ok()?;
        let in_memory = target.to_str().is_some_and(|target| target.starts_with("/memfd:"));
        // By the link, which leads to the open file.
        in_memory.then(|| fs::metadata(entry.path()).ok()).flatten().map(|file| allocated(&file))
    };
    entries.filter_map(bytes).sum()
}

/// Bytes that are allocated to a file. A sparse file is longer.
fn allocated(file: &fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    // The unit is that of `stat(2)`, whatever the file system's blocks are.
    file.blocks() * 512
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn memory_swap_and_page_tables_count() {
        let status =
            "Name:\tVmRSS: 7 kB\nVmHWM:\t  900 kB\nVmRSS:\t   12 kB\nVmPTE:\t    4 kB\nVmSwap:\t    1 kB\n";
        assert_eq!(bytes_of_status(status), 17 << 10);
        assert_eq!(bytes_of_status("Name:\tx\nState:\tZ (zombie)\n"), 0);
    }

    #[test]
    fn files_in_memory_count() {
        let own = std::process::id();
        let before = bytes_of_files(own);
        let mut file = trapline_sandbox::hazard::file_in_memory().expect("a file");
        file.set_len(1 << 30).expect("a sparse file");
        file.write_all(&[1; 1 << 20]).expect("a write");
        let more = bytes_of_files(own) - before;
        assert!((1 << 20..1 << 29).contains(&more), "{more}");
        assert!(used_bytes(own).is_some_and(|bytes| bytes > 1 << 20));
        assert_eq!(used_bytes(u32::MAX), None);
    }
}
