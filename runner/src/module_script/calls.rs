//! Calls of a module's exports.

use super::constants::{Choice, chosen};
use super::{ModuleOptions, ModuleScriptError, ReadArguments, quoted};
use crate::host::WASI;
use crate::nearest::nearest;
use fastrand::Rng;
use std::fmt::Write;
use trapline_abi::{EntityIndex, FuncType, ModuleInfo};

/// An exported function.
#[derive(Clone, Copy, Debug)]
pub struct Callee<'i> {
    /// The name of the export.
    pub name: &'i str,
    /// Its type.
    pub ty: &'i FuncType,
}

/// What is called before anything else, if it is exported: what makes a module ready (WASI, "application ABI").
const FIRST: [&str; 2] = [INITIALIZE, START];
const INITIALIZE: &str = "_initialize";
const START: &str = "_start";

/// Appends the calls.
pub(super) fn write(
    text: &mut String,
    info: &ModuleInfo,
    options: &ModuleOptions,
    read: &ReadArguments<'_>,
    notes: &mut Vec<String>,
) -> Result<(), ModuleScriptError> {
    let callees = callees(info);
    if let Some((name, words)) = options.invoke.as_deref().and_then(<[String]>::split_first) {
        let Some(&callee) = callees.iter().find(|callee| callee.name == name) else {
            let like = nearest(name, callees.iter().map(|callee| callee.name));
            let like = like.map(|like| format!("; did you mean `{like}`?")).unwrap_or_default();
            return Err(ModuleScriptError::NoExport(name.clone(), like));
        };
        let constants = read(info, callee, words)
            .map_err(|why| ModuleScriptError::Arguments(name.clone(), callee.ty.to_string(), why))?;
        // It makes ready what is no program, and stands on the line of the call.
        let is_ready = |callee: &&Callee<'_>| {
            callee.name == INITIALIZE && callee.ty.params.is_empty() && callee.ty.results.is_empty()
        };
        if name != INITIALIZE
            && callees.iter().any(|callee| is_ready(&callee))
            && callees.iter().all(|callee| callee.name != START)
        {
            // Writing to a String cannot fail.
            let _ = write!(text, "(invoke {}) ", quoted(INITIALIZE));
        }
        call(text, callee, &constants);
        return Ok(());
    }
    let mut rng = Rng::with_seed(options.seed);
    for callee in of_program(info, callees) {
        // Without parameters, there is nothing to choose.
        let calls = if callee.ty.params.is_empty() { 1 } else { options.calls };
        for number in 0..calls {
            let choice = Choice::of(number, &mut rng);
            let mut params = callee.ty.params.iter().enumerate();
            match params.try_fold(Vec::new(), |mut all, (parameter, &ty)| {
                all.push(chosen(ty, choice.at(parameter), &mut rng).ok_or(ty)?);
                Ok(all)
            }) {
                Ok(constants) => call(text, callee, &constants),
                Err(ty) => {
                    let ty: trapline_abi::ValType = ty;
                    notes.push(format!(
                        "the export {} is not called: no script can give it a value of type {ty}",
                        quoted(callee.name)
                    ));
                    break;
                }
            }
        }
    }
    Ok(())
}

/// The functions to call: of a program of WASI only its start, since it is over then (WASI, "application ABI", commands).
fn of_program<'i>(info: &ModuleInfo, callees: Vec<Callee<'i>>) -> Vec<Callee<'i>> {
    let is_program = info.imports.iter().any(|import| import.module == WASI);
    let start = callees.iter().copied().find(|callee| callee.name == START);
    match start.filter(|_| is_program) {
        Some(start) => vec![start],
        None => callees,
    }
}

/// The exported functions, those first that make the module ready.
fn callees(info: &ModuleInfo) -> Vec<Callee<'_>> {
    let mut callees: Vec<_> = info
        .exports
        .iter()
        .filter_map(|export| match export.index {
            EntityIndex::Func(func) => Some(Callee { name: &export.name, ty: info.func_type(func)? }),
            EntityIndex::Table(_) | EntityIndex::Memory(_) | EntityIndex::Global(_) | EntityIndex::Tag(_) => {
                None
            }
        })
        .collect();
    let rank =
        |callee: &Callee<'_>| FIRST.iter().position(|first| *first == callee.name).unwrap_or(FIRST.len());
    callees.sort_by_key(rank);
    callees
}

fn call(text: &mut String, callee: Callee<'_>, constants: &[String]) {
    // Writing to a String cannot fail.
    let _ = write!(text, "(invoke {}", quoted(callee.name));
    for constant in constants {
        text.push(' ');
        text.push_str(constant);
    }
    text.push_str(")\n");
}
