//! Parses bytes as a script. Every directive has a place in its text, and is a form there if it parses.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trapline::script::{DirectiveKind, Script};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(script) = Script::from_bytes(bytes.to_vec()) {
        for directive in script.directives() {
            let is_form = script.source(directive).starts_with('(');
            assert!(is_form || matches!(directive.kind, DirectiveKind::Unparsed(_)));
            assert!(directive.line >= 1 && directive.col >= 1);
        }
    }
});
