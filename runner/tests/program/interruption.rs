//! Runs of scripts that a signal ends.

use crate::place::{Place, Run};
use crate::workers::{children, wait_until};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

const GOOD: &str = "(module (func (export \"f\")))\n(invoke \"f\")\n";
const FAILS: &str = "(module (func (export \"f\") (result i32) (i32.const 1)))\n\
     (assert_return (invoke \"f\") (i32.const 2))\n";
const SPINS: &str = "(module (func (export \"spin\") (loop (br 0))))\n(invoke \"spin\")\n";

fn send(signal: &str, trapline: &Child) {
    let sent = Command::new("kill").args([signal, &trapline.id().to_string()]).status();
    assert!(sent.expect("it starts").success());
}

/// Runs until the first scripts have ended and one spins, and then sends a signal as often as is said.
fn interrupted(place: &Place, arguments: &[&str], signals: &[&str]) -> (Option<i32>, Run) {
    let mut command = place.command(&[&["wast", "-j1", "--timeout", "1000"], arguments].concat());
    let mut trapline = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut out = BufReader::new(trapline.stdout.take().expect("a pipe"));
    let mut said = String::new();
    while !said.contains("b.wast: ") {
        assert!(out.read_line(&mut said).expect("text") > 0, "{said}");
    }
    if !arguments.contains(&"--no-isolate") {
        wait_until_it_spins(&trapline);
    }
    for signal in signals {
        send(signal, &trapline);
    }
    out.read_to_string(&mut said).expect("text");
    let mut err = String::new();
    trapline.stderr.take().expect("a pipe").read_to_string(&mut err).expect("text");
    let status = trapline.wait().expect("it ends");
    (status.signal(), Run { code: status.code(), out: said, err })
}

fn scripts() -> Place {
    Place::new(&[("a.wast", GOOD), ("b.wast", FAILS), ("c.wast", SPINS), ("d.wast", GOOD)])
}

#[test]
fn an_interrupted_run_says_what_it_knows() {
    let reports = ["--report", "json=out.jsonl", "--report", "junit=out.xml"];
    for (name, number) in [("-INT", 2), ("-TERM", 15), ("-HUP", 1)] {
        let place = scripts();
        let (signal, run) = interrupted(&place, &[&["."], &reports[..]].concat(), &[name]);
        assert_eq!(signal, Some(number), "{run:#?}");
        assert!(run.err.contains(&format!("interrupted by SIG{}", &name[1..])), "{run:#?}");
        for part in [
            "not as expected: 1\n",
            "8 directives in 4 files: 4 pass, 1 fail, 3 not-run\n",
            "3 directives in 2 files not run: the run was interrupted\n",
            "FAILED in ",
        ] {
            assert!(run.out.contains(part), "no {part:?} in {run:#?}");
        }
        assert!(!run.out.contains("crash"), "{run:#?}");
        let xml = place.read("out.xml");
        assert!(xml.ends_with("</testsuites>\n"));
        assert!(xml.contains("3 directives in 2 files not run: the run was interrupted"), "{xml}");
        place.run(&["report", "show", "out.jsonl"]).expect(0, &["not run: the run was interrupted"]);
        let again = ["wast", "--rerun-failed", "out.jsonl", "--list"];
        place.run(&again).expect(0, &["./b.wast\n./c.wast\n./d.wast\n"]);
    }
}

/// What a script had found before the directive that was running is not lost.
#[test]
fn an_interrupted_script_says_what_it_knows() {
    let script = [FAILS, "(assert_return (invoke \"f\") (i32.const 1))\n", SPINS, GOOD].concat();
    for engines in ["aot", "aot,jit"] {
        for name in ["-INT", "-TERM"] {
            let place = Place::new(&[("a.wast", &*script)]);
            let command = if engines == "aot" { "wast" } else { "compare" };
            let words = [command, "a.wast", "--engine", engines, "--timeout", "1000"];
            let reports =
                ["--report", "json=out.jsonl", "--report", "junit=out.xml", "--report", "github=out.txt"];
            let mut command = place.command(&[&words[..], &reports[..]].concat());
            let trapline = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
            wait_until_it_spins(&trapline);
            send(name, &trapline);
            let run = Run::from(trapline.wait_with_output().expect("it ends"));
            for part in [
                "a.wast: 3 pass, 1 fail, 3 not-run\n",
                "fail a.wast:2:1 assert_return\n",
                "3 directives in 1 file not run: the run was interrupted\n",
            ] {
                assert!(run.out.contains(part), "no {part:?} in {run:#?}");
            }
            assert!(!run.out.contains("diverged"), "{run:#?}");
            place.run(&["report", "show", "out.jsonl"]).expect(
                0,
                &["7 directives in 1 file: 3 pass, 1 fail, 3 not-run", "3 directives in 1 file not run"],
            );
            let xml = place.read("out.xml");
            assert!(xml.contains("3 directives in 1 file not run: the run was interrupted"), "{xml}");
            assert_eq!(xml.matches("<failure").count(), 1, "{xml}");
            let text = place.read("out.txt");
            assert_eq!(text.matches("title=fail").count(), 1, "{text}");
        }
    }
}

/// Waits until the worker of a run has used more time of the processor than anything but an endless loop takes.
fn wait_until_it_spins(trapline: &Child) {
    /// Hundredths of a second.
    const TICKS: u64 = 50;
    let ticks = |id: u32| -> Option<u64> {
        let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        text.rsplit_once(") ")?.1.split(' ').nth(11)?.parse().ok()
    };
    wait_until("a worker spins", || {
        children(trapline.id()).into_iter().any(|id| ticks(id).is_some_and(|ticks| ticks > TICKS))
    });
}

/// What passes on an engine and was not compared any more does not count as compared.
#[test]
fn what_was_not_compared_is_not_run() {
    let place = Place::new(&[("a.wast", &*[FAILS, SPINS].concat())]);
    // The first engine comes to its end by the limit.
    let words = ["compare", "a.wast", "--engine", "aot,jit", "--timeout", "6"];
    let mut trapline =
        place.command(&words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let mut out = BufReader::new(trapline.stdout.take().expect("a pipe"));
    let mut said = String::new();
    while !said.contains("a.wast: ") {
        assert!(out.read_line(&mut said).expect("text") > 0, "{said}");
    }
    wait_until_it_spins(&trapline);
    send("-INT", &trapline);
    out.read_to_string(&mut said).expect("text");
    assert_eq!(trapline.wait().expect("it ends").signal(), Some(2));
    for part in [
        "aot: 4 directives in 1 file: 2 pass, 1 fail, 1 timeout\n",
        "jit: 4 directives in 1 file: 0 pass, 1 fail, 3 not-run\n",
        "jit compared with aot: 1 of 4 directives",
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
}

/// A second signal does not wait for anything.
#[test]
fn a_second_signal_ends_a_run_at_once() {
    let place = scripts();
    // The pipe is full soon: the run cannot come to its end by itself.
    (0..3000).for_each(|number| place.write(&format!("e{number:04}.wast"), FAILS));
    let mut command = place.command(&["wast", ".", "-j1", "--timeout", "1000"]);
    let mut trapline = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut err = BufReader::new(trapline.stderr.take().expect("a pipe"));
    let mut out = BufReader::new(trapline.stdout.take().expect("a pipe"));
    let mut first = String::new();
    assert!(out.read_line(&mut first).expect("text") > 0, "it has begun");
    while !first.contains("interrupted by SIGINT") {
        send("-INT", &trapline);
        assert!(err.read_line(&mut first).expect("text") > 0, "{first}");
    }
    send("-TERM", &trapline);
    let status = trapline.wait().expect("it ends");
    assert!(matches!(status.signal(), Some(2 | 15)), "{status:?}");
    drop(out);
}

/// A run in one process has nothing to end a script with, so it ends at once.
#[test]
fn a_run_without_workers_ends_at_once() {
    let place = scripts();
    let (signal, run) = interrupted(&place, &[".", "--no-isolate"], &["-INT"]);
    assert_eq!((signal, run.err.as_str()), (Some(2), ""));
    assert!(!run.out.contains("not run"), "{run:#?}");
}

/// What the other engines had not begun is accounted for, too.
#[test]
fn an_interrupted_comparison_says_what_it_knows() {
    let place = scripts();
    let mut command = place.command(&["compare", ".", "-j1", "--timeout", "1000", "--engine", "aot,jit"]);
    let mut trapline = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let mut out = BufReader::new(trapline.stdout.take().expect("a pipe"));
    let mut said = String::new();
    while !said.contains("b.wast: ") {
        assert!(out.read_line(&mut said).expect("text") > 0, "{said}");
    }
    send("-INT", &trapline);
    out.read_to_string(&mut said).expect("text");
    assert_eq!(trapline.wait().expect("it ends").signal(), Some(2));
    // Whether it came to the second script on the other engine depends on when the signal came.
    let totals = said.lines().find(|line| line.starts_with("jit: 8 directives in 4 files: "));
    assert!(totals.is_some_and(|line| line.ends_with(" not-run")), "{said}");
    assert!(said.contains("files not run: the run was interrupted"), "{said}");
}
