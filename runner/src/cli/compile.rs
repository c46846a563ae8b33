//! `trapline compile`: a module into an ELF object or a shared object.

use super::artifact_file::Output;
use super::exit::{Exit, Failure, OrExit};
use super::options::{FeatureArguments, ProfileArguments};
use super::source;
use crate::run::newest_features;
use anyhow::anyhow;
use std::path::PathBuf;

/// Compiles one module.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The module, in binary or text; `-` for the standard input.
    file: PathBuf,
    /// The object to write, or the shared object: then the system's linker makes it, `cc` or what CC names.
    #[arg(short = 'o', value_name = "OUT.o|OUT.so")]
    output: PathBuf,
    #[command(flatten)]
    profile: ProfileArguments,
    #[command(flatten)]
    features: FeatureArguments,
    /// Say on the standard error where the time went.
    #[arg(long)]
    timing: bool,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let output = Output::new(&arguments.file, &arguments.output)?;
    let wasm = source::read_module(&arguments.file)?;
    let features = arguments.features.apply(newest_features().or_exit(Exit::Internal)?);
    let compiler = arguments.profile.described().compiler()?;
    let file = arguments.file.display();
    let (object, timings) = compiler
        .compile_timed(&wasm, features)
        .map_err(|error| anyhow!("failed to compile {file}: {error}"))
        .or_exit(Exit::Unexpected)?;
    output.write(&object).or_exit(Exit::Unexpected)?;
    if arguments.timing {
        let (translate, compile, emit) = (timings.translate, timings.compile, timings.emit);
        eprintln!("{file}: translate {translate:.1?}, compile {compile:.1?}, emit {emit:.1?}");
    }
    Ok(Exit::Success)
}
