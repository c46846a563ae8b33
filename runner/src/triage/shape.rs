//! The shapes of functions: what they do, without the numbers and names that are others in a module that is shuffled, renamed or
//! padded. Where the kind of a trap says little, as of `unreachable`, they tell one cause from another.

use super::Finding;
use super::instruction::name;
use std::collections::{BTreeMap, BTreeSet};
use trapline_abi::{EntityIndex, ModuleInfo};
use trapline_compiler::{WasmFeatures, describe};
use wasmparser::{Operator, Parser, Payload};

/// Digits of the hash of a shape.
const DIGITS: usize = 12;

/// What of a module decides on the cause of a finding, beside its kind.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) enum Reached {
    /// Nothing that is known, or that is needed.
    #[default]
    Nothing,
    /// Functions by their indices, innermost first.
    Functions(Vec<u32>),
    /// The same in any order, each once: those of a cycle.
    Cycle(Vec<u32>),
    /// The function that is exported by a name.
    Export(String),
}

/// Gives findings about a module their contexts.
pub(crate) fn add_contexts(findings: &mut [Finding], wasm: &[u8]) {
    if findings.iter().all(|finding| finding.reached == Reached::Nothing) {
        return;
    }
    let Ok(info) = describe(wasm, WasmFeatures::all()) else { return };
    let reached: Vec<Vec<u32>> = findings.iter().map(|finding| finding.reached.functions(&info)).collect();
    let wanted: BTreeSet<u32> = reached.iter().flatten().copied().collect();
    let Some(shapes) = shapes(wasm, &info, &wanted) else { return };
    for (finding, functions) in findings.iter_mut().zip(reached) {
        let mut known: Vec<&str> =
            functions.iter().filter_map(|function| shapes.get(function)).map(String::as_str).collect();
        if let Reached::Cycle(_) = finding.reached {
            known.sort_unstable();
            known.dedup();
        }
        finding.context = known.join("/");
    }
}

impl Reached {
    fn functions(&self, info: &ModuleInfo) -> Vec<u32> {
        match self {
            Reached::Nothing => Vec::new(),
            Reached::Functions(functions) => functions.clone(),
            // Where the stack ends, one that is called from the cycle can be active once.
            Reached::Cycle(functions) => {
                let mut times: BTreeMap<u32, u32> = BTreeMap::new();
                functions.iter().for_each(|function| *times.entry(*function).or_default() += 1);
                times.into_iter().filter(|(_, times)| *times > 1).map(|(function, _)| function).collect()
            }
            Reached::Export(name) => {
                let export = info.exports.iter().find(|export| export.name == *name);
                match export.map(|export| export.index) {
                    Some(EntityIndex::Func(function)) => vec![function.as_u32()],
                    _ => Vec::new(),
                }
            }
        }
    }
}

/// The shapes of some functions of a module, by index; `None` if the binary cannot be read.
fn shapes(wasm: &[u8], info: &ModuleInfo, wanted: &BTreeSet<u32>) -> Option<BTreeMap<u32, String>> {
    let mut shapes = BTreeMap::new();
    let imported = info.func_index(trapline_abi::DefinedFuncIndex::new(0)).as_u32();
    let mut index = imported;
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CodeSectionEntry(body) = payload.ok()? else { continue };
        if wanted.contains(&index) {
            let mut hasher = blake3::Hasher::new();
            let mut operators = body.get_operators_reader().ok()?;
            while !operators.eof() {
                let operator = operators.read().ok()?;
                if !matches!(operator, Operator::Nop) {
                    hasher.update(name(&operator).as_bytes());
                    hasher.update(b"\n");
                }
            }
            shapes.insert(index, hasher.finalize().to_hex()[..DIGITS].to_owned());
        }
        index += 1;
    }
    Some(shapes)
}
