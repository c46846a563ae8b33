//! What stands in the place of `hazard` in a build without injected faults: nothing happens, and nothing is there.

use crate::executor::HostItem;
use trapline_sandbox::Recorder;

/// A name that scripts import in vain.
pub(crate) const MODULE: &str = "trapline-hazard";

pub(crate) fn is_enabled() -> bool {
    false
}

pub(crate) fn item(_name: &str) -> Option<(&'static str, &'static HostItem)> {
    None
}

pub(crate) fn asked(_moment: &str, _script: u32) -> Option<String> {
    None
}

pub(crate) fn prepare() {}

pub(crate) fn strike(_moment: &str, _script: u32, _recorder: &Recorder) {}
