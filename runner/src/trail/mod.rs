//! What happened, as plain data: no module, no store, and no address that means something only in one process. Structure
//! stays structure from where it arises to the report that prints it.

mod code;
mod confinement;
mod content;
mod crash;
mod exception;
mod hash;
mod line;
mod link;
mod output;
mod refusal;
mod run;
mod side;
mod state;
mod trap;
mod value;
mod wide;

pub use code::{CallSite, CodeContent, CodeKey, CodePlace, FunctionListing, Irreproducible, Listing};
pub use confinement::Unconfined;
pub use content::ContentHash;
pub use crash::{CrashInfo, Ending, FaultInfo, FaultPlace, Signal};
pub use exception::{Exception, ObservedException, TagIdentity, TagInfo};
pub use hash::WasmHash;
pub use line::SourceLine;
pub use link::{LinkFailure, LinkFault};
pub use output::Output;
pub use refusal::{Lack, Layer, Limit, Refusal, SourcePlace};
pub use run::{EngineInfo, RunInfo, SuiteDifference};
pub use side::{ExportKind, Got, Mismatch, ThreadPlace, Wanted};
pub use state::{
    EXPORTED_MEMORY_BYTES, FunctionIdentity, GlobalState, MemoryState, ObjectState, ObservedValue,
    PAGE_BYTES, SegmentKind, SegmentState, State, StateContent, StateDifference, StateDigest, StateKind,
    StatePlace, StateView, TableState, exported_name, state_differences,
};
pub use trap::{FrameInfo, FunctionName, TrapInfo};
pub use value::Value;
