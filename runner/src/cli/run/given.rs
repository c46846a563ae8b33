//! What a program is given: imports, arguments, variables, folders.

use super::{Arguments, ended::Ended};
use crate::cli::destination;
use crate::cli::exit::{Exit, Failure, OrExit};
use crate::cli::headings::IMPORTS;
use crate::cli::options::{EngineName, Form};
use crate::host::{Folder, Host, Log, Streams, WorldOptions};
use crate::module_script::Absent;
use crate::worker::CommandFiles;
use anyhow::anyhow;
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use trapline_abi::ReadableText;

/// Where profilers look for the names of code.
const MAPS: &str = "/tmp";

/// What the host provides.
#[derive(Args, Debug)]
#[command(next_help_heading = IMPORTS)]
pub(super) struct GivenArguments {
    /// What to do about imports that nothing provides.
    #[arg(long, value_enum, default_value = "refused", value_name = "WHAT")]
    imports: Imports,
    /// A folder that a WASI program may read and change, and the name by which it knows it, which is that of the folder by
    /// default. May be repeated.
    #[arg(long, value_name = "HOST[::GUEST]")]
    dir: Vec<String>,
    /// A folder that a WASI program may read. May be repeated.
    #[arg(long, value_name = "HOST[::GUEST]")]
    dir_ro: Vec<String>,
    /// A variable of a WASI program's environment, which is empty otherwise. May be repeated.
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    env: Vec<String>,
    /// What the random numbers of a WASI program come from: the same number gives the same ones.
    #[arg(long, value_name = "N", default_value = "0")]
    seed: u64,
    /// Record the calls of imports that the host provides, a JSON object a line; `-` for the standard error.
    #[arg(long, value_name = "FILE")]
    log_imports: Option<PathBuf>,
}

/// What to do about imports that nothing provides.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Imports {
    /// The module is not run.
    Refused,
    /// What emscripten and wasm-bindgen import is provided by rules that are shown, and `zero` for the rest.
    Stub,
    /// Functions return zeros and nulls; memories, tables and globals have them.
    Zero,
    /// Functions trap; memories, tables and globals are as for `zero`.
    Trap,
}

impl Imports {
    fn absent(self) -> Absent {
        match self {
            Imports::Refused => Absent::Refused,
            Imports::Stub | Imports::Zero => Absent::Zero,
            Imports::Trap => Absent::Trap,
        }
    }
}

fn variable(text: &str) -> Result<String, &'static str> {
    match text.split_once('=') {
        Some((name, _)) if !name.is_empty() => Ok(text.to_owned()),
        _ => Err("it is a name, `=` and a value"),
    }
}

fn folder(text: &str, read_only: bool) -> Folder {
    let (host, guest) = text.split_once("::").unwrap_or((text, text));
    Folder { host: host.into(), guest: guest.to_owned(), read_only }
}

impl GivenArguments {
    /// The folders, in the order in which the program meets them.
    fn folders(&self) -> impl Iterator<Item = Folder> {
        let writable = self.dir.iter().map(|text| folder(text, false));
        writable.chain(self.dir_ro.iter().map(|text| folder(text, true)))
    }

    /// Opens the record of calls. A file is opened before this process is confined.
    pub(super) fn open_log(&self) -> Result<Option<Log>, Failure> {
        let Some(path) = &self.log_imports else { return Ok(None) };
        let to: Box<dyn Write + Send> = match path {
            path if path == Path::new("-") => Box::new(io::stderr()),
            path => Box::new(
                File::create(path)
                    .map_err(|error| anyhow!("failed to write {}: {error}", path.display()))
                    .or_exit(Exit::Usage)?,
            ),
        };
        Ok(Some(Log::new(to)))
    }

    /// The file that records calls, if there is one.
    pub(super) fn log_path(&self) -> Option<&Path> {
        self.log_imports.as_deref()
    }
}

impl Arguments {
    /// Refuses two folders of one name: the program could not tell them apart.
    pub(super) fn check_folders(&self) -> Result<(), Failure> {
        let mut names = BTreeSet::new();
        let refused =
            |why: String| Err(anyhow!("failed to give the program its folders: {why}")).or_exit(Exit::Usage);
        for Folder { guest, .. } in self.given.folders() {
            if guest.is_empty() {
                return refused("a name is empty".to_owned());
            }
            // As programs compare them.
            if !names.insert(guest.trim_end_matches('/').trim_start_matches("./").to_owned()) {
                return refused(format!("two have the name `{guest}`"));
            }
        }
        Ok(())
    }

    /// Refuses a record of calls that would overwrite a module, or lie in a folder of the program.
    pub(super) fn check_log(&self) -> Result<(), Failure> {
        let log = self.given.log_path().filter(|path| *path != Path::new("-"));
        let outputs: Vec<_> =
            log.iter().map(|path| (format!("--log-imports {}", path.display()), *path)).collect();
        for Folder { host, .. } in self.given.folders() {
            destination::check_outside(&outputs, &host)?;
        }
        let modules = self.preload.iter().map(|preload| preload.file.as_path()).chain([self.file.as_path()]);
        destination::check(outputs, modules)
    }

    /// Confines this process, which runs the module for another one.
    pub(super) fn confine(&self) -> Result<(), Failure> {
        let modules = self.preload.iter().map(|preload| &preload.file).chain([&self.file]);
        let links = self.engine.is_some_and(|engine: EngineName| engine.kind().needs_scratch());
        let (mut readable, mut writable): (Vec<_>, Vec<_>) = (modules.cloned().collect(), Vec::new());
        let has_folders = self.given.folders().next().is_some();
        for Folder { host, read_only, .. } in self.given.folders() {
            if read_only { readable.push(host) } else { writable.push(host) }
        }
        if links {
            writable.push(std::env::temp_dir());
        }
        if self.profiler.profiler().is_some() {
            writable.push(MAPS.into());
        }
        let missing = CommandFiles { readable, writable, links }
            .confine()
            .map_err(|error| anyhow!("failed to {error} (--no-isolate does without)"))
            .or_exit(Exit::Internal)?;
        for missing in missing.iter().filter(|_| has_folders) {
            // If this cannot be said, the result still can.
            let _ = writeln!(
                io::stderr(),
                "warning: this process is not confined by {}: {}",
                missing.measure,
                ReadableText(&missing.cause)
            );
        }
        Ok(())
    }

    /// What the host provides.
    pub(super) fn host(&self, log: Option<Log>) -> Result<Host, Box<Ended>> {
        let name = self.file.file_name().unwrap_or(self.file.as_os_str());
        let bytes = |word: &OsString| word.as_bytes().to_vec();
        let options = WorldOptions {
            arguments: [name.as_bytes().to_vec()].into_iter().chain(self.words.iter().map(bytes)).collect(),
            environment: self.given.env.iter().map(|variable| variable.clone().into_bytes()).collect(),
            folders: self.given.folders().collect(),
            seed: self.given.seed,
            // The standard output has one object of JSON.
            streams: match self.format {
                Form::Json => Streams::OutputIsError,
                Form::Pretty => Streams::Own,
            },
        };
        let imports = self.given.imports;
        Host::new(options, log, imports == Imports::Stub, imports.absent())
            .map_err(|error| Ended::new(Exit::Usage, format!("failed to {error}")))
    }
}
