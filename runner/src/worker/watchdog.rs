//! Ends workers that take too long or too much.

use super::Step;
use super::deadline::Deadline;
use super::memory::used_bytes;
use crate::interruption;
use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use trapline_sandbox::{Recorder, has_ended, kill_children, kill_group, spawn};

/// How often workers are looked at.
const INTERVAL: Duration = Duration::from_millis(50);

/// How long a worker that has closed its pipe may take to end: writing its last words.
const GRACE: Duration = Duration::from_secs(2);

/// How long a process may take to start. One that has been stopped before it runs its program never does.
const START: Duration = Duration::from_secs(10);

/// A worker as the watchdog sees it.
#[derive(Debug)]
pub(super) struct Watched {
    child: Mutex<Child>,
    /// The number of its process, and of its group.
    id: u32,
    pub(super) recorder: Recorder,
    work: Mutex<Option<Work>>,
    verdict: Mutex<Option<Verdict>>,
}

/// What a worker has been given to do.
#[derive(Debug)]
struct Work {
    /// The engine, by its place among those of the worker.
    engine: u32,
    /// The script.
    file: Arc<str>,
    /// How long one step may take, if not as long as others.
    timeout: Option<Duration>,
    /// Steps that may take longer, by their numbers, and how much.
    allowances: Vec<(u64, Duration)>,
    /// Until when it is of use.
    deadline: Deadline,
    /// The last step but [`Step::Report`].
    last: u64,
    /// The step that it has noted; [`Step::Idle`] before the first.
    step: u64,
    /// When that was seen first.
    since: Instant,
}

/// A directive that takes long.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Slow {
    /// The engine, by its place among those of the worker.
    pub(super) engine: u32,
    /// The script.
    pub(crate) file: Arc<str>,
    /// The directive's ordinal.
    pub(crate) index: u32,
    /// How long it has been running.
    pub(crate) elapsed: Duration,
}

/// Why the watchdog ended a worker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// It took longer than the limit.
    Timeout {
        limit: Duration,
        elapsed: Duration,
        /// Whether it had been stopped, which it does not do by itself.
        stopped: bool,
    },
    /// It used more bytes of memory than this.
    Memory(u64),
    /// It noted a step that does not follow.
    Astray(u64),
}

impl Watched {
    pub(super) fn new(child: Child, recorder: Recorder) -> Watched {
        let id = child.id();
        Watched { child: Mutex::new(child), id, recorder, work: Mutex::default(), verdict: Mutex::default() }
    }

    /// It has something to do from now on, until the [`Deadline`] of the calling thread. `timeout` is how long one step may take, if not
    /// as long as others, `allowances` what some may take longer, and `last` its last step before the report.
    pub(super) fn give(
        &self,
        (engine, file): (u32, &Arc<str>),
        timeout: Option<Duration>,
        allowances: Vec<(u64, Duration)>,
        last: u64,
    ) {
        let (file, step, deadline) = (file.clone(), Step::Idle.number(), Deadline::current());
        *locked(&self.work) =
            Some(Work { engine, file, timeout, allowances, deadline, last, step, since: Instant::now() });
    }

    /// It has nothing to do any more.
    pub(super) fn take_back(&self) {
        *locked(&self.work) = None;
    }

    pub(super) fn verdict(&self) -> Option<Verdict> {
        *locked(&self.verdict)
    }

    /// Whether it has ended.
    pub(super) fn is_gone(&self) -> bool {
        has_ended(self.id).unwrap_or(true)
    }

    /// Whether it has been asked what it knows, and may still say it: it runs a directive, or sends what has become of all.
    fn owes_an_answer(&self) -> bool {
        let step = Step::from_number(self.recorder.latest_step());
        let runs = matches!(step, Step::Directive(_) | Step::Report) && locked(&self.work).is_some();
        runs && !self.recorder.is_answered() && !self.is_gone() && !is_stopped(self.id)
    }

    /// Kills it, and all that it has started.
    pub(super) fn kill(&self) {
        // While this is locked, it is not waited for, and keeps its number.
        let _child = locked(&self.child);
        if has_ended(self.id).is_ok() {
            kill_group(self.id);
        }
    }

    /// Waits for its end, and gives it a while before it is killed. What it has started ends with it. `None` if the system
    /// does not tell how it ended.
    pub(super) fn wait(&self) -> Option<ExitStatus> {
        let begin = Instant::now();
        while begin.elapsed() < GRACE && !self.is_gone() {
            thread::sleep(Duration::from_millis(1));
        }
        self.kill();
        locked(&self.child).wait().ok()
    }

    fn condemn(&self, verdict: Verdict) {
        *locked(&self.verdict) = Some(verdict);
        self.kill();
    }

    /// Ends it if it takes too long or too much, or strays.
    fn look(&self, timeout: Duration, max_memory_bytes: u64) {
        let verdict = {
            let mut work = locked(&self.work);
            let Some(work) = &mut *work else { return };
            if self.verdict().is_some() {
                return;
            }
            if work.deadline.has_passed() {
                return self.kill();
            }
            work.look(self.recorder.latest_step(), timeout)
        };
        let too_much = || used_bytes(self.id).is_some_and(|bytes| bytes > max_memory_bytes);
        let verdict = verdict.or_else(|| too_much().then_some(Verdict::Memory(max_memory_bytes)));
        if let Some(mut verdict) = verdict {
            if let Verdict::Timeout { stopped, .. } = &mut verdict {
                *stopped = is_stopped(self.id);
            }
            self.condemn(verdict);
        }
    }
}

impl Work {
    /// Takes note of the step that the worker has noted. It decides itself what it notes, so only that counts which can be:
    /// steps ascend, and there are as many as the script has directives.
    /// `usual` is how long a step may take of work without a limit of its own.
    fn look(&mut self, step: u64, usual: Duration) -> Option<Verdict> {
        let (idle, report) = (Step::Idle.number(), Step::Report.number());
        // Before the first step of this script the worker may still be at the end of the one before.
        let is_old = step == idle || step == report && self.step == idle;
        if !is_old && step != self.step {
            if step < self.step || step > self.last && step != report {
                return Some(Verdict::Astray(step));
            }
            (self.step, self.since) = (step, Instant::now());
        }
        let allowance = self.allowances.iter().find(|(step, _)| *step == self.step);
        let timeout = self.timeout.unwrap_or(usual);
        let timeout = timeout.saturating_add(allowance.map_or(Duration::ZERO, |(_, more)| *more));
        let elapsed = self.since.elapsed();
        (elapsed > timeout).then_some(Verdict::Timeout { limit: timeout, elapsed, stopped: false })
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind these locks is whole at any time.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A process to start, and where it is sent to.
struct Request {
    command: Command,
    /// The page that it shares with this process.
    page: OwnedFd,
    answer: Sender<io::Result<Child>>,
}

/// All workers of this process.
static ALL: Mutex<Vec<Weak<Watched>>> = Mutex::new(Vec::new());

/// Held while a worker is started, and by interruptions.
static STARTING: Mutex<()> = Mutex::new(());

/// Has an interruption wait until a worker that is being started can be killed. When this process has begun to end, it never
/// returns: no worker is started any more, and nothing is said of those that were killed.
///
/// # Errors
///
/// When a run has been interrupted that ends by itself.
pub(super) fn starting() -> io::Result<MutexGuard<'static, ()>> {
    let starting = locked(&STARTING);
    match interruption::came() {
        None => Ok(starting),
        Some(_) => Err(io::ErrorKind::Interrupted.into()),
    }
}

/// Kills all workers of this process, which is about to end, and all that they have started.
pub(crate) fn kill_all() {
    std::mem::forget(locked(&STARTING));
    kill_each();
}

/// Kills all workers of a run that has been interrupted, and all that they have started, once they have told what they know.
/// The run has been told before, so that no worker follows.
pub(crate) fn interrupt_all() {
    // Another interruption does not wait for this one.
    drop(locked(&STARTING));
    let all: Vec<Arc<Watched>> = locked(&ALL).iter().filter_map(Weak::upgrade).collect();
    all.iter().for_each(|watched| watched.recorder.ask());
    let begin = Instant::now();
    while begin.elapsed() < GRACE && all.iter().any(|watched| watched.owes_an_answer()) {
        thread::sleep(Duration::from_millis(1));
    }
    kill_each();
}

fn kill_each() {
    for watched in locked(&ALL).iter().filter_map(Weak::upgrade) {
        watched.kill();
    }
}

/// The thread that looks at workers, for as long as this lives.
#[derive(Debug)]
pub(super) struct Watchdog {
    watched: Arc<Mutex<Vec<Weak<Watched>>>>,
    /// The folder of the thread below `/proc`, if there is one.
    folder: Option<PathBuf>,
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
        let (tell, told) = mpsc::channel();
        let look = move || {
            let _ = tell.send(fs::read_link("/proc/thread-self").ok());
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
                let alive: Vec<_> = {
                    let mut list = locked(&list);
                    list.retain(|watched| watched.strong_count() > 0);
                    list.iter().filter_map(Weak::upgrade).collect()
                };
                for watched in alive {
                    watched.look(timeout, max_memory_bytes);
                }
            }
        };
        let thread = thread::Builder::new().name("watchdog".to_owned()).spawn(look)?;
        let folder = told.recv().ok().flatten();
        Ok(Watchdog { watched, folder, requests: Some(sender), thread: Some(thread) })
    }

    /// Starts a process on the watchdog's thread. Workers die with the thread that started them, and
    /// this one lives as long as they are wanted.
    pub(super) fn spawn(&self, command: Command, page: OwnedFd) -> io::Result<Child> {
        let gone = || io::Error::other("the watchdog is gone");
        let (answer, answered) = mpsc::channel();
        let requests = self.requests.as_ref().ok_or_else(gone)?;
        requests.send(Request { command, page, answer }).map_err(|_| gone())?;
        loop {
            match answered.recv_timeout(START) {
                Ok(started) => return started,
                Err(RecvTimeoutError::Disconnected) => return Err(gone()),
                Err(RecvTimeoutError::Timeout) => self.kill_unstarted(),
            }
        }
    }

    /// Kills the process that is being started. It counts as started and ended then.
    fn kill_unstarted(&self) {
        let started: Vec<u32> =
            locked(&self.watched).iter().filter_map(Weak::upgrade).map(|watched| watched.id).collect();
        let killed = self.folder.as_deref().map(|folder| kill_children(folder, &started));
        tracing::debug!(?killed, "a process did not start");
    }

    pub(super) fn watch(&self, watched: &Arc<Watched>) {
        let mut all = locked(&ALL);
        all.retain(|watched| watched.strong_count() > 0);
        all.push(Arc::downgrade(watched));
        locked(&self.watched).push(Arc::downgrade(watched));
    }

    /// The directives that run at this moment and have done so for at least as long.
    pub(super) fn slow(&self, threshold: Duration) -> Vec<Slow> {
        let alive: Vec<_> = locked(&self.watched).iter().filter_map(Weak::upgrade).collect();
        let slow = |watched: Arc<Watched>| {
            let work = locked(&watched.work);
            let Work { engine, file, step, since, .. } = work.as_ref()?;
            let elapsed = since.elapsed();
            match Step::from_number(*step) {
                Step::Directive(index) if elapsed >= threshold => {
                    Some(Slow { engine: *engine, file: file.clone(), index, elapsed })
                }
                Step::Directive(_) | Step::Idle | Step::Script | Step::Report => None,
            }
        };
        alive.into_iter().filter_map(slow).collect()
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

/// Whether a process has been stopped by a signal (`proc_pid_stat(5)`: the state follows the name, which can hold anything).
fn is_stopped(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    fn work() -> Work {
        let last = Step::last(3).number();
        let (step, deadline) = (Step::Idle.number(), Deadline::default());
        Work {
            engine: 0,
            file: Arc::default(),
            timeout: None,
            allowances: Vec::new(),
            deadline,
            last,
            step,
            since: Instant::now(),
        }
    }

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn steps_ascend_and_are_as_many_as_directives() {
        let mut fine = work();
        for step in [
            Step::Report,
            Step::Idle,
            Step::Script,
            Step::Directive(0),
            Step::Directive(2),
            Step::Directive(2),
            Step::Report,
            Step::Idle,
        ] {
            assert_eq!(fine.look(step.number(), HOUR), None, "{step:?}");
        }
        for steps in [
            [Step::Directive(1), Step::Directive(0)],
            [Step::Directive(1), Step::Script],
            [Step::Script, Step::Directive(3)],
            [Step::Directive(u32::MAX), Step::Directive(0)],
            [Step::Script, Step::Report],
        ] {
            let mut astray = work();
            let verdicts = steps.map(|step| astray.look(step.number(), HOUR));
            let strays = verdicts.iter().any(|verdict| matches!(verdict, Some(Verdict::Astray(_))));
            assert_eq!(strays, steps[1] != Step::Report, "{steps:?}");
        }
    }

    #[test]
    fn every_step_has_a_limit() {
        for step in [Step::Idle, Step::Script, Step::Directive(1), Step::Report] {
            let mut late = work();
            assert_eq!(late.look(step.number(), HOUR), None);
            thread::sleep(Duration::from_millis(1));
            assert!(
                matches!(late.look(step.number(), Duration::ZERO), Some(Verdict::Timeout { .. })),
                "{step:?}"
            );
        }
    }

    #[test]
    fn what_is_of_no_use_any_more_is_killed() {
        let mut command = Command::new("sleep");
        command.arg("60");
        let (recorder, _page) = Recorder::create().expect("a recorder");
        let watched = Watched::new(spawn(command, &[]).expect("it starts"), recorder);
        let deadline = Deadline::default();
        deadline.of(|| watched.give((0, &Arc::default()), None, Vec::new(), Step::Script.number()));
        watched.look(HOUR, u64::MAX);
        assert!(!watched.is_gone());
        deadline.set(Instant::now());
        // The first one counts.
        deadline.set(Instant::now() + HOUR);
        watched.look(HOUR, u64::MAX);
        let status = watched.wait().expect("it has ended");
        assert_eq!((status.signal(), watched.verdict()), (Some(9), None));
    }

    #[test]
    fn a_step_may_take_longer_than_others() {
        let step = Step::Directive(1).number();
        for (allowed, is_late) in [(step, false), (step + 1, true)] {
            let mut work = Work { allowances: vec![(allowed, HOUR)], ..work() };
            assert_eq!(work.look(step, HOUR), None);
            thread::sleep(Duration::from_millis(1));
            assert_eq!(work.look(step, Duration::ZERO).is_some(), is_late);
        }
    }

    #[test]
    fn work_can_have_a_limit_of_its_own() {
        let look = |own: Duration, usual: Duration| {
            let mut work = Work { timeout: Some(own), ..work() };
            thread::sleep(Duration::from_millis(1));
            work.look(Step::Idle.number(), usual)
        };
        assert_eq!(look(HOUR, Duration::ZERO), None);
        let Some(Verdict::Timeout { limit, .. }) = look(Duration::ZERO, HOUR) else {
            panic!("the limit of the work does not count")
        };
        assert_eq!(limit, Duration::ZERO);
    }
}
