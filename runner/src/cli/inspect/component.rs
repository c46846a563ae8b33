//! What a component is made of. trapline runs the core modules of none.

use super::needs;
use serde::Serialize;
use std::fmt;
use std::ops::Range;
use trapline_abi::Readable;
use trapline_compiler::{WasmFeatures, describe, feature_names, needed_features};
use wasmparser::{Chunk, Encoding, Parser, Payload};

/// The numbers of the sections that hold a core module, and another component.
const MODULE: u8 = 1;
const COMPONENT: u8 = 4;

/// What is known of a component.
#[derive(Serialize)]
pub(super) struct Component {
    /// The core modules within it, also those of components within it, in their order.
    modules: Vec<CoreModule>,
    /// The components within it.
    components: u32,
}

#[derive(Serialize)]
struct CoreModule {
    /// The name, from the name section.
    name: Option<String>,
    offset: u64,
    bytes: u64,
    /// Whether it is valid under the features that are on.
    valid: bool,
    /// The features that it needs, `None` if it is valid with none of them.
    features: Option<Vec<String>>,
    imports: usize,
    exports: usize,
}

/// Whether a binary begins like a component (component model, "Binary Format", preamble).
pub(super) fn is_component(wasm: &[u8]) -> bool {
    let first = Parser::new(0).parse_all(wasm).next();
    matches!(first, Some(Ok(Payload::Version { encoding: Encoding::Component, .. })))
}

impl Component {
    /// Describes a component, and says what is wrong with it if not all of it decodes.
    pub(super) fn of(wasm: &[u8], features: WasmFeatures) -> (Component, Option<String>) {
        let mut component = Component { modules: Vec::new(), components: 0 };
        let mut refused = None;
        // Components can be nested as deep as there are bytes.
        let mut within = vec![(wasm, 0)];
        while let Some((wasm, offset)) = within.pop() {
            let contents = |range: &Range<u64>| {
                let [start, end] = [range.start, range.end].map(|at| usize::try_from(at - offset).ok());
                wasm.get(start?..end?)
            };
            let read = sections(wasm, offset, &mut |payload| match payload {
                Payload::ModuleSection { unchecked_range: range, .. } => {
                    let module = contents(range).map(|wasm| CoreModule::of(wasm, range.start, features));
                    component.modules.extend(module);
                }
                Payload::ComponentSection { unchecked_range: range, .. } => {
                    component.components += 1;
                    within.extend(contents(range).map(|wasm| (wasm, range.start)));
                }
                _ => {}
            });
            if let Err((at, message)) = read {
                refused.get_or_insert_with(|| format!("malformed component at offset {at:#x}: {message}"));
            }
        }
        component.modules.sort_by_key(|module| module.offset);
        (component, refused)
    }
}

/// Tells of the sections of a binary that begins at an offset. What is within core modules and components of a component is not
/// looked at. Gives the offset and the cause if not all decodes.
pub(super) fn sections<'w>(
    wasm: &'w [u8],
    offset: u64,
    each: &mut dyn FnMut(&Payload<'w>),
) -> Result<(), (u64, String)> {
    let mut parser = Parser::new(offset);
    let mut rest = wasm;
    loop {
        // All bytes are here.
        let chunk =
            parser.parse(rest, true).map_err(|error| (error.offset(), error.message().to_string()))?;
        let Chunk::Parsed { consumed, payload } = chunk else { return Ok(()) };
        rest = &rest[consumed..];
        each(&payload);
        match payload {
            Payload::ModuleSection { unchecked_range: range, .. }
            | Payload::ComponentSection { unchecked_range: range, .. } => {
                let len = usize::try_from(range.end - range.start).ok();
                rest = len
                    .and_then(|len| rest.get(len..))
                    .ok_or_else(|| (range.start, "a section is longer than what there is".to_owned()))?;
            }
            Payload::End(_) => return Ok(()),
            _ => {}
        }
    }
}

impl CoreModule {
    fn of(wasm: &[u8], offset: u64, features: WasmFeatures) -> CoreModule {
        // One that cannot be described is not valid, and has nothing to count.
        let info = describe(wasm, features | WasmFeatures::all()).unwrap_or_default();
        CoreModule {
            name: info.name.clone(),
            offset,
            bytes: wasm.len() as u64,
            valid: trapline_compiler::validate(wasm, features).is_ok(),
            features: needed_features(wasm).map(feature_names),
            imports: info.imports.len(),
            exports: info.exports.len(),
        }
    }
}

/// The name of a section of a component (component model, "Binary Format", component definitions).
pub(super) const fn section_name(id: u8) -> Option<&'static str> {
    Some(match id {
        MODULE => "core module",
        2 => "core instance",
        3 => "core type",
        COMPONENT => "component",
        5 => "instance",
        6 => "alias",
        7 => "type",
        8 => "canonical function",
        9 => "start",
        10 => "import",
        11 => "export",
        12 => "value",
        _ => return None,
    })
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Component { modules, components } = self;
        writeln!(f, "\na component, which trapline does not run; components within it: {components}")?;
        writeln!(f, "\ncore modules, with their offsets and bytes: {}", modules.len())?;
        for CoreModule { name, offset, bytes, valid, features, imports, exports } in modules {
            let name = name.as_ref().map(|name| format!(" <{}>", Readable(name))).unwrap_or_default();
            let needs = needs(features.as_deref());
            let valid = if *valid { "valid" } else { "not valid with the features that are on" };
            writeln!(
                f,
                "  {offset:#010x} {bytes:>10} {name} imports: {imports}, exports: {exports}; {valid}, {needs}"
            )?;
        }
        Ok(())
    }
}
