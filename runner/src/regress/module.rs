//! From the script that was made of a module to one that asserts how each of its calls ends.

use super::error::RegressError;
use super::expectation::{Ended, quote};
use super::memory::{self, Memories};
use super::probe::{Probed, rewritten, run};
use super::refusal_text;
use crate::module_script::quoted;
use crate::run::Runner;
use crate::script::{DirectiveKind, Script, UnparsedCause};
use std::collections::BTreeMap;
use trapline_abi::{EntityIndex, Export, ModuleInfo, Trap};
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
    let text = text.replace("\n;;!", "\n;; !");
    match text.strip_prefix(";;!") {
        Some(rest) => format!(";; !{rest}"),
        None => text,
    }
}

/// Asserts of each directive of a script how it ends on an engine, and reads back what its calls have changed. `header` is what
/// switches features; `canonical` is the same engine with canonical NaNs, if there is one.
pub(super) fn body(
    text: &str,
    wasm: Option<&[u8]>,
    header: &str,
    reference: &Runner,
    canonical: Option<&Runner>,
) -> Result<Body, RegressError> {
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
        Some(UnparsedCause::Component) => {
            return Err(RegressError::Unparsed("it is a component, and those are not built".to_owned()));
        }
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
    let probe = |runner: &Runner| run(runner, header, text, &script, &globals, states_after);
    let probed = probe(reference)?;
    let canonical = canonical.map(probe).transpose()?;

    let mut asserted = Asserted { engine: reference.engine.name(), ..Asserted::default() };
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
    let Asserted { layer, notes, .. } = &asserted;
    Ok(Body {
        text,
        expect: asserted.sentence(&read_back),
        layer: layer.unwrap_or(OF_CALLS),
        read_back,
        notes: notes.clone(),
    })
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

/// A way in which a call ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Returns,
    Traps(&'static str),
    Throws,
}

impl End {
    /// So many calls with this end.
    fn counted(self, count: usize) -> String {
        let (calls, s) = if count == 1 { ("1 call".to_owned(), "s") } else { (format!("{count} calls"), "") };
        match self {
            End::Returns => format!("{calls} return{s}"),
            End::Traps(why) => format!("{calls} trap{s}: {why}"),
            End::Throws => format!("{calls} throw{s} an exception"),
        }
    }
}

/// What has been asserted so far.
#[derive(Default)]
struct Asserted<'e> {
    /// The engine that says what is right.
    engine: &'e str,
    /// How often calls ended in each way.
    ends: BTreeMap<End, usize>,
    /// How the module ended, if it was not instantiated.
    of_module: Option<String>,
    layer: Option<&'static str>,
    notes: Vec<String>,
    /// Whether a call has ended because the stack did.
    exhausted: bool,
}

impl Asserted<'_> {
    fn call(&mut self, call: &str, ended: &Ended, canonical: Option<&Ended>) -> Result<String, RegressError> {
        match ended {
            Ended::Blocked => return Ok(String::new()),
            Ended::TimedOut => {
                self.notes.push(format!("{call} is left out: it does not end in time"));
                return Ok(String::new());
            }
            Ended::Otherwise(what) => return Err(self.unexpected(call, what)),
            _ => {}
        }
        self.exhausted |= *ended == Ended::Trapped(Trap::StackOverflow);
        let Some(assertion) = ended.assertion_of_action(call, canonical) else {
            self.notes.push(format!(
                "what {call} returns is not asserted: it depends on the bits of a NaN, or no pattern describes it"
            ));
            return Ok(call.to_owned());
        };
        let end = match ended {
            Ended::Trapped(trap) => End::Traps(trap.spec_text()),
            Ended::Threw => End::Throws,
            _ => End::Returns,
        };
        *self.ends.entry(end).or_default() += 1;
        Ok(assertion)
    }

    fn module(&mut self, module: &str, ended: &Ended) -> Result<String, RegressError> {
        let (what, layer) = match ended {
            Ended::Passed => return Ok(module.to_owned()),
            Ended::Otherwise(what) => return Err(self.unexpected("the module", what)),
            Ended::TimedOut => return Err(self.unexpected("the module", "it does not end in time")),
            Ended::Returned(_) | Ended::Blocked => {
                return Err(self.unexpected("the module", "it was not run"));
            }
            Ended::Trapped(trap) => (format!("instantiation traps: {}", trap.spec_text()), "instantiation"),
            Ended::Threw => ("instantiation throws".to_owned(), "instantiation"),
            Ended::MalformedText(text) | Ended::Malformed(text) => (format!("malformed: {text}"), "decode"),
            Ended::Invalid(text) => (format!("invalid: {text}"), "validation"),
            Ended::Unlinkable(fault) => (format!("not linked: {}", fault.text()), "runtime"),
        };
        (self.of_module, self.layer) = (Some(what), Some(layer));
        ended
            .assertion_of_module(module)
            .ok_or_else(|| self.unexpected("the module", "no assertion wants it"))
    }

    /// A directive that is no call and no module.
    fn as_it_is(&self, source: &str, ended: &Ended) -> Result<String, RegressError> {
        match ended {
            Ended::Otherwise(what) => Err(self.unexpected(source, what)),
            _ => Ok(source.to_owned()),
        }
    }

    fn unexpected(&self, directive: &str, what: &str) -> RegressError {
        RegressError::NoExpectation {
            engine: self.engine.to_owned(),
            directive: directive.to_owned(),
            what: what.to_owned(),
        }
    }

    /// All of it in one sentence.
    fn sentence(&self, read_back: &[String]) -> String {
        if let Some(what) = &self.of_module {
            return what.clone();
        }
        let mut parts: Vec<String> = self.ends.iter().map(|(end, &count)| end.counted(count)).collect();
        if !read_back.is_empty() {
            parts.push(format!("{} hold what is asserted", read_back.join(" and ")));
        }
        parts.join("; ")
    }
}

/// What there is after the calls.
struct After<'a> {
    info: &'a ModuleInfo,
    probed: &'a Probed,
    canonical: Option<&'a Probed>,
}

impl After<'_> {
    /// Reads exported globals.
    fn read(
        &self,
        asserted: &mut Asserted<'_>,
        globals: &[&str],
        first: usize,
        text: &mut String,
        read_back: &mut Vec<String>,
    ) -> Result<(), RegressError> {
        if !self.is_decided(asserted, !globals.is_empty(), "exported globals") {
            return Ok(());
        }
        let mut count = 0;
        for (index, global) in (first..).zip(globals) {
            let get = format!("(get {})", quoted(global));
            let ended = self.probed.ended(index);
            if let Ended::Otherwise(what) = &ended {
                return Err(asserted.unexpected(&get, what));
            }
            let other = self.canonical.map(|probed| probed.ended(index));
            match ended.assertion_of_action(&get, other.as_ref()) {
                Some(assertion) => {
                    text.push_str(&format!("{}{assertion}\n", if count == 0 { "\n" } else { "" }));
                    count += 1;
                }
                None => asserted.notes.push(format!(
                    "the global {} is not read back: it depends on the bits of a NaN, or no pattern describes it",
                    quoted(global)
                )),
            }
        }
        if count > 0 {
            read_back.push(if count == 1 { "1 global".to_owned() } else { format!("{count} globals") });
        }
        Ok(())
    }

    /// Reads what the calls have changed of exported memories, by modules that import them.
    fn memories(
        &self,
        asserted: &mut Asserted<'_>,
        instance: usize,
        text: &mut String,
        read_back: &mut Vec<String>,
    ) {
        if !self.is_decided(asserted, !self.info.memories.is_empty(), "memories") {
            return;
        }
        let traps = self.probed.records.iter().filter_map(|record| record.trap()?.operands.as_ref());
        let memories = Memories {
            info: self.info,
            instance,
            states: &self.probed.states,
            canonical: self.canonical.map(|probed| &probed.states[..]),
            reached: traps.filter_map(memory::reached).collect(),
        };
        memories.read(text, read_back, &mut asserted.notes);
    }

    /// Whether what the calls leave is the same on every engine: how deep the stack is, is not.
    fn is_decided(&self, asserted: &mut Asserted<'_>, any: bool, what: &str) -> bool {
        if any && asserted.exhausted {
            asserted.notes.push(format!(
                "{what} are not read back: a call exhausts the stack, and how far it comes is left to engines"
            ));
        }
        any && !asserted.exhausted
    }
}
