//! How two engines differ at a directive.

use super::Outcome;
use crate::trail::{
    CodePlace, Exception, Irreproducible, ObservedException, ObservedValue, StateDifference, ThreadPlace,
    TrapInfo,
};
use serde::{Deserialize, Serialize};

/// How an engine differs from the one that all are compared with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Divergence {
    /// The engine that all are compared with.
    pub reference: String,
    /// This engine.
    pub engine: String,
    /// What differs, first things first.
    pub differences: Vec<Difference>,
}

/// One thing in which two engines differ: what it is on the engine that all are compared with, and what it is on the other.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// The kinds of the outcomes.
    Outcome(Box<Ended>, Box<Ended>),
    /// The results; `None` if the action did not return.
    Results(Option<Vec<ObservedValue>>, Option<Vec<ObservedValue>>),
    /// The exceptions that nothing caught: their tags, or what they carry; `None` if there was none.
    Exception(Option<Box<ObservedException>>, Option<Box<ObservedException>>),
    /// The traps, or their places.
    Trap(Option<Box<TrapInfo>>, Option<Box<TrapInfo>>),
    /// The state after the directive, at one place.
    State(Box<StateDifference>),
    /// That many more places of the state.
    MoreState(u32),
    /// The state, at a place that was not looked for.
    SomeState,
    /// The state, but not when the script ran again.
    UnstableState,
    /// The machine code.
    Code(Box<CodePlace>, Box<CodePlace>),
    /// The code of two compilations on this engine.
    Reproducibility(Irreproducible),
}

/// A way in which engines may differ without one of them being wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permitted {
    /// The bits of a NaN (specification: execution, numerics, "NaN Propagation").
    NanPayload,
    /// What became of the bits of a NaN outside of floats, where one engine makes NaNs canonical and the other does not.
    NanCanonicalization,
    /// A result of a relaxed SIMD instruction, which is one of a set (specification: execution, numerics).
    RelaxedSimd,
    /// How deep calls go before the stack ends (specification: appendix, "Implementation Limitations").
    StackDepth,
    /// A growth that one engine granted and the other did not (specification: execution, instructions, `memory.grow` and
    /// `table.grow`).
    Growth,
}

impl Permitted {
    /// Every one.
    pub const ALL: [Permitted; 5] = [
        Permitted::NanPayload,
        Permitted::NanCanonicalization,
        Permitted::RelaxedSimd,
        Permitted::StackDepth,
        Permitted::Growth,
    ];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Permitted::NanPayload => "NaN payload",
            Permitted::NanCanonicalization => "NaN canonicalisation",
            Permitted::RelaxedSimd => "relaxed SIMD",
            Permitted::StackDepth => "stack depth",
            Permitted::Growth => "growth",
        }
    }

    /// Why engines may differ in it.
    pub const fn rule(self) -> &'static str {
        match self {
            Permitted::NanPayload => {
                "the specification leaves open which NaN arithmetic results in (execution, numerics, NaN propagation)"
            }
            Permitted::NanCanonicalization => {
                "the specification leaves the bits of a computed NaN open, and the script makes something else of them: with \
                 nan=canonical on both sides the difference is gone"
            }
            Permitted::RelaxedSimd => {
                "the specification leaves open which of several results a relaxed SIMD instruction has (execution, numerics)"
            }
            Permitted::StackDepth => {
                "the specification leaves open how deep calls go (appendix, implementation limitations)"
            }
            Permitted::Growth => {
                "the specification leaves open whether memory.grow and table.grow succeed (execution, instructions)"
            }
        }
    }
}

/// How a directive ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ended {
    /// The outcome.
    pub outcome: Outcome,
    /// The trap that it ended in.
    pub trap: Option<TrapInfo>,
    /// The exception that it ended in.
    pub exception: Option<Exception>,
    /// The directive of a thread that the outcome is about.
    pub thread: Option<ThreadPlace>,
}
