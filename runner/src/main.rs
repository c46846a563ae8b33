//! The command line.

#![deny(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(exit) = trapline::worker::enter_if_asked() {
        return exit;
    }
    trapline::cli::main()
}
