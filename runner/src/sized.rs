//! What has its size before it in a binary: sections, and bodies within the code section (specification, section "Binary Format").
//! This reads what is damaged, too.

use std::ops::Range;
use wasmparser::BinaryReader;

/// Bytes before the first section: magic and version.
pub(crate) const PREAMBLE: usize = 8;
/// The number of the code section.
pub(crate) const CODE: u8 = 10;

/// What follows the size at a place. It may go beyond the end.
pub(crate) fn sized(wasm: &[u8], at: usize) -> Option<Range<usize>> {
    let (len, start) = number(wasm, at)?;
    Some(start..start.checked_add(len)?)
}

/// The number at a place, and where it ends.
pub(crate) fn number(wasm: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut reader = BinaryReader::new(wasm.get(at..)?, at as u64);
    let value = reader.read_var_u32().ok()?;
    Some((value as usize, usize::try_from(reader.original_position()).ok()?))
}
