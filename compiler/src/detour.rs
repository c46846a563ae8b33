//! Ways from a function's IR to its code on which one pass is left out or exchanged, to find the pass that makes a difference.
//!
//! Whole passes are all that Cranelift 0.135 allows. `ControlPlane::set_fuel` does nothing in a build without chaos mode, and
//! with it limits what that mode perturbs: no optimisation asks it. Of the settings that sound like passes,
//! `enable_alias_analysis` is read nowhere, those about Spectre are read by frontends only, `machine_code_cfg_info` only records,
//! and `opt_level` is asked once, for whether the egraph pass runs: `speed` and `speed_and_size` are the same.

use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::settings::OptLevel;
use cranelift_codegen::{CodegenResult, Context};
use serde::{Deserialize, Serialize};

/// What is left out or exchanged.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Detour {
    /// The egraph pass, which rewrites, shares and moves instructions, is left out.
    NoEgraph,
    /// In its place, only loads are replaced whose values are known, and stores without effect removed, by the same analysis of
    /// aliases.
    RedundantAccessesOnly,
    /// Parameters of blocks that always have the same argument stay.
    ConstantPhisStay,
    /// Registers are allocated by the algorithm that goes through the code once.
    SinglePassRegisters,
}

impl Detour {
    /// All of them, those first that leave more of the passes as they are.
    pub const ALL: [Detour; 4] = [
        Detour::SinglePassRegisters,
        Detour::ConstantPhisStay,
        Detour::RedundantAccessesOnly,
        Detour::NoEgraph,
    ];

    /// The pass that it is about.
    pub const fn pass(self) -> &'static str {
        match self {
            Detour::NoEgraph => "egraph",
            Detour::RedundantAccessesOnly => "egraph, beyond redundant loads and stores",
            Detour::ConstantPhisStay => "removal of constant phis",
            Detour::SinglePassRegisters => "register allocation by backtracking",
        }
    }

    /// What is done in its place.
    pub const fn instead(self) -> &'static str {
        match self {
            Detour::NoEgraph => "without the egraph pass",
            Detour::RedundantAccessesOnly => {
                "with only redundant loads and stores removed in place of the egraph pass"
            }
            Detour::ConstantPhisStay => "without the removal of constant phis",
            Detour::SinglePassRegisters => "with registers allocated in a single pass",
        }
    }
}

/// Optimises the function of a context: what [`Context::optimize`] does, but for the detour.
pub(crate) fn optimize(
    context: &mut Context,
    isa: &dyn TargetIsa,
    detour: Option<Detour>,
) -> CodegenResult<()> {
    let control = &mut ControlPlane::default();
    let Some(detour) = detour.filter(|detour| *detour != Detour::SinglePassRegisters) else {
        return context.optimize(isa, control);
    };
    if isa.flags().enable_nan_canonicalization() {
        context.canonicalize_nans(isa)?;
    }
    context.verify_if(isa)?;
    context.compute_cfg();
    context.compute_domtree();
    context.eliminate_unreachable_code(isa)?;
    if detour != Detour::ConstantPhisStay {
        context.remove_constant_phis(isa)?;
    }
    context.func.dfg.resolve_all_aliases();
    match (detour, isa.flags().opt_level()) {
        (Detour::NoEgraph, _) | (_, OptLevel::None) => Ok(()),
        (Detour::RedundantAccessesOnly, _) => {
            context.replace_redundant_loads()?;
            // What was replaced is an alias now, which lowering does not expect.
            context.func.dfg.resolve_all_aliases();
            context.verify_if(isa)
        }
        (Detour::ConstantPhisStay | Detour::SinglePassRegisters, _) => context.egraph_pass(isa, control),
    }
}
