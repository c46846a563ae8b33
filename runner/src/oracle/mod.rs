//! Engines that are not trapline's, behind the interface of executors: what its own are compared with.
//!
//! They run in workers of their own like every other engine. Of the state they show what instances export.

mod wasmi;

pub use wasmi::Wasmi;
