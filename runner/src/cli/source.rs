//! Modules and objects from files.

use super::exit::{Exit, Failure, OrExit};
use crate::executor::EngineError;
use crate::module_script::{ModuleForm, begins_like_text};
use crate::reading;
use crate::report;
use crate::script::{
    DirectiveKind, ModuleSource, Places, Script, TextRefusal, Unparsed, UnparsedCause, name_function,
};
use crate::trail::{SourcePlace, TrapInfo};
use anyhow::anyhow;
use std::borrow::Cow;
use std::path::Path;
use trapline_compiler::WasmFeatures;
use trapline_runtime::TrapReport;

/// What a file holds.
pub(super) enum Contents {
    /// A module, in binary or text.
    Wasm(ModuleFile),
    /// An ELF file to be loaded into memory.
    Object(Vec<u8>),
    /// An ELF file that the dynamic linker opens, and so has to have a path.
    SharedObject,
}

/// A module from a file.
pub(super) struct ModuleFile {
    /// Its binary, from the file or assembled from its text.
    pub(super) wasm: Vec<u8>,
    text: Option<Script>,
}

impl ModuleFile {
    /// Its text, as the only directive of a script, if it was written as text.
    pub(super) fn into_text(self) -> Option<Script> {
        self.text
    }

    /// Why it was refused under a set of features, with the place in its text.
    pub(super) fn refusal(&self, error: EngineError, features: WasmFeatures) -> String {
        let mut error = error.with_proposals(&self.wasm, features);
        let mut excerpt = String::new();
        if let EngineError::Malformed(refusal)
        | EngineError::Invalid(refusal)
        | EngineError::Harness(refusal) = &mut error
        {
            name_function(&self.wasm, refusal);
            if let Some(text) = &self.text
                && let [module] = text.directives()
            {
                Places::new(text).fill_in_refusal(module, refusal);
                excerpt = refusal.place.map(|place| below(text.text(), place)).unwrap_or_default();
            }
        }
        report::engine_error(&error) + &excerpt
    }
}

/// The line of a place with a caret, to be put below a message.
fn below(text: &str, place: SourcePlace) -> String {
    format!("\n{}", report::line_with_caret(text, place))
}

/// A trap with its places in the module's text, if it was written as text.
pub(super) fn placed_trap(report: &TrapReport, text: Option<&Script>) -> TrapInfo {
    let mut trap = TrapInfo::from(report);
    if let Some(text) = text {
        Places::new(text).fill_in_trap(0, &mut trap);
    }
    trap
}

/// A trap in words, with the functions that were active, innermost first, a line each, and the line of the module's text.
pub(super) fn trap(trap: &TrapInfo, text: Option<&Script>) -> String {
    let mut lines = report::trap(trap);
    for line in report::frames(&trap.frames) {
        lines.push_str(&format!("\n  {line}"));
    }
    if trap.truncated {
        lines.push_str("\n  in more functions");
    }
    if let (Some(text), Some(place)) = (text, trap.place) {
        lines.push_str(&below(text.text(), place));
    }
    lines
}

/// Where the type of an ELF file stands in it.
const ELF_TYPE: usize = 16;
/// The type of shared objects.
const ET_DYN: [u8; 2] = object::elf::ET_DYN.to_le_bytes();

/// Whether bytes are those of an ELF file.
pub(super) fn is_elf(bytes: &[u8]) -> bool {
    bytes.starts_with(&object::elf::ELFMAG)
}

/// Whether a file is an object, perhaps a damaged one: it begins like an ELF file, or is called so and begins neither like a module
/// nor like text.
pub(super) fn is_object(path: &Path, bytes: &[u8]) -> bool {
    is_elf(bytes) || is_damaged_object(path, bytes)
}

/// Whether a file is called like an object and is not one any more.
pub(super) fn is_damaged_object(path: &Path, bytes: &[u8]) -> bool {
    let is_other = bytes.starts_with(b"\0asm") || is_elf(bytes) || begins_like_text(bytes);
    path.extension().is_some_and(|extension| extension == "o") && !is_other
}

/// What is wrong with a damaged object. Follows "failed to read it: ".
pub(super) fn damage(bytes: &[u8]) -> &'static str {
    match object::elf::ELFMAG.starts_with(bytes) {
        true => "a truncated object: it ends before its first header does",
        false => "a damaged object: it does not begin like an ELF file",
    }
}

/// Whether an ELF file is a shared object.
pub(super) fn is_shared_object(bytes: &[u8]) -> bool {
    bytes.get(ELF_TYPE..).and_then(|rest| rest.first_chunk()) == Some(&ET_DYN)
}

/// Reads a file; `-` is the standard input.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let result = if path == Path::new("-") { reading::read_stdin() } else { reading::read(path) };
    result.map_err(|error| anyhow!("failed to read {}: {error}", path.display())).or_exit(Exit::Usage)
}

/// Reads a module, in binary or text, or an object.
pub(super) fn read_contents(path: &Path) -> Result<Contents, Failure> {
    let bytes = read(path)?;
    if is_elf(&bytes) {
        match (is_shared_object(&bytes), path == Path::new("-")) {
            (true, false) => Ok(Contents::SharedObject),
            (true, true) => {
                Err(anyhow!("failed to read -: a shared object, which can only be opened by its name"))
                    .or_exit(Exit::Usage)
            }
            (false, _) => Ok(Contents::Object(bytes)),
        }
    } else if is_damaged_object(path, &bytes) {
        Err(anyhow!("failed to read {}: {}", path.display(), damage(&bytes))).or_exit(Exit::Unexpected)
    } else if ModuleForm::of(Some(path), &bytes) == ModuleForm::Binary {
        Ok(Contents::Wasm(ModuleFile { wasm: bytes, text: None }))
    } else {
        assemble(path, bytes).map(Contents::Wasm).or_exit(Exit::Unexpected)
    }
}

/// Reads a module, in binary or text.
pub(super) fn read_module(path: &Path) -> Result<ModuleFile, Failure> {
    match read_contents(path)? {
        Contents::Wasm(module) => Ok(module),
        Contents::Object(_) | Contents::SharedObject => {
            Err(anyhow!("failed to read {}: an object, where a module is wanted", path.display()))
                .or_exit(Exit::Usage)
        }
    }
}

/// Whatever does not begin like a module is taken for the text of one.
fn assemble(path: &Path, bytes: Vec<u8>) -> anyhow::Result<ModuleFile> {
    let path = path.display();
    let text =
        String::from_utf8(bytes).map_err(|_| anyhow!("failed to read {path}: neither a module nor text"))?;
    let script = Script::parse(Cow::Owned(text)).map_err(|error| {
        let (line, col) = error.position();
        anyhow!("failed to parse {path}:{line}:{col}: {error}")
    })?;
    let refused = |refusal: &TextRefusal| {
        let place = SourcePlace { line: refusal.line, col: refusal.col };
        let excerpt = below(script.text(), place);
        anyhow!("failed to parse {path}:{}:{}: {}{excerpt}", refusal.line, refusal.col, refusal.message)
    };
    let unparsed = script.directives().iter().find_map(|directive| match &directive.kind {
        DirectiveKind::Unparsed(Unparsed { cause, .. }) => Some(cause),
        _ => None,
    });
    match unparsed {
        None => {}
        Some(UnparsedCause::Syntax(refusal) | UnparsedCause::UnknownDirective(_, refusal)) => {
            return Err(refused(refusal));
        }
        Some(UnparsedCause::Component) => {
            return Err(anyhow!("failed to read {path}: a component, where a module is wanted"));
        }
    }
    let [directive] = script.directives() else {
        let count = script.directives().len();
        return Err(anyhow!("failed to read {path}: {count} directives, where one module is wanted"));
    };
    match &directive.kind {
        DirectiveKind::Module(ModuleSource { wasm: Ok(wasm), .. }) => {
            Ok(ModuleFile { wasm: wasm.clone(), text: Some(script) })
        }
        DirectiveKind::Module(ModuleSource { wasm: Err(refusal), .. }) => Err(refused(refusal)),
        other => {
            Err(anyhow!("failed to read {path}: a directive `{}`, where a module is wanted", other.keyword()))
        }
    }
}
