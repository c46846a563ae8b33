//! Compiled code in memory: parsed, checked, placed and found again by the program counter.

mod check;
mod check_expr;
mod debugger;
mod dl;
mod elf;
mod error;
mod features;
mod image;
mod module;
mod options;
mod registry;
mod segments;
mod shared;
mod text;

pub use error::LoadError;
pub use module::Module;
pub use options::LoadOptions;
pub use text::PlacedCode;

pub(crate) use image::{CodeImage, Place};
pub(crate) use module::FuncRefSlot;
pub(crate) use registry::{CodeRegistry, Published};

#[cfg(test)]
pub(crate) mod tests;
