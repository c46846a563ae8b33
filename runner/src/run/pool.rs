//! Runs many scripts at once.

use super::part::{Part, Wanted};
use super::{FileResult, Runner};
use crate::discover::{Input, Selected};
use crate::exec;
use crate::interruption;
use crate::outcome::{Event, FileReport, NotRun, Problem};
use crate::script::outline::outline;
use crate::trail::RunInfo;
use crate::worker::Slow;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::num::NonZeroU64;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How a run goes about it.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many scripts run at once.
    pub jobs: usize,
    /// How many directives, or other things, may be red before the run ends. Scripts that have begun then run to their ends; the
    /// others are reported as not run. No limit if `None`.
    pub max_fail: Option<NonZeroU64>,
    /// The directives that are reported, if not all are.
    pub part: Option<Part>,
    /// Engines that cannot run.
    pub unavailable: Vec<Problem>,
    /// What reports say of the run as a whole.
    pub description: Arc<RunInfo>,
}

impl Options {
    /// Runs all that is selected, to the end.
    pub(crate) fn whole(jobs: usize, description: Arc<RunInfo>) -> Options {
        Options { jobs, max_fail: None, part: None, unavailable: Vec::new(), description }
    }
}

/// Why a run could not begin.
#[derive(thiserror::Error, Debug)]
pub enum RunError {
    /// The system has no thread for it.
    #[error("failed to start a thread: {0}")]
    Thread(#[from] io::Error),
}

/// As many scripts at once as this machine has processors.
pub fn default_jobs() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Runs scripts on each of several engines, each script on one after the other, and tells what happens: what has ended in the order
/// of engines and `inputs`, and what is going on at the time. Ends early when `emit` breaks.
///
/// `inputs` is all of `selected`, or a part of it; what has to be said of suites as a whole is said of `selected`.
///
/// # Errors
///
/// When no thread can be started.
pub fn run(
    runners: &[Runner],
    inputs: &[Input],
    selected: &Selected,
    options: Options,
    emit: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<(), RunError> {
    run_keeping(runners, inputs, selected, options, &mut |_, _, _| {}, emit)
}

/// Runs scripts like [`run`]. `keep` sees each result, with the numbers of the runner and of the script, before it is told.
pub(crate) fn run_keeping(
    runners: &[Runner],
    inputs: &[Input],
    selected: &Selected,
    options: Options,
    keep: &mut dyn FnMut(usize, usize, &FileResult),
    emit: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<(), RunError> {
    let one = |runner: usize, input: usize| runners[runner].run_file(&inputs[input]);
    run_each(runners, inputs, selected, options, one, keep, emit)
}

/// Runs scripts like [`run`], each by `one`, which is given the numbers of the runner and of the script; the runners of a script are
/// asked for in order and on one thread. `keep` sees each result before it is told.
pub(crate) fn run_each(
    runners: &[Runner],
    inputs: &[Input],
    selected: &Selected,
    options: Options,
    one: impl Fn(usize, usize) -> FileResult + Sync,
    keep: &mut dyn FnMut(usize, usize, &FileResult),
    emit: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<(), RunError> {
    let begin = Instant::now();
    if emit(Event::RunStarted { files: inputs.len() * runners.len(), run: options.description.clone() })
        .is_break()
    {
        return Ok(());
    }
    for problem in options.unavailable {
        if emit(Event::Problem(problem)).is_break() {
            return Ok(());
        }
    }
    let stopping = AtomicBool::new(false);
    let failures = AtomicU64::new(0);
    let interrupted = || interruption::came().map(|_| NotRun::Interrupted);
    let one = |number: usize, index: usize| {
        let stopped = || stopping.load(Ordering::Relaxed).then_some(NotRun::EarlierFailure);
        let result = match interrupted().or_else(stopped) {
            Some(why) => runners[number].leave_out(&inputs[index], why),
            None => one(number, index),
        };
        let wanted = options.part.as_ref().map_or_else(Wanted::all, |part| part.of(&result.report));
        // What is missing is said of the first engine.
        let wanted = if number == 0 { wanted } else { wanted.without_missing() };
        let red = red(&result, &wanted);
        let failures = red + failures.fetch_add(red, Ordering::Relaxed);
        if options.max_fail.is_some_and(|most| failures >= most.get()) {
            stopping.store(true, Ordering::Relaxed);
        }
        (result, wanted)
    };
    let (mut slow, mut looked) = (BTreeSet::new(), Instant::now());
    let mut spent = vec![Duration::ZERO; runners.len()];
    let mut broken = false;
    let size = (runners.len(), inputs.len());
    run_noting(options.jobs, size, one, &mut |progress| {
        let mut flow = match progress {
            Progress::Began(number, index) => {
                let (engine, file) = (runners[number].engine.name().into(), inputs[index].name.clone());
                emit(Event::FileStarted { engine, file })
            }
            Progress::Waiting => ControlFlow::Continue(()),
            Progress::Arrived((result, wanted)) => tell_directives(&result.report, wanted, emit),
            Progress::Due(number, index, (mut result, wanted)) => {
                keep(number, index, &result);
                spent[number] += result.report.elapsed;
                wanted.cut(&mut result.report, &mut result.problems);
                tell(result, emit)
            }
        };
        if flow.is_continue() && looked.elapsed() >= LOOK {
            looked = Instant::now();
            flow = runners.iter().try_for_each(|runner| tell_slow(runner, inputs, &mut slow, emit));
        }
        broken = flow.is_break();
        flow
    })?;
    if broken {
        return Ok(());
    }
    let whole: Duration = spent.iter().sum();
    for (runner, spent) in runners.iter().zip(spent).filter(|_| runners.len() > 1) {
        // They ran at the same time; each has its part of it.
        let part = spent.as_secs_f64() / whole.as_secs_f64().max(f64::MIN_POSITIVE);
        let (engine, elapsed) = (runner.engine.name().into(), begin.elapsed().mul_f64(part));
        if emit(Event::EngineFinished { engine, elapsed }).is_break() {
            return Ok(());
        }
    }
    let whole = runners.first().map(|runner| runner.check_selected(selected));
    for problem in whole.unwrap_or_default() {
        if emit(Event::Problem(problem)).is_break() {
            return Ok(());
        }
    }
    // Nothing is left that could end early.
    let _ = emit(Event::RunFinished { elapsed: begin.elapsed() });
    Ok(())
}

/// How many things of what is wanted of a result make a run red.
fn red(result: &FileResult, wanted: &Wanted) -> u64 {
    let FileResult { report, problems, stale, .. } = result;
    let fault = report.script_error.as_ref().is_some_and(|fault| fault.expected.is_none());
    let directives = report.directives.iter().filter(|directive| wanted.takes(directive));
    let directives = directives.filter(|directive| report.is_red(directive)).count();
    (directives + problems.len() + stale.len() + wanted.missing() + usize::from(fault)) as u64
}

fn tell(result: FileResult, emit: &mut dyn FnMut(Event) -> ControlFlow<()>) -> ControlFlow<()> {
    let FileResult { report, problems, stale, observed: _ } = result;
    emit(Event::FileFinished(report))?;
    for problem in problems.into_iter().chain(stale) {
        emit(Event::Problem(problem))?;
    }
    ControlFlow::Continue(())
}

fn tell_directives(
    report: &FileReport,
    wanted: &Wanted,
    emit: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> ControlFlow<()> {
    for record in report.directives.iter().filter(|record| wanted.takes(record)) {
        emit(Event::DirectiveFinished {
            engine: report.engine.clone(),
            file: report.file.clone(),
            index: record.index,
            outcome: record.outcome.kind(),
            red: report.is_red(record),
        })?;
    }
    ControlFlow::Continue(())
}

/// Tells of directives that run for long, of each once. `told` are those of which it has been told.
fn tell_slow(
    runner: &Runner,
    inputs: &[Input],
    told: &mut BTreeSet<(Arc<str>, Arc<str>, u32)>,
    emit: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> ControlFlow<()> {
    for Slow { file, index, elapsed, .. } in runner.workers.iter().flat_map(|workers| workers.slow(SLOW)) {
        let engine: Arc<str> = runner.engine.name().into();
        if !told.insert((engine.clone(), file.clone(), index)) {
            continue;
        }
        let input = inputs.iter().find(|input| input.name == file);
        // What cannot be read any more could be when it began.
        let Some(Ok(text)) = input.map(Input::read) else { continue };
        let Some(sketch) = outline(&text).into_iter().nth(index as usize) else { continue };
        tracing::info!(file = &*file, line = sketch.line, ?elapsed, "a directive is slow");
        emit(Event::Slow { engine, file, line: sketch.line, directive: sketch.directive, elapsed })?;
    }
    ControlFlow::Continue(())
}

/// How long a directive may run before it is slow, and how often that is looked at.
const SLOW: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(250);

/// How far pieces of work have come, which are numbered by rows and columns.
enum Progress<'a, T> {
    /// A piece begins.
    Began(usize, usize),
    /// Nothing has happened for a while.
    Waiting,
    /// A piece is done, and it may not be its turn yet.
    Arrived(&'a T),
    /// A piece is done, and all before it have been handed on, row by row.
    Due(usize, usize, T),
}

/// Does `count` pieces of work on `jobs` threads that have the stack scripts need, and hands the results on in order.
/// Ends early when `take` breaks.
///
/// # Errors
///
/// When no thread can be started.
pub fn run_with<T: Send>(
    jobs: usize,
    count: usize,
    one: impl Fn(usize) -> T + Sync,
    take: &mut dyn FnMut(usize, T) -> ControlFlow<()>,
) -> Result<(), RunError> {
    run_noting(jobs, (1, count), |_, index| one(index), &mut |progress| match progress {
        Progress::Due(_, index, result) => take(index, result),
        Progress::Began(..) | Progress::Waiting | Progress::Arrived(_) => ControlFlow::Continue(()),
    })
}

/// Does pieces of work like [`run_with`], in so many rows and columns, and tells how far they have come. A thread does all pieces of a
/// column, one after the other.
fn run_noting<T: Send>(
    jobs: usize,
    (rows, columns): (usize, usize),
    one: impl Fn(usize, usize) -> T + Sync,
    take: &mut dyn FnMut(Progress<'_, T>) -> ControlFlow<()>,
) -> Result<(), RunError> {
    let next = AtomicUsize::new(0);
    // A piece that begins has no result yet.
    let (sender, receiver) = mpsc::channel::<(usize, usize, Option<T>)>();
    thread::scope(|scope| {
        for number in 0..jobs.clamp(1, columns.max(1)) {
            let sender = sender.clone();
            let (next, one) = (&next, &one);
            let work = move || {
                loop {
                    let column = next.fetch_add(1, Ordering::Relaxed);
                    if column >= columns {
                        return;
                    }
                    for row in 0..rows {
                        // The receiver is gone once `take` has broken.
                        if sender.send((row, column, None)).is_err()
                            || sender.send((row, column, Some(one(row, column)))).is_err()
                        {
                            return;
                        }
                    }
                }
            };
            let builder =
                thread::Builder::new().name(format!("script-{number}")).stack_size(exec::STACK_SIZE);
            if let Err(error) = builder.spawn_scoped(scope, work) {
                // One thread is enough for everything.
                if number == 0 {
                    return Err(RunError::Thread(error));
                }
                tracing::warn!("failed to start thread {number}: {error}");
                break;
            }
        }
        drop(sender);
        let mut early: BTreeMap<(usize, usize), T> = BTreeMap::new();
        let mut due = (0, 0);
        loop {
            while let Some(result) = early.remove(&due) {
                if take(Progress::Due(due.0, due.1, result)).is_break() {
                    return Ok(());
                }
                due = if due.1 + 1 == columns { (due.0 + 1, 0) } else { (due.0, due.1 + 1) };
            }
            let flow = match receiver.recv_timeout(LOOK) {
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => take(Progress::Waiting),
                Ok((row, column, None)) => take(Progress::Began(row, column)),
                Ok((row, column, Some(result))) => {
                    let arrived = take(Progress::Arrived(&result));
                    early.insert((row, column), result);
                    arrived
                }
            };
            if flow.is_break() {
                return Ok(());
            }
        }
    })
}
