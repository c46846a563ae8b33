//! A host module whose functions do to the process what scripts must not be able to do to a run.
//! It is there for tests, and only if the environment variable `TRAPLINE_HAZARDS` is set.

use crate::executor::HostItem;
use std::hint::black_box;
use std::io::Write;
use trapline_sandbox::hazard::segfault;

/// The name that scripts import it by.
pub const MODULE: &str = "trapline-hazard";

/// The functions, by name. None takes or returns anything.
static FUNCTIONS: &[(&str, HostItem)] = &[
    ("segfault", HostItem::Act(segfault)),
    ("abort", HostItem::Act(|| std::process::abort())),
    ("exit", HostItem::Act(|| std::process::exit(3))),
    (
        "exhaust_stack",
        HostItem::Act(|| {
            black_box(recurse(0));
        }),
    ),
    ("allocate", HostItem::Act(allocate)),
    (
        "spin",
        HostItem::Act(|| {
            loop {
                std::hint::spin_loop();
            }
        }),
    ),
    ("garbage", HostItem::Act(garbage)),
    (
        "write_file",
        HostItem::Act(|| {
            if let Err(error) = std::fs::write("written-by-a-script", "x") {
                panic!("failed to write: {error}");
            }
        }),
    ),
    ("panic", HostItem::Act(|| panic!("a host function that panics"))),
];

/// Whether tests have asked for the module, and for variants with a fault.
pub fn is_enabled() -> bool {
    std::env::var_os("TRAPLINE_HAZARDS").is_some()
}

/// The function of a name, if there is one.
pub fn item(name: &str) -> Option<(&'static str, &'static HostItem)> {
    FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(name, item)| (*name, item))
}

/// Uses a kilobyte of stack for each level, and has no end.
#[allow(unconditional_recursion, reason = "that is what it is for")]
fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 128]);
    recurse(depth + 1) + frame[64]
}

/// Takes memory and touches it until there is none.
fn allocate() {
    let mut all = Vec::new();
    loop {
        all.push(vec![1_u8; 64 << 20]);
        black_box(&all);
    }
}

/// Writes to the pipe what is no report.
fn garbage() {
    let mut out = std::io::stdout().lock();
    // A closed pipe would be the parent's death, which is not what is tested here.
    let _ = out.write_all(&[0xff; 4096]).and_then(|()| out.flush());
    std::thread::sleep(std::time::Duration::from_secs(60));
}
