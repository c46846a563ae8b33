//! Machine code, as plain data.

use serde::{Deserialize, Serialize};

/// The machine code of a module, free of the place where it lies.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Listing {
    /// Functions and stubs, in the order of their places.
    pub functions: Vec<FunctionListing>,
    /// The exported functions that the module defines: the name, and the place among `functions`.
    pub exports: Vec<(String, u32)>,
}

/// Which piece of code it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKey {
    /// A function.
    Function {
        /// Its index.
        index: u32,
        /// Its name, from the name section or an export.
        name: Option<String>,
    },
    /// A stub, by the name of its symbol.
    Stub(String),
}

/// The code of one function.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FunctionListing {
    /// Which one.
    pub key: CodeKey,
    /// The bytes, with zeros for the distances of calls.
    pub bytes: Vec<u8>,
    /// Where those are.
    pub calls: Vec<CallSite>,
    /// Where code of an instruction begins: the offset in the code, and the offset in the binary, if it belongs to one.
    pub offsets: Vec<(u32, Option<u32>)>,
}

/// A call of other code.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CallSite {
    /// The offset of the distance in the code.
    pub at: u32,
    /// What is called, if it is the start of something.
    pub callee: Option<CodeKey>,
}

impl FunctionListing {
    /// The offset in the binary of the instruction that code comes from.
    pub fn wasm_offset_at(&self, at: u32) -> Option<u32> {
        let next = self.offsets.partition_point(|&(start, _)| start <= at);
        self.offsets[..next].last().and_then(|&(_, offset)| offset)
    }
}

/// A place in machine code, and what is there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodePlace {
    /// The piece of code.
    pub key: CodeKey,
    /// The instruction that the code comes from, in bytes from the start of the module's binary.
    pub offset: Option<u32>,
    /// What is there.
    pub content: CodeContent,
}

/// What is at a place in machine code.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeContent {
    /// A call of other code, if its target is the start of any.
    Call(Option<CodeKey>),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// How two compilations of a module on one engine differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Irreproducible {
    /// From this byte on, counted from the beginning of the code; what belongs to the code comes behind it.
    FromByte(u64),
    /// In their lengths in bytes.
    Lengths(u64, u64),
}
