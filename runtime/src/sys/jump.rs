//! Leaving frames without returning through them.

use std::arch::asm;

/// Goes on in compiled code, in the frame of a handler, with an exception in the register that handlers take it from. All
/// frames below are gone.
///
/// # Safety
///
/// I6: the three are those of a handler in a live frame of this thread, whose call clobbers all registers; and the frames in
/// between hold nothing that has to be dropped.
pub(crate) unsafe fn to_handler(pc: usize, sp: usize, fp: usize, exception: u64) -> ! {
    // SAFETY: I6: as demanded.
    unsafe {
        asm!(
            "mov rsp, rcx",
            "mov rbp, r8",
            "jmp r9",
            in("rax") exception,
            in("rdx") 0_u64,
            in("rcx") sp,
            in("r8") fp,
            in("r9") pc,
            options(noreturn),
        )
    }
}
