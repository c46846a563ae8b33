//! Reads inputs whole, up to a limit: devices and pipes may have no end, and a file may be larger than memory.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::OnceLock;

/// The environment variable with the largest size of an input, in MiB.
pub(crate) const LIMIT_VARIABLE: &str = "TRAPLINE_MAX_INPUT";

/// MiB of the largest input by default: what the JavaScript interface of WebAssembly allows a module to have.
const DEFAULT_LIMIT_MIB: u64 = 1024;

/// An input is larger than the limit. Messages follow "failed to read FILE: ".
#[derive(Debug, thiserror::Error)]
#[error(
    "it has more than {mib} MiB, which is the limit for an input ({LIMIT_VARIABLE}=MIB in the environment changes it)"
)]
struct TooLarge {
    mib: u64,
}

/// The environment variable holds something else. Messages follow "failed to".
#[derive(Clone, Debug, thiserror::Error)]
#[error("understand {LIMIT_VARIABLE}={0}: it is the number of MiB that an input may have, at least 1")]
pub(crate) struct LimitError(String);

/// The largest size of an input, in MiB.
///
/// # Errors
///
/// When [`LIMIT_VARIABLE`] is set to something else than a number of MiB.
pub(crate) fn limit_mib() -> Result<u64, LimitError> {
    static LIMIT: OnceLock<Result<u64, LimitError>> = OnceLock::new();
    let read = || match std::env::var_os(LIMIT_VARIABLE).filter(|value| !value.is_empty()) {
        None => Ok(DEFAULT_LIMIT_MIB),
        Some(value) => {
            let value = value.to_string_lossy();
            let mib = value.parse().ok().filter(|mib| (1..=u64::MAX >> 20).contains(mib));
            mib.ok_or_else(|| LimitError(value.into_owned()))
        }
    };
    LIMIT.get_or_init(read).clone()
}

/// Reads a file, a device or a pipe.
///
/// # Errors
///
/// When it cannot be read, or has more bytes than the limit; a file is then not read at all.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let limit = limit()?;
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    // Only for a file is this its size.
    let size = if metadata.is_file() { metadata.len() } else { 0 };
    if size > limit {
        return Err(too_large(limit));
    }
    // With room for one byte more the end is found without growing.
    let room = usize::try_from(size + 1).map_err(|_| too_large(limit))?;
    read_up_to(&mut file, limit, room)
}

/// Reads the standard input to its end.
///
/// # Errors
///
/// As [`read`].
pub(crate) fn read_stdin() -> io::Result<Vec<u8>> {
    read_up_to(&mut io::stdin().lock(), limit()?, 0)
}

/// Reads a text.
///
/// # Errors
///
/// As [`read`], and when it is not UTF-8.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not UTF-8"))
}

/// The limit in bytes.
fn limit() -> io::Result<u64> {
    limit_mib().map(|mib| mib << 20).map_err(io::Error::other)
}

fn read_up_to(input: &mut impl Read, limit: u64, room: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(room).map_err(io::Error::other)?;
    // One byte more than is allowed tells an input that is too large from one that is not.
    input.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes)
}

fn too_large(limit: u64) -> io::Error {
    io::Error::new(ErrorKind::FileTooLarge, TooLarge { mib: limit >> 20 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts what is read of an endless input.
    struct Endless(u64);

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += buffer.len() as u64;
            Ok(buffer.len())
        }
    }

    #[test]
    fn no_more_is_read_than_tells_that_it_is_too_much() {
        let limit = 3 << 20;
        let mut input = Endless(0);
        let error = read_up_to(&mut input, limit, 0).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        assert!(error.to_string().starts_with("it has more than 3 MiB, "), "{error}");
        assert_eq!(input.0, limit + 1);
    }

    #[test]
    fn an_input_may_have_as_much_as_the_limit() {
        for (size, fits) in [(0, true), (99, true), (100, true), (101, false)] {
            let read = read_up_to(&mut &vec![7; size][..], 100, 0);
            assert_eq!(read.is_ok_and(|bytes| bytes.len() == size), fits, "{size}");
        }
    }

    /// A file of 16 TiB that takes no space.
    #[test]
    fn a_file_that_is_too_large_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sparse");
        let file = File::create(&path).unwrap();
        // Some file systems have a smaller limit.
        let size = [1 << 44, 1 << 40, 100 << 30].into_iter().find(|&size| file.set_len(size).is_ok());
        assert!(size.is_some());
        assert_eq!(read(&path).unwrap_err().kind(), ErrorKind::FileTooLarge);
    }
}
