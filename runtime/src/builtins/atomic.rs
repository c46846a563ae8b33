//! Waiting and notifying (threads proposal).

use super::Vmctx;
use crate::memories::{SharedMemory, Waited};
use crate::trap::Failure;
use std::time::Duration;
use trapline_abi::Trap;
use trapline_abi::{MemoryInstruction, TrapDetail};

/// An instruction with its operands, as a trap reports it.
#[derive(Clone, Copy)]
struct Access {
    instruction: MemoryInstruction,
    memory: u32,
    index: u64,
    offset: u64,
}

impl Access {
    /// Checks the access: the address, and the memory if it is shared.
    fn check(self, vmctx: &mut Vmctx) -> Result<(u64, Option<SharedMemory>), Failure> {
        let (store, instance) = vmctx.instance();
        let memory = &store.memories[instance.memories[self.memory as usize]];
        match memory.atomic_address(self.index, self.offset, self.instruction.width().into()) {
            Ok(address) => Ok((address, memory.shared().cloned())),
            Err(trap) => Err(self.trap(vmctx, trap)),
        }
    }

    fn trap(self, vmctx: &mut Vmctx, trap: Trap) -> Failure {
        let (store, instance) = vmctx.instance();
        let Access { instruction, index, offset, .. } = self;
        let memory = instance.memory_extent(&store.memories, self.memory);
        let (index, width) = (Some(index), instruction.width());
        let detail = match trap {
            Trap::UnalignedAtomic => {
                let memory = memory.index;
                TrapDetail::Misaligned { instruction, memory, index, offset, width }
            }
            _ => TrapDetail::MemoryAccess { instruction, memory, index, offset, width },
        };
        Failure::Trap(trap, Some(detail))
    }

    /// Waits with a timeout in nanoseconds as an instruction has it: negative means none.
    fn wait(
        self,
        vmctx: &mut Vmctx,
        timeout: u64,
        wait: impl FnOnce(&SharedMemory, u64, Option<Duration>) -> Option<Waited>,
    ) -> Result<u64, Failure> {
        let (address, shared) = self.check(vmctx)?;
        let shared = shared.ok_or_else(|| self.trap(vmctx, Trap::ExpectedSharedMemory))?;
        let timeout = u64::try_from(timeout.cast_signed()).ok().map(Duration::from_nanos);
        // The address was there a moment ago, and memories do not shrink.
        let waited =
            wait(&shared, address, timeout).ok_or_else(|| self.trap(vmctx, Trap::MemoryOutOfBounds))?;
        Ok(waited as u64)
    }
}

pub(crate) fn memory_atomic_notify(
    vmctx: &mut Vmctx,
    memory: u32,
    index: u64,
    offset: u64,
    count: u32,
) -> Result<u64, Failure> {
    let access = Access { instruction: MemoryInstruction::MemoryAtomicNotify, memory, index, offset };
    let (address, shared) = access.check(vmctx)?;
    // A memory that is not shared has no waiters.
    Ok(shared.and_then(|shared| shared.notify(address, count).ok()).unwrap_or(0).into())
}

pub(crate) fn memory_atomic_wait32(
    vmctx: &mut Vmctx,
    memory: u32,
    index: u64,
    offset: u64,
    expected: u32,
    timeout: u64,
) -> Result<u64, Failure> {
    let access = Access { instruction: MemoryInstruction::MemoryAtomicWait32, memory, index, offset };
    access.wait(vmctx, timeout, |shared, at, timeout| shared.wait32(at, expected, timeout).ok())
}

pub(crate) fn memory_atomic_wait64(
    vmctx: &mut Vmctx,
    memory: u32,
    index: u64,
    offset: u64,
    expected: u64,
    timeout: u64,
) -> Result<u64, Failure> {
    let access = Access { instruction: MemoryInstruction::MemoryAtomicWait64, memory, index, offset };
    access.wait(vmctx, timeout, |shared, at, timeout| shared.wait64(at, expected, timeout).ok())
}
