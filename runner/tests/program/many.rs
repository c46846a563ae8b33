//! Scripts with very many directives.

use super::place::Place;
use std::fs;
use std::process::{Child, Stdio};
use std::time::Duration;

/// A script with so many assertions, which pass if `value` is 1.
fn script(assertions: usize, value: u32) -> String {
    let module = "(module (func (export \"f\") (result i32) (i32.const 1)))\n";
    module.to_owned() + &format!("(assert_return (invoke \"f\") (i32.const {value}))\n").repeat(assertions)
}

/// KiB of memory that a process has had in use at most, when it ends.
fn peak_memory(process: &mut Child) -> u64 {
    let status = format!("/proc/{}/status", process.id());
    let mut peak = 0;
    while process.try_wait().expect("it can be waited for").is_none() {
        // What has just ended has no memory any more.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(1));
    }
    peak
}

/// The process that reports keeps little of what passes, whatever the form: some 100 bytes for each directive, a hash of its text
/// among them.
#[test]
fn a_million_directives_that_pass_take_little_memory() {
    let place = Place::new(&[("pass.wast", &script(1_000_000, 1))]);
    for format in ["pretty", "json"] {
        let mut command = place.command(&["wast", "pass.wast", "--format", format, "-o", "report"]);
        let mut program = command.stdout(Stdio::null()).spawn().expect("it starts");
        let peak = peak_memory(&mut program);
        assert!(program.wait().expect("it ends").success());
        assert!(peak > 10 << 10 && peak <= 112 << 10, "{format}: {} MiB", peak >> 10);
        assert!(place.read("report").contains("1000001"), "{format}");
    }
}
