//! Errors of WASI.

use rustix::io::Errno as System;
use std::io;

macro_rules! errors {
    ($($(#[$docs:meta])* $variant:ident = $number:literal, $name:literal $(, $system:ident)*;)*) => {
        /// An error of a WASI function (`errno` of WASI preview 1).
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Errno {
            $($(#[$docs])* $variant = $number,)*
        }

        impl Errno {
            /// Its name in the specification.
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Errno::$variant => $name,)*
                }
            }
        }

        impl From<System> for Errno {
            fn from(error: System) -> Errno {
                $($(if error == System::$system {
                    return Errno::$variant;
                })*)*
                Errno::Io
            }
        }
    };
}

errors! {
    /// Permission denied.
    Acces = 2, "acces", ACCESS;
    /// It would block.
    Again = 6, "again", AGAIN;
    /// No such descriptor.
    Badf = 8, "badf", BADF;
    /// It is in use.
    Busy = 10, "busy", BUSY;
    /// No space of the user's quota.
    Dquot = 19, "dquot", DQUOT;
    /// It exists.
    Exist = 20, "exist", EXIST;
    /// A pointer leads out of the memory.
    Fault = 21, "fault", FAULT;
    /// The file would be too large.
    Fbig = 22, "fbig", FBIG;
    /// A path that is not UTF-8.
    Ilseq = 25, "ilseq", ILSEQ;
    /// Interrupted.
    Intr = 27, "intr", INTR;
    /// An argument that makes no sense.
    Inval = 28, "inval", INVAL;
    /// The device failed.
    Io = 29, "io", IO;
    /// It is a folder.
    Isdir = 31, "isdir", ISDIR;
    /// Too many symbolic links.
    Loop = 32, "loop", LOOP;
    /// Too many open files.
    Mfile = 33, "mfile", MFILE, NFILE;
    /// Too many links.
    Mlink = 34, "mlink", MLINK;
    /// A name that is too long.
    Nametoolong = 37, "nametoolong", NAMETOOLONG;
    /// No such device.
    Nodev = 43, "nodev", NODEV;
    /// No such file.
    Noent = 44, "noent", NOENT;
    /// Out of memory.
    Nomem = 48, "nomem", NOMEM;
    /// The device is full.
    Nospc = 51, "nospc", NOSPC;
    /// There is no such function.
    Nosys = 52, "nosys", NOSYS;
    /// It is not a folder.
    Notdir = 54, "notdir", NOTDIR;
    /// The folder is not empty.
    Notempty = 55, "notempty", NOTEMPTY;
    /// It is not a socket.
    Notsock = 57, "notsock", NOTSOCK;
    /// It is not supported.
    Notsup = 58, "notsup", NOTSUP, OPNOTSUPP;
    /// There is no such device or address.
    Nxio = 60, "nxio", NXIO;
    /// A number is too large.
    Overflow = 61, "overflow", OVERFLOW;
    /// It is not allowed: a path that leads out of its folder, among others.
    Perm = 63, "perm", PERM;
    /// The reader is gone.
    Pipe = 64, "pipe", PIPE;
    /// A result that is too large.
    Range = 68, "range", RANGE;
    /// The folder can only be read.
    Rofs = 69, "rofs", ROFS;
    /// It has no position.
    Spipe = 70, "spipe", SPIPE;
    /// The file is being run.
    Txtbsy = 74, "txtbsy", TXTBSY;
    /// Another file system.
    Xdev = 75, "xdev", XDEV;
}

impl From<io::Error> for Errno {
    fn from(error: io::Error) -> Errno {
        System::from_io_error(&error).map_or(Errno::Io, Errno::from)
    }
}
