//! The name section.

use trapline_abi::{FuncIndex, ModuleInfo};
use wasmparser::{Name, NameSectionReader};

/// Takes the names of module and functions from a name section. Errors in a custom section do not
/// make a module malformed (specification: "Custom Section"), so reading stops at the first and
/// keeps what came before.
pub(super) fn read(section: NameSectionReader<'_>, info: &mut ModuleInfo) {
    for name in section {
        match name {
            Ok(Name::Module { name, .. }) => info.name = Some(name.to_owned()),
            Ok(Name::Function(map)) => {
                for naming in map {
                    let Ok(naming) = naming else { return };
                    info.func_names.push((FuncIndex::new(naming.index), naming.name.to_owned()));
                }
                // A look-up searches by halves; of two names for one function the first counts.
                info.func_names.sort_by_key(|(func, _)| *func);
                info.func_names.dedup_by_key(|(func, _)| *func);
                let funcs = info.funcs.len();
                info.func_names.retain(|(func, _)| func.index() < funcs);
            }
            Ok(_) => {}
            Err(_) => return,
        }
    }
}
