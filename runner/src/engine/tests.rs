//! What is in front of every code path: modules that are there already, and saved artefacts.

use super::*;
use crate::executor::EngineError;
use crate::report;
use crate::trail::Refusal;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Barrier};
use std::time::Duration;
use tempfile::TempDir;
use trapline_compiler::{OptLevel, Profile, WasmFeatures, supported_features};
use trapline_runtime::{Extern, Linker, Module, Store, Val};

/// A module whose function `f` gives `value`, as text that `wast` encodes.
fn module(value: i32) -> Vec<u8> {
    let text = format!(
        r#"(module (global $g (mut i32) (i32.const {value}))
             (func (export "f") (result i32) (global.get $g))
             (func (export "set") (param i32) (global.set $g (local.get 0))))"#
    );
    wat::parse_str(text).unwrap()
}

/// A module that is valid and cannot be compiled.
fn unsupported() -> Vec<u8> {
    wat::parse_str("(module (type (shared (func))))").unwrap()
}

fn spec(kind: EngineKind) -> EngineSpec {
    Variant::new(kind, Profile::default()).spec()
}

fn features() -> WasmFeatures {
    supported_features() | WasmFeatures::GC | WasmFeatures::SHARED_EVERYTHING_THREADS
}

/// Calls `f` of a fresh instance, after `set` if a value is given for it.
fn call(engine: &dyn NativeEngine, module: &Module, set: Option<i32>) -> Val {
    let mut store = Store::new(engine.store_config()).unwrap();
    let instance = Linker::new().instantiate(&mut store, module).unwrap();
    let func = |store: &Store, name| match instance.export(store, name) {
        Some(Extern::Func(func)) => func,
        other => panic!("{other:?}"),
    };
    if let Some(value) = set {
        func(&store, "set").call(&mut store, &[Val::I32(value)]).unwrap();
    }
    func(&store, "f").call(&mut store, &[]).unwrap().remove(0)
}

#[test]
fn the_same_binary_is_compiled_once_and_keeps_no_state() {
    for kind in EngineKind::OWN {
        let engine = spec(kind).build_native(None).unwrap();
        let first = engine.module(&module(1), features()).unwrap();
        let second = engine.module(&module(1), features()).unwrap();
        let other = engine.module(&module(2), features()).unwrap();
        assert!(first.same(&second) && !first.same(&other), "{kind:?}");
        assert_eq!(call(&*engine, &first, Some(7)), Val::I32(7));
        assert_eq!(call(&*engine, &second, None), Val::I32(1), "instances share code and nothing else");
        let timings = engine.timings();
        assert_eq!((timings.compiled, timings.opened, timings.reused), (2, 0, 1), "{kind:?}");
    }
}

#[test]
fn other_features_make_another_module() {
    let engine = spec(EngineKind::Aot).build_native(None).unwrap();
    let without = features().difference(WasmFeatures::SIMD);
    let first = engine.module(&module(1), features()).unwrap();
    assert!(!first.same(&engine.module(&module(1), without).unwrap()));
}

#[test]
fn threads_that_want_the_same_module_at_once_compile_it_once() {
    const THREADS: usize = 8;
    let engine = spec(EngineKind::Aot).build_native(None).unwrap();
    for value in 0..20 {
        let barrier = Barrier::new(THREADS);
        let wasm = module(value);
        let compile = || {
            barrier.wait();
            engine.module(&wasm, features()).unwrap()
        };
        let modules: Vec<Module> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(compile)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(modules.iter().all(|module| module.same(&modules[0])));
    }
    let timings = engine.timings();
    assert_eq!((timings.compiled, timings.reused), (20, 20 * (THREADS as u64 - 1)));
}

#[test]
fn modules_that_are_not_wanted_again_go() {
    let engine = spec(EngineKind::Aot).build_native(None).unwrap();
    for value in 0..2000 {
        engine.module(&module(value), features()).unwrap();
    }
    for value in 0..2000 {
        engine.module(&module(value), features()).unwrap();
    }
    let timings = engine.timings();
    assert!(timings.compiled > 3000, "2000 modules take up more than may be kept: {timings:?}");
    assert!(timings.compiled < 4000, "and some are kept: {timings:?}");
}

/// That two compilations give the same is found out once for each module; what is in memory is used again.
#[test]
fn modules_are_compiled_twice_once() {
    for kind in EngineKind::OWN {
        let engine = spec(kind).build_native(None).unwrap();
        let (first, differs) = engine.module_twice(&module(1), features()).unwrap();
        assert!(differs.is_none(), "{kind:?}");
        let again = engine.progress().functions;
        assert_eq!(again, 4, "{kind:?}: two functions, twice");
        let (second, differs) = engine.module_twice(&module(1), features()).unwrap();
        assert!(first.same(&second) && differs.is_none(), "{kind:?}");
        assert_eq!((engine.timings().reused, engine.progress().functions), (1, 4), "{kind:?}");
    }
}

/// Engines of one profile compile a module once, and load it each in its own way.
#[test]
fn engines_share_what_they_compile() {
    let specs = [spec(EngineKind::Aot), spec(EngineKind::Jit)];
    assert!(specs[1].shares_with(&specs[0]));
    assert!(!spec(EngineKind::Linked).shares_with(&specs[0]), "it needs what others must not have");
    let other =
        EngineSpec { profile: Profile { opt_level: OptLevel::None, ..specs[0].profile }, ..specs[1].clone() };
    assert!(!other.shares_with(&specs[0]));
    let engines = EngineSpec::build_all(&specs, None, None).unwrap();
    for engine in &engines {
        let mut executor = engine.start().unwrap();
        executor.compile_twice(&module(1), features()).unwrap();
        executor.compile(&module(2), features()).unwrap();
    }
    let [aot, jit] = [&engines[0], &engines[1]].map(|engine| engine.timings());
    assert_eq!((aot.compiled, jit.compiled), (2, 2), "loaded");
    assert!(aot.compile > Duration::ZERO && jit.compile == Duration::ZERO, "{jit:?}");
}

struct Place {
    folder: TempDir,
    kind: EngineKind,
}

impl Place {
    fn new(kind: EngineKind) -> Place {
        Place { folder: tempfile::tempdir().unwrap(), kind }
    }

    fn engine_with(&self, mode: Mode, profile: Profile) -> Arc<dyn NativeEngine> {
        let precompiled = Precompiled {
            mode,
            folder: self.folder.path().to_owned(),
            command: "trapline wast --precompile-save DIR".to_owned(),
        };
        let spec = Variant::new(self.kind, profile).spec();
        EngineSpec { precompiled: Some(precompiled), ..spec }.build_native(None).unwrap()
    }

    fn engine(&self, mode: Mode) -> Arc<dyn NativeEngine> {
        self.engine_with(mode, Profile::default())
    }

    fn save(&self, wasm: &[&[u8]]) {
        let engine = self.engine(Mode::Save);
        for wasm in wasm {
            let result = engine.module(wasm, features());
            assert!(matches!(result, Ok(_) | Err(EngineError::Unsupported(_))), "{result:?}");
        }
    }

    #[track_caller]
    fn refuses(&self, wasm: &[u8], says: &str) {
        match self.engine(Mode::Load).module(wasm, features()) {
            Err(EngineError::Harness(Refusal { message, .. })) => {
                assert!(message.contains(says), "{message}")
            }
            other => panic!("{other:?}"),
        }
    }

    /// All files below, but for what is hidden.
    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = walkdir::WalkDir::new(self.folder.path())
            .into_iter()
            .map(|entry| entry.unwrap().into_path())
            .filter(|path| path.is_file())
            .collect();
        files.sort();
        files
    }

    fn file(&self, name: &str) -> PathBuf {
        let mut files = self.files();
        files.retain(|path| path.to_string_lossy().ends_with(name));
        assert_eq!(files.len(), 1, "{files:?}");
        files.remove(0)
    }
}

#[test]
fn what_was_saved_is_loaded_and_nothing_is_compiled() {
    for kind in [EngineKind::Aot, EngineKind::Linked] {
        let place = Place::new(kind);
        place.save(&[&module(1), &module(2), &unsupported(), &module(1)]);
        let engine = place.engine(Mode::Load);
        for value in [1, 2] {
            let module = engine.module(&module(value), features()).unwrap();
            assert_eq!(call(&*engine, &module, None), Val::I32(value));
        }
        let direct = spec(kind).build_native(None).unwrap().module(&unsupported(), features()).unwrap_err();
        assert_eq!(engine.module(&unsupported(), features()).unwrap_err(), direct);
        let timings = engine.timings();
        assert_eq!((timings.compiled, timings.opened), (0, 2));
        assert!(timings.translate > Duration::ZERO, "validation takes its time: {timings:?}");
        assert_eq!(timings.compile, Duration::ZERO);
        // Two artefacts, index and description: nothing temporary has stayed.
        assert_eq!(place.files().len(), 4, "{:?}", place.files());
        assert_eq!(fs::read_to_string(place.file("index.jsonl")).unwrap().lines().count(), 3);
    }
}

#[test]
fn modules_are_decoded_and_validated_before_they_are_loaded() {
    let place = Place::new(EngineKind::Aot);
    place.save(&[&module(1)]);
    let engine = place.engine(Mode::Load);
    let malformed = engine.module(b"\0asm\x02\0\0\0", features());
    assert!(matches!(malformed, Err(EngineError::Malformed(_))), "{malformed:?}");
    let invalid = engine.module(b"\0asm\x01\0\0\0\x03\x02\x01\x00", features());
    assert!(matches!(invalid, Err(EngineError::Invalid(_) | EngineError::Malformed(_))), "{invalid:?}");
}

#[test]
fn saving_again_changes_nothing() {
    let place = Place::new(EngineKind::Aot);
    place.save(&[&module(1), &unsupported()]);
    let contents =
        |place: &Place| place.files().iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>();
    let before = contents(&place);
    place.save(&[&unsupported(), &module(1)]);
    assert_eq!(contents(&place), before);
}

#[test]
fn what_is_not_there_is_an_error_that_says_how_to_make_it() {
    let place = Place::new(EngineKind::Aot);
    place.refuses(&module(1), "nothing was saved with this engine");
    place.refuses(&module(1), "`trapline wast --precompile-save DIR SCRIPT` makes it");
    place.save(&[&module(1)]);
    place.refuses(&module(2), "the index does not have this module");
    fs::remove_file(place.file(".o")).unwrap();
    place.refuses(&module(1), "its file is gone");
}

#[test]
fn another_profile_finds_nothing() {
    let place = Place::new(EngineKind::Aot);
    place.save(&[&module(1)]);
    for profile in [
        Profile { nan_canonicalization: true, ..Profile::default() },
        Profile { opt_level: trapline_compiler::OptLevel::None, ..Profile::default() },
    ] {
        let engine = place.engine_with(Mode::Load, profile);
        let error = engine.module(&module(1), features()).unwrap_err();
        let text = report::engine_error(&error);
        assert!(text.contains("nothing was saved with this engine"), "{text}");
    }
}

#[test]
fn foreign_and_damaged_artefacts_are_not_used() {
    let place = Place::new(EngineKind::Aot);
    place.save(&[&module(1)]);
    let file = place.file(".o");
    let good = fs::read(&file).unwrap();
    let other = Place::new(EngineKind::Aot);
    other.save(&[&module(2)]);
    let foreign = fs::read(other.file(".o")).unwrap();
    fs::write(&file, &foreign).unwrap();
    place.refuses(&module(1), "it is not the file that was saved");
    // Even if the index says so, it is of another module.
    let index = place.file("index.jsonl");
    let line = fs::read_to_string(&index).unwrap();
    let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
    fs::write(&index, line.replace(&hash(&good), &hash(&foreign))).unwrap();
    place.refuses(&module(1), "it is of another module");
    let damaged = &good[..good.len() - 1];
    fs::write(&file, damaged).unwrap();
    fs::write(&index, line.replace(&hash(&good), &hash(damaged))).unwrap();
    place.refuses(&module(1), "parse the object as ELF");
    fs::write(&index, line.replace('}', "")).unwrap();
    place.refuses(&module(1), "line 1 is damaged");
    fs::write(&index, &line).unwrap();
    fs::write(&file, &good).unwrap();
    assert!(place.engine(Mode::Load).module(&module(1), features()).is_ok());
    let description = place.file("set.toml");
    let text = fs::read_to_string(&description).unwrap();
    fs::write(&description, text.replace("cranelift", "cranelift of yesterday")).unwrap();
    place.refuses(&module(1), "set.toml does not say what the folder's name says");
}

/// As a full disk or a process that was killed leaves it: a line is torn, and another process may have written more behind it.
#[test]
fn a_damaged_index_is_repaired_by_saving() {
    for behind in [false, true] {
        let place = Place::new(EngineKind::Aot);
        place.save(&[&module(1), &module(2)]);
        let path = place.file("index.jsonl");
        let whole = fs::read_to_string(&path).unwrap();
        let (first, second) = whole.split_at(whole.find('\n').unwrap() + 1);
        let torn = &second[..second.len() / 2];
        let last = whole.replace(&blake3::hash(&module(2)).to_hex()[..], &blake3::hash(&module(9)).to_hex());
        let last = last.lines().next_back().unwrap().to_owned() + "\n";
        let rest = if behind { format!("{torn}{last}\u{fffd}{last}{last}") } else { torn.to_owned() };
        fs::write(&path, format!("{first}{rest}")).unwrap();

        place.refuses(&module(1), "line 2 is damaged");
        place.refuses(&module(1), "`trapline wast --precompile-save DIR SCRIPT` repairs it");
        place.save(&[&module(3)]);
        let repaired = fs::read_to_string(&path).unwrap();
        let kept = if behind { format!("{first}{last}") } else { first.to_owned() };
        assert!(repaired.starts_with(&kept), "{repaired}");
        assert_eq!(repaired.lines().count(), kept.lines().count() + 1, "{repaired}");
        place.refuses(&module(2), "the index does not have this module");
        place.save(&[&module(2)]);
        for value in 1..=3 {
            place.engine(Mode::Load).module(&module(value), features()).unwrap();
        }
    }
}

#[test]
fn several_engines_save_at_once() {
    let place = Place::new(EngineKind::Aot);
    let save = || (0..30).for_each(|value| place.save(&[&module(value % 10)]));
    std::thread::scope(|scope| {
        (0..4).for_each(|_| drop(scope.spawn(save)));
    });
    let engine = place.engine(Mode::Load);
    for value in 0..10 {
        engine.module(&module(value), features()).unwrap();
    }
    assert_eq!(place.files().len(), 12, "{:?}", place.files());
}

#[test]
fn code_in_memory_has_no_artefacts() {
    let precompiled =
        Precompiled { mode: Mode::Load, folder: Path::new("/").to_owned(), command: String::new() };
    let result = EngineSpec { precompiled: Some(precompiled), ..spec(EngineKind::Jit) }.build_native(None);
    assert!(matches!(result, Err(BuildError::NoArtifacts("jit"))));
}
