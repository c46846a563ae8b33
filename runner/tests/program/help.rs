//! What `--help` says, the completions and the manual.

use super::place::Place;
use std::fs;
use std::path::Path;

/// The commands, with the ones below them, as `--help` lists them.
fn commands(place: &Place, above: &[String]) -> Vec<Vec<String>> {
    let text = help(place, above);
    let Some((_, list)) = text.split_once("\nCommands:\n") else { return vec![above.to_vec()] };
    let names = list.lines().take_while(|line| !line.is_empty()).filter_map(|line| {
        let name = line.strip_prefix("  ")?;
        name.split_whitespace().next().filter(|name| !name.is_empty() && line.as_bytes()[2] != b' ')
    });
    let mut all = vec![above.to_vec()];
    for name in names.filter(|&name| name != "help") {
        let below: Vec<String> = above.iter().cloned().chain([name.to_owned()]).collect();
        all.extend(commands(place, &below));
    }
    all
}

fn help(place: &Place, command: &[String]) -> String {
    let words: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
    let run = place.run(&words);
    run.expect(0, &["Usage: trapline"]);
    run.out
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The documentation that is meant for `--help`: of commands, arguments and the values of arguments. That of groups of
/// arguments is for readers of the code.
fn documentation(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut text, mut inside, mut parses) = (String::new(), false, false);
    let mut attribute = String::new();
    for line in source.lines() {
        let trimmed = line.trim();
        if let Some(doc) = trimmed.strip_prefix("///") {
            let separator = if doc.trim().is_empty() { "\n" } else { " " };
            text.push_str(separator);
            text.push_str(doc.trim());
        } else if trimmed.starts_with("#[") || !attribute.is_empty() {
            attribute.push_str(trimmed);
            let derived = ["Args", "Parser", "Subcommand", "ValueEnum"];
            if attribute.starts_with("#[derive(") {
                parses = derived.iter().any(|name| attribute.contains(name));
            }
            if attribute.contains("hide = true") {
                text.clear();
            }
            if attribute.matches('[').count() == attribute.matches(']').count() {
                attribute.clear();
            }
        } else {
            let begins = ["struct ", "enum "].iter().any(|word| {
                let line = trimmed.strip_prefix("pub(super) ").unwrap_or(trimmed);
                line.starts_with(word)
            });
            let is_command = trimmed.contains("struct Arguments") || trimmed.contains("struct Cli");
            if (begins && parses && is_command) || (inside && !begins) {
                found.push(std::mem::take(&mut text));
            }
            if begins {
                inside = parses;
                parses = false;
            }
            if line.starts_with('}') {
                inside = false;
            }
            text.clear();
        }
    }
    found.retain(|text| !text.is_empty());
    found
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(fs::read_to_string(path).expect("text"));
        }
    }
}

#[test]
fn every_sentence_about_arguments_reaches_help() {
    let place = Place::empty();
    let commands = commands(&place, &[]);
    assert!(commands.len() > 13, "{commands:?}");
    let shown: Vec<String> = commands.iter().map(|command| words(&help(&place, command))).collect();
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli"), &mut files);
    let texts: Vec<String> = files.iter().flat_map(|source| documentation(source)).collect();
    let sentences: Vec<&str> = texts.iter().flat_map(|text| text.split('\n')).flat_map(split).collect();
    assert!(sentences.len() > 150, "{sentences:#?}");
    let missing: Vec<&&str> = sentences
        .iter()
        .filter(|sentence| {
            let wanted = words(sentence);
            // The last dot of a paragraph is left out.
            let wanted = wanted.trim_end_matches('.');
            !shown.iter().any(|text| text.contains(wanted))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

fn split(paragraph: &str) -> impl Iterator<Item = &str> {
    paragraph.split_inclusive(". ").map(str::trim).filter(|sentence| !sentence.is_empty())
}

#[test]
fn help_is_grouped_and_has_examples() {
    let place = Place::empty();
    for command in ["wast", "run", "compare", "compile"] {
        let help = place.run(&[command, "--help"]);
        help.expect(0, &["\nFeatures:\n", "\nCode and heap:\n", "\nProcesses and limits:\n"]);
        let (_, examples) = help.out.split_once("\nExamples:\n").expect("examples");
        let lines: Vec<&str> = examples.lines().take_while(|line| line.starts_with("  ")).collect();
        let own = format!("  trapline {command}");
        assert!(lines.iter().filter(|line| line.starts_with(&own)).count() >= 3, "{lines:#?}");
    }
    for command in ["wast", "compare"] {
        place.run(&[command, "--help"]).expect(0, &["\nScripts:\n", "\nEngines:\n", "\nReports:\n"]);
    }
}

#[test]
fn completions_name_commands_and_options() {
    let place = Place::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = place.run(&["completions", shell]);
        run.expect(0, &["precompile-save", "objdump", "manpages"]);
        // Nothing in it was taken for a name that acts on terminals.
        assert!(!run.out.contains("\\u{"), "{shell}");
    }
    place.run(&["completions", "sh"]).expect(2, &["bash", "zsh"]);
}

#[test]
fn every_command_has_a_manual_page() {
    let place = Place::new(&[("file", "")]);
    place.run(&["manpages", "man/man1"]).expect(0, &[]);
    for command in commands(&place, &[]) {
        let name = ["trapline".to_owned()].into_iter().chain(command).collect::<Vec<_>>().join("-");
        let page = place.read(&format!("man/man1/{name}.1"));
        assert!(page.contains(".SH SYNOPSIS"), "{name}: {page}");
    }
    assert!(place.read("man/man1/trapline-wast.1").contains("one outcome, and only `pass` is green"));
    place.run(&["manpages", "file"]).expect(2, &["failed to create the folder file: "]);
}

#[test]
fn colors_are_a_choice() {
    let place = Place::new(&[("bad.wast", "(module) (assert_invalid (module) \"\")")]);
    let colored = |words: &[&str]| {
        let run = place.run(words);
        run.out.contains('\x1b') || run.err.contains('\x1b')
    };
    assert!(!colored(&["wast", "bad.wast"]));
    assert!(!colored(&["--color", "auto", "wast", "bad.wast"]));
    assert!(colored(&["--color", "always", "wast", "bad.wast"]));
    assert!(colored(&["wast", "bad.wast", "--color=always", "--format", "terse"]));
    assert!(!colored(&["wast", "bad.wast", "--color=never"]));
    // Arguments that are not understood are reported in the same way.
    assert!(colored(&["wast", "--color=always", "--bogus"]));
    assert!(!colored(&["wast", "--color=never", "--bogus"]));
    place.run(&["wast", "bad.wast", "--color=always", "-o", "report.txt"]).expect(1, &[]);
    assert!(!place.read("report.txt").contains('\x1b'));
    let mut command = place.command(&["wast", "bad.wast", "--color=always"]);
    let run = super::place::Run::of({
        command.env("NO_COLOR", "1");
        command
    });
    assert!(run.out.contains('\x1b'), "an option is nearer than the environment: {run:?}");
    place.run(&["wast", "--color", "sometimes"]).expect(2, &["always"]);
}

#[test]
fn a_quiet_run_says_what_is_wrong_and_the_totals() {
    let good = "(module (func (export \"f\")))";
    let bad = "(module) (assert_invalid (module) \"\")";
    let place = Place::new(&[("good.wast", good), ("bad.wast", bad)]);
    assert_eq!(place.run(&["wast", "-q", "good.wast"]).out, "aot: 1 directive in 1 file: 1 pass, 0 fail\n");
    let terse = place.run(&["wast", "--quiet", "--format", "terse", "good.wast"]);
    assert_eq!(terse.out, "aot: 1 directive in 1 file: 1 pass, 0 fail\n");
    let run = place.run(&["wast", "-q", "good.wast", "bad.wast"]);
    run.expect(
        1,
        &["fail bad.wast:1:10 assert_invalid\n", "\naot: 3 directives in 2 files: 2 pass, 1 fail\n"],
    );
    assert!(!run.out.contains("good.wast") && run.out.matches("fail bad.wast").count() == 1, "{run:?}");
    let compared = place.run(&["compare", "-q", "--engine", "aot,jit", "good.wast"]);
    compared.expect(0, &["aot: 1 directive in 1 file"]);
    assert!(!compared.out.contains("good.wast"), "{compared:?}");
    place.run(&["wast", "-q", "--format", "json", "good.wast"]).expect(2, &["--quiet"]);
}
