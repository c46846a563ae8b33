//! A script that runs on broken engines, and how it ends on the sound one.

use super::{MutantFate, Options, ScoreError, ScoredMutant};
use crate::compare::module_of;
use crate::dice::Dice;
use crate::discover::{Input, rerun_arguments};
use crate::engine::EngineSpec;
use crate::outcome::{self, DirectiveRecord, Outcome};
use crate::run::{Prepared, Runner};
use crate::script::{Directive, Places, Script, with_those_of_threads};
use crate::terms::Terms;
use crate::worker::Workers;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use trapline_abi::InjectedFault;
use trapline_compiler::{
    ClifChange, ClifMutant, ClifMutants, Compiler, Examined, Profile, Viability, feature_names,
    needed_features,
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

/// Why a script notices nothing, whatever is broken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LeftOut {
    /// It is a module, in binary or text.
    #[error("it is a module, which asserts nothing; `trapline regress add` makes a script of it")]
    Module,
    /// It cannot be read as a script.
    #[error("it cannot be read as a script")]
    Unread,
    /// It needs what the engine does not have.
    #[error("it needs what the engine does not have")]
    Lacking,
    /// No directive of it passes on the sound engine.
    #[error("nothing of it passes on the sound engine")]
    Red,
}

/// What became of a script on a broken engine: nothing else than on the sound one, or the first directive that did not pass.
type Noticed = Option<(u32, Outcome)>;

impl<'c> Subject<'c> {
    /// Reads a script and runs it on the sound engine, or says why nothing can be seen by it. Must be called on a thread with
    /// a stack of at least [`crate::exec::STACK_SIZE`].
    pub(super) fn begin(runner: &Runner, input: &Input) -> Result<Subject<'c>, LeftOut> {
        if input.is_module() {
            return Err(LeftOut::Module);
        }
        let Prepared { script, plan } = runner.prepare(input);
        let (script, terms, name) = (script.map_err(|_| LeftOut::Unread)?, plan.terms, input.name.clone());
        let workers = runner.workers.as_ref().filter(|_| plan.lacks.is_none()).ok_or(LeftOut::Lacking)?;
        let records = workers.run_parsed(&name, &script, terms, &BTreeMap::new());
        let passes: Vec<bool> = records.iter().map(|record| record.outcome.is_pass()).collect();
        if !passes.contains(&true) {
            return Err(LeftOut::Red);
        }
        let fatal = outcome::fatal(&records);
        let lasting = records.iter().filter(|record| !fatal.contains_key(&record.index));
        let slowest = lasting.map(DirectiveRecord::elapsed).max().unwrap_or_default();
        // What does not pass may be what the compiler cannot take.
        let passing = script.directives().iter().zip(&passes).filter(|(_, passes)| **passes);
        let modules = own_modules(passing.map(|(directive, _)| directive));
        let arguments = rerun_arguments(input);
        Ok(Subject { name, arguments, script, terms, passes, fatal, slowest, modules })
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
        compiler: &'c Compiler,
        seed: u64,
        wanted: &dyn Fn(&ClifMutant) -> bool,
    ) -> Vec<(u64, ClifMutant)> {
        let dice = Dice::new(seed, self.script.text());
        // What cannot be compiled runs on no engine.
        let translated = self.modules.iter().filter_map(|module| self.mutants(compiler, module));
        let mutants = translated.flat_map(ClifMutants::all).filter(wanted);
        mutants.map(|mutant| (dice.rank(&mutant), mutant)).collect()
    }

    /// The functions of one of its modules, translated once.
    fn mutants<'s>(
        &'s self,
        compiler: &'c Compiler,
        module: &'s OwnModule<'c>,
    ) -> Option<&'s ClifMutants<'c>> {
        let translate = || compiler.mutants(&module.wasm, self.terms.features).ok();
        module.mutants.get_or_init(translate).as_ref()
    }

    /// Finds out what becomes of a mutant.
    pub(super) fn score(
        &self,
        compiler: &'c Compiler,
        options: &Options,
        mutant: ClifMutant,
    ) -> Result<ScoredMutant, ScoreError> {
        let gone = || ScoreError::Gone { mutant, script: self.name.clone() };
        let module = self.modules.iter().find(|module| module.number == mutant.module).ok_or_else(gone)?;
        let mutants = self.mutants(compiler, module).ok_or_else(gone)?;
        let Examined { function, wasm_offset, before, after, viability } =
            mutants.examine(mutant).ok_or_else(gone)?;
        Ok(ScoredMutant {
            script: self.name.clone(),
            arguments: self.arguments.clone(),
            mutant,
            function,
            proposals: module.proposals().clone(),
            offset: wasm_offset,
            place: wasm_offset
                .and_then(|offset| Places::new(&self.script).of_directive(&module.directive, offset.into())),
            before,
            after,
            fate: match viability {
                Viability::Equivalent => MutantFate::Equivalent,
                Viability::Unviable(why) => MutantFate::Unviable(why),
                Viability::Viable => self.fate(options, mutant)?,
            },
        })
    }

    fn fate(&self, options: &Options, mutant: ClifMutant) -> Result<MutantFate, ScoreError> {
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
    pub(super) fn notices(&self, options: &Options, fault: InjectedFault) -> Result<bool, ScoreError> {
        let profile = Profile { fault: fault.into(), ..options.engine.profile };
        self.run(options, profile).map(|noticed| noticed.is_some())
    }

    /// Runs the script on an engine with another profile, in processes that run nothing else.
    fn run(&self, options: &Options, profile: Profile) -> Result<Noticed, ScoreError> {
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

/// The modules that directives instantiate or define, each once; also those of threads.
fn own_modules<'c, 'd>(directives: impl Iterator<Item = &'d Directive>) -> Vec<OwnModule<'c>> {
    let mut modules: Vec<OwnModule<'c>> = Vec::new();
    for directive in with_those_of_threads(directives) {
        let Some(Ok(wasm)) = module_of(directive).map(|source| &source.wasm) else { continue };
        let number = ClifMutant::module_number(wasm);
        if modules.iter().all(|module| module.number != number) {
            let (directive, wasm) = (directive.clone(), wasm.clone());
            let (mutants, proposals) = (OnceLock::new(), OnceLock::new());
            modules.push(OwnModule { number, directive, wasm, mutants, proposals });
        }
    }
    modules
}
