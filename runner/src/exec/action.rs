//! Actions, and assertions about how they end.

use super::instantiate::settled;
use super::{Execution, Step, fail, unsupported};
use crate::executor::Failure;
use crate::matchers::{self, Verdict};
use crate::script::{Action, Argument, Get, Invoke, ModuleSource, Pattern};
use crate::trail::{Exception, ExportKind, Got, Refusal, TrapInfo, Value, Wanted};
use trapline_abi::Hierarchy;

/// How an action ended.
enum Ended {
    /// With these results.
    Returned(Vec<Value>),
    /// The module was instantiated.
    Instantiated,
    Trapped(Box<TrapInfo>),
    /// An exception was not caught.
    Threw(Box<Exception>),
    /// The module could not be linked.
    Unlinkable(Refusal),
}

impl<'s> Execution<'s> {
    pub(super) fn invoke(&mut self, invoke: &Invoke) -> Step<()> {
        let ended = self.call(invoke)?;
        self.must_return(ended)
    }

    pub(super) fn get(&mut self, get: &Get) -> Step<()> {
        self.read(get)?;
        Ok(())
    }

    pub(super) fn assert_return(&mut self, action: &Action, results: &[Pattern]) -> Step<()> {
        let got = match self.act(action, &Wanted::ValidModule)? {
            Ended::Returned(got) => got,
            Ended::Instantiated => Vec::new(),
            ended => {
                let got = self.note(ended);
                return fail(Wanted::Results(results.to_vec()), got);
            }
        };
        match matchers::match_results(&got, results) {
            Verdict::Match => Ok(()),
            Verdict::Mismatch => fail(Wanted::Results(results.to_vec()), Got::Returned(got)),
            Verdict::Undecidable(reason) => unsupported(reason),
        }
    }

    pub(super) fn assert_trap(&mut self, action: &Action, text: &str) -> Step<()> {
        let ended = self.act(action, &Wanted::TrappingModule)?;
        let reading = self.terms.reading;
        self.must_trap(
            ended,
            || Wanted::Trap(text.to_owned()),
            |trap| !trap.is_exhaustion() && matchers::names_trap(text, trap, reading),
        )
    }

    pub(super) fn assert_exception(&mut self, action: &Action) -> Step<()> {
        match self.act(action, &Wanted::ValidModule)? {
            Ended::Threw(exception) => {
                self.note_exception(exception);
                Ok(())
            }
            ended => fail(Wanted::Exception, self.note(ended)),
        }
    }

    pub(super) fn assert_exhaustion(&mut self, invoke: &Invoke, text: &str) -> Step<()> {
        let ended = self.call(invoke)?;
        let reading = self.terms.reading;
        self.must_trap(
            ended,
            || Wanted::Exhaustion(text.to_owned()),
            |trap| trap.is_exhaustion() && matchers::names_trap(text, trap, reading),
        )
    }

    fn must_return(&mut self, ended: Ended) -> Step<()> {
        match ended {
            Ended::Returned(_) => Ok(()),
            ended => fail(Wanted::Return, self.note(ended)),
        }
    }

    fn must_trap(
        &mut self,
        ended: Ended,
        wanted: impl FnOnce() -> Wanted,
        is_wanted: impl Fn(&TrapInfo) -> bool,
    ) -> Step<()> {
        let passes = match &ended {
            Ended::Trapped(trap) => is_wanted(trap),
            Ended::Returned(_) | Ended::Instantiated | Ended::Threw(_) | Ended::Unlinkable(_) => false,
        };
        let got = self.note(ended);
        if passes { Ok(()) } else { fail(wanted(), got) }
    }

    /// How an action ended; a trap or an exception is kept for the directive's record.
    fn note(&mut self, ended: Ended) -> Got {
        match ended {
            Ended::Returned(results) => Got::Returned(results),
            Ended::Instantiated => Got::Instantiated,
            Ended::Trapped(trap) => self.note_trap(trap),
            Ended::Threw(exception) => self.note_exception(exception),
            Ended::Unlinkable(refusal) => Got::Unlinkable(Box::new(refusal)),
        }
    }

    /// Keeps a trap for the directive's record.
    pub(super) fn note_trap(&mut self, trap: Box<TrapInfo>) -> Got {
        self.trap = Some(trap);
        Got::Trapped
    }

    /// Keeps an exception for the directive's record.
    pub(super) fn note_exception(&mut self, exception: Box<Exception>) -> Got {
        self.exception = Some(exception);
        Got::Threw
    }

    fn act(&mut self, action: &Action, module: &Wanted) -> Step<Ended> {
        match action {
            Action::Invoke(invoke) => self.call(invoke),
            Action::Get(get) => Ok(Ended::Returned(vec![self.read(get)?])),
            Action::Module(source) => self.try_instance(source, module),
        }
    }

    /// Instantiates a module that nothing later refers to.
    fn try_instance(&mut self, source: &ModuleSource, wanted: &Wanted) -> Step<Ended> {
        let module = self.compile(source, wanted)?;
        match self.instantiate(&module)? {
            Ok(_) => Ok(Ended::Instantiated),
            Err(Failure::Trap(trap)) => Ok(Ended::Trapped(trap)),
            Err(Failure::Exception(exception)) => Ok(Ended::Threw(exception)),
            Err(Failure::Link(failure)) => Ok(Ended::Unlinkable(failure.refusal)),
            Err(other) => Err(settled(other)),
        }
    }

    fn call(&mut self, invoke: &Invoke) -> Step<Ended> {
        let instance = self.names.instance(invoke.module.as_deref())?;
        self.arguments.clear();
        for arg in &invoke.args {
            self.arguments.push(argument(arg)?);
        }
        match self.executor.call(instance, &invoke.name, &self.arguments) {
            Ok(results) => {
                self.observe_results();
                Ok(Ended::Returned(results))
            }
            Err(Failure::Trap(trap)) => {
                self.observe_trap(&trap);
                Ok(Ended::Trapped(trap))
            }
            Err(Failure::Exception(exception)) => {
                self.observe_exception(&exception);
                Ok(Ended::Threw(exception))
            }
            Err(Failure::Arguments(refusal)) => {
                fail(Wanted::Arguments, Got::WrongArguments(Box::new(refusal)))
            }
            Err(other) => not_exported(ExportKind::Function, &invoke.name, other),
        }
    }

    fn observe_results(&mut self) {
        if let Some(observer) = &mut self.observer {
            observer.returned(self.executor.observed_values());
        }
    }

    pub(super) fn observe_trap(&mut self, trap: &TrapInfo) {
        if let Some(observer) = &mut self.observer {
            observer.trapped(trap);
        }
    }

    pub(super) fn observe_exception(&mut self, exception: &Exception) {
        if let Some(observer) = &mut self.observer {
            observer.threw(exception.tag.clone(), self.executor.observed_values());
        }
    }

    fn read(&mut self, get: &Get) -> Step<Value> {
        let instance = self.names.instance(get.module.as_deref())?;
        match self.executor.get(instance, &get.name) {
            Ok(value) => {
                self.observe_results();
                Ok(value)
            }
            Err(failure) => not_exported(ExportKind::Global, &get.name, failure),
        }
    }
}

/// What it counts as that an export is not there, or is of another kind.
fn not_exported<T>(kind: ExportKind, name: &str, failure: Failure) -> Step<T> {
    let got = match failure {
        Failure::NoExport => Got::NoExport,
        Failure::NoSharedMemory => Got::ElsewhereUnknown,
        Failure::ExportIs(kind) => Got::ExportIs(kind),
        other => return Err(settled(other)),
    };
    fail(Wanted::Export(kind, name.to_owned()), got)
}

fn argument(argument: &Argument) -> Step<Value> {
    Ok(match argument {
        Argument::I32(value) => Value::I32(*value),
        Argument::I64(value) => Value::I64(*value),
        Argument::F32(bits) => Value::F32(*bits),
        Argument::F64(bits) => Value::F64(*bits),
        Argument::V128(bits) => Value::V128(*bits),
        Argument::RefNull(heap) => match heap.hierarchy() {
            None | Some(Hierarchy::Cont) => return unsupported(format!("the argument ref.null {heap}")),
            Some(hierarchy) => Value::null(hierarchy),
        },
        Argument::RefExtern(value) => Value::Extern(*value),
        Argument::RefHost(value) => Value::Host(*value),
    })
}
