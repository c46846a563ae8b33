//! What is found of a trapping instruction's operands in the registers, while the signal is handled.
//!
//! Where a trap follows a comparison of compiled code's own, the code leaves the operands with the store. All others cost no
//! instruction: the operands are where the machine instruction that failed, or those beside it, have them.

use crate::code::{CodeImage, Place};
use crate::sys::fault::Fault;
use crate::sys::x86_64;
use trapline_abi::vmlayout::{NO_OPERANDS, VMStoreContext};
use trapline_abi::{NumericInstruction, NumericOperand, SiteInstruction, Trap, TrapCode};

/// The operand that a report of a trap wants to know, see [`crate::trap::TrapRecord::recovered`]; `None` if there is none, or
/// it is not there.
///
/// Async-signal-safe: it looks at code, tables of code, registers, and the stack between the stack pointer and the entry
/// stub.
pub(super) fn operand(image: &CodeImage, code: TrapCode, fault: &Fault, vm: &VMStoreContext) -> Option<u64> {
    let Place { function, offset } = image.place(fault.pc)?;
    let code_of_function = {
        let start = function.text_offset as usize;
        image.text().get(start..start + function.code_len as usize)?
    };
    let here = code_of_function.get(offset as usize..)?;
    let wasm_offset = function.wasm_offset_at(offset)?;
    let stretches = function.code_of(wasm_offset);
    let (registers, compared) = (&fault.registers, fault.signal == libc::SIGILL);
    match (code, compared) {
        (TrapCode::Trap(Trap::MemoryOutOfBounds), false) => x86_64::accessed_address(here, registers),
        (TrapCode::Trap(Trap::MemoryOutOfBounds), true) if vm.trap_operands == NO_OPERANDS => {
            x86_64::wrapped_sum(code_of_function, stretches, offset, registers)
        }
        (TrapCode::Trap(Trap::IntegerDivideByZero | Trap::IntegerOverflow), false) => {
            x86_64::dividend(here, registers)
        }
        (TrapCode::Trap(Trap::IntegerDivideByZero), true) => {
            let load = |address| stack_word(address, fault, vm);
            x86_64::dividend_behind_check(code_of_function, stretches, offset, registers, load)
        }
        (TrapCode::Trap(Trap::IntegerOverflow | Trap::InvalidConversionToInteger), true) => {
            let SiteInstruction::Numeric(instruction) = *function.site_at(wasm_offset)? else { return None };
            x86_64::converted(code_of_function, stretches, is_double(instruction)?, registers)
        }
        _ => None,
    }
}

/// Whether a conversion is one of a float of 64 bits; `None` of divisions.
fn is_double(instruction: NumericInstruction) -> Option<bool> {
    match instruction.operand() {
        NumericOperand::F32 => Some(false),
        NumericOperand::F64 => Some(true),
        NumericOperand::Integer { .. } => None,
    }
}

/// A word of the frames of compiled code.
fn stack_word(address: u64, fault: &Fault, vm: &VMStoreContext) -> Option<u64> {
    let address = usize::try_from(address).ok()?;
    let end = address.checked_add(size_of::<u64>())?;
    let within = address >= fault.sp && end <= vm.entry_fp;
    // SAFETY: I6: compiled code of this thread was running with this stack pointer, below the frame of its entry stub.
    within.then(|| unsafe { std::ptr::with_exposed_provenance::<u64>(address).read_unaligned() })
}
