//! Modules among the scripts of a run.

use super::{Input, ReadFailure, Source};
use crate::module_script::{ModuleForm, ModuleOptions, ModuleScript, ModuleScriptError, ReadArguments};
use crate::reading;
use crate::script::Keyword;
use crate::script::outline::outline;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Makes scripts of modules, which are known by the ends of their names (`.wasm`, `.wat`) or by how they begin. Gives back what
/// is left out of them, with the names of the modules. `read` reads the arguments of a call.
///
/// # Errors
///
/// With the name of the module, when the export that is to be called is none of it, or does not take the arguments. What cannot be read is left as it
/// is, and refused when it is run.
pub fn make_scripts(
    inputs: &mut [Input],
    options: &ModuleOptions,
    read: &ReadArguments<'_>,
) -> Result<Vec<String>, (String, ModuleScriptError)> {
    let mut notes = Vec::new();
    for input in inputs {
        let (path, bytes) = match &input.source {
            Source::Stdin(bytes) if input.is_module() => (None, bytes.to_vec()),
            Source::Pipe(pipe) if input.is_module() => match pipe.read() {
                Ok(bytes) => (Some(pipe.path().to_owned()), bytes.to_vec()),
                Err(_) => continue,
            },
            Source::File(path) if is_module(path) => match reading::read(path) {
                Ok(bytes) => (Some(path.clone()), bytes),
                Err(_) => continue,
            },
            _ => continue,
        };
        let form = ModuleForm::of(path.as_deref(), &bytes);
        if form == ModuleForm::Text && outline(&bytes).is_empty() {
            let error =
                io::Error::new(io::ErrorKind::InvalidData, "no directive, where one module is wanted");
            input.source = Source::Unreadable(ReadFailure::from(&error));
            continue;
        }
        let made = ModuleScript::new(&bytes, form, options, read);
        let ModuleScript { text, notes: more, wasm } =
            made.map_err(|error| (input.name.to_string(), error))?;
        notes.extend(more.into_iter().map(|note| format!("{}: {note}", input.name)));
        let (script, wasm) = (text.into_bytes().into(), wasm.map(Into::into));
        input.source = Source::Module { path, script, wasm };
    }
    Ok(notes)
}

/// Whether this is a module, in binary or text, and nothing else.
fn is_content(bytes: &[u8]) -> bool {
    ModuleForm::of(None, bytes) == ModuleForm::Binary
        || matches!(&outline(bytes)[..], [only] if only.directive == Keyword::Module)
}

impl Input {
    /// Whether it is a module, in binary or text, and no script.
    pub(crate) fn is_module(&self) -> bool {
        match &self.source {
            Source::Module { .. } => true,
            Source::Stdin(bytes) => is_content(bytes),
            // It can be read only once, and is kept.
            Source::Pipe(pipe) => {
                let named = |name| pipe.path().extension() == Some(OsStr::new(name));
                let is_module = || pipe.read().is_ok_and(|bytes| is_content(&bytes));
                named("wasm") || named("wat") || !named("wast") && is_module()
            }
            Source::File(path) => is_module(path),
            Source::Suite(_) | Source::Unreadable(_) | Source::Sent { .. } => false,
        }
    }
}

fn is_module(path: &Path) -> bool {
    let named = |name| path.extension() == Some(OsStr::new(name));
    let begins = || {
        let mut first = [0; 4];
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut first));
        read.is_ok() && ModuleForm::of(None, &first) == ModuleForm::Binary
    };
    // A file that says that it is a script is one.
    named("wasm") || named("wat") || !named("wast") && begins()
}
