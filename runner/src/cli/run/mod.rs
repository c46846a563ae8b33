//! `trapline run`: instantiates a module and calls one of its functions.

mod ended;
mod given;
mod imports;
mod words;

pub(super) use words::call_last;

use super::exit::{Exit, Failure, OrExit};
use super::headings::ENGINES;
use super::isolation::{IsolationArguments, Role, Work, Written};
use super::options::{EngineName, FeatureArguments, Form, ProfileArguments, ProfilerArguments};
use super::source::{self, Contents};
use super::values::parse_values;
use super::{print, progress};
use crate::engine::host::HostItemError;
use crate::engine::{
    EngineKind, EngineSpec, NativeEngine, PerfMap, Profiler, Variant, observe, store_limit, trust,
};
use crate::exec::STACK_SIZE;
use crate::host::{Exited, Guest, Host, HostFailure, Log};
use crate::nearest::nearest;
use crate::report;
use crate::run::default_features;
use crate::script::Script;
use crate::trail::{Layer, Limit, Value};
use anyhow::{Context, anyhow};
use ended::{Ended, Finished};
use given::GivenArguments;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::str::FromStr;
use std::sync::Arc;
use trapline_abi::artifact::ArtifactError;
use trapline_abi::{FuncType, ModuleInfo, Readable};
use trapline_runtime::{
    CallError, Extern, Func, HostError, Instance, InstantiateError, Linker, LoadError, LoadOptions, Module,
    ResourceError, Store, StoreConfig, TableError, TrapReport, UncaughtException, Val,
};

const EXAMPLES: &str = "\
Examples:
  trapline run a.wat                                    instantiate a module
  trapline run a.wasm --invoke add 1 -2                 call an export
  trapline run a.o --invoke add 1 2                     of an object, without compiling
  trapline run a.wat --preload env=env.wat              with the imports of `env` from another module
  trapline run a.wasm --dir data -- data/in.txt         a WASI program, with a folder and an argument
  trapline run a.wasm --imports stub --invoke add 1 2   with stand-ins for imports, by rules that are shown
  trapline run a.wat --engine jit --opt none --invoke add 1 2
  trapline run a.wat --no-isolate --invoke add 1 2      in one process, for gdb";

/// Instantiate a module, and call one of its functions.
///
/// Instantiation runs the start function, and calls `_initialize` if there is one and no `_start`. Then the export that is named
/// is called, else `_start`. Imports are those of the `spectest` module, WASI preview 1 (`wasi_snapshot_preview1`), the exports of
/// what is loaded before, and what `--imports` says.
///
/// Exit codes: 0 it returned, 2 usage (an argument, a name or a file that is not right), 3 the module is refused, 5 an import
/// has nothing, 6 trap, 7 uncaught exception, 8 a limit on time or memory, 70 crash or internal error, 1 anything else. A WASI
/// program that ends itself (`proc_exit`) gives its own code, which `--format json` tells apart.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The module, in binary or text, or an object or a shared object that `compile` has made; `-` for the standard input.
    file: PathBuf,
    /// Instantiate another module before, and provide its exports under a name. May be repeated, in the order in which they
    /// need each other.
    #[arg(long, value_name = "NAME=FILE")]
    preload: Vec<Preload>,
    /// Run an object whose content does not match its hash. Its code may do anything.
    #[arg(long)]
    allow_unchecked: bool,
    /// An exported function to call, and its arguments: numbers as the text format has them, vectors as `i32x4 1 2 3 4`,
    /// references as `null` or a number of the host.
    #[arg(long, num_args = 1.., value_terminator = "--", value_names = ["NAME", "ARGS"], allow_hyphen_values = true)]
    invoke: Vec<String>,
    /// The arguments of a WASI program, behind `--`; the name of the file is before them.
    #[arg(last = true, value_name = "WORD")]
    words: Vec<OsString>,
    /// The form of the result: values, or one object of JSON.
    #[arg(long, value_enum, default_value = "pretty", value_name = "FORMAT")]
    format: Form,
    /// How a module's code comes into memory; by default `aot`. An object is loaded as it is.
    #[arg(long, value_enum, value_name = "ENGINE", help_heading = ENGINES)]
    engine: Option<EngineName>,
    #[command(flatten)]
    given: GivenArguments,
    #[command(flatten)]
    profile: ProfileArguments,
    #[command(flatten)]
    features: FeatureArguments,
    #[command(flatten)]
    profiler: ProfilerArguments,
    #[command(flatten)]
    isolation: IsolationArguments,
}

/// A module that others import from.
#[derive(Clone, Debug)]
struct Preload {
    name: String,
    file: PathBuf,
}

impl FromStr for Preload {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Preload, Self::Err> {
        let (name, file) = text.split_once('=').ok_or("it is a name, `=` and a file")?;
        Ok(Preload { name: name.to_owned(), file: file.into() })
    }
}

pub(super) fn main(arguments: Arguments, role: &Role) -> Result<Exit, Failure> {
    arguments.check_folders()?;
    arguments.check_log()?;
    let work = Work {
        command: "run",
        file: &arguments.file,
        output: arguments.given.log_path().map(Written::Into),
        makes_files: arguments.engine.is_some_and(|engine| engine.kind().needs_scratch()),
        over_limit: Exit::Limited,
        isolation: arguments.isolation,
    };
    let here = |_: Option<&Path>| {
        let log = arguments.given.open_log()?;
        if let Role::Worker(_) = role {
            arguments.confine()?;
        }
        run(&arguments, log)
    };
    match (role.work(&work, here), arguments.format) {
        // A worker that ended early has said nothing.
        (Err(failure), Form::Json) => arguments.tell_json(Err(&Box::<Ended>::from(failure))),
        (result, _) => result,
    }
}

fn run(arguments: &Arguments, log: Option<Log>) -> Result<Exit, Failure> {
    // Guest code needs more stack than a main thread is sure to have.
    let result = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("run".to_owned()).stack_size(STACK_SIZE);
        let thread = thread
            .spawn_scoped(scope, move || execute(arguments, log))
            .context("failed to start a thread")
            .or_exit(Exit::Internal)?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    match (result, arguments.format) {
        (Ok(Finished::Returned(values)), Form::Pretty) => {
            print(&ended::lines(&values)).map(|()| Exit::Success)
        }
        (Ok(finished @ Finished::Exited(_)), Form::Pretty) => Ok(finished.exit()),
        (Err(ended), Form::Pretty) => Err(Failure { exit: ended.exit, error: anyhow!(ended.message) }),
        (Ok(finished), Form::Json) => arguments.tell_json(Ok(&finished)),
        (Err(ended), Form::Json) => arguments.tell_json(Err(&ended)),
    }
}

/// A module that is ready to be instantiated.
struct Loaded {
    module: Module,
    /// It has to outlive the module: it may keep files that debuggers read.
    _engine: Option<Arc<dyn NativeEngine>>,
    /// The module's text, if it was compiled from text.
    text: Option<Script>,
}

/// Loads an object, or compiles a module with an engine. `linker` and `host` have what the module can import.
fn load(arguments: &Arguments, file: &Path, linker: &Linker, host: &Host) -> Result<Loaded, Failure> {
    let name = file.display();
    let options = LoadOptions { allow_unchecked: arguments.allow_unchecked };
    // What can be read and is no module is refused.
    let contents = source::read_contents(file).map_err(|failure| match failure.exit {
        Exit::Unexpected => Failure { exit: Exit::Refused, ..failure },
        _ => failure,
    })?;
    arguments.refuse_useless(&contents)?;
    let loaded = match contents {
        Contents::Object(object) => trust::object(&object, options),
        Contents::SharedObject => trust::shared_object(file, options),
        Contents::Wasm(source) => {
            let kind = arguments.engine.map_or(EngineKind::Aot, EngineName::kind);
            let variant = Variant {
                kind,
                profile: arguments.profile.described().profile(),
                heap: arguments.profile.heap(),
            };
            let engine = EngineSpec { profiler: arguments.profiler.profiler(), ..variant.spec() }
                .build_native(None)
                .map_err(|error| anyhow!("failed to set up the engine: {error}"))
                .or_exit(Exit::Internal)?;
            let features = arguments.features.apply(default_features());
            // What is missing is known before a large module is compiled. If the module is refused, that comes first.
            if let Ok(info) = trapline_compiler::describe(&source.wasm, features) {
                refuse_missing(file, &info, linker, host)?;
            }
            let compile = || engine.module(&source.wasm, features);
            let module = progress::shown(&name.to_string(), || engine.progress(), compile)
                .map_err(|error| anyhow!("failed to compile {name}: {}", source.refusal(error, features)))
                .or_exit(Exit::Refused)?;
            return Ok(Loaded { module, _engine: Some(engine), text: source.into_text() });
        }
    };
    let module = loaded.map_err(|error| not_loaded(file, &error)).or_exit(Exit::Refused)?;
    refuse_missing(file, module.info(), linker, host)?;
    if let Some(Profiler::PerfMap) = arguments.profiler.profiler() {
        let map = PerfMap::of_process().and_then(|map| map.add(&module));
        map.map_err(|error| anyhow!("failed to {error}")).or_exit(Exit::Unexpected)?;
    }
    Ok(Loaded { module, _engine: None, text: None })
}

/// Refuses a module with imports that nothing provides, and names them all.
fn refuse_missing(file: &Path, info: &ModuleInfo, linker: &Linker, host: &Host) -> Result<(), Failure> {
    let missing = imports::missing(info, linker, host);
    match missing.len() {
        0 => Ok(()),
        count => {
            let (file, noun) = (file.display(), if count == 1 { "import" } else { "imports" });
            let lines = missing.join("\n  ");
            Err(anyhow!(
                "failed to instantiate {file}: unknown import: nothing provides {count} {noun} (--preload NAME=FILE does, or --imports stub|zero|trap)\n  {lines}"
            ))
            .or_exit(Exit::Unlinked)
        }
    }
}

impl Arguments {
    /// Prints the result as JSON.
    fn tell_json(&self, result: Result<&Finished, &Ended>) -> Result<Exit, Failure> {
        let exit = result.map_or_else(|ended| ended.exit, Finished::exit);
        let function = self.invoke.first().map(String::as_str);
        print(&ended::json(&self.file.display().to_string(), function, result)?)?;
        Ok(exit)
    }

    /// Refuses flags that have no effect on what the file holds.
    fn refuse_useless(&self, contents: &Contents) -> Result<(), Failure> {
        let oracle = self.engine.map(EngineName::kind).filter(|kind| kind.is_oracle());
        if let Some(kind) = oracle {
            let (file, name) = (self.file.display(), kind.name());
            let error = anyhow!("failed to run {file} with --engine {name}: that engine runs scripts only");
            return Err(error).or_exit(Exit::Usage);
        }
        let engine = self.engine.map(|_| "--engine");
        let features = self.features.written().map(|_| "-W");
        let (flag, why) = match contents {
            Contents::Object(_) | Contents::SharedObject => {
                (engine.or(self.profile.flag()).or(features), "it is compiled already")
            }
            Contents::Wasm(_) => (
                self.allow_unchecked.then_some("--allow-unchecked"),
                "it is not an object whose hash is checked",
            ),
        };
        match flag {
            Some(flag) => {
                Err(anyhow!("failed to run {} with {flag}: {why}", self.file.display())).or_exit(Exit::Usage)
            }
            None => Ok(()),
        }
    }
}

fn not_loaded(file: &Path, error: &LoadError) -> anyhow::Error {
    let hint = match error {
        LoadError::Artifact(ArtifactError::BadHash) => " (--allow-unchecked runs it all the same)",
        _ => "",
    };
    anyhow!("failed to load {}: failed to {error}{hint}", file.display())
}

/// Runs a module, and says how it ended.
fn execute(arguments: &Arguments, log: Option<Log>) -> Result<Finished, Box<Ended>> {
    let host = arguments.host(log)?;
    match run_modules(arguments, &host) {
        Ok(values) => Ok(Finished::Returned(values)),
        Err(Stopped::Ended(ended)) => Err(ended),
        Err(Stopped::Exited(Exited(code))) => match u8::try_from(code) {
            Ok(code) => Ok(Finished::Exited(code)),
            Err(_) => {
                let file = arguments.file.display();
                let message =
                    format!("failed to run {file}: it ended itself with {code}, and exit codes are 0 to 255");
                Err(Ended::new(Exit::Unexpected, message))
            }
        },
    }
}

/// Why a run has stopped before the call returned.
enum Stopped {
    Ended(Box<Ended>),
    /// The program has ended itself.
    Exited(Exited),
}

impl<E: Into<Box<Ended>>> From<E> for Stopped {
    fn from(ended: E) -> Stopped {
        Stopped::Ended(ended.into())
    }
}

/// Runs a module after those that it imports from, and gives the results of the call.
fn run_modules(arguments: &Arguments, host: &Host) -> Result<Vec<Value>, Stopped> {
    let mut linker = Linker::new();
    let mut preloaded = Vec::with_capacity(arguments.preload.len());
    let mut store: Option<Store> = None;
    let named = arguments.preload.iter().map(|preload| (&preload.file, Some(&preload.name)));
    for (file, name) in named.chain([(&arguments.file, None)]) {
        let loaded = load(arguments, file, &linker, host)?;
        let memory_style = loaded.module.manifest().target.memory_style;
        let store = match &mut store {
            Some(store) => store,
            none => {
                let config = StoreConfig { memory_style, ..arguments.profile.heap().config() };
                let made = Store::new(config).map_err(|error| anyhow!("failed to make a store: {error}"));
                none.insert(made.or_exit(Exit::Internal)?)
            }
        };
        let instance = instantiate(store, &mut linker, host, file, &loaded)?;
        match name {
            Some(name) => linker.define_instance(store, name, instance),
            None => return call(arguments, store, instance, loaded.text.as_ref()),
        }
        preloaded.push(loaded);
    }
    unreachable!("the last module is the one that is run")
}

fn instantiate(
    store: &mut Store,
    linker: &mut Linker,
    host: &Host,
    file: &Path,
    loaded: &Loaded,
) -> Result<Instance, Stopped> {
    let name = file.display();
    imports::provide_host(loaded.module.info(), store, linker, host)
        .map_err(|(item, error)| anyhow!("failed to make {item} of the host module: {error}"))
        .or_exit(Exit::Unexpected)?;
    // What the host provides reaches the memory of this module alone.
    let (guest, mut linker) = (Rc::<Guest>::default(), linker.clone());
    let notes = host.provide(loaded.module.info(), store, &mut linker, &guest).map_err(|error| {
        let what = format!("failed to make what {name} imports");
        match error {
            HostItemError::Memory(error) | HostItemError::Table(TableError::Resource(error)) => {
                exhausted(&what, Layer::Instantiate, &error)
            }
            error => Ended::new(Exit::Unexpected, format!("{what}: {error}")),
        }
    })?;
    for note in notes {
        // If this cannot be said, the result still can.
        let _ = writeln!(io::stderr(), "note: {note}");
    }
    let what = format!("failed to instantiate {name}");
    let unlinked = |error| Ended::new(Exit::Unlinked, format!("{what}: {error}"));
    let imports = linker.resolve(&loaded.module).map_err(unlinked)?;
    guest.importing(&loaded.module, &imports);
    let instance = store.instantiate(&loaded.module, &imports).map_err(|error| match error {
        InstantiateError::Trap(report) => trapped(&what, &report, loaded.text.as_ref()).into(),
        InstantiateError::Exception(exception) => threw(&format!("{what}:"), store, &exception).into(),
        InstantiateError::Link(error) => unlinked(error).into(),
        InstantiateError::Resource(error) => exhausted(&what, Layer::Instantiate, &error).into(),
        InstantiateError::Host(error) => stopped_by_host(&what, &error),
        error @ (InstantiateError::Incompatible(_) | InstantiateError::Start(_)) => {
            Ended::new(Exit::Unexpected, format!("{what}: {error}")).into()
        }
    })?;
    guest.instantiated(store, instance);
    if let (Some(Extern::Func(initialize)), None) =
        (instance.export(store, INITIALIZE), instance.export(store, START))
        && initialize.ty(store) == FuncType::default()
    {
        invoke(
            store,
            &format!("failed to run {name}: `{INITIALIZE}`"),
            initialize,
            &[],
            loaded.text.as_ref(),
        )?;
    }
    Ok(instance)
}

/// Calls a function.
fn invoke(
    store: &mut Store,
    what: &str,
    func: Func,
    values: &[Val],
    text: Option<&Script>,
) -> Result<Vec<Val>, Stopped> {
    func.call(store, values).map_err(|error| match error {
        CallError::Trap(report) => trapped(&format!("{what} trapped"), &report, text).into(),
        CallError::Exception(exception) => threw(&format!("{what} threw"), store, &exception).into(),
        CallError::Resource(error) => exhausted(what, Layer::Run, &error).into(),
        CallError::Host(error) => stopped_by_host(what, &error),
        error @ (CallError::Arguments { .. } | CallError::NoReason) => {
            Ended::new(Exit::Unexpected, format!("{what}: {error}")).into()
        }
    })
}

/// Why a function of the host has not returned.
fn stopped_by_host(what: &str, error: &HostError) -> Stopped {
    if let Some(exited) = error.get().downcast_ref::<Exited>() {
        return Stopped::Exited(*exited);
    }
    let exit = match error.get().downcast_ref::<HostFailure>() {
        Some(HostFailure::Unprovided { .. } | HostFailure::Aborted { .. } | HostFailure::NoMemory { .. }) => {
            Exit::Trapped
        }
        Some(HostFailure::Log(_)) | None => Exit::Unexpected,
    };
    Ended::new(exit, format!("{what}: {error}")).into()
}

/// Calls the export that is named, or `_start`.
fn call(
    arguments: &Arguments,
    store: &mut Store,
    instance: Instance,
    text: Option<&Script>,
) -> Result<Vec<Value>, Stopped> {
    let file = arguments.file.display();
    let (name, words) = match arguments.invoke.split_first() {
        Some((name, words)) => (name.as_str(), words),
        None => match instance.export(store, START) {
            Some(Extern::Func(_)) => (START, &[][..]),
            Some(_) | None => {
                note_exports(store, instance);
                return Ok(Vec::new());
            }
        },
    };
    let export = Readable(name);
    let func = callee(store, instance, name).map_err(|why| usage(&format!("failed to run {file}: {why}")))?;
    let ty = func.ty(store);
    let values = parse_values(words, &ty.params)
        .map_err(|error| usage(&format!("failed to run {file}: `{export}` has type {ty}: {error}")))?;
    let results = invoke(store, &format!("failed to run {file}: `{export}`"), func, &values, text)?;
    Ok(results.iter().map(Value::from).collect())
}

/// What a command exports for its entry (WASI, "Current Unstable ABI").
const START: &str = "_start";
/// What a module that is not a command exports, to be called before anything else (WASI, as above).
const INITIALIZE: &str = "_initialize";

fn usage(message: &str) -> Box<Ended> {
    Ended::new(Exit::Usage, message.to_owned())
}

/// The exported function of a name, or why there is none.
fn callee(store: &Store, instance: Instance, name: &str) -> Result<Func, String> {
    let export = Readable(name);
    match instance.export(store, name) {
        Some(Extern::Func(func)) => Ok(func),
        Some(_) => Err(format!("the export `{export}` is not a function")),
        None => {
            let names = exported_functions(store, instance);
            let meant = nearest(name, names.iter().copied());
            let meant =
                meant.map(|meant| format!(", did you mean `{}`?", Readable(meant))).unwrap_or_default();
            Err(format!("no export is called `{export}`{meant}; exported functions: {}", quoted(&names)))
        }
    }
}

fn exported_functions(store: &Store, instance: Instance) -> Vec<&str> {
    let functions = instance.exports(store).filter(|(_, item)| matches!(item, Extern::Func(_)));
    functions.map(|(name, _)| name).collect()
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{}`", Readable(name))).collect::<Vec<_>>().join(", ")
}

/// Says what can be called, where nothing is. It is no part of the result.
fn note_exports(store: &Store, instance: Instance) {
    let names = exported_functions(store, instance);
    if !names.is_empty() {
        let names = quoted(&names);
        // If this cannot be said, the result still can.
        let _ = writeln!(io::stderr(), "note: nothing was called; `--invoke NAME` calls one of {names}");
    }
}

/// A limit of the store says which option changes it.
fn exhausted(what: &str, layer: Layer, error: &ResourceError) -> Box<Ended> {
    match store_limit(layer, error).as_ref().and_then(Limit::option) {
        Some(option) => Ended::new(Exit::Limited, format!("{what}: {error} ({option} allows more)")),
        None => Ended::new(Exit::Unexpected, format!("{what}: {error}")),
    }
}

fn threw(what: &str, store: &Store, exception: &UncaughtException) -> Box<Ended> {
    let exception = observe::exception(store, exception);
    let message = format!("{what} {}", report::uncaught(&exception));
    Box::new(Ended { exception: Some(Box::new(exception)), ..*Ended::new(Exit::Threw, message) })
}

fn trapped(what: &str, report: &TrapReport, text: Option<&Script>) -> Box<Ended> {
    let trap = source::placed_trap(report, text);
    let message = format!("{what}: {}", source::trap(&trap, text));
    Box::new(Ended { trap: Some(Box::new(trap)), ..*Ended::new(Exit::Trapped, message) })
}
