//! Exceptions, as the host is told of them.

use crate::handle::{Exception, Tag, Val};
use std::fmt;

/// An exception that nothing has caught.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UncaughtException {
    /// The exception.
    pub exception: Exception,
    /// Its tag.
    pub tag: Tag,
    /// What it carries.
    pub payload: Vec<Val>,
}

impl fmt::Display for UncaughtException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.payload.len();
        let values = if count == 1 { "value" } else { "values" };
        write!(f, "uncaught exception with {count} {values}")
    }
}

impl std::error::Error for UncaughtException {}
