//! Checks bytes as an object. Nothing is mapped, so nothing can run.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trapline_runtime::Module;

fuzz_target!(|bytes: &[u8]| {
    let _ = Module::check_object(bytes);
});
