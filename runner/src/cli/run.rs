//! `trapline run`: instantiates a module and calls one of its functions.

use super::exit::{Exit, Failure, OrExit};
use super::isolation::{IsolationArguments, Role, Work};
use super::options::{EngineName, FeatureArguments, ProfileArguments, ProfilerArguments};
use super::print;
use super::source::{self, Contents};
use super::values::parse_value;
use crate::engine::{EngineKind, EngineSpec, NativeEngine, PerfMap, Profiler, Variant, host, observe, trust};
use crate::exec::STACK_SIZE;
use crate::matchers;
use crate::report;
use crate::run::default_features;
use crate::script::Script;
use crate::spectest;
use crate::trail::Value;
use anyhow::{Context, anyhow, bail};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trapline_abi::Readable;
use trapline_abi::artifact::ArtifactError;
use trapline_runtime::{
    CallError, Extern, Instance, InstantiateError, Linker, LoadError, LoadOptions, Module, Store,
    StoreConfig, TrapReport, UncaughtException,
};

/// Instantiates a module, which runs its start function, and calls an export if one is named. Its imports can only be
/// those of the `spectest` module. A trap ends in exit code 1.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The module, in binary or text, or an object or a shared object that `compile` has made; `-` for the standard input.
    file: PathBuf,
    /// Run an object whose content does not match its hash. Its code may do anything.
    #[arg(long)]
    allow_unchecked: bool,
    /// An exported function to call, and its arguments.
    #[arg(long, num_args = 1.., value_names = ["NAME", "ARGS"], allow_negative_numbers = true)]
    invoke: Vec<String>,
    /// How a module's code comes into memory; by default `aot`. An object is loaded as it is.
    #[arg(long, value_enum, value_name = "ENGINE")]
    engine: Option<EngineName>,
    #[command(flatten)]
    profile: ProfileArguments,
    #[command(flatten)]
    features: FeatureArguments,
    #[command(flatten)]
    profiler: ProfilerArguments,
    #[command(flatten)]
    isolation: IsolationArguments,
}

pub(super) fn main(arguments: Arguments, role: &Role) -> Result<Exit, Failure> {
    let work = Work {
        command: "run",
        file: &arguments.file,
        output: None,
        makes_files: arguments.engine.is_some_and(|engine| engine.kind().needs_scratch()),
        isolation: arguments.isolation,
    };
    role.work(&work, |_| run(&arguments))
}

fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let Loaded { module, _engine, text } = load(arguments)?;
    // Guest code needs more stack than a main thread is sure to have.
    let run = || execute(arguments, &module, text.as_ref());
    let output = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("run".to_owned()).stack_size(STACK_SIZE);
        let thread =
            thread.spawn_scoped(scope, run).context("failed to start a thread").or_exit(Exit::Internal)?;
        match thread.join() {
            Ok(result) => result.or_exit(Exit::Unexpected),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })?;
    print(&output)?;
    Ok(Exit::Success)
}

/// A module that is ready to be instantiated.
struct Loaded {
    module: Module,
    /// It has to outlive the module: it may keep files that debuggers read.
    _engine: Option<Arc<dyn NativeEngine>>,
    /// The module's text, if it was compiled from text.
    text: Option<Script>,
}

/// Loads an object, or compiles a module with an engine.
fn load(arguments: &Arguments) -> Result<Loaded, Failure> {
    let (file, name) = (&arguments.file, arguments.file.display());
    let options = LoadOptions { allow_unchecked: arguments.allow_unchecked };
    let contents = source::read_contents(file)?;
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
            let module = engine
                .module(&source.wasm, features)
                .map_err(|error| anyhow!("failed to compile {name}: {}", source.refusal(error, features)))
                .or_exit(Exit::Unexpected)?;
            return Ok(Loaded { module, _engine: Some(engine), text: source.into_text() });
        }
    };
    let module = loaded.map_err(|error| not_loaded(file, &error)).or_exit(Exit::Unexpected)?;
    if let Some(Profiler::PerfMap) = arguments.profiler.profiler() {
        let map = PerfMap::of_process().and_then(|map| map.add(&module));
        map.map_err(|error| anyhow!("failed to {error}")).or_exit(Exit::Unexpected)?;
    }
    Ok(Loaded { module, _engine: None, text: None })
}

impl Arguments {
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

/// Runs a module; returns the results, a line each.
fn execute(arguments: &Arguments, module: &Module, text: Option<&Script>) -> anyhow::Result<String> {
    let (name, invoke) = (arguments.file.display(), &arguments.invoke);
    let memory_style = module.manifest().target.memory_style;
    let mut store = Store::new(StoreConfig { memory_style, ..arguments.profile.heap().config() })
        .map_err(|error| anyhow!("failed to make a store: {error}"))?;
    let mut linker = Linker::new();
    for import in module.info().imports.iter().filter(|import| import.module == spectest::MODULE) {
        let Some((name, item)) = spectest::item(&import.name) else { continue };
        if linker.get(spectest::MODULE, name).is_none() {
            let made = host::make(&mut store, item)
                .map_err(|error| anyhow!("failed to make {name} of the host module: {error}"))?;
            linker.define(spectest::MODULE, name, made);
        }
    }
    let instance = linker.instantiate(&mut store, module).map_err(|error| match error {
        InstantiateError::Trap(report) => trapped(&format!("failed to instantiate {name}"), &report, text),
        InstantiateError::Exception(exception) => {
            anyhow!("failed to instantiate {name}: {}", uncaught(&store, &exception))
        }
        error => anyhow!("failed to instantiate {name}: {error}"),
    })?;
    match invoke.split_first() {
        None => Ok(String::new()),
        Some((export, arguments)) => call(&mut store, instance, export, arguments, text)
            .with_context(|| format!("failed to run {name}")),
    }
}

fn call(
    store: &mut Store,
    instance: Instance,
    name: &str,
    arguments: &[String],
    text: Option<&Script>,
) -> anyhow::Result<String> {
    let export = Readable(name);
    let func = match instance.export(store, name) {
        Some(Extern::Func(func)) => func,
        Some(_) => bail!("the export `{export}` is not a function"),
        None => {
            let exports = instance.exports(store).filter(|(_, item)| matches!(item, Extern::Func(_)));
            let names: Vec<String> = exports.map(|(name, _)| format!("`{}`", Readable(name))).collect();
            bail!("no export is called `{export}`; exported functions: {}", names.join(", "))
        }
    };
    let ty = func.ty(store);
    if arguments.len() != ty.params.len() {
        bail!("`{export}` has type {ty}: it takes {} arguments, not {}", ty.params.len(), arguments.len());
    }
    let values: Vec<_> = arguments
        .iter()
        .zip(&ty.params)
        .map(|(word, &ty)| parse_value(word, ty))
        .collect::<Result<_, _>>()
        .with_context(|| format!("failed to read the arguments of `{export}`"))?;
    let results = func.call(store, &values).map_err(|error| match error {
        CallError::Trap(report) => trapped(&format!("`{export}` trapped"), &report, text),
        CallError::Exception(exception) => anyhow!("`{export}` threw {}", uncaught(store, &exception)),
        error => anyhow!("`{export}`: {error}"),
    })?;
    let mut output = String::new();
    for result in results {
        // Writing to a String cannot fail.
        let _ = writeln!(output, "{}", matchers::values(&[Value::from(&result)], &[]));
    }
    Ok(output)
}

fn uncaught(store: &Store, exception: &UncaughtException) -> String {
    report::uncaught(&observe::exception(store, exception))
}

fn trapped(what: &str, report: &TrapReport, text: Option<&Script>) -> anyhow::Error {
    anyhow!("{what}: {}", source::trap(report, text))
}
