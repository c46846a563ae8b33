//! What the code of a module is called in objects, debuggers and profiles.

use crate::{EntityIndex, FuncIndex, FuncKey, ModuleInfo};
use std::borrow::Cow;

/// Characters of a function's name in its symbol, at most.
const MAX_NAME: usize = 80;

/// The names of a module's code, for asking about many functions.
#[derive(Debug)]
pub struct Symbols<'a> {
    module: &'a ModuleInfo,
    /// By function index: what the name section says, else the name of the first export.
    names: Vec<Option<&'a str>>,
}

impl<'a> Symbols<'a> {
    /// Collects the names. Those of functions that do not exist, in a module that was not checked, are left out.
    pub fn new(module: &'a ModuleInfo) -> Symbols<'a> {
        let mut names = vec![None; module.funcs.len()];
        for export in module.exports.iter().rev() {
            if let EntityIndex::Func(func) = export.index
                && let Some(place) = names.get_mut(func.index())
            {
                *place = Some(export.name.as_str());
            }
        }
        for (func, name) in &module.func_names {
            if let Some(place) = names.get_mut(func.index()) {
                *place = Some(name.as_str());
            }
        }
        Symbols { module, names }
    }

    /// The symbol of a piece of code: `wasm[0]::function[12]::name`, by the index in the function index space, or that
    /// of a stub.
    ///
    /// The index makes it unique; the name is for people only, and of names found in a module nothing is taken over that
    /// could mean something to a tool.
    pub fn symbol(&self, key: FuncKey) -> String {
        let FuncKey::Defined(defined) = key else { return key.to_string() };
        let func = self.module.func_index(defined);
        let mut symbol = format!("wasm[0]::function[{}]", func.as_u32());
        if let Some(name) = self.name(func) {
            symbol.push_str("::");
            symbol.push_str(&name);
        }
        symbol
    }

    /// The name of a function, short, and free of what could mean something to a tool.
    pub fn name(&self, func: FuncIndex) -> Option<Cow<'a, str>> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_.$-<>".contains(c);
        let name = (*self.names.get(func.index())?)?;
        if name.len() <= MAX_NAME && name.chars().all(plain) {
            return Some(Cow::Borrowed(name));
        }
        let replaced = name.chars().take(MAX_NAME).map(|c| if plain(c) { c } else { '_' });
        Some(Cow::Owned(replaced.collect()))
    }
}
