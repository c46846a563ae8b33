//! Reads text as a JSON report.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trapline::report::Recorded;

fuzz_target!(|text: &str| {
    let _ = Recorded::parse(text);
});
