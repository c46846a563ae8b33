//! Modules as scripts: a module is instantiated, and its exports are called. What runs scripts, compares engines and says
//! why something failed does so for modules, too.

mod calls;
mod constants;
mod stubs;

pub use calls::Callee;
pub use constants::constant;
pub(crate) use constants::{float32, float64};
pub use stubs::Absent;
pub(crate) use stubs::{import_of, memory_type};

use crate::exec::STACK_SIZE;
use crate::script::inserted::Composition;
use crate::script::outline::outline;
use crate::script::{DirectiveKind, Keyword, Script};
use std::ffi::OsStr;
use std::fmt::Write;
use std::io;
use std::path::Path;
use std::thread;
use trapline_abi::ModuleInfo;
use trapline_compiler::{WasmFeatures, describe};

/// How a module is made a script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModuleOptions {
    /// The one export that is called, and its arguments as words; all exports that are functions if `None`.
    pub invoke: Option<Vec<String>>,
    /// How often each export is called, with other arguments each time.
    pub calls: u32,
    /// What arguments are chosen by.
    pub seed: u64,
    /// What stands in for imports that nothing provides.
    pub absent: Absent,
    /// Whether what modules import of JavaScript is provided by rule.
    pub by_rule: bool,
    /// Whether compiling and instantiating are two directives.
    pub apart: bool,
}

impl Default for ModuleOptions {
    fn default() -> ModuleOptions {
        ModuleOptions {
            invoke: None,
            calls: 1,
            seed: 0,
            absent: Absent::Refused,
            by_rule: false,
            apart: false,
        }
    }
}

/// A module as a script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModuleScript {
    /// The script: stand-ins for imports, the module, and the calls. It says of itself what is not from the module's file
    /// ([`crate::script`] takes that into account), so that a module in text has the places that it has there; one in binary
    /// is on line 1, and calls have the lines behind the module.
    pub text: String,
    /// What is left out of it, a line each.
    pub notes: Vec<String>,
    /// The binary, if the module could be assembled.
    pub wasm: Option<Vec<u8>>,
}

/// Why no script can be made of a module. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
pub enum ModuleScriptError {
    /// The export that is to be called is none.
    #[error("call an export: no function is exported as `{0}`{1}")]
    NoExport(String, String),
    /// Its arguments are none.
    #[error("call an export: `{0}` has type {1}: {2}")]
    Arguments(String, String, String),
    /// The system has no thread with the stack that it takes.
    #[error("start a thread: {0}")]
    Thread(#[source] io::Error),
}

/// How a module is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ModuleForm {
    /// In binary (specification, section "Binary Format").
    Binary,
    /// In text (specification, section "Text Format").
    Text,
}

impl ModuleForm {
    /// The form of the content of a file: it begins like a binary, or the file is called so and does not begin like text.
    pub fn of(path: Option<&Path>, bytes: &[u8]) -> ModuleForm {
        let is_called_so = || path.is_some_and(|path| path.extension() == Some(OsStr::new("wasm")));
        match bytes.starts_with(b"\0asm") || is_called_so() && !begins_like_text(bytes) {
            true => ModuleForm::Binary,
            false => ModuleForm::Text,
        }
    }
}

/// Whether the first byte that is not white space begins a form, an annotation or a comment.
pub(crate) fn begins_like_text(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii_start().first(), Some(b'(' | b';'))
}

/// Reads the words of a call's arguments into constants of a script.
pub type ReadArguments<'a> =
    dyn Fn(&ModuleInfo, Callee<'_>, &[String]) -> Result<Vec<String>, String> + Sync + 'a;

impl ModuleScript {
    /// Makes a script of a module in binary or text. A module that cannot be read, or is not valid with any features, is a
    /// script of its own: running it says what is wrong. `read` reads the arguments of [`ModuleOptions::invoke`].
    ///
    /// # Errors
    ///
    /// When there is no such export, or it does not take such arguments.
    pub fn new(
        bytes: &[u8],
        form: ModuleForm,
        options: &ModuleOptions,
        read: &ReadArguments<'_>,
    ) -> Result<ModuleScript, ModuleScriptError> {
        // The text of a module can be nested deeply.
        thread::scope(|scope| {
            let make = || make(bytes, form, options, read);
            match thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, make) {
                Ok(made) => made.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                Err(error) => Err(ModuleScriptError::Thread(error)),
            }
        })
    }
}

impl ModuleScript {
    /// Makes a script of an object whose manifest describes the module. It can only be run by engines that take objects.
    ///
    /// # Errors
    ///
    /// As [`ModuleScript::new`].
    pub fn of_object(
        object: &[u8],
        info: &ModuleInfo,
        options: &ModuleOptions,
        read: &ReadArguments<'_>,
    ) -> Result<ModuleScript, ModuleScriptError> {
        let (mut script, mut notes) = (Composition::default(), Vec::new());
        stubs::write(script.preamble(), info, (options.absent, options.by_rule), &mut notes);
        script.insert(|text| write_binary(text, object, options.apart));
        write_calls(&mut script, Some(info), options, read, &mut notes)?;
        Ok(ModuleScript { text: script.into_text(), notes, wasm: None })
    }
}

fn make(
    bytes: &[u8],
    form: ModuleForm,
    options: &ModuleOptions,
    read: &ReadArguments<'_>,
) -> Result<ModuleScript, ModuleScriptError> {
    let wasm = match form {
        ModuleForm::Binary => Some(bytes.to_vec()),
        ModuleForm::Text => assemble(bytes),
    };
    let info = wasm.as_ref().and_then(|wasm| describe(wasm, WasmFeatures::all()).ok());
    let (mut script, mut notes) = (Composition::default(), Vec::new());
    if let Some(info) = &info {
        stubs::write(script.preamble(), info, (options.absent, options.by_rule), &mut notes);
    }
    match form {
        ModuleForm::Binary => script.insert(|text| write_binary(text, bytes, options.apart)),
        ModuleForm::Text if wasm.is_some() => {
            write_text(&mut script, &String::from_utf8_lossy(bytes), options.apart)
        }
        // Its own text says best what is wrong with it.
        ModuleForm::Text => script.body().push_str(&String::from_utf8_lossy(bytes)),
    }
    let info = info.as_ref();
    if wasm.is_some() {
        write_calls(&mut script, info, options, read, &mut notes)?;
    }
    Ok(ModuleScript { text: script.into_text(), notes, wasm })
}

/// Appends the calls of a module, each on a line of its own behind the module's last.
fn write_calls(
    script: &mut Composition,
    info: Option<&ModuleInfo>,
    options: &ModuleOptions,
    read: &ReadArguments<'_>,
    notes: &mut Vec<String>,
) -> Result<(), ModuleScriptError> {
    let text = script.body();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    if options.apart {
        // The calls have the lines that they have without it.
        script.insert(|text| text.push_str("(module instance) "));
    }
    match info {
        Some(info) => calls::write(script.body(), info, options, read, notes),
        None => Ok(()),
    }
}

/// The binary of a module in text.
fn assemble(text: &[u8]) -> Option<Vec<u8>> {
    let script = Script::parse(std::str::from_utf8(text).ok()?.to_owned()).ok()?;
    let [directive] = script.directives() else { return None };
    match &directive.kind {
        DirectiveKind::Module(module) => module.wasm.clone().ok(),
        _ => None,
    }
}

/// Appends the text of a module, which stays on its lines. It may consist of fields alone (text format, "Modules",
/// abbreviations).
fn write_text(script: &mut Composition, module: &str, apart: bool) {
    let definition = if apart { " definition" } else { "" };
    let first = outline(module.as_bytes()).into_iter().next();
    // Fields without anything else are one directive.
    let is_module = |begin: usize| module[begin + 1..].trim_start().starts_with(MODULE);
    match first.map(|first| (first.directive, first.span.start)) {
        Some((Keyword::Module, begin)) if is_module(begin) => {
            let keyword = module[begin..].find(MODULE).map_or(begin, |at| begin + at + MODULE.len());
            let (before, after) = module.split_at(keyword);
            script.body().push_str(before);
            if apart {
                script.insert(|text| text.push_str(definition));
            }
            script.body().push_str(after);
        }
        Some((Keyword::Module | Keyword::Unknown, begin)) => {
            // A header stays at the top of the file.
            script.body().push_str(&module[..begin]);
            script.insert(|text| text.push_str(&format!("(module{definition} ")));
            script.body().push_str(&module[begin..]);
            // A comment may be the last thing.
            let end = if module.ends_with('\n') { ")\n" } else { "\n)" };
            script.insert(|text| text.push_str(end));
        }
        Some(_) | None => script.body().push_str(module),
    }
}

const MODULE: &str = "module";

/// Bytes of a binary on each line.
const LINE: usize = 64;

fn write_binary(text: &mut String, wasm: &[u8], apart: bool) {
    text.push_str(if apart { "(module definition binary" } else { "(module binary" });
    write_binary_strings(text, wasm);
    text.push(')');
}

/// Appends the string literals of a binary, each on a line of its own.
pub(crate) fn write_binary_strings(text: &mut String, wasm: &[u8]) {
    text.reserve(3 * wasm.len());
    for line in wasm.chunks(LINE) {
        text.push_str("\n  \"");
        for &byte in line {
            match byte {
                b'"' | b'\\' => {
                    text.push('\\');
                    text.push(byte.into());
                }
                b' '..=b'~' => text.push(byte.into()),
                // Writing to a String cannot fail.
                _ => drop(write!(text, "\\{byte:02x}")),
            }
        }
        text.push('"');
    }
}

/// A string literal of the text format.
pub(crate) fn quoted(name: &str) -> String {
    let mut text = String::from("\"");
    for c in name.chars() {
        match c {
            '"' | '\\' => {
                text.push('\\');
                text.push(c);
            }
            ' '..='~' => text.push(c),
            // Writing to a String cannot fail.
            c => drop(write!(text, "\\u{{{:x}}}", u32::from(c))),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests;
