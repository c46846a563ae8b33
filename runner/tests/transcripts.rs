//! What README.md and docs/ show of the program is what it prints.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[allow(dead_code, reason = "other tests need the rest of it")]
#[path = "program/place.rs"]
mod place;

use place::{Place, Run};

/// Commands that need a program or a kernel that not every machine has, and the test that runs them.
const ELSEWHERE: [(&str, &str); 3] = [
    ("gdb ", "runner/tests/gdb.rs"),
    ("perf ", "runner/tests/perf_map.rs"),
    ("trapline sandbox", "runner/tests/program/sandbox.rs"),
];

/// A command of a text and the lines that it is said to print.
#[derive(Debug)]
struct Transcript {
    line: usize,
    command: String,
    output: Vec<String>,
}

fn transcripts(text: &str) -> Vec<Transcript> {
    let mut found: Vec<Transcript> = Vec::new();
    let mut open = false;
    let lines: Vec<&str> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        if let Some(command) = line.strip_prefix("    $ ") {
            let command = command.replace("cargo run --release -- ", "trapline ");
            found.push(Transcript { line: index + 1, command, output: Vec::new() });
            open = true;
            continue;
        }
        // An empty line is one of the output if more of it follows.
        let more =
            || lines[index..].iter().find(|line| !line.is_empty()).is_some_and(|l| l.starts_with("    "));
        let shown = line.strip_prefix("    ").or((line.is_empty() && more()).then_some(""));
        match (shown, found.last_mut()) {
            (Some(shown), Some(transcript)) if open => transcript.output.push(shown.to_owned()),
            _ => open = false,
        }
    }
    for transcript in &mut found {
        let end = transcript.output.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        transcript.output.truncate(end);
    }
    found
}

/// A line without what differs from run to run and from build to build: times and hashes.
fn stable(line: &str) -> String {
    let mut words: Vec<&str> = line.split(' ').collect();
    for index in 0..words.len() {
        let is_time = index > 0 && words[index - 1] == "in" && words[index].parse::<f64>().is_ok();
        let digits = words[index].trim_end_matches(',');
        let is_hash = digits.len() >= 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        // Addresses in a symbol table begin with zeros and are the same everywhere.
        if is_time || (is_hash && !digits.starts_with("00000000")) {
            words[index] = "#";
        }
    }
    words.join(" ")
}

/// Whether lines are those of a text in which `...` alone is any number of lines, and at the end of a line the rest of it.
fn matches(wanted: &[String], got: &[&str]) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return got.is_empty() };
    if first == "..." {
        return (0..=got.len()).any(|skipped| matches(rest, &got[skipped..]));
    }
    let Some((line, others)) = got.split_first() else { return false };
    let same = match first.strip_suffix("...") {
        Some(start) => stable(line).starts_with(&stable(start)),
        None => stable(line) == stable(first),
    };
    same && matches(rest, others)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_owned()
}

fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).expect("docs/");
    let mut pages: Vec<PathBuf> = docs.map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.push(root().join("README.md"));
    pages.sort();
    pages
}

/// A folder with the files of docs/examples, where `trapline` is a command.
fn examples() -> Place {
    let place = Place::empty();
    for entry in fs::read_dir(root().join("docs/examples")).expect("docs/examples") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        place.write(name, fs::read(&path).expect("an example"));
    }
    place
}

fn run(place: &Place, command: &str) -> Run {
    let program = Path::new(env!("CARGO_BIN_EXE_trapline"));
    let folder = program.parent().expect("a folder").display();
    let path = std::env::var("PATH").expect("PATH");
    let both = format!("{command} 2>&1");
    let mut shell: Command = place.command_of(Path::new("sh"), &["-c", &both]);
    shell.env("PATH", format!("{folder}:{path}"));
    Run::of(shell)
}

#[test]
fn texts_show_what_the_program_prints() {
    let mut elsewhere = [0; ELSEWHERE.len()];
    let mut wrong = Vec::new();
    for page in pages() {
        let place = examples();
        for transcript in transcripts(&fs::read_to_string(&page).expect("text")) {
            let Transcript { line, command, output } = &transcript;
            if let Some(index) = ELSEWHERE.iter().position(|(start, _)| command.starts_with(start)) {
                elsewhere[index] += 1;
                continue;
            }
            let run = run(&place, command);
            let got: Vec<&str> = run.out.lines().collect();
            let fits = match output.is_empty() {
                true => run.code == Some(0),
                false => matches(output, &got),
            };
            if !fits {
                wrong.push(format!("{}:{line}: {command}\n{}", page.display(), run.out));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for ((start, test), count) in ELSEWHERE.iter().zip(elsewhere) {
        assert!(count > 0, "no text shows `{start}`");
        assert!(root().join(test).is_file(), "{test}");
    }
}

#[test]
fn transcripts_are_found_and_compared() {
    let text = "a\n\n    $ cargo run --release -- x\n    one in 0.15 s\n\n    two\n\nb\n\n    $ y\n    $ z\n    c ...\n";
    let found = transcripts(text);
    let of = |index: usize| (found[index].command.as_str(), found[index].output.join("|"));
    assert_eq!(of(0), ("trapline x", "one in 0.15 s||two".to_owned()));
    assert_eq!(of(1), ("y", String::new()));
    assert_eq!(of(2), ("z", "c ...".to_owned()));
    assert!(matches(&found[0].output, &["one in 2.5 s", "", "two"]));
    assert!(!matches(&found[0].output, &["one in 2.5 s", "two"]));
    assert!(!matches(&found[0].output, &["one in 2.5 s", "", "two", "three"]));
    assert!(matches(&found[2].output, &["c d"]) && !matches(&found[2].output, &["d"]));
    let skipping = ["a".to_owned(), "...".to_owned(), "d".to_owned()];
    assert!(matches(&skipping, &["a", "b", "c", "d"]) && matches(&skipping, &["a", "d"]));
    assert!(!matches(&skipping, &["a", "b"]));
}

/// The table of proposals in README.md has a row for every feature of modules, and says of it what the program says.
#[test]
fn the_table_of_proposals_is_true() {
    let run = Place::empty().run(&["features", "--format", "json"]);
    run.expect(0, &[]);
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().expect("text").to_owned();
    let mut wanted: Vec<String> = Vec::new();
    for line in run.out.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("JSON");
        if text(&row, "edition") != "component" {
            let cells = ["name", "edition", "state", "default"].map(|key| text(&row, key));
            wanted.push(format!("| `{}` | {} | {} | {} |", cells[0], cells[1], cells[2], cells[3]));
        }
    }
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let (_, table) =
        readme.split_once("| Proposal | Edition | State | Default |\n|-|-|-|-|\n").expect("a table");
    let rows: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
    assert_eq!(rows, wanted);
}
