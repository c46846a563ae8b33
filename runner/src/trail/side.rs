//! What a directive wants, and what came instead.

use super::{Layer, Refusal, Value};
use crate::script::Pattern;
use serde::{Deserialize, Serialize};

/// The two sides of a directive that failed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mismatch {
    /// What the script wants.
    pub wanted: Wanted,
    /// What happened.
    pub got: Got,
}

/// What a directive wants.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// A directive that parses.
    Directive,
    /// An instance of a module.
    Instance,
    /// A module that is valid.
    ValidModule,
    /// A module whose instantiation traps.
    TrappingModule,
    /// A return, with any results.
    Return,
    /// Results.
    Results(Vec<Pattern>),
    /// A trap of this text.
    Trap(String),
    /// An exception that nothing catches.
    Exception,
    /// The end of the call stack, of this text.
    Exhaustion(String),
    /// A module that does not decode, of this text.
    Malformed(String),
    /// A module that decodes and is not valid, of this text.
    Invalid(String),
    /// A custom section that does not decode, of this text.
    MalformedCustom(String),
    /// A custom section that is not valid, of this text.
    InvalidCustom(String),
    /// Imports that do not match, of this text.
    Unlinkable(String),
    /// An export of a kind and name.
    Export(ExportKind, String),
    /// Arguments of the parameters' types.
    Arguments,
    /// An instance of this name.
    NamedInstance(String),
    /// A module of this name.
    NamedModule(String),
    /// An instance before the directive.
    CurrentInstance,
    /// A module before the directive.
    PrecedingModule,
    /// A thread of this name that runs.
    RunningThread(String),
    /// A `wait` for the thread of this name.
    WaitForThread(String),
}

/// What happened at a directive.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Got {
    /// A return of these results.
    Returned(Vec<Value>),
    /// The module was instantiated.
    Instantiated,
    /// A trap, or the end of the call stack; the record has it.
    Trapped,
    /// An exception that nothing caught; the record has it.
    Threw,
    /// The imports did not match.
    Unlinkable(Box<Refusal>),
    /// The module was refused.
    Refused(Box<Refusal>),
    /// The text of the module was refused.
    RefusedText(Box<Refusal>),
    /// A custom section of the module was refused.
    RefusedCustom(Box<Refusal>),
    /// The module decodes and is valid.
    Valid,
    /// There is no export of the name.
    NoExport,
    /// Of an instance on another thread, only the shared memories are known.
    ElsewhereUnknown,
    /// The export is of another kind.
    ExportIs(ExportKind),
    /// The arguments are not of the parameters' types.
    WrongArguments(Box<Refusal>),
    /// There is nothing of the name.
    Nothing,
    /// No module comes before the directive.
    NoModuleBefore,
    /// No `wait` follows, so the thread was not started.
    NotWaitedFor,
}

/// A kind of export.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "named as the kinds")]
pub enum ExportKind {
    Function,
    Table,
    Memory,
    Global,
    Tag,
}

impl ExportKind {
    /// The specification's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            ExportKind::Function => "function",
            ExportKind::Table => "table",
            ExportKind::Memory => "memory",
            ExportKind::Global => "global",
            ExportKind::Tag => "tag",
        }
    }
}

/// The directive of a script's thread that an outcome of a `wait` is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ThreadPlace {
    /// The thread's name.
    pub thread: String,
    /// The line of the directive.
    pub line: u32,
    /// Its keyword.
    pub directive: crate::script::Keyword,
    /// How many later directives of the thread did not pass either.
    pub later: u32,
}

impl Got {
    /// The layer that this came from, if it is that of a layer.
    pub fn layer(&self) -> Option<Layer> {
        match self {
            Got::Unlinkable(refusal)
            | Got::Refused(refusal)
            | Got::RefusedText(refusal)
            | Got::RefusedCustom(refusal) => Some(refusal.layer),
            Got::Instantiated => Some(Layer::Instantiate),
            Got::Returned(_) | Got::Trapped | Got::Threw | Got::WrongArguments(_) => Some(Layer::Run),
            Got::Valid => Some(Layer::Validate),
            Got::NoExport
            | Got::ElsewhereUnknown
            | Got::ExportIs(_)
            | Got::Nothing
            | Got::NoModuleBefore
            | Got::NotWaitedFor => None,
        }
    }
}
