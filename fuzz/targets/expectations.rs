//! Parses text as a list of expectations.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trapline::expectations::{Expectations, Scope};

fuzz_target!(|text: &str| {
    let _ = Expectations::parse(text, Scope::Suites);
    let _ = Expectations::parse(text, Scope::Own);
});
