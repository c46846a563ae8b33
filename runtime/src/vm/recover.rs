//! What is found of a trapping instruction's operands in the registers, while the signal is handled.
//!
//! Where a trap follows a comparison of compiled code's own, the code leaves the operands with the store. All others cost no
//! instruction: the operands are where the machine instruction that failed, or those beside it, have them.

use crate::code::{CodeImage, Place};
use crate::sys::fault::Fault;
use crate::sys::x86_64;
use crate::trap::Recovered;
use std::sync::atomic::{AtomicU64, Ordering};
use trapline_abi::vmlayout::VMStoreContext;
use trapline_abi::{NumericInstruction, NumericOperand, SiteInstruction, Trap, TrapCode};

/// What a report of a trap wants to know and the code has not left with the store; `None` if there is nothing, or it is gone.
/// `access` is the memory whose guard was hit, and the address within it.
///
/// Async-signal-safe: it looks at code, tables of code, registers, the stack between the stack pointer and the entry stub,
/// and what the code has just looked at.
pub(super) fn operand(
    image: &CodeImage,
    trap: TrapCode,
    fault: &Fault,
    access: Option<(u32, u64)>,
    vm: &VMStoreContext,
) -> Option<Recovered> {
    let TrapCode::Trap(trap) = trap else { return None };
    let Place { function, offset } = image.place(fault.pc)?;
    let start = function.text_offset as usize;
    let code = image.text().get(start..start + function.code_len as usize)?;
    let here = code.get(offset as usize..)?;
    let wasm_offset = function.wasm_offset_at(offset)?;
    let stretches = function.code_of(wasm_offset);
    let registers = &fault.registers;
    match (trap, fault.signal == libc::SIGILL) {
        (Trap::MemoryOutOfBounds, false) => {
            let (_, within) = access?;
            let at = x86_64::accessed_address(here, registers)?;
            Some(Recovered::Start(at.wrapping_sub(fault.address as u64).wrapping_add(within)))
        }
        (Trap::MemoryOutOfBounds, true) => {
            let beyond = x86_64::checked_end(code, stretches, offset, registers, compared_word)?;
            Some(Recovered::End(beyond.end, beyond.length))
        }
        (Trap::UnalignedAtomic, true) => {
            x86_64::tested_address(code, stretches, offset, registers).map(Recovered::Start)
        }
        (Trap::IntegerDivideByZero | Trap::IntegerOverflow, false) => {
            x86_64::dividend(here, registers).map(Recovered::Operand)
        }
        (Trap::IntegerDivideByZero, true) => {
            let load = |address| stack_word(address, fault, vm);
            let dividend = x86_64::dividend_behind_check(code, stretches, offset, registers, load);
            dividend.map(Recovered::Operand)
        }
        (Trap::IntegerOverflow | Trap::InvalidConversionToInteger, true) => {
            let SiteInstruction::Numeric(instruction) = *function.site_at(wasm_offset)? else { return None };
            let double = is_double(instruction)?;
            x86_64::converted(code, stretches, double, registers).map(Recovered::Operand)
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

/// A word that compiled code has just compared with something, and nothing has been executed since but a branch.
fn compared_word(address: u64) -> Option<u64> {
    let word = std::ptr::with_exposed_provenance_mut::<u64>(usize::try_from(address).ok()?);
    // SAFETY: I7: the interrupted code has loaded the same word from there, or it would have faulted before. Another thread may
    // be changing it, the length of a memory that is shared.
    word.is_aligned().then(|| unsafe { AtomicU64::from_ptr(word) }.load(Ordering::Relaxed))
}
