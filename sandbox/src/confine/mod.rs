//! Restrictions that a worker places on itself before it runs code that may be hostile.

mod access;
mod limits;
mod measure;
mod privileges;
mod syscalls;
mod trouble;

pub use measure::{Confined, Measure, Standing};
pub use trouble::ConfineError;

use std::path::PathBuf;
use trouble::Missing;

/// What a worker may still do when it is confined.
#[derive(Clone, Debug, Default)]
pub struct Confinement {
    /// Bytes of the largest file that it may write.
    pub max_file_bytes: u64,
    /// Bytes of private writable memory that it may map. Reserved address space that cannot be accessed does not count.
    pub max_data_bytes: u64,
    /// Files that it may read, and folders whose content it may read. Those that are missing are passed over.
    pub readable: Vec<PathBuf>,
    /// Folders whose content it may also change.
    pub writable: Vec<PathBuf>,
    /// The names of variables that its environment may hold. The parent decides what it holds.
    pub environment: &'static [&'static str],
    /// Whether it may start other programs, which are confined like it.
    pub programs: Programs,
    /// Whether it may also make links and set times in the folders that it may change, and open files beneath a folder
    /// (`openat2`): what a guest with files of its own does.
    pub links: bool,
}

/// Whether a confined process may start other programs.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Programs {
    /// It starts no process. Of the system calls, only those that its own code makes are allowed.
    #[default]
    Forbidden,
    /// It starts any program, such as a linker, that can be read. Of the system calls, those are forbidden that reach beyond files and
    /// processes of its own.
    Allowed,
}

/// Confines this process for the rest of its life by every [`Measure`] that the system has.
///
/// Descriptors stay as they are, because other code of the process may own them: [`spawn`](crate::spawn) decides what a
/// worker inherits, before there is any owner.
///
/// # Errors
///
/// When the process has several threads: some measures would not apply to the others. A measure that the system lacks is no
/// error; it is named in what is returned.
pub fn confine(confinement: &Confinement) -> Result<Confined, ConfineError> {
    confine_by(confinement, &Measure::ALL)
}

/// Confines this process by some measures only, for testing each by itself.
///
/// # Errors
///
/// As for [`confine`].
#[doc(hidden)]
pub fn confine_by(confinement: &Confinement, measures: &[Measure]) -> Result<Confined, ConfineError> {
    trouble::only_one_thread()?;
    // In the order of `ALL`, in which no measure takes away what a later one needs.
    let measures = Measure::ALL.into_iter().filter(|measure| measures.contains(measure));
    let take = |measure| Standing { measure, missing: take(measure, confinement).err().map(|cause| cause.0) };
    Ok(Confined(measures.map(take).collect()))
}

fn take(measure: Measure, confinement: &Confinement) -> Result<(), Missing> {
    match measure {
        Measure::Environment => privileges::check_environment(confinement.environment),
        Measure::Session => privileges::lead_session(),
        Measure::FileSize => limits::limit_files(confinement.max_file_bytes),
        Measure::Memory => limits::limit_memory(confinement.max_data_bytes),
        Measure::Capabilities => privileges::drop_capabilities(),
        Measure::NoNewPrivileges => privileges::forbid_new_privileges(),
        Measure::Files => access::restrict_files(confinement),
        Measure::Tcp => access::restrict_tcp(),
        Measure::Scope => access::restrict_scope(),
        Measure::SystemCalls => syscalls::filter(confinement.programs, confinement.links),
    }
}
