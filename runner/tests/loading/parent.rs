//! The process that counts.

use super::child::Task;
use super::mutant::{Family, SAMPLES};
use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;
use tempfile::TempDir;
use trapline_compiler::{Compiler, Profile, supported_features};

/// How long a child may take for one step.
const STEP: Duration = Duration::from_secs(8);

/// What became of mutants.
#[derive(Default, Debug)]
pub(crate) struct Count {
    /// Refused, by the name of the error.
    refusals: BTreeMap<String, u32>,
    /// Loaded, and did what the original does.
    pub(crate) same: u32,
    /// Loaded, and did something else.
    pub(crate) other: u32,
    /// Loaded, and ended or hung the child when it ran.
    pub(crate) died: u32,
    /// Loaded, and not run: this system cannot confine it.
    kept: u32,
    /// Ended or hung the child while it was loaded, by their numbers.
    pub(crate) broken: Vec<u32>,
}

impl Count {
    pub(crate) fn refused(&self) -> u32 {
        self.refusals.values().sum()
    }

    pub(crate) fn loaded(&self) -> u32 {
        self.same + self.other + self.died + self.kept
    }

    pub(crate) fn total(&self) -> u32 {
        self.refused() + self.loaded() + self.broken.len() as u32
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} mutants, {} refused {:?}, ", self.total(), self.refused(), self.refusals)?;
        write!(f, "{} did the same, {} another thing, {} died, ", self.same, self.other, self.died)?;
        write!(f, "{} were not run, {:?} broke the loader", self.kept, self.broken)
    }
}

/// The artefacts that mutants are made from, in files.
pub(crate) struct Prepared {
    folder: TempDir,
}

impl Prepared {
    pub(crate) fn new() -> anyhow::Result<Prepared> {
        let prepared = Prepared { folder: tempfile::tempdir()? };
        let compiler = Compiler::new(Profile::default())?;
        for (sample, (name, text)) in SAMPLES.iter().enumerate() {
            let wasm = wat::parse_str(text).with_context(|| format!("failed to assemble {name}"))?;
            let object = prepared.file(sample, false);
            std::fs::write(&object, compiler.compile(&wasm, supported_features())?)?;
            trapline::engine::link(&object, &prepared.file(sample, true))?;
        }
        Ok(prepared)
    }

    fn file(&self, sample: usize, shared: bool) -> PathBuf {
        self.folder.path().join(format!("{sample}.{}", if shared { "so" } else { "o" }))
    }

    /// Has all mutants of a sample loaded and run, in as many children as it takes.
    pub(crate) fn run(&self, family: Family, sample: usize) -> anyhow::Result<Count> {
        let scratch = tempfile::tempdir()?;
        let mut count = Count::default();
        let mut task = Task {
            family,
            good: self.file(sample, family.is_shared()),
            scratch: scratch.path().to_owned(),
            first: 0,
        };
        while task.first < family.mutants() {
            let mut step = Step { number: task.first, runs: None };
            let mut child = Running::start(&task)?;
            while let Some(line) = child.line() {
                if !step.take(&line, &mut count)? {
                    break;
                }
            }
            let status = child.end()?;
            // Forged code that has run before may be what ends a child later: then another one goes on.
            let is_first = step.number == task.first;
            task.first = step.number;
            match step.runs {
                _ if step.number == family.mutants() => continue,
                Some(true) => count.died += 1,
                Some(false) if is_first => count.broken.push(step.number),
                None if is_first => bail!("a child ended before mutant {}: {status}", step.number),
                Some(false) | None => continue,
            }
            task.first += 1;
        }
        Ok(count)
    }
}

/// How far a child has come.
struct Step {
    /// The mutant that it is at.
    number: u32,
    /// Whether it has begun to load it, or even to run it.
    runs: Option<bool>,
}

impl Step {
    /// Takes a line. Forged code may write anything: a line that is not due ends the child.
    fn take(&mut self, line: &str, count: &mut Count) -> anyhow::Result<bool> {
        if let (Some(error), None) = (line.strip_prefix("error "), self.runs) {
            bail!("a child failed: {error}");
        }
        let Some((number, what)) = line.split_once(' ') else { return Ok(false) };
        if number.parse() != Ok(self.number) {
            return Ok(false);
        }
        match (self.runs, what) {
            (None, "loads") => {
                self.runs = Some(false);
                return Ok(true);
            }
            (Some(false), "runs") => {
                self.runs = Some(true);
                return Ok(true);
            }
            (Some(false), "kept") => count.kept += 1,
            (Some(true), "same") => count.same += 1,
            (Some(true), "other") => count.other += 1,
            (Some(false), refused) if refused.starts_with("refused ") => {
                let reason = refused.trim_start_matches("refused ").to_owned();
                *count.refusals.entry(reason).or_default() += 1;
            }
            _ => return Ok(false),
        }
        *self = Step { number: self.number + 1, runs: None };
        Ok(true)
    }
}

/// A child, and what it says.
struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    fn start(task: &Task) -> anyhow::Result<Running> {
        let mut command = task.command()?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let out = child.stdout.take().context("no pipe")?;
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).split(b'\n') {
                let Ok(line) = line else { break };
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    break;
                }
            }
        });
        Ok(Running { child, lines })
    }

    /// The next line; `None` if the child has ended or takes too long.
    fn line(&mut self) -> Option<String> {
        self.lines.recv_timeout(STEP).ok()
    }

    fn end(mut self) -> io::Result<ExitStatus> {
        // It may have ended by itself.
        let _ = self.child.kill();
        self.child.wait()
    }
}
