//! The modules of a script, and their functions.

use super::bisect::Culprit;
use crate::compare::module_of;
use crate::discover::Input;
use crate::run::Runner;
use crate::script::with_those_of_threads;
use std::ops::Range;
use trapline_abi::{DefinedFuncIndex, ModuleInfo};
use trapline_compiler::{GraftedFunctions, WasmFeatures, describe};

/// A module of a script.
pub(super) struct Module {
    pub(super) wasm: Vec<u8>,
    /// What it is compiled with.
    pub(super) features: WasmFeatures,
    info: ModuleInfo,
    hash: [u8; 32],
    line: u32,
    /// The numbers of the functions that it defines, among those of all modules.
    functions: Range<usize>,
}

/// The modules that a directive may depend on, each once.
pub(super) struct Modules(Vec<Module>);

/// The modules that a script has up to a directive, and in it. What cannot be read is left out: it has no code.
pub(super) fn modules(runner: &Runner, input: &Input, index: u32) -> Modules {
    let mut modules: Vec<Module> = Vec::new();
    let prepared = runner.prepare(input);
    let features = prepared.plan.terms.features;
    let Ok(script) = prepared.script else { return Modules(modules) };
    for directive in with_those_of_threads(script.directives().iter().take(index as usize + 1)) {
        let Some(wasm) = module_of(directive).and_then(|source| source.wasm.as_ref().ok()) else { continue };
        let hash = *blake3::hash(wasm).as_bytes();
        if modules.iter().any(|module| module.hash == hash) {
            continue;
        }
        let Ok(info) = describe(wasm, features) else { continue };
        let start = modules.last().map_or(0, |module| module.functions.end);
        let functions = start..start + info.defined_funcs() as usize;
        let (wasm, line) = (wasm.clone(), directive.line);
        modules.push(Module { wasm, features, info, hash, line, functions });
    }
    Modules(modules)
}

impl Modules {
    /// How many functions all of them define.
    pub(super) fn functions(&self) -> usize {
        self.0.last().map_or(0, |module| module.functions.end)
    }

    /// The last one.
    pub(super) fn last(&self) -> Option<&Module> {
        self.0.last()
    }

    /// The module of a function, and the function among those that the module defines.
    pub(super) fn at(&self, number: usize) -> Option<(&Module, u32)> {
        let module = self.0.iter().find(|module| module.functions.contains(&number))?;
        Some((module, (number - module.functions.start) as u32))
    }

    /// The first functions, and some more.
    pub(super) fn grafted(&self, first: usize, more: &[usize]) -> Vec<GraftedFunctions> {
        let prefix = self.0.iter().filter_map(|module| {
            let end = first.min(module.functions.end);
            let count = end.checked_sub(module.functions.start).filter(|&count| count > 0)?;
            Some(GraftedFunctions { module: module.hash, defined: 0..count as u32 })
        });
        let single = |&number: &usize| {
            let (module, function) = self.at(number)?;
            Some(GraftedFunctions { module: module.hash, defined: function..function + 1 })
        };
        prefix.chain(more.iter().filter_map(single)).collect()
    }

    pub(super) fn culprit(&self, number: usize) -> Culprit {
        let Some((module, function)) = self.at(number) else {
            unreachable!("functions are numbered by this")
        };
        let index = module.info.func_index(DefinedFuncIndex::new(function));
        let name = module.info.func_name(index).map(str::to_owned);
        let line = (self.0.len() > 1).then_some(module.line);
        Culprit { index: index.as_u32(), name, line }
    }

    /// A function in words.
    pub(super) fn name(&self, number: usize) -> String {
        let Culprit { index, name, line } = self.culprit(number);
        let name = name.map(|name| format!(" <{name}>")).unwrap_or_default();
        let line = line.map(|line| format!(" of the module at line {line}")).unwrap_or_default();
        format!("function {index}{name}{line}")
    }
}
