//! Modules as a compiler makes them, before their code is anywhere. Engines of one profile in one process share them: what differs is
//! only how the code comes into memory.

use super::modules::ModuleKey;
use crate::trail::Irreproducible;
use quick_cache::sync::Cache;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use trapline_compiler::{CompileError, CompileTimings, CompiledModule, Compiler, WasmFeatures};

/// Bytes of modules that are kept; the newest module is kept whatever its size.
const CAPACITY: usize = 8 << 20;
/// Bytes that the smallest module takes up.
const SMALLEST: usize = 4 << 10;
/// How many modules are known to be compiled to the same code again.
const CHECKED: usize = 1 << 14;

/// The modules that a compiler was asked for.
pub(super) struct Compilations {
    compiler: Compiler,
    /// Whether modules are kept for other engines. Each engine keeps what it has loaded.
    shared: bool,
    kept: Mutex<Kept>,
    /// How a second compilation of a module differed from the first, if it did.
    checked: Cache<ModuleKey, Option<Irreproducible>>,
}

/// The modules that were compiled last, the newest at the end.
#[derive(Default)]
struct Kept {
    modules: VecDeque<KeptModule>,
    size: usize,
}

struct KeptModule {
    key: ModuleKey,
    compiled: Arc<CompiledModule>,
    size: usize,
    /// The hash of its content. Guests have run in this process since, with code that may be wrong.
    hash: [u8; 32],
}

impl Compilations {
    /// Those of a compiler, for one engine or for several.
    pub(super) fn new(compiler: Compiler, shared: bool) -> Compilations {
        Compilations { compiler, shared, kept: Mutex::default(), checked: Cache::new(CHECKED) }
    }

    pub(super) fn compiler(&self) -> &Compiler {
        &self.compiler
    }

    /// A module, compiled now or for another engine; then it takes no time.
    pub(super) fn get(
        &self,
        key: &ModuleKey,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(Arc<CompiledModule>, CompileTimings), CompileError> {
        if let Some(compiled) = self.kept().find(key) {
            return Ok((compiled, CompileTimings::default()));
        }
        let (compiled, timings) = self.compiler.compile_module(wasm, features)?;
        let compiled = Arc::new(compiled);
        if self.shared {
            self.kept().add(key.clone(), compiled.clone());
        }
        Ok((compiled, timings))
    }

    /// How a second compilation of a module differs from this one, if it does. It is made once for each module.
    pub(super) fn again(
        &self,
        compiled: &CompiledModule,
        key: &ModuleKey,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<Option<Irreproducible>, CompileError> {
        self.checked.get_or_insert_with(key, || {
            let (again, _) = self.compiler.compile_module(wasm, features)?;
            Ok(difference(compiled, &again))
        })
    }

    /// What is known of a second compilation.
    pub(super) fn known(&self, key: &ModuleKey) -> Option<Option<Irreproducible>> {
        self.checked.get(key)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        // It is whole at any time.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// A module, if it is there and whole.
    fn find(&self, key: &ModuleKey) -> Option<Arc<CompiledModule>> {
        // What is wanted was mostly made for the script that another engine has just run.
        let found = self.modules.iter().rev().find(|kept| kept.key == *key)?;
        (found.compiled.content_hash() == found.hash).then(|| found.compiled.clone())
    }

    fn add(&mut self, key: ModuleKey, compiled: Arc<CompiledModule>) {
        let (size, hash) = (SMALLEST + compiled.size(), compiled.content_hash());
        self.size += size;
        self.modules.push_back(KeptModule { key, compiled, size, hash });
        while self.size > CAPACITY && self.modules.len() > 1 {
            if let Some(KeptModule { size, .. }) = self.modules.pop_front() {
                self.size -= size;
            }
        }
    }
}

/// How two compilations of the same module differ, if they do, in bytes from the beginning of the code. What differs beside the code
/// comes behind it.
fn difference(first: &CompiledModule, second: &CompiledModule) -> Option<Irreproducible> {
    if first.functions().eq(second.functions()) && first.data() == second.data() {
        return None;
    }
    let bytes = |compiled: &CompiledModule| -> Vec<u8> {
        compiled.functions().flat_map(|(_, function)| function.code.iter().copied()).collect()
    };
    let (first, second) = (bytes(first), bytes(second));
    let at = first.iter().zip(&second).position(|(first, second)| first != second);
    Some(match at {
        Some(at) => Irreproducible::FromByte(at as u64),
        None if first.len() != second.len() => {
            Irreproducible::Lengths(first.len() as u64, second.len() as u64)
        }
        None => Irreproducible::FromByte(first.len() as u64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use trapline_compiler::{Profile, supported_features};

    fn compilations(shared: bool) -> Compilations {
        Compilations::new(Compiler::new(Profile::default()).expect("a compiler"), shared)
    }

    fn module(text: &str) -> (Vec<u8>, ModuleKey) {
        let wasm = wat::parse_str(text).expect("a module");
        let key = ModuleKey::new(&wasm, supported_features());
        (wasm, key)
    }

    #[test]
    fn what_is_shared_is_compiled_once() {
        let (wasm, key) = module("(module (func (export \"f\") (result i32) (i32.const 7)))");
        for (shared, same) in [(true, true), (false, false)] {
            let compilations = compilations(shared);
            let [first, second] =
                [(); 2].map(|()| compilations.get(&key, &wasm, supported_features()).expect("it"));
            assert_eq!(Arc::ptr_eq(&first.0, &second.0), same);
        }
    }

    #[test]
    fn what_is_large_makes_room() {
        let compilations = compilations(true);
        for number in 0..CAPACITY / SMALLEST + 10 {
            let (wasm, key) = module(&format!("(module (memory {number}))"));
            compilations.get(&key, &wasm, supported_features()).expect("it");
        }
        let kept = compilations.kept();
        assert!(kept.size <= CAPACITY && kept.modules.len() > 100, "{}", kept.modules.len());
        assert_eq!(kept.size, kept.modules.iter().map(|kept| kept.size).sum::<usize>());
        drop(kept);
        // The newest is kept, and data counts.
        let text = format!("(module (memory 200) (data (i32.const 0) \"{}\"))", "x".repeat(CAPACITY));
        let (wasm, key) = module(&text);
        let [first, second] =
            [(); 2].map(|()| compilations.get(&key, &wasm, supported_features()).expect("it").0);
        assert!(Arc::ptr_eq(&first, &second));
        assert_eq!(compilations.kept().modules.len(), 1);
    }

    #[test]
    fn differences_are_found_wherever_they_are() {
        let compile = |text: &str| {
            let (wasm, key) = module(text);
            compilations(false).get(&key, &wasm, supported_features()).expect("it").0
        };
        let function = |body: &str| compile(&format!("(module (func (export \"f\") (result i32) {body}))"));
        let [one, other] = ["(i32.const 7)", "(i32.const 8)"].map(function);
        let more = function("(i32.const 7) (i32.popcnt (i32.const 1)) (drop)");
        assert_eq!(difference(&one, &function("(i32.const 7)")), None);
        assert!(matches!(difference(&one, &other), Some(Irreproducible::FromByte(1..))));
        assert!(difference(&one, &more).is_some());
    }
}
