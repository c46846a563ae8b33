//! Where compiled functions go.

pub(crate) mod object;
