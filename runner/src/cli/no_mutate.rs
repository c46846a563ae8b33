//! What stands in the place of `trapline mutate` in a build without injected faults: it says how to get one.

use super::exit::{Exit, Failure, OrExit};
use anyhow::anyhow;
use std::ffi::OsString;

#[derive(clap::Args)]
#[command(
    about = "Score scripts by the broken code that they notice; needs a build with `--features faults`"
)]
pub(super) struct Arguments {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _arguments: Vec<OsString>,
}

pub(super) fn main(_: Arguments) -> Result<Exit, Failure> {
    let how = "`cargo build --release --features faults`";
    Err(anyhow!("failed to mutate: this needs a build with injected faults: {how}")).or_exit(Exit::Usage)
}
