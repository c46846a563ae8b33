//! Mutants: directives in which exactly one expectation is another one, such that they must not pass.
//!
//! A directive is mutated only if it passes as it is. Then what happened is known well enough to say which changes must
//! turn it red whatever the engine: the new expectation has nothing in common with the old one. What is equivalent by
//! the specification is not a mutant, see [`super::value`] for results; beyond those, these are not made:
//!
//! - the empty text, a shorter or a longer text for a trap or a link error: the specification's interpreter takes any
//!   beginning of its message, and its messages may go on after the text that scripts quote;
//! - a directive whose custom section is malformed to a plain module: implementations may leave such sections unread;
//! - another text for a malformed or invalid module: the texts are the interpreter's own and are not compared.

use super::mutation::Mutation;
use super::value;
use crate::matchers;
use crate::script::{Action, Directive, DirectiveKind, ModuleForm, ModuleSource, Pattern};
use crate::terms::{Dialect, Reading, Texts};
use crate::trail::{Layer, LinkFailure, LinkFault, Refusal};
use fastrand::Rng;
use trapline_abi::Trap;

/// Where a mutant can run so that nothing else changes with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Placement {
    /// In the place of the directive: it does the same to the store, and names nothing.
    InPlace,
    /// Anywhere: neither does it depend on what was before, nor does anything in the same place depend on it.
    Alone,
    /// After all that comes before the directive, and before nothing: its effects are others.
    AtTheEnd,
}

/// A directive with one change.
#[derive(Clone, Debug)]
pub(super) struct Mutant {
    pub(super) mutation: Mutation,
    /// Which of several changes of this kind: result by result, and within one lane by lane. Within a thread the
    /// ordinal of its directive is above these.
    pub(super) site: u32,
    pub(super) placement: Placement,
    pub(super) kind: DirectiveKind,
}

/// What is known of a directive that passes, beyond its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// The trap that happened, if one was asserted.
    pub(super) trap: Option<Trap>,
    /// Whether the runner tells exceptions from other ends of an action at all. Without it every `assert_exception` is
    /// unsupported, which says nothing about how well it is checked.
    pub(super) exceptions: bool,
}

/// Where the ordinal of a thread's directive begins in a [`Mutant::site`].
pub(super) const THREAD_SHIFT: u32 = 16;

/// The bytes of a module with nothing in it, which is valid and instantiates.
const EMPTY: [u8; 8] = *b"\0asm\x01\0\0\0";

const UNKNOWN_IMPORT: &str = LinkFault::UnknownImport.text();

/// Texts of errors in custom sections, neither of which could name the other.
const CUSTOM_TEXTS: [&str; 2] =
    ["@metadata.code.branch_hint annotation: invalid target", "@name annotation: multiple module"];

/// Every mutant of a directive that passes. `random` gives each its own generator.
pub(super) fn mutants_of(
    kind: &DirectiveKind,
    facts: Facts,
    random: &dyn Fn(Mutation, u32) -> Rng,
) -> Vec<Mutant> {
    let mut made = Made { facts, random, mutants: Vec::new() };
    match kind {
        DirectiveKind::Module(module) => made.of_module(module, true),
        DirectiveKind::ModuleDefinition(module) => made.of_module(module, false),
        DirectiveKind::Invoke(invoke) => made.of_return(&Action::Invoke(invoke.clone())),
        DirectiveKind::Get(get) => made.of_return(&Action::Get(get.clone())),
        DirectiveKind::AssertReturn { action, results } => {
            made.of_results(action, results);
            made.of_return(action);
        }
        DirectiveKind::AssertTrap { action, text } => made.of_trap(action, text),
        DirectiveKind::AssertExhaustion { invoke, text } => {
            made.of_exhaustion(&Action::Invoke(invoke.clone()), text);
        }
        DirectiveKind::AssertException { action } => made.of_exception(action),
        DirectiveKind::AssertMalformed { module, text } => made.of_malformed(module, text),
        DirectiveKind::AssertInvalid { module, text } => made.of_invalid(module, text),
        DirectiveKind::AssertUnlinkable { module, text } => made.of_unlinkable(module, text),
        DirectiveKind::AssertMalformedCustom { module, text } => {
            made.of_custom(module, text, [malformed_custom, invalid_custom]);
        }
        DirectiveKind::AssertInvalidCustom { module, text } => {
            made.of_custom(module, text, [invalid_custom, malformed_custom]);
        }
        DirectiveKind::Thread { directives, .. } => made.of_thread(kind, directives),
        // Nothing is expected of these but that they can be done. The outcome of a `wait` is that of its thread.
        DirectiveKind::ModuleInstance { .. }
        | DirectiveKind::Register { .. }
        | DirectiveKind::Wait { .. } => {}
        // The runner has no stack switching: they never pass.
        DirectiveKind::AssertSuspension { .. } => {}
        // Nor does what does not parse.
        DirectiveKind::Unparsed(_) => {}
    }
    made.mutants
}

/// The mutants of one directive so far.
struct Made<'a> {
    facts: Facts,
    random: &'a dyn Fn(Mutation, u32) -> Rng,
    mutants: Vec<Mutant>,
}

impl Made<'_> {
    fn add(&mut self, mutation: Mutation, kind: DirectiveKind) {
        self.place(mutation, Placement::InPlace, kind);
    }

    fn place(&mut self, mutation: Mutation, placement: Placement, kind: DirectiveKind) {
        self.mutants.push(Mutant { mutation, site: 0, placement, kind });
    }

    fn of_results(&mut self, action: &Action, results: &[Pattern]) {
        let with = |results: Vec<Pattern>| DirectiveKind::AssertReturn { action: action.clone(), results };
        for (number, pattern) in (0..).zip(results) {
            for mutation in value::MUTATIONS {
                for lane in 0..value::lanes_of(pattern) {
                    let site = number * 16 + u32::from(lane);
                    let rng = || (self.random)(mutation, site);
                    let Some(changed) = value::change(pattern, mutation, lane, rng) else { continue };
                    let mut results = results.to_vec();
                    results[number as usize] = changed;
                    let kind = with(results);
                    self.mutants.push(Mutant { mutation, site, placement: Placement::InPlace, kind });
                }
            }
        }
        // The last one, because a comparison that ends with the shorter list does not notice just that.
        if let Some((last, others)) = results.split_last() {
            self.add(Mutation::ResultDropped, with(others.to_vec()));
            self.add(Mutation::ResultAdded, with([results, std::slice::from_ref(last)].concat()));
        } else {
            self.add(Mutation::ResultAdded, with(vec![Pattern::I32(0)]));
        }
    }

    fn of_return(&mut self, action: &Action) {
        let text = self.any_trap(Mutation::ReturnToTrap).into();
        self.add(Mutation::ReturnToTrap, DirectiveKind::AssertTrap { action: action.clone(), text });
        if let Action::Invoke(invoke) = action {
            let (invoke, text) = (invoke.clone(), Trap::StackOverflow.spec_text().into());
            self.add(Mutation::ReturnToExhaustion, DirectiveKind::AssertExhaustion { invoke, text });
            self.wants_exception(Mutation::ReturnToException, action);
        }
    }

    fn of_trap(&mut self, action: &Action, text: &str) {
        let with = |text: &str| DirectiveKind::AssertTrap { action: action.clone(), text: text.into() };
        if let Some(other) = self.other_trap(Mutation::TrapText, text) {
            self.add(Mutation::TrapText, with(other));
        }
        self.wants_return(Mutation::TrapToReturn, action);
        match action {
            Action::Invoke(invoke) => {
                let (invoke, text) = (invoke.clone(), text.into());
                self.add(Mutation::TrapToInvoke, DirectiveKind::Invoke(invoke.clone()));
                self.add(Mutation::TrapToExhaustion, DirectiveKind::AssertExhaustion { invoke, text });
                self.wants_exception(Mutation::TrapToException, action);
            }
            // The read of a global does not trap.
            Action::Get(_) => {}
            Action::Module(module) => {
                let kind =
                    DirectiveKind::AssertUnlinkable { module: module.clone(), text: UNKNOWN_IMPORT.into() };
                self.add(Mutation::TrapToUnlinkable, kind);
                let kind = DirectiveKind::AssertInvalid { module: module.clone(), text: text.into() };
                self.place(Mutation::TrapToInvalid, Placement::Alone, kind);
                let action = Action::Module(empty(module));
                let kind = DirectiveKind::AssertTrap { action, text: text.into() };
                self.place(Mutation::TrapEmptied, Placement::Alone, kind);
            }
        }
    }

    fn of_exhaustion(&mut self, action: &Action, text: &str) {
        let Action::Invoke(invoke) = action else { return };
        if let Some(other) = self.other_trap(Mutation::ExhaustionText, text) {
            let (invoke, text) = (invoke.clone(), other.into());
            self.add(Mutation::ExhaustionText, DirectiveKind::AssertExhaustion { invoke, text });
        }
        let kind = DirectiveKind::AssertTrap { action: action.clone(), text: text.into() };
        self.add(Mutation::ExhaustionToTrap, kind);
        self.wants_return(Mutation::ExhaustionToReturn, action);
        self.add(Mutation::ExhaustionToInvoke, DirectiveKind::Invoke(invoke.clone()));
        self.wants_exception(Mutation::ExhaustionToException, action);
    }

    fn of_exception(&mut self, action: &Action) {
        let text = self.any_trap(Mutation::ExceptionToTrap).into();
        self.add(Mutation::ExceptionToTrap, DirectiveKind::AssertTrap { action: action.clone(), text });
        self.wants_return(Mutation::ExceptionToReturn, action);
        if let Action::Invoke(invoke) = action {
            self.add(Mutation::ExceptionToInvoke, DirectiveKind::Invoke(invoke.clone()));
        }
    }

    fn of_malformed(&mut self, module: &ModuleSource, text: &str) {
        let kind = DirectiveKind::AssertInvalid { module: module.clone(), text: text.into() };
        self.add(Mutation::MalformedToInvalid, kind);
        let kind = DirectiveKind::Module(module.clone());
        self.place(Mutation::MalformedToModule, Placement::Alone, kind);
        let kind = DirectiveKind::AssertUnlinkable { module: module.clone(), text: UNKNOWN_IMPORT.into() };
        self.add(Mutation::MalformedToUnlinkable, kind);
        self.wants_trap(Mutation::MalformedToTrap, Placement::InPlace, module);
        let kind = DirectiveKind::AssertMalformed { module: empty(module), text: text.into() };
        self.add(Mutation::MalformedEmptied, kind);
    }

    fn of_invalid(&mut self, module: &ModuleSource, text: &str) {
        let kind = DirectiveKind::AssertMalformed { module: module.clone(), text: text.into() };
        self.add(Mutation::InvalidToMalformed, kind);
        let kind = DirectiveKind::Module(module.clone());
        self.place(Mutation::InvalidToModule, Placement::Alone, kind);
        let kind = DirectiveKind::AssertUnlinkable { module: module.clone(), text: UNKNOWN_IMPORT.into() };
        self.add(Mutation::InvalidToUnlinkable, kind);
        self.wants_trap(Mutation::InvalidToTrap, Placement::InPlace, module);
        let kind = DirectiveKind::AssertInvalid { module: empty(module), text: text.into() };
        self.add(Mutation::InvalidEmptied, kind);
    }

    /// The first of the two makes a directive of the same kind, the second one of the other.
    fn of_custom(
        &mut self,
        module: &ModuleSource,
        text: &str,
        [same, other]: [fn(ModuleSource, &str) -> DirectiveKind; 2],
    ) {
        self.add(Mutation::CustomClass, other(module.clone(), text));
        if let Some(another) = CUSTOM_TEXTS.into_iter().find(|another| !could_name(text, another)) {
            self.add(Mutation::CustomText, same(module.clone(), another));
        }
        self.add(Mutation::CustomEmptied, same(empty(module), text));
    }

    fn of_unlinkable(&mut self, module: &ModuleSource, text: &str) {
        if let Some(other) = LinkFault::ALL.into_iter().find(|&other| !could_be(text, other)) {
            let text = other.text().into();
            let kind = DirectiveKind::AssertUnlinkable { module: module.clone(), text };
            self.add(Mutation::UnlinkableText, kind);
        }
        let kind = DirectiveKind::Module(module.clone());
        self.place(Mutation::UnlinkableToModule, Placement::AtTheEnd, kind);
        self.wants_trap(Mutation::UnlinkableToTrap, Placement::InPlace, module);
        let kind = DirectiveKind::AssertInvalid { module: module.clone(), text: text.into() };
        self.add(Mutation::UnlinkableToInvalid, kind);
        let kind = DirectiveKind::AssertMalformed { module: module.clone(), text: text.into() };
        self.add(Mutation::UnlinkableToMalformed, kind);
        let kind = DirectiveKind::AssertUnlinkable { module: empty(module), text: text.into() };
        self.add(Mutation::UnlinkableEmptied, kind);
    }

    fn of_module(&mut self, module: &ModuleSource, instantiated: bool) {
        let kind = DirectiveKind::AssertInvalid { module: module.clone(), text: "type mismatch".into() };
        self.place(Mutation::ModuleToInvalid, Placement::Alone, kind);
        let kind = DirectiveKind::AssertMalformed { module: module.clone(), text: "unexpected end".into() };
        self.place(Mutation::ModuleToMalformed, Placement::Alone, kind);
        if instantiated {
            let kind =
                DirectiveKind::AssertUnlinkable { module: module.clone(), text: UNKNOWN_IMPORT.into() };
            self.place(Mutation::ModuleToUnlinkable, Placement::AtTheEnd, kind);
            self.wants_trap(Mutation::ModuleToTrap, Placement::AtTheEnd, module);
        }
    }

    /// The directives of a thread, one at a time, and only what can run in their place: nothing else can run in a
    /// thread. Threads that a thread starts are left out.
    fn of_thread(&mut self, thread: &DirectiveKind, directives: &[Directive]) {
        // Which trap it was, if it was one, is not reported of threads.
        let facts = Facts { trap: None, ..self.facts };
        let own = |directive: &&Directive| !matches!(directive.kind, DirectiveKind::Thread { .. });
        for (number, directive) in (0..).zip(directives).filter(|(_, directive)| own(directive)) {
            let random = |mutation, site| (self.random)(mutation, number << THREAD_SHIFT | site);
            for mut mutant in mutants_of(&directive.kind, facts, &random) {
                if mutant.placement != Placement::InPlace {
                    continue;
                }
                let mut kind = thread.clone();
                if let DirectiveKind::Thread { directives, .. } = &mut kind {
                    directives[number as usize].kind = mutant.kind;
                }
                mutant.kind = kind;
                mutant.site |= number << THREAD_SHIFT;
                self.mutants.push(mutant);
            }
        }
    }

    fn wants_trap(&mut self, mutation: Mutation, placement: Placement, module: &ModuleSource) {
        let text = self.any_trap(mutation).into();
        let kind = DirectiveKind::AssertTrap { action: Action::Module(module.clone()), text };
        self.place(mutation, placement, kind);
    }

    fn wants_return(&mut self, mutation: Mutation, action: &Action) {
        let kind = DirectiveKind::AssertReturn { action: action.clone(), results: Vec::new() };
        self.add(mutation, kind);
    }

    fn wants_exception(&mut self, mutation: Mutation, action: &Action) {
        if self.facts.exceptions {
            self.add(mutation, DirectiveKind::AssertException { action: action.clone() });
        }
    }

    fn any_trap(&self, mutation: Mutation) -> &'static str {
        let mut rng = (self.random)(mutation, 0);
        Trap::ALL[rng.usize(..Trap::ALL.len())].spec_text()
    }

    /// The text of a trap that is neither the one that happened nor one that the text could name.
    fn other_trap(&self, mutation: Mutation, text: &str) -> Option<&'static str> {
        let actual = self.facts.trap.map(Trap::spec_text);
        // Without knowing what happened, another engine's text could name any trap.
        if actual.is_none() && !Trap::ALL.iter().any(|trap| could_name(text, trap.spec_text())) {
            return None;
        }
        let others: Vec<_> = Trap::ALL
            .iter()
            .map(|trap| trap.spec_text())
            .filter(|other| {
                !could_name(text, other) && actual.is_none_or(|actual| !could_name(actual, other))
            })
            .collect();
        (self.random)(mutation, 0).choice(others)
    }
}

/// Whether a text names a link error in any dialect.
fn could_be(text: &str, fault: LinkFault) -> bool {
    let failure = LinkFailure { fault, import: None, refusal: Refusal::new(Layer::Link, fault.text()) };
    let reading = Reading { dialect: Dialect::Wasmtime, texts: Texts::Prefix, by_rule: false };
    text.starts_with(fault.text()) || matchers::names_link_error(text, &failure, reading)
}

/// Whether one of two texts could be meant by the other. More lenient than the runner itself, which cuts no words.
fn could_name(text: &str, other: &str) -> bool {
    text.starts_with(other) || other.starts_with(text)
}

fn malformed_custom(module: ModuleSource, text: &str) -> DirectiveKind {
    DirectiveKind::AssertMalformedCustom { module, text: text.into() }
}

fn invalid_custom(module: ModuleSource, text: &str) -> DirectiveKind {
    DirectiveKind::AssertInvalidCustom { module, text: text.into() }
}

/// An empty module in the place of another one.
fn empty(module: &ModuleSource) -> ModuleSource {
    ModuleSource { name: module.name.clone(), form: ModuleForm::Binary, wasm: Ok(EMPTY.to_vec()) }
}
