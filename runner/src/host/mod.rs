//! What the host provides to modules of real programs: WASI, rules for what emscripten and wasm-bindgen import, and
//! stand-ins for the rest. Every call of the host's functions can be recorded.

mod guest;
mod log;
mod rules;
mod stand_in;
mod wasi;

use guest::CallerMemory;
pub(crate) use guest::{Guest, GuestBytes, MEMORY as GUEST_MEMORY};
pub(crate) use log::Log;
pub(crate) use wasi::{
    Ended, Exited, Folder, Function, MODULE as WASI, Streams, World, WorldError, WorldOptions, nowhere,
};

use crate::engine::host::HostItemError;
use crate::module_script::Absent;
use crate::trail::TrapInfo;
use log::{End, Shape};
use rules::Rule;
use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use trapline_abi::{FuncType, Import, ModuleInfo, Readable, TypeId};
use trapline_runtime::{Caller, Extern, Func, HostError, Linker, Store, Val};

/// Why a function of the host has failed.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum HostFailure {
    /// Nothing provides it.
    #[error("the import `{}` `{}` was called, and nothing provides it", Readable(module), Readable(name))]
    Unprovided {
        /// The module named by the import.
        module: String,
        /// The import's own name.
        name: String,
    },
    /// The program has ended itself by it.
    #[error(
        "the program called `{}` `{}`, which ends it{}",
        Readable(module),
        Readable(name),
        message.as_ref().map(|message| format!(": {}", Readable(message))).unwrap_or_default()
    )]
    Aborted {
        /// The module named by the import.
        module: String,
        /// The import's own name.
        name: String,
        /// What the program says.
        message: Option<String>,
    },
    /// It needs the memory of its caller.
    #[error(
        "`{}` `{}` was called, and the module has no memory, or its start function called it",
        Readable(module),
        Readable(name)
    )]
    NoMemory {
        /// The module named by the import.
        module: String,
        /// The import's own name.
        name: String,
    },
    /// The call could not be recorded.
    #[error("the calls of imports cannot be recorded: {0}")]
    Log(Arc<io::Error>),
}

/// What provides an import.
#[derive(Clone, Copy)]
enum Provision {
    Wasi(&'static wasi::Function),
    Rule(&'static Rule),
    StandIn,
}

/// What the host provides for a run.
pub(crate) struct Host {
    world: Rc<RefCell<World>>,
    log: Option<Rc<Log>>,
    /// Whether rules count.
    rules: bool,
    /// What stands in for the rest.
    absent: Absent,
}

/// What provides a function of this name if no stand-in does: WASI, or a rule if rules count.
fn provision_without_stand_in(module: &str, name: &str, by_rule: bool) -> Option<Provision> {
    match wasi::Function::of_import(module, name) {
        Some(function) if module == WASI || by_rule => Some(Provision::Wasi(function)),
        _ if by_rule => Rule::of_import(module, name).map(Provision::Rule),
        _ => None,
    }
}

/// Whether an import of a function of this name is provided to the modules of scripts.
pub(crate) fn is_provided(module: &str, name: &str, by_rule: bool) -> bool {
    provision_without_stand_in(module, name, by_rule).is_some()
}

/// A note about an import that a rule provides, if one does.
pub(crate) fn rule_note(module: &str, name: &str) -> Option<String> {
    let says = match provision_without_stand_in(module, name, true)? {
        Provision::Rule(rule) => rule.says.to_owned(),
        Provision::Wasi(_) if module != WASI => format!("that of {WASI}"),
        Provision::Wasi(_) | Provision::StandIn => return None,
    };
    Some(format!("import `{}` `{}`: by rule: {says}", Readable(module), Readable(name)))
}

/// What a call gives to a script in which the program ended itself with a code: nothing if that was well.
pub(crate) fn exit_result(code: u32) -> Option<i32> {
    (code != 0).then_some(code.cast_signed())
}

/// The end of a program in its start function, with a code.
pub(crate) fn exited_at_start(code: u32) -> TrapInfo {
    TrapInfo::by_host(format!("the start function ended the program with code {code}"))
}

/// The name of an import in notes.
pub(crate) fn import_name(module: &str, name: &str) -> String {
    format!("`{}` `{}`", Readable(module), Readable(name))
}

/// A note about imports that have stand-ins, by their names.
pub(crate) fn stand_in_note(absent: Absent, names: &[String]) -> Option<String> {
    const SHOWN: usize = 8;
    let (count, noun) = (names.len(), if names.len() == 1 { "import" } else { "imports" });
    let more = match count.saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let names = names.get(..count.min(SHOWN))?.join(", ");
    let what = match absent {
        Absent::Refused => return None,
        Absent::Zero => "zeros for",
        Absent::Trap => "a trap for each function of",
    };
    (count > 0).then(|| format!("{what} {count} {noun}: {names}{more}"))
}

impl Host {
    /// Whether rules count.
    pub(crate) fn has_rules(&self) -> bool {
        self.rules
    }

    /// Opens what programs are given.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub(crate) fn new(
        options: WorldOptions,
        log: Option<Log>,
        rules: bool,
        absent: Absent,
    ) -> Result<Host, WorldError> {
        let world = Rc::new(RefCell::new(World::new(options)?));
        Ok(Host { world, log: log.map(Rc::new), rules, absent })
    }

    /// Whether an import is provided.
    pub(crate) fn provides(&self, info: &ModuleInfo, import: &Import) -> bool {
        self.provision(info, import).is_some()
    }

    fn provision(&self, info: &ModuleInfo, Import { module, name, ty }: &Import) -> Option<Provision> {
        let is_function = stand_in::function_type(info, ty).is_some();
        match provision_without_stand_in(module, name, self.rules) {
            Some(wasi @ Provision::Wasi(_)) => Some(wasi),
            Some(other) if is_function => Some(other),
            _ => (self.absent != Absent::Refused && stand_in::exists(info, ty)).then_some(Provision::StandIn),
        }
    }

    /// Provides the imports of a module that `linker` does not. What was provided by a rule, and what has a stand-in, is
    /// noted, a line each.
    ///
    /// # Errors
    ///
    /// When something of the host cannot be made.
    pub(crate) fn provide(
        &self,
        info: &ModuleInfo,
        store: &mut Store,
        linker: &mut Linker,
        guest: &Rc<Guest>,
    ) -> Result<Vec<String>, HostItemError> {
        let mut notes = Vec::new();
        let mut stand_ins = Vec::new();
        for import in &info.imports {
            let Import { module, name, ty } = import;
            if linker.get(module, name).is_some() {
                continue;
            }
            let Some(provision) = self.provision(info, import) else { continue };
            let item = match (provision, stand_in::function_type(info, ty)) {
                (Provision::Wasi(function), _) => {
                    notes.extend(rule_note(module, name));
                    self.wasi(store, guest, import, function)
                }
                (Provision::Rule(rule), Some(ty)) => {
                    notes.extend(rule_note(module, name));
                    self.rule(store, guest, import, rule, ty)
                }
                (Provision::StandIn, Some(ty)) => {
                    stand_ins.push(import_name(module, name));
                    let act = stand_in::function(self.absent, module, name, &ty);
                    self.function(store, guest, (module, name), ty, &[], move |_, _| (act(), None))
                }
                (Provision::Rule(_) | Provision::StandIn, None) => {
                    let Some(item) = stand_in::item(store, info, ty)? else { continue };
                    stand_ins.push(import_name(module, name));
                    item
                }
            };
            linker.define(module, name, item);
        }
        notes.extend(stand_in_note(self.absent, &stand_ins));
        Ok(notes)
    }

    fn wasi(
        &self,
        store: &mut Store,
        guest: &Rc<Guest>,
        import: &Import,
        function: &'static wasi::Function,
    ) -> Extern {
        let (world, of) = (self.world.clone(), guest.clone());
        let (module, name) = (import.module.clone(), import.name.clone());
        let call = move |caller: &mut Caller<'_>, args: &[Val]| {
            let mut memory = of.memory().map(|memory| CallerMemory::new(caller, memory));
            let memory = memory.as_mut().map(|memory| memory as &mut dyn GuestBytes);
            // No function of WASI calls another one.
            match function.call(&mut world.borrow_mut(), memory, args) {
                Ended::Returned(Ok(())) => (Ok(vec![Val::I32(0)]), None),
                Ended::Returned(Err(error)) => (Ok(vec![Val::I32(error as i32)]), Some(error.name())),
                Ended::Exited(exited) => (Err(HostError::new(exited)), None),
                Ended::NoMemory => {
                    let (module, name) = (module.clone(), name.clone());
                    (Err(HostError::new(HostFailure::NoMemory { module, name })), None)
                }
            }
        };
        self.function(store, guest, (&import.module, &import.name), function.ty(), function.params, call)
    }

    fn rule(
        &self,
        store: &mut Store,
        guest: &Rc<Guest>,
        import: &Import,
        rule: &'static Rule,
        ty: FuncType<TypeId>,
    ) -> Extern {
        let (of, world, results) = (guest.clone(), self.world.clone(), ty.results.clone());
        let (module, name) = (import.module.clone(), import.name.clone());
        let call = move |caller: &mut Caller<'_>, args: &[Val]| {
            let import = (&*module, &*name);
            let call = rules::Call { caller, guest: &of, args, results: &results, world: &world, import };
            (rule.call(call), None)
        };
        self.function(store, guest, (&import.module, &import.name), ty, rule.params, call)
    }

    /// Has the calls of a function recorded that comes from elsewhere.
    pub(crate) fn recorded(&self, store: &mut Store, (module, name): (&str, &str), item: Extern) -> Extern {
        let Extern::Func(func) = item else { return item };
        if self.log.is_none() {
            return item;
        }
        let ty = func.ty(store);
        let call = move |caller: &mut Caller<'_>, args: &[Val]| {
            (caller.call(func, args).map_err(HostError::from), None)
        };
        self.function(store, &Rc::default(), (module, name), ty, &[], call)
    }

    /// Makes a function that is recorded. With its results, a call gives the name of the error that they are.
    fn function(
        &self,
        store: &mut Store,
        guest: &Rc<Guest>,
        (module, name): (&str, &str),
        ty: FuncType<TypeId>,
        shapes: &'static [Shape],
        call: impl Fn(&mut Caller<'_>, &[Val]) -> (Result<Vec<Val>, HostError>, Option<&'static str>) + 'static,
    ) -> Extern {
        let (log, guest) = (self.log.clone(), guest.clone());
        let import = (module.to_owned(), name.to_owned());
        Extern::Func(Func::new_host(store, ty, move |mut caller, args| {
            let (result, errno) = call(&mut caller, args);
            if let Some(log) = &log {
                let end = match &result {
                    Ok(results) => End::Returned(results, errno),
                    Err(error) => End::Failed(error.to_string()),
                };
                let memory = guest.memory().map(|memory| (caller.store(), memory, shapes));
                log.call((&import.0, &import.1), args, end, memory)
                    .map_err(|error| HostError::new(HostFailure::Log(Arc::new(error))))?;
            }
            result
        }))
    }
}
