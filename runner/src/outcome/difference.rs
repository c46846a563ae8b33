//! How two engines differ at a directive.

use super::Outcome;
use crate::trail::{CodePlace, Irreproducible, ObservedValue, StateDifference, ThreadPlace, TrapInfo};
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

/// How a directive ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ended {
    /// The outcome.
    pub outcome: Outcome,
    /// The trap that it ended in.
    pub trap: Option<TrapInfo>,
    /// The directive of a thread that the outcome is about.
    pub thread: Option<ThreadPlace>,
}
