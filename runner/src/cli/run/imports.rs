//! What a module's imports are resolved to, and which have nothing.

use crate::cli::entity;
use crate::engine::host::HostItemError;
use crate::executor::Printer;
use crate::host::Host;
use crate::spectest;
use trapline_abi::{Import, ModuleInfo, Readable};
use trapline_runtime::{Linker, Store};

/// The imports that nothing provides, a line each.
pub(super) fn missing(info: &ModuleInfo, linker: &Linker, host: &Host) -> Vec<String> {
    let is_missing = |import: &Import| {
        let Import { module, name, .. } = import;
        let is_host = module == spectest::MODULE && spectest::item(name).is_some();
        !is_host && linker.get(module, name).is_none() && !host.provides(info, import)
    };
    let missing = info.imports.iter().filter(|import| is_missing(import));
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
    host: &Host,
) -> Result<(), (&'static str, HostItemError)> {
    for import in info.imports.iter().filter(|import| import.module == spectest::MODULE) {
        let Some((name, item)) = spectest::item(&import.name) else { continue };
        if linker.get(spectest::MODULE, name).is_none() {
            let made =
                crate::engine::host::make(store, item, &Printer::Stderr).map_err(|error| (name, error))?;
            let made = host.recorded(store, (spectest::MODULE, name), made);
            linker.define(spectest::MODULE, name, made);
        }
    }
    Ok(())
}
