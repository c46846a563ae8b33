//! `trapline manpages`: the manual.

use super::Cli;
use super::exit::{Exit, Failure, OrExit};
use anyhow::anyhow;
use clap::CommandFactory;
use std::path::PathBuf;

/// Write manual pages to a folder, one for trapline and one for each command.
///
/// In a folder called `man1` that `man` looks below, `man trapline-wast` finds them.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The folder, which is made if it does not exist. Pages that are there are replaced.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder)
        .map_err(|error| anyhow!("failed to create the folder {}: {error}", folder.display()))
        .or_exit(Exit::Usage)?;
    clap_mangen::generate_to(Cli::command(), folder)
        .map_err(|error| anyhow!("failed to write manual pages to {}: {error}", folder.display()))
        .or_exit(Exit::Internal)?;
    Ok(Exit::Success)
}
