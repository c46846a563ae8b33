//! What the host gives modules to import.

use crate::trail::Value;
use std::convert::Infallible;
use trapline_abi::{IndexType, ValType};

/// A type that names no defined type.
pub type HostType = ValType<Infallible>;

/// Something that modules can import from the host.
#[derive(Clone, Copy, Debug)]
pub enum HostItem {
    /// A function that prints its arguments.
    Print(&'static [HostType]),
    /// A function without parameters and results that does something to the process.
    Act(fn()),
    /// An immutable global.
    Global(HostType, Value),
    /// A table of function references, all null.
    Table {
        /// The type of its indices.
        index: IndexType,
        /// Its elements at first.
        min: u64,
        /// The most elements that it can have.
        max: u64,
    },
    /// A memory with 32-bit addresses.
    Memory {
        /// Its pages of 64 KiB at first.
        min: u64,
        /// The most pages that it can have.
        max: u64,
        /// Whether threads can share it. That of each executor is another one all the same.
        shared: bool,
    },
}
