//! What handles exceptions at a place of translation.

use cranelift_codegen::ir::Block;
use trapline_abi::TagIndex;

/// A clause that catches exceptions.
pub(super) struct Clause {
    /// The tag of the exceptions that it catches; `None` if it catches all.
    pub(super) tag: Option<TagIndex>,
    /// Where it goes on, with the reference of the exception as the only parameter.
    pub(super) pad: Block,
    /// Whether a call can get there.
    pub(super) used: bool,
}

enum Handler {
    Clause(Clause),
    /// Of what is below, only what is below this height handles exceptions.
    Delegation(usize),
}

/// The handlers of the open blocks, outermost first; of one block, the clause that is tried last first.
#[derive(Default)]
pub(super) struct Handlers(Vec<Handler>);

impl Handlers {
    /// How many there are, whether or not they are in force. They are referred to by heights: those below one are those of
    /// the blocks that were open when it was the height.
    pub(super) fn height(&self) -> usize {
        self.0.len()
    }

    /// Begins a block with clauses, in the order in which they are tried.
    pub(super) fn enter(&mut self, clauses: impl DoubleEndedIterator<Item = Clause>) {
        self.0.extend(clauses.rev().map(Handler::Clause));
    }

    /// Begins a block whose exceptions are handled by what is below a height.
    pub(super) fn delegate(&mut self, height: usize) {
        self.0.push(Handler::Delegation(height));
    }

    /// Ends blocks down to a height, and gives their clauses: of one block, the one that is tried first comes last.
    pub(super) fn leave(&mut self, height: usize) -> Vec<Clause> {
        let left = self.0.drain(height..);
        left.filter_map(|handler| match handler {
            Handler::Clause(clause) => Some(clause),
            Handler::Delegation(_) => None,
        })
        .collect()
    }

    /// Visits the clauses in force in the order in which they are tried, as long as it is told to go on.
    pub(super) fn visit(&mut self, mut goes_on: impl FnMut(&mut Clause) -> bool) {
        let mut height = self.0.len();
        while let Some(handler) = self.0[..height].last_mut() {
            height = match handler {
                Handler::Delegation(below) => *below,
                Handler::Clause(clause) => {
                    if !goes_on(clause) {
                        return;
                    }
                    height - 1
                }
            };
        }
    }
}
