//! Modules and objects from files.

use super::exit::{Exit, Failure, OrExit};
use crate::script::{DirectiveKind, ModuleSource, Script};
use anyhow::anyhow;
use std::borrow::Cow;
use std::io::{self, Read};
use std::path::Path;

/// What a file holds.
pub(super) enum Contents {
    /// The binary of a module, from the file or assembled from its text.
    Wasm(Vec<u8>),
    /// An ELF file to be loaded into memory.
    Object(Vec<u8>),
    /// An ELF file that the dynamic linker opens, and so has to have a path.
    SharedObject,
}

/// Where the type of an ELF file stands in it.
const ELF_TYPE: usize = 16;
/// The type of shared objects.
const ET_DYN: [u8; 2] = object::elf::ET_DYN.to_le_bytes();

/// Reads a file; `-` is the standard input.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let result = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    result.map_err(|error| anyhow!("failed to read {}: {error}", path.display())).or_exit(Exit::Usage)
}

/// Reads a module, in binary or text, or an object.
pub(super) fn read_contents(path: &Path) -> Result<Contents, Failure> {
    let bytes = read(path)?;
    if bytes.starts_with(b"\x7fELF") {
        match (bytes.get(ELF_TYPE..).and_then(|rest| rest.first_chunk()), path == Path::new("-")) {
            (Some(&ET_DYN), false) => Ok(Contents::SharedObject),
            (Some(&ET_DYN), true) => {
                Err(anyhow!("failed to read -: a shared object, which can only be opened by its name"))
                    .or_exit(Exit::Usage)
            }
            _ => Ok(Contents::Object(bytes)),
        }
    } else if bytes.starts_with(b"\0asm") {
        Ok(Contents::Wasm(bytes))
    } else {
        assemble(path, bytes).map(Contents::Wasm).or_exit(Exit::Unexpected)
    }
}

/// Reads a module, in binary or text.
pub(super) fn read_module(path: &Path) -> Result<Vec<u8>, Failure> {
    match read_contents(path)? {
        Contents::Wasm(wasm) => Ok(wasm),
        Contents::Object(_) | Contents::SharedObject => {
            Err(anyhow!("failed to read {}: an object, where a module is wanted", path.display()))
                .or_exit(Exit::Usage)
        }
    }
}

/// Whatever does not begin like a module is taken for the text of one.
fn assemble(path: &Path, bytes: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    let path = path.display();
    let text =
        String::from_utf8(bytes).map_err(|_| anyhow!("failed to read {path}: neither a module nor text"))?;
    let script = Script::parse(Cow::Owned(text)).map_err(|error| {
        let (line, col) = error.position();
        anyhow!("failed to parse {path}:{line}:{col}: {error}")
    })?;
    let [directive] = script.directives() else {
        let count = script.directives().len();
        return Err(anyhow!("failed to read {path}: {count} directives, where one module is wanted"));
    };
    match &directive.kind {
        DirectiveKind::Module(ModuleSource { wasm: Ok(wasm), .. }) => Ok(wasm.clone()),
        DirectiveKind::Module(ModuleSource { wasm: Err(refusal), .. }) => {
            Err(anyhow!("failed to parse {path}:{}:{}: {}", refusal.line, refusal.col, refusal.message))
        }
        other => {
            Err(anyhow!("failed to read {path}: a directive `{}`, where a module is wanted", other.keyword()))
        }
    }
}
