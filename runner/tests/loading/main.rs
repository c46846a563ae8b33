//! Loading what was damaged or forged: thousands of mutants of objects, each from a seed of its own.
//!
//! Whatever a mutant does, it does to a child process, which is confined, and which says of each mutant what it is about
//! to do before it does it. So the parent knows of every mutant what became of it:
//!
//! - *damaged*: bytes were changed anywhere. It is refused, or it is the same artefact and does the same.
//! - *forged*: code or description were changed and the content hash was made to fit. It is refused, or it is loaded and
//!   run, and then anything may happen to the child.
//!
//! No mutant may keep a child from answering while it is being loaded.

mod child;
mod mutant;
mod parent;

use libtest_mimic::{Arguments, Failed, Trial};
use mutant::{Family, SAMPLES};
use parent::{Count, Prepared};
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    if let Some(exit) = child::enter_if_asked() {
        return exit;
    }
    let arguments = Arguments::from_args();
    let prepared = match Prepared::new() {
        Ok(prepared) => Arc::new(prepared),
        Err(error) => {
            eprintln!("error: failed to prepare the samples: {error:#}");
            return ExitCode::from(70);
        }
    };
    let mut trials = Vec::new();
    for family in Family::ALL {
        for (sample, (name, _)) in SAMPLES.iter().enumerate() {
            let prepared = prepared.clone();
            let trial = move || check(family, &prepared.run(family, sample)?);
            trials.push(Trial::test(format!("{}/{name}", family.name()), trial).with_kind("loading"));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// What has to be true of all mutants of a family and a sample.
fn check(family: Family, count: &Count) -> Result<(), Failed> {
    println!("{}: {count}", family.name());
    let complain = |what: &str| Err(Failed::from(format!("{what}: {count}")));
    if count.total() != family.mutants() {
        return complain("not every mutant is accounted for");
    }
    if !count.broken.is_empty() {
        return complain("loading must refuse or succeed");
    }
    if count.refused() == 0 {
        return complain("no mutant was refused");
    }
    if family.is_forged() {
        return if count.loaded() == 0 { complain("no forged mutant was loaded") } else { Ok(()) };
    }
    match (count.other, count.died) {
        (0, 0) if count.same > 0 => Ok(()),
        (0, 0) => complain("no mutant was loaded"),
        _ => complain("a damaged mutant was loaded and did something else"),
    }
}
