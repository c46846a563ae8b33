//! A folder to run the program in, and what came of it.

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag::register_conditional_default;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Once};
use tempfile::TempDir;

/// What the program looks at in its environment, and must not find there by chance.
const VARIABLES: [&str; 6] =
    ["TRAPLINE_SPEC_TESTS", "TRAPLINE_LOG", "NO_COLOR", "CC", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"];

pub(crate) struct Place(TempDir);

impl Place {
    /// A folder with nothing in it.
    pub(crate) fn empty() -> Place {
        Place(tempfile::tempdir().expect("a folder"))
    }

    /// A folder with these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Place {
        let place = Place::empty();
        for (name, content) in files {
            place.write(name, content);
        }
        place
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, content).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file with text")
    }

    /// The program, about to start in the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(Path::new(env!("CARGO_BIN_EXE_trapline")), arguments)
    }

    /// Another program.
    pub(crate) fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        static SIGNALS: Once = Once::new();
        SIGNALS.call_once(not_ignored);
        let mut command = Command::new(program);
        command.current_dir(self.folder()).args(arguments).stdin(Stdio::null());
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments))
    }
}

/// Makes sure that programs do not start with signals ignored, as this process may have: a shell starts jobs in the background
/// so. A signal with a handler is at its default in a program that is started, and the handler here does what is default.
fn not_ignored() {
    for signal in [SIGHUP, SIGINT, SIGTERM] {
        let always = Arc::new(AtomicBool::new(true));
        register_conditional_default(signal, always).expect("a handler");
    }
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Run {
    pub(crate) fn of(mut command: Command) -> Run {
        command.output().expect("it starts").into()
    }

    /// It ended with this code, and these parts are in what it printed, on either stream.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:#?}");
        for part in parts {
            assert!(self.out.contains(part) || self.err.contains(part), "no {part:?} in {self:#?}");
        }
        assert!(!self.err.contains("panicked"), "{self:#?}");
    }
}
