//! Ends workers that take too long or too much.

use super::Step;
use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use trapline_sandbox::{Recorder, spawn};

/// How often workers are looked at.
const INTERVAL: Duration = Duration::from_millis(50);

/// How long a worker that has closed its pipe may take to end: writing its last words.
const GRACE: Duration = Duration::from_secs(2);

/// A worker as the watchdog sees it.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) child: Mutex<Child>,
    pub(super) recorder: Recorder,
    /// How many scripts it has been given: tells one script's directives from the next one's.
    pub(super) jobs: AtomicU64,
    verdict: Mutex<Option<Verdict>>,
}

/// Why the watchdog ended a worker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    Timeout(Duration),
    Memory(u64),
}

impl Watched {
    pub(super) fn new(child: Child, recorder: Recorder) -> Watched {
        Watched { child: Mutex::new(child), recorder, jobs: AtomicU64::new(0), verdict: Mutex::new(None) }
    }

    pub(super) fn verdict(&self) -> Option<Verdict> {
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn kill(&self) {
        // A worker that is gone already needs no killing.
        let _ = self.child.lock().unwrap_or_else(PoisonError::into_inner).kill();
    }

    /// Waits for its end, and gives it a while before it is killed. `None` if the system does not tell how it ended.
    pub(super) fn wait(&self) -> Option<ExitStatus> {
        let child = || self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = Instant::now();
        while begin.elapsed() < GRACE {
            // The lock is given back in between: the watchdog has other workers to look at.
            let ended = child().try_wait();
            match ended {
                Ok(Some(status)) => return Some(status),
                Ok(None) => thread::sleep(Duration::from_millis(1)),
                Err(_) => return None,
            }
        }
        self.kill();
        child().wait().ok()
    }

    fn condemn(&self, verdict: Verdict) {
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(verdict);
        self.kill();
    }
}

/// A process to start, and where it is sent to.
struct Request {
    command: Command,
    /// The page that it shares with this process.
    page: OwnedFd,
    answer: Sender<io::Result<Child>>,
}

/// The thread that looks at workers, for as long as this lives.
#[derive(Debug)]
pub(super) struct Watchdog {
    watched: Arc<Mutex<Vec<Weak<Watched>>>>,
    /// Closed to end the thread.
    requests: Option<Sender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    /// Starts the thread. `timeout` is for each directive, `max_memory_bytes` for each worker.
    pub(super) fn start(timeout: Duration, max_memory_bytes: u64) -> io::Result<Watchdog> {
        let watched: Arc<Mutex<Vec<Weak<Watched>>>> = Arc::default();
        let (sender, requests) = mpsc::channel::<Request>();
        let list = watched.clone();
        let look = move || {
            let mut since = HashMap::new();
            loop {
                match requests.recv_timeout(INTERVAL) {
                    Ok(Request { command, page, answer }) => {
                        // If the thread that asked is gone, so is its end of the worker's pipe.
                        let _ = answer.send(spawn(command, &[page.as_fd()]));
                        continue;
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
                list.retain(|watched| watched.strong_count() > 0);
                for watched in list.iter().filter_map(Weak::upgrade) {
                    look_at(&watched, timeout, max_memory_bytes, &mut since);
                }
            }
        };
        let thread = thread::Builder::new().name("watchdog".to_owned()).spawn(look)?;
        Ok(Watchdog { watched, requests: Some(sender), thread: Some(thread) })
    }

    /// Starts a process on the watchdog's thread. Workers die with the thread that started them, and
    /// this one lives as long as they are wanted.
    pub(super) fn spawn(&self, command: Command, page: OwnedFd) -> io::Result<Child> {
        let gone = || io::Error::other("the watchdog is gone");
        let (answer, answered) = mpsc::channel();
        let requests = self.requests.as_ref().ok_or_else(gone)?;
        requests.send(Request { command, page, answer }).map_err(|_| gone())?;
        answered.recv().map_err(|_| gone())?
    }

    pub(super) fn watch(&self, watched: &Arc<Watched>) {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(watched));
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.requests.take());
        if let Some(thread) = self.thread.take() {
            // It does nothing that panics, and if it did there would be nothing left to do.
            let _ = thread.join();
        }
    }
}

/// What a worker was doing when, by process.
type Since = HashMap<u32, ((u64, u64), Instant)>;

fn look_at(watched: &Watched, timeout: Duration, max_memory_bytes: u64, since: &mut Since) {
    let step = watched.recorder.step();
    let now = (watched.jobs.load(Ordering::Acquire), step);
    let process = watched.child.lock().unwrap_or_else(PoisonError::into_inner).id();
    let entry = since.entry(process).or_insert_with(|| (now, Instant::now()));
    if entry.0 != now {
        *entry = (now, Instant::now());
    }
    if Step::from_number(step) == Step::Idle || watched.verdict().is_some() {
        return;
    }
    if entry.1.elapsed() > timeout {
        watched.condemn(Verdict::Timeout(timeout));
    } else if resident_bytes(process).is_some_and(|bytes| bytes > max_memory_bytes) {
        watched.condemn(Verdict::Memory(max_memory_bytes));
    }
}

/// Bytes of memory that a process has in use; `None` if it is gone.
fn resident_bytes(process: u32) -> Option<u64> {
    let statm = std::fs::read_to_string(format!("/proc/{process}/statm")).ok()?;
    let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096)
}
