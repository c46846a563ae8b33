//! The record of calls of the host's functions: a JSON object a line, written when the call is over.

use crate::report::ValueLine;
use crate::trail::Value;
use serde::Serialize;
use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::{self, Write};
use trapline_runtime::{Memory, Store, Val};

/// What a parameter is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    /// A number, or the address of a result.
    Word,
    /// A number of 64 bits.
    Long,
    /// The address of bytes, whose number is the next argument.
    Bytes,
    /// The address of parts of a buffer, whose number is the next argument: an address and a number of bytes each.
    Vectors,
}

/// Calls that are recorded.
const MAX_CALLS: u64 = 100_000;
/// Bytes of memory that are recorded for an argument.
const MAX_BYTES: usize = 64;

/// Where calls are recorded.
pub(crate) struct Log(RefCell<Writing>);

struct Writing {
    to: Box<dyn Write + Send>,
    calls: u64,
}

/// How a call ended.
pub(crate) enum End<'a> {
    /// It returned values; with the name of the error that they are, if they are one.
    Returned(&'a [Val], Option<&'static str>),
    /// It did not return.
    Failed(String),
}

/// A call as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    ty: &'static str,
    call: u64,
    module: &'a str,
    name: &'a str,
    arguments: Vec<ValueLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    memory: Vec<Pointed>,
    results: Option<Vec<ValueLine>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errno: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// The last line of a record that is not whole.
#[derive(Serialize)]
struct CutLine {
    #[serde(rename = "type")]
    ty: &'static str,
    calls: u64,
}

/// What an argument points at.
#[derive(Serialize)]
struct Pointed {
    argument: usize,
    /// How many bytes there are. Only the first are in the record.
    bytes: u64,
    hex: String,
    text: String,
}

impl Log {
    pub(crate) fn new(to: Box<dyn Write + Send>) -> Log {
        Log(RefCell::new(Writing { to, calls: 0 }))
    }

    /// Records a call. Memory is recorded as it is after it.
    ///
    /// # Errors
    ///
    /// When the line cannot be written.
    pub(crate) fn call(
        &self,
        (module, name): (&str, &str),
        args: &[Val],
        end: End<'_>,
        memory: Option<(&Store, Memory, &[Shape])>,
    ) -> io::Result<()> {
        let mut writing = self.0.borrow_mut();
        writing.calls += 1;
        let call = writing.calls;
        let line = match call {
            ..=MAX_CALLS => {
                let values = |values: &[Val]| values.iter().map(|val| (&Value::from(val)).into()).collect();
                let (results, errno, error) = match end {
                    End::Returned(results, errno) => (Some(values(results)), errno, None),
                    End::Failed(error) => (None, None, Some(error)),
                };
                let (ty, arguments) = ("call", values(args));
                let memory = memory
                    .map_or_else(Vec::new, |(store, memory, shapes)| pointed(store, memory, shapes, args));
                serde_json::to_string(&Line {
                    ty,
                    call,
                    module,
                    name,
                    arguments,
                    memory,
                    results,
                    errno,
                    error,
                })?
            }
            _ if call == MAX_CALLS + 1 => serde_json::to_string(&CutLine { ty: "cut", calls: MAX_CALLS })?,
            _ => return Ok(()),
        };
        // At once: what follows may be the end of the process.
        writing.to.write_all((line + "\n").as_bytes())
    }
}

/// What the arguments point at. What is not within the memory is left out.
fn pointed(store: &Store, memory: Memory, shapes: &[Shape], args: &[Val]) -> Vec<Pointed> {
    let word = |index: usize| match args.get(index) {
        Some(Val::I32(value)) => Some(u64::from(value.cast_unsigned())),
        Some(_) | None => None,
    };
    let of_argument = |(argument, shape): (usize, &Shape)| {
        let (at, count) = match shape {
            Shape::Word | Shape::Long => return None,
            Shape::Bytes | Shape::Vectors => (word(argument)?, word(argument + 1)?),
        };
        let (bytes, first) = match shape {
            Shape::Vectors => vectors(store, memory, at, count)?,
            _ => (count, first(store, memory, at, count)?),
        };
        let hex = first.iter().fold(String::new(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Some(Pointed { argument, bytes, hex, text: String::from_utf8_lossy(&first).into_owned() })
    };
    shapes.iter().enumerate().filter_map(of_argument).collect()
}

fn first(store: &Store, memory: Memory, at: u64, len: u64) -> Option<Vec<u8>> {
    let mut bytes = vec![0; len.min(MAX_BYTES as u64) as usize];
    memory.read(store, at, &mut bytes).ok()?;
    Some(bytes)
}

/// The bytes of all parts of a buffer, and the first of them.
fn vectors(store: &Store, memory: Memory, at: u64, count: u64) -> Option<(u64, Vec<u8>)> {
    let (mut all, mut bytes) = (0, Vec::new());
    for index in 0..count {
        let mut pair = [0; 8];
        memory.read(store, at + index * 8, &mut pair).ok()?;
        let [a, b, c, d, e, f, g, h] = pair;
        let (at, len) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        all += u64::from(len);
        bytes.extend(first(store, memory, at.into(), len.into())?);
        bytes.truncate(MAX_BYTES);
    }
    Some((all, bytes))
}
