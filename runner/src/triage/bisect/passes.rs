//! Which pass makes the difference in a function.

use super::probe::{Probing, Shown};
use crate::engine::Variant;
use trapline_compiler::{Detour, Graft, GraftedFunctions, OptLevel};

/// Says what is known of the pass that makes the difference between two variants in functions. What is tried leaves one pass
/// after the other out, or exchanges it, in the code of the one that optimises.
pub(super) fn pass(
    probing: &mut Probing<'_>,
    tried: &mut Vec<String>,
    left: Variant,
    right: Variant,
    functions: Vec<GraftedFunctions>,
) -> String {
    // Of two that optimise, it is the other one's code that is in question.
    let swapped = right.profile.opt_level == OptLevel::None && left.profile.opt_level != OptLevel::None;
    let (base, subject) = if swapped { (right, left) } else { (left, right) };
    let mut other;
    let probing = match swapped {
        false => probing,
        true => match probing.against(base) {
            Ok(probing) => {
                other = probing;
                &mut other
            }
            Err(why) => return format!("unknown: failed to {why}"),
        },
    };
    let mut probe = |detour| {
        let graft = Graft { profile: subject.profile, detour, functions: functions.clone() };
        probing.differs_with(base, graft)
    };
    let optimises = subject.profile.opt_level != OptLevel::None;
    let name = subject.spec().name;
    let whole = probe(None);
    if whole != Shown::There {
        tried.push(format!("its code of {name} in {}: {whole}", base.spec().name));
        return "unknown: the functions alone do not bring the difference back".to_owned();
    }
    let (mut gone, mut untried) = (Vec::new(), false);
    for detour in Detour::ALL {
        let in_egraph = matches!(detour, Detour::NoEgraph | Detour::RedundantAccessesOnly);
        if in_egraph && !optimises {
            continue;
        }
        let shown = probe(Some(detour));
        tried.push(format!("its code of {name} {}: {shown}", detour.instead()));
        match shown {
            Shown::There => {}
            Shown::Gone => gone.push(detour),
            Shown::Unknown(_) => untried = true,
        }
    }
    // This pass runs if a property asks for it, and changes nothing else.
    let canonicalizes = left.profile.nan_canonicalization != right.profile.nan_canonicalization;
    match &*gone {
        [] if canonicalizes => "canonicalisation of NaNs".to_owned(),
        [] if untried => "unknown: not all could be tried".to_owned(),
        [] => "none that can be left out makes the difference: it is made before, in translation, or behind, in lowering \
               and emission"
            .to_owned(),
        [Detour::NoEgraph] => "egraph, where it removes redundant loads and stores".to_owned(),
        [only @ Detour::RedundantAccessesOnly, Detour::NoEgraph] => only.pass().to_owned(),
        several => {
            let names: Vec<&str> = several.iter().map(|detour| detour.pass()).collect();
            format!("each of these makes the difference: {}", names.join("; "))
        }
    }
}
