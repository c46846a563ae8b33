//! What a WASI program sees of the world: arguments, environment, descriptors, random numbers.

use super::descriptors::{Access, Descriptor, Descriptors};
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

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
    /// Where its standard streams lead.
    pub(crate) streams: Streams,
}

/// Where the standard streams of a program lead.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum Streams {
    /// To those of trapline.
    #[default]
    Own,
    /// To those, but for the standard output, which leads to the standard error.
    OutputIsError,
    /// Nowhere: there is nothing to read, and what is written is dropped. Time is counted then, so that it is the same in every run:
    /// it goes on by a millisecond each time that it is read, and by what is waited.
    Nowhere,
}

/// When a counted time begins: 2020-01-01, in nanoseconds since 1970.
pub(super) const BEGIN: u64 = 1_577_836_800_000_000_000;
pub(super) const MILLISECOND: u64 = 1_000_000;

impl WorldOptions {
    /// A world that is the same in every run: without arguments, variables, folders and streams, and with a counted time.
    pub(crate) fn closed() -> WorldOptions {
        WorldOptions {
            arguments: vec![b"program".to_vec()],
            streams: Streams::Nowhere,
            ..WorldOptions::default()
        }
    }
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
    /// A counted time, in nanoseconds since 1970; `None` if time is the system's.
    counted: Option<u64>,
    /// When it began.
    started: Instant,
}

impl World {
    /// Opens the standard streams and the folders.
    ///
    /// # Errors
    ///
    /// When one cannot be opened.
    pub(crate) fn new(options: WorldOptions) -> Result<World, WorldError> {
        let WorldOptions { arguments, environment, folders, seed, streams } = options;
        let mut descriptors = Descriptors::default();
        for stream in standard_streams(streams).map_err(WorldError::Streams)? {
            descriptors.add(Descriptor::stream(stream).map_err(WorldError::Streams)?);
        }
        for Folder { host, guest, read_only } in folders {
            let access = if read_only { Access::Read } else { Access::Change };
            let opened = super::paths::open_folder(&host);
            let file = opened.map_err(|error| WorldError::Folder(host, error.into()))?;
            descriptors.add(Descriptor::folder(file, access, Some(guest.into_bytes())));
        }
        let (random, started) = (fastrand::Rng::with_seed(seed), Instant::now());
        let counted = (streams == Streams::Nowhere).then_some(BEGIN);
        Ok(World { arguments, environment, descriptors, random, counted, started })
    }

    /// Whether it is one that is the same in every run: its streams lead nowhere, and its time is counted.
    pub(crate) fn is_closed(&self) -> bool {
        self.counted.is_some()
    }

    /// Lets a counted time go on by what reading it takes, and says what it is then, in nanoseconds since 1970; `None` if time is the
    /// system's.
    pub(super) fn tick(&mut self) -> Option<u64> {
        self.wait(MILLISECOND)
    }

    /// Lets a counted time go on by some nanoseconds, and says what it is then; `None` if time is the system's.
    pub(super) fn wait(&mut self, nanoseconds: u64) -> Option<u64> {
        let now = self.counted.as_mut()?;
        *now = now.saturating_add(nanoseconds);
        Some(*now)
    }

    /// Milliseconds since 1970.
    pub(crate) fn date(&mut self) -> f64 {
        let nanoseconds = self.tick().map(Duration::from_nanos);
        let now =
            nanoseconds.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default());
        now.as_secs_f64() * 1000.0
    }

    /// Milliseconds since the world began.
    pub(crate) fn elapsed(&mut self) -> f64 {
        let nanoseconds = self.tick().map(|now| Duration::from_nanos(now.saturating_sub(BEGIN)));
        nanoseconds.unwrap_or_else(|| self.started.elapsed()).as_secs_f64() * 1000.0
    }
}

/// What has nothing to read, and drops what is written. A confined process can only have it opened before.
pub(crate) fn nowhere() -> io::Result<&'static File> {
    static NOWHERE: OnceLock<File> = OnceLock::new();
    match NOWHERE.get() {
        Some(file) => Ok(file),
        None => {
            let file = File::options().read(true).write(true).open("/dev/null")?;
            Ok(NOWHERE.get_or_init(|| file))
        }
    }
}

/// The standard streams of a program, which it may close.
fn standard_streams(streams: Streams) -> io::Result<[File; 3]> {
    if streams == Streams::Nowhere {
        let nowhere = nowhere()?;
        return Ok([nowhere.try_clone()?, nowhere.try_clone()?, nowhere.try_clone()?]);
    }
    let (input, output, error) = (io::stdin(), io::stdout(), io::stderr());
    let output = if streams == Streams::OutputIsError { error.as_fd() } else { output.as_fd() };
    let copy =
        |stream: std::os::fd::BorrowedFd<'_>| Ok::<_, io::Error>(File::from(stream.try_clone_to_owned()?));
    Ok([copy(input.as_fd())?, copy(output)?, copy(error.as_fd())?])
}
