//! The mutants of one script, run.
//!
//! A change of what is *expected* does not change what is *done*: so one copy of the script carries one mutant of every
//! directive at once, and as many copies are run as the directive with the most mutants has. Each copy runs through
//! the very code that runs scripts. That mutants leave each other alone is checked and not assumed: in every copy the
//! directives that are not changed must pass as they did before.
//!
//! The few mutants that do something else than their directive run elsewhere, see [`Placement`].

use super::describe::describe;
use super::harness::Harness;
use super::mutate::{Facts, Mutant, Placement, mutants_of};
use super::mutation::Mutation;
use super::observed;
use super::report::{Exposed, Fate, Verdicts};
use crate::dice::{Dice, Rolled};
use crate::discover::Input;
use crate::exec;
use crate::outcome::{self, DirectiveRecord, FileReport, Outcome};
use crate::run::{Plan, Prepared, Runner};
use crate::script::{Action, Directive, DirectiveKind, ModuleSource, Script};
use crate::terms::Terms;
use std::collections::{BTreeMap, HashMap};
use std::mem;
use trapline_spec_tests::FilePin;
use wasmparser::{Parser, Payload};

/// How the directives of a script end as they are.
#[derive(Clone, Debug)]
pub(super) struct Baseline {
    /// Of those that pass, what is known about it.
    facts: Vec<Option<Facts>>,
    /// Of those that pass, what can be observed of how they end.
    ends: BTreeMap<u32, observed::End>,
    /// The outcomes of those that took their process with them. They are not run again.
    fatal: BTreeMap<u32, Outcome>,
}

/// One mutant, in few bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct MutantId {
    pub(super) directive: u32,
    pub(super) mutation: Mutation,
    pub(super) site: u32,
}

impl Rolled for MutantId {
    fn hash(&self, hasher: &mut blake3::Hasher) {
        hasher.update(&self.directive.to_le_bytes()).update(&self.site.to_le_bytes());
        hasher.update(self.mutation.name().as_bytes());
    }
}

/// Takes or leaves a mutant: the directive's line, and which one it is.
pub(super) type Wanted<'a> = &'a dyn Fn(u32, MutantId) -> bool;

/// A script whose mutants are run.
pub(super) struct Trials<'a> {
    harness: &'a dyn Harness,
    runner: &'a Runner,
    input: &'a Input,
    script: Script,
    terms: Terms,
    pin: Option<FilePin>,
    dice: Dice,
    baseline: Baseline,
}

impl<'a> Trials<'a> {
    /// Reads a script, and runs it as it is unless that has been done before. Nothing if it cannot be parsed. Must be
    /// called on a thread with a stack of at least [`exec::STACK_SIZE`], as everything else here.
    pub(super) fn begin(
        harness: &'a dyn Harness,
        runner: &'a Runner,
        input: &'a Input,
        seed: u64,
        exceptions: bool,
        baseline: Option<Baseline>,
    ) -> Option<Trials<'a>> {
        let Prepared { script, plan: Plan { terms, pin, .. } } = runner.prepare(input);
        let script = script.ok()?;
        let baseline = baseline.unwrap_or_else(|| {
            let reports = harness.run(runner, &script, &input.name, terms, &BTreeMap::new());
            let end = |((index, directive), report): ((u32, &Directive), &DirectiveRecord)| {
                Some((index, observed::End::of(directive, report)?))
            };
            Baseline {
                ends: (0..).zip(script.directives()).zip(&reports).filter_map(end).collect(),
                facts: reports.iter().map(|report| facts(report, exceptions)).collect(),
                fatal: outcome::fatal(&reports),
            }
        });
        let dice = Dice::new(seed, script.text());
        Some(Trials { harness, runner, input, script, terms, pin, dice, baseline })
    }

    /// How many directives there are.
    pub(super) fn directives(&self) -> usize {
        self.script.directives().len()
    }

    /// How many directives pass as they are.
    pub(super) fn passing(&self) -> usize {
        self.baseline.facts.iter().flatten().count()
    }

    pub(super) fn into_baseline(self) -> Baseline {
        self.baseline
    }

    /// A number for each mutant that is wanted, the same in every run with this seed: the lowest ones make a sample.
    pub(super) fn ranked(&self, wanted: Wanted<'_>) -> Vec<(u64, MutantId)> {
        let mut ranked = Vec::new();
        for (index, directive, facts) in self.passed() {
            for mutant in self.mutants(index, directive, facts) {
                let id = mutant.id(index);
                if wanted(directive.line, id) {
                    ranked.push((self.dice.rank(&id), id));
                }
            }
            let accounting = self.accounting_mutations().map(|mutation| (mutation, 0));
            for (mutation, site) in accounting.chain(self.observed_mutants(index)) {
                let id = MutantId { directive: index, mutation, site };
                if wanted(directive.line, id) {
                    ranked.push((self.dice.rank(&id), id));
                }
            }
        }
        ranked
    }

    /// Runs every mutant that is wanted.
    pub(super) fn run(mut self, wanted: Wanted<'_>) -> Verdicts {
        let mut verdicts = Verdicts::default();
        let (mut in_place, mut alone, mut at_the_end) = (Vec::new(), Vec::new(), Vec::new());
        for (index, directive, facts) in self.passed() {
            for mutant in self.mutants(index, directive, facts) {
                if !wanted(directive.line, mutant.id(index)) {
                    continue;
                }
                match mutant.placement {
                    Placement::InPlace => in_place.push((index, mutant)),
                    Placement::Alone => alone.push((index, mutant)),
                    // What imports nothing is linked and instantiated the same everywhere.
                    Placement::AtTheEnd if Self::imports_nothing(&mutant.kind) => alone.push((index, mutant)),
                    Placement::AtTheEnd => at_the_end.push((index, mutant)),
                }
            }
        }
        self.run_in_place(in_place, &mut verdicts);
        if !alone.is_empty() {
            self.run_after(0, alone, &mut verdicts);
        }
        for group in self.groups(at_the_end) {
            let end = group.first().map_or(0, |(index, _)| *index);
            self.run_after(end, group, &mut verdicts);
        }
        self.compare(wanted, &mut verdicts);
        self.lose(wanted, &mut verdicts);
        verdicts
    }

    /// What can be changed in what is observed of a directive.
    fn observed_mutants(&self, index: u32) -> impl Iterator<Item = (Mutation, u32)> + use<'_> {
        self.baseline.ends.get(&index).into_iter().flat_map(observed::End::mutants)
    }

    /// Compares what was observed with what might have been. Nothing needs to run for that.
    fn compare(&self, wanted: Wanted<'_>, verdicts: &mut Verdicts) {
        for (index, directive, _) in self.passed() {
            let Some(end) = self.baseline.ends.get(&index) else { continue };
            for (mutation, site) in end.mutants() {
                let id = MutantId { directive: index, mutation, site };
                if !wanted(directive.line, id) {
                    continue;
                }
                let (left, right) = (end.observation(), end.mutated(mutation, site, self.dice.rng(&id)));
                let what = || format!("{:?} was taken for {:?}", end.observation(), right);
                let record = exec::record(&self.script, index, directive, Outcome::Pass);
                let told = self.harness.tells_apart(&record, left, right.clone());
                let fate = if told { Fate::Killed } else { Fate::Survived };
                self.record(index, mutation, fate, what, verdicts);
            }
        }
    }

    fn passed(&self) -> impl Iterator<Item = (u32, &Directive, Facts)> {
        let directives = (0..).zip(self.script.directives()).zip(&self.baseline.facts);
        directives.filter_map(|((index, directive), facts)| {
            let witness = self.witness(index)?;
            self.baseline.facts.get(witness).copied().flatten()?;
            Some((index, directive, (*facts)?))
        })
    }

    /// The directive whose outcome shows what became of a directive: itself, but for threads, whose failures show
    /// at the `wait` for them.
    fn witness(&self, index: u32) -> Option<usize> {
        let index = index as usize;
        let directives = self.script.directives();
        let DirectiveKind::Thread { name, .. } = &directives[index].kind else { return Some(index) };
        let waits = |directive: &Directive| matches!(&directive.kind, DirectiveKind::Wait { thread } if thread == name);
        directives[index..].iter().position(waits).map(|distance| index + distance)
    }

    /// Whether a thread runs at the time of a directive. A script that ends there would not wait for it.
    fn beside_a_thread(&self, index: u32) -> bool {
        let index = index as usize;
        (0..index).any(|before| {
            let is_thread = matches!(self.script.directives()[before].kind, DirectiveKind::Thread { .. });
            is_thread && self.witness(before as u32).is_none_or(|wait| wait >= index)
        })
    }

    fn mutants(&self, index: u32, directive: &Directive, facts: Facts) -> Vec<Mutant> {
        let mut mutants = mutants_of(&directive.kind, facts, &|mutation, site| {
            self.dice.rng(&MutantId { directive: index, mutation, site })
        });
        if mutants.iter().any(|mutant| mutant.placement == Placement::AtTheEnd) && self.beside_a_thread(index)
        {
            mutants.retain(|mutant| mutant.placement != Placement::AtTheEnd);
        }
        mutants
    }

    /// Runs copies of the whole script, each with the next mutant of every directive that has one left.
    fn run_in_place(&mut self, mutants: Vec<(u32, Mutant)>, verdicts: &mut Verdicts) {
        let mut copies: Vec<Vec<(u32, Mutant)>> = Vec::new();
        let mut nth = (u32::MAX, 0);
        for (index, mutant) in mutants {
            nth = if nth.0 == index { (index, nth.1 + 1) } else { (index, 0) };
            if copies.len() <= nth.1 {
                copies.push(Vec::new());
            }
            copies[nth.1].push((index, mutant));
        }
        for mut copy in copies {
            let mut swap = |script: &mut Script| {
                for (index, mutant) in &mut copy {
                    mem::swap(script.kind_mut(*index), &mut mutant.kind);
                }
            };
            swap(&mut self.script);
            let reports = self.run_copy(&self.script, &self.baseline.fatal);
            swap(&mut self.script);
            let mutated: HashMap<usize, &(u32, Mutant)> =
                copy.iter().filter_map(|mutated| Some((self.witness(mutated.0)?, mutated))).collect();
            for number in 0..self.script.directives().len() {
                match mutated.get(&number) {
                    Some((index, mutant)) => self.judge(*index, mutant, reports.get(number), verdicts),
                    None => self.check_undisturbed(number, reports.get(number), verdicts),
                }
            }
        }
    }

    fn run_copy(&self, copy: &Script, known: &BTreeMap<u32, Outcome>) -> Vec<DirectiveRecord> {
        self.harness.run(self.runner, copy, &self.input.name, self.terms, known)
    }

    /// Runs mutants after everything before directive `end` that has effects.
    fn run_after(&self, end: u32, mutants: Vec<(u32, Mutant)>, verdicts: &mut Verdicts) {
        let before: Vec<u32> = (0..end).filter(|&index| self.has_effects(index)).collect();
        let original = |index: u32| self.script.directives()[index as usize].clone();
        let mut directives: Vec<Directive> = before.iter().map(|&index| original(index)).collect();
        directives.extend(mutants.iter().map(|(index, mutant)| {
            let mut directive = original(*index);
            directive.kind = mutant.kind.clone();
            directive
        }));
        let copy = self.script.with_directives(directives);
        let fatal = |(at, index): (u32, &u32)| Some((at, self.baseline.fatal.get(index)?.clone()));
        let reports = self.run_copy(&copy, &(0..).zip(&before).filter_map(fatal).collect());
        let mut reports = reports.iter();
        for index in before {
            self.check_undisturbed(index as usize, reports.next(), verdicts);
        }
        for (index, mutant) in &mutants {
            self.judge(*index, mutant, reports.next(), verdicts);
        }
    }

    /// Mutants that must run at the end, together where nothing that has effects is between or among them.
    fn groups(&self, mutants: Vec<(u32, Mutant)>) -> Vec<Vec<(u32, Mutant)>> {
        let mut groups: Vec<Vec<(u32, Mutant)>> = Vec::new();
        for (index, mutant) in mutants {
            match groups.last_mut() {
                Some(group)
                    if mutant.mutation == Mutation::UnlinkableToModule
                        && group.iter().all(|(_, other)| other.mutation == mutant.mutation)
                        && !(group[0].0..index).any(|between| self.has_effects(between)) =>
                {
                    group.push((index, mutant));
                }
                _ => groups.push(vec![(index, mutant)]),
            }
        }
        groups
    }

    /// Whether the script would go on differently without a directive.
    fn has_effects(&self, index: u32) -> bool {
        let index = index as usize;
        match &self.script.directives()[index].kind {
            DirectiveKind::AssertMalformed { .. }
            | DirectiveKind::AssertInvalid { .. }
            | DirectiveKind::AssertMalformedCustom { .. }
            | DirectiveKind::AssertInvalidCustom { .. } => false,
            // What does not link leaves nothing behind, if it does not.
            DirectiveKind::AssertUnlinkable { .. } => self.baseline.facts[index].is_none(),
            _ => true,
        }
    }

    fn imports_nothing(kind: &DirectiveKind) -> bool {
        let Some(ModuleSource { wasm: Ok(wasm), .. }) = module_of(kind) else { return false };
        let imports = Parser::new(0).parse_all(wasm).any(|payload| match payload {
            // A group may be empty.
            Ok(Payload::ImportSection(section)) => section.into_imports().next().is_some(),
            Ok(_) => false,
            // What cannot be read may import anything.
            Err(_) => true,
        });
        !imports
    }

    /// Loses outcomes and directives one at a time. Nothing needs to run for that.
    fn lose(&self, wanted: Wanted<'_>, verdicts: &mut Verdicts) {
        let count = self.script.directives().len();
        let mut outcomes = Vec::with_capacity(count);
        exec::same_outcome(&self.script, &Outcome::Pass, &mut outcomes);
        let mut report = FileReport { directives: outcomes, ..self.runner.empty_report(self.input) };
        for mutation in self.accounting_mutations() {
            for (index, directive, _) in self.passed() {
                if !wanted(directive.line, MutantId { directive: index, mutation, site: 0 }) {
                    continue;
                }
                let lost = report.directives.remove(index as usize);
                let parsed = match mutation {
                    Mutation::DirectiveDropped => count - 1,
                    _ => count,
                };
                if mutation == Mutation::DirectiveDropped {
                    report.directives[index as usize..].iter_mut().for_each(|later| later.index -= 1);
                }
                let green = self.harness.accounts_for(parsed, self.pin.as_ref(), &report);
                if mutation == Mutation::DirectiveDropped {
                    report.directives[index as usize..].iter_mut().for_each(|later| later.index += 1);
                }
                report.directives.insert(index as usize, lost);
                let fate = if green { Fate::Survived } else { Fate::Killed };
                let what = match mutation {
                    Mutation::DirectiveDropped => "the directive was not read",
                    _ => "the outcome was lost",
                };
                self.record(index, mutation, fate, || what.to_owned(), verdicts);
            }
        }
    }

    /// Without a pin the number of a file's directives is unknown.
    fn accounting_mutations(&self) -> impl Iterator<Item = Mutation> + use<> {
        let pinned = self.pin.as_ref().is_some_and(|pin| pin.directives.is_some());
        [Mutation::OutcomeDropped].into_iter().chain(pinned.then_some(Mutation::DirectiveDropped))
    }

    fn judge(&self, index: u32, mutant: &Mutant, report: Option<&DirectiveRecord>, verdicts: &mut Verdicts) {
        let fate = match report.map(|report| &report.outcome) {
            Some(Outcome::Pass) => Fate::Survived,
            Some(Outcome::Fail(_)) => Fate::Killed,
            // Red, but not because the expectation was compared.
            Some(other) => Fate::Undecided(format!("it ended in {}", other.kind().name())),
            None => Fate::Undecided("there is no outcome".to_owned()),
        };
        let original = &self.script.directives()[index as usize];
        self.record(index, mutant.mutation, fate, || describe(&original.kind, mutant), verdicts);
    }

    fn check_undisturbed(&self, index: usize, report: Option<&DirectiveRecord>, verdicts: &mut Verdicts) {
        let passes = report.is_some_and(|report| report.outcome.is_pass());
        if !passes && self.baseline.facts[index].is_some() {
            let directive = &self.script.directives()[index];
            let outcome = report.map_or("no outcome", |report| report.outcome.kind().name());
            verdicts.disturbed.push(format!(
                "{}:{}: passes, and in a copy in which other directives are changed it does not: {outcome}",
                self.input.name, directive.line
            ));
        }
    }

    fn record(
        &self,
        index: u32,
        mutation: Mutation,
        fate: Fate,
        what: impl FnOnce() -> String,
        verdicts: &mut Verdicts,
    ) {
        let directive = &self.script.directives()[index as usize];
        let keyword = directive.kind.keyword();
        verdicts.count(mutation, keyword, &fate);
        if fate != Fate::Killed {
            verdicts.exposed.push(Exposed {
                file: self.input.name.clone(),
                line: directive.line,
                col: directive.col,
                directive: keyword,
                mutation,
                what: what(),
                fate,
                source: self.script.source(directive).to_owned(),
                rerun: format!(
                    "{} {} --line {} --mutation {mutation}",
                    self.runner.command,
                    crate::discover::rerun_arguments(self.input),
                    directive.line
                ),
            });
        }
    }
}

impl Mutant {
    fn id(&self, directive: u32) -> MutantId {
        MutantId { directive, mutation: self.mutation, site: self.site }
    }
}

/// What is known of a directive, if it passes.
fn facts(report: &DirectiveRecord, exceptions: bool) -> Option<Facts> {
    let trap = report.trap().map(|trap| trap.kind);
    report.outcome.is_pass().then_some(Facts { trap, exceptions })
}

fn module_of(kind: &DirectiveKind) -> Option<&ModuleSource> {
    match kind {
        DirectiveKind::Module(module)
        | DirectiveKind::AssertUnlinkable { module, .. }
        | DirectiveKind::AssertTrap { action: Action::Module(module), .. } => Some(module),
        _ => None,
    }
}
