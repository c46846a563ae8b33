//! What confined processes can do and what they cannot. The test program starts itself as the process to confine.

mod attempts;
mod ordinary;

use libtest_mimic::{Arguments, Failed, Trial};
use std::process::{Command, ExitCode, Stdio};
use trapline_sandbox::{Confined, Confinement, Measure, confine_by};

/// Set in processes that are to be confined: what they do then, and the measures to take before.
const ROLE: &str = "TRAPLINE_TEST_ROLE";
const MEASURES: &str = "TRAPLINE_TEST_MEASURES";

fn main() -> ExitCode {
    if let Ok(role) = std::env::var(ROLE) {
        match ordinary::ROLES.iter().find(|(name, _)| *name == role) {
            Some((_, play)) => play(),
            None => attempts::play(&role),
        }
        return ExitCode::SUCCESS;
    }
    let trial = |(name, test): (&'static str, fn())| {
        Trial::test(name, move || {
            test();
            Ok::<(), Failed>(())
        })
    };
    let tests = attempts::TESTS.iter().chain(ordinary::TESTS);
    libtest_mimic::run(&Arguments::from_args(), tests.copied().map(trial).collect()).exit_code()
}

/// The program as a process that is to be confined by some measures.
fn role(name: &str, measures: &[Measure]) -> Command {
    let names: Vec<_> = measures.iter().map(|measure| measure.name()).collect();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env_clear().env(ROLE, name).env(MEASURES, names.join(","));
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// What is confined in these tests may do little.
fn confinement() -> Confinement {
    Confinement {
        max_file_bytes: 4096,
        max_data_bytes: 1 << 30,
        readable: vec!["/proc/self".into()],
        environment: &[ROLE, MEASURES],
        ..Confinement::default()
    }
}

/// Confines this process by the measures that it was started for, and says of each that is not in force why. Tests of what one
/// forbids have to ask whether it is in force.
fn confine_as_asked(confinement: &Confinement) -> Confined {
    let names = std::env::var(MEASURES).unwrap();
    let wanted = |measure: &Measure| names.split(',').any(|name| name == measure.name());
    let measures: Vec<_> = Measure::ALL.into_iter().filter(wanted).collect();
    let confined = confine_by(confinement, &measures).unwrap();
    assert_eq!(confined.0.len(), measures.len());
    for standing in &confined.0 {
        if let Some(cause) = &standing.missing {
            println!("<{}={cause}>", standing.measure.name());
        }
    }
    confined
}
