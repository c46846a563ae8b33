//! Why an engine did not do what it was asked to.

use crate::trail::{Exception, ExportKind, Lack, Refusal, TrapInfo};

/// Why an engine did not take a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EngineError {
    /// It does not decode.
    Malformed(Refusal),
    /// It decodes and does not validate.
    Invalid(Refusal),
    /// It needs something that the engine does not have.
    Unsupported(Lack),
    /// The engine itself went wrong.
    Harness(Refusal),
}

/// Why an engine does not take the custom sections of a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CustomRefusal {
    /// It does not take the module, whatever they are.
    Module(EngineError),
    /// One does not decode.
    Malformed(Refusal),
    /// One decodes and is not valid.
    Invalid(Refusal),
}

/// Why an instantiation or a call did not end well.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// It trapped, or the call stack ended.
    Trap(Box<TrapInfo>),
    /// It threw an exception that nothing caught.
    Exception(Box<Exception>),
    /// Imports are not there or do not match.
    Link(Refusal),
    /// There is no export of the name.
    NoExport,
    /// There is no export of the name among the shared memories, and more is not known of an instance on another thread.
    NoSharedMemory,
    /// The export is of another kind.
    ExportIs(ExportKind),
    /// The arguments are not of the parameters' types.
    Arguments(Refusal),
    /// It needs something that the engine does not have.
    Lack(Lack),
    /// The engine itself, or the system, went wrong.
    Harness(Refusal),
}
