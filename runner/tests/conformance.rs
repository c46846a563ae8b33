//! The official suite and the regressions as tests: `cargo test conformance`.
//!
//! One trial is one directive: `[conformance] aot/core/memory_init.wast:123 assert_trap`. The directives of a file
//! share one store and run in order, so it is files that are run, by a pool of threads behind the trials; a trial only
//! waits for its file. Files of which no trial is selected are not run.
//!
//! A file that `expectations.toml` lists for a proposal that is not built yet is a single trial,
//! `[conformance] aot/proposals/simd/simd_load.wast unsupported: simd`. It fails if a directive goes wrong, and once all
//! of them pass, because then the entry has to go.
//!
//! Under nextest, which starts a process for each trial, one trial is one file.

use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use trapline::configuration::{Configuration, Sources};
use trapline::discover::{Input, Request, Selected, discover};
use trapline::engine::{EngineKind, Variant};
use trapline::expectations::Expectations;
use trapline::outcome::Problem;
use trapline::report::{Style, failure_text, script_fault_text};
use trapline::run::{self, FileResult, Runner};
use trapline::worker::{Limits, Workers};
use trapline_compiler::Profile;
use trapline_spec_tests::Manifest;

/// Shown in brackets before each name, and matched by filters with it.
const KIND: &str = "conformance";

type Error = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    if let Some(exit) = trapline::worker::enter_if_asked() {
        return exit;
    }
    let arguments = Arguments::from_args();
    match test(&arguments) {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("error: failed to set up the conformance tests: {error}");
            ExitCode::from(70)
        }
    }
}

fn test(arguments: &Arguments) -> Result<ExitCode, Error> {
    let suite = Arc::new(Suite::find()?);
    let jobs = arguments.test_threads.unwrap_or_else(run::default_jobs);
    let trials = match std::env::var_os("NEXTEST") {
        Some(_) => suite.files(),
        None => suite.directives(jobs)?,
    };
    if !arguments.list {
        let wanted =
            |(file, trial): &(Option<usize>, Trial)| file.filter(|_| !arguments.is_filtered_out(trial));
        let mut files: Vec<usize> = trials.iter().filter_map(wanted).collect();
        files.dedup();
        suite.clone().start(files, jobs)?;
    }
    let trials = trials.into_iter().map(|(_, trial)| trial).collect();
    Ok(libtest_mimic::run(arguments, trials).exit_code())
}

/// Everything that is tested, and what has become of it so far.
struct Suite {
    runner: Runner,
    selected: Selected,
    results: Vec<OnceLock<FileResult>>,
}

/// What one trial looks at.
#[derive(Clone, Copy)]
enum Part {
    /// One directive.
    Directive(u32),
    /// Everything.
    File,
}

impl Suite {
    fn find() -> Result<Suite, Error> {
        let selected = discover(&Request::default(), Path::new(env!("CARGO_MANIFEST_DIR")))?;
        let sources = Sources { search: true, ..Sources::default() };
        let configuration = Configuration::load(&selected.inputs, &sources)?;
        let spec = Variant::new(EngineKind::Aot, Profile::default()).spec();
        let runner = Runner {
            engine: spec.build()?,
            workers: Some(Workers::new(spec, Limits::default())?),
            manifest: Manifest::bundled()?,
            expectations: Expectations::bundled()?,
            configuration: Arc::new(configuration),
            reading: Default::default(),
            shows_output: false,
            overrides: Vec::new(),
            command: "cargo run --release -- wast".to_owned(),
        };
        let results = selected.inputs.iter().map(|_| OnceLock::new()).collect();
        Ok(Suite { runner, selected, results })
    }

    /// One trial for each file, with the file's number.
    fn files(self: &Arc<Self>) -> Vec<(Option<usize>, Trial)> {
        let named = |(file, input): (usize, &Input)| match self.proposal(input) {
            Some(proposal) => {
                (Some(file), self.trial(file, &format!(" unsupported: {proposal}"), Part::File))
            }
            None => (Some(file), self.trial(file, "", Part::File)),
        };
        let mut trials: Vec<_> = self.selected.inputs.iter().enumerate().map(named).collect();
        trials.push(self.whole());
        trials
    }

    /// One trial for each directive, with its file's number. All files are parsed for it.
    fn directives(self: &Arc<Self>, jobs: usize) -> Result<Vec<(Option<usize>, Trial)>, Error> {
        let inputs = &self.selected.inputs;
        let mut trials = Vec::new();
        run::run_with(jobs, inputs.len(), |file| self.trials_of(file), &mut |file, of_file: Vec<Trial>| {
            trials.extend(of_file.into_iter().map(|trial| (Some(file), trial)));
            ControlFlow::Continue(())
        })?;
        trials.push(self.whole());
        Ok(trials)
    }

    fn trials_of(self: &Arc<Self>, file: usize) -> Vec<Trial> {
        let input = &self.selected.inputs[file];
        if let Some(proposal) = self.proposal(input) {
            return vec![self.trial(file, &format!(" unsupported: {proposal}"), Part::File)];
        }
        let Ok(script) = self.runner.prepare(input).script else {
            return vec![self.trial(file, " parse", Part::File)];
        };
        let directives = script.directives();
        let mut lines: HashMap<u32, usize> = HashMap::new();
        directives.iter().for_each(|directive| *lines.entry(directive.line).or_default() += 1);
        let named = |(index, directive): (u32, &trapline::script::Directive)| {
            let keyword = directive.kind.keyword();
            let suffix = match lines[&directive.line] {
                1 => format!(":{} {keyword}", directive.line),
                // Names are to be unique.
                _ => format!(":{}:{} {keyword}", directive.line, directive.col),
            };
            self.trial(file, &suffix, Part::Directive(index))
        };
        (0..).zip(directives).map(named).collect()
    }

    fn trial(self: &Arc<Self>, file: usize, suffix: &str, part: Part) -> Trial {
        let name = format!("{}/{}{suffix}", self.runner.engine.name(), self.selected.inputs[file].name);
        let suite = self.clone();
        // Filters see the kind, so it has to be there before the files are chosen.
        Trial::test(name, move || suite.check(file, part)).with_kind(KIND)
    }

    /// What can only be said of suites as a whole: no file and no entry is left over.
    fn whole(self: &Arc<Self>) -> (Option<usize>, Trial) {
        let suite = self.clone();
        let check = move || none_of(&suite.runner.check_selected(&suite.selected));
        (None, Trial::test("manifest and expectations", check).with_kind(KIND))
    }

    fn proposal(&self, input: &Input) -> Option<&Arc<str>> {
        self.runner.expectations.proposal_of(Some(input.suite()?), &input.name)
    }

    /// Runs the files behind the trials.
    fn start(self: Arc<Self>, files: Vec<usize>, jobs: usize) -> Result<(), Error> {
        let pool = move || {
            let run_one = |at: usize| {
                let file = files[at];
                self.result(file);
            };
            let ended = run::run_with(jobs, files.len(), run_one, &mut |_, ()| ControlFlow::Continue(()));
            if let Err(error) = ended {
                // The trials would wait for ever.
                eprintln!("error: {error}");
                std::process::exit(70);
            }
        };
        std::thread::Builder::new().name("conformance".to_owned()).spawn(pool)?;
        Ok(())
    }

    /// What became of a file. A trial that comes before the pool runs the file itself: waiting for the pool to do
    /// it could be waiting for ever.
    fn result(&self, file: usize) -> &FileResult {
        self.results[file].get_or_init(|| self.runner.run_file(&self.selected.inputs[file]))
    }

    fn check(&self, file: usize, part: Part) -> Result<(), Failed> {
        let FileResult { report, problems, stale, .. } = self.result(file);
        none_of(problems)?;
        none_of(stale)?;
        if let Some(fault) = report.script_error.as_ref().filter(|fault| fault.expected.is_none()) {
            return Err(script_fault_text(report, fault, Style::default()).into());
        }
        let meant = |index: u32| match part {
            Part::Directive(wanted) => wanted == index,
            Part::File => true,
        };
        let red =
            report.directives.iter().filter(|directive| meant(directive.index) && report.is_red(directive));
        let text: String = red.map(|directive| failure_text(report, directive, Style::default())).collect();
        if text.is_empty() { Ok(()) } else { Err(text.into()) }
    }
}

fn none_of(problems: &[Problem]) -> Result<(), Failed> {
    let lines: Vec<String> =
        problems.iter().map(|problem| format!("{}: {}", problem.file, problem.message)).collect();
    if lines.is_empty() { Ok(()) } else { Err(lines.join("\n").into()) }
}
