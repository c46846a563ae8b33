//! `--emit`: functions of a module at the stages of their compilation, as text.

use super::exit::{Exit, Failure, OrExit};
use super::headings::REPORTS;
use super::source::ModuleFile;
use anyhow::anyhow;
use clap::{Args, ValueEnum};
use std::path::Path;
use trapline_abi::FuncIndex;
use trapline_compiler::{Compiler, Form, Listing, WasmFeatures};

/// What is shown of which functions.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = REPORTS)]
pub(super) struct EmitArguments {
    /// Show functions on their way to machine code: Cranelift's intermediate representation, the same once it is optimised,
    /// its machine instructions, or disassembled machine code, beside WebAssembly offsets. Several: `clif,asm`.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORM")]
    emit: Vec<Emit>,
    /// Show only the function of this index or name. May be repeated.
    #[arg(long, value_name = "N|NAME", requires = "emit")]
    function: Vec<Chosen>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Emit {
    Clif,
    Optimized,
    Vcode,
    Asm,
}

/// A function as the user names it.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Chosen {
    Index(u32),
    Name(String),
}

impl From<&str> for Chosen {
    fn from(word: &str) -> Chosen {
        word.parse().map_or_else(|_| Chosen::Name(word.to_owned()), Chosen::Index)
    }
}

impl Chosen {
    fn is(&self, func: FuncIndex, name: Option<&str>) -> bool {
        match self {
            Chosen::Index(index) => func.as_u32() == *index,
            Chosen::Name(wanted) => name == Some(wanted),
        }
    }
}

impl EmitArguments {
    /// Whether anything is to be shown.
    pub(super) fn is_wanted(&self) -> bool {
        !self.emit.is_empty()
    }

    /// Compiles the functions, and gives the text.
    pub(super) fn text(
        &self,
        compiler: &Compiler,
        file: &Path,
        module: &ModuleFile,
        features: WasmFeatures,
    ) -> Result<String, Failure> {
        let form = |emit: &Emit| match emit {
            Emit::Clif => Form::Clif,
            Emit::Optimized => Form::Optimized,
            Emit::Vcode => Form::Vcode,
            Emit::Asm => Form::Asm,
        };
        let forms: Vec<Form> = self.emit.iter().map(form).collect();
        let file = file.display();
        let listings = compiler
            .inspect(&module.wasm, features, &forms, |func, name| self.chooses(func, name))
            .map_err(|error| anyhow!("failed to compile {file}: {}", module.refusal(error.into(), features)))
            .or_exit(Exit::Unexpected)?;
        if listings.is_empty() && !self.function.is_empty() {
            return Err(anyhow!(
                "failed to find a function of {file} that --function names and that has a body"
            ))
            .or_exit(Exit::Usage);
        }
        Ok(joined(&listings))
    }

    fn chooses(&self, func: FuncIndex, name: Option<&str>) -> bool {
        self.function.is_empty() || self.function.iter().any(|chosen| chosen.is(func, name))
    }
}

/// All texts, an empty line between two.
fn joined(listings: &[Listing]) -> String {
    let texts: Vec<&str> = listings.iter().flat_map(|listing| &listing.texts).map(String::as_str).collect();
    texts.join("\n")
}
