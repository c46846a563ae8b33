//! From the script that was made of a module to one that asserts how each of its calls ends.

use super::after::After;
use super::asserted::Asserted;
use super::error::RegressError;
use super::expectation::{Ended, quote};
use super::probe::{rewritten, run};
use super::refusal_text;
use crate::module_script::quoted;
use crate::run::Runner;
use crate::script::inserted::unmarked;
use crate::script::{DirectiveKind, Script, UnparsedCause};
use crate::triage::COMPONENT;
use trapline_abi::{EntityIndex, Export, ModuleInfo};
use trapline_compiler::{WasmFeatures, describe};

/// A script without its header.
pub(super) struct Body {
    pub(super) text: String,
    /// What is right, in one sentence.
    pub(super) expect: String,
    /// The layer that decides, as far as that can be said.
    pub(super) layer: &'static str,
    /// What is read back, a line each.
    pub(super) read_back: Vec<String>,
    /// What is left out, a line each.
    pub(super) notes: Vec<String>,
}

/// The layer of what calls show: the code, or what it calls.
const OF_CALLS: &str = "codegen or runtime";

/// The text of a script that is made of a module, without lines that look like those of a header: the header of the regression
/// says what there is to say.
pub(super) fn neutral(text: &str) -> String {
    // What was inserted belongs to the script now.
    let text = unmarked(text).replace("\n;;!", "\n;; !");
    match text.strip_prefix(";;!") {
        Some(rest) => format!(";; !{rest}"),
        None => text,
    }
}

/// Asserts of each directive of a script how it ends on an engine, and reads back what its calls have changed. `features` are the
/// lines that switch features; `canonical` is the same engine with canonical NaNs, if there is one.
pub(super) fn body(
    text: &str,
    wasm: Option<&[u8]>,
    features: &str,
    reference: &Runner,
    canonical: Option<&Runner>,
) -> Result<Body, RegressError> {
    if wasm.is_some_and(|wasm| wasm.get(4..8) == Some(&COMPONENT)) {
        return Err(component());
    }
    let script = match Script::parse(text.to_owned()) {
        Ok(script) => script,
        Err(error) => return Ok(malformed(text, &error.to_string())),
    };
    let unparsed = script.directives().iter().find_map(|directive| match &directive.kind {
        DirectiveKind::Unparsed(unparsed) => Some(&unparsed.cause),
        _ => None,
    });
    match unparsed {
        None => {}
        Some(UnparsedCause::Syntax(refusal) | UnparsedCause::UnknownDirective(_, refusal)) => {
            return Ok(malformed(text, &refusal.message));
        }
        Some(UnparsedCause::Component) => return Err(component()),
    }
    let is_module = |kind: &DirectiveKind| matches!(kind, DirectiveKind::Module(_));
    let directives = script.directives();
    // Those before it stand in for imports.
    let Some(main) = directives.iter().rposition(|directive| is_module(&directive.kind)) else {
        return Err(RegressError::NothingAsserted(", and no module".to_owned()));
    };
    let info = wasm.and_then(|wasm| describe(wasm, WasmFeatures::all()).ok());
    let globals = info.as_ref().map(globals).unwrap_or_default();
    // The state matters where a memory can be read back.
    let is_memory = |export: &Export| matches!(export.index, EntityIndex::Memory(_));
    let states_after: &[usize] = match info.as_ref().is_some_and(|info| info.exports.iter().any(is_memory)) {
        true => &[main, directives.len() - 1],
        false => &[],
    };
    let probe = |runner: &Runner| run(runner, features, text, &script, &globals, states_after);
    let probed = probe(reference)?;
    let canonical = canonical.map(probe).transpose()?;

    let mut asserted = Asserted::by(reference.engine.name());
    let mut failure = None;
    let mut text = rewritten(text, &script, |index, directive, source| {
        let ended = probed.ended(index);
        let other = canonical.as_ref().map(|probed| probed.ended(index));
        let written = match directive.kind {
            DirectiveKind::Invoke(_) => asserted.call(source, &ended, other.as_ref()),
            DirectiveKind::Module(_) => asserted.module(source, &ended),
            _ => asserted.as_it_is(source, &ended),
        };
        written.unwrap_or_else(|error| {
            failure.get_or_insert(error);
            String::new()
        })
    });
    if let Some(error) = failure {
        return Err(error);
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    let mut read_back = Vec::new();
    if let (Some(info), Ended::Passed) = (&info, probed.ended(main)) {
        let after = After { info, probed: &probed, canonical: canonical.as_ref() };
        after.read(&mut asserted, &globals, directives.len(), &mut text, &mut read_back)?;
        let instance = directives[..main].iter().filter(|directive| is_module(&directive.kind)).count();
        after.memories(&mut asserted, instance, &mut text, &mut read_back);
    }
    if asserted.says_little(&read_back) {
        asserted.notes.push(
            "it asserts only that calls return: they have no results, and nothing that they change can be read back".to_owned(),
        );
    }
    let Asserted { layer, notes, .. } = &asserted;
    Ok(Body {
        text,
        expect: asserted.sentence(&read_back),
        layer: layer.unwrap_or(OF_CALLS),
        read_back,
        notes: notes.clone(),
    })
}

fn component() -> RegressError {
    RegressError::Unparsed("it is a component, and those are not built".to_owned())
}

/// A module whose text does not parse, in quotation marks.
fn malformed(text: &str, message: &str) -> Body {
    let why = refusal_text::of_message(message);
    Body {
        text: format!("(assert_malformed {} {})\n", quote(text), quoted(&why)),
        expect: format!("malformed: {why}"),
        layer: "decode",
        read_back: Vec::new(),
        notes: Vec::new(),
    }
}

/// The exported globals, those first that can change.
fn globals(info: &ModuleInfo) -> Vec<&str> {
    let mut globals: Vec<(bool, &str)> = info
        .exports
        .iter()
        .filter_map(|export| match export.index {
            EntityIndex::Global(global) => {
                Some((!info.globals.get(global.index())?.ty.mutable, export.name.as_str()))
            }
            EntityIndex::Func(_) | EntityIndex::Table(_) | EntityIndex::Memory(_) | EntityIndex::Tag(_) => {
                None
            }
        })
        .collect();
    globals.sort_by_key(|&(constant, _)| constant);
    globals.into_iter().map(|(_, name)| name).collect()
}
