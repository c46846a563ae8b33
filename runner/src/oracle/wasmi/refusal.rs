//! Why wasmi did not take a module, link it, or run it.

use super::{OFFERED, convert};
use crate::executor::{EngineError, Failure};
use crate::host::exited_at_start;
use crate::trail::{Lack, Layer, LinkFailure, LinkFault, Refusal};
use std::fmt::Display;
use trapline_compiler::{CompileError, WasmFeatures, feature_names, validate};
use wasmi::errors::{ErrorKind, InstantiationError, MemoryError, TableError};

/// Sorts a refusal by wasmi. It has one kind of error for what does not decode, what does not validate and what it does not
/// have; trapline's own validator tells these apart. The verdict stays wasmi's.
pub(super) fn of(error: &wasmi::Error, wasm: &[u8], features: WasmFeatures) -> EngineError {
    let (message, offset) = match error.kind() {
        ErrorKind::Wasm(error) => (error.message().to_owned(), Some(error.offset() as u64)),
        ErrorKind::ImplementationLimits(limit) => return limited(limit),
        ErrorKind::UserLimits(limit) => return limited(limit),
        other => (other.to_string(), None),
    };
    let refusal = |layer| Refusal {
        layer,
        message,
        offset,
        function: None,
        place: None,
        missing: Vec::new(),
        panicked: false,
    };
    let whole = validate(wasm, features);
    if let Some(lack) = lacking(wasm, features, &whole) {
        return EngineError::Unsupported(lack);
    }
    match whole {
        Err(CompileError::Malformed { .. }) => EngineError::Malformed(refusal(Layer::Decode)),
        Err(CompileError::Limit(_)) => limited(error),
        // It has decoded and validated it, and has no room for what it translates it to.
        Ok(()) if !matches!(error.kind(), ErrorKind::Wasm(_)) => limited(error),
        // A module that trapline takes, and wasmi does not, is wrong on one side.
        Ok(()) | Err(_) => EngineError::Invalid(refusal(Layer::Validate)),
    }
}

/// What a module needs that wasmi does not have, if without it the verdict is another one than `whole`, that with all
/// features. It is named as the feature alone with which the verdict, or its place, changes; or as all that wasmi does not have.
fn lacking(wasm: &[u8], features: WasmFeatures, whole: &Result<(), CompileError>) -> Option<Lack> {
    let here = features & OFFERED;
    let verdict = |result: &Result<(), CompileError>| result.as_ref().err().map(CompileError::to_string);
    let without = verdict(&validate(wasm, here));
    if without == verdict(whole) {
        return None;
    }
    let others = features.difference(OFFERED);
    let changes = |&one: &WasmFeatures| verdict(&validate(wasm, here | one)) != without;
    let names = feature_names(others.iter().find(changes).unwrap_or(others));
    Some(Lack::Proposal(names.join(", ")))
}

fn limited(cause: impl Display) -> EngineError {
    EngineError::Unsupported(limit(cause))
}

/// A limit of wasmi's, in its own words.
fn limit(cause: impl Display) -> Lack {
    Lack::Foreign(format!("a limit of wasmi: {cause}"))
}

/// Sorts an error of an instantiation.
pub(super) fn of_instance(error: &wasmi::Error) -> Failure {
    if let Some(code) = error.i32_exit_status() {
        return Failure::Trap(Box::new(exited_at_start(code.cast_unsigned())));
    }
    if let Some(trap) = convert::trap(error) {
        return Failure::Trap(Box::new(trap));
    }
    let lack = |what: &dyn Display| Failure::Lack(limit(what));
    match error.kind() {
        ErrorKind::Instantiation(error) => match error {
            InstantiationError::MismatchedNumberOfImports { .. }
            | InstantiationError::ImportTypeMismatch { .. }
            | InstantiationError::GlobalTypeMismatch { .. }
            | InstantiationError::FuncTypeMismatch { .. }
            | InstantiationError::TableTypeMismatch { .. }
            | InstantiationError::MemoryTypeMismatch { .. } => Failure::Link(Box::new(LinkFailure {
                fault: LinkFault::IncompatibleImport,
                import: None,
                refusal: Refusal::new(Layer::Link, format!("incompatible import type: {error}")),
            })),
            InstantiationError::TooManyInstances
            | InstantiationError::TooManyTables
            | InstantiationError::TooManyMemories
            | InstantiationError::FailedToInstantiateMemory(_)
            | InstantiationError::FailedToInstantiateTable(_) => lack(error),
            InstantiationError::ElementSegmentDoesNotFit { .. }
            | InstantiationError::UnexpectedStartFn { .. } => harness(error),
        },
        ErrorKind::Memory(
            error @ (MemoryError::ResourceLimiterDeniedAllocation
            | MemoryError::OutOfSystemMemory
            | MemoryError::MinimumSizeOverflow),
        ) => lack(error),
        ErrorKind::Table(
            error @ (TableError::ResourceLimiterDeniedAllocation
            | TableError::OutOfSystemMemory
            | TableError::MinimumSizeOverflow),
        ) => lack(error),
        other => harness(other),
    }
}

/// Sorts an error of a call.
pub(super) fn of_call(error: &wasmi::Error) -> Failure {
    if let Some(trap) = convert::trap(error) {
        return Failure::Trap(Box::new(trap));
    }
    match error.kind() {
        ErrorKind::Func(error) => Failure::Arguments(Refusal::new(Layer::Run, error.to_string())),
        ErrorKind::TrapCode(code) => Failure::Lack(limit(code)),
        other => Failure::Harness(Refusal::new(Layer::Run, other.to_string())),
    }
}

fn harness(error: &dyn Display) -> Failure {
    Failure::Harness(Refusal::new(Layer::Instantiate, error.to_string()))
}
