//! Which modules a script has, and which of them a directive names.

use super::{Action, Directive, DirectiveKind, ModuleSource, Script};
use crate::script::Invoke;
use crate::trail::WasmHash;
use std::collections::HashMap;

/// A module of a script: its directive and its source.
type Found<'s> = (&'s Directive, &'s ModuleSource);

/// The modules of a script.
#[derive(Debug)]
pub(super) struct Modules<'s> {
    script: &'s Script,
    /// Modules by their binaries, each with the ordinal of the directive that it is in, ascending.
    by_binary: HashMap<WasmHash, Vec<(u32, Found<'s>)>>,
    /// The hashes of the modules' binaries, by the start of their directive.
    hashes: HashMap<u32, WasmHash>,
    /// What is the current instance from which directive on.
    current: Vec<(u32, Option<Found<'s>>)>,
    /// What the names of instances refer to from which directive on.
    instances: HashMap<&'s str, Vec<(u32, Option<Found<'s>>)>>,
}

impl<'s> Modules<'s> {
    pub(super) fn new(script: &'s Script) -> Modules<'s> {
        let mut modules = Modules {
            script,
            by_binary: HashMap::new(),
            hashes: HashMap::new(),
            current: Vec::new(),
            instances: HashMap::new(),
        };
        let mut definitions: HashMap<Option<&str>, Found<'s>> = HashMap::new();
        for (index, directive) in (0..).zip(script.directives()) {
            modules.add(index, directive);
            match &directive.kind {
                DirectiveKind::Module(source) => {
                    let found = Some((directive, source));
                    definitions.extend([(None, (directive, source))]);
                    definitions.extend(source.name.as_deref().map(|name| (Some(name), (directive, source))));
                    modules.instantiated(index, source.name.as_deref(), found);
                }
                DirectiveKind::ModuleDefinition(source) => {
                    definitions.extend([(None, (directive, source))]);
                    definitions.extend(source.name.as_deref().map(|name| (Some(name), (directive, source))));
                }
                DirectiveKind::ModuleInstance { instance, module } => {
                    let found = definitions.get(&module.as_deref()).copied();
                    modules.instantiated(index, instance.as_deref(), found);
                }
                _ => {}
            }
        }
        modules
    }

    fn add(&mut self, index: u32, directive: &'s Directive) {
        if let Some(source) = directive.kind.module()
            && let Ok(wasm) = &source.wasm
        {
            let hash = WasmHash::of(wasm);
            self.hashes.insert(directive.span.start, hash);
            self.by_binary.entry(hash).or_default().push((index, (directive, source)));
        }
        if let DirectiveKind::Thread { directives, .. } = &directive.kind {
            directives.iter().for_each(|directive| self.add(index, directive));
        }
    }

    fn instantiated(&mut self, index: u32, name: Option<&'s str>, found: Option<Found<'s>>) {
        self.current.push((index, found));
        if let Some(name) = name {
            self.instances.entry(name).or_default().push((index, found));
        }
    }

    /// The binary of this hash.
    pub(super) fn binary(&self, wasm: &WasmHash) -> Option<&'s [u8]> {
        let (_, (_, source)) = self.by_binary.get(wasm)?.first()?;
        source.wasm.as_deref().ok()
    }

    /// The module of this binary that the directive of an ordinal has run.
    pub(super) fn find(&self, index: u32, wasm: &WasmHash) -> Option<Found<'s>> {
        let equal = self.by_binary.get(wasm)?;
        let directive = self.script.directives().get(index as usize)?;
        match &equal[..equal.partition_point(|&(at, _)| at <= index)] {
            [] => None,
            [(_, only)] => Some(*only),
            [_, _, ..] => {
                let named = self.named(index, directive)?;
                (self.hashes.get(&named.0.span.start) == Some(wasm)).then_some(named)
            }
        }
    }

    /// The module of the instance that a directive names, or that it makes.
    fn named(&self, index: u32, directive: &'s Directive) -> Option<Found<'s>> {
        if let Some(source) = directive.kind.module() {
            return Some((directive, source));
        }
        let before = |list: &[(u32, Option<Found<'s>>)]| {
            list[..list.partition_point(|&(at, _)| at <= index)].last().and_then(|&(_, found)| found)
        };
        match &directive.kind {
            DirectiveKind::ModuleInstance { .. } => before(&self.current),
            DirectiveKind::Invoke(Invoke { module, .. })
            | DirectiveKind::AssertExhaustion { invoke: Invoke { module, .. }, .. }
            | DirectiveKind::AssertReturn { action: Action::Invoke(Invoke { module, .. }), .. }
            | DirectiveKind::AssertTrap { action: Action::Invoke(Invoke { module, .. }), .. }
            | DirectiveKind::AssertException { action: Action::Invoke(Invoke { module, .. }) }
            | DirectiveKind::AssertSuspension { action: Action::Invoke(Invoke { module, .. }), .. } => {
                match module {
                    None => before(&self.current),
                    Some(name) => before(self.instances.get(&**name)?),
                }
            }
            _ => None,
        }
    }
}
