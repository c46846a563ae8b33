//! What a WASI program sees of the world: arguments, environment, descriptors, random numbers.

use super::descriptors::{Access, Descriptor, Descriptors};
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::PathBuf;

/// What a WASI program is given.
#[derive(Clone, Debug, Default)]
pub(crate) struct WorldOptions {
    /// The arguments; the first is the name of the program.
    pub(crate) arguments: Vec<Vec<u8>>,
    /// The variables, each with its name, `=` and its value.
    pub(crate) environment: Vec<Vec<u8>>,
    /// The folders.
    pub(crate) folders: Vec<Folder>,
    /// What random numbers come from.
    pub(crate) seed: u64,
    /// Whether what it writes to the standard output goes to the standard error.
    pub(crate) output_is_error: bool,
}

/// A folder that a program may use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Folder {
    /// Where it is.
    pub(crate) host: PathBuf,
    /// The name by which the program knows it.
    pub(crate) guest: String,
    /// Whether the program can only read it.
    pub(crate) read_only: bool,
}

/// Why a program has no world. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorldError {
    /// A folder cannot be opened.
    #[error("open the folder {0}: {1}")]
    Folder(PathBuf, #[source] io::Error),
    /// The standard streams cannot be opened for the program.
    #[error("open the standard streams for the program: {0}")]
    Streams(#[source] io::Error),
}

/// What the programs of a run see of the world.
#[derive(Debug)]
pub(crate) struct World {
    pub(super) arguments: Vec<Vec<u8>>,
    pub(super) environment: Vec<Vec<u8>>,
    pub(super) descriptors: Descriptors,
    pub(super) random: fastrand::Rng,
}

impl World {
    /// Opens the standard streams and the folders.
    ///
    /// # Errors
    ///
    /// When one cannot be opened.
    pub(crate) fn new(options: WorldOptions) -> Result<World, WorldError> {
        let WorldOptions { arguments, environment, folders, seed, output_is_error } = options;
        let mut descriptors = Descriptors::default();
        for stream in standard_streams(output_is_error).map_err(WorldError::Streams)? {
            descriptors.add(Descriptor::stream(stream).map_err(WorldError::Streams)?);
        }
        for Folder { host, guest, read_only } in folders {
            let access = if read_only { Access::Read } else { Access::Change };
            let opened = super::paths::open_folder(&host);
            let file = opened.map_err(|error| WorldError::Folder(host, error.into()))?;
            descriptors.add(Descriptor::folder(file, access, Some(guest.into_bytes())));
        }
        Ok(World { arguments, environment, descriptors, random: fastrand::Rng::with_seed(seed) })
    }
}

/// Copies of the standard streams, which the program may close.
fn standard_streams(output_is_error: bool) -> io::Result<[File; 3]> {
    let (input, output, error) = (io::stdin(), io::stdout(), io::stderr());
    let output = if output_is_error { error.as_fd() } else { output.as_fd() };
    let copy =
        |stream: std::os::fd::BorrowedFd<'_>| Ok::<_, io::Error>(File::from(stream.try_clone_to_owned()?));
    Ok([copy(input.as_fd())?, copy(output)?, copy(error.as_fd())?])
}
