//! Maps for `perf`.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::SystemTime;
use trapline::engine::{EngineKind, EngineSpec, HeapSettings, Profiler};
use trapline_compiler::{Profile, supported_features};

fn encode(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("a module")
}

/// What a line of a map says: start, size, name.
fn entry(line: &str) -> (usize, usize, &str) {
    let mut parts = line.splitn(3, ' ');
    let mut part = || parts.next().expect("three parts");
    let number = |text| usize::from_str_radix(text, 16).expect("a number");
    (number(part()), number(part()), part())
}

/// Every piece of code of every module is in the map, where it lies, and stays there when the module is gone.
#[test]
fn maps_name_all_code() {
    let path = PathBuf::from(format!("/tmp/perf-{}.map", std::process::id()));
    fs::write(&path, "what an older process has left").expect("a file");
    let mut wanted = Vec::new();
    for kind in EngineKind::OWN {
        let name = kind.name().to_owned();
        let spec = EngineSpec {
            name,
            kind,
            profile: Profile::default(),
            heap: HeapSettings::default(),
            precompiled: None,
            profiler: Some(Profiler::PerfMap),
            graft: None,
            takes_objects: false,
        };
        let engine = spec.build_native(None).expect("an engine");
        let module =
            |end: &str| encode(&format!("(module (func ${}{end} (export \"f\")) (func))", kind.name()));
        let first = engine.module(&module(""), supported_features()).expect("a module");
        wanted.extend(first.symbols());
        let twice = engine.module_twice(&module("-twice"), supported_features()).expect("a module").0;
        wanted.extend(twice.symbols());
    }
    let map = fs::read_to_string(&path).expect("a map");
    fs::remove_file(&path).expect("it is there");
    let found: Vec<_> = map.lines().map(entry).collect();
    let wanted: Vec<_> =
        wanted.iter().map(|(name, range)| (range.start, range.len(), name.as_str())).collect();
    assert_eq!(found, wanted);
    assert_eq!(found.len(), 3 * 2 * 3, "two functions and a stub of each module");
    assert!(found.iter().any(|(_, _, name)| *name == "wasm[0]::function[0]::jit"));
}

/// All maps that are there, and when they were written: they stay when their process is gone, and numbers come again.
fn maps() -> HashMap<PathBuf, SystemTime> {
    let map = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.expect("an entry").path();
        let name = path.file_name()?.to_string_lossy();
        let modified = path.metadata().ok()?.modified().ok()?;
        (name.starts_with("perf-") && name.ends_with(".map")).then_some((path, modified))
    };
    fs::read_dir("/tmp").expect("the folder of the maps").filter_map(map).collect()
}

/// The maps in which a function of this name occurs. They are removed.
fn maps_with(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for path in maps().into_keys() {
        let Ok(map) = fs::read_to_string(&path) else { continue };
        if map.contains(name) {
            fs::remove_file(&path).expect("a map of ours");
            found.push(map);
        }
    }
    found
}

#[test]
fn commands_write_maps_in_workers_too() {
    let folder = tempfile::tempdir().expect("a folder");
    for command in ["run", "wast", "compare"] {
        let name = format!("unlikely_{command}_{}", std::process::id());
        let module = format!("(module (func ${name} (export \"f\")))");
        fs::write(folder.path().join("m.wat"), &module).expect("a file");
        fs::write(folder.path().join("s.wast"), format!("{module}\n(assert_return (invoke \"f\"))"))
            .expect("a file");
        let arguments: &[&str] = match command {
            "run" => &["run", "m.wat"],
            "wast" => &["wast", "s.wast", "--engine", "aot,jit"],
            _ => &["compare", "s.wast"],
        };
        for (profile, wanted) in [(&[][..], 0..=0), (&["--profile", "perfmap"], 1..=3)] {
            let mut program = Command::new(env!("CARGO_BIN_EXE_trapline"));
            program.args(arguments).args(profile).current_dir(folder.path());
            let before = maps();
            let child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
            let own = PathBuf::from(format!("/tmp/perf-{}.map", child.id()));
            let output = child.wait_with_output().expect("it ends");
            // Only workers load modules, and a process that loads none has no map.
            let modified = own.metadata().and_then(|metadata| metadata.modified()).ok();
            assert!(modified.is_none() || modified.as_ref() == before.get(&own), "{command} {profile:?}");
            assert!(output.status.success(), "{output:?}");
            let maps = maps_with(&name);
            assert!(wanted.contains(&maps.len()), "{command} {profile:?}: {maps:#?}");
            for line in maps.iter().flat_map(|map| map.lines()) {
                assert!(entry(line).1 > 0, "{line}");
            }
        }
    }
}
