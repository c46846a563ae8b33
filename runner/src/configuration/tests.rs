use super::*;
use std::fs;
use tempfile::TempDir;

fn place(files: &[(&str, &str)]) -> TempDir {
    let place = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let path = place.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, content).expect("a file");
    }
    place
}

fn input(place: &TempDir, name: &str) -> Input {
    Input { name: name.into(), source: Source::File(place.path().join(name)) }
}

fn search() -> Sources {
    Sources { search: true, ..Sources::default() }
}

fn settings(place: &TempDir, name: &str) -> Settings {
    let input = input(place, name);
    let configuration =
        Configuration::load(std::slice::from_ref(&input), &search()).expect("a configuration");
    configuration.of(&input).clone()
}

fn seconds(place: &TempDir, name: &str) -> Option<u64> {
    settings(place, name).timeout.map(|timeout| timeout.as_secs())
}

#[test]
fn the_nearest_file_with_an_entry_for_a_script_counts() {
    let place = place(&[
        (".git/HEAD", ""),
        ("trapline.toml", "[[scripts]]\ntimeout = 1\nfeatures = { simd = false }\n"),
        ("near/trapline.toml", "[[scripts]]\nfiles = [\"a*\"]\ntimeout = 2\n"),
        ("project/.git", ""),
        ("project/deep/x.wast", ""),
    ]);
    assert_eq!(seconds(&place, "x.wast"), Some(1));
    assert_eq!(seconds(&place, "near/a.wast"), Some(2));
    assert_eq!(settings(&place, "near/a.wast").features, []);
    assert_eq!(seconds(&place, "near/b.wast"), Some(1));
    assert_eq!(settings(&place, "near/b.wast").features, [(WasmFeatures::SIMD, false)]);
    assert_eq!(seconds(&place, "project/deep/x.wast"), None);
    assert!(settings(&place, "near/a.wast").file.expect("a file").ends_with("near/trapline.toml"));
}

#[test]
fn later_entries_of_a_file_count_more() {
    let place = place(&[
        (".git/HEAD", ""),
        (
            "trapline.toml",
            "[[scripts]]\nfeatures = { simd = false, gc = false }\ntimeout = 5\n\
             [[scripts]]\nfiles = [\"simd/**\"]\nfeatures = { relaxed_simd = true, simd = true }\n\
             [[scripts]]\nfiles = [\"simd/slow/*.wast\", \"**/slow.wast\"]\ntimeout = 60\n",
        ),
        ("simd/slow/x.wast", ""),
        ("other/slow.wast", ""),
    ]);
    let features = |name: &str| settings(&place, name).apply(WasmFeatures::SIMD | WasmFeatures::GC);
    assert_eq!(features("a.wast"), WasmFeatures::empty());
    assert_eq!(features("simd/a.wast"), WasmFeatures::SIMD | WasmFeatures::RELAXED_SIMD);
    assert_eq!(seconds(&place, "simd/a.wast"), Some(5));
    assert_eq!(seconds(&place, "simd/slow/x.wast"), Some(60));
    assert_eq!(seconds(&place, "other/slow.wast"), Some(60));
}

#[test]
fn mistakes_have_a_place() {
    let refused = |text: &str| {
        let place = place(&[(".git/HEAD", ""), ("trapline.toml", text)]);
        let error = Configuration::load(&[input(&place, "a.wast")], &search()).expect_err("a mistake");
        let error = error.to_string();
        error.rsplit_once("trapline.toml:").expect("the file").1.to_owned()
    };
    assert_eq!(refused("[[scripts]]\nfiles = []\n"), "2:9: an entry with an empty `files`");
    assert!(refused("[[scripts]]\nfiles = [\"../x\"]\n").starts_with("2:10: `../x` is not a pattern"));
    assert!(refused("[[scripts]]\nfiles = [\"/x\"]\n").starts_with("2:10: `/x` is not a pattern"));
    assert!(refused("[[scripts]]\ntimeout = 0\n").starts_with("2:11: `timeout` must be at least 1"));
    assert!(refused("[[scripts]]\ntimeout = -1\n").starts_with("2:11: "));
    assert!(refused("[[scripts]]\ntime = 1\n").starts_with("2:1: unknown field `time`"));
    assert!(refused("[[script]]\n").starts_with("1:3: unknown field `script`"));
    assert_eq!(
        refused("[[scripts]]\nfeatures = { simd = true, thread = true }\n"),
        "2:27: no feature is called `thread`, did you mean `threads`?"
    );
    assert_eq!(refused("[[scripts]]\n[scripts.features]\ngc = 1\n"), "3:6: `gc` must be true or false");
    assert!(refused("[[scripts]]\nfeatures = { cm_async = true }\n").contains("a feature of components"));
    assert!(
        refused("[[scripts]]\nexpectations = \"none.toml\"\n").starts_with("2:16: failed to read the exp")
    );
    assert!(refused("x = \n").starts_with("1:"));
}

#[test]
fn nothing_is_looked_for_if_that_is_not_wanted() {
    let place = place(&[("trapline.toml", "not toml")]);
    let input = input(&place, "a.wast");
    let configuration =
        Configuration::load(std::slice::from_ref(&input), &Sources::default()).expect("nothing");
    assert_eq!(configuration.of(&input).timeout, None);
    assert!(configuration.files().is_empty());
}

/// What comes from the standard input lies in no folder.
#[test]
fn files_alone_have_a_configuration() {
    let place = place(&[("trapline.toml", "[[scripts]]\ntimeout = 1\n")]);
    let file = input(&place, "a.wast");
    let stdin = Input { name: "-".into(), source: Source::Stdin([].into()) };
    let configuration =
        Configuration::load(&[file.clone(), stdin.clone()], &search()).expect("a configuration");
    assert_eq!(configuration.of(&file).timeout, Some(Duration::from_secs(1)));
    assert_eq!(configuration.of(&stdin).timeout, None);
    assert_eq!(configuration.without_timeouts().of(&file).timeout, None);
}
