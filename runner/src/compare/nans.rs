//! Differences in the bits of NaNs and in relaxed SIMD, between two of trapline's engines.
//!
//! The specification leaves open which NaN arithmetic results in, and fixes the bits of every other one: of a constant, of what
//! is loaded, moved, negated or given a sign. Two things tell them apart. A script whose modules do no such arithmetic has no
//! open bits. And on engines that make NaNs canonical no bits are open either: a difference that is still there when both do so
//! is one.
//!
//! Bits of a NaN can reach integers, by `i32.reinterpret_f32`, by a vector or through memory, and from there anything. Nothing in
//! the result shows it. Such a difference is explained only if one of the two engines makes NaNs canonical and the other does
//! not, the script's modules both compute NaNs and expose bits of floats, and the difference is gone once both make them
//! canonical. It has a name of its own: [`Permitted::NanCanonicalization`].
//!
//! A relaxed instruction has one of several results, and from there anything, too. It is open only between an engine with the
//! deterministic results and one with the processor's, in a script whose modules have such instructions, and if the difference is
//! gone once both have the deterministic ones: [`Permitted::RelaxedSimd`]. That the processor's result is one of those that the
//! specification lists is not checked by that.

mod module;

use super::join::{self, Differing, Standard};
use super::module_of;
use crate::discover::Input;
use crate::exec::Observe;
use crate::outcome::{Difference, Outcome, OutcomeKind, Permitted};
use crate::run::{FileResult, Runner};
use crate::script::{Directive, with_those_of_threads};
use module::OpenUse;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::OnceLock;

/// Makes a runner whose engine is that of another, but with canonical NaNs, and if that is asked for with deterministic relaxed SIMD;
/// `None` if there is none.
pub type MakeDeterministic<'a> = dyn Fn(&Runner, bool) -> Option<Runner> + Sync + 'a;

/// The deterministic counterparts of runners, made when they are first needed.
pub(super) struct Counterparts<'a> {
    make: &'a MakeDeterministic<'a>,
    /// For each runner, the one whose relaxed SIMD stays what it is, and the one whose is deterministic.
    made: Vec<[OnceLock<Option<Runner>>; 2]>,
}

impl<'a> Counterparts<'a> {
    pub(super) fn new(count: usize, make: &'a MakeDeterministic<'a>) -> Counterparts<'a> {
        Counterparts { make, made: (0..count).map(|_| Default::default()).collect() }
    }

    /// That of a runner, by its number.
    fn of(&self, number: usize, runner: &Runner, relaxed: bool) -> Option<&Runner> {
        let made = self.made.get(number)?.get(usize::from(relaxed))?;
        made.get_or_init(|| (self.make)(runner, relaxed)).as_ref()
    }
}

/// One side of a comparison.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    /// The runner's number.
    pub(super) number: usize,
    pub(super) runner: &'a Runner,
    /// What it has given.
    pub(super) result: &'a FileResult,
}

/// Judges differences of a script on two engines.
pub(super) struct Judge<'a> {
    counterparts: &'a Counterparts<'a>,
    left: Side<'a>,
    right: Side<'a>,
    input: &'a Input,
    observe: Observe,
    /// For each directive, what all modules do up to it.
    used: OnceCell<Vec<OpenUse>>,
    deterministic: OnceCell<Option<Deterministic<'a>>>,
}

/// The script on the deterministic counterparts of both engines.
struct Deterministic<'a> {
    left: Cow<'a, FileResult>,
    right: Cow<'a, FileResult>,
    differing: Vec<Differing>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        counterparts: &'a Counterparts<'a>,
        left: Side<'a>,
        right: Side<'a>,
        input: &'a Input,
        observe: Observe,
    ) -> Judge<'a> {
        let (used, deterministic) = (OnceCell::new(), OnceCell::new());
        Judge { counterparts, left, right, input, observe, used, deterministic }
    }

    /// Why a directive may differ. `only_nans` is whether all that differs are NaNs of which arithmetic may have made one.
    pub(super) fn permits(
        &self,
        index: u32,
        differences: &[Difference],
        only_nans: bool,
    ) -> Option<Permitted> {
        let one_canonicalizes =
            self.left.runner.engine.canonicalizes_nans() != self.right.runner.engine.canonicalizes_nans();
        let relaxed = self.one_relaxes() && differences.iter().all(is_of_run);
        let canonicalized = one_canonicalizes && differences.iter().all(is_of_values);
        if !only_nans && !canonicalized && !relaxed {
            return None;
        }
        let used = self.used(index)?;
        let why = if only_nans && used.computes {
            Permitted::NanPayload
        } else if relaxed && used.relaxes {
            Permitted::RelaxedSimd
        } else if canonicalized && used.computes && used.exposes {
            Permitted::NanCanonicalization
        } else {
            return None;
        };
        self.deterministic()?.agree_at(index).then_some(why)
    }

    /// Whether one engine has deterministic relaxed SIMD, and the other that of the processor. Where both have the same, nothing is
    /// open about it, and it stays what it is.
    fn one_relaxes(&self) -> bool {
        self.left.runner.engine.relaxes_simd() != self.right.runner.engine.relaxes_simd()
    }

    /// The directives after which states are another on the deterministic engines, too.
    pub(super) fn states_that_differ_all_the_same(&self) -> Vec<u32> {
        let differing = self.deterministic().map_or(&[][..], |runs| &runs.differing);
        differing.iter().filter(|differing| differing.state).map(|differing| differing.index).collect()
    }

    /// What the modules do that a script has up to a directive; `None` if one cannot be read, as an object cannot.
    fn used(&self, index: u32) -> Option<OpenUse> {
        let used = self.used.get_or_init(|| {
            let script = self.right.runner.prepare(self.input).script;
            script.map_or_else(|_| Vec::new(), |script| used_up_to_each(script.directives()))
        });
        used.get(index as usize).copied()
    }

    fn deterministic(&self) -> Option<&Deterministic<'a>> {
        let relaxed = self.one_relaxes();
        let run = |side: Side<'a>| -> Option<Cow<'a, FileResult>> {
            let engine = &side.runner.engine;
            let is_settled = !relaxed || !engine.relaxes_simd();
            if engine.canonicalizes_nans() && is_settled {
                return Some(Cow::Borrowed(side.result));
            }
            let runner = self.counterparts.of(side.number, side.runner, relaxed)?;
            Some(Cow::Owned(runner.run_file_observed(self.input, Some(self.observe))))
        };
        let made = self.deterministic.get_or_init(|| {
            let (left, right) = (run(self.left)?, run(self.right)?);
            let differing = join::join(&left, &right, Standard::Same);
            Some(Deterministic { left, right, differing })
        });
        made.as_ref()
    }
}

/// Whether a difference is one of values, in results or in states. Of NaNs, where code goes another way is never left open.
fn is_of_values(difference: &Difference) -> bool {
    match difference {
        Difference::Results(..) | Difference::State(_) | Difference::MoreState(_) | Difference::SomeState => {
            true
        }
        Difference::Outcome(left, right) => {
            [left, right].iter().all(|ended| matches!(ended.outcome, Outcome::Pass | Outcome::Fail(_)))
        }
        Difference::Exception(..)
        | Difference::Trap(..)
        | Difference::UnstableState
        | Difference::Code(..)
        | Difference::Reproducibility(_) => false,
    }
}

/// Whether a difference is one of what code does: values, traps, exceptions, and which way it goes.
fn is_of_run(difference: &Difference) -> bool {
    is_of_values(difference) || matches!(difference, Difference::Exception(..) | Difference::Trap(..))
}

/// For each directive what the modules up to it do, as far as they can be read.
fn used_up_to_each(directives: &[Directive]) -> Vec<OpenUse> {
    let mut used = OpenUse::default();
    let with = |directive| {
        for directive in with_those_of_threads([directive]) {
            // A text that is no module has no instructions.
            if let Some(Ok(wasm)) = module_of(directive).map(|source| source.wasm.as_ref()) {
                used.add(wasm).ok()?;
            }
        }
        Some(used)
    };
    directives.iter().map_while(with).collect()
}

impl Deterministic<'_> {
    /// Whether both came through the script up to a directive, and do the same there.
    fn agree_at(&self, index: u32) -> bool {
        let came_through = |result: &FileResult| {
            let records = result.report.directives.get(..=index as usize);
            records.is_some_and(|records| {
                records.iter().all(|record| match record.outcome.kind() {
                    OutcomeKind::Pass
                    | OutcomeKind::Fail
                    | OutcomeKind::Diverged
                    | OutcomeKind::Unsupported
                    | OutcomeKind::Blocked => true,
                    OutcomeKind::Crash
                    | OutcomeKind::Timeout
                    | OutcomeKind::HarnessError
                    | OutcomeKind::NotRun => false,
                })
            })
        };
        came_through(&self.left)
            && came_through(&self.right)
            && self.differing.iter().all(|differing| differing.index != index)
    }
}
