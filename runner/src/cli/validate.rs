//! `trapline validate`: decodes and validates a module.

use super::exit::{Exit, Failure, OrExit};
use super::isolation::{IsolationArguments, Role, Work};
use super::options::FeatureArguments;
use super::{print, source};
use crate::run::default_features;
use anyhow::anyhow;
use std::path::PathBuf;
use trapline_compiler::{Compiler, Profile};

/// Decode and validate a module.
///
/// Says what is wrong with the names and branch hints of a valid module, too, and if it cannot be compiled. Nothing there
/// makes it invalid.
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
        over_limit: Exit::Unexpected,
        isolation: arguments.isolation,
    };
    role.work(&work, |_| validate(&arguments))
}

fn validate(arguments: &Arguments) -> Result<Exit, Failure> {
    let module = source::read_module(&arguments.file)?;
    let features = arguments.features.apply(default_features());
    let file = arguments.file.display();
    trapline_compiler::validate(&module.wasm, features)
        .map_err(|error| anyhow!("failed to validate {file}: {}", module.refusal(error.into(), features)))
        .or_exit(Exit::Unexpected)?;
    print(&format!("{file}: valid, {} bytes\n", module.wasm.len()))?;
    let compiler = Compiler::new(Profile::default())
        .map_err(|error| anyhow!("failed to set up the compiler: {error}"))
        .or_exit(Exit::Internal)?;
    if let Err(error) = compiler.check(&module.wasm, features) {
        let why = module.refusal(error.into(), features);
        print(&format!("{file}: note: valid, and cannot be compiled: {why}\n"))?;
    }
    if let Err(error) = trapline_compiler::check_custom(&module.wasm, features) {
        print(&format!("{file}: note: {error}; custom sections do not make a module invalid\n"))?;
    }
    Ok(Exit::Success)
}
