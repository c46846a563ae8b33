//! Functions for descriptors.

use super::descriptors::{Entry, Kind, attributes};
use super::errno::Errno;
use super::memory::Call;
use super::paths::{APPEND, NONBLOCK};
use super::times::times;
use rustix::fs::{FallocateFlags, OFlags, SeekFrom, Timestamps};
use std::fs::File;
use std::os::unix::fs::FileExt;

/// All rights of a descriptor (`rights`). They are not kept apart: what is not possible fails.
const RIGHTS: u64 = (1 << 30) - 1;
/// The rights to look for a position and to set it, which a terminal does not have.
const POSITION: u64 = 1 << 2 | 1 << 5;

pub(super) fn read(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let (out, vectors) = (call.out(3, 4)?, call.vectors(1)?);
    let file = &call.world.descriptors.get(call.word(0))?.file;
    let mut room = Call::room(&vectors);
    let read = rustix::io::read(file, &mut room)?;
    call.scatter(&vectors, &room[..read])?;
    call.write_word(out, read as u32)
}

pub(super) fn read_at(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let (out, vectors) = (call.out(4, 4)?, call.vectors(1)?);
    let file = call.world.descriptors.get(call.word(0))?.positioned()?;
    let mut room = Call::room(&vectors);
    let read = file.read_at(&mut room, call.long(3))?;
    call.scatter(&vectors, &room[..read])?;
    call.write_word(out, read as u32)
}

pub(super) fn write(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let (out, vectors) = (call.out(3, 4)?, call.vectors(1)?);
    let bytes = call.gather(&vectors)?;
    let written = rustix::io::write(&call.world.descriptors.get(call.word(0))?.file, &bytes)?;
    call.write_word(out, written as u32)
}

pub(super) fn write_at(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let (out, vectors) = (call.out(4, 4)?, call.vectors(1)?);
    let bytes = call.gather(&vectors)?;
    let written = call.world.descriptors.get(call.word(0))?.positioned()?.write_at(&bytes, call.long(3))?;
    call.write_word(out, written as u32)
}

pub(super) fn seek(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let (out, offset) = (call.out(3, 8)?, call.long(1).cast_signed());
    let to = match call.word(2) {
        0 => SeekFrom::Start(offset.try_into().map_err(|_| Errno::Inval)?),
        1 => SeekFrom::Current(offset),
        2 => SeekFrom::End(offset),
        _ => return Err(Errno::Inval),
    };
    let position = rustix::fs::seek(call.world.descriptors.get(call.word(0))?.positioned()?, to)?;
    call.write_long(out, position)
}

pub(super) fn tell(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let out = call.out(1, 8)?;
    let position = rustix::fs::tell(call.world.descriptors.get(call.word(0))?.positioned()?)?;
    call.write_long(out, position)
}

pub(super) fn close(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let number = call.word(0);
    call.world.descriptors.close(number)
}

pub(super) fn renumber(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let (from, to) = (call.word(0), call.word(1));
    call.world.descriptors.renumber(from, to)
}

pub(super) fn sync(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    Ok(call.world.descriptors.get(call.word(0))?.file.sync_all()?)
}

pub(super) fn sync_data(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    Ok(call.world.descriptors.get(call.word(0))?.file.sync_data()?)
}

/// Advice changes nothing that a program can see, and is not passed on.
pub(super) fn advise(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    call.world.descriptors.get(call.word(0))?;
    if call.word(3) <= 5 { Ok(()) } else { Err(Errno::Inval) }
}

pub(super) fn allocate(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let file = call.world.descriptors.get(call.word(0))?.changed()?;
    Ok(rustix::fs::fallocate(file, FallocateFlags::empty(), call.long(1), call.long(2))?)
}

/// Type and settings of a descriptor (`fdstat`).
pub(super) fn status(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let out = call.out(1, 24)?;
    let descriptor = call.world.descriptors.get(call.word(0))?;
    let flags = rustix::fs::fcntl_getfl(&descriptor.file)?;
    let set = |flag, bit| if flags.contains(flag) { bit } else { 0 };
    let has_position = descriptor.kind != Kind::CharacterDevice && !descriptor.is_stream;
    let rights = if has_position { RIGHTS } else { RIGHTS & !POSITION };
    let mut status = [0; 24];
    status[0] = descriptor.kind as u8;
    status[2] = (set(OFlags::APPEND, APPEND) | set(OFlags::NONBLOCK, NONBLOCK)) as u8;
    status[8..16].copy_from_slice(&rights.to_le_bytes());
    status[16..24].copy_from_slice(&RIGHTS.to_le_bytes());
    call.write(out, &status)
}

pub(super) fn set_flags(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let flags = call.word(1);
    let descriptor = call.world.descriptors.get(call.word(0))?;
    if flags & !(APPEND | NONBLOCK) != 0 {
        return Err(Errno::Inval);
    }
    // Other programs use the same streams. The settings of a file that can only be read are the program's own.
    if descriptor.is_stream {
        return Err(Errno::Notsup);
    }
    let file = &descriptor.file;
    let mut settings = rustix::fs::fcntl_getfl(file)?;
    settings.set(OFlags::APPEND, flags & APPEND != 0);
    settings.set(OFlags::NONBLOCK, flags & NONBLOCK != 0);
    Ok(rustix::fs::fcntl_setfl(file, settings)?)
}

pub(super) fn get_attributes(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let out = call.out(1, 64)?;
    let descriptor = call.world.descriptors.get(call.word(0))?;
    let attributes = match descriptor.is_stream && call.world.is_closed() {
        // What leads nowhere has no attributes of this machine.
        true => {
            let mut attributes = [0; 64];
            attributes[16] = descriptor.kind as u8;
            attributes
        }
        false => attributes(&descriptor.file.metadata()?),
    };
    call.write(out, &attributes)
}

pub(super) fn set_size(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    Ok(call.world.descriptors.get(call.word(0))?.changed()?.set_len(call.long(1))?)
}

pub(super) fn set_times(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let times: Timestamps = times(call.long(1), call.long(2), call.word(3))?;
    Ok(rustix::fs::futimens(call.world.descriptors.get(call.word(0))?.changed()?, &times)?)
}

/// A folder that was given to the program (`prestat`). Programs ask for one number after the other until there is none.
pub(super) fn given(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let out = call.out(1, 8)?;
    let name = call.world.descriptors.get(call.word(0))?.given.as_ref().ok_or(Errno::Badf)?;
    let len = name.len() as u32;
    call.write_word(out, 0)?;
    call.write_word(out.plus(4), len)
}

pub(super) fn given_name(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let out = call.out(1, call.word(2).into())?;
    let name = call.world.descriptors.get(call.word(0))?.given.clone().ok_or(Errno::Badf)?;
    if name.len() > call.word(2) as usize {
        return Err(Errno::Nametoolong);
    }
    call.write(out, &name)
}

/// The entries of a folder, from one on, as many as there is room for. The last may be cut: the program then asks again.
pub(super) fn read_directory(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let (len, first) = (call.word(2) as usize, call.long(3));
    let (buffer, out) = (call.out(1, len as u64)?, call.out(4, 4)?);
    call.world.descriptors.folder(call.word(0))?;
    let folder = call.world.descriptors.get_mut(call.word(0))?;
    if first == 0 {
        folder.entries = entries(&folder.file)?;
    }
    let mut bytes = Vec::new();
    for (entry, next) in folder.entries.iter().zip(1_u64..).skip(usize::try_from(first).unwrap_or(usize::MAX))
    {
        if bytes.len() >= len {
            break;
        }
        bytes.extend(next.to_le_bytes());
        bytes.extend(entry.inode.to_le_bytes());
        bytes.extend((entry.name.len() as u32).to_le_bytes());
        bytes.extend((entry.kind as u32).to_le_bytes());
        bytes.extend(&entry.name);
    }
    bytes.truncate(len);
    call.write(buffer, &bytes)?;
    call.write_word(out, bytes.len() as u32)
}

/// The entries of a folder in the order of their names, so that a program sees the same at each run.
fn entries(folder: &File) -> Result<Vec<Entry>, Errno> {
    let mut entries = Vec::new();
    for entry in rustix::fs::Dir::read_from(folder)? {
        let entry = entry?;
        let kind = match entry.file_type() {
            rustix::fs::FileType::RegularFile => Kind::RegularFile,
            rustix::fs::FileType::Directory => Kind::Directory,
            rustix::fs::FileType::Symlink => Kind::SymbolicLink,
            rustix::fs::FileType::CharacterDevice => Kind::CharacterDevice,
            rustix::fs::FileType::BlockDevice => Kind::BlockDevice,
            rustix::fs::FileType::Socket => Kind::SocketStream,
            rustix::fs::FileType::Fifo | rustix::fs::FileType::Unknown => Kind::Unknown,
        };
        entries.push(Entry { name: entry.file_name().to_bytes().to_vec(), inode: entry.ino(), kind });
    }
    entries.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(entries)
}

/// A descriptor is never a socket that a program may use.
pub(super) fn not_a_socket(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    call.world.descriptors.get(call.word(0))?;
    Err(Errno::Notsock)
}

/// Rights are not kept apart, so none can be given up.
pub(super) fn set_rights(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    call.world.descriptors.get(call.word(0))?;
    Err(Errno::Notsup)
}
