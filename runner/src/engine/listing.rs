//! The machine code of a module that the runtime has loaded, as plain data.

use crate::trail::{CallSite, CodeKey, FunctionListing, Listing};
use trapline_abi::{EntityIndex, FuncKey, FunctionRecord};
use trapline_runtime::Module;

/// Bytes of the field of a call that holds the distance to the callee.
const FIELD: usize = size_of::<i32>();

/// The code of a module; `None` if the manifest does not fit the text, of which the runtime has made sure.
pub(super) fn of(module: &Module) -> Option<Listing> {
    let records = &module.manifest().functions;
    let functions = records.iter().map(|record| function(module, record)).collect::<Option<Vec<_>>>()?;
    let exports = module.info().exports.iter().filter_map(|export| {
        let EntityIndex::Func(func) = export.index else { return None };
        let key = module.info().split_func(func).ok().map(FuncKey::Defined)?;
        let place = records.iter().position(|record| record.key == key)?;
        Some((export.name.clone(), place as u32))
    });
    Some(Listing { functions, exports: exports.collect() })
}

fn function(module: &Module, record: &FunctionRecord) -> Option<FunctionListing> {
    let (text, manifest) = (module.text(), module.manifest());
    let (start, len) = (record.text_offset as usize, record.code_len as usize);
    let mut bytes = text.get(start..start + len)?.to_vec();
    let mut calls = Vec::new();
    let first = manifest.relocations.partition_point(|relocation| (relocation.offset as usize) < start);
    for relocation in &manifest.relocations[first..] {
        let at = (relocation.offset as usize).checked_sub(start)?;
        let Some(field) = bytes.get_mut(at..at + FIELD) else { break };
        let distance = i32::from_le_bytes(<[u8; FIELD]>::try_from(&*field).ok()?);
        field.fill(0);
        // The distance counts from the end of the field. Functions lie in the order of their keys.
        let callee = (start + at + FIELD) as i64 + i64::from(distance);
        let by_place = |function: &FunctionRecord| i64::from(function.text_offset);
        let callee = manifest.functions.binary_search_by_key(&callee, by_place).ok();
        let callee = callee.map(|callee| key(module, manifest.functions[callee].key));
        calls.push(CallSite { at: at as u32, callee });
    }
    let offsets = record.source.iter().map(|location| (location.offset, location.wasm_offset)).collect();
    Some(FunctionListing { key: key(module, record.key), bytes, calls, offsets })
}

fn key(module: &Module, key: FuncKey) -> CodeKey {
    let FuncKey::Defined(defined) = key else { return CodeKey::Stub(key.to_string()) };
    let index = module.info().func_index(defined);
    CodeKey::Function { index: index.as_u32(), name: module.info().func_name(index).map(str::to_owned) }
}
