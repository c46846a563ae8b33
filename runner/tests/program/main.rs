//! The program from outside, and what it is made of where that needs code that runs.

mod artifacts;
mod audit;
mod broken_scripts;
mod cli;
mod compare;
mod deaths;
mod exceptions;
mod features;
mod heap;
mod heap_traps;
mod help;
mod inputs;
mod inside;
mod inspecting;
mod isolation;
mod large_modules;
mod lies;
mod limits;
mod many;
mod many_locals;
mod mistaken;
#[cfg(feature = "oracles")]
mod oracles;
mod place;
mod reports;
mod running;
mod sandbox;
mod scripts;
mod shared_objects;
mod source_places;
mod storm;
mod terminal;
mod threads;
mod types_and_tags;
mod variants;
mod workers;
