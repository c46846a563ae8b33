//! What a confined process can still do, because compiled code and its runtime need it.

use super::{confine_as_asked, confinement, role};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use trapline_sandbox::{ConfineError, Confinement, Measure, Programs, confine, spawn};

pub(super) const TESTS: &[(&str, fn())] = &[
    ("a_confined_process_works", || expect_success("work")),
    ("descriptors_stay_with_their_owners", || expect_success("keep-descriptor")),
    ("a_file_beyond_the_limit_is_an_error", || expect_success("large-file")),
    ("only_its_own_folder_is_written", || expect_success("write-folder")),
    ("a_process_of_several_threads_is_not_confined", || expect_success("threads")),
    ("programs_run_where_they_may", || expect_success("programs")),
    ("an_abort_is_an_abort", an_abort_is_an_abort),
    ("surplus_variables_are_noticed", surplus_variables_are_noticed),
    ("privileges_are_gone", privileges_are_gone),
];

pub(super) const ROLES: &[(&str, fn())] = &[
    ("work", work),
    ("keep-descriptor", keep_descriptor),
    ("large-file", large_file),
    ("write-folder", write_folder),
    ("threads", threads),
    ("programs", programs),
    ("abort", abort),
    ("privileges", privileges),
];

/// What becomes of a process that is confined by everything.
fn run(name: &str) -> Output {
    let child = spawn(role(name, &Measure::ALL), &[]).unwrap();
    let folder = temporary(child.id());
    let output = child.wait_with_output().unwrap();
    // It cannot remove the folder itself. What is left in it, the process should have removed.
    assert!(!folder.exists() || fs::remove_dir(&folder).is_ok(), "{}", folder.display());
    output
}

fn expect_success(name: &str) {
    let output = run(name);
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stdout));
}

fn work() {
    confine_as_asked(&confinement());
    let threads: Vec<_> = (0..3).map(|number| std::thread::spawn(move || vec![number; 1 << 20])).collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap().len(), 1 << 20);
    }
    assert!(std::thread::spawn(|| panic!("caught")).join().is_err());
    std::thread::sleep(std::time::Duration::from_millis(1));
    assert!(fs::read_to_string("/proc/self/maps").unwrap().contains("[stack]"));
    std::io::stdout().write_all(b"works\n").unwrap();
}

/// Safe code must not close a descriptor that other code of the process owns.
fn keep_descriptor() {
    let mut file = File::open("/proc/self/stat").unwrap();
    confine_as_asked(&confinement());
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    assert!(text.contains(&std::process::id().to_string()));
}

/// Where a process has temporary files.
fn temporary(process: u32) -> PathBuf {
    std::env::temp_dir().join(format!("trapline-sandbox-{process}"))
}

/// The limit is on the size of a file: a write beyond it fails, and the process goes on.
fn large_file() {
    let path = temporary(std::process::id());
    let mut file = File::create(&path).unwrap();
    fs::remove_file(&path).unwrap();
    confine_as_asked(&confinement());
    file.write_all(&[0; 4096]).unwrap();
    assert_eq!(file.write_all(&[0]).unwrap_err().kind(), std::io::ErrorKind::FileTooLarge);
}

fn write_folder() {
    let folder = temporary(std::process::id());
    fs::create_dir_all(&folder).unwrap();
    let confined = confine_as_asked(&Confinement { writable: vec![folder.clone()], ..confinement() });
    fs::write(folder.join("a"), "text").unwrap();
    assert_eq!(fs::read_to_string(folder.join("a")).unwrap(), "text");
    fs::rename(folder.join("a"), folder.join("b")).unwrap();
    fs::create_dir(folder.join("c")).unwrap();
    fs::remove_dir(folder.join("c")).unwrap();
    fs::remove_file(folder.join("b")).unwrap();
    // A link by name would lead out of it.
    if confined.is_in_force(Measure::Files) || confined.is_in_force(Measure::SystemCalls) {
        assert!(std::os::unix::fs::symlink("/etc/passwd", folder.join("d")).is_err());
    }
}

fn threads() {
    let (sender, receiver) = std::sync::mpsc::channel::<()>();
    let other = std::thread::spawn(move || receiver.recv());
    assert!(matches!(confine(&confinement()), Err(ConfineError::Threads(2))));
    drop(sender);
    assert!(other.join().unwrap().is_err());
}

/// A program that may start others can, and what these reach is restricted, too.
fn programs() {
    let folder = temporary(std::process::id());
    fs::create_dir_all(&folder).unwrap();
    let (programs, writable) = (Programs::Allowed, vec![folder.clone()]);
    let confined = confine_as_asked(&Confinement { programs, writable, ..confinement() });
    let shell = |script: &str| {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).env("PATH", "/usr/bin:/bin").current_dir(&folder).stdin(Stdio::null());
        command.stdout(Stdio::null()).status().unwrap()
    };
    assert!(shell("cat /proc/self/status | cat >a && mv a b && chmod +x b && rm b").success());
    if confined.is_in_force(Measure::SystemCalls) {
        assert!(shell("! (kill -0 $$) 2>/dev/null").success());
        assert!(shell("! unshare --user true 2>/dev/null").success());
    }
    if confined.is_in_force(Measure::Files) {
        assert!(shell("! (: >../trapline-sandbox-outside) 2>/dev/null").success());
    }
}

fn abort() {
    confine_as_asked(&confinement());
    std::process::abort();
}

fn an_abort_is_an_abort() {
    assert_eq!(run("abort").status.signal(), Some(libc::SIGABRT));
}

fn surplus_variables_are_noticed() {
    for (surplus, cause) in
        [(1, "<environment=it holds 1 other variable>"), (2, "it holds 2 other variables")]
    {
        let mut command = role("work", &Measure::ALL);
        command.envs((0..surplus).map(|number| (format!("SURPLUS_{number}"), "")));
        let output = spawn(command, &[]).unwrap().wait_with_output().unwrap();
        assert!(String::from_utf8_lossy(&output.stdout).contains(cause));
    }
    assert!(!String::from_utf8_lossy(&run("work").stdout).contains("environment"));
}

/// By these measures alone: others forbid new privileges, too.
fn privileges_are_gone() {
    let measures = [Measure::Capabilities, Measure::NoNewPrivileges];
    let output = spawn(role("privileges", &measures), &[]).unwrap().wait_with_output().unwrap();
    assert!(output.status.success());
}

fn privileges() {
    let confined = confine_as_asked(&confinement());
    let status = fs::read_to_string("/proc/self/status").unwrap();
    for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
        let none = status.contains(&format!("{set}:\t0000000000000000\n"));
        assert!(none || !confined.is_in_force(Measure::Capabilities), "{status}");
    }
    let is_set = status.contains("NoNewPrivs:\t1\n");
    assert_eq!(is_set, confined.is_in_force(Measure::NoNewPrivileges), "{status}");
}
