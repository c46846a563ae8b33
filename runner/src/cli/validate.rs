//! `trapline validate`: decodes and validates a module.

use super::exit::{Exit, Failure, OrExit};
use super::isolation::{IsolationArguments, Role, Work};
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
    #[command(flatten)]
    isolation: IsolationArguments,
}

pub(super) fn main(arguments: Arguments, role: &Role) -> Result<Exit, Failure> {
    let work = Work {
        command: "validate",
        file: &arguments.file,
        output: None,
        makes_files: false,
        isolation: arguments.isolation,
    };
    role.work(&work, |_| validate(&arguments))
}

fn validate(arguments: &Arguments) -> Result<Exit, Failure> {
    let module = source::read_module(&arguments.file)?;
    let features = arguments.features.apply(default_features());
    let file = arguments.file.display();
    trapline_compiler::validate(&module.wasm, features)
        .map_err(|error| anyhow!("failed to validate {file}: {}", module.refusal(error.into())))
        .or_exit(Exit::Unexpected)?;
    print(&format!("{file}: valid, {} bytes\n", module.wasm.len()))?;
    if let Err(error) = trapline_compiler::check_custom(&module.wasm, features) {
        print(&format!("{file}: note: {error}; custom sections do not make a module invalid\n"))?;
    }
    Ok(Exit::Success)
}
