//! The instructions that look at one element of a table, as reports of traps name them.

use crate::{TableIndex, TypeIndex};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An instruction that looks at one element of a table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableInstruction {
    /// `table.get`
    #[serde(rename = "table.get")]
    TableGet,
    /// `table.set`
    #[serde(rename = "table.set")]
    TableSet,
    /// `call_indirect`
    CallIndirect,
    /// `return_call_indirect`
    ReturnCallIndirect,
}

impl fmt::Display for TableInstruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TableInstruction::TableGet => "table.get",
            TableInstruction::TableSet => "table.set",
            TableInstruction::CallIndirect => "call_indirect",
            TableInstruction::ReturnCallIndirect => "return_call_indirect",
        })
    }
}

/// An access to an element of a table in compiled code, with the immediates that a report of its trap names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TableSite {
    /// Which instruction it is.
    pub instruction: TableInstruction,
    /// The table.
    pub table: TableIndex,
    /// The type of the functions that it calls, if it calls the element.
    pub ty: Option<TypeIndex>,
}
