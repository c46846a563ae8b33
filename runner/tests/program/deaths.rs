//! Workers that die, stop or lie outside directives: no outcome is lost, nothing waits for ever, and what has run before is
//! not run for nothing.

use super::place::{Place, Run};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SCRIPT: &str = "(module (func (export \"f\") (result i32) (i32.const 1)))
(assert_return (invoke \"f\") (i32.const 1))
(assert_return (invoke \"f\") (i32.const 2))
";

const GOOD: &str = "(module (func (export \"g\"))) (invoke \"g\")";

/// Runs `a.wast` and then `b.wast` in one worker at a time, to which the hazard happens.
fn run(hazard: &str) -> (Run, Duration) {
    let place = Place::new(&[("a.wast", GOOD), ("b.wast", SCRIPT)]);
    let mut command =
        place.command(&["wast", "a.wast", "b.wast", "--jobs", "1", "--timeout", "1", "--format", "json"]);
    command.env("TRAPLINE_HAZARDS", hazard);
    let begin = Instant::now();
    (Run::of(command), begin.elapsed())
}

/// The directives of a file: outcomes, and what became of them.
fn outcomes(run: &Run, file: &str) -> Vec<(String, String)> {
    let lines = run.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    let directives = lines.filter(|line| line["type"] == "directive" && line["file"] == file);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    directives.map(|line| (text(&line["outcome"]), text(&line["actual"]))).collect()
}

/// Which outcome each directive of the second script has when nothing happens.
const UNDISTURBED: [&str; 3] = ["pass", "pass", "fail"];

#[track_caller]
fn is_undisturbed(run: &Run) {
    assert_eq!(run.code, Some(1), "{run:?}");
    let kinds: Vec<_> = outcomes(run, "b.wast").into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, UNDISTURBED, "{run:?}");
    assert_eq!(outcomes(run, "a.wast").len(), 2);
}

/// What happens to a worker once costs nothing: the script is tried again by another.
#[test]
fn a_death_outside_a_directive_costs_nothing() {
    for hazard in ["abort@parse#2", "abort@report#2", "abort@idle#1", "garbage@idle#1", "hold@report#2"] {
        let (run, _) = run(hazard);
        is_undisturbed(&run);
    }
}

/// What stops, and what says that it goes on for ever, is ended in time.
#[test]
fn every_wait_has_an_end() {
    for hazard in
        ["stop@idle#1", "stop@parse#2", "stop@report#2", "spin@parse#2", "crawl@parse#2", "steps@parse#2"]
    {
        let (run, took) = run(hazard);
        let [(first, cause), ..] = &outcomes(&run, "b.wast")[..] else { panic!("{run:?}") };
        match hazard {
            // Parsing would take as long another time.
            "spin@parse#2" => assert_eq!((&**first, &*outcomes(&run, "b.wast")[2].0), ("timeout", "timeout")),
            _ => {
                assert!(first == "pass", "{hazard}: {cause}");
                is_undisturbed(&run);
            }
        }
        assert!(took < Duration::from_secs(20), "{hazard}: {took:?}");
    }
}

/// What happens to every worker is what became of each directive, and the script is none that cannot be parsed.
#[test]
fn what_cannot_be_run_has_an_outcome_for_each_directive() {
    for (hazard, cause) in [
        ("abort@start", "the worker died before it began"),
        ("abort@parse", "the worker died while it parsed the script: SIGABRT"),
        ("abort@report", "the worker died when all directives were done: SIGABRT"),
        ("garbage@report", "a frame of"),
        ("steps@parse", "of a directive that is not due"),
        ("hold@parse", "the worker died while it parsed the script: exit code 0"),
    ] {
        let (run, _) = run(hazard);
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(!run.out.contains("script_error"), "{run:?}");
        let all = outcomes(&run, "b.wast");
        assert_eq!(all.len(), 3, "{run:?}");
        for (kind, text) in all {
            assert!(kind == "harness-error" && text.contains(cause), "{hazard}: {kind} {text}");
        }
    }
    let (run, _) = run("spin@start");
    assert!(outcomes(&run, "b.wast").iter().all(|(kind, _)| kind == "timeout"), "{run:?}");
    assert_eq!(outcomes(&run, "b.wast").len(), 3);
}

#[test]
fn a_directive_that_is_ended_has_its_time() {
    let place = Place::new(&[(
        "a.wast",
        "(module (func (export \"spin\") (loop (br 0))) (func (export \"f\")))\n(invoke \"f\")\n(invoke \"spin\")\n(invoke \"f\")",
    )]);
    let mut command = place.command(&["wast", "a.wast", "--timeout", "4", "--format", "json"]);
    command.env("TRAPLINE_LOG", "trapline=info");
    let run = Run::of(command);
    // It was slow before it was late, and nothing else was.
    let slow: Vec<_> = run.err.lines().filter(|line| line.contains("a directive is slow")).collect();
    assert!(matches!(&slow[..], [one] if one.contains("a.wast") && one.contains("line=3")), "{run:?}");
    let lines = run.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    let spins: Vec<_> = lines.filter(|line| line["outcome"] == "timeout").collect();
    assert_eq!(spins.len(), 1, "{run:?}");
    assert!(spins[0]["line"] == 3 && spins[0]["ms"].as_f64().is_some_and(|ms| ms >= 4000.0), "{}", spins[0]);
}

/// One error, and not one for each directive; the other engines run.
#[test]
fn an_engine_that_cannot_run_is_one_problem() {
    let place = Place::new(&[("a.wast", GOOD)]);
    for (command, engines) in [("wast", "linked,aot"), ("compare", "linked,aot,jit")] {
        let mut command = place.command(&[command, "--engine", engines, "a.wast"]);
        command.env("CC", "no-such-linker");
        let run = Run::of(command);
        assert_eq!(run.code, Some(70), "{run:?}");
        let problems: Vec<_> = run.out.lines().filter(|line| line.starts_with("problem ")).collect();
        assert_eq!(problems.len(), 1, "{run:?}");
        assert!(
            problems[0].contains("linked: this engine cannot run: failed to start the linker"),
            "{run:?}"
        );
        assert!(run.out.contains("aot: 2 directives in 1 file: 2 pass, 0 fail"), "{run:?}");
        assert!(!run.out.contains("linked: 2 directives"), "{run:?}");
    }
}

/// A report that is larger than files may be is an error like a full disk.
#[test]
fn a_report_beyond_the_size_of_files_is_an_error() {
    let place = Place::new(&[("a.wast", &*format!("{GOOD}{}", "(invoke \"g\")".repeat(9_000)))]);
    for output in ["--output r.json", "> r.json"] {
        let program = env!("CARGO_BIN_EXE_trapline");
        let script = format!("ulimit -f 8 && exec {program} wast a.wast --format json {output}");
        let run = Run::of(place.command_of("sh".as_ref(), &["-c", &script]));
        assert_eq!(run.code, Some(70), "{run:?}");
        assert!(run.err.contains("failed to write the report"), "{run:?}");
    }
}

/// A run that is interrupted takes its workers, what they have started, and its folders with it.
#[test]
fn an_interrupted_run_leaves_nothing() {
    let place = Place::new(&[("a.wast", GOOD)]);
    place.write("tmp/x", "");
    place.write("cc", "#!/bin/sh\necho $$ >$TMPDIR/pid\nexec sleep 1000\n");
    std::fs::set_permissions(place.path("cc"), std::fs::Permissions::from_mode(0o755)).expect("a file");
    let mut command = place.command(&["wast", "a.wast", "--engine", "linked"]);
    command.env("CC", place.path("cc")).env("TMPDIR", place.path("tmp"));
    let mut trapline = command.stdout(Stdio::null()).spawn().expect("it starts");
    let folders = || std::fs::read_dir(place.path("tmp")).expect("a folder").flatten();
    let linker = loop {
        let pids = folders().filter_map(|folder| std::fs::read_to_string(folder.path().join("pid")).ok());
        match pids.flat_map(|text| text.trim().parse::<u32>()).next() {
            Some(pid) => break pid,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let killed =
        Command::new("kill").args(["-TERM", &trapline.id().to_string()]).status().expect("it starts");
    assert!(killed.success());
    assert_eq!(trapline.wait().expect("it ends").signal(), Some(15));
    assert_eq!(folders().count(), 1);
    let is_alive = || match std::fs::read_to_string(format!("/proc/{linker}/stat")) {
        Ok(stat) => !stat.contains(") Z "),
        Err(_) => false,
    };
    while is_alive() {
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A worker without its linker is replaced like one that was killed.
#[test]
fn a_linker_that_is_killed_costs_nothing() {
    let place = Place::new(&[("a.wast", GOOD), ("b.wast", SCRIPT)]);
    let waits = |name: &str| {
        format!(
            "if [ ! -e killed-{name} ]; then echo $PPID >$TMPDIR/pid; while [ ! -e killed-{name} ]; do sleep 0.02; done; fi\n"
        )
    };
    // The first time is when the engine is tried, and the second one is in a script.
    let script = format!("#!/bin/sh\n{}{}exec cc \"$@\"\n", waits("1"), waits("2"));
    place.write("cc", script);
    std::fs::set_permissions(place.path("cc"), std::fs::Permissions::from_mode(0o755)).expect("a file");
    place.write("tmp/x", "");
    let mut command =
        place.command(&["wast", "a.wast", "b.wast", "--engine", "linked", "--jobs", "1", "--format", "json"]);
    command.env("CC", place.path("cc")).env("TMPDIR", place.path("tmp")).stdout(Stdio::piped());
    let trapline = command.spawn().expect("it starts");
    let begin = Instant::now();
    for name in ["killed-1", "killed-2"] {
        let pid = loop {
            assert!(begin.elapsed() < Duration::from_secs(120), "the linker was not started before {name}");
            let folders = std::fs::read_dir(place.path("tmp")).expect("a folder").flatten();
            let files = folders.map(|folder| folder.path().join("pid"));
            let found = files.filter_map(|file| {
                let pid = std::fs::read_to_string(&file).ok().filter(|text| text.ends_with('\n'))?;
                std::fs::remove_file(&file).ok().map(|()| pid)
            });
            match found.collect::<Vec<_>>().pop() {
                Some(pid) => break pid,
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        let killed = Command::new("kill").args(["-KILL", pid.trim()]).status().expect("it starts");
        assert!(killed.success());
        place.write(name, "");
    }
    is_undisturbed(&trapline.wait_with_output().expect("it ends").into());
}

#[test]
fn an_audit_ends_what_does_not_end() {
    let text =
        "(module (func (export \"spin\") (loop (br 0))) (func (export \"f\") (result i32) (i32.const 1)))
(assert_return (invoke \"f\") (i32.const 1))
(assert_return (invoke \"spin\"))
(assert_return (invoke \"f\") (i32.const 1))";
    let run = Place::new(&[("a.wast", text)]).run(&["audit", "a.wast", "--timeout", "1"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.out.contains("3 of 4 directives pass and have mutants"), "{run:?}");
}
