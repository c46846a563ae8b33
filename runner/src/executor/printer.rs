//! Where the host module's functions print to.

use crate::matchers;
use crate::trail::{Output, Value};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Takes what modules print. Clones print to the same place.
#[derive(Clone, Default, Debug)]
pub enum Printer {
    /// The output is dropped.
    #[default]
    Nowhere,
    /// It is kept until it is taken.
    Kept(Arc<Mutex<Output>>),
    /// The standard error of this process.
    Stderr,
}

impl Printer {
    /// One that keeps what is printed.
    pub fn keeping() -> Printer {
        Printer::Kept(Arc::default())
    }

    /// Prints the arguments of a call, which are only asked for if they are printed.
    pub fn print(&self, values: impl FnOnce() -> Vec<Value>) {
        match self {
            Printer::Nowhere => {}
            Printer::Kept(output) => {
                let line = matchers::values(&values(), &[]);
                output.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
            // A standard error that is closed is not an error of the run.
            Printer::Stderr => {
                let _ = writeln!(io::stderr(), "printed: {}", matchers::values(&values(), &[]));
            }
        }
    }

    /// What has been printed and kept since this was asked last, if it is kept.
    pub fn take(&self) -> Option<Output> {
        let Printer::Kept(output) = self else { return None };
        let output = std::mem::take(&mut *output.lock().unwrap_or_else(PoisonError::into_inner));
        (output != Output::default()).then_some(output)
    }
}
