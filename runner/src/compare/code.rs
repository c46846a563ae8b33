//! Where two engines run different code that should be the same.

use crate::discover::Input;
use crate::executor::Engine;
use crate::run::Runner;
use crate::script::{Action, Directive, DirectiveKind, Invoke, ModuleSource};
use crate::trail::{CallSite, CodeContent, CodeKey, CodePlace, FunctionListing, Listing};

/// The properties of a profile that break code on purpose.
const FAULTS: [&str; 2] = ["break", "mutant"];
/// Bytes of code that a difference shows.
const SHOWN: usize = 8;

/// The first difference in the code of a module that a directive may have run, as both sides have it. `None` if there is
/// none, or if the engines' profiles let their code differ anyway. The code comes from the engines' workers.
pub(super) fn locate(
    first: &Runner,
    second: &Runner,
    input: &Input,
    index: u32,
) -> Option<(CodePlace, CodePlace)> {
    if !want_equal_code(&*first.engine, &*second.engine) {
        return None;
    }
    let prepared = second.prepare(input);
    let script = prepared.script.ok()?;
    let (directive, before) = script.directives().get(..=index as usize)?.split_last()?;
    let listing = |runner: &Runner, source: &ModuleSource| {
        let wasm = source.wasm.as_ref().ok()?;
        runner.listing(wasm, prepared.plan.terms.features)
    };
    let invoked = invoked(directive).map(|invoke| &*invoke.name);
    modules(directive, before)
        .find_map(|source| first_difference(&listing(first, source)?, &listing(second, source)?, invoked))
}

/// Whether two engines are to make the same machine code, unless something is broken.
fn want_equal_code(first: &dyn Engine, second: &dyn Engine) -> bool {
    let sound = |engine: &dyn Engine| {
        let mut profile = engine.profile();
        for fault in FAULTS {
            profile.remove(fault);
        }
        profile
    };
    let profile = sound(first);
    !profile.is_empty() && profile == sound(second)
}

/// The modules whose code a directive may run: its own or the one that it names first, then all before
/// it, latest first.
fn modules<'a>(
    directive: &'a Directive,
    before: &'a [Directive],
) -> impl Iterator<Item = &'a ModuleSource> + use<'a> {
    let named = invoked(directive).and_then(|invoke| invoke.module.as_deref());
    let own = [directive].into_iter().chain(before.iter().rev()).filter_map(module_of);
    let is_named = move |source: &&ModuleSource| named.is_some() && source.name.as_deref() == named;
    own.clone().filter(is_named).chain(own)
}

/// The module that a directive makes or instantiates, if it has one.
pub(crate) fn module_of(directive: &Directive) -> Option<&ModuleSource> {
    match &directive.kind {
        DirectiveKind::Module(source)
        | DirectiveKind::ModuleDefinition(source)
        | DirectiveKind::AssertReturn { action: Action::Module(source), .. }
        | DirectiveKind::AssertTrap { action: Action::Module(source), .. } => Some(source),
        _ => None,
    }
}

fn invoked(directive: &Directive) -> Option<&Invoke> {
    match &directive.kind {
        DirectiveKind::Invoke(invoke)
        | DirectiveKind::AssertExhaustion { invoke, .. }
        | DirectiveKind::AssertReturn { action: Action::Invoke(invoke), .. }
        | DirectiveKind::AssertTrap { action: Action::Invoke(invoke), .. } => Some(invoke),
        _ => None,
    }
}

/// The first difference between two compilations of a module, first of all in the function that was
/// invoked.
fn first_difference(
    left: &Listing,
    right: &Listing,
    invoked: Option<&str>,
) -> Option<(CodePlace, CodePlace)> {
    let invoked = left.exports.iter().find(|(name, _)| Some(&**name) == invoked);
    let invoked = invoked.and_then(|&(_, place)| left.functions.get(place as usize));
    invoked.into_iter().chain(&left.functions).find_map(|function| {
        let other = right.functions.iter().find(|other| same(&function.key, &other.key))?;
        let at = differs_at(function, other)?;
        Some((place(function, at), place(other, at)))
    })
}

/// Whether both keys mean the same piece of code.
fn same(left: &CodeKey, right: &CodeKey) -> bool {
    match (left, right) {
        (CodeKey::Function { index: left, .. }, CodeKey::Function { index: right, .. }) => left == right,
        (CodeKey::Stub(left), CodeKey::Stub(right)) => left == right,
        (CodeKey::Function { .. }, CodeKey::Stub(_)) | (CodeKey::Stub(_), CodeKey::Function { .. }) => false,
    }
}

/// The offset of the first byte or call that is another one, preferably of code that comes from an instruction: what a
/// prologue contains depends on all that follows.
fn differs_at(left: &FunctionListing, right: &FunctionListing) -> Option<u32> {
    let bytes = (0..).zip(left.bytes.iter().zip(&right.bytes));
    let bytes = bytes.filter(|(_, (byte, other))| byte != other).map(|(at, _)| at);
    let calls = left.calls.iter().zip(&right.calls);
    let calls = calls.filter(|(call, other)| call != other).map(|(call, _)| call.at);
    let lens = (left.bytes.len() as u32, right.bytes.len() as u32);
    let end = (lens.0 != lens.1).then_some(lens.0.min(lens.1));
    bytes.chain(calls).chain(end).min_by_key(|&at| (left.wasm_offset_at(at).is_none(), at))
}

/// What is at an offset: a call, or bytes.
fn place(function: &FunctionListing, at: u32) -> CodePlace {
    let content = match function.calls.iter().find(|call| call.at == at) {
        Some(CallSite { callee, .. }) => CodeContent::Call(callee.clone()),
        None => CodeContent::Bytes(function.bytes.iter().skip(at as usize).take(SHOWN).copied().collect()),
    };
    CodePlace { key: function.key.clone(), offset: function.wasm_offset_at(at), content }
}
