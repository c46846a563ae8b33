//! What a module's imports are resolved to, and which have nothing.

use crate::cli::entity;
use crate::engine::host::{self, HostItemError};
use crate::executor::Printer;
use crate::spectest;
use trapline_abi::{ModuleInfo, Readable};
use trapline_runtime::{Linker, Store};

/// The imports that nothing provides, a line each.
pub(super) fn missing(info: &ModuleInfo, linker: &Linker) -> Vec<String> {
    let is_missing = |module: &str, name: &str| {
        let is_host = module == spectest::MODULE && spectest::item(name).is_some();
        !is_host && linker.get(module, name).is_none()
    };
    let missing = info.imports.iter().filter(|import| is_missing(&import.module, &import.name));
    let line = missing.map(|import| {
        let (module, name) = (Readable(&import.module), Readable(&import.name));
        format!("`{module}` `{name}`: {}", entity::import_type(info, &import.ty))
    });
    line.collect()
}

/// Makes the items of the host module that a module imports.
pub(super) fn provide_host(
    info: &ModuleInfo,
    store: &mut Store,
    linker: &mut Linker,
) -> Result<(), (&'static str, HostItemError)> {
    for import in info.imports.iter().filter(|import| import.module == spectest::MODULE) {
        let Some((name, item)) = spectest::item(&import.name) else { continue };
        if linker.get(spectest::MODULE, name).is_none() {
            let made = host::make(store, item, &Printer::Stderr).map_err(|error| (name, error))?;
            linker.define(spectest::MODULE, name, made);
        }
    }
    Ok(())
}
