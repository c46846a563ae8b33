//! WASI preview 1 (`wasi_snapshot_preview1`, witx of the WebAssembly/WASI repository, "legacy/preview1").

mod descriptors;
mod errno;
mod files;
mod memory;
mod paths;
mod process;
mod times;
mod world;

pub(crate) use errno::Errno;
pub(crate) use world::{Folder, Streams, World, WorldError, WorldOptions, nowhere};

use super::guest::{GuestBytes, GuestMemory};
use super::log::Shape;
use memory::Call;
use trapline_abi::{FuncType, ValType};
use trapline_runtime::Val;

/// The module that programs import it from.
pub(crate) const MODULE: &str = "wasi_snapshot_preview1";
/// The module of the version before.
pub(crate) const UNSTABLE: &str = "wasi_unstable";

/// Functions that differ between the two versions, in types or in the structures that they fill.
const CHANGED: [&str; 4] = ["fd_filestat_get", "path_filestat_get", "fd_seek", "poll_oneoff"];

/// What a function does.
#[derive(Clone, Copy)]
enum Act {
    Call(fn(&mut Call<'_, '_>) -> Result<(), Errno>),
    /// It ends the program with the code that is its argument.
    Exit,
}

/// A function of WASI.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// Its parameters.
    pub(crate) params: &'static [Shape],
    act: Act,
}

/// A program has ended itself.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the program ended itself with code {0}")]
pub(crate) struct Exited(pub(crate) u32);

/// How a call ended.
pub(crate) enum Ended {
    Returned(Result<(), Errno>),
    Exited(Exited),
    /// Its caller has no memory, which all functions take but the one that ends the program.
    NoMemory,
}

impl Function {
    /// The function of an import, if it is one.
    pub(crate) fn of_import(module: &str, name: &str) -> Option<&'static Function> {
        let is_it = module == MODULE || module == UNSTABLE && !CHANGED.contains(&name);
        FUNCTIONS.iter().find(|function| is_it && function.name == name)
    }

    /// Its type.
    pub(crate) fn ty<I>(&self) -> FuncType<I> {
        let param = |shape: &Shape| if *shape == Shape::Long { ValType::I64 } else { ValType::I32 };
        let results = match self.act {
            Act::Call(_) => vec![ValType::I32],
            Act::Exit => Vec::new(),
        };
        FuncType { params: self.params.iter().map(param).collect(), results }
    }

    /// Calls it, with arguments of its type.
    pub(crate) fn call(&self, world: &mut World, memory: Option<&mut dyn GuestBytes>, args: &[Val]) -> Ended {
        match (self.act, memory) {
            (Act::Call(act), Some(memory)) => {
                let memory = GuestMemory::new(memory);
                Ended::Returned(act(&mut Call { world, memory, args }))
            }
            (Act::Call(_), None) => Ended::NoMemory,
            (Act::Exit, _) => Ended::Exited(Exited(memory::word(args, 0))),
        }
    }
}

macro_rules! functions {
    ($($name:literal ($($shape:ident),*) $act:expr;)*) => {
        /// Every function.
        static FUNCTIONS: &[Function] = &[$(
            Function { name: $name, params: &[$(Shape::$shape),*], act: $act },
        )*];
    };
}

functions! {
    "args_get" (Word, Word) Act::Call(process::arguments);
    "args_sizes_get" (Word, Word) Act::Call(process::arguments_sizes);
    "environ_get" (Word, Word) Act::Call(process::environment);
    "environ_sizes_get" (Word, Word) Act::Call(process::environment_sizes);
    "clock_res_get" (Word, Word) Act::Call(times::resolution);
    "clock_time_get" (Word, Long, Word) Act::Call(times::time);
    "fd_advise" (Word, Long, Long, Word) Act::Call(files::advise);
    "fd_allocate" (Word, Long, Long) Act::Call(files::allocate);
    "fd_close" (Word) Act::Call(files::close);
    "fd_datasync" (Word) Act::Call(files::sync_data);
    "fd_fdstat_get" (Word, Word) Act::Call(files::status);
    "fd_fdstat_set_flags" (Word, Word) Act::Call(files::set_flags);
    "fd_fdstat_set_rights" (Word, Long, Long) Act::Call(files::set_rights);
    "fd_filestat_get" (Word, Word) Act::Call(files::get_attributes);
    "fd_filestat_set_size" (Word, Long) Act::Call(files::set_size);
    "fd_filestat_set_times" (Word, Long, Long, Word) Act::Call(files::set_times);
    "fd_pread" (Word, Vectors, Word, Long, Word) Act::Call(files::read_at);
    "fd_prestat_get" (Word, Word) Act::Call(files::given);
    "fd_prestat_dir_name" (Word, Bytes, Word) Act::Call(files::given_name);
    "fd_pwrite" (Word, Vectors, Word, Long, Word) Act::Call(files::write_at);
    "fd_read" (Word, Vectors, Word, Word) Act::Call(files::read);
    "fd_readdir" (Word, Bytes, Word, Long, Word) Act::Call(files::read_directory);
    "fd_renumber" (Word, Word) Act::Call(files::renumber);
    "fd_seek" (Word, Long, Word, Word) Act::Call(files::seek);
    "fd_sync" (Word) Act::Call(files::sync);
    "fd_tell" (Word, Word) Act::Call(files::tell);
    "fd_write" (Word, Vectors, Word, Word) Act::Call(files::write);
    "path_create_directory" (Word, Bytes, Word) Act::Call(paths::create_directory);
    "path_filestat_get" (Word, Word, Bytes, Word, Word) Act::Call(paths::get_attributes);
    "path_filestat_set_times" (Word, Word, Bytes, Word, Long, Long, Word) Act::Call(paths::set_times);
    "path_link" (Word, Word, Bytes, Word, Word, Bytes, Word) Act::Call(paths::link);
    "path_open" (Word, Word, Bytes, Word, Word, Long, Long, Word, Word) Act::Call(paths::open);
    "path_readlink" (Word, Bytes, Word, Bytes, Word, Word) Act::Call(paths::read_link);
    "path_remove_directory" (Word, Bytes, Word) Act::Call(paths::remove_directory);
    "path_rename" (Word, Bytes, Word, Word, Bytes, Word) Act::Call(paths::rename);
    "path_symlink" (Bytes, Word, Word, Bytes, Word) Act::Call(paths::symlink);
    "path_unlink_file" (Word, Bytes, Word) Act::Call(paths::unlink_file);
    "poll_oneoff" (Word, Word, Word, Word) Act::Call(times::wait);
    "proc_exit" (Word) Act::Exit;
    "proc_raise" (Word) Act::Call(process::raise);
    "random_get" (Bytes, Word) Act::Call(process::random);
    "sched_yield" () Act::Call(process::yield_now);
    "sock_accept" (Word, Word, Word) Act::Call(files::not_a_socket);
    "sock_recv" (Word, Word, Word, Word, Word, Word) Act::Call(files::not_a_socket);
    "sock_send" (Word, Word, Word, Word, Word) Act::Call(files::not_a_socket);
    "sock_shutdown" (Word, Word) Act::Call(files::not_a_socket);
}
