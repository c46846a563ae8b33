//! What happened at a directive, exactly enough to be compared with what another engine did.

use crate::executor::Executor;
use crate::trail::{
    Irreproducible, ObservedException, ObservedValue, State, StateDigest, StateView, TagInfo, TrapInfo,
};
use serde::{Deserialize, Serialize};

/// What is to be observed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Observe {
    /// How much of the state.
    pub view: StateView,
    /// The directive after which the whole state is wanted, too.
    pub state_after: Option<u32>,
    /// Whether every module is compiled twice, to see whether the code is the same.
    pub compiles_twice: bool,
}

/// What happened at one directive, in terms that do not depend on the engine.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Observation {
    /// The results of the action, if it returned.
    pub results: Option<Vec<ObservedValue>>,
    /// The exception that the action or the instantiation ended in.
    pub exception: Option<Box<ObservedException>>,
    /// The trap that the action or the instantiation ended in.
    pub trap: Option<ObservedTrap>,
    /// The state after it; `None` once a thread has been started, because that may be writing.
    pub state: Option<StateDigest>,
    /// Whether a module of the script so far has relaxed SIMD instructions. Looked for only where an engine of others takes part.
    pub relaxed: bool,
    /// How the code of a module differed when it was compiled a second time, if it did.
    pub irreproducible: Option<Irreproducible>,
}

/// A trap. Engines must agree on its kind and its place; how much is known beyond depends on how code is generated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ObservedTrap(pub TrapInfo);

impl ObservedTrap {
    /// Whether both are the same trap at the same place.
    pub fn agrees(&self, other: &ObservedTrap) -> bool {
        let place =
            |trap: &TrapInfo| (trap.kind, trap.function.as_ref().map(|function| function.index), trap.offset);
        place(&self.0) == place(&other.0) && self.0.host == other.0.host
    }

    /// Whether both can be the same trap, where an engine of others knows less of it: no place, and of two kinds only that
    /// it is one of them.
    pub fn can_agree(&self, other: &ObservedTrap) -> bool {
        let (left, right) = (&self.0, &other.0);
        let index = |trap: &TrapInfo| trap.function.as_ref().map(|function| function.index);
        let known =
            |left: Option<u32>, right: Option<u32>| left.zip(right).is_none_or(|(left, right)| left == right);
        left.host == right.host
            && left.kinds().any(|kind| right.kinds().any(|other| kind == other))
            && known(index(left), index(right))
            && known(left.offset, right.offset)
    }

    /// Whether it is the end of the call stack.
    pub fn is_exhaustion(&self) -> bool {
        self.0.is_exhaustion()
    }
}

/// All that was observed of a script.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Observed {
    /// One observation for each directive.
    pub directives: Vec<Observation>,
    /// The state after the directive that [`Observe`] asks for, if it came that far.
    pub state: Option<State>,
}

impl Observed {
    /// Adds what was observed of the next directive.
    pub(crate) fn note(&mut self, observation: Observation, state: Option<State>) {
        self.directives.push(observation);
        if state.is_some() {
            self.state = state;
        }
    }
}

/// Watches an execution.
pub(super) struct Observer {
    observe: Observe,
    current: Observation,
    /// Whether a thread has been started, whose work this thread must not look at.
    threads: bool,
    /// Whether a module so far has relaxed SIMD instructions.
    relaxed: bool,
}

impl Observer {
    pub(super) fn new(observe: Observe) -> Observer {
        Observer { observe, current: Observation::default(), threads: false, relaxed: false }
    }

    pub(super) fn returned(&mut self, values: Vec<ObservedValue>) {
        self.current.results = Some(values);
    }

    pub(super) fn trapped(&mut self, trap: &TrapInfo) {
        self.current.trap = Some(ObservedTrap(trap.clone()));
    }

    pub(super) fn threw(&mut self, tag: Option<TagInfo>, payload: Vec<ObservedValue>) {
        self.current.exception = Some(Box::new(ObservedException { tag, payload }));
    }

    pub(super) fn compiles_twice(&self) -> bool {
        self.observe.compiles_twice
    }

    pub(super) fn irreproducible(&mut self, how: Irreproducible) {
        self.current.irreproducible = Some(how);
    }

    /// Whether it matters if a module has relaxed SIMD instructions.
    pub(super) fn asks_for_relaxed(&self) -> bool {
        self.observe.view == StateView::Exported && !self.relaxed
    }

    pub(super) fn relaxed(&mut self) {
        self.relaxed = true;
    }

    pub(super) fn started_thread(&mut self) {
        self.threads = true;
    }

    /// Ends the observation of a directive.
    pub(super) fn end(&mut self, index: u32, executor: &mut dyn Executor) -> (Observation, Option<State>) {
        let mut observation = std::mem::take(&mut self.current);
        observation.relaxed = self.relaxed;
        if self.threads {
            return (observation, None);
        }
        let view = self.observe.view;
        observation.state = Some(executor.digest(view));
        let wanted = self.observe.state_after == Some(index);
        (observation, wanted.then(|| executor.state(view)))
    }
}
