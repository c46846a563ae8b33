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
    pub modules: u64,
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
            modules: self.modules + other.modules,
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
            modules: self.modules.saturating_sub(earlier.modules),
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
pub(super) struct Spent {
    modules: AtomicU64,
    translate: AtomicU64,
    compile: AtomicU64,
    emit: AtomicU64,
    map: AtomicU64,
    code: AtomicU64,
}

impl Spent {
    /// Adds what one module has cost, and the size of its code in bytes.
    pub(super) fn add(&self, compiled: CompileTimings, map: Duration, code: u32) {
        let add = |sum: &AtomicU64, spent: Duration| {
            sum.fetch_add(spent.as_nanos() as u64, Ordering::Relaxed);
        };
        self.modules.fetch_add(1, Ordering::Relaxed);
        self.code.fetch_add(code.into(), Ordering::Relaxed);
        add(&self.translate, compiled.translate);
        add(&self.compile, compiled.compile);
        add(&self.emit, compiled.emit);
        add(&self.map, map);
    }

    pub(super) fn read(&self) -> EngineTimings {
        let read = |nanoseconds: &AtomicU64| Duration::from_nanos(nanoseconds.load(Ordering::Relaxed));
        EngineTimings {
            modules: self.modules.load(Ordering::Relaxed),
            translate: read(&self.translate),
            compile: read(&self.compile),
            emit: read(&self.emit),
            map: read(&self.map),
            code: self.code.load(Ordering::Relaxed),
        }
    }
}
