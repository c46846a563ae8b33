//! Where two engines run different code that should be the same.

use crate::discover::Input;
use crate::engine::Engine;
use crate::run::Runner;
use crate::script::{Action, Directive, DirectiveKind, Invoke, ModuleSource};
use std::fmt::Write;
use trapline_abi::{EntityIndex, FuncKey, FunctionRecord, Readable};
use trapline_compiler::Profile;
use trapline_runtime::Module;

/// Bytes of code that a difference shows.
const SHOWN: usize = 8;

/// The first difference in the code of a module that a directive may have run, in words of both sides:
/// function, offset in the binary, and what is there. `None` if there is none, or if the engines'
/// profiles let their code differ anyway.
pub(super) fn locate(first: &Runner, second: &Runner, input: &Input, index: u32) -> Option<(String, String)> {
    if !want_equal_code(&*first.engine, &*second.engine) {
        return None;
    }
    let prepared = second.prepare(input);
    let script = prepared.script.ok()?;
    let (directive, before) = script.directives().get(..=index as usize)?.split_last()?;
    let compile = |runner: &Runner, source: &ModuleSource| {
        let wasm = source.wasm.as_ref().ok()?;
        runner.engine.compile(wasm, prepared.features).ok()
    };
    let invoked = invoked(directive).map(|invoke| &*invoke.name);
    modules(directive, before)
        .find_map(|source| first_difference(&compile(first, source)?, &compile(second, source)?, invoked))
}

/// Whether two engines are to make the same machine code, unless something is broken.
fn want_equal_code(first: &dyn Engine, second: &dyn Engine) -> bool {
    let sound = |engine: &dyn Engine| engine.profile().map(|&profile| Profile { fault: None, ..profile });
    sound(first).is_some_and(|profile| sound(second) == Some(profile))
}

/// The modules whose code a directive may run: its own or the one that it names first, then all before
/// it, latest first.
fn modules<'a>(
    directive: &'a Directive,
    before: &'a [Directive],
) -> impl Iterator<Item = &'a ModuleSource> + use<'a> {
    let named = invoked(directive).and_then(|invoke| invoke.module.as_deref());
    let own = [directive].into_iter().chain(before.iter().rev()).filter_map(module);
    let is_named = move |source: &&ModuleSource| named.is_some() && source.name.as_deref() == named;
    own.clone().filter(is_named).chain(own)
}

fn module(directive: &Directive) -> Option<&ModuleSource> {
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
fn first_difference(left: &Module, right: &Module, invoked: Option<&str>) -> Option<(String, String)> {
    let invoked = invoked.and_then(|name| exported(left, name));
    let functions = &left.manifest().functions;
    let is_invoked = |record: &&FunctionRecord| Some(record.key) == invoked;
    functions.iter().filter(is_invoked).chain(functions).find_map(|record| {
        let other = right.manifest().function(record.key)?;
        let (left_code, right_code) = (Code::of(left, record)?, Code::of(right, other)?);
        let at = left_code.differs_at(&right_code, record)?;
        let side = |module: &Module, record: &FunctionRecord, code: &Code| {
            let place = record.wasm_offset_at(at as u32);
            let place = place.map(|offset| format!(" at offset {offset:#x}")).unwrap_or_default();
            format!("{}{place}: {}", name(module, record.key), code.at(module, at))
        };
        Some((side(left, record, &left_code), side(right, other, &right_code)))
    })
}

/// The code of an exported function, if the module defines it.
fn exported(module: &Module, name: &str) -> Option<FuncKey> {
    let export = module.info().exports.iter().find(|export| export.name == name)?;
    let EntityIndex::Func(func) = export.index else { return None };
    module.info().split_func(func).ok().map(FuncKey::Defined)
}

/// The code of one function, free of the place where it lies.
struct Code {
    /// The bytes, with zeros for the distances of calls.
    bytes: Vec<u8>,
    /// Where those are, and which function each call reaches, if it is the start of one.
    calls: Vec<(usize, Option<FuncKey>)>,
}

/// Bytes of the field of a call that holds the distance to the callee.
const FIELD: usize = size_of::<i32>();

impl Code {
    /// `None` if the manifest does not fit the text, of which the runtime has made sure.
    fn of(module: &Module, record: &FunctionRecord) -> Option<Code> {
        let (text, manifest) = (module.text(), module.manifest());
        let (start, len) = (record.text_offset as usize, record.code_len as usize);
        let mut bytes = text.get(start..start + len)?.to_vec();
        let mut calls = Vec::new();
        let first = manifest.relocations.partition_point(|relocation| (relocation.offset as usize) < start);
        for relocation in &manifest.relocations[first..] {
            let at = relocation.offset as usize - start;
            let Some(field) = bytes.get_mut(at..at + FIELD) else { break };
            let distance = i32::from_le_bytes(<[u8; FIELD]>::try_from(&*field).ok()?);
            field.fill(0);
            // The distance counts from the end of the field. Functions lie in the order of their keys.
            let callee = (start + at + FIELD) as i64 + i64::from(distance);
            let by_place = |function: &FunctionRecord| i64::from(function.text_offset);
            let callee = manifest.functions.binary_search_by_key(&callee, by_place).ok();
            calls.push((at, callee.map(|callee| manifest.functions[callee].key)));
        }
        Some(Code { bytes, calls })
    }

    /// The offset of the first byte or call that is another one, preferably of code that comes from an
    /// instruction: what a prologue contains depends on all that follows.
    fn differs_at(&self, other: &Code, record: &FunctionRecord) -> Option<usize> {
        let bytes = self.bytes.iter().zip(&other.bytes).enumerate();
        let bytes = bytes.filter(|(_, (byte, other))| byte != other).map(|(at, _)| at);
        let calls = self.calls.iter().zip(&other.calls);
        let calls = calls.filter(|(call, other)| call != other).map(|(&(at, _), _)| at);
        let has_place = |at: usize| record.wasm_offset_at(at as u32).is_some();
        let lens = (self.bytes.len(), other.bytes.len());
        let end = (lens.0 != lens.1).then_some(lens.0.min(lens.1));
        bytes.chain(calls).chain(end).min_by_key(|&at| (!has_place(at), at))
    }

    /// What is at an offset: a call, or bytes.
    fn at(&self, module: &Module, at: usize) -> String {
        if let Some((_, callee)) = self.calls.iter().find(|(call, _)| *call == at) {
            let callee = callee.map(|key| name(module, key));
            return format!("a call of {}", callee.as_deref().unwrap_or("no function"));
        }
        let mut text = "the code".to_owned();
        for byte in self.bytes.iter().skip(at).take(SHOWN) {
            // Writing to a String cannot fail.
            let _ = write!(text, " {byte:02x}");
        }
        text
    }
}

/// A piece of code, as reports of traps have it.
fn name(module: &Module, key: FuncKey) -> String {
    let FuncKey::Defined(defined) = key else { return format!("the stub {key}") };
    let index = module.info().func_index(defined);
    let name =
        module.info().func_name(index).map(|name| format!(" <{}>", Readable(name))).unwrap_or_default();
    format!("function {}{name}", index.as_u32())
}
