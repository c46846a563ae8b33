//! The command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    trapline::cli::main()
}
