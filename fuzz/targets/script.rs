//! Parses bytes as a script. Every directive of one that parses has a place in its text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trapline::script::Script;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(script) = Script::from_bytes(bytes.to_vec()) {
        for directive in script.directives() {
            assert!(script.source(directive).starts_with('('));
            assert!(directive.line >= 1 && directive.col >= 1);
        }
    }
});
