//! What a terminal shows of long work.

use crate::place::Place;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::Read;
use std::process::Stdio;

/// A terminal, and the end of it that a program has.
fn terminal() -> (File, File) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&terminal).expect("its other end");
    unlockpt(&terminal).expect("its other end");
    let name = ptsname(&terminal, Vec::new()).expect("a name");
    let other = File::options().read(true).write(true).open(name.to_str().expect("text")).expect("it opens");
    (terminal.into(), other)
}

/// A module that takes one thread many times as long to compile as nothing is shown for.
fn large() -> String {
    let add =
        "(i32.add (i32.mul (local.get 0) (local.get 0)) ".repeat(40) + "(i32.const 1)" + &")".repeat(40);
    let function = format!("(func (param i32) (result i32) {add})\n");
    format!("(module {})", function.repeat(15_000))
}

#[test]
fn compiling_shows_how_far_it_has_come() {
    let place = Place::new(&[("a.wat", &*large())]);
    for arguments in [&["run", "a.wat"][..], &["compile", "a.wat", "-o", "a.o"]] {
        let (mut terminal, other) = terminal();
        let mut command = place.command(arguments);
        command.env("RAYON_NUM_THREADS", "1").env_remove("CI").env("TERM", "xterm");
        let mut trapline = command.stdout(Stdio::null()).stderr(other).spawn().expect("it starts");
        drop(command);
        let (mut shown, mut bytes) = (String::new(), [0; 4096]);
        while !(shown.contains("/15,000 functions of a.wat")) {
            // Without a program, a terminal cannot be read.
            let count = terminal.read(&mut bytes).unwrap_or_else(|error| panic!("{error}: {shown}"));
            shown.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
        trapline.kill().expect("it has not ended");
        trapline.wait().expect("it ends");
    }
}

#[test]
fn a_log_shows_none_of_it() {
    let place = Place::new(&[("a.wat", &*large())]);
    let run = place.run(&["compile", "a.wat", "-o", "a.o"]);
    run.expect(0, &[]);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""));
}
