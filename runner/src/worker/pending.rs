//! What a worker has to say of the script that it runs, and has not said yet: a parent that is interrupted asks for it, since
//! the directive that runs at that moment may never end.

use super::wire::{self, Answer};
use crate::outcome::DirectiveRecord;
use serde::Serialize;
use std::io::{self, Stdout};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use trapline_sandbox::Recorder;

/// Directives of a part of an answer: so many that a frame has some 100 KB if they all fail.
const PART: usize = 1024;

/// How often a worker looks whether it is asked.
const LOOK: Duration = Duration::from_millis(20);

/// The pipe to the parent, with what is to go through it next.
#[derive(Clone, Debug)]
pub(super) struct Pending(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    output: Stdout,
    /// Directives that have not been sent.
    records: Vec<DirectiveRecord>,
    /// Whether a script runs. At any other time, records would answer what was not asked.
    runs: bool,
    /// Whether all was sent that was to be sent.
    sent: io::Result<()>,
}

impl Pending {
    /// Starts the thread that answers when the parent asks.
    pub(super) fn start(recorder: &'static Recorder) -> io::Result<Pending> {
        let state = State { output: io::stdout(), records: Vec::new(), runs: false, sent: Ok(()) };
        let pending = Pending(Arc::new(Mutex::new(state)));
        let asked = pending.clone();
        thread::Builder::new().name("pending".to_owned()).spawn(move || {
            while !(recorder.is_asked() && asked.tell(recorder)) {
                thread::sleep(LOOK);
            }
        })?;
        Ok(pending)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic of a script's thread ends the worker.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends what is there. False if no script runs: what comes of the last one is being sent then.
    fn tell(&self, recorder: &Recorder) -> bool {
        let mut state = self.state();
        if state.runs {
            state.send();
            recorder.answer();
        }
        state.runs
    }

    /// A script begins.
    pub(super) fn begin(&self) {
        self.state().runs = true;
    }

    /// A directive has its outcome. Those of a long script are sent in parts while it runs, so that it takes no more memory
    /// than a short one.
    pub(super) fn push(&self, record: DirectiveRecord) {
        let mut state = self.state();
        state.records.push(record);
        if state.records.len() == PART {
            state.send();
        }
    }

    /// The script has run. The records that have not been sent.
    ///
    /// # Errors
    ///
    /// When some could not be sent.
    pub(super) fn end(&self) -> io::Result<Vec<DirectiveRecord>> {
        let mut state = self.state();
        state.runs = false;
        mem::replace(&mut state.sent, Ok(())).map(|()| mem::take(&mut state.records))
    }

    /// Writes something that is not a part.
    pub(super) fn write(&self, frame: &impl Serialize) -> io::Result<()> {
        wire::write(&mut self.state().output, frame)
    }
}

impl State {
    fn send(&mut self) {
        if self.sent.is_ok() {
            self.sent = wire::write(&mut self.output, &Answer::Part(mem::take(&mut self.records)));
        }
    }
}
