//! Where the time of an engine goes, and how much code it makes.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use trapline_compiler::CompileTimings;

/// What an engine's compilations took and made, summed over all threads.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct EngineTimings {
    /// How many modules were compiled and mapped.
    pub compiled: u64,
    /// How many modules came from saved artefacts.
    pub opened: u64,
    /// How many times a module was wanted that was there already.
    pub reused: u64,
    /// Decoding, validation and translation to CLIF.
    pub translate: Duration,
    /// CLIF to machine code.
    pub compile: Duration,
    /// Machine code to an object.
    pub emit: Duration,
    /// An object to code that can be called.
    pub map: Duration,
    /// Bytes of machine code.
    pub code: u64,
}

impl Add for EngineTimings {
    type Output = EngineTimings;

    fn add(self, other: EngineTimings) -> EngineTimings {
        EngineTimings {
            compiled: self.compiled + other.compiled,
            opened: self.opened + other.opened,
            reused: self.reused + other.reused,
            translate: self.translate + other.translate,
            compile: self.compile + other.compile,
            emit: self.emit + other.emit,
            map: self.map + other.map,
            code: self.code + other.code,
        }
    }
}

impl Sub for EngineTimings {
    type Output = EngineTimings;

    /// What came after `earlier`, a reading of the same engine.
    fn sub(self, earlier: EngineTimings) -> EngineTimings {
        EngineTimings {
            compiled: self.compiled.saturating_sub(earlier.compiled),
            opened: self.opened.saturating_sub(earlier.opened),
            reused: self.reused.saturating_sub(earlier.reused),
            translate: self.translate.saturating_sub(earlier.translate),
            compile: self.compile.saturating_sub(earlier.compile),
            emit: self.emit.saturating_sub(earlier.emit),
            map: self.map.saturating_sub(earlier.map),
            code: self.code.saturating_sub(earlier.code),
        }
    }
}

/// The sums behind [`EngineTimings`], times in nanoseconds.
#[derive(Default, Debug)]
pub(crate) struct Spent {
    compiled: AtomicU64,
    opened: AtomicU64,
    reused: AtomicU64,
    translate: AtomicU64,
    compile: AtomicU64,
    emit: AtomicU64,
    map: AtomicU64,
    code: AtomicU64,
}

impl Spent {
    /// Adds what it has cost to compile and map one module, and the size of its code in bytes.
    pub(crate) fn compiled(&self, timings: CompileTimings, map: Duration, code: u32) {
        self.compiled.fetch_add(1, Ordering::Relaxed);
        self.code.fetch_add(code.into(), Ordering::Relaxed);
        add(&self.translate, timings.translate);
        add(&self.compile, timings.compile);
        add(&self.emit, timings.emit);
        add(&self.map, map);
    }

    /// Adds what it has cost to translate one module for an interpreter.
    #[cfg(feature = "oracles")]
    pub(crate) fn interpreted(&self, translate: Duration) {
        self.compiled.fetch_add(1, Ordering::Relaxed);
        add(&self.translate, translate);
    }

    /// Adds what it has cost to decode and validate one module, and to open its artefact.
    pub(crate) fn opened(&self, validation: Duration, map: Duration) {
        self.opened.fetch_add(1, Ordering::Relaxed);
        add(&self.translate, validation);
        add(&self.map, map);
    }

    /// Counts a module that cost nothing.
    pub(crate) fn reused(&self) {
        self.reused.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> EngineTimings {
        let read = |nanoseconds: &AtomicU64| Duration::from_nanos(nanoseconds.load(Ordering::Relaxed));
        EngineTimings {
            compiled: self.compiled.load(Ordering::Relaxed),
            opened: self.opened.load(Ordering::Relaxed),
            reused: self.reused.load(Ordering::Relaxed),
            translate: read(&self.translate),
            compile: read(&self.compile),
            emit: read(&self.emit),
            map: read(&self.map),
            code: self.code.load(Ordering::Relaxed),
        }
    }
}

fn add(sum: &AtomicU64, spent: Duration) {
    sum.fetch_add(spent.as_nanos() as u64, Ordering::Relaxed);
}
