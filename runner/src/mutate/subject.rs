//! A script that runs on broken engines, and how it ends on the sound one.

use super::{MutantFate, Options, ScoredMutant};
use crate::dice::Dice;
use crate::discover::{Input, rerun_arguments};
use crate::engine::EngineSpec;
use crate::outcome::{DirectiveRecord, Outcome};
use crate::run::{Prepared, Runner};
use crate::script::{Directive, DirectiveKind, Places, Script};
use crate::terms::Terms;
use crate::worker::{WorkerError, Workers};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use trapline_abi::InjectedFault;
use trapline_compiler::{
    ClifChange, ClifMutant, ClifMutants, Compiler, Profile, Viability, feature_names, needed_features,
};

/// How much longer than on the sound engine a directive may run on a broken one, and how long in any case: a directive that
/// takes no time may take some on a busy machine.
const PATIENCE: u32 = 10;
const LEAST_PATIENCE: Duration = Duration::from_secs(3);

pub(super) struct Subject<'c> {
    name: Arc<str>,
    /// What selects it on the command line.
    arguments: String,
    script: Script,
    terms: Terms,
    /// Which directives pass on the sound engine. Only these notice anything.
    passes: Vec<bool>,
    /// The outcomes of those that took their process with them. They are not run again.
    fatal: BTreeMap<u32, Outcome>,
    /// How long the slowest directive takes, of those that end.
    slowest: Duration,
    modules: Vec<OwnModule<'c>>,
}

/// A module that the script instantiates or defines.
struct OwnModule<'c> {
    number: u32,
    /// The directive that has it.
    directive: Directive,
    wasm: Vec<u8>,
    /// Its functions, once they are needed; nothing if it cannot be compiled.
    mutants: OnceLock<Option<ClifMutants<'c>>>,
    /// The proposals that it needs, once they are needed.
    proposals: OnceLock<Arc<[String]>>,
}

impl OwnModule<'_> {
    /// The proposals that the module needs beyond the first edition of WebAssembly, or that edition.
    fn proposals(&self) -> &Arc<[String]> {
        self.proposals.get_or_init(|| {
            let needed = needed_features(&self.wasm).map(feature_names).unwrap_or_default();
            if needed.is_empty() { Arc::new(["wasm1".to_owned()]) } else { needed.into() }
        })
    }
}

/// What became of a script on a broken engine: nothing else than on the sound one, or the first directive that did not pass.
pub(super) type Noticed = Option<(u32, Outcome)>;

impl<'c> Subject<'c> {
    /// Reads a script and runs it on the sound engine. Nothing if it cannot be read, needs what is not there,
    /// or has nothing that passes. Must be
    /// called on a thread with a stack of at least [`crate::exec::STACK_SIZE`].
    pub(super) fn begin(runner: &Runner, input: &Input) -> Option<Subject<'c>> {
        let Prepared { script, plan } = runner.prepare(input);
        let (script, terms, name) = (script.ok()?, plan.terms, input.name.clone());
        if plan.lacks.is_some() {
            return None;
        }
        let records = runner.workers.as_ref()?.run_parsed(&name, &script, terms, &BTreeMap::new());
        let is_fatal = |record: &&DirectiveRecord| {
            matches!(record.outcome, Outcome::Crash(_) | Outcome::Timeout { .. } | Outcome::HarnessError(_))
        };
        let fatal = records.iter().filter(is_fatal).map(|it| (it.index, it.outcome.clone())).collect();
        let lasting = records.iter().filter(|record| !is_fatal(record));
        let slowest = lasting.map(DirectiveRecord::elapsed).max().unwrap_or_default();
        let passes: Vec<bool> = records.iter().map(|record| record.outcome.is_pass()).collect();
        // Nothing could notice anything.
        if !passes.contains(&true) {
            return None;
        }
        let mut modules: Vec<OwnModule<'_>> = Vec::new();
        collect(script.directives(), &mut modules);
        let arguments = rerun_arguments(input);
        Some(Subject { name, arguments, script, terms, passes, fatal, slowest, modules })
    }

    /// How many directives there are.
    pub(super) fn directives(&self) -> usize {
        self.passes.len()
    }

    /// How many of them pass on the sound engine.
    pub(super) fn passing(&self) -> usize {
        self.passes.iter().filter(|passes| **passes).count()
    }

    /// All mutants of its modules, with a number for each: the lowest ones are a sample.
    pub(super) fn ranked(
        &self,
        compiler: &Compiler,
        seed: u64,
        wanted: &dyn Fn(&ClifMutant) -> bool,
    ) -> Vec<(u64, ClifMutant)> {
        let dice = Dice::new(seed, self.script.text());
        let mut ranked = Vec::new();
        for module in &self.modules {
            // What cannot be compiled is refused by the sound engine as well, and runs on none.
            let Ok(mutants) = compiler.mutants(&module.wasm, self.terms.features) else { continue };
            let wanted = mutants.all().filter(wanted);
            ranked.extend(wanted.map(|mutant| (dice.rank(&mutant), mutant)));
        }
        ranked
    }

    /// Finds out what becomes of a mutant.
    pub(super) fn score(
        &self,
        compiler: &'c Compiler,
        options: &Options,
        mutant: ClifMutant,
    ) -> Result<ScoredMutant, WorkerError> {
        let mut scored = ScoredMutant::new(self.name.clone(), mutant);
        let Some(module) = self.modules.iter().find(|module| module.number == mutant.module) else {
            return Ok(scored);
        };
        scored.arguments.clone_from(&self.arguments);
        scored.proposals = module.proposals().clone();
        let translate = || compiler.mutants(&module.wasm, self.terms.features).ok();
        let mutants = module.mutants.get_or_init(translate).as_ref();
        let Some(examined) = mutants.and_then(|mutants| mutants.examine(mutant)) else { return Ok(scored) };
        let offset = examined.wasm_offset;
        scored.place = offset
            .and_then(|offset| Places::new(&self.script).of_directive(&module.directive, offset.into()));
        (scored.offset, scored.function) = (offset, examined.function);
        (scored.before, scored.after) = (examined.before, examined.after);
        scored.fate = match examined.viability {
            Viability::Equivalent => MutantFate::Equivalent,
            Viability::Unviable(reason) => MutantFate::Unviable(reason),
            Viability::Viable => self.fate(options, mutant)?,
        };
        Ok(scored)
    }

    fn fate(&self, options: &Options, mutant: ClifMutant) -> Result<MutantFate, WorkerError> {
        let with = |mutant| Profile { mutant: Some(mutant), ..options.engine.profile };
        let noticed = self.run(options, with(mutant))?;
        Ok(match noticed {
            Some((_, Outcome::Timeout { .. })) => MutantFate::Timeout,
            Some((index, outcome)) => MutantFate::Killed {
                line: self.script.directives().get(index as usize).map_or(0, |directive| directive.line),
                outcome: outcome.kind(),
            },
            None => {
                let halted = ClifMutant { change: ClifChange::Halt, ..mutant };
                match self.run(options, with(halted))? {
                    Some(_) => MutantFate::Survived,
                    None => MutantFate::Unreached,
                }
            }
        })
    }

    /// Whether the script is red on an engine with a fault.
    pub(super) fn notices(&self, options: &Options, fault: InjectedFault) -> Result<bool, WorkerError> {
        let profile = Profile { fault: fault.into(), ..options.engine.profile };
        self.run(options, profile).map(|noticed| noticed.is_some())
    }

    /// Runs the script on an engine with another profile, in processes that run nothing else.
    fn run(&self, options: &Options, profile: Profile) -> Result<Noticed, WorkerError> {
        let engine = EngineSpec { profile, ..options.engine.clone() };
        let workers = Workers::new(engine, options.limits)?.silent().without_replays();
        let patience = options.timeout.unwrap_or_else(|| (self.slowest * PATIENCE).max(LEAST_PATIENCE));
        let terms = Terms { timeout: Some(patience), ..self.terms };
        let records = workers.run_parsed(&self.name, &self.script, terms, &self.fatal);
        let is_other = |record: &DirectiveRecord| {
            let passed = self.passes.get(record.index as usize).copied().unwrap_or_default();
            passed
                && match &record.outcome {
                    // What was not run has no outcome because of a worker's death, which is one.
                    Outcome::Pass | Outcome::NotRun(_) => false,
                    // That there was no worker says nothing about the engine; that it panicked does.
                    Outcome::HarnessError(refusal) => refusal.panicked,
                    Outcome::Fail(_)
                    | Outcome::Unsupported(_)
                    | Outcome::Blocked(_)
                    | Outcome::Crash(_)
                    | Outcome::Timeout { .. }
                    | Outcome::Diverged(_) => true,
                }
        };
        let first = records.into_iter().find(is_other);
        Ok(first.map(|record| (record.index, record.outcome)))
    }
}

/// The modules of directives that make instances or definitions of them, each once; also of those of threads.
fn collect(directives: &[Directive], modules: &mut Vec<OwnModule<'_>>) {
    for directive in directives {
        let source = match &directive.kind {
            DirectiveKind::Thread { directives, .. } => {
                collect(directives, modules);
                continue;
            }
            // None of these makes an instance.
            DirectiveKind::AssertMalformed { .. }
            | DirectiveKind::AssertInvalid { .. }
            | DirectiveKind::AssertMalformedCustom { .. }
            | DirectiveKind::AssertInvalidCustom { .. }
            | DirectiveKind::AssertUnlinkable { .. } => continue,
            kind => kind.module(),
        };
        let Some(Ok(wasm)) = source.map(|source| &source.wasm) else { continue };
        let number = ClifMutant::module_number(wasm);
        if modules.iter().all(|module| module.number != number) {
            let (directive, wasm) = (directive.clone(), wasm.clone());
            let (mutants, proposals) = (OnceLock::new(), OnceLock::new());
            modules.push(OwnModule { number, directive, wasm, mutants, proposals });
        }
    }
}
