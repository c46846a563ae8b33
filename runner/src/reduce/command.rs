//! A program of the user's says whether a candidate shows the fault.

use super::document::Document;
use super::output::Form;
use super::patience;
use super::predicate::Predicate;
use crate::engine::ScratchFolder;
use crate::interruption;
use crate::trail::Value;
use crate::whole_file;
use crate::worker;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The exit code with which the program has a candidate kept aside that shows something else.
const ASIDE: i32 = 101;

/// How often it is looked whether the program has ended: soon at first, and then less often.
const LOOKS: [Duration; 2] = [Duration::from_micros(200), Duration::from_millis(10)];

/// A program that is given the path of a candidate as its last argument, and ends with 0 if the candidate shows the fault. What it
/// prints is not read.
#[derive(Debug)]
pub(crate) struct CommandPredicate {
    words: Vec<String>,
    form: Form,
    scratch: ScratchFolder,
    /// Before the number of a candidate that is kept aside.
    aside: PathBuf,
    limit: Duration,
    number: AtomicU64,
}

impl CommandPredicate {
    /// # Errors
    ///
    /// When there is no folder for candidates.
    pub(crate) fn new(
        words: Vec<String>,
        form: Form,
        out: &Path,
        limit: Duration,
    ) -> io::Result<CommandPredicate> {
        Ok(CommandPredicate {
            words,
            form,
            scratch: ScratchFolder::new()?,
            aside: out.with_extension("aside"),
            limit,
            number: AtomicU64::new(0),
        })
    }

    /// Runs the program once, to see how long it takes, and from then on gives it as much more time as candidates have.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub(crate) fn measure(&mut self, document: &Document) -> io::Result<()> {
        let begin = Instant::now();
        self.run(document)?;
        self.limit = self.limit.min(patience(begin.elapsed()));
        Ok(())
    }

    /// Runs the program; `None` if it took too long.
    fn run(&self, document: &Document) -> io::Result<Option<ExitStatus>> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let path = self.scratch.path().join(format!("candidate-{number}.{}", self.form.extension()));
        let bytes = self.form.of(document);
        std::fs::write(&path, &bytes)?;
        let ended = self.words.split_first().map_or(Ok(None), |(program, arguments)| {
            let mut command = Command::new(program);
            command.args(arguments).arg(&path).process_group(0);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            wait(command.spawn()?, self.limit)
        });
        std::fs::remove_file(&path)?;
        if let Ok(Some(status)) = &ended
            && status.code() == Some(ASIDE)
        {
            let mut aside = self.aside.clone().into_os_string();
            aside.push(format!("-{number}.{}", self.form.extension()));
            whole_file::write(Path::new(&aside), &bytes)?;
        }
        ended
    }
}

impl Predicate for CommandPredicate {
    fn shows(&self, document: &Document, _: &str) -> bool {
        match self.run(document) {
            Ok(status) => status.is_some_and(|status| status.success()),
            Err(error) => {
                tracing::warn!("failed to run {}: {error}", self.words.join(" "));
                false
            }
        }
    }

    fn question(&self) -> String {
        // A program that was changed may say something else.
        let changed =
            self.words.first().and_then(|program| Path::new(program).metadata().ok()?.modified().ok());
        format!("{:?} {changed:?} {:?}", self.words, self.form)
    }

    fn globals(&self, _: &Document, _: &[String]) -> Option<Vec<Vec<Value>>> {
        None
    }
}

/// Waits until a process has ended; one that takes too long is killed with what it has started.
fn wait(mut child: Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let begin = Instant::now();
    let [mut look, longest] = LOOKS;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if begin.elapsed() >= limit
            || interruption::came().is_some()
            || worker::Deadline::current().has_passed()
        {
            trapline_sandbox::kill_group(child.id());
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(look);
        look = (look * 2).min(longest);
    }
}
