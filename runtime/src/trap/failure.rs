//! How calls fail: on the way out of builtins and host functions, and as the host is told.

use super::TrapReport;
use crate::error::{HostError, ResourceError};
use crate::exceptions::UncaughtException;
use crate::handle::Exception;
use std::any::Any;
use trapline_abi::{FuncType, Trap, TrapDetail, TypeId, ValType};

/// How a call can fail.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// It trapped.
    #[error(transparent)]
    Trap(Box<TrapReport>),
    /// It threw an exception that nothing caught.
    #[error(transparent)]
    Exception(Box<UncaughtException>),
    /// A host function failed.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The arguments do not suit the function.
    #[error("call the function: it takes {}, not {}", list(expected), list(found))]
    Arguments {
        /// The types of its parameters.
        expected: Vec<ValType<TypeId>>,
        /// The types of the arguments.
        found: Vec<ValType<TypeId>>,
    },
    /// The system did not grant what a call needs.
    #[error(transparent)]
    Resource(#[from] ResourceError),
    /// Compiled code trapped without a recorded reason: the object or the runtime is
    /// broken.
    #[error("explain why the function was left: no failure is known")]
    NoReason,
}

/// Types as a message has them.
pub(crate) fn list(types: &[ValType<TypeId>]) -> String {
    let ty = FuncType { params: types.to_vec(), results: Vec::new() };
    ty.to_string().trim_end_matches(" -> []").to_owned()
}

/// Why a builtin or host function failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The operation traps.
    Trap(Trap, Option<TrapDetail>),
    /// An exception is thrown.
    Exception(Exception),
    /// A call that a host function made has trapped, and the host function passes it on.
    Nested(Box<TrapReport>),
    /// The host function gave up.
    Host(HostError),
}

/// What waits for the activation to be left.
pub(crate) enum Pending {
    /// A failure.
    Failure(Failure),
    /// A panic of the host, to be resumed beyond the frames of compiled code.
    Panic(Box<dyn Any + Send>),
}

impl From<CallError> for HostError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Host(error) => error,
            error => Self(Box::new(error)),
        }
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        match error.0.downcast::<CallError>().map(|call| *call) {
            Ok(CallError::Trap(report)) => Failure::Nested(report),
            Ok(CallError::Exception(uncaught)) => Failure::Exception(uncaught.exception),
            Ok(other) => Failure::Host(HostError(Box::new(other))),
            Err(error) => Failure::Host(HostError(error)),
        }
    }
}
