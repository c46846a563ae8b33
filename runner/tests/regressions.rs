//! The scripts in `regressions/` that have a `[bug]` table say all that belongs to it, and the README there lists them.
//! Whatever else lies there is a script like any other.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use trapline::discover::{Bug, Header, Request, discover};

/// A script about a bug.
struct Script {
    /// Its path below the folder.
    path: String,
    bug: Bug,
    text: String,
}

impl Script {
    fn family(&self) -> &str {
        self.path.rsplit_once('/').map_or("regressions", |(folder, _)| folder)
    }

    fn slug(&self) -> &str {
        let name = self.path.rsplit_once('/').map_or(self.path.as_str(), |(_, name)| name);
        name.strip_suffix(".wast").unwrap()
    }

    fn row(&self) -> String {
        let Bug { id, source, expect, .. } = &self.bug;
        let cell = |text: &Option<String>| text.clone().unwrap_or_default().replace('|', "\\|");
        format!("| [{id}]({}) | {} | {} |\n", self.path, cell(source), cell(expect))
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../regressions")
}

fn scripts() -> Vec<Script> {
    let request = Request { paths: vec![folder()], ..Request::default() };
    let selected = discover(&request, Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let script = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap();
        let bug = Header::parse(&text).unwrap().bug?;
        let path = path.strip_prefix(folder()).unwrap().to_str().unwrap().to_owned();
        Some(Script { path, bug, text })
    };
    selected.inputs.iter().filter_map(|input| script(input.path().unwrap())).collect()
}

#[test]
fn every_bug_is_described() {
    for script in scripts() {
        let at = &script.path;
        let Bug { id, layer: Some(_), source: Some(_), expect: Some(_) } = &script.bug else {
            panic!("{at}: a `[bug]` table with `id`, `layer`, `source` and `expect` is wanted");
        };
        assert_eq!(id, script.slug(), "{at}: the id is the name of the file");
        assert!(script.text.contains("Red when:"), "{at}: it has no `Red when:`");
    }
}

/// The README with the table of each family as the headers have it. What else a section says stays.
fn brought_up_to_date(readme: &str) -> String {
    let mut tables: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for script in scripts() {
        let (count, rows) = tables.entry(script.family().to_owned()).or_default();
        *count += 1;
        rows.push_str(&script.row());
    }
    let is_table = |line: &&str| line.starts_with('|');
    let mut sections = readme.split("\n## ");
    let mut text = sections.next().unwrap_or_default().to_owned();
    for section in sections {
        let title = section.lines().next().unwrap_or_default();
        let family = title.rsplit_once(" (").map_or(title, |(family, _)| family);
        match tables.remove(family) {
            None => write!(text, "\n## {section}").unwrap(),
            Some((count, rows)) => {
                let lines: Vec<_> = section.lines().skip(1).filter(|line| !is_table(line)).collect();
                let prose = lines.join("\n");
                let head = format!("\n## {family} ({count})\n\n{}\n\n{TABLE}{rows}", prose.trim());
                text.push_str(&head);
            }
        }
    }
    for (family, (count, rows)) in tables {
        write!(text, "\n## {family} ({count})\n\n{TABLE}{rows}").unwrap();
    }
    text
}

const TABLE: &str = "| script | source | expected |\n|-|-|-|\n";

#[test]
fn the_readme_lists_every_bug() {
    let path = folder().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let wanted = brought_up_to_date(&readme);
    if std::env::var_os("TRAPLINE_BLESS").is_some() {
        return std::fs::write(&path, wanted).unwrap();
    }
    let differs = readme.lines().zip(wanted.lines()).find(|(found, wanted)| found != wanted);
    assert!(
        readme == wanted,
        "regressions/README.md is not up to date; `TRAPLINE_BLESS=1 cargo test --test regressions` makes it so. The \
         first difference: {differs:#?}"
    );
}

/// The lines of JSON of `trapline mutate` on scripts.
fn mutated(scripts: &BTreeSet<String>, arguments: &[&str]) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_trapline"))
        .args(["mutate", "--format", "json"])
        .args(arguments)
        .args(scripts)
        .current_dir(folder())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A script that is green on every broken engine protects from nothing. Mutants of its own modules come first, few and then
/// more; what has no code that runs is about decoding, validation or instantiation, and notices a fault there.
#[test]
fn every_script_notices_a_broken_engine() {
    let mut blind: BTreeSet<String> = scripts().into_iter().map(|script| script.path).collect();
    for count in ["1", "3", "24"] {
        for line in mutated(&blind, &["--per-script", count]) {
            // What ends in a time-out may do so on a slow machine.
            if line["fate"] == "killed" {
                blind.remove(line["script"].as_str().unwrap());
            }
        }
    }
    if blind.is_empty() {
        return;
    }
    let faults = mutated(&blind, &["--faults"]);
    let still = &faults.last().unwrap()["blind"];
    assert_eq!(still, &serde_json::json!([]), "{faults:#?}");
}
