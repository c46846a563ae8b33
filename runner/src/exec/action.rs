//! Actions, and assertions about how they end.

use super::instantiate::{Refused, call_outcome};
use super::names::Exporter;
use super::{Execution, Step, fail, unsupported};
use crate::matchers::{self, Verdict};
use crate::script::{Action, Get, HeapKind, Invoke, ModuleSource, Pattern, Value};
use trapline_abi::Trap;
use trapline_runtime::{CallError, Extern, Func, TrapReport, Val};

/// How an action ended.
enum Ended {
    /// With these results.
    Returned(Vec<Val>),
    /// The module was instantiated.
    Instantiated,
    Trapped(Box<TrapReport>),
    /// The module could not be linked, in the words of the error.
    Unlinkable(String),
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
        let got = match self.act(action, "a valid module")? {
            Ended::Returned(got) => got,
            Ended::Instantiated => Vec::new(),
            ended => {
                let expected = format!("a return of {}", matchers::patterns(results));
                return fail(expected, self.describe(ended));
            }
        };
        match matchers::match_results(&got, results) {
            Verdict::Match => Ok(()),
            Verdict::Mismatch => fail(matchers::patterns(results), matchers::values(&got, results)),
            Verdict::Undecidable(reason) => unsupported(reason),
        }
    }

    pub(super) fn assert_trap(&mut self, action: &Action, text: &str) -> Step<()> {
        let ended = self.act(action, "a module that traps")?;
        // The specification keeps exhaustion apart from traps: it is the embedder that ends the call.
        self.must_trap(ended, format!("trap: {text}"), |trap| {
            trap != Trap::StackOverflow && matchers::describes_trap(text, trap)
        })
    }

    pub(super) fn assert_exhaustion(&mut self, invoke: &Invoke, text: &str) -> Step<()> {
        let ended = self.call(invoke)?;
        self.must_trap(ended, format!("exhaustion: {text}"), |trap| {
            trap == Trap::StackOverflow && matchers::describes_trap(text, trap)
        })
    }

    fn must_return(&mut self, ended: Ended) -> Step<()> {
        match ended {
            Ended::Returned(_) => Ok(()),
            ended => fail("a return", self.describe(ended)),
        }
    }

    fn must_trap(&mut self, ended: Ended, expected: String, wanted: impl Fn(Trap) -> bool) -> Step<()> {
        let trap = match &ended {
            Ended::Trapped(report) => Some(report.trap),
            Ended::Returned(_) | Ended::Instantiated | Ended::Unlinkable(_) => None,
        };
        let got = self.describe(ended);
        if trap.is_some_and(wanted) { Ok(()) } else { fail(expected, got) }
    }

    /// How an action ended, in words; a trap's are kept for the directive's report.
    fn describe(&mut self, ended: Ended) -> String {
        match ended {
            Ended::Returned(results) => format!("returned {}", matchers::values(&results, &[])),
            Ended::Instantiated => "it was instantiated".to_owned(),
            Ended::Trapped(report) => self.note_trap(&report),
            Ended::Unlinkable(text) => text,
        }
    }

    /// Keeps the report of a trap for the directive's own report, and says it in words.
    pub(super) fn note_trap(&mut self, report: &TrapReport) -> String {
        let text = report.to_string();
        let words = match report.trap {
            Trap::StackOverflow => format!("exhaustion: {text}"),
            _ => format!("trap: {text}"),
        };
        self.trap = Some(text);
        words
    }

    fn act(&mut self, action: &Action, module: &str) -> Step<Ended> {
        match action {
            Action::Invoke(invoke) => self.call(invoke),
            Action::Get(get) => {
                let value = self.read(get)?;
                self.observe_results(&[value]);
                Ok(Ended::Returned(vec![value]))
            }
            Action::Module(source) => self.try_instance(source, module),
        }
    }

    /// Instantiates a module that nothing later refers to.
    fn try_instance(&mut self, source: &ModuleSource, expected: &str) -> Step<Ended> {
        let module = self.compile(source, expected)?;
        match self.instantiate(&module) {
            Ok(_) => Ok(Ended::Instantiated),
            Err(Refused::Trap(report)) => Ok(Ended::Trapped(report)),
            Err(Refused::Link(text)) => Ok(Ended::Unlinkable(text)),
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
                Ok(Ended::Returned(results))
            }
            Err(CallError::Trap(report)) => {
                self.observe_trap(&report);
                Ok(Ended::Trapped(report))
            }
            Err(error @ CallError::Arguments { .. }) => {
                fail("arguments of the function's parameter types", error.to_string())
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
            found => missing("function", &invoke.name, found, &exporter),
        }
    }

    fn read(&self, get: &Get) -> Step<Val> {
        let exporter = self.names.instance(get.module.as_deref())?;
        match exporter.export(&self.store, &get.name) {
            Some(Extern::Global(global)) => Ok(global.get(&self.store)),
            found => missing("global", &get.name, found, &exporter),
        }
    }
}

fn missing<T>(kind: &str, name: &str, found: Option<Extern>, exporter: &Exporter) -> Step<T> {
    let got = match found {
        None if matches!(exporter, Exporter::Elsewhere(_)) => {
            "of another thread's instance, only the shared memories are known here"
        }
        None => "there is no export of this name",
        Some(Extern::Func(_)) => "it is a function",
        Some(Extern::Table(_)) => "it is a table",
        Some(Extern::Memory(_)) => "it is a memory",
        Some(Extern::Global(_)) => "it is a global",
    };
    fail(format!("an exported {kind} {name:?}"), got)
}

fn argument(value: &Value) -> Step<Val> {
    Ok(match value {
        Value::I32(value) => Val::I32(*value),
        Value::I64(value) => Val::I64(*value),
        Value::F32(bits) => Val::F32(*bits),
        Value::F64(bits) => Val::F64(*bits),
        Value::V128(bits) => Val::V128(*bits),
        Value::RefNull(HeapKind::Func | HeapKind::NoFunc) => Val::FuncRef(None),
        Value::RefNull(HeapKind::Extern | HeapKind::NoExtern) => Val::ExternRef(None),
        Value::RefNull(heap) => return unsupported(format!("the argument ref.null {heap}")),
        Value::RefExtern(value) => Val::ExternRef(Some(*value)),
        Value::RefHost(_) => return unsupported("the argument ref.host"),
    })
}
