use super::*;
use std::fs;

fn tree(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, "(module)").expect("a file");
    }
    folder
}

fn names(selected: &Selected) -> Vec<&str> {
    selected.inputs.iter().map(|input| &*input.name).collect()
}

fn request(paths: &[&Path]) -> Request {
    Request { paths: paths.iter().map(|&path| path.to_owned()).collect(), ..Request::default() }
}

#[test]
fn folders_are_walked_in_order() {
    let folder = tree(&["b.wast", "a/z.wast", "a/.git/x.wast", "a/notes.txt"]);
    let selected = discover(&request(&[folder.path()]), Path::new("/")).expect("scripts");
    let root = folder.path().display();
    assert_eq!(names(&selected), [format!("{root}/a/z.wast"), format!("{root}/b.wast")]);
    assert!(selected.whole().is_empty());
}

#[test]
fn a_file_is_run_once() {
    let folder = tree(&["a.wast"]);
    let file = folder.path().join("a.wast");
    let selected = discover(&request(&[&file, folder.path()]), Path::new("/")).expect("scripts");
    assert_eq!(selected.inputs.len(), 1);
}

#[test]
fn paths_that_lead_nowhere() {
    let folder = tree(&["empty/readme.txt"]);
    let error = |path: &Path| discover(&request(&[path]), Path::new("/")).expect_err("no scripts");
    assert!(matches!(error(&folder.path().join("none")), DiscoverError::Missing(_)));
    assert!(matches!(error(&folder.path().join("empty")), DiscoverError::Empty(_)));
    assert!(matches!(error(Path::new("/dev/null")), DiscoverError::Special(_)));
}

#[test]
fn the_default_is_suite_and_regressions() {
    let folder = tree(&["spec-tests/manifest.toml", "spec-tests/testsuite/a.wast", "regressions/x/bug.wast"]);
    let below = folder.path().join("regressions");
    let selected = discover(&Request::default(), &below).expect("scripts");
    // The variable decides before the clone does, if this test runs with one.
    assert_eq!(names(&selected).last(), Some(&"regressions/x/bug.wast"));
    assert!(selected.inputs[0].suite().is_some());
    assert!(!selected.whole().is_empty());
}

#[test]
fn filters() {
    let suite = Some(Selection::Edition(Edition::V2));
    let filter = |only: &[&str], skip: &[&str], exact| Filter {
        only: only.iter().map(|&s| s.to_owned()).collect(),
        skip: skip.iter().map(|&s| s.to_owned()).collect(),
        exact,
    };
    let count = |filter| {
        let request = Request { suite: suite.clone(), filter, ..Request::default() };
        let selected = discover(&request, Path::new("/")).expect("scripts");
        (selected.inputs.len(), selected.whole().len())
    };
    assert_eq!(count(filter(&[], &[], false)), (90, 1));
    assert_eq!(count(filter(&["memory_init", "memory_copy"], &[], false)), (2, 0));
    assert_eq!(count(filter(&["memory_"], &["memory_init"], false)).1, 0);
    assert_eq!(count(filter(&["memory_init"], &[], true)), (0, 0));
    assert_eq!(count(filter(&["core/memory_init.wast"], &[], true)), (1, 0));
}

#[test]
fn reruns_select_the_same_script() {
    let folder = tree(&["top.wast", "proposals/threads/atomic.wast"]);
    let suite = Suite::checkout(folder.path()).expect("a suite");
    for file in suite.files {
        let arguments = rerun_arguments(&Input::from(file.clone()));
        let root = folder.path().display();
        assert_eq!(arguments, format!("--suite {root} --exact --filter {}", file.name));
    }
    let file = Suite::edition(Edition::V2).files.remove(0);
    assert_eq!(rerun_arguments(&Input::from(file)), "--spec v2 --exact --filter core/address.wast");
    assert_eq!(quoted("it's"), r"'it'\''s'");
}

#[test]
fn what_cannot_be_read_in_a_folder_is_a_script_of_its_own() {
    let folder = tree(&["a.wast", "b/c.wast"]);
    let at = |name: &str| folder.path().join(name);
    std::os::unix::fs::symlink("nowhere", at("dangling.wast")).expect("a link");
    std::os::unix::fs::symlink("..", at("b/loop")).expect("a link");
    std::os::unix::fs::symlink("self", at("self")).expect("a link");
    let selected = discover(&request(&[folder.path()]), Path::new("/")).expect("scripts");
    let names = ["a.wast", "b/c.wast", "b/loop", "dangling.wast", "self"];
    let found: Vec<_> = selected.inputs.iter().map(|input| (&*input.name, input.read().is_ok())).collect();
    let wanted = names.map(|name| at(name).to_string_lossy().into_owned());
    let wanted: Vec<_> =
        wanted.iter().zip([true, true, false, false, false]).map(|(name, ok)| (&**name, ok)).collect();
    assert_eq!(found, wanted);
}

#[test]
fn two_paths_of_one_file_are_two_scripts() {
    let folder = tree(&["a.wast"]);
    std::os::unix::fs::symlink("a.wast", folder.path().join("b.wast")).expect("a link");
    fs::hard_link(folder.path().join("a.wast"), folder.path().join("c.wast")).expect("a link");
    for name in ["a.wast", "b.wast", "c.wast"] {
        let filter = Filter { only: vec![name.to_owned()], ..Filter::default() };
        let request = Request { filter, ..request(&[folder.path()]) };
        assert_eq!(discover(&request, Path::new("/")).expect("a script").inputs.len(), 1, "{name}");
    }
    let dotted = folder.path().join(".").join("a.wast");
    let selected = discover(&request(&[&dotted, folder.path()]), Path::new("/")).expect("scripts");
    assert_eq!(selected.inputs.len(), 3);
}
