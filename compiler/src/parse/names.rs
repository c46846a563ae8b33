//! The name section.

use trapline_abi::{FuncIndex, ModuleInfo, TypeIndex};
use wasmparser::{Name, NameMap, NameSectionReader};

/// Takes the names of module, functions and types from a name section. Errors in a custom section do not
/// make a module malformed (specification: "Custom Section"), so reading stops at the first and
/// keeps what came before.
pub(super) fn read(section: NameSectionReader<'_>, info: &mut ModuleInfo) {
    for name in section {
        let read = match name {
            Ok(Name::Module { name, .. }) => {
                info.name = Some(name.to_owned());
                Ok(())
            }
            Ok(Name::Function(map)) => add(map, &mut info.func_names, FuncIndex::new, info.funcs.len()),
            Ok(Name::Type(map)) => add(map, &mut info.type_names, TypeIndex::new, info.types.len()),
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        if read.is_err() {
            return;
        }
    }
}

/// Adds names of a map, by ascending index, up to the first that is malformed. Those of what does not exist are left out.
fn add<I: Ord + Copy>(
    map: NameMap<'_>,
    names: &mut Vec<(I, String)>,
    index: impl Fn(u32) -> I,
    count: usize,
) -> Result<(), wasmparser::BinaryReaderError> {
    let mut read = Ok(());
    for naming in map {
        match naming {
            Ok(naming) if (naming.index as usize) < count => {
                names.push((index(naming.index), naming.name.to_owned()));
            }
            Ok(_) => {}
            Err(error) => {
                read = Err(error);
                break;
            }
        }
    }
    // A look-up searches by halves; of two names for one index the first counts.
    names.sort_by_key(|(index, _)| *index);
    names.dedup_by_key(|(index, _)| *index);
    read
}
