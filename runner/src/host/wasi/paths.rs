//! Functions for paths. A path is resolved by the system beneath the folder that it starts from (`openat2(2)`,
//! `RESOLVE_BENEATH`): it leads out neither by `..` nor from the root, nor by a symbolic link. Needs Linux 5.6.

use super::descriptors::{Access, Descriptor, Kind, attributes};
use super::errno::Errno;
use super::memory::Call;
use super::times::times;
use rustix::fs::{AtFlags, Mode, OFlags, ResolveFlags};
use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::Path;

/// `lookupflags`.
const SYMLINK_FOLLOW: u32 = 1;

/// `oflags`.
const CREAT: u32 = 1;
const DIRECTORY: u32 = 2;
const EXCL: u32 = 4;
const TRUNC: u32 = 8;

/// `fdflags`.
pub(super) const APPEND: u32 = 1;
const DSYNC: u32 = 2;
pub(super) const NONBLOCK: u32 = 4;
const RSYNC: u32 = 8;
const SYNC: u32 = 16;

/// `rights`, as far as they decide how a file is opened.
const FD_READ: u64 = 1 << 1;
const FD_WRITE: u64 = 1 << 6;
const FD_READDIR: u64 = 1 << 14;

/// Opens a folder that the user has named.
pub(super) fn open_folder(path: &Path) -> Result<File, rustix::io::Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// Opens what a path leads to beneath a folder.
fn open_beneath(folder: &File, path: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    resolve(folder, path, flags, ResolveFlags::empty())
}

/// Opens what a path leads to beneath a folder, under more conditions.
fn resolve(folder: &File, path: &[u8], flags: OFlags, more: ResolveFlags) -> Result<OwnedFd, Errno> {
    let mode = if flags.contains(OFlags::CREATE) { Mode::from_raw_mode(0o666) } else { Mode::empty() };
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS | more;
    // The system asks to try again if something was moved meanwhile.
    for _ in 0..16 {
        match rustix::fs::openat2(folder, path, flags | OFlags::CLOEXEC, mode, resolve) {
            Err(rustix::io::Errno::AGAIN) => {}
            // It leads out.
            Err(rustix::io::Errno::XDEV) => return Err(Errno::Perm),
            result => return Ok(result?),
        }
    }
    Err(Errno::Again)
}

/// The folder that the last name of a path is in, and the name: what is made, renamed or removed.
fn parent<'a>(folder: &File, path: &'a [u8]) -> Result<(OwnedFd, &'a [u8]), Errno> {
    let end = path.iter().rposition(|&byte| byte != b'/').map_or(0, |last| last + 1);
    let start = path[..end].iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
    // Slashes behind the name stay with it: what it names has to be a folder then.
    let (above, name) = path.split_at(start);
    match &name[..end - start] {
        b"" if path.is_empty() => return Err(Errno::Noent),
        b"" | b".." => return Err(Errno::Perm),
        b"." => return Err(Errno::Inval),
        _ => {}
    }
    let above = if above.is_empty() { b"." } else { above };
    Ok((open_beneath(folder, above, OFlags::PATH | OFlags::DIRECTORY)?, name))
}

/// A name without slashes behind it, where there can be no folder.
fn plain(name: &[u8]) -> Result<&[u8], Errno> {
    if name.ends_with(b"/") { Err(Errno::Noent) } else { Ok(name) }
}

/// What a path leads to, for its attributes.
fn look_up(folder: &File, flags: u32, path: &[u8]) -> Result<File, Errno> {
    let no_follow = if flags & SYMLINK_FOLLOW == 0 { OFlags::NOFOLLOW } else { OFlags::empty() };
    Ok(File::from(open_beneath(folder, path, OFlags::PATH | no_follow)?))
}

pub(super) fn open(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let out = call.out(8, 4)?;
    let path = call.path(2)?;
    let (lookup, how, rights, settings) = (call.word(1), call.word(4), call.long(5), call.word(7));
    call.world.descriptors.check_room()?;
    let folder = call.world.descriptors.folder(call.word(0))?;
    let reads = rights & (FD_READ | FD_READDIR) != 0;
    let writes = rights & FD_WRITE != 0 && how & DIRECTORY == 0;
    if folder.access == Access::Read && (writes || how & (CREAT | TRUNC) != 0) {
        return Err(Errno::Rofs);
    }
    let mut flags = match (reads, writes) {
        (true, true) => OFlags::RDWR,
        (false, true) => OFlags::WRONLY,
        (_, false) => OFlags::RDONLY,
    };
    flags.set(OFlags::NOFOLLOW, lookup & SYMLINK_FOLLOW == 0);
    flags.set(OFlags::CREATE, how & CREAT != 0);
    flags.set(OFlags::DIRECTORY, how & DIRECTORY != 0);
    flags.set(OFlags::EXCL, how & EXCL != 0);
    flags.set(OFlags::TRUNC, how & TRUNC != 0);
    flags.set(OFlags::APPEND, settings & APPEND != 0);
    flags.set(OFlags::DSYNC, settings & DSYNC != 0);
    flags.set(OFlags::NONBLOCK, settings & NONBLOCK != 0);
    flags.set(OFlags::SYNC, settings & (SYNC | RSYNC) != 0);
    // A terminal below the folder does not become the one of this process.
    let file = File::from(open_beneath(&folder.file, &path, flags | OFlags::NOCTTY)?);
    let kind = Kind::from(file.metadata()?.file_type());
    let access = folder.access;
    let number = call.world.descriptors.add(Descriptor::new(file, kind, access));
    call.write_word(out, number)
}

pub(super) fn get_attributes(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let out = call.out(4, 64)?;
    let path = call.path(2)?;
    let folder = call.world.descriptors.folder(call.word(0))?;
    let file = look_up(&folder.file, call.word(1), &path)?;
    let attributes = attributes(&file.metadata()?);
    call.write(out, &attributes)
}

pub(super) fn set_times(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let path = call.path(2)?;
    let times = times(call.long(4), call.long(5), call.word(6))?;
    let folder = call.world.descriptors.folder(call.word(0))?.changed()?;
    let file = look_up(folder, call.word(1), &path)?;
    Ok(rustix::fs::utimensat(&file, "", &times, AtFlags::EMPTY_PATH)?)
}

pub(super) fn create_directory(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let path = call.path(1)?;
    let folder = call.world.descriptors.folder(call.word(0))?.changed()?;
    let (above, name) = parent(folder, &path)?;
    Ok(rustix::fs::mkdirat(above, name, Mode::from_raw_mode(0o777))?)
}

pub(super) fn remove_directory(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    remove(call, AtFlags::REMOVEDIR)
}

pub(super) fn unlink_file(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    remove(call, AtFlags::empty())
}

fn remove(call: &mut Call<'_, '_>, flags: AtFlags) -> Result<(), Errno> {
    let path = call.path(1)?;
    let folder = call.world.descriptors.folder(call.word(0))?.changed()?;
    let (above, name) = parent(folder, &path)?;
    Ok(rustix::fs::unlinkat(above, name, flags)?)
}

pub(super) fn rename(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let (old, new) = (call.path(1)?, call.path(4)?);
    let from = call.world.descriptors.folder(call.word(0))?.changed()?;
    let to = call.world.descriptors.folder(call.word(3))?.changed()?;
    let (path, folder) = (&new, to);
    let ((from, old), (to, new)) = (parent(from, &old)?, parent(to, path)?);
    check_moved(&from, old, folder, path, new)?;
    Ok(rustix::fs::renameat(from, old, to, new)?)
}

pub(super) fn link(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let (old, new) = (call.path(2)?, call.path(5)?);
    let from = call.world.descriptors.folder(call.word(0))?.changed()?;
    let to = call.world.descriptors.folder(call.word(4))?.changed()?;
    // What a symbolic link leads to could be outside.
    if call.word(1) & SYMLINK_FOLLOW != 0 {
        return Err(Errno::Inval);
    }
    let (path, folder) = (&new, to);
    let ((from, old), (to, new)) = (parent(from, &old)?, parent(to, path)?);
    check_moved(&from, old, folder, path, new)?;
    Ok(rustix::fs::linkat(from, plain(old)?, to, plain(new)?, AtFlags::empty())?)
}

pub(super) fn symlink(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let (target, path) = (call.path(0)?, call.path(3)?);
    let folder = call.world.descriptors.folder(call.word(2))?.changed()?;
    let (above, name) = parent(folder, &path)?;
    check_link(folder, &path, name, &target)?;
    Ok(rustix::fs::symlinkat(&*target, above, plain(name)?)?)
}

/// What is moved or gets another name may be a link itself.
fn check_moved(from: &OwnedFd, old: &[u8], folder: &File, path: &[u8], name: &[u8]) -> Result<(), Errno> {
    match rustix::fs::readlinkat(from, old, Vec::new()) {
        Ok(target) => check_link(folder, path, name, target.as_bytes()),
        // It is none, or the system says what else is wrong.
        Err(_) => Ok(()),
    }
}

/// Refuses a link that leads out of the folder, from the root or by `..`: the guest could not follow it, and other programs
/// would. So `..` may stand only at its start, at most once for each folder that the link lies in, and those must not be links
/// themselves, which could lie deeper than their words say. A folder that is moved takes its links with it, out of what they
/// were checked for.
fn check_link(folder: &File, path: &[u8], name: &[u8], target: &[u8]) -> Result<(), Errno> {
    let above = &path[..path.len() - name.len()];
    let depth = above.split(|&byte| byte == b'/').fold(0, |depth, part| match part {
        b"" | b"." => depth,
        b".." => depth - 1,
        _ => depth + 1,
    });
    let climbs = climbs(target).ok_or(Errno::Perm)?;
    if climbs > depth {
        return Err(Errno::Perm);
    }
    if climbs > 0 {
        let flags = OFlags::PATH | OFlags::DIRECTORY;
        resolve(folder, above, flags, ResolveFlags::NO_SYMLINKS).map_err(|_| Errno::Perm)?;
    }
    Ok(())
}

/// How many folders up a path starts; `None` if it starts from the root, or goes up later.
fn climbs(target: &[u8]) -> Option<i64> {
    let mut parts = target.split(|&byte| byte == b'/').filter(|part| !matches!(*part, b"" | b"."));
    let climbs = parts.by_ref().take_while(|part| *part == b"..").count();
    let goes_on = target.starts_with(b"/") || parts.any(|part| part == b"..");
    (!goes_on).then_some(climbs as i64)
}

pub(super) fn read_link(call: &mut Call<'_, '_>) -> Result<(), Errno> {
    let (len, out) = (call.word(4), call.out(5, 4)?);
    let buffer = call.out(3, len.into())?;
    let path = call.path(1)?;
    let folder = call.world.descriptors.folder(call.word(0))?;
    let link = open_beneath(&folder.file, &path, OFlags::PATH | OFlags::NOFOLLOW)?;
    // An empty path to something else than a link is not found.
    let target = rustix::fs::readlinkat(link, "", Vec::new()).map_err(|error| match error {
        rustix::io::Errno::NOENT => Errno::Inval,
        error => error.into(),
    })?;
    let target = target.as_bytes();
    let target = &target[..target.len().min(len as usize)];
    call.write(buffer, target)?;
    call.write_word(out, target.len() as u32)
}
