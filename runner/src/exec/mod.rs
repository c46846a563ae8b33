//! Running scripts: every directive of a script gets exactly one outcome, whatever became of the
//! ones before it.
//!
//! A directive that needs an instance whose own directive did not pass is *blocked*; it never runs
//! on an older instance. A module that is expected to fail never becomes the current one, whether
//! it fails or not.

mod action;
mod instantiate;
mod module;
mod names;
mod observe;
mod place;
mod refusal;
mod thread;

#[cfg(test)]
mod tests;

pub use observe::{Observation, Observe, Observed, ObservedTrap};

use crate::executor::{Engine, Executor, Printer};
use crate::outcome::{Details, DirectiveRecord, Outcome};
use crate::script::{Directive, DirectiveKind, Script, UnparsedCause};
use crate::terms::Terms;
use crate::trail::{
    ContentHash, Exception, Got, Lack, Layer, Refusal, State, ThreadPlace, TrapInfo, Value, Wanted,
};
use names::Names;
use observe::Observer;
use place::Placing;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;
use thread::Spawn;

/// The stack, in bytes, that a thread needs to run scripts: compiled code has its own limit within
/// it, and the host functions, signal frames and deep modules need the rest.
pub const STACK_SIZE: usize = 16 << 20;

/// Takes the records of a script's directives as they come.
pub trait Sink {
    /// The directive of this ordinal is about to run.
    fn begin(&mut self, index: u32);

    /// A directive has its outcome.
    fn end(&mut self, record: DirectiveRecord);

    /// What happened at the directive that has just had its outcome, if that is observed, and the state after it, if
    /// that is wanted.
    fn observed(&mut self, _observation: Observation, _state: Option<State>) {}
}

impl Sink for Vec<DirectiveRecord> {
    fn begin(&mut self, _index: u32) {}

    fn end(&mut self, record: DirectiveRecord) {
        self.push(record);
    }
}

/// Runs a script on an engine, on a thread with a stack of at least [`STACK_SIZE`]: one `begin` and
/// one `end` for each directive, in order. `file` is the script's name in reports.
///
/// # Panics
///
/// Only when the sink does.
pub fn run_script(engine: &dyn Engine, script: &Script, file: &str, terms: Terms, sink: &mut dyn Sink) {
    run_script_around(engine, script, file, terms, &BTreeMap::new(), None, sink);
}

/// Runs a script like [`run_script`], but for directives whose outcome is already known: those are
/// not run, and whatever they were to make counts as failed. Nor is a thread started whose `wait`
/// has a known outcome: that is what became of the thread. With `observe`, the sink is told what happened at each
/// directive; without, nothing of that costs anything.
///
/// # Panics
///
/// Only when the sink does.
pub fn run_script_around(
    engine: &dyn Engine,
    script: &Script,
    file: &str,
    terms: Terms,
    known: &BTreeMap<u32, Outcome>,
    observe: Option<Observe>,
    sink: &mut dyn Sink,
) {
    std::thread::scope(|scope| match Execution::new(engine, terms, file, scope) {
        Ok(mut execution) => {
            execution.observer = observe.map(Observer::new);
            run_directives(execution, script, known, sink);
        }
        Err(refusal) => same_outcome(script, &Outcome::harness(refusal), sink),
    });
}

fn run_directives<'s>(
    mut execution: Execution<'s>,
    script: &'s Script,
    known: &BTreeMap<u32, Outcome>,
    sink: &mut dyn Sink,
) {
    let file = execution.file;
    let mut placing = Placing::new(script);
    let mut begin = Instant::now();
    for (index, directive) in (0..).zip(script.directives()) {
        sink.begin(index);
        let rest = &script.directives()[index as usize + 1..];
        let outcome = match known.get(&index).or_else(|| known_of_thread(index, directive, rest, known)) {
            None => execution.run(directive, rest),
            Some(outcome) => {
                execution.names.settle_failure(directive, file, outcome);
                outcome.clone()
            }
        };
        let end = Instant::now();
        let mut record = record(script, index, directive, outcome);
        let (trap, exception) = (execution.trap.take(), execution.exception.take());
        let thread = execution.thread.take();
        if trap.is_some() || exception.is_some() || thread.is_some() {
            let details = record.details_mut();
            (details.trap, details.exception, details.thread) = (trap, exception, thread.map(Box::new));
        }
        if execution.observer.is_some() && record.outcome.is_pass() {
            // Whether it passes is not known before it is compared.
            record.details_mut().source = Some(script.source(directive).to_owned());
        }
        if let Some(output) = execution.printer.take() {
            record.details_mut().output = Some(Box::new(output));
        }
        record.elapsed_ns = u64::try_from((end - begin).as_nanos()).unwrap_or(u64::MAX);
        placing.record(&mut record);
        begin = end;
        sink.end(record);
        if let Some(observer) = &mut execution.observer {
            let (mut observation, state) = observer.end(index, &mut *execution.executor);
            if let Some(ObservedTrap(trap)) = &mut observation.trap {
                placing.trap(index, trap);
            }
            sink.observed(observation, state);
            begin = Instant::now();
        }
    }
}

/// What is known of a thread by what is known of the `wait` for it.
fn known_of_thread<'k>(
    index: u32,
    directive: &Directive,
    rest: &[Directive],
    known: &'k BTreeMap<u32, Outcome>,
) -> Option<&'k Outcome> {
    let DirectiveKind::Thread { name, .. } = &directive.kind else { return None };
    let wait = thread::place_of_wait(name, rest)?;
    known.get(&(index + 1 + wait as u32))
}

/// Gives every directive of a script the same outcome without running any.
pub fn same_outcome(script: &Script, outcome: &Outcome, sink: &mut dyn Sink) {
    for (index, directive) in (0..).zip(script.directives()) {
        sink.begin(index);
        sink.end(record(script, index, directive, outcome.clone()));
    }
}

/// Names the content of the first directives of a script in their records. Running does not: where a worker runs, the
/// parent does.
pub fn name_contents(script: &Script, records: &mut [DirectiveRecord]) {
    for (record, directive) in records.iter_mut().zip(script.directives()) {
        record.content = Some(ContentHash::of(script.source(directive).as_bytes()));
    }
}

/// The record of a directive that took no time, without its content. Passing directives carry no text.
pub(crate) fn record(
    script: &Script,
    index: u32,
    directive: &Directive,
    outcome: Outcome,
) -> DirectiveRecord {
    let details = (!outcome.is_pass()).then(|| {
        Box::new(Details { source: Some(script.source(directive).to_owned()), ..Details::default() })
    });
    DirectiveRecord {
        index,
        line: directive.line,
        col: directive.col,
        directive: directive.kind.keyword(),
        content: None,
        outcome,
        details,
        elapsed_ns: 0,
    }
}

/// A script on its way, with the executor that runs its modules.
struct Execution<'s> {
    engine: &'s dyn Engine,
    terms: Terms,
    file: &'s str,
    threads: &'s dyn Spawn<'s>,
    executor: Box<dyn Executor + 's>,
    names: Names<'s>,
    /// Room for the arguments of a call.
    arguments: Vec<Value>,
    /// What follows the directive at hand.
    rest: &'s [Directive],
    /// The names that stand-ins for imports are registered under.
    stand_ins: BTreeSet<&'s str>,
    /// Whether a module is being compiled.
    compiling: bool,
    /// The trap that the directive at hand ended in.
    trap: Option<Box<TrapInfo>>,
    /// The exception that it ended in.
    exception: Option<Box<Exception>>,
    /// The directive of a script's thread that the outcome at hand is about.
    thread: Option<ThreadPlace>,
    /// What watches, if the execution is observed.
    observer: Option<Observer>,
    /// What takes what modules print, also those of threads.
    printer: Printer,
}

/// How a directive, or a step on its way, ends when it does not end well.
type Step<T> = Result<T, Outcome>;

impl<'s> Execution<'s> {
    /// An execution that has run nothing yet, with an executor on this thread.
    fn new(
        engine: &'s dyn Engine,
        terms: Terms,
        file: &'s str,
        threads: &'s dyn Spawn<'s>,
    ) -> Result<Self, Refusal> {
        Ok(Execution {
            engine,
            terms,
            file,
            threads,
            executor: engine.start()?,
            names: Names::new(terms.reading.dialect),
            arguments: Vec::new(),
            rest: &[],
            stand_ins: BTreeSet::new(),
            compiling: false,
            trap: None,
            exception: None,
            thread: None,
            observer: None,
            printer: if terms.shows_output { Printer::keeping() } else { Printer::default() },
        })
    }

    /// Runs a directive that others follow. Its failure, panics included, is settled here: what later directives
    /// would find of it is marked as failed.
    fn run(&mut self, directive: &'s Directive, rest: &'s [Directive]) -> Outcome {
        self.rest = rest;
        if let DirectiveKind::Register { name, .. } = &directive.kind {
            // Only what is not from the file is on no line of it.
            match directive.line {
                0 => self.stand_ins.insert(name),
                _ => self.stand_ins.remove(&**name),
            };
        }
        let result = catch_unwind(AssertUnwindSafe(|| self.directive(&directive.kind)));
        let outcome = match result {
            Ok(Ok(())) => return Outcome::Pass,
            Ok(Err(outcome)) => outcome,
            Err(payload) => {
                let refusal = panicked(payload.as_ref());
                // Which part of the compiler it was, a panic does not say.
                let layer = if self.compiling { Layer::Codegen } else { refusal.layer };
                self.compiling = false;
                Outcome::harness(Refusal { layer, ..refusal })
            }
        };
        self.names.settle_failure(directive, self.file, &outcome);
        outcome
    }

    fn directive(&mut self, kind: &'s DirectiveKind) -> Step<()> {
        match kind {
            DirectiveKind::Module(module) => self.module(module),
            DirectiveKind::ModuleDefinition(module) => self.module_definition(module),
            DirectiveKind::ModuleInstance { instance, module } => {
                self.module_instance(instance.as_deref(), module.as_deref())
            }
            DirectiveKind::Register { name, module } => self.register(name, module.as_deref()),
            DirectiveKind::Invoke(invoke) => self.invoke(invoke),
            DirectiveKind::Get(get) => self.get(get),
            DirectiveKind::AssertReturn { action, results } => self.assert_return(action, results),
            DirectiveKind::AssertTrap { action, text } => self.assert_trap(action, text),
            DirectiveKind::AssertExhaustion { invoke, text } => self.assert_exhaustion(invoke, text),
            DirectiveKind::AssertException { action } => self.assert_exception(action),
            DirectiveKind::AssertSuspension { .. } => unsupported("stack switching"),
            DirectiveKind::AssertMalformed { module, text } => self.assert_malformed(module, text),
            DirectiveKind::AssertInvalid { module, text } => self.assert_invalid(module, text),
            DirectiveKind::AssertMalformedCustom { module, text } => {
                self.assert_malformed_custom(module, text)
            }
            DirectiveKind::AssertInvalidCustom { module, text } => self.assert_invalid_custom(module, text),
            DirectiveKind::AssertUnlinkable { module, text } => self.assert_unlinkable(module, text),
            DirectiveKind::Thread { name, shared, directives } => {
                self.thread(name, shared.as_deref(), directives)
            }
            DirectiveKind::Wait { thread } => self.wait(thread),
            DirectiveKind::Unparsed(unparsed) => Err(unparsed_outcome(&unparsed.cause)),
        }
    }
}

/// What becomes of a directive that does not parse. That there is no directive of its keyword is the runner's own lack.
fn unparsed_outcome(cause: &UnparsedCause) -> Outcome {
    match cause {
        UnparsedCause::Syntax(refusal) => {
            Outcome::fail(Wanted::Directive, Got::RefusedText(Box::new(refusal.into())))
        }
        UnparsedCause::UnknownDirective(keyword, place) => {
            let message = format!("unknown directive `{keyword}`");
            Outcome::harness(Refusal { place: Some(place.place()), ..Refusal::harness(message) })
        }
        UnparsedCause::Component => Outcome::lack(Lack::Proposal("component-model".to_owned())),
    }
}

fn fail<T>(wanted: Wanted, got: Got) -> Step<T> {
    Err(Outcome::fail(wanted, got))
}

fn unsupported<T>(what: impl Into<String>) -> Step<T> {
    Err(Outcome::lack(Lack::feature(what)))
}

/// What a panic of the runner says.
fn panicked(payload: &(dyn std::any::Any + Send)) -> Refusal {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
    let message = format!("panicked: {}", text.unwrap_or("with a payload that is not text"));
    Refusal { panicked: true, ..Refusal::harness(message) }
}
