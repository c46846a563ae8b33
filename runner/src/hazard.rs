//! A host module whose functions do to the process what scripts must not be able to do to a run.
//! It is there for tests, and only if the environment variable `TRAPLINE_HAZARDS` is set.

use std::hint::black_box;
use std::io::Write;
use trapline_abi::FuncType;
use trapline_runtime::{Extern, Func, Linker, Store};
use trapline_sandbox::hazard::segfault;

/// The name that scripts import it by.
pub const MODULE: &str = "trapline-hazard";

/// The functions, by name. None takes or returns anything.
const FUNCTIONS: &[(&str, fn())] = &[
    ("segfault", segfault),
    ("abort", || std::process::abort()),
    ("exit", || std::process::exit(3)),
    ("exhaust_stack", || {
        black_box(recurse(0));
    }),
    ("allocate", allocate),
    ("spin", || {
        loop {
            std::hint::spin_loop();
        }
    }),
    ("garbage", garbage),
    ("write_file", || {
        if let Err(error) = std::fs::write("written-by-a-script", "x") {
            panic!("failed to write: {error}");
        }
    }),
    ("panic", || panic!("a host function that panics")),
];

/// Whether tests have asked for the module, and for variants with a fault.
pub fn is_enabled() -> bool {
    std::env::var_os("TRAPLINE_HAZARDS").is_some()
}

/// Defines a function of the module in the linker, if there is one of the name.
pub fn provide(store: &mut Store, linker: &mut Linker, name: &str) {
    let found = FUNCTIONS.iter().find(|(known, _)| *known == name);
    if let (Some((_, act)), None) = (found, linker.get(MODULE, name)) {
        let act = *act;
        let func = Func::new_host(store, FuncType::default(), move |_, _| {
            act();
            Ok(Vec::new())
        });
        linker.define(MODULE, name, Extern::Func(func));
    }
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
