//! Modules that are in memory already: the same binary is compiled once.

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use trapline_compiler::WasmFeatures;
use trapline_runtime::Module;

/// What a module depends on within one engine.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct ModuleKey {
    /// The hash of the binary.
    pub(super) wasm: blake3::Hash,
    /// The features that it was validated with.
    pub(super) features: WasmFeatures,
}

impl ModuleKey {
    pub(super) fn new(wasm: &[u8], features: WasmFeatures) -> ModuleKey {
        ModuleKey { wasm: blake3::hash(wasm), features }
    }
}

/// Modules that were made not long ago, for further uses. They are code and descriptions and have no state,
/// so any number of stores may use one at the same time.
pub(super) struct Modules(Cache<ModuleKey, Module, Weights>);

/// Bytes that modules may take up.
const CAPACITY: u64 = 8 << 20;
/// Bytes that the smallest module takes up: the pages of its code, its tables, its place in lists of the system.
const SMALLEST: u64 = 32 << 10;
/// How much larger code is with its side tables, about.
const WITH_TABLES: u64 = 4;

#[derive(Clone)]
struct Weights;

impl Weighter<ModuleKey, Module> for Weights {
    fn weight(&self, _: &ModuleKey, module: &Module) -> u64 {
        let data: u64 =
            module.info().data.iter().map(|segment| u64::from(segment.bytes.end)).max().unwrap_or(0);
        SMALLEST + WITH_TABLES * u64::from(module.manifest().text_len) + data
    }
}

impl Modules {
    pub(super) fn new() -> Modules {
        Modules(Cache::with_weighter((CAPACITY / SMALLEST) as usize, CAPACITY, Weights))
    }

    /// The module, and whether it was there already. If it was not, `make` makes it; another thread that wants it meanwhile
    /// waits, and makes it if this fails.
    pub(super) fn get_or_make<E>(
        &self,
        key: &ModuleKey,
        make: impl FnOnce() -> Result<Module, E>,
    ) -> Result<(Module, bool), E> {
        let mut reused = true;
        let module = self.0.get_or_insert_with(key, || {
            reused = false;
            make()
        })?;
        Ok((module, reused))
    }
}
