//! The process that mutants are loaded and run in.

use super::mutant::Family;
use anyhow::{Context, bail};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use trapline_abi::{GlobalType, Hierarchy, IndexType, Limits, MemoryType, TypeId, ValType};
use trapline_runtime::{Extern, Func, Global, Linker, LoadError, Memory, Module, Store, StoreConfig, Val};
use trapline_sandbox::{Confinement, Measure, confine};

const ARGUMENT: &str = "__trapline-loading-child";

/// What a child is to do.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) family: Family,
    /// The artefact that the mutants are made from.
    pub(crate) good: PathBuf,
    /// A folder to write to.
    pub(crate) scratch: PathBuf,
    /// The first mutant.
    pub(crate) first: u32,
}

impl Task {
    /// The command that starts the child.
    pub(crate) fn command(&self) -> std::io::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([ARGUMENT, self.family.name(), &self.first.to_string()]);
        command.arg(&self.good).arg(&self.scratch);
        Ok(command)
    }
}

/// Does a child's work if this process was started as one.
pub(crate) fn enter_if_asked() -> Option<ExitCode> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, argument, family, first, good, scratch] = &arguments[..] else { return None };
    if argument != ARGUMENT {
        return None;
    }
    let task = Task {
        family: Family::from_name(family)?,
        first: first.parse().ok()?,
        good: good.into(),
        scratch: scratch.into(),
    };
    let thread = std::thread::Builder::new().stack_size(16 << 20);
    let result = confined(&task.scratch).and_then(|may_run| {
        let work = move || work(&task, may_run);
        let thread = thread.spawn(work).context("failed to start a thread")?;
        thread.join().unwrap_or_else(|_| bail!("it panicked"))
    });
    Some(match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error {error:#}");
            ExitCode::FAILURE
        }
    })
}

/// Gives up the rights that forged code must not have. Whether it may run: only if it can neither write files nor send
/// signals.
fn confined(scratch: &Path) -> anyhow::Result<bool> {
    let confinement = Confinement {
        max_file_bytes: 1 << 20,
        max_data_bytes: 1 << 30,
        readable: vec!["/".into()],
        writable: vec![scratch.to_owned()],
        ..Confinement::default()
    };
    let confined = confine(&confinement)?;
    Ok(confined.is_in_force(Measure::Files) && confined.is_in_force(Measure::SystemCalls))
}

fn work(task: &Task, may_run: bool) -> anyhow::Result<()> {
    let good = std::fs::read(&task.good)?;
    let shared = task.family.is_shared();
    let wanted = match shared {
        true => does(&open(&task.good)?),
        false => does(&load(&good)?),
    };
    for number in task.first..task.family.mutants() {
        let mutant = task.family.mutant(&good, number);
        say(number, "loads");
        let loaded = match shared {
            true => load_shared(&task.scratch.join(format!("{number}.so")), &mutant)?,
            false => load(&mutant),
        };
        let module = match loaded {
            Ok(module) => module,
            Err(error) => {
                say(number, &format!("refused {}", reason(&error)));
                continue;
            }
        };
        if task.family.is_forged() && !may_run {
            say(number, "kept");
            continue;
        }
        say(number, "runs");
        let did = does(&module);
        say(number, if did == wanted { "same" } else { "other" });
    }
    Ok(())
}

/// The mutants' code may be anything: this process exists to be spoilt by it.
fn load(object: &[u8]) -> Result<Module, LoadError> {
    // SAFETY: I2: the parent expects that this process dies.
    unsafe { Module::from_object(object) }
}

fn open(path: &Path) -> Result<Module, LoadError> {
    // SAFETY: I2, I10: as above; the file stays as it is while it is open.
    unsafe { Module::from_shared_object(path) }
}

/// Every path is used once: the dynamic linker remembers those that are open.
fn load_shared(path: &Path, mutant: &[u8]) -> anyhow::Result<Result<Module, LoadError>> {
    std::fs::write(path, mutant).with_context(|| format!("failed to write {}", path.display()))?;
    let loaded = open(path);
    std::fs::remove_file(path)?;
    Ok(loaded)
}

/// Tells the parent, which is to know even if the next step is the last one.
fn say(number: u32, what: &str) {
    let mut out = std::io::stdout().lock();
    // Without anyone who listens there is no point in going on.
    if writeln!(out, "{number} {what}").and_then(|()| out.flush()).is_err() {
        std::process::exit(1);
    }
}

/// The name of an error's variant.
fn reason(error: &LoadError) -> String {
    let text = format!("{error:?}");
    text.chars().take_while(|c| c.is_ascii_alphanumeric()).collect()
}

/// Instantiates a module, calls every function that it exports, and writes down what happens.
fn does(module: &Module) -> String {
    let config = StoreConfig {
        memory_style: module.manifest().target.memory_style,
        max_memory_bytes: 64 << 20,
        max_table_elements: 100_000,
        ..StoreConfig::default()
    };
    let mut store = Store::new(config).expect("a store");
    let mut linker = Linker::new();
    offer(&mut store, &mut linker);
    let instance = match linker.instantiate(&mut store, module) {
        Ok(instance) => instance,
        Err(error) => return format!("no instance: {error}"),
    };
    let mut text = String::new();
    let exports: Vec<(String, Extern)> =
        instance.exports(&store).map(|(name, item)| (name.to_owned(), item)).collect();
    for (name, item) in exports {
        let did = match item {
            Extern::Func(func) => {
                let arguments: Vec<Val> = func.ty(&store).params.iter().map(|&ty| zero(ty)).collect();
                match func.call(&mut store, &arguments) {
                    Ok(values) => format!("{values:?}"),
                    Err(error) => error.to_string(),
                }
            }
            Extern::Global(global) => format!("{:?}", global.get(&store)),
            Extern::Memory(memory) => format!("{} pages", memory.size(&store)),
            Extern::Table(table) => format!("{} elements", table.size(&store)),
            Extern::Tag(_) => "a tag".to_owned(),
        };
        let _ = writeln!(text, "{name}: {did}");
    }
    text
}

/// Defines what the samples import.
fn offer(store: &mut Store, linker: &mut Linker) {
    let ty = trapline_abi::FuncType { params: vec![ValType::I32], results: vec![ValType::I32] };
    let next = Func::new_host(store, ty, |_, values| match values {
        [Val::I32(value)] => Ok(vec![Val::I32(value.wrapping_add(1))]),
        _ => Ok(vec![Val::I32(-1)]),
    });
    linker.define("host", "next", Extern::Func(next));
    let limits = Limits { min: 1, max: Some(2) };
    let ty = MemoryType { index: IndexType::I32, limits, shared: false, page_size_log2: 16 };
    linker.define("host", "memory", Extern::Memory(Memory::new(store, ty).expect("a memory")));
    let ty = GlobalType { val: ValType::I32, mutable: false };
    linker.define("host", "global", Extern::Global(Global::new(store, ty, Val::I32(40)).expect("a global")));
}

fn zero(ty: ValType<TypeId>) -> Val {
    match ty {
        ValType::I32 => Val::I32(0),
        ValType::I64 => Val::I64(0),
        ValType::F32 => Val::F32(0),
        ValType::F64 => Val::F64(0),
        ValType::V128 => Val::V128(0),
        ValType::Ref(ty) if ty.heap.hierarchy() == Hierarchy::Func => Val::FuncRef(None),
        ValType::Ref(_) => Val::ExternRef(None),
    }
}
