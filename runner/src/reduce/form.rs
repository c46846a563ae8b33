//! Modules as text.

use crate::module_script::{quoted, write_binary_strings};
use crate::script::{DirectiveKind, Script};
use std::fmt::Write;

/// A module as text that begins with `opening`, such as `(module $m`; `None` if it cannot be printed, or is another module when
/// it is read again.
pub(crate) fn printed(opening: &str, wasm: &[u8]) -> Option<String> {
    let printed = wasmprinter::print_bytes(wasm).ok()?;
    let printed = printed.trim_end();
    let rest = printed.strip_prefix("(module")?;
    // A name of the module's own is not the one by which the script knows it.
    let rest = match rest.trim_start().strip_prefix('$') {
        Some(named) => &named[named.find(['\n', ' ', ')'])?..],
        None => rest,
    };
    let text = format!("{opening}{rest}");
    let is_read = Script::parse(text.clone()).is_ok_and(|script| match script.directives() {
        [only] => match &only.kind {
            DirectiveKind::Module(source) | DirectiveKind::ModuleDefinition(source) => source.wasm.is_ok(),
            _ => false,
        },
        _ => false,
    });
    is_read.then_some(text)
}

/// An identifier of the text format with this name.
pub(crate) fn identifier(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-./:<=>?@\\^_`|~".contains(&byte);
    let mut text = String::from("$");
    match !name.is_empty() && name.bytes().all(is_plain) {
        true => text.push_str(name),
        // Writing to a String cannot fail.
        false => drop(write!(text, "{}", quoted(name))),
    }
    text
}

/// A module as text; one that cannot be printed as strings of its bytes.
pub(crate) fn module_text(wasm: &[u8]) -> String {
    printed("(module", wasm).map_or_else(|| binary_text(wasm), |text| text + "\n")
}

/// A module as strings of its bytes.
pub(crate) fn binary_text(wasm: &[u8]) -> String {
    let mut text = String::from("(module binary");
    write_binary_strings(&mut text, wasm);
    text + ")\n"
}
