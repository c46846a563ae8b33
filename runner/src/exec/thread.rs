//! The directives `thread` and `wait`.
//!
//! A thread of a script is a thread of the system with a store of its own. Of what there is on the
//! thread that starts it, it knows only the shared memories of the one instance that it is told of.
//! No thread outlives its script: each must be waited for, and is not even started if no `wait` for
//! it follows.

use super::{Execution, STACK_SIZE, Step, fail, panicked};
use crate::executor::SharedMemories;
use crate::outcome::Outcome;
use crate::script::{Directive, DirectiveKind, Keyword};
use crate::terms::Terms;
use crate::trail::{Exception, Got, Refusal, ThreadPlace, TrapInfo, Wanted};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, Scope, ScopedJoinHandle};
use trapline_sandbox::Activity;

/// Starts threads that end before the script does.
pub(super) trait Spawn<'s>: Sync {
    /// Starts one with the stack that compiled code needs.
    ///
    /// # Errors
    ///
    /// When the system has no thread for it.
    fn spawn(&'s self, name: String, body: Body<'s>) -> io::Result<Started<'s>>;
}

type Body<'s> = Box<dyn FnOnce() -> Ended + Send + 's>;

/// A thread that has been started.
pub(super) type Started<'s> = ScopedJoinHandle<'s, Ended>;

impl<'s> Spawn<'s> for Scope<'s, '_> {
    fn spawn(&'s self, name: String, body: Body<'s>) -> io::Result<Started<'s>> {
        Builder::new().name(name).stack_size(STACK_SIZE).spawn_scoped(self, body)
    }
}

/// How a thread ended: the directives of it that did not pass, or why none has run.
pub(super) type Ended = Result<Vec<Unmet>, Refusal>;

/// A directive of a thread that did not pass.
pub(super) struct Unmet {
    line: u32,
    keyword: Keyword,
    outcome: Outcome,
    trap: Option<Box<TrapInfo>>,
    exception: Option<Box<Exception>>,
}

impl<'s> Execution<'s> {
    pub(super) fn thread(
        &mut self,
        name: &'s str,
        shared: Option<&'s str>,
        directives: &'s [Directive],
    ) -> Step<()> {
        if place_of_wait(name, self.rest).is_none() {
            return fail(Wanted::WaitForThread(name.to_owned()), Got::NotWaitedFor);
        }
        let shared = match shared {
            None => None,
            Some(instance) => Some((instance, self.shared_memories(instance)?)),
        };
        let Execution { engine, features, reading, file, threads, .. } = *self;
        let terms = Terms { reading, ..features.into() };
        // A crash of the new thread is one of this directive, whatever this thread does by then.
        let activity = Activity::current();
        let body = move || {
            activity.adopt();
            let run = || -> Ended {
                let mut execution = Execution::new(engine, terms, file, threads)?;
                if let Some((instance, memories)) = shared {
                    execution.know(instance, memories)?;
                }
                Ok(execution.run_thread(directives))
            };
            catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| Err(panicked(payload.as_ref())))
        };
        let started = threads.spawn(format!("script thread {name}"), Box::new(body)).map_err(|error| {
            Outcome::harness(Refusal::harness(format!("failed to start a thread: {error}")))
        })?;
        self.names.started(name, started);
        if let Some(observer) = &mut self.observer {
            observer.started_thread();
        }
        Ok(())
    }

    /// Waits for a thread to end. What was wrong with its directives is what is wrong with the `wait`.
    pub(super) fn wait(&mut self, name: &'s str) -> Step<()> {
        let unmet = match self.names.thread(name)?.join() {
            Ok(Ok(unmet)) => unmet,
            Ok(Err(mut refusal)) => {
                refusal.message = format!("thread ${name}: {}", refusal.message);
                return Err(Outcome::harness(refusal));
            }
            Err(payload) => return Err(Outcome::harness(panicked(payload.as_ref()))),
        };
        let later = unmet.len().saturating_sub(1) as u32;
        let Some(Unmet { line, keyword, outcome, trap, exception }) = unmet.into_iter().next() else {
            return Ok(());
        };
        (self.trap, self.exception) = (trap, exception);
        self.thread = Some(ThreadPlace { thread: name.to_owned(), line, directive: keyword, later });
        Err(outcome)
    }

    fn shared_memories(&mut self, instance: &str) -> Step<SharedMemories> {
        let instance = self.names.instance(Some(instance))?;
        self.executor.share(instance).map_err(Outcome::lack)
    }

    /// Makes the shared memories of another thread's instance known under the instance's name.
    fn know(&mut self, instance: &'s str, memories: SharedMemories) -> Result<(), Refusal> {
        let adopted = self.executor.adopt(memories)?;
        self.names.instantiated_elsewhere(instance, adopted);
        Ok(())
    }

    /// Runs all directives of a thread.
    fn run_thread(&mut self, directives: &'s [Directive]) -> Vec<Unmet> {
        let mut unmet = Vec::new();
        for (at, directive) in directives.iter().enumerate() {
            let outcome = self.run(directive, &directives[at + 1..]);
            let (trap, exception) = (self.trap.take(), self.exception.take());
            if !outcome.is_pass() {
                let (line, keyword) = (directive.line, directive.kind.keyword());
                unmet.push(Unmet { line, keyword, outcome, trap, exception });
            }
        }
        unmet
    }
}

/// Where among the directives behind a `thread` the `wait` for it is, if there is one.
pub(super) fn place_of_wait(name: &str, rest: &[Directive]) -> Option<usize> {
    for (at, directive) in rest.iter().enumerate() {
        match &directive.kind {
            DirectiveKind::Wait { thread } if **thread == *name => return Some(at),
            // A later `wait` for the name waits for that thread.
            DirectiveKind::Thread { name: other, .. } if **other == *name => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
