//! Traps with all that is known about them.

use crate::code::Module;
use std::fmt;
use trapline_abi::{FuncIndex, Readable, Trap, TrapDetail};

/// A trap: what, where, and with which operands.
///
/// Its `Display` is one line: `out of bounds memory access in function 3 <copy> at offset 0x5e:
/// memory.init 2: dst=0 src=9 len=0; segment 2 has 0 bytes (active, dropped at instantiation),
/// memory 0 has 65536 bytes`.
#[derive(Clone, Debug)]
pub struct TrapReport {
    /// The kind.
    pub trap: Trap,
    /// The function that trapped with its name, if it was one of WebAssembly's.
    pub func: Option<(FuncIndex, Option<String>)>,
    /// The trapping instruction, in bytes from the start of its module.
    pub wasm_offset: Option<u32>,
    /// Operands and limits of the operation, where they are known.
    pub detail: Option<TrapDetail>,
    /// The active functions, innermost first, as far as they were recorded.
    pub frames: Vec<Frame>,
    /// Whether there are more active functions than `frames` holds.
    pub truncated: bool,
}

/// One active function.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The module that it belongs to.
    pub module: Module,
    /// Its index there.
    pub func: FuncIndex,
    /// The instruction that trapped or that the function waits in, in bytes from the start of the
    /// module.
    pub wasm_offset: Option<u32>,
}

impl Frame {
    /// The function's name, from the name section or an export.
    pub fn name(&self) -> Option<&str> {
        self.module.info().func_name(self.func)
    }

    /// The module's name, from the name section.
    pub fn module_name(&self) -> Option<&str> {
        self.module.info().name.as_deref()
    }
}

impl TrapReport {
    /// A trap outside all functions: at instantiation, or before a function was entered.
    pub(crate) fn outside(trap: Trap, detail: Option<TrapDetail>) -> Self {
        Self { trap, func: None, wasm_offset: None, detail, frames: Vec::new(), truncated: false }
    }
}

impl fmt::Display for TrapReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.trap)?;
        if let Some((func, name)) = &self.func {
            write!(f, " in function {}", func.as_u32())?;
            if let Some(name) = name {
                write!(f, " <{}>", Readable(name))?;
            }
        }
        if let Some(offset) = self.wasm_offset {
            write!(f, " at offset {offset:#x}")?;
        }
        match &self.detail {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TrapReport {}

#[cfg(test)]
mod tests {
    use super::*;
    use trapline_abi::{DropCause, Extent, SegmentExtent};

    fn init(dropped: Option<DropCause>) -> TrapDetail {
        TrapDetail::MemoryInit {
            segment: SegmentExtent { index: 2, len: 0, dropped },
            memory: Extent { index: 0, len: 65536 },
            dst: 0,
            src: 9,
            len: 0,
        }
    }

    #[test]
    fn a_report_names_kind_place_operands_and_limits() {
        let report = TrapReport {
            func: Some((FuncIndex::new(3), Some("copy".to_owned()))),
            wasm_offset: Some(0x5e),
            ..TrapReport::outside(Trap::MemoryOutOfBounds, Some(init(Some(DropCause::Active))))
        };
        assert_eq!(
            report.to_string(),
            "out of bounds memory access in function 3 <copy> at offset 0x5e: memory.init 2: dst=0 src=9 \
             len=0; segment 2 has 0 bytes (active, dropped at instantiation), memory 0 has 65536 bytes"
        );
    }

    #[test]
    fn a_report_is_one_line_whatever_a_function_is_called() {
        let func = Some((FuncIndex::new(0), Some("a\nffff\x1b[31m".to_owned())));
        let report = TrapReport { func, ..TrapReport::outside(Trap::Unreachable, None) };
        assert_eq!(report.to_string(), r"unreachable in function 0 <a\nffff\u{1b}[31m>");
    }
}
