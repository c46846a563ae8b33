//! A script that is being reduced: its directives, and the modules in them as binaries.
//!
//! Comments are left out, but for the header. A directive stays as it was written, and so does a module until it is edited;
//! then it is a binary, which [`super::form`] prints as text in the end.

use super::form;
use crate::module_script::write_binary_strings;
use crate::script::inserted::{Inserted, unmarked};
use crate::script::outline::end_of_form;
use crate::script::{Action, Directive, DirectiveKind, Keyword, ModuleSource, Script, ScriptError};
use std::ops::Range;
use std::sync::Arc;

/// A script that is being reduced. Copies share what they have in common.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The lines of the header, which switch features.
    header: Arc<str>,
    pub(crate) parts: Vec<Part>,
    /// The part whose module is the one that is reduced, if the input is a module and not a script.
    pub(crate) main: Option<u32>,
}

/// A directive.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Its number in the script that was begun with.
    pub(crate) number: u32,
    pub(crate) keyword: Keyword,
    /// The text before the module, or all of it.
    pub(crate) before: Arc<str>,
    pub(crate) module: Option<Arc<Module>>,
    /// The text behind the module.
    after: Arc<str>,
    /// What it defines and needs.
    pub(crate) names: Arc<Names>,
}

/// A module within a directive.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    /// How it begins, such as `(module definition $m`.
    opening: String,
    /// Its text, unless it was edited.
    written: Option<String>,
    pub(crate) wasm: Vec<u8>,
}

/// The instance that a directive is about.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Names {
    /// Whether it makes an instance, or a module that instances are made of.
    pub(crate) defines: bool,
    /// The name that it gives that.
    pub(crate) own: Option<String>,
    /// Whether it needs an instance or a module, and the name of that; without one it is the last one.
    pub(crate) needs: Option<Option<String>>,
}

impl Document {
    /// Takes a script apart. `main` is whether it was made of a module, which is its last one.
    ///
    /// # Errors
    ///
    /// When the text is not a script.
    pub(crate) fn of(text: &str, main: bool) -> Result<Document, ScriptError> {
        let header = header(&text[Inserted::of(text.as_bytes()).preamble()..]);
        let script = Script::parse(unmarked(text).to_owned())?;
        let parts: Vec<Part> =
            (0..).zip(script.directives()).map(|(number, it)| Part::of(&script, number, it)).collect();
        let last = parts.iter().rev().find(|part| part.is_module());
        let main = last.filter(|_| main).map(|part| part.number);
        Ok(Document { header: header.into(), parts, main })
    }

    /// The same script without any directive; of a module, with the empty one, which is instantiated.
    pub(crate) fn emptied(&self) -> Document {
        const EMPTY: &[u8] = b"\0asm\x01\0\0\0";
        let mut empty = Document { parts: Vec::new(), ..self.clone() };
        if let Some(main) = self.main {
            let parts = self.parts.iter().filter(|part| part.number >= main && part.names.defines);
            empty.parts = parts.cloned().collect();
            if let Some(first) = empty.parts.first_mut() {
                *first = first.with_module(EMPTY.to_vec());
            }
        }
        empty
    }

    /// The script, with modules that were edited as binaries.
    pub(crate) fn script(&self) -> String {
        let mut text = self.header.to_string();
        for part in &self.parts {
            part.write(&mut text);
            text.push('\n');
        }
        // A script without anything in it counts as lost.
        if text.is_empty() {
            text.push_str(";;\n");
        }
        text
    }

    /// The script, with modules that were edited as text where they can be printed.
    pub(crate) fn printed(&self) -> String {
        let mut text = self.header.to_string();
        for part in &self.parts {
            match part.printed() {
                Some(printed) => text.push_str(&printed),
                None => part.write(&mut text),
            }
            text.push('\n');
        }
        text
    }

    /// The same without some parts, which are named by their places, in ascending order.
    pub(crate) fn without(&self, places: &[usize]) -> Document {
        let mut places = places.iter().peekable();
        let stays = |(place, part): (usize, &Part)| match places.next_if(|&&next| next == place) {
            Some(_) => None,
            None => Some(part.clone()),
        };
        let parts = self.parts.iter().enumerate().filter_map(stays).collect();
        Document { parts, ..self.clone() }
    }

    /// The same with another module in a part.
    pub(crate) fn with_module(&self, place: usize, wasm: Vec<u8>) -> Document {
        let mut document = self.clone();
        if let Some(part) = document.parts.get_mut(place) {
            *part = part.with_module(wasm);
        }
        document
    }

    /// The same with another module in the place of the one that is reduced.
    pub(crate) fn with_main(&self, wasm: Vec<u8>) -> Document {
        self.main_place().map_or_else(|| self.clone(), |place| self.with_module(place, wasm))
    }

    /// The same with the module that is reduced and its instance as one directive.
    pub(crate) fn joined(&self) -> Document {
        let mut document = self.clone();
        if let Some(place) = document.main_place()
            && let Some(module) = document.main_module()
        {
            document.parts[place] = Part {
                keyword: Keyword::Module,
                before: form::module_text(&module.wasm).trim_end().into(),
                module: None,
                ..document.parts[place].clone()
            };
            let is_instance = |part: &Part| part.keyword == Keyword::ModuleInstance;
            if document.parts.get(place + 1).is_some_and(is_instance) {
                document.parts.remove(place + 1);
            }
        }
        document
    }

    /// The calls that are made, as they are written.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter(|part| part.keyword == Keyword::Invoke).map(|part| &*part.before)
    }

    /// The lines that switch features.
    pub(crate) fn header(&self) -> &str {
        &self.header
    }

    /// The same with another text of a part that has no module.
    pub(crate) fn with_text(&self, place: usize, text: String) -> Document {
        let mut document = self.clone();
        if let Some(part) = document.parts.get_mut(place) {
            part.before = text.into();
        }
        document
    }

    /// The place of the module that is reduced, if the input is a module.
    pub(crate) fn main_place(&self) -> Option<usize> {
        let main = self.main?;
        self.parts.iter().position(|part| part.number == main)
    }

    /// That module.
    pub(crate) fn main_module(&self) -> Option<&Module> {
        self.parts[self.main_place()?].module.as_deref()
    }

    /// Its binary.
    pub(crate) fn main_wasm(&self) -> Option<&[u8]> {
        Some(&self.main_module()?.wasm)
    }

    /// The call that is made, as words, if there is one alone that says its arguments.
    pub(crate) fn only_call(&self) -> Option<Vec<String>> {
        let mut calls = self.parts.iter().filter(|part| part.keyword == Keyword::Invoke);
        let (call, None) = (calls.next()?, calls.next()) else { return None };
        let script = Script::parse(call.before.to_string()).ok()?;
        let [Directive { kind: DirectiveKind::Invoke(invoke), .. }] = script.directives() else {
            return None;
        };
        let constants = constants(&call.before);
        if constants.len() != invoke.args.len() {
            return None;
        }
        // A vector takes several words.
        let words = constants.into_iter().flat_map(|range| call.before[range].split_whitespace());
        Some(std::iter::once(&*invoke.name).chain(words).map(str::to_owned).collect())
    }

    /// How large it is, in bytes: modules count as binaries. If a module is reduced, only that counts.
    pub(crate) fn size(&self) -> usize {
        match self.main_module() {
            Some(module) => module.wasm.len(),
            None => self.parts.iter().map(Part::size).sum(),
        }
    }

    /// How large all of it is, in bytes: also what a module is run with.
    pub(crate) fn whole_size(&self) -> usize {
        self.parts.iter().map(Part::size).sum()
    }
}

impl Part {
    fn of(script: &Script, number: u32, directive: &Directive) -> Part {
        let text = script.source(directive);
        let keyword = directive.kind.keyword();
        let names = Arc::new(Names::of(&directive.kind));
        let whole = |text: &str| Part {
            number,
            keyword,
            before: text.into(),
            module: None,
            after: "".into(),
            names: names.clone(),
        };
        let Some(ModuleSource { name, wasm: Ok(wasm), .. }) = source(&directive.kind) else {
            return whole(text);
        };
        let Some((start, end)) = form(text, keyword) else { return whole(text) };
        let definition = if keyword == Keyword::ModuleDefinition { " definition" } else { "" };
        let name = name.as_deref().map(|name| format!(" {}", form::identifier(name))).unwrap_or_default();
        let module = Module {
            opening: format!("(module{definition}{name}"),
            written: Some(text[start..end].to_owned()),
            wasm: wasm.clone(),
        };
        let (module, after) = (Some(Arc::new(module)), text[end..].into());
        Part { module, after, ..whole(&text[..start]) }
    }

    /// The instance and the name of the export that it calls, if it is a call.
    pub(crate) fn called(&self) -> Option<(Option<String>, String)> {
        let script =
            Script::parse(self.before.to_string()).ok().filter(|_| self.keyword == Keyword::Invoke)?;
        let [Directive { kind: DirectiveKind::Invoke(invoke), .. }] = script.directives() else {
            return None;
        };
        Some((invoke.module.as_deref().map(str::to_owned), invoke.name.to_string()))
    }

    /// Whether it is a module, and not an assertion about one.
    fn is_module(&self) -> bool {
        matches!(self.keyword, Keyword::Module | Keyword::ModuleDefinition)
    }

    fn with_module(&self, wasm: Vec<u8>) -> Part {
        let opening = self.module.as_ref().map(|module| module.opening.clone()).unwrap_or_default();
        Part { module: Some(Arc::new(Module { opening, written: None, wasm })), ..self.clone() }
    }

    pub(crate) fn size(&self) -> usize {
        let module = self.module.as_ref().map_or(0, |module| module.wasm.len());
        self.before.len() + module + self.after.len()
    }

    fn write(&self, text: &mut String) {
        text.push_str(&self.before);
        if let Some(module) = &self.module {
            match &module.written {
                Some(written) => text.push_str(written),
                None => {
                    text.push_str(&module.opening);
                    text.push_str(" binary");
                    write_binary_strings(text, &module.wasm);
                    text.push(')');
                }
            }
        }
        text.push_str(&self.after);
    }

    /// Its text, with a module that was edited as text; `None` if it has no such module, or the text would be another module.
    fn printed(&self) -> Option<String> {
        let module = self.module.as_ref().filter(|module| module.written.is_none())?;
        let printed = form::printed(&module.opening, &module.wasm)?;
        Some(format!("{}{printed}{}", self.before, self.after))
    }
}

impl Names {
    fn of(kind: &DirectiveKind) -> Names {
        let owned = |name: &Option<Box<str>>| name.as_deref().map(str::to_owned);
        let of_action = |action: &Action| match action {
            Action::Invoke(invoke) => Some(owned(&invoke.module)),
            Action::Get(get) => Some(owned(&get.module)),
            Action::Module(_) => None,
        };
        let uses = |needs| Names { needs, ..Names::default() };
        match kind {
            DirectiveKind::Module(source) | DirectiveKind::ModuleDefinition(source) => {
                Names { defines: true, own: owned(&source.name), needs: None }
            }
            DirectiveKind::ModuleInstance { instance, module } => {
                Names { defines: true, own: owned(instance), needs: Some(owned(module)) }
            }
            DirectiveKind::Register { module, .. } => uses(Some(owned(module))),
            DirectiveKind::Invoke(invoke) | DirectiveKind::AssertExhaustion { invoke, .. } => {
                uses(Some(owned(&invoke.module)))
            }
            DirectiveKind::Get(get) => uses(Some(owned(&get.module))),
            DirectiveKind::AssertReturn { action, .. }
            | DirectiveKind::AssertTrap { action, .. }
            | DirectiveKind::AssertException { action }
            | DirectiveKind::AssertSuspension { action, .. } => uses(of_action(action)),
            DirectiveKind::AssertMalformed { .. }
            | DirectiveKind::AssertInvalid { .. }
            | DirectiveKind::AssertMalformedCustom { .. }
            | DirectiveKind::AssertInvalidCustom { .. }
            | DirectiveKind::AssertUnlinkable { .. }
            | DirectiveKind::Thread { .. }
            | DirectiveKind::Wait { .. }
            | DirectiveKind::Unparsed(_) => Names::default(),
        }
    }
}

/// The module of a directive that is about one.
fn source(kind: &DirectiveKind) -> Option<&ModuleSource> {
    match kind {
        DirectiveKind::Module(source) | DirectiveKind::ModuleDefinition(source) => Some(source),
        DirectiveKind::AssertTrap { action: Action::Module(module), .. }
        | DirectiveKind::AssertException { action: Action::Module(module) }
        | DirectiveKind::AssertMalformed { module, .. }
        | DirectiveKind::AssertInvalid { module, .. }
        | DirectiveKind::AssertMalformedCustom { module, .. }
        | DirectiveKind::AssertInvalidCustom { module, .. }
        | DirectiveKind::AssertUnlinkable { module, .. } => Some(module),
        DirectiveKind::AssertTrap { .. }
        | DirectiveKind::AssertException { .. }
        | DirectiveKind::AssertReturn { .. }
        | DirectiveKind::AssertExhaustion { .. }
        | DirectiveKind::AssertSuspension { .. }
        | DirectiveKind::ModuleInstance { .. }
        | DirectiveKind::Register { .. }
        | DirectiveKind::Invoke(_)
        | DirectiveKind::Get(_)
        | DirectiveKind::Thread { .. }
        | DirectiveKind::Wait { .. }
        | DirectiveKind::Unparsed(_) => None,
    }
}

/// Where the text of the module is in that of its directive.
fn form(text: &str, keyword: Keyword) -> Option<(usize, usize)> {
    match keyword {
        Keyword::Module | Keyword::ModuleDefinition => Some((0, text.len())),
        _ => {
            let start = text.get(1..)?.find("(module")? + 1;
            Some((start, end_of_form(text.as_bytes(), start)?))
        }
    }
}

/// Where the constants of the call in a directive are, without their keywords.
pub(super) fn constants(text: &str) -> Vec<Range<usize>> {
    const KEYWORD: &str = ".const ";
    let mut constants = Vec::new();
    let Some(start) = text.find("(invoke") else { return constants };
    let Some(end) = end_of_form(text.as_bytes(), start) else { return constants };
    let mut at = start;
    while let Some(found) = text[at..end].find(KEYWORD) {
        let begin = at + found + KEYWORD.len();
        at = begin + text[begin..end].find(')').unwrap_or(0);
        constants.push(begin..at);
    }
    constants
}

/// The lines of the header at the top of a text.
fn header(text: &str) -> String {
    let top = text.lines().take_while(|line| line.starts_with(";;") || line.trim().is_empty());
    top.filter(|line| line.starts_with(";;!")).map(|line| format!("{line}\n")).collect()
}
