//! Scripts that do their worst to the process they run in.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Imports a hazard and runs it between two harmless directives, both of which need the same module.
fn script(hazard: &str) -> String {
    format!(
        r#"(module (import "trapline-hazard" "{hazard}" (func $hazard))
  (global $runs (mut i32) (i32.const 0))
  (func (export "hazard") (call $hazard))
  (func (export "runs") (result i32)
    (global.set $runs (i32.add (global.get $runs) (i32.const 1)))
    (global.get $runs)))
(assert_return (invoke "runs") (i32.const 1))
(assert_return (invoke "hazard"))
(assert_return (invoke "runs") (i32.const 2))
(module (func (export "f") (result i32) (i32.const 7)))
(assert_return (invoke "f") (i32.const 7))
"#
    )
}

struct Place {
    folder: TempDir,
}

impl Place {
    fn new(content: &str) -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.wast"), content).expect("a file");
        Place { folder }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trapline"));
        command
            .args(["wast", "a.wast", "--format", "json"])
            .args(arguments)
            .current_dir(self.folder.path())
            .env("TRAPLINE_HAZARDS", "1")
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Runs the script, and gives its directives and its summary.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, Vec<Value>, Value) {
        let output = self.command(arguments).output().expect("it starts");
        let text = String::from_utf8(output.stdout).expect("text");
        let mut lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
        let summary = lines.pop().expect("a summary");
        lines.retain(|line| line["type"] == "directive");
        (output.status.code(), lines, summary["engines"]["aot"].clone())
    }
}

fn outcomes(directives: &[Value]) -> Vec<&str> {
    directives.iter().map(|directive| directive["outcome"].as_str().expect("an outcome")).collect()
}

/// Only the directive in the middle has another outcome than without the hazard.
#[track_caller]
fn costs_one_directive(hazard: &str, outcome: &str, says: &[&str], arguments: &[&str]) {
    let (code, directives, summary) = Place::new(&script(hazard)).run(arguments);
    assert_eq!(outcomes(&directives), ["pass", "pass", outcome, "pass", "pass", "pass"], "{directives:#?}");
    assert_eq!(code, Some(1));
    assert_eq!(summary["directives"], 6);
    assert_eq!(summary["pass"], 5);
    let text = directives[2].to_string();
    for part in says {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
}

#[test]
fn a_segmentation_fault() {
    costs_one_directive("segfault", "crash", &["SIGSEGV", "fault address 0x0", "outside compiled code"], &[]);
}

#[test]
fn an_abort() {
    costs_one_directive("abort", "crash", &["SIGABRT"], &[]);
}

#[test]
fn an_exit() {
    costs_one_directive("exit", "crash", &["exit code 3"], &[]);
}

#[test]
fn an_exhausted_native_stack() {
    costs_one_directive("exhaust_stack", "crash", &["SIG"], &[]);
}

#[test]
fn a_loop_in_the_host() {
    costs_one_directive("spin", "timeout", &[], &["--timeout", "4"]);
}

#[test]
fn memory_without_end() {
    costs_one_directive("allocate", "crash", &["memory"], &["--max-memory", "512"]);
}

#[test]
fn garbage_in_the_pipe() {
    costs_one_directive("garbage", "harness-error", &["where a report was due"], &[]);
}

#[test]
fn a_panic_in_the_host() {
    costs_one_directive("panic", "harness-error", &["a host function that panics"], &[]);
}

#[test]
fn a_file_that_is_to_be_written() {
    // Old kernels cannot forbid it; then the file is there.
    let place = Place::new(&script("write_file"));
    let (_, directives, _) = place.run(&[]);
    let forbidden = directives[2].to_string().contains("Permission denied");
    assert_ne!(forbidden, place.folder.path().join("written-by-a-script").exists(), "{directives:#?}");
}

#[test]
fn a_loop_in_compiled_code() {
    let text = r#"(module (func (export "spin") (loop (br 0))) (func (export "one") (result i32) (i32.const 1)))
(assert_return (invoke "one") (i32.const 1))
(assert_return (invoke "spin"))
(assert_return (invoke "one") (i32.const 1))"#;
    let (_, directives, _) = Place::new(text).run(&["--timeout", "4"]);
    assert_eq!(outcomes(&directives), ["pass", "pass", "timeout", "pass"]);
}

#[test]
fn what_a_module_that_crashes_was_to_make_is_blocked() {
    let text = r#"(module (import "trapline-hazard" "abort" (func $f)) (start $f) (func (export "g")))
(assert_return (invoke "g"))
(module (func (export "g")))
(assert_return (invoke "g"))"#;
    let (_, directives, _) = Place::new(text).run(&[]);
    assert_eq!(outcomes(&directives), ["crash", "blocked", "pass", "pass"]);
}

#[test]
fn several_crashes_in_one_script() {
    let mut text = script("abort");
    text.push_str(&script("segfault"));
    text.push_str(&script("exit"));
    let (_, directives, summary) = Place::new(&text).run(&[]);
    assert_eq!(directives.len(), 18);
    assert_eq!((&summary["pass"], &summary["crash"]), (&Value::from(15), &Value::from(3)));
}

#[test]
fn without_the_variable_there_are_no_hazards() {
    let place = Place::new(&script("abort"));
    let output = place.command(&[]).env_remove("TRAPLINE_HAZARDS").output().expect("it starts");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("unknown import"), "{text}");
}

/// The processes that a process has started and that are still there.
pub(crate) fn children(parent: u32) -> Vec<u32> {
    let mut all = Vec::new();
    for entry in fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten() {
        let list = fs::read_to_string(entry.path().join("children")).unwrap_or_default();
        all.extend(list.split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
    }
    all
}

fn kill(process: u32) {
    let status = Command::new("kill").args(["-9", &process.to_string()]).status().expect("kill starts");
    assert!(status.success());
}

pub(crate) fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < Duration::from_secs(120), "never: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn spinning(timeout: &str) -> (Place, Child) {
    let place = Place::new(&script("spin"));
    let child = place.command(&["--timeout", timeout]).stdout(Stdio::piped()).spawn().expect("it starts");
    let parent = child.id();
    wait_until("a worker starts", || !children(parent).is_empty());
    (place, child)
}

#[test]
fn a_worker_that_is_killed_from_outside_costs_nothing() {
    let (_place, child) = spinning("8");
    // Long enough to be in the middle of the script.
    std::thread::sleep(Duration::from_millis(700));
    children(child.id()).into_iter().for_each(kill);
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let directives: Vec<Value> = lines.into_iter().filter(|line| line["type"] == "directive").collect();
    assert_eq!(outcomes(&directives), ["pass", "pass", "timeout", "pass", "pass", "pass"]);
}

#[test]
fn killing_the_parent_leaves_no_orphan() {
    let (_place, mut child) = spinning("600");
    let workers = children(child.id());
    kill(child.id());
    child.wait().expect("it ends");
    let alive = |pid: &u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        !stat.is_empty() && !stat.contains(") Z ")
    };
    wait_until("the workers die with their parent", || !workers.iter().any(alive));
}

#[test]
fn workers_see_no_descriptors_but_their_own() {
    let (_place, mut child) = spinning("600");
    let worker = children(child.id())[0];
    let list = || -> Vec<PathBuf> {
        let entries = fs::read_dir(format!("/proc/{worker}/fd")).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    };
    // The standard three, the folder in which the system tells it of itself, and what the streams of programs lead to.
    let own = PathBuf::from(format!("/proc/{worker}"));
    let leading_to = |wanted: &Path| {
        list().iter().filter(|path| std::fs::read_link(path).is_ok_and(|target| target == wanted)).count()
    };
    wait_until("only those are open", || {
        list().len() == 5 && leading_to(&own) == 1 && leading_to(Path::new("/dev/null")) >= 1
    });
    kill(child.id());
    child.wait().expect("it ends");
}

/// The names in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().expect("a name")).collect();
    names.sort();
    names
}

/// A run that is killed leaves a folder behind, and the next one removes it, but no folder that is in use.
#[test]
fn folders_of_killed_runs_are_swept() {
    let place = Place::new(&script("spin"));
    let temporary = tempfile::tempdir().expect("a folder");
    let linked = |arguments: &[&str]| {
        let mut command = place.command(&[&["--engine", "linked"], arguments].concat());
        command.env("TMPDIR", temporary.path()).stdout(Stdio::null());
        command
    };
    // Without an owner; of a process that is there; of one that cannot be seen, but holds its lock; without an owner.
    let foreign = ["trapline-", "trapline-1-a", "trapline-4294967295-a", "trapline-x-a"];
    for name in foreign {
        fs::create_dir(temporary.path().join(name)).expect("a folder");
    }
    let lock = fs::File::open(temporary.path().join(foreign[2])).expect("a folder");
    lock.lock().expect("a lock");
    let mut running = [(); 2].map(|()| linked(&["--timeout", "600"]).spawn().expect("it starts"));
    let one_each = || names(temporary.path()).len() == foreign.len() + 2;
    wait_until("each has its folder", one_each);
    wait_until("a worker starts", || running.iter().all(|child| !children(child.id()).is_empty()));
    assert!(one_each(), "{:?}", names(temporary.path()));

    // Other signals leave it time to remove its folder.
    running[0].kill().expect("it runs");
    running[0].wait().expect("it ends");
    assert!(one_each(), "it was not removed");
    linked(&["--timeout", "4"]).status().expect("it starts");
    let left = names(temporary.path());
    assert_eq!(left.len(), foreign.len() + 1, "{left:?}");
    assert!(left.iter().any(|name| name.starts_with(&format!("trapline-{}-", running[1].id()))), "{left:?}");
    kill(running[1].id());
    running[1].wait().expect("it ends");
    drop(lock);
    linked(&["--timeout", "4"]).status().expect("it starts");
    assert_eq!(names(temporary.path()), ["trapline-", "trapline-1-a", "trapline-x-a"]);
}

#[test]
fn linking_leaves_no_files_behind() {
    let place = Place::new("(module (func (export \"f\")))\n(assert_return (invoke \"f\"))");
    let temporary = tempfile::tempdir().expect("a folder");
    let mut command = place.command(&["--engine", "linked"]);
    command.env("TMPDIR", temporary.path()).stdout(Stdio::null());
    assert!(command.status().expect("it starts").success());
    assert_eq!(fs::read_dir(temporary.path()).expect("a folder").count(), 0);
}
