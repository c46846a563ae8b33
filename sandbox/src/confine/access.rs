//! Files, sockets and other processes, as far as Landlock restricts them (`landlock(7)`). Each measure is a ruleset of its own, so
//! that each says by itself whether the kernel has it.

use super::trouble::Missing;
use super::{Confinement, Programs};
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError, Scope, path_beneath_rules,
};
use std::path::Path;

impl From<RulesetError> for Missing {
    fn from(error: RulesetError) -> Missing {
        Missing(error.to_string())
    }
}

/// The first version that also covers truncation. Later rights are taken where the kernel has them.
const FILES: ABI = ABI::V3;
const LATER: ABI = ABI::V5;

/// Checks that the kernel has a version of Landlock.
fn needs(wanted: ABI) -> Result<(), Missing> {
    const VERSION: u32 = 1;
    // SAFETY: I13: with this flag, the call takes no pointer and only gives a number.
    let found =
        unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<u8>(), 0, VERSION) };
    if found < 0 {
        let error = std::io::Error::last_os_error();
        return Err(Missing(format!("the kernel has no Landlock, or it is switched off: {error}")));
    }
    if found < wanted as libc::c_long {
        let wanted = wanted as i32;
        return Err(Missing(format!("the kernel has version {found} of Landlock, and this takes {wanted}")));
    }
    Ok(())
}

pub(super) fn restrict_files(confinement: &Confinement) -> Result<(), Missing> {
    let whole = needs(FILES).and_then(|()| Ok(files(confinement, CompatLevel::HardRequirement)?));
    if whole.is_err() {
        // Old kernels forbid less, which is better than nothing, and not what is promised.
        let _ = files(confinement, CompatLevel::BestEffort);
    }
    whole
}

fn files(confinement: &Confinement, level: CompatLevel) -> Result<(), RulesetError> {
    let reading = AccessFs::ReadFile | AccessFs::ReadDir;
    let mut ruleset = Ruleset::default()
        .set_compatibility(level)
        .handle_access(AccessFs::from_all(FILES))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(LATER))?
        .create()?
        .add_rules(path_beneath_rules(&confinement.readable, reading))?
        .add_rules(path_beneath_rules(&confinement.writable, reading | changing(confinement.links)))?;
    if confinement.programs == Programs::Allowed {
        // Where a linker and what it needs are cannot be known.
        let running = AccessFs::from_read(FILES);
        ruleset = ruleset.add_rules(path_beneath_rules([Path::new("/")], running))?.add_rules(
            path_beneath_rules([Path::new("/dev/null")], running | AccessFs::WriteFile | AccessFs::IoctlDev),
        )?;
    }
    ruleset.restrict_self()?;
    Ok(())
}

/// All that is done to ordinary files and folders: no devices, sockets or pipes, and symbolic links only if that is asked for.
fn changing(links: bool) -> BitFlags<AccessFs> {
    let links = if links { AccessFs::MakeSym.into() } else { BitFlags::EMPTY };
    links
        | AccessFs::WriteFile
        | AccessFs::Truncate
        | AccessFs::MakeReg
        | AccessFs::MakeDir
        | AccessFs::RemoveFile
        | AccessFs::RemoveDir
        | AccessFs::Refer
}

pub(super) fn restrict_tcp() -> Result<(), Missing> {
    needs(ABI::V4)?;
    let tcp = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    restrict_but_files(tcp.handle_access(AccessNet::BindTcp | AccessNet::ConnectTcp)?)
}

pub(super) fn restrict_scope() -> Result<(), Missing> {
    needs(ABI::V6)?;
    let scope = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    restrict_but_files(scope.scope(Scope::AbstractUnixSocket | Scope::Signal)?)
}

/// Puts a ruleset in force that is not about files. One that does not say otherwise forbids to move files to other folders, and
/// to link them there, whatever the other rulesets allow (`LANDLOCK_ACCESS_FS_REFER`).
fn restrict_but_files(ruleset: Ruleset) -> Result<(), Missing> {
    let moves = path_beneath_rules([Path::new("/")], AccessFs::Refer);
    ruleset.handle_access(AccessFs::Refer)?.create()?.add_rules(moves)?.restrict_self()?;
    Ok(())
}
