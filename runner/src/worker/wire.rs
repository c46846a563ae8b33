//! What parent and worker tell each other: frames of a length (32 bits, little-endian) and that many
//! bytes in postcard encoding.

use crate::engine::{EngineSpec, Mode};
use crate::exec::{Observe, Observed};
use crate::executor::EngineTimings;
use crate::outcome::{DirectiveRecord, Outcome, OutcomeKind, ScriptFault};
use crate::script::outline::Span;
use crate::script::{Script, outline};
use crate::terms::Reading;
use crate::trail::{Listing, Refusal, Unconfined};
use postcard::ser_flavors::Size;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;
use trapline_compiler::{Anatomy, Diagnosis};

/// The first frame of a worker: the measures that are not in force for it.
pub(super) type Greeting = Vec<Unconfined>;

/// The first frame to a worker.
#[derive(Serialize, Deserialize, Debug)]
pub(super) struct Setup {
    /// Its engines, at least one, which share what they compile. Jobs name one by its place here.
    pub(super) engines: Vec<EngineSpec>,
    /// A folder for temporary files, if the engine needs one. It belongs to the parent: a worker may end at any time.
    pub(super) scratch: Option<PathBuf>,
}

impl Setup {
    /// Where a worker may write files.
    pub(super) fn writable(&self) -> impl Iterator<Item = PathBuf> {
        let precompiled = self.engines.iter().filter_map(|engine| engine.precompiled.as_ref());
        let saved = precompiled.filter(|precompiled| precompiled.mode == Mode::Save);
        self.scratch.iter().chain(saved.map(|saved| &saved.folder)).cloned()
    }
}

/// What a worker is to do. It is told all that it needs, and decides nothing else.
#[derive(Serialize, Deserialize, Debug)]
pub(super) enum Job {
    /// Run a script.
    Script(ScriptJob),
    /// Find out whether the engine can run modules here.
    Check,
    /// List the machine code of a module.
    Listing {
        /// The module.
        wasm: Vec<u8>,
        /// Bits of the features that it is compiled with.
        features: u64,
    },
    /// Show a function of a module on its way to code.
    Anatomy {
        /// The module.
        wasm: Vec<u8>,
        /// Bits of the features that it is compiled with.
        features: u64,
        /// The function, counted among those that the module defines.
        function: u32,
    },
    /// Find the first function of a module that cannot be compiled.
    Diagnosis {
        /// The module.
        wasm: Vec<u8>,
        /// Bits of the features that it is compiled with.
        features: u64,
    },
    /// Take the action of this name, which a worker must not be able to take.
    Attempt(String),
}

/// A script to run.
#[derive(Serialize, Deserialize, Debug)]
pub(super) struct ScriptJob {
    /// Its name in reports.
    pub(super) name: String,
    pub(super) source: Source,
    /// Bits of the features that its modules are compiled with.
    pub(super) features: u64,
    pub(super) reading: Reading,
    /// Whether what its modules print is kept.
    pub(super) shows_output: bool,
    /// Directives that are not to be run again, and their outcomes.
    pub(super) known: BTreeMap<u32, Outcome>,
    /// What is to be observed, if anything.
    pub(super) observe: Option<Observe>,
}

/// A script as a worker is given it.
#[derive(Serialize, Deserialize, Debug)]
pub(super) enum Source {
    /// The content of a file.
    File(#[serde(with = "bytes")] Vec<u8>),
    /// A script that has been parsed, and may have been changed since.
    Parsed(Box<Script>),
}

impl Source {
    /// Where its directives are.
    pub(super) fn spans(&self) -> Vec<Span> {
        match self {
            Source::File(bytes) => outline::spans(bytes),
            Source::Parsed(script) => {
                script.directives().iter().map(|directive| directive.span.clone()).collect()
            }
        }
    }

    /// Its text.
    pub(super) fn text(&self) -> &[u8] {
        match self {
            Source::File(bytes) => bytes,
            Source::Parsed(script) => script.text().as_bytes(),
        }
    }
}

/// What became of a job.
#[derive(Serialize, Deserialize, Debug)]
pub(super) enum Answer {
    /// Directives of the script that come before those of the next answer, so that no frame is large.
    Part(Vec<DirectiveRecord>),
    /// The script has run.
    Script(Box<Done>),
    /// Whether the engine can run modules here.
    Checked(Result<(), Refusal>),
    /// The code of the module, if it was taken.
    Listing(Option<Listing>),
    /// The function, if there is one.
    Anatomy(Option<Box<Anatomy>>),
    /// What cannot be compiled, if anything.
    Diagnosis(Option<Box<Diagnosis>>),
    /// The number of the error with which the action failed, or 0; -1 if there is no such action.
    Attempted(i32),
    /// The answer before this one was the last: until it is given something to do, the worker has nothing to say.
    Idle,
}

/// What became of a script.
#[derive(Serialize, Deserialize, Debug)]
pub(super) struct Done {
    /// The last directives, after those of all parts, or why the script is none.
    pub(super) directives: Result<Vec<DirectiveRecord>, ScriptFault>,
    pub(super) observed: Observed,
    /// What compilations have cost so far in the life of the worker.
    pub(super) timings: EngineTimings,
}

/// Why a frame could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProtocolError {
    /// The other side is gone.
    #[error("the pipe ended: {0}")]
    Pipe(#[from] io::Error),
    /// A length that no frame has.
    #[error("a frame of {0} bytes")]
    Length(u32),
    /// More outcomes than the script has directives.
    #[error("more outcomes than the {0} of the script's directives")]
    TooMany(usize),
    /// Fewer outcomes than the script has directives.
    #[error("only {0} outcomes")]
    TooFew(usize),
    /// The outcome of another directive than the next one.
    #[error("the outcome of directive {got} where that of directive {wanted} was due")]
    Disordered {
        /// The ordinal of the next one.
        wanted: usize,
        /// The ordinal that the worker gave.
        got: u32,
    },
    /// An outcome that only the parent can give.
    #[error("an outcome that is not a worker's to give: {}", .0.name())]
    Impossible(OutcomeKind),
    /// A frame that answers nothing.
    #[error("an answer to what it was not asked")]
    Unasked,
    /// A frame before it was given anything to do.
    #[error("an answer before it was asked")]
    Early,
    /// More bytes than all frames of an answer can have.
    #[error("an answer of more than {0} bytes")]
    TooLong(u64),
    /// Bytes that are not such a frame.
    #[error("a frame that does not decode")]
    Content,
}

/// No frame is larger: a script of 100 MB and all that its report repeats of it fit in.
const MAX_FRAME: u32 = 1 << 30;

pub(super) fn write(out: &mut impl Write, frame: &impl Serialize) -> io::Result<()> {
    let mut bytes = vec![0; 4];
    bytes = postcard::to_extend(frame, bytes).map_err(io::Error::other)?;
    let len = frame_len(bytes.len() - 4)?;
    bytes[..4].copy_from_slice(&len);
    out.write_all(&bytes)?;
    out.flush()
}

/// Writes a frame like [`write`], but without a copy of it in memory: a script can be long.
pub(super) fn write_job(out: &mut impl Write, engine: u32, job: &Job) -> io::Result<()> {
    let job = &(engine, job);
    let size = postcard::serialize_with_flavor(job, Size::default()).map_err(io::Error::other)?;
    let mut out = BufWriter::new(out);
    out.write_all(&frame_len(size)?)?;
    postcard::to_io(job, &mut out).map_err(io::Error::other)?;
    out.flush()
}

/// What comes before a frame of this size.
fn frame_len(size: usize) -> io::Result<[u8; 4]> {
    let len = u32::try_from(size).ok().filter(|&len| len <= MAX_FRAME);
    let len = len.ok_or_else(|| io::Error::other("a frame of more than 1 GiB"))?;
    Ok(len.to_le_bytes())
}

/// Bytes as a whole, not one by one.
mod bytes {
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;
    use std::fmt;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// Reads a frame; `None` if the pipe ended before it.
pub(super) fn read<T: DeserializeOwned>(input: &mut impl Read) -> Result<Option<T>, ProtocolError> {
    Ok(read_sized(input)?.map(|(frame, _)| frame))
}

/// Reads a frame, and says how many bytes it has.
pub(super) fn read_sized<T: DeserializeOwned>(
    input: &mut impl Read,
) -> Result<Option<(T, u32)>, ProtocolError> {
    let mut len = [0; 4];
    let mut filled = 0;
    while filled < len.len() {
        match input.read(&mut len[filled..]) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let len = u32::from_le_bytes(len);
    if len > MAX_FRAME {
        return Err(ProtocolError::Length(len));
    }
    let mut bytes = Vec::new();
    // Memory is taken as bytes arrive: a worker that writes garbage must not cost a gigabyte.
    input.take(u64::from(len)).read_to_end(&mut bytes)?;
    if bytes.len() != len as usize {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    match postcard::take_from_bytes(&bytes) {
        Ok((frame, [])) => Ok(Some((frame, len))),
        Ok(_) | Err(_) => Err(ProtocolError::Content),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_survives_and_the_end_is_no_frame() {
        let mut pipe = Vec::new();
        write(&mut pipe, &("text".to_owned(), 7u32)).unwrap();
        let mut input = &pipe[..];
        assert_eq!(read::<(String, u32)>(&mut input).unwrap(), Some(("text".to_owned(), 7)));
        assert_eq!(read::<(String, u32)>(&mut input).unwrap(), None);
    }

    #[test]
    fn garbage_is_refused() {
        assert!(matches!(read::<String>(&mut &[0xff; 64][..]), Err(ProtocolError::Length(_))));
        assert!(matches!(read::<String>(&mut &[1, 0, 0, 0, 9][..]), Err(ProtocolError::Content)));
        assert!(matches!(read::<String>(&mut &[1, 0, 0, 0][..]), Err(ProtocolError::Pipe(_))));
        assert!(matches!(read::<String>(&mut &[1, 0][..]), Err(ProtocolError::Pipe(_))));
        let mut long = Vec::new();
        write(&mut long, &"text").unwrap();
        long[0] += 1;
        long.push(0);
        assert!(matches!(read::<String>(&mut &long[..]), Err(ProtocolError::Content)));
    }
}
