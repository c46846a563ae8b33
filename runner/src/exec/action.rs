//! Actions, and assertions about how they end.

use super::instantiate::{Refused, call_outcome};
use super::names::Exporter;
use super::{Execution, Step, fail, unsupported};
use crate::matchers::{self, Verdict};
use crate::script::{Action, Argument, Get, HeapKind, Invoke, ModuleSource, Pattern};
use crate::trail::{ExportKind, Got, Layer, Refusal, TrapInfo, Value, Wanted};
use trapline_runtime::{CallError, Extern, Func, TrapReport, Val};

/// How an action ended.
enum Ended {
    /// With these results.
    Returned(Vec<Value>),
    /// The module was instantiated.
    Instantiated,
    Trapped(Box<TrapInfo>),
    /// The module could not be linked.
    Unlinkable(Refusal),
}

impl<'s> Execution<'s> {
    pub(super) fn invoke(&mut self, invoke: &Invoke) -> Step<()> {
        let ended = self.call(invoke)?;
        self.must_return(ended)
    }

    pub(super) fn get(&mut self, get: &Get) -> Step<()> {
        let value = self.read(get)?;
        self.observe_results(&[value]);
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
        self.must_trap(
            ended,
            || Wanted::Trap(text.to_owned()),
            |trap| !trap.is_exhaustion() && matchers::describes_trap(text, trap.kind),
        )
    }

    pub(super) fn assert_exhaustion(&mut self, invoke: &Invoke, text: &str) -> Step<()> {
        let ended = self.call(invoke)?;
        self.must_trap(
            ended,
            || Wanted::Exhaustion(text.to_owned()),
            |trap| trap.is_exhaustion() && matchers::describes_trap(text, trap.kind),
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
            Ended::Returned(_) | Ended::Instantiated | Ended::Unlinkable(_) => false,
        };
        let got = self.note(ended);
        if passes { Ok(()) } else { fail(wanted(), got) }
    }

    /// How an action ended; a trap is kept for the directive's record.
    fn note(&mut self, ended: Ended) -> Got {
        match ended {
            Ended::Returned(results) => Got::Returned(results),
            Ended::Instantiated => Got::Instantiated,
            Ended::Trapped(trap) => self.note_trap(trap),
            Ended::Unlinkable(refusal) => Got::Unlinkable(refusal),
        }
    }

    /// Keeps a trap for the directive's record.
    pub(super) fn note_trap(&mut self, trap: Box<TrapInfo>) -> Got {
        self.trap = Some(trap);
        Got::Trapped
    }

    fn act(&mut self, action: &Action, module: &Wanted) -> Step<Ended> {
        match action {
            Action::Invoke(invoke) => self.call(invoke),
            Action::Get(get) => {
                let value = self.read(get)?;
                self.observe_results(&[value]);
                Ok(Ended::Returned(vec![Value::from(&value)]))
            }
            Action::Module(source) => self.try_instance(source, module),
        }
    }

    /// Instantiates a module that nothing later refers to.
    fn try_instance(&mut self, source: &ModuleSource, wanted: &Wanted) -> Step<Ended> {
        let module = self.compile(source, wanted)?;
        match self.instantiate(&module) {
            Ok(_) => Ok(Ended::Instantiated),
            Err(Refused::Trap(trap)) => Ok(Ended::Trapped(trap)),
            Err(Refused::Link(refusal)) => Ok(Ended::Unlinkable(refusal)),
            Err(Refused::Other(outcome)) => Err(outcome),
        }
    }

    fn call(&mut self, invoke: &Invoke) -> Step<Ended> {
        let func = self.exported_func(invoke)?;
        self.arguments.clear();
        for arg in &invoke.args {
            self.arguments.push(argument(arg)?);
        }
        match func.call(&mut self.store, &self.arguments) {
            Ok(results) => {
                self.observe_results(&results);
                Ok(Ended::Returned(results.iter().map(Value::from).collect()))
            }
            Err(CallError::Trap(report)) => {
                self.observe_trap(&report);
                Ok(Ended::Trapped(Box::new(TrapInfo::from(&*report))))
            }
            Err(error @ CallError::Arguments { .. }) => {
                fail(Wanted::Arguments, Got::WrongArguments(Refusal::new(Layer::Run, error.to_string())))
            }
            Err(error) => Err(call_outcome(error)),
        }
    }

    fn observe_results(&mut self, results: &[Val]) {
        if let Some(observer) = &mut self.observer {
            observer.returned(&self.store, results);
        }
    }

    pub(super) fn observe_trap(&mut self, report: &TrapReport) {
        if let Some(observer) = &mut self.observer {
            observer.trapped(report);
        }
    }

    fn exported_func(&self, invoke: &Invoke) -> Step<Func> {
        let exporter = self.names.instance(invoke.module.as_deref())?;
        match exporter.export(&self.store, &invoke.name) {
            Some(Extern::Func(func)) => Ok(func),
            found => missing(ExportKind::Function, &invoke.name, found, &exporter),
        }
    }

    fn read(&self, get: &Get) -> Step<Val> {
        let exporter = self.names.instance(get.module.as_deref())?;
        match exporter.export(&self.store, &get.name) {
            Some(Extern::Global(global)) => Ok(global.get(&self.store)),
            found => missing(ExportKind::Global, &get.name, found, &exporter),
        }
    }
}

fn missing<T>(kind: ExportKind, name: &str, found: Option<Extern>, exporter: &Exporter) -> Step<T> {
    let got = match found {
        None if matches!(exporter, Exporter::Elsewhere(_)) => Got::ElsewhereUnknown,
        None => Got::NoExport,
        Some(Extern::Func(_)) => Got::ExportIs(ExportKind::Function),
        Some(Extern::Table(_)) => Got::ExportIs(ExportKind::Table),
        Some(Extern::Memory(_)) => Got::ExportIs(ExportKind::Memory),
        Some(Extern::Global(_)) => Got::ExportIs(ExportKind::Global),
    };
    fail(Wanted::Export(kind, name.to_owned()), got)
}

fn argument(argument: &Argument) -> Step<Val> {
    Ok(match argument {
        Argument::I32(value) => Val::I32(*value),
        Argument::I64(value) => Val::I64(*value),
        Argument::F32(bits) => Val::F32(*bits),
        Argument::F64(bits) => Val::F64(*bits),
        Argument::V128(bits) => Val::V128(*bits),
        Argument::RefNull(HeapKind::Func | HeapKind::NoFunc) => Val::FuncRef(None),
        Argument::RefNull(HeapKind::Extern | HeapKind::NoExtern) => Val::ExternRef(None),
        Argument::RefNull(heap) => return unsupported(format!("the argument ref.null {heap}")),
        Argument::RefExtern(value) => Val::ExternRef(Some(*value)),
        Argument::RefHost(_) => return unsupported("the argument ref.host"),
    })
}
