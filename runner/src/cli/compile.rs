//! `trapline compile`: a module into an ELF object or a shared object, or shown as text on the way there.

use super::artifact_file::Output;
use super::destination;
use super::emit::EmitArguments;
use super::exit::{Exit, Failure, OrExit};
use super::headings::REPORTS;
use super::isolation::{IsolationArguments, Role, Work, Written};
use super::options::{FeatureArguments, ProfileArguments};
use super::{print, progress, source};
use crate::run::default_features;
use crate::whole_file;
use anyhow::anyhow;
use std::path::{Path, PathBuf};
use trapline_abi::Readable;

const EXAMPLES: &str = "\
Examples:
  trapline compile a.wat -o a.o                      an ELF object
  trapline compile a.wasm -o a.so                    a shared object, linked with `cc`
  trapline compile a.wat --emit clif,asm             functions on their way to machine code
  trapline compile a.wat --emit asm --function init  one of them
  trapline compile a.wat -o a.o --cpu baseline       for every processor of this architecture";

/// Compile a module ahead of time into an ELF object or a shared object.
///
/// Equal modules give equal bytes. `trapline run` and the crate `trapline-runtime` load what comes of it.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The module, in binary or text; `-` for the standard input.
    file: PathBuf,
    /// The object to write, or the shared object: then the system's linker makes it, `cc` or what CC names. With
    /// --emit, a file of any other name takes the text instead of the standard output.
    #[arg(short = 'o', value_name = "OUT.o|OUT.so", required_unless_present = "emit")]
    output: Option<PathBuf>,
    #[command(flatten)]
    emit: EmitArguments,
    #[command(flatten)]
    profile: ProfileArguments,
    #[command(flatten)]
    features: FeatureArguments,
    /// Say on the standard error where the time went.
    #[arg(long, help_heading = REPORTS)]
    timing: bool,
    #[command(flatten)]
    isolation: IsolationArguments,
}

pub(super) fn main(arguments: Arguments, role: &Role) -> Result<Exit, Failure> {
    let output = arguments.output.as_deref();
    let is_text = |path: &&Path| arguments.emit.is_wanted() && !Output::is_artifact(path);
    let text = output.filter(is_text);
    let artifact = output.filter(|path| !is_text(path)).map(Output::new).transpose()?;
    destination::check(
        output.map(|path| (format!("-o {}", path.display()), path)),
        [arguments.file.as_path()],
    )?;
    let work = Work {
        command: "compile",
        file: &arguments.file,
        output: output.map(|path| match text.is_none() || whole_file::is_replaced(path) {
            true => Written::Whole(path),
            false => Written::Into(path),
        }),
        makes_files: artifact.as_ref().is_some_and(Output::is_linked),
        over_limit: Exit::Unexpected,
        isolation: arguments.isolation,
    };
    role.work(&work, |instead| compile(&arguments, artifact.as_ref(), text, instead))
}

/// Compiles the module. `instead` is the file to write in place of the output, for another process to put it there.
fn compile(
    arguments: &Arguments,
    artifact: Option<&Output>,
    text: Option<&Path>,
    instead: Option<&Path>,
) -> Result<Exit, Failure> {
    let module = source::read_module(&arguments.file)?;
    let features = arguments.features.apply(default_features());
    let compiler = arguments.profile.described().compiler()?;
    if let Some(artifact) = artifact {
        let file = arguments.file.display();
        let compile = || compiler.compile_timed(&module.wasm, features);
        let (object, timings) = progress::shown(&file.to_string(), || compiler.progress(), compile)
            .map_err(|error| anyhow!("failed to compile {file}: {}", module.refusal(error.into(), features)))
            .or_exit(Exit::Unexpected)?;
        artifact.write(&object, instead).or_exit(Exit::Unexpected)?;
        if arguments.timing {
            let (translate, compile, emit) = (timings.translate, timings.compile, timings.emit);
            let file = file.to_string();
            let file = Readable(&file);
            eprintln!("{file}: translate {translate:.1?}, compile {compile:.1?}, emit {emit:.1?}");
        }
    }
    if !arguments.emit.is_wanted() {
        return Ok(Exit::Success);
    }
    let listings = arguments.emit.text(&compiler, &arguments.file, &module, features)?;
    match text {
        None => print(&listings)?,
        Some(path) => match instead {
            Some(instead) => std::fs::write(instead, listings),
            None => whole_file::write_text(path, &listings),
        }
        .map_err(|error| anyhow!("failed to write {}: {error}", path.display()))
        .or_exit(Exit::Unexpected)?,
    }
    Ok(Exit::Success)
}
