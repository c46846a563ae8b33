//! The code generator for a profile.

use crate::{Cpu, Detour, Profile, ProfileError};
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable, SettingKind};
use trapline_abi::artifact::Target;
use trapline_abi::is_cpu_feature_allowed;

/// Builds the code generator for a profile, with a pass left out or exchanged.
///
/// # Errors
///
/// When Cranelift cannot generate code for this machine.
pub(crate) fn build(profile: &Profile, detour: Option<Detour>) -> Result<OwnedTargetIsa, ProfileError> {
    let refused = |error: &dyn std::fmt::Display| ProfileError::Settings(error.to_string());
    let builder = match profile.cpu {
        Cpu::Native => native()?,
        Cpu::Baseline => isa::lookup(target_lexicon::Triple::host())
            .map_err(|error| ProfileError::UnsupportedMachine(error.to_string()))?,
    };
    let flags = flags(profile, detour).map_err(|error| refused(&error))?;
    builder.finish(flags).map_err(|error| refused(&error))
}

/// A code generator for this machine's processor, as far as the environment lets its features count.
fn native() -> Result<isa::Builder, ProfileError> {
    let mut builder =
        cranelift_native::builder().map_err(|why| ProfileError::UnsupportedMachine(why.to_owned()))?;
    let features: Vec<_> =
        builder.iter().filter_map(|setting| Some((setting.name, cpu_feature(setting.name)?))).collect();
    for (setting, feature) in features {
        if !is_cpu_feature_allowed(&feature) {
            builder
                .set(setting, "false")
                .map_err(|error| ProfileError::Settings(format!("{setting}: {error}")))?;
        }
    }
    Ok(builder)
}

fn flags(profile: &Profile, detour: Option<Detour>) -> Result<settings::Flags, settings::SetError> {
    let mut builder = settings::builder();
    let registers = match detour {
        Some(Detour::SinglePassRegisters) => "single_pass",
        Some(Detour::NoEgraph | Detour::RedundantAccessesOnly | Detour::ConstantPhisStay) | None => {
            "backtracking"
        }
    };
    for (name, value) in [
        ("regalloc_algorithm", registers),
        ("opt_level", profile.opt_level.name()),
        // Traps and backtraces walk frame pointers.
        ("preserve_frame_pointers", "true"),
        // Large frames must touch every page, or they could step over the end of the stack.
        ("enable_probestack", "true"),
        ("probestack_strategy", "inline"),
        // Functions of the tail convention with more results than registers.
        ("enable_multi_ret_implicit_sret", "true"),
        ("libcall_call_conv", "isa_default"),
        ("use_colocated_libcalls", "false"),
        // No address of any symbol is ever taken, so both give the same code; the JIT needs this one.
        ("is_pic", "false"),
    ] {
        builder.set(name, value)?;
    }
    for (name, value) in [
        ("enable_verifier", profile.verifier),
        ("regalloc_checker", profile.regalloc_checker),
        ("enable_nan_canonicalization", profile.nan_canonicalization),
        // Only notes where frames are made; the code is the same.
        ("unwind_info", profile.debug_info),
    ] {
        builder.set(name, if value { "true" } else { "false" })?;
    }
    Ok(settings::Flags::new(builder))
}

/// What code of this generator expects of the machine and the runtime.
pub(crate) fn target(isa: &dyn isa::TargetIsa, profile: &Profile) -> Target {
    Target {
        architecture: isa.triple().architecture.to_string(),
        cpu_features: cpu_features(isa),
        memory_style: profile.memory_style,
        opt_level: profile.opt_level.name().to_owned(),
    }
}

/// The processor features that code for this machine may use, by the names of the standard library's detection.
///
/// # Errors
///
/// When Cranelift cannot generate code for this machine.
pub fn native_cpu_features() -> Result<Vec<String>, ProfileError> {
    Ok(cpu_features(&*build(&Profile::default(), None)?))
}

/// The processor features that the code may use, by the names of the standard library's detection.
fn cpu_features(isa: &dyn isa::TargetIsa) -> Vec<String> {
    let mut names = Vec::new();
    for flag in isa.isa_flags() {
        if flag.kind() != SettingKind::Bool || flag.as_bool() != Some(true) {
            continue;
        }
        names.extend(cpu_feature(flag.name));
    }
    names.sort();
    names
}

/// The processor feature that a setting of the code generator is about, by the name of the standard library's detection.
fn cpu_feature(setting: &str) -> Option<String> {
    Some(match setting.strip_prefix("has_")? {
        "sse41" => "sse4.1".to_owned(),
        "sse42" => "sse4.2".to_owned(),
        "avx_vnni" => "avxvnni".to_owned(),
        other => other.to_owned(),
    })
}
