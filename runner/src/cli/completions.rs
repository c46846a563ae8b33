//! `trapline completions`: what a shell needs to complete command lines.

use super::exit::{Exit, Failure};
use super::{Cli, print};
use clap::CommandFactory;
use clap_complete::{Shell, generate};

const EXAMPLES: &str = "\
Examples:
  trapline completions bash > ~/.local/share/bash-completion/completions/trapline
  trapline completions zsh > ~/.zfunc/_trapline               where `fpath` has ~/.zfunc
  trapline completions fish > ~/.config/fish/completions/trapline.fish";

/// Print what a shell needs to complete the command line of trapline.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    generate(arguments.shell, &mut Cli::command(), "trapline", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}
