//! The scripts in `regressions/` say what they are about, and its README lists them all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use trapline::discover::{Bug, Header, Request, discover};

/// A script: its folder, its name, its text.
struct Script {
    family: String,
    slug: String,
    text: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../regressions")
}

fn scripts() -> Vec<Script> {
    let request = Request { paths: vec![folder()], ..Request::default() };
    let selected = discover(&request, Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let name = |part: Option<&std::ffi::OsStr>| part.unwrap().to_str().unwrap().to_owned();
    let script = |path: &Path| Script {
        family: name(path.parent().unwrap().file_name()),
        slug: name(path.file_stem()),
        text: std::fs::read_to_string(path).unwrap(),
    };
    selected.inputs.iter().map(|input| script(input.path().unwrap())).collect()
}

#[test]
fn every_script_says_what_it_is_about() {
    for Script { family, slug, text } in scripts() {
        let at = format!("{family}/{slug}.wast");
        let Some(Bug { id, layer: Some(_), source: Some(_), expect: Some(_) }) =
            Header::parse(&text).unwrap().bug
        else {
            panic!("{at}: a header with `id`, `layer`, `source` and `expect` is wanted");
        };
        assert_eq!(id, slug, "{at}: the id is the name of the file");
        assert!(text.contains("Red when:"), "{at}: nobody has seen it red");
    }
}

#[test]
fn the_readme_lists_every_script() {
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let mut families: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for Script { family, slug, text } in scripts() {
        let bug = Header::parse(&text).unwrap().bug.unwrap();
        let (source, expect) = (bug.source.unwrap(), bug.expect.unwrap());
        let row = format!("| [{slug}]({family}/{slug}.wast) | {source} | {expect} |");
        families.entry(family).or_default().push(row);
    }
    for (family, rows) in families {
        let heading = format!("## {family} ({})", rows.len());
        let mut sections = readme.split("\n## ").map(|section| format!("## {section}"));
        let section = sections.find(|section| section.lines().next() == Some(&heading));
        let section = section.unwrap_or_else(|| panic!("regressions/README.md has no `{heading}`"));
        let listed: Vec<_> = section.lines().filter(|line| line.starts_with("| [")).collect();
        assert_eq!(
            listed, rows,
            "the rows of `{heading}` in regressions/README.md, as the headers have them"
        );
    }
}
