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

pub(super) fn restrict_files(confinement: &Confinement) -> Result<(), Missing> {
    let whole = files(confinement, CompatLevel::HardRequirement);
    if whole.is_err() {
        // Old kernels forbid less, which is better than nothing, and not what is promised.
        let _ = files(confinement, CompatLevel::BestEffort);
    }
    Ok(whole?)
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
        .add_rules(path_beneath_rules(&confinement.writable, reading | changing()))?;
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

/// All that is done to ordinary files and folders: no devices, sockets, pipes or links by name.
fn changing() -> BitFlags<AccessFs> {
    AccessFs::WriteFile
        | AccessFs::Truncate
        | AccessFs::MakeReg
        | AccessFs::MakeDir
        | AccessFs::RemoveFile
        | AccessFs::RemoveDir
        | AccessFs::Refer
}

pub(super) fn restrict_tcp() -> Result<(), Missing> {
    let tcp = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    tcp.handle_access(AccessNet::BindTcp | AccessNet::ConnectTcp)?.create()?.restrict_self()?;
    Ok(())
}

pub(super) fn restrict_scope() -> Result<(), Missing> {
    let scope = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    scope.scope(Scope::AbstractUnixSocket | Scope::Signal)?.create()?.restrict_self()?;
    Ok(())
}
