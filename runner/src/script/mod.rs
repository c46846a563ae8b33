//! Scripts in the `.wast` language, parsed once into directives that own what they need.
//!
//! The grammar is that of the specification's interpreter ("Scripts" in its README). Modules are
//! encoded while the script is parsed; text that does not encode, quoted or not, is part of its
//! directive ([`TextRefusal`]) and never of the script's own error, because refusing text is what
//! many directives assert. A directive that does not parse costs no other ([`Unparsed`]).

mod annotations;
mod encode;
mod grammar;
pub(crate) mod inserted;
mod keyword;
pub(crate) mod outline;
mod parse;
mod places;
mod position;
mod quoted;
mod salvage;
mod unparsed;
mod value;

#[cfg(test)]
mod tests;

pub use keyword::Keyword;
pub use places::{Places, name_function};
pub(crate) use position::position;
pub use unparsed::{Unparsed, UnparsedCause};
pub use value::{Argument, Float, HeapKind, Lanes, Pattern};

use crate::outcome::ScriptFault;
use crate::reading;
use crate::trail::{Layer, Refusal, SourcePlace};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::path::Path;

/// A parsed script: its text and its directives in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Script {
    text: Cow<'static, str>,
    directives: Vec<Directive>,
}

/// One directive of a script.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Directive {
    /// Where its text lies in the script's, in bytes, parentheses included.
    pub span: Range<u32>,
    /// The line of its opening parenthesis, from 1.
    pub line: u32,
    /// The column of its opening parenthesis, from 1, in bytes.
    pub col: u32,
    /// What it asks for.
    pub kind: DirectiveKind,
}

/// Directives in order, those of a thread behind it.
pub(crate) fn with_those_of_threads<'d>(
    directives: impl IntoIterator<Item = &'d Directive>,
) -> Vec<&'d Directive> {
    fn add<'d>(directives: impl IntoIterator<Item = &'d Directive>, all: &mut Vec<&'d Directive>) {
        for directive in directives {
            all.push(directive);
            if let DirectiveKind::Thread { directives, .. } = &directive.kind {
                add(&**directives, all);
            }
        }
    }
    let mut all = Vec::new();
    add(directives, &mut all);
    all
}

/// What a directive asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum DirectiveKind {
    /// Define a module and instantiate it; the instance becomes the current one.
    Module(ModuleSource),
    /// Define a module without an instance.
    ModuleDefinition(ModuleSource),
    /// Instantiate a module defined before; the instance becomes the current one.
    ModuleInstance {
        /// The name of the new instance.
        instance: Option<Box<str>>,
        /// The name of the module; without one, the module defined last.
        module: Option<Box<str>>,
    },
    /// Make an instance's exports importable.
    Register {
        /// The module name that imports use.
        name: Box<str>,
        /// The instance; without one, the current one.
        module: Option<Box<str>>,
    },
    /// Call a function.
    Invoke(Invoke),
    /// Read a global.
    Get(Get),
    /// The action returns what the patterns describe.
    AssertReturn {
        /// What is done.
        action: Action,
        /// One pattern for each result.
        results: Vec<Pattern>,
    },
    /// The action, or the instantiation of the module, traps.
    AssertTrap {
        /// What is done.
        action: Action,
        /// The text of the trap.
        text: Box<str>,
    },
    /// The call exhausts the call stack.
    AssertExhaustion {
        /// What is called.
        invoke: Invoke,
        /// The text of the trap.
        text: Box<str>,
    },
    /// The action ends in an exception that nothing catches.
    AssertException {
        /// What is done.
        action: Action,
    },
    /// The action ends in a suspension that nothing handles.
    AssertSuspension {
        /// What is done.
        action: Action,
        /// The text of the error.
        text: Box<str>,
    },
    /// The module does not decode, or its text does not parse.
    AssertMalformed {
        /// The module.
        module: ModuleSource,
        /// The text of the error.
        text: Box<str>,
    },
    /// The module decodes and does not validate.
    AssertInvalid {
        /// The module.
        module: ModuleSource,
        /// The text of the error.
        text: Box<str>,
    },
    /// A custom section (or annotation) of the module does not decode.
    AssertMalformedCustom {
        /// The module.
        module: ModuleSource,
        /// The text of the error.
        text: Box<str>,
    },
    /// A custom section of the module decodes and is not valid.
    AssertInvalidCustom {
        /// The module.
        module: ModuleSource,
        /// The text of the error.
        text: Box<str>,
    },
    /// The module's imports do not match what is there.
    AssertUnlinkable {
        /// The module.
        module: ModuleSource,
        /// The text of the error.
        text: Box<str>,
    },
    /// Run directives on a new thread.
    Thread {
        /// The thread's name, for [`DirectiveKind::Wait`].
        name: Box<str>,
        /// The instance that the thread shares with its creator.
        shared: Option<Box<str>>,
        /// What the thread runs.
        directives: Vec<Directive>,
    },
    /// Wait for a thread to end.
    Wait {
        /// The thread's name.
        thread: Box<str>,
    },
    /// It does not parse.
    Unparsed(Unparsed),
}

/// What an assertion watches.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Action {
    /// A call.
    Invoke(Invoke),
    /// The read of a global.
    Get(Get),
    /// The instantiation of a module.
    Module(ModuleSource),
}

/// A call of an exported function.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invoke {
    /// The instance; without one, the current one.
    pub module: Option<Box<str>>,
    /// The function's export name.
    pub name: Box<str>,
    /// The arguments.
    pub args: Vec<Argument>,
}

/// The read of an exported global.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Get {
    /// The instance; without one, the current one.
    pub module: Option<Box<str>>,
    /// The global's export name.
    pub name: Box<str>,
}

/// A module as a script gives it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ModuleSource {
    /// The name by which later directives refer to it, without its `$`.
    pub name: Option<Box<str>>,
    /// How it was written.
    pub form: ModuleForm,
    /// The binary: encoded from text, or as written, in which case it may be anything.
    pub wasm: Result<Vec<u8>, TextRefusal>,
}

/// How a module was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ModuleForm {
    /// As text.
    Text,
    /// As strings of bytes.
    Binary,
    /// As text in strings, so that it need not be well-formed.
    Quote,
}

/// Why the text of a module could not be encoded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TextRefusal {
    /// The cause.
    pub message: String,
    /// The line within the script, from 1.
    pub line: u32,
    /// The column within the line, from 1, in bytes.
    pub col: u32,
    /// Whether an annotation is at fault, and the text is well-formed without its annotations. It is found out for directives
    /// about custom sections only.
    pub in_annotation: bool,
    /// Where in the script it is, in bytes; for a quoted module, where the string literal is that it is in.
    offset: u32,
    /// For a quoted module, where it is in the content of that literal, in bytes.
    content: Option<u32>,
}

impl TextRefusal {
    /// One at a place in bytes, whose line and column are not known yet.
    fn at(message: String, offset: usize) -> TextRefusal {
        TextRefusal { message, line: 0, col: 0, in_annotation: false, offset: offset as u32, content: None }
    }
}

impl TextRefusal {
    /// Where it is in the script.
    pub(crate) fn place(&self) -> SourcePlace {
        SourcePlace { line: self.line, col: self.col }
    }
}

impl From<&TextRefusal> for Refusal {
    fn from(refusal: &TextRefusal) -> Refusal {
        Refusal { place: Some(refusal.place()), ..Refusal::new(Layer::Decode, refusal.message.clone()) }
    }
}

impl fmt::Display for TextRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {}, column {}", self.message, self.line, self.col)
    }
}

/// Why a file is not a script.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It is not text.
    #[error("not UTF-8: the bytes from line {line}, column {col} on are not a character")]
    NotUtf8 {
        /// The line of the first such byte, from 1.
        line: u32,
        /// The column of the first such byte, from 1, in bytes.
        col: u32,
    },
    /// It is a module, and no script.
    #[error("a module in binary, and no script; `trapline run` and `trapline validate` take modules")]
    Binary,
    /// There is nothing in it but white space, as if its content was lost.
    #[error("empty: a script without directives has a comment at least")]
    Empty,
    /// It is longer than 4 GiB.
    #[error("longer than 4 GiB")]
    TooLong,
    /// It does not follow the grammar.
    #[error("{message}")]
    Syntax {
        /// The line, from 1.
        line: u32,
        /// The column, from 1, in bytes.
        col: u32,
        /// The cause.
        message: String,
    },
}

impl ScriptError {
    /// The line and column it is about, from 1; 0 and 0 if it is about the file as a whole.
    pub fn position(&self) -> (u32, u32) {
        match *self {
            ScriptError::NotUtf8 { line, col } | ScriptError::Syntax { line, col, .. } => (line, col),
            ScriptError::Unreadable(_) | ScriptError::Binary | ScriptError::Empty | ScriptError::TooLong => {
                (0, 0)
            }
        }
    }
}

impl From<&ScriptError> for ScriptFault {
    fn from(error: &ScriptError) -> ScriptFault {
        let (line, col) = error.position();
        ScriptFault { line, col, message: error.to_string(), expected: None }
    }
}

impl Script {
    /// Reads and parses a file.
    ///
    /// # Errors
    ///
    /// As [`Script::from_bytes`], and when the file cannot be read.
    pub fn read(path: &Path) -> Result<Script, ScriptError> {
        Script::from_bytes(reading::read(path)?)
    }

    /// Parses the content of a file.
    ///
    /// # Errors
    ///
    /// As [`Script::parse`], and when the bytes are a module, or not UTF-8 and without any directive.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Script, ScriptError> {
        if bytes.starts_with(b"\0asm") {
            return Err(ScriptError::Binary);
        }
        if u32::try_from(bytes.len()).is_err() {
            return Err(ScriptError::TooLong);
        }
        match String::from_utf8(bytes) {
            Ok(text) => Script::parse(text),
            Err(error) => Script::around(&error.into_bytes()),
        }
    }

    /// Parses the content of a file that is not UTF-8 throughout: directives that are can run.
    fn around(bytes: &[u8]) -> Result<Script, ScriptError> {
        let (mut text, mut misfits) = (String::with_capacity(bytes.len()), Vec::new());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            // One character for each byte, so that all places stay what they are.
            misfits.extend(text.len()..text.len() + chunk.invalid().len());
            text.extend(chunk.invalid().iter().map(|_| '?'));
        }
        let directives = parse::directives_around(bytes, &text, &misfits)?;
        Ok(Script { text: text.into(), directives })
    }

    /// Parses the text of a script: directives, or the fields of a single module.
    ///
    /// # Errors
    ///
    /// When nothing in the text is a directive, and it is more than comments, or nothing at all. A directive that does not parse is not an error
    /// here, see [`Unparsed`], and a module that does not encode is none, see [`ModuleSource::wasm`].
    pub fn parse(text: impl Into<Cow<'static, str>>) -> Result<Script, ScriptError> {
        let text = text.into();
        if u32::try_from(text.len()).is_err() {
            return Err(ScriptError::TooLong);
        }
        if text.trim_ascii().is_empty() {
            return Err(ScriptError::Empty);
        }
        let directives = parse::directives(&text)?;
        Ok(Script { text, directives })
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The directives in order.
    pub fn directives(&self) -> &[Directive] {
        &self.directives
    }

    /// What one directive asks for, to ask for something else in its place.
    pub(crate) fn kind_mut(&mut self, index: u32) -> &mut DirectiveKind {
        &mut self.directives[index as usize].kind
    }

    /// A script of other directives, whose spans lie in the same text.
    pub(crate) fn with_directives(&self, directives: Vec<Directive>) -> Script {
        Script { text: self.text.clone(), directives }
    }

    /// The text of one of the script's directives.
    pub fn source(&self, directive: &Directive) -> &str {
        &self.text[directive.span.start as usize..directive.span.end as usize]
    }
}

impl DirectiveKind {
    /// The keyword.
    pub const fn keyword(&self) -> Keyword {
        match self {
            DirectiveKind::Module(_) => Keyword::Module,
            DirectiveKind::ModuleDefinition(_) => Keyword::ModuleDefinition,
            DirectiveKind::ModuleInstance { .. } => Keyword::ModuleInstance,
            DirectiveKind::Register { .. } => Keyword::Register,
            DirectiveKind::Invoke(_) => Keyword::Invoke,
            DirectiveKind::Get(_) => Keyword::Get,
            DirectiveKind::AssertReturn { .. } => Keyword::AssertReturn,
            DirectiveKind::AssertTrap { .. } => Keyword::AssertTrap,
            DirectiveKind::AssertExhaustion { .. } => Keyword::AssertExhaustion,
            DirectiveKind::AssertException { .. } => Keyword::AssertException,
            DirectiveKind::AssertSuspension { .. } => Keyword::AssertSuspension,
            DirectiveKind::AssertMalformed { .. } => Keyword::AssertMalformed,
            DirectiveKind::AssertInvalid { .. } => Keyword::AssertInvalid,
            DirectiveKind::AssertMalformedCustom { .. } => Keyword::AssertMalformedCustom,
            DirectiveKind::AssertInvalidCustom { .. } => Keyword::AssertInvalidCustom,
            DirectiveKind::AssertUnlinkable { .. } => Keyword::AssertUnlinkable,
            DirectiveKind::Thread { .. } => Keyword::Thread,
            DirectiveKind::Wait { .. } => Keyword::Wait,
            DirectiveKind::Unparsed(unparsed) => unparsed.keyword,
        }
    }
}
