//! Arguments of a call, and the memory that they point at.

use super::errno::Errno;
use super::world::World;
use crate::host::guest::GuestMemory;
use trapline_runtime::{MemoryAccessError, Val};

impl From<MemoryAccessError> for Errno {
    fn from(_: MemoryAccessError) -> Errno {
        Errno::Fault
    }
}

/// A pointer of a guest: an address in its memory, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pointer(u64);

impl Pointer {
    /// The address of a field of a structure, from its offset.
    pub(super) fn plus(self, offset: u64) -> Pointer {
        Pointer(self.0 + offset)
    }
}

/// A part of a buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vector {
    pub(super) at: Pointer,
    pub(super) len: u64,
}

/// Bytes that one call transfers at most. A guest calls again for the rest.
pub(super) const TRANSFER: u64 = 1 << 20;

/// Parts of a buffer, and events to wait for, of one call (`IOV_MAX` of the system).
pub(super) const MAX_PARTS: u32 = 1024;

/// A call of a WASI function.
pub(super) struct Call<'a, 'b> {
    pub(super) world: &'a mut World,
    pub(super) memory: GuestMemory<'b>,
    pub(super) args: &'a [Val],
}

/// An argument of 32 bits. The types of the arguments are those of the function, which the call has checked.
pub(super) fn word(args: &[Val], index: usize) -> u32 {
    match args.get(index) {
        Some(Val::I32(value)) => value.cast_unsigned(),
        other => unreachable!("argument {index} is {other:?}"),
    }
}

impl Call<'_, '_> {
    /// An argument of 32 bits.
    pub(super) fn word(&self, index: usize) -> u32 {
        word(self.args, index)
    }

    /// An argument of 64 bits.
    pub(super) fn long(&self, index: usize) -> u64 {
        match self.args.get(index) {
            Some(Val::I64(value)) => value.cast_unsigned(),
            other => unreachable!("argument {index} is {other:?}"),
        }
    }

    pub(super) fn pointer(&self, index: usize) -> Pointer {
        Pointer(self.word(index).into())
    }

    /// Where a result goes. It is checked before anything is done.
    pub(super) fn out(&self, index: usize, len: u64) -> Result<Pointer, Errno> {
        let at = self.pointer(index);
        self.memory.check(at.0, len)?;
        Ok(at)
    }

    pub(super) fn read(&self, at: Pointer, len: u64) -> Result<Vec<u8>, Errno> {
        Ok(self.memory.read(at.0, len)?)
    }

    pub(super) fn write(&mut self, at: Pointer, bytes: &[u8]) -> Result<(), Errno> {
        Ok(self.memory.write(at.0, bytes)?)
    }

    pub(super) fn write_word(&mut self, at: Pointer, value: u32) -> Result<(), Errno> {
        self.write(at, &value.to_le_bytes())
    }

    pub(super) fn write_long(&mut self, at: Pointer, value: u64) -> Result<(), Errno> {
        self.write(at, &value.to_le_bytes())
    }

    /// A path: a pointer, and its length in the next argument.
    pub(super) fn path(&self, index: usize) -> Result<Vec<u8>, Errno> {
        let path = self.read(self.pointer(index), self.word(index + 1).into())?;
        match std::str::from_utf8(&path) {
            Ok(_) => Ok(path),
            Err(_) => Err(Errno::Ilseq),
        }
    }

    /// The parts of a buffer: a pointer to them, and their number in the next argument. All are within the memory.
    pub(super) fn vectors(&self, index: usize) -> Result<Vec<Vector>, Errno> {
        let (at, count) = (self.pointer(index), self.word(index + 1));
        let len = u64::from(count) * 8;
        self.memory.check(at.0, len)?;
        if count > MAX_PARTS {
            return Err(Errno::Inval);
        }
        let bytes = self.read(at, len)?;
        let (pairs, _) = bytes.as_chunks::<8>();
        let vector = |&[a, b, c, d, e, f, g, h]: &[u8; 8]| {
            let (at, len) =
                (u32::from_le_bytes([a, b, c, d]).into(), u32::from_le_bytes([e, f, g, h]).into());
            self.memory.check(at, len)?;
            Ok(Vector { at: Pointer(at), len })
        };
        pairs.iter().map(vector).collect()
    }

    /// The bytes of a buffer, as many as one call writes.
    pub(super) fn gather(&self, vectors: &[Vector]) -> Result<Vec<u8>, Errno> {
        let mut bytes = Vec::new();
        for vector in vectors {
            let room = TRANSFER - bytes.len() as u64;
            bytes.extend(self.read(vector.at, vector.len.min(room))?);
        }
        Ok(bytes)
    }

    /// Room for the bytes of a buffer, as many as one call reads.
    pub(super) fn room(vectors: &[Vector]) -> Vec<u8> {
        let len = vectors.iter().map(|vector| vector.len).fold(0, u64::saturating_add);
        vec![0; len.min(TRANSFER) as usize]
    }

    /// Puts bytes into a buffer with room for them.
    pub(super) fn scatter(&mut self, vectors: &[Vector], mut bytes: &[u8]) -> Result<(), Errno> {
        for vector in vectors {
            let (part, rest) = bytes.split_at(bytes.len().min(vector.len as usize));
            self.write(vector.at, part)?;
            bytes = rest;
        }
        Ok(())
    }
}
