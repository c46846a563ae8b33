//! The descriptors of a WASI program.

use super::errno::Errno;
use std::collections::BTreeMap;
use std::fs::{File, FileType, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};

/// Descriptors that a program may have open.
const MAX_DESCRIPTORS: usize = 1024;

/// What may be done to a folder and to what is in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Access {
    Read,
    Change,
}

/// The kind of a file (`filetype`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Unknown = 0,
    BlockDevice = 1,
    CharacterDevice = 2,
    Directory = 3,
    RegularFile = 4,
    SocketStream = 6,
    SymbolicLink = 7,
}

impl From<FileType> for Kind {
    fn from(ty: FileType) -> Kind {
        match ty {
            ty if ty.is_file() => Kind::RegularFile,
            ty if ty.is_dir() => Kind::Directory,
            ty if ty.is_symlink() => Kind::SymbolicLink,
            ty if ty.is_char_device() => Kind::CharacterDevice,
            ty if ty.is_block_device() => Kind::BlockDevice,
            ty if ty.is_socket() => Kind::SocketStream,
            // A pipe has no kind of its own.
            _ => Kind::Unknown,
        }
    }
}

/// An entry of a folder.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    pub(super) inode: u64,
    pub(super) kind: Kind,
}

/// Something that a program has open.
#[derive(Debug)]
pub(super) struct Descriptor {
    pub(super) file: File,
    pub(super) kind: Kind,
    pub(super) access: Access,
    /// Whether it is one of the standard streams, whose settings others share.
    pub(super) is_stream: bool,
    /// The name of a folder that was given to the program.
    pub(super) given: Option<Vec<u8>>,
    /// The content of a folder, from when it was last read from its beginning.
    pub(super) entries: Vec<Entry>,
}

impl Descriptor {
    pub(super) fn stream(file: File) -> io::Result<Descriptor> {
        let kind = file.metadata()?.file_type().into();
        Ok(Descriptor { is_stream: true, ..Descriptor::new(file, kind, Access::Change) })
    }

    pub(super) fn folder(file: File, access: Access, given: Option<Vec<u8>>) -> Descriptor {
        Descriptor { given, ..Descriptor::new(file, Kind::Directory, access) }
    }

    pub(super) fn new(file: File, kind: Kind, access: Access) -> Descriptor {
        Descriptor { file, kind, access, is_stream: false, given: None, entries: Vec::new() }
    }

    /// The file, to read, write or go where the program says. That of a stream is where its other users have left it.
    pub(super) fn positioned(&self) -> Result<&File, Errno> {
        if self.is_stream { Err(Errno::Spipe) } else { Ok(&self.file) }
    }

    /// The file, to change it.
    pub(super) fn changed(&self) -> Result<&File, Errno> {
        // Other programs use the same streams.
        if self.is_stream {
            return Err(Errno::Notsup);
        }
        match self.access {
            Access::Change => Ok(&self.file),
            Access::Read => Err(Errno::Rofs),
        }
    }
}

/// The descriptors that are open, by number.
#[derive(Debug, Default)]
pub(super) struct Descriptors(BTreeMap<u32, Descriptor>);

impl Descriptors {
    /// Gives a descriptor the lowest number that is free.
    pub(super) fn add(&mut self, descriptor: Descriptor) -> u32 {
        // As many as there are numbers are never open.
        let number = (0..).find(|number| !self.0.contains_key(number)).unwrap_or(u32::MAX);
        self.0.insert(number, descriptor);
        number
    }

    /// Checks that one more can be opened.
    pub(super) fn check_room(&self) -> Result<(), Errno> {
        if self.0.len() < MAX_DESCRIPTORS { Ok(()) } else { Err(Errno::Mfile) }
    }

    pub(super) fn get(&self, number: u32) -> Result<&Descriptor, Errno> {
        self.0.get(&number).ok_or(Errno::Badf)
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Result<&mut Descriptor, Errno> {
        self.0.get_mut(&number).ok_or(Errno::Badf)
    }

    /// One that is a folder.
    pub(super) fn folder(&self, number: u32) -> Result<&Descriptor, Errno> {
        let descriptor = self.get(number)?;
        if descriptor.kind == Kind::Directory { Ok(descriptor) } else { Err(Errno::Notdir) }
    }

    pub(super) fn close(&mut self, number: u32) -> Result<(), Errno> {
        self.0.remove(&number).map(drop).ok_or(Errno::Badf)
    }

    /// Gives a descriptor the number of another one, which is closed.
    pub(super) fn renumber(&mut self, from: u32, to: u32) -> Result<(), Errno> {
        self.get(to)?;
        let descriptor = self.0.remove(&from).ok_or(Errno::Badf)?;
        self.0.insert(to, descriptor);
        Ok(())
    }
}

/// The attributes of a file as the guest has them (`filestat`).
pub(super) fn attributes(metadata: &Metadata) -> [u8; 64] {
    // Times before 1970 cannot be given.
    let time = |seconds: i64, nanoseconds: i64| {
        let time = i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
        u64::try_from(time).unwrap_or_default()
    };
    let fields = [
        metadata.dev(),
        metadata.ino(),
        Kind::from(metadata.file_type()) as u64,
        metadata.nlink(),
        metadata.size(),
        time(metadata.atime(), metadata.atime_nsec()),
        time(metadata.mtime(), metadata.mtime_nsec()),
        time(metadata.ctime(), metadata.ctime_nsec()),
    ];
    let mut bytes = [0; 64];
    for (bytes, field) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(fields) {
        *bytes = field.to_le_bytes();
    }
    bytes
}
