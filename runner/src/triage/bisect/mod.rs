//! Which code makes two of trapline's engines disagree: the function, what is different about how it is compiled, and the pass.
//!
//! Every probe runs the script once more on the engine that is compared with, in which some functions have the code that the
//! other engine has of them. Where the difference is there, the code of these functions is to blame.

mod blame;
mod passes;
mod probe;

pub use blame::{Blame, Culprit, Sides};
pub use probe::{Bench, Haste, Step};

use super::modules::{Modules, modules};
use super::side_by_side::side_by_side;
use crate::discover::Input;
use crate::engine::Variant;
use crate::trail::Layer;
use passes::pass;
use probe::{Probing, Shown};
use trapline_compiler::{Graft, Profile};

/// Functions that make a difference only together, at most. A search for more is given up.
const MOST: usize = 4;

/// Finds what makes a directive go another way on one engine than on another. `left` is the engine that was compared with.
pub(super) fn blame(bench: &Bench<'_>, input: &Input, index: u32, left: Variant, right: Variant) -> Blame {
    let (reference, engine) = (left.spec().name, right.spec().name);
    let mut blame = Blame::new(reference, engine);
    let mut probing = match Probing::new(bench, input, index, left) {
        Ok(probing) => probing,
        Err(why) => return blame.concluding(format!("nothing could be tried: failed to {why}")),
    };
    match probing.differs(right.spec()) {
        Shown::There => {}
        shown @ (Shown::Gone | Shown::Unknown(_)) => {
            blame.tried.push(format!("{} once more: {shown}", blame.engine));
            return blame.concluding("it did not come again when both ran once more".to_owned());
        }
    }
    blame.tried.push(format!("{} once more: {}", blame.engine, Shown::There));
    let modules = modules(bench.first(), input, index);
    let search = Search { modules: &modules, left, right };
    if modules.functions() == 0 {
        return search.elsewhere(&mut probing, blame);
    }
    let all = modules.functions();
    let shown = search.probe(&mut probing, right, all, &[]);
    blame.tried.push(format!("all {all} functions with the code of {}: {shown}", blame.engine));
    match shown {
        Shown::There => {}
        Shown::Gone => return search.elsewhere(&mut probing, blame),
        Shown::Unknown(_) => return Blame { elsewhere: None, ..search.elsewhere(&mut probing, blame) },
    }
    let Some(found) = search.smallest(&mut probing, &mut blame) else {
        let conclusion =
            format!("no single function is to blame: more than {MOST} make the difference only together");
        return blame.concluding(conclusion);
    };
    search.describe(&mut probing, blame, &found)
}

/// A search among the functions of modules, each by its number.
struct Search<'m> {
    modules: &'m Modules,
    left: Variant,
    right: Variant,
}

impl Search<'_> {
    /// Runs the script with the code of `other` for the first functions and for some more.
    fn probe(&self, probing: &mut Probing<'_>, other: Variant, first: usize, more: &[usize]) -> Shown {
        let functions = self.modules.grafted(first, more);
        let graft = Graft { profile: other.profile, detour: None, functions };
        probing.differs_with(self.left, graft)
    }

    /// The smallest set of functions with which the difference is there, by halving; `None` if it is large.
    fn smallest(&self, probing: &mut Probing<'_>, blame: &mut Blame) -> Option<Vec<usize>> {
        let mut found = Vec::new();
        // With this many of the first functions, and those found, the difference is there.
        let mut enough = self.modules.functions();
        while found.len() < MOST && enough > 0 {
            let mut short = 0;
            let mut halves = 0;
            while enough - short > 1 {
                let middle = short.midpoint(enough);
                halves += 1;
                match self.probe(probing, self.right, middle, &found) {
                    Shown::There => enough = middle,
                    Shown::Gone | Shown::Unknown(_) => short = middle,
                }
            }
            found.push(enough - 1);
            enough -= 1;
            let name = self.modules.name(enough);
            let runs = if halves == 1 { "1 run".to_owned() } else { format!("{halves} runs") };
            blame.tried.push(format!("halving, {runs}: {name}"));
            let shown = self.probe(probing, self.right, 0, &found);
            let alone = if found.len() == 1 { "alone" } else { "with those before" };
            blame.tried.push(format!("{name} {alone}: {shown}"));
            if shown == Shown::There {
                return Some(found);
            }
        }
        None
    }

    /// What is different about the functions, and their code.
    fn describe(&self, probing: &mut Probing<'_>, mut blame: Blame, found: &[usize]) -> Blame {
        blame.functions = found.iter().map(|&number| self.modules.culprit(number)).collect();
        let names: Vec<String> = found.iter().map(|&number| self.modules.name(number)).collect();
        let conclusion = match &*names {
            [name] => {
                format!("{name}: with the code of {} for it alone the difference is there", blame.engine)
            }
            names => format!(
                "no single function is to blame: {} make the difference only together",
                names.join(" and ")
            ),
        };
        if let [only] = found {
            let (all, only) = (self.modules.functions(), *only);
            let others: Vec<usize> = (only + 1..all).collect();
            let shown = self.probe(probing, self.right, only, &others);
            let name = &names[0];
            blame.tried.push(format!("all functions but {name}: {shown}"));
        }
        let changed = self.needed(probing, &mut blame, found);
        let needed: Vec<String> =
            self.left.changes_to(&changed).into_iter().map(|(property, _)| property).collect();
        blame.properties = (!needed.is_empty()).then(|| needed.join(" and "));
        let grafted = self.modules.grafted(0, found);
        blame.pass = Some(pass(probing, &mut blame.tried, self.left, changed, grafted));
        if let Some(&first) = found.first() {
            blame.sides = self.sides(probing, changed, first);
            blame.offset = blame.sides.as_deref().and_then(first_offset);
        }
        blame.concluding(conclusion)
    }

    /// The engine that was compared with, with as few of the properties of the other one as the difference takes.
    fn needed(&self, probing: &mut Probing<'_>, blame: &mut Blame, found: &[usize]) -> Variant {
        let mut changed = Variant { profile: self.right.profile, ..self.left };
        let all = changed.changes_to(&self.left);
        if all.len() < 2 {
            return changed;
        }
        for (property, _) in all {
            let without = changed.changes_to(&self.left).into_iter().find(|(other, _)| *other == property);
            let Some((_, without)) = without else { continue };
            let shown = self.probe(probing, without, 0, found);
            blame.tried.push(format!("with {property} instead: {shown}"));
            if shown == Shown::There {
                changed = without;
            }
        }
        changed
    }

    /// A function as both compile it.
    fn sides(&self, probing: &Probing<'_>, changed: Variant, number: usize) -> Option<Box<Sides>> {
        let (module, function) = self.modules.at(number)?;
        let of = |variant: Variant| {
            let runner = probing.runner(variant.spec()).ok()?;
            runner.anatomy(&module.wasm, module.features, function)
        };
        let variant = changed.spec().name;
        Some(Box::new(Sides { variant, left: of(self.left)?, right: of(changed)? }))
    }

    /// What makes the difference if no code of a function does.
    fn elsewhere(&self, probing: &mut Probing<'_>, mut blame: Blame) -> Blame {
        let Search { left, right, .. } = *self;
        let of_profile = Variant { profile: right.profile, ..left };
        // The runtime has its part in these properties. The others are of code alone, and show in stubs at most.
        let Profile { memory_style, fault, .. } = right.profile;
        let of_runtime = Variant { profile: Profile { memory_style, fault, ..left.profile }, ..left };
        let parts = [
            (
                "what its properties change beyond the code of functions, such as stubs and the runtime",
                None,
                of_profile,
            ),
            ("its heap", Some(Layer::Run), Variant { heap: right.heap, ..left }),
            ("how its code comes into memory", Some(Layer::Load), Variant { kind: right.kind, ..left }),
        ];
        let reference = blame.reference.clone();
        let mut differs = |tried: &mut Vec<String>, variant: Variant| {
            let shown = probing.differs(variant.spec());
            tried.push(format!("{reference} as {variant}: {shown}"));
            shown == Shown::There
        };
        let mut guilty = Vec::new();
        for (part, layer, variant) in parts {
            if variant != left && differs(&mut blame.tried, variant) {
                guilty.push(part);
                blame.elsewhere = blame.elsewhere.or(layer);
            }
        }
        let mut is_runtime = || of_runtime == of_profile || differs(&mut blame.tried, of_runtime);
        if !guilty.is_empty() && blame.elsewhere.is_none() && of_runtime != left && is_runtime() {
            blame.elsewhere = Some(Layer::Run);
        }
        let conclusion = match &*guilty {
            [] => "no single function is to blame, and no single property of the engine".to_owned(),
            parts => format!("no function is to blame: it is {}", parts.join(", or ")),
        };
        blame.concluding(conclusion)
    }
}

/// The WebAssembly offset of the first line of code that differs and has one.
fn first_offset(sides: &Sides) -> Option<u32> {
    let lines = side_by_side(&sides.left.code, &sides.right.code);
    let different = lines.iter().filter(|line| !line.same);
    different.flat_map(|line| [line.left, line.right]).flatten().find_map(|instruction| instruction.wasm)
}

#[cfg(test)]
mod tests;
