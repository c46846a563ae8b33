//! Parses text as a list of expectations.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trapline::expectations::Expectations;

fuzz_target!(|text: &str| {
    let _ = Expectations::parse(text);
});
