//! `trapline reduce`: a module or a script becomes as small as its fault allows.

mod render;
mod seen;

use super::configuration::ConfigurationArguments;
use super::execution::LimitArguments;
use super::exit::{Exit, Failure, OrExit};
use super::headings::{ENGINES, LIMITS, REPORTS};
use super::module::ModuleArguments;
use super::options::FeatureArguments;
use super::runner::{self, Choices};
use super::selection::only_script;
use super::terms::ReadingArguments;
use super::triage::{self, CALLS};
use super::{destination, interrupt, json_line, print};
use crate::discover::{Selected, Source, quoted};
use crate::engine::Variant;
use crate::exec::STACK_SIZE;
use crate::interruption::Awaited;
use crate::module_script::Absent;
use crate::reduce::{
    Bench, CommandPredicate, Document, End, Form, Found, Predicate, ReduceError, Reduced, Request, reduce,
};
use crate::run::{self, Runner};
use crate::whole_file::{self, WholeFile};
use crate::worker::Limits;
use anyhow::anyhow;
use clap::ValueEnum;
use render::Shown;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use trapline_compiler::WasmFeatures;

const EXAMPLES: &str = "\
Examples:
  trapline reduce crash.wasm -o small.wasm                        what triage finds, on the engines that show it
  trapline reduce crash.wasm -o small.wat --invoke f 1 2          one call
  trapline reduce crash.wast -o small.wast --variant opt=none     a script, and one more variant
  trapline reduce trap.wasm -o small.wat --keep \"segment 2\"       a finding that says so
  trapline reduce crash.wasm -o small.wasm --command ./check      another engine: exit code 0 is the fault";

/// Seconds that a directive may take, by default.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Reduce a module or a script to what its fault takes.
///
/// What counts is what `triage` says of it: the verdict, the layer and the bucket; if engines do not agree, what differs first. The
/// input runs on all engines and variants of `triage` first, or on those that are named, and has to show the gravest finding three
/// times; candidates then run on those engines alone that it takes, in confined workers. Every candidate is validated before it
/// runs, unless the fault is that the module is malformed or invalid. From the beginning of the search on, the output has the best
/// so far, and what interrupts the search ends it well. If it is run again, the answers so far are known.
///
/// Exit codes: 0 it is as small as it gets, or the time is up, 1 the fault does not come every time, or something empty shows it,
/// 2 usage, 4 no fault found, 70 the output cannot be written.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The module, in binary or text, or the script; `-` for the standard input.
    file: PathBuf,
    /// The file with the result.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// What the result is: a module in binary or text, or a script. By default what the name of the output says.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<OutputForm>,
    #[command(flatten)]
    modules: ModuleArguments,
    /// Only a finding that says this text.
    #[arg(long, value_name = "TEXT")]
    keep: Option<String>,
    /// A program that says whether a candidate shows the fault, with arguments after spaces; no shell reads it. It gets the path of
    /// a candidate as its last argument and ends with 0 if it does, with 101 if the candidate is to be kept beside the output, and
    /// with anything else if not.
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["keep", "engines", "variants"])]
    command: Option<String>,
    /// Run a candidate up to N times until it shows the fault.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    flaky: Option<u32>,
    /// An engine or variant to run on, instead of those of `triage`, as `compare` has them; may be repeated. The others are compared with the
    /// first.
    #[arg(long = "engine", value_name = "VARIANT", help_heading = ENGINES)]
    engines: Vec<Variant>,
    /// One more engine or variant to run on; may be repeated.
    #[arg(long = "variant", value_name = "VARIANT", help_heading = ENGINES)]
    variants: Vec<Variant>,
    #[command(flatten)]
    features: FeatureArguments,
    #[command(flatten)]
    reading: ReadingArguments,
    #[command(flatten)]
    configuration: ConfigurationArguments,
    #[command(flatten)]
    limits: LimitArguments,
    /// How many candidates run at once; by default as many as there are processors.
    #[arg(short, long, value_name = "N", help_heading = LIMITS, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// End the search after so many seconds, with the best so far.
    #[arg(long, value_name = "S", help_heading = LIMITS, value_parser = clap::value_parser!(u64).range(1..))]
    time: Option<u64>,
    /// The file in which answers are kept until the search has come to its end; by default the output with `.cache` behind its
    /// name.
    #[arg(long, value_name = "FILE", help_heading = REPORTS)]
    cache: Option<PathBuf>,
    /// Print the report as an object of JSON.
    #[arg(long, help_heading = REPORTS)]
    json: bool,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum OutputForm {
    Wasm,
    Wat,
    Wast,
}

impl From<OutputForm> for Form {
    fn from(form: OutputForm) -> Form {
        match form {
            OutputForm::Wasm => Form::Wasm,
            OutputForm::Wat => Form::Wat,
            OutputForm::Wast => Form::Wast,
        }
    }
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let cache = arguments.cache();
    let outputs = [("--output", &arguments.output), ("--cache", &cache)];
    let outputs = outputs.map(|(option, path)| (format!("{option} {}", path.display()), path.as_path()));
    destination::check(outputs, [arguments.file.as_path()])?;
    if arguments.output.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return Err(anyhow!(
            "failed to choose --output {} as an output: it is not a file, and what is the smallest so far is read from there",
            arguments.output.display()
        ))
        .or_exit(Exit::Usage);
    }
    // Before anything takes long.
    if whole_file::is_replaced(&arguments.output) {
        WholeFile::begin(&arguments.output)
            .map_err(|error| anyhow!("failed to write {}: {error}", arguments.output.display()))
            .or_exit(Exit::Internal)?;
    }
    let mut selected = only_script(&arguments.file)?;
    arguments.modules.make_scripts_apart(&mut selected.inputs, CALLS, Absent::Zero)?;
    let awaited = Awaited::begin();
    // The text of a module can be nested deeply.
    let done = thread::scope(|scope| {
        let work = || arguments.work(&selected, &cache);
        match thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, work) {
            Ok(work) => work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(error) => Err(anyhow!("failed to start a thread: {error}")).or_exit(Exit::Internal),
        }
    });
    if let Some(signal) = awaited.close() {
        if let Err(failure) = &done {
            failure.tell();
        }
        interrupt::end(signal);
    }
    done
}

impl Arguments {
    fn cache(&self) -> PathBuf {
        self.cache.clone().unwrap_or_else(|| {
            let mut name = self.output.clone().into_os_string();
            name.push(".cache");
            name.into()
        })
    }

    fn work(&self, selected: &Selected, cache: &Path) -> Result<Exit, Failure> {
        let begin = Instant::now();
        let Some(input) = selected.inputs.first() else {
            return Err(anyhow!("failed to find scripts: {} is none", self.file.display()))
                .or_exit(Exit::NothingSelected);
        };
        let is_module = matches!(input.source, Source::Module { .. });
        let form = self.form(is_module)?;
        let bytes = input
            .read()
            .map_err(|error| anyhow!("failed to read {}: {error}", self.file.display()))
            .or_exit(Exit::Usage)?;
        let text = String::from_utf8_lossy(&bytes);
        let document = Document::of(&text, is_module)
            .map_err(|error| anyhow!("failed to read {} as a script: {error}", self.file.display()))
            .or_exit(Exit::Usage)?;
        let (runners, missing) = self.runners(selected)?;
        let features = runners.first().map(|runner| runner.prepare(input).plan.terms.features);
        let features = features.unwrap_or_else(WasmFeatures::all);
        let mut tell = seen::Seen::new(&self.file);
        let found = match &self.command {
            Some(command) => Err(self.by_command(command, form, &document)?),
            None => Ok(self.found(selected, document.clone(), &runners).map_err(failure)?),
        };
        let mutant = found.as_ref().ok().and_then(|found| self.mutant(found));
        if let Some(mutant) = mutant.as_ref().filter(|_| is_module) {
            return Err(anyhow!("failed to reduce {} on {mutant}: the mutant is of the module as it is, and an edited one has no mutant", self.file.display()))
                .or_exit(Exit::Usage);
        }
        let (predicate, start, bytes): (&dyn Predicate, _, _) = match &found {
            Ok(found) => (&found.predicate, &found.document, found.is_before_validation()),
            Err(command) => (command, &document, false),
        };
        let found = found.as_ref().ok();
        let request = Request {
            document: start.clone(),
            predicate,
            seen: found.map_or(0, |_| Found::SEEN),
            features,
            bytes,
            out: &self.output,
            form,
            flaky: self.flaky.unwrap_or(1),
            jobs: self.jobs.map_or_else(run::default_jobs, usize::from),
            begin,
            time: self.time.map(Duration::from_secs),
            cache,
        };
        let reduced = reduce(request, &mut |status| tell.status(status)).map_err(failure)?;
        let mut notes = match found.filter(|_| is_module && reduced.end != End::Interrupted) {
            Some(found) => self.finish(found, &reduced, form, &runners)?,
            None => Vec::new(),
        };
        notes.extend(mutant.map(|mutant| {
            format!("the module whose mutant {mutant} has stays as it was: an edited one has no mutant")
        }));
        drop(tell);
        let (file, output) = (&*self.file, &*self.output);
        let again = self.again(&reduced.document, form);
        let shown = Shown { file, output, input: &document, found, reduced: &reduced, again, notes, missing };
        match self.json {
            false => print(&shown.text())?,
            true => print(&json_line(&shown.json())?)?,
        }
        Ok(Exit::Success)
    }

    /// The engine with a mutant, if the fault takes it.
    fn mutant(&self, found: &Found) -> Option<String> {
        let names = self.variants().into_iter().filter(Variant::is_mutant).map(|variant| variant.spec().name);
        names.into_iter().find(|name| found.engines.contains(name))
    }

    /// Makes the output of a module a script that checks itself, if it is to be a script; otherwise looks whether the output shows
    /// the fault by itself. What is to be said of that.
    fn finish(
        &self,
        found: &Found,
        reduced: &Reduced,
        form: Form,
        runners: &[Runner],
    ) -> Result<Vec<String>, Failure> {
        let note = match form {
            Form::Wast => match found.self_checking(&reduced.document, runners) {
                Ok(text) => {
                    whole_file::write_text(&self.output, &text)
                        .map_err(|error| anyhow!("failed to write {}: {error}", self.output.display()))
                        .or_exit(Exit::Internal)?;
                    None
                }
                Err(why) => Some(format!("the script does not check itself: {why}")),
            },
            Form::Wasm | Form::Wat => match self.shows_alone(found, reduced) {
                true => None,
                false => {
                    Some("the module alone does not show it; --format wast has what it takes".to_owned())
                }
            },
        };
        Ok(note.into_iter().collect())
    }

    /// The command that shows the same of the result.
    fn again(&self, document: &Document, form: Form) -> String {
        let mut command = format!("trapline triage {}", quoted(&self.output.to_string_lossy()));
        command.push_str(&self.features.command());
        command.push_str(&self.reading.command());
        command.push_str(&self.limits.command());
        let known = triage::variants();
        for variant in self.variants().iter().filter(|variant| !known.contains(variant)) {
            command.push_str(&format!(" --variant {variant}"));
        }
        if form != Form::Wast {
            let modules = self.modules.clone().with_call(document.only_call());
            command.push_str(&modules.command_of_apart(CALLS, Absent::Zero));
        }
        command
    }

    /// Whether the output shows the fault as `triage` would run it.
    fn shows_alone(&self, found: &Found, reduced: &Reduced) -> bool {
        let Ok(mut selected) = only_script(&self.output) else { return false };
        let modules = self.modules.clone().with_call(reduced.document.only_call());
        if modules.make_scripts_apart(&mut selected.inputs, CALLS, Absent::Zero).is_err() {
            return false;
        }
        let Some(Ok(bytes)) = selected.inputs.first().map(|input| input.read()) else { return false };
        let text = String::from_utf8_lossy(&bytes);
        Document::of(&text, true).is_ok_and(|document| found.predicate.shows(&document, &document.script()))
    }

    /// What the output is.
    fn form(&self, is_module: bool) -> Result<Form, Failure> {
        let extension = self.output.extension().and_then(|extension| extension.to_str());
        let named = match extension {
            Some("wasm") => Some(Form::Wasm),
            Some("wat") => Some(Form::Wat),
            Some("wast") => Some(Form::Wast),
            Some(_) | None => None,
        };
        match (self.format.map(Form::from).or(named), is_module) {
            (Some(Form::Wasm | Form::Wat), false) => {
                Err(anyhow!("failed to choose the form of {}: {} is a script, and so is what it is reduced to (--format wast)", self.output.display(), self.file.display()))
                    .or_exit(Exit::Usage)
            }
            (Some(form), _) => Ok(form),
            (None, true) => Ok(Form::Wasm),
            (None, false) => Ok(Form::Wast),
        }
    }

    /// The engines to look for faults on, and why some are missing.
    fn runners(&self, selected: &Selected) -> Result<(Vec<Runner>, Vec<String>), Failure> {
        let runners = self.variants().into_iter().map(|variant| self.runner(variant, selected, None));
        let (runners, unavailable) = run::available(runners.collect::<Result<_, _>>()?);
        let missing = unavailable.iter().map(|problem| format!("{}: {}", problem.file, problem.message));
        Ok((runners, missing.collect()))
    }

    fn variants(&self) -> Vec<Variant> {
        let mut variants = match (&*self.engines, &self.command) {
            ([], None) => triage::variants(),
            // Nothing runs on it.
            ([], Some(_)) => triage::variants().into_iter().take(1).collect(),
            (named, _) => named.to_vec(),
        };
        for &more in &self.variants {
            if !variants.contains(&more) {
                variants.push(more);
            }
        }
        variants
    }

    fn runner(
        &self,
        variant: Variant,
        selected: &Selected,
        again: Option<(Limits, bool)>,
    ) -> Result<Runner, Failure> {
        let configuration = self.configuration.load(&selected.inputs)?.without_expectations();
        let configuration = match again {
            None => self.limits.over(configuration),
            Some(_) => configuration.without_timeouts(),
        };
        let choices = Choices {
            overrides: self.features.overrides(),
            reading: self.modules.reading(self.reading.choice()),
            configuration: Arc::new(configuration),
        };
        let spec = variant.spec();
        let runner = runner::runner(spec.clone(), Some(self.limits), choices, "trapline wast".to_owned())?;
        let (limits, replays) = again.unwrap_or((self.limits(), true));
        let runner = runner::limited(runner, spec, limits, replays)?;
        // A candidate can do a thousand times what is said of the input once.
        let silent = again.is_some();
        let workers = runner.workers.map(|workers| if silent { workers.silent() } else { workers });
        Ok(Runner { workers, ..runner })
    }

    fn limits(&self) -> Limits {
        self.limits.limits_or(TIMEOUT)
    }

    fn found(
        &self,
        selected: &Selected,
        document: Document,
        runners: &[Runner],
    ) -> Result<Found, ReduceError> {
        let variants = self.variants();
        let make = |name: &str, limits: Limits, replays: bool| {
            let variant = variants.iter().find(|variant| variant.spec().name == name);
            let variant = variant.ok_or_else(|| format!("find the engine {name}"))?;
            self.runner(*variant, selected, Some((limits, replays)))
                .map_err(|failure| format!("make the engine {name}: {:#}", failure.error))
        };
        let deterministic = |of: &Runner, relaxed| {
            runner::deterministic((of, relaxed), &variants, |variant| self.runner(variant, selected, None))
        };
        let is_there = |name: &String| runners.iter().any(|runner| runner.engine.name() == name);
        let added = self.variants.iter().map(|variant| variant.spec().name).filter(is_there).collect();
        let bench =
            Bench { runners, added, limits: self.limits(), make: &make, deterministic: &deterministic };
        bench.find(selected, document, self.keep.as_deref(), self.flaky)
    }

    fn by_command(
        &self,
        command: &str,
        form: Form,
        document: &Document,
    ) -> Result<CommandPredicate, Failure> {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        if words.is_empty() {
            return Err(anyhow!("failed to run --command: it is empty")).or_exit(Exit::Usage);
        }
        let cannot = |error| anyhow!("failed to run {command}: {error}");
        let mut predicate = CommandPredicate::new(words, form, &self.output, self.limits().timeout)
            .map_err(cannot)
            .or_exit(Exit::Internal)?;
        predicate.measure(document).map_err(cannot).or_exit(Exit::Usage)?;
        Ok(predicate)
    }
}

fn failure(error: ReduceError) -> Failure {
    let exit = match error {
        ReduceError::NoFault(_) => Exit::NothingSelected,
        ReduceError::Unstable { .. } | ReduceError::Empty(_) | ReduceError::Interrupted => Exit::Unexpected,
        ReduceError::Engine(_) | ReduceError::Cache { .. } | ReduceError::Output(_) => Exit::Internal,
    };
    Failure { exit, error: anyhow!("failed to {error}") }
}
