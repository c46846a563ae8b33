//! What [`spawn`] does to processes. The test program starts itself as the process to look at.

use std::fs::File;
use std::io;
use std::io::{Read, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use trapline_sandbox::{Recorder, has_ended, kill_children, kill_group, spawn, wait_readable};

/// Set in processes that play the worker.
const ROLE: &str = "TRAPLINE_TEST_ROLE";

/// A command that runs the test of this name in a process of its own, as the worker.
fn worker(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads", "1"]).env(ROLE, test);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

fn is_worker() -> bool {
    std::env::var_os(ROLE).is_some()
}

/// The standard output of a worker that has to end well.
fn output(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}: {text}", output.status);
    text
}

/// A descriptor that any program started from here inherits, unless something prevents it.
fn inheritable(fd: BorrowedFd<'_>) -> OwnedFd {
    // SAFETY: I12: the call makes a descriptor that has no other owner.
    unsafe {
        let copy = libc::fcntl(fd.as_raw_fd(), libc::F_DUPFD, 100);
        assert!(copy >= 100);
        OwnedFd::from_raw_fd(copy)
    }
}

#[test]
fn only_listed_descriptors_are_inherited() {
    const TEST: &str = "only_listed_descriptors_are_inherited";
    if is_worker() {
        for entry in std::fs::read_dir("/proc/self/fd").unwrap() {
            let entry = entry.unwrap();
            let target = std::fs::read_link(entry.path()).unwrap();
            println!("<{}={}>", entry.file_name().display(), target.display());
        }
        return;
    }
    let file = File::open("/proc/version").unwrap();
    let (left, listed) = (inheritable(file.as_fd()), inheritable(file.as_fd()));
    let mut plain = worker(TEST);
    let inherited = output(plain.spawn().unwrap());
    for fd in [&left, &listed] {
        assert!(inherited.contains(&format!("<{}=/proc/version>", fd.as_raw_fd())), "{inherited}");
    }
    let inherited = output(spawn(worker(TEST), &[listed.as_fd()]).unwrap());
    assert!(inherited.contains(&format!("<{}=/proc/version>", listed.as_raw_fd())), "{inherited}");
    assert_eq!(inherited.matches("/proc/version").count(), 1, "{inherited}");
}

#[test]
fn standard_streams_are_not_listed() {
    let error = spawn(worker("standard_streams_are_not_listed"), &[std::io::stdout().as_fd()]).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}

#[test]
fn a_worker_leads_a_session() {
    if is_worker() {
        // SAFETY: I13: these calls touch no memory.
        let (session, group) = unsafe { (libc::getsid(0), libc::getpgid(0)) };
        assert_eq!((session, group), (std::process::id().cast_signed(), std::process::id().cast_signed()));
        assert!(File::open("/dev/tty").is_err());
        return;
    }
    output(spawn(worker("a_worker_leads_a_session"), &[]).unwrap());
}

#[test]
fn a_worker_dies_with_the_thread_that_started_it() {
    use std::os::unix::process::ExitStatusExt;
    if is_worker() {
        loop {
            std::thread::park();
        }
    }
    let start = || spawn(worker("a_worker_dies_with_the_thread_that_started_it"), &[]).unwrap();
    let mut child = std::thread::spawn(start).join().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(libc::SIGKILL));
}

#[test]
fn a_worker_and_its_parent_share_a_page() {
    const TEST: &str = "a_worker_and_its_parent_share_a_page";
    const NUMBER: &str = "TRAPLINE_TEST_PAGE";
    if let Some(number) = std::env::var(NUMBER).ok().and_then(|number| number.parse().ok()) {
        // SAFETY: I12: the parent has passed the descriptor on, and nothing else owns it.
        let recorder = unsafe { Recorder::open_inherited(number) }.unwrap().arm();
        assert_eq!(recorder.step(), 3);
        recorder.begin(4);
        return;
    }
    let (recorder, page) = Recorder::create().unwrap();
    recorder.begin(3);
    let mut command = worker(TEST);
    command.env(NUMBER, page.as_raw_fd().to_string());
    output(spawn(command, &[page.as_fd()]).unwrap());
    assert_eq!(recorder.step(), 4);
}

/// What a worker starts ends with it, also when the worker itself has ended.
#[test]
fn a_group_ends_together() {
    const TEST: &str = "a_group_ends_together";
    if is_worker() {
        let child = Command::new("sleep").arg("1000").stdout(Stdio::null()).spawn().unwrap();
        println!("<{}>", child.id());
        std::process::exit(0);
    }
    let mut child = spawn(worker(TEST), &[]).unwrap();
    let id = child.id();
    while !has_ended(id).unwrap() {
        std::thread::yield_now();
    }
    // Ended, and still to be waited for.
    assert!(has_ended(id).unwrap());
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    let sleeper: u32 = text.split(['<', '>']).nth(1).unwrap().parse().unwrap();
    let alive = || match std::fs::read_to_string(format!("/proc/{sleeper}/stat")) {
        Ok(stat) => !stat.contains(") Z "),
        Err(_) => false,
    };
    assert!(alive());
    kill_group(id);
    while alive() {
        std::thread::yield_now();
    }
    assert!(child.wait().unwrap().success());
    assert!(has_ended(id).is_err());
}

#[test]
fn waiting_for_a_pipe_has_an_end() {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let zero = Duration::ZERO;
    assert!(!wait_readable(reader.as_fd(), zero).unwrap());
    (&writer).write_all(b"x").unwrap();
    assert!(wait_readable(reader.as_fd(), zero).unwrap());
    reader.read_exact(&mut [0]).unwrap();
    drop(writer);
    assert!(wait_readable(reader.as_fd(), zero).unwrap());
}

/// A child that is stopped before it runs its program: the thread that starts it waits until it is killed by its number.
#[test]
fn a_child_that_never_starts_is_found_by_its_thread() {
    const TEST: &str = "a_child_that_never_starts_is_found_by_its_thread";
    if is_worker() {
        return;
    }
    let (tell, told) = std::sync::mpsc::channel();
    let starter = std::thread::spawn(move || {
        let bystander = spawn(worker("no_such_test_waits"), &[]).unwrap();
        let mut command = worker(TEST);
        // SAFETY: I12: `raise` is async-signal-safe.
        unsafe {
            command.pre_exec(|| {
                if libc::raise(libc::SIGSTOP) == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
            })
        };
        tell.send((std::fs::read_link("/proc/thread-self").unwrap(), bystander.id())).unwrap();
        let stopped = spawn(command, &[]);
        (stopped.map(|mut child| child.wait().unwrap()), bystander)
    });
    let (folder, bystander) = told.recv().unwrap();
    let begin = std::time::Instant::now();
    while !starter.is_finished() {
        assert!(begin.elapsed() < Duration::from_secs(60), "the thread is still waiting");
        std::thread::sleep(Duration::from_millis(100));
        // The thread may be over by now, and its folder with it.
        let killed = kill_children(&folder, &[bystander]);
        assert!(killed.is_ok() || starter.is_finished(), "{killed:?}");
    }
    let (stopped, mut bystander) = starter.join().unwrap();
    assert_eq!(stopped.unwrap().signal(), Some(libc::SIGKILL));
    assert!(bystander.wait().unwrap().success(), "a child that was to be spared was killed");
}
