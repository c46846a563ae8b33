//! A WebAssembly conformance runner and crash laboratory on Cranelift.

#![deny(unsafe_code)]

pub mod audit;
pub mod cli;
pub mod compare;
pub mod configuration;
mod dice;
pub mod discover;
pub mod document;
pub mod engine;
pub mod exec;
pub mod executor;
pub mod expectations;
mod feature_names;
mod glob;
#[cfg(feature = "faults")]
#[doc(hidden)]
pub mod hazard;
#[cfg(not(feature = "faults"))]
#[path = "no_hazard.rs"]
mod hazard;
mod host;
mod interruption;
pub mod matchers;
pub mod module_script;
#[cfg(feature = "faults")]
pub mod mutate;
mod nearest;
#[cfg(feature = "oracles")]
pub mod oracle;
pub mod outcome;
mod reading;
mod reduce;
pub mod regress;
pub mod report;
pub mod run;
pub mod script;
mod sized;
pub mod spectest;
pub mod terms;
pub mod trail;
pub mod triage;
mod whole_file;
pub mod worker;
