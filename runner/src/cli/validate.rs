//! `trapline validate`: decodes and validates a module.

use super::exit::{Exit, Failure, OrExit};
use super::options::FeatureArguments;
use super::{print, source};
use crate::run::default_features;
use anyhow::anyhow;
use std::path::PathBuf;

/// Decodes and validates one module.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The module, in binary or text; `-` for the standard input.
    file: PathBuf,
    #[command(flatten)]
    features: FeatureArguments,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let module = source::read_module(&arguments.file)?;
    let features = arguments.features.apply(default_features());
    let file = arguments.file.display();
    trapline_compiler::validate(&module.wasm, features)
        .map_err(|error| anyhow!("failed to validate {file}: {}", module.refusal(error.into())))
        .or_exit(Exit::Unexpected)?;
    print(&format!("{file}: valid, {} bytes\n", module.wasm.len()))?;
    Ok(Exit::Success)
}
