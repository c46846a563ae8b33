//! Reduction of an input to what is needed to show a fault.

#[cfg_attr(not(test), expect(dead_code, reason = "nothing in the library edits modules yet"))]
pub(crate) mod module;
