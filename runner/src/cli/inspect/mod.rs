//! `trapline inspect`: what a module is, without running it.

mod component;

use super::exit::{Exit, Failure};
use super::isolation::{IsolationArguments, Role, Work};
use super::options::{FeatureArguments, Form};
use super::source::ModuleFile;
use super::{entity, json_line, print, source};
use crate::run::default_features;
use component::Component;
use serde::Serialize;
use std::fmt::Write;
use std::path::PathBuf;
use trapline_abi::{ModuleInfo, Readable};
use trapline_compiler::{WasmFeatures, describe, feature_names, needed_features};

/// Show what a module imports and exports, which features it needs, and what takes how many bytes.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The module, in binary or text; `-` for the standard input.
    file: PathBuf,
    /// The form of what is shown: for people, or one object of JSON.
    #[arg(long, value_enum, default_value = "pretty", value_name = "FORMAT")]
    format: Form,
    #[command(flatten)]
    features: FeatureArguments,
    #[command(flatten)]
    isolation: IsolationArguments,
}

/// What is known of a module.
#[derive(Serialize)]
struct Inspection {
    file: String,
    /// The name, from the name section.
    name: Option<String>,
    /// Bytes of the whole.
    bytes: u64,
    /// Whether it is valid under the features that are on; `None` for a component, which is not validated.
    valid: Option<bool>,
    /// Why it is not, or why it cannot be described.
    refused: Option<String>,
    /// The features that it needs, `None` if it is valid with none of them, and of a component.
    features: Option<Vec<String>>,
    /// What it is made of, if it is a component.
    component: Option<Component>,
    imports: Vec<Import>,
    exports: Vec<Export>,
    sections: Vec<Section>,
    /// Bytes of the bodies of the largest functions, the largest first.
    largest_functions: Vec<Function>,
}

#[derive(Serialize)]
struct Import {
    module: String,
    name: String,
    #[serde(rename = "type")]
    ty: String,
}

#[derive(Serialize)]
struct Export {
    name: String,
    #[serde(rename = "type")]
    ty: String,
}

#[derive(Serialize)]
struct Section {
    name: String,
    offset: u64,
    bytes: u64,
    /// What it is a list of, if it is one.
    items: Option<u32>,
}

#[derive(Serialize)]
struct Function {
    index: u32,
    name: Option<String>,
    offset: u64,
    bytes: u64,
}

/// Functions that are named for their size.
const LARGEST: usize = 10;

pub(super) fn main(arguments: Arguments, role: &Role) -> Result<Exit, Failure> {
    let work = Work {
        command: "inspect",
        file: &arguments.file,
        output: None,
        makes_files: false,
        over_limit: Exit::Unexpected,
        isolation: arguments.isolation,
    };
    role.work(&work, |_| inspect(&arguments))
}

fn inspect(arguments: &Arguments) -> Result<Exit, Failure> {
    let module = source::read_module(&arguments.file)?;
    let features = arguments.features.apply(default_features());
    let inspection = Inspection::of(&arguments.file.display().to_string(), &module, features);
    let text = match arguments.format {
        Form::Pretty => inspection.to_string(),
        Form::Json => json_line(&inspection)?,
    };
    print(&text)?;
    // What is damaged can still be shown as far as it can be read.
    let whole = inspection.valid.unwrap_or(inspection.refused.is_none());
    Ok(if whole { Exit::Success } else { Exit::Unexpected })
}

impl Inspection {
    fn of(file: &str, module: &ModuleFile, features: WasmFeatures) -> Inspection {
        let wasm = &module.wasm;
        if component::is_component(wasm) {
            return Inspection::of_component(file, wasm, features);
        }
        let needed = needed_features(wasm).map(feature_names);
        let refused = trapline_compiler::validate(wasm, features);
        let described = describe(wasm, features | WasmFeatures::all());
        let refusal = refused.err().map(|error| module.refusal(error.into(), features));
        let (info, undescribed) = match described {
            Ok(info) => (info, None),
            Err(error) => (ModuleInfo::default(), Some(module.refusal(error.into(), features))),
        };
        let (sections, functions) = layout(wasm, |_| None);
        let largest = functions.into_iter().map(|(index, offset, bytes)| {
            let name = info.func_name(trapline_abi::FuncIndex::new(index)).map(str::to_owned);
            Function { index, name, offset, bytes }
        });
        let mut largest_functions: Vec<Function> = largest.collect();
        largest_functions.sort_by_key(|function| std::cmp::Reverse(function.bytes));
        largest_functions.truncate(LARGEST);
        let imports = info.imports.iter().map(|import| Import {
            module: import.module.clone(),
            name: import.name.clone(),
            ty: entity::import_type(&info, &import.ty),
        });
        let exports = info
            .exports
            .iter()
            .map(|export| Export { name: export.name.clone(), ty: entity::export_type(&info, export.index) });
        Inspection {
            file: file.to_owned(),
            name: info.name.clone(),
            bytes: wasm.len() as u64,
            valid: Some(refusal.is_none()),
            refused: refusal.or(undescribed),
            features: needed,
            component: None,
            imports: imports.collect(),
            exports: exports.collect(),
            sections,
            largest_functions,
        }
    }

    fn of_component(file: &str, wasm: &[u8], features: WasmFeatures) -> Inspection {
        let (component, refused) = Component::of(wasm, features);
        Inspection {
            file: file.to_owned(),
            name: None,
            bytes: wasm.len() as u64,
            valid: None,
            refused,
            features: None,
            component: Some(component),
            imports: Vec::new(),
            exports: Vec::new(),
            sections: layout(wasm, component::section_name).0,
            largest_functions: Vec::new(),
        }
    }
}

/// The sections, and of each body the index of the function, where it lies, and its bytes; as far as the module decodes.
/// `other` names sections that no module has.
fn layout(wasm: &[u8], other: fn(u8) -> Option<&'static str>) -> (Vec<Section>, Vec<(u32, u64, u64)>) {
    let mut sections = Vec::new();
    let mut bodies = Vec::new();
    let mut next = 0;
    // What follows what does not decode is not known.
    let _ = component::sections(wasm, 0, &mut |payload| {
        if let wasmparser::Payload::ImportSection(section) = payload {
            let funcs = section.clone().into_imports().filter_map(Result::ok);
            let is_func = |import: &wasmparser::Import<'_>| {
                matches!(import.ty, wasmparser::TypeRef::Func(_) | wasmparser::TypeRef::FuncExact(_))
            };
            next = funcs.filter(is_func).count() as u32;
        }
        if let wasmparser::Payload::CodeSectionEntry(body) = payload {
            let range = body.range();
            bodies.push((next, range.start, range.end - range.start));
            next += 1;
        }
        if let Some((id, range)) = payload.as_section() {
            let (name, items) = section_name(id, payload, other);
            sections.push(Section { name, offset: range.start, bytes: range.end - range.start, items });
        }
    });
    (sections, bodies)
}

fn section_name(
    id: u8,
    payload: &wasmparser::Payload<'_>,
    other: fn(u8) -> Option<&'static str>,
) -> (String, Option<u32>) {
    use wasmparser::Payload as P;
    let (name, items) = match payload {
        P::TypeSection(section) => ("type", Some(section.count())),
        P::ImportSection(section) => ("import", Some(section.count())),
        P::FunctionSection(section) => ("function", Some(section.count())),
        P::TableSection(section) => ("table", Some(section.count())),
        P::MemorySection(section) => ("memory", Some(section.count())),
        P::TagSection(section) => ("tag", Some(section.count())),
        P::GlobalSection(section) => ("global", Some(section.count())),
        P::ExportSection(section) => ("export", Some(section.count())),
        P::StartSection { .. } => ("start", None),
        P::ElementSection(section) => ("element", Some(section.count())),
        P::DataCountSection { .. } => ("data count", None),
        P::CodeSectionStart { count, .. } => ("code", Some(*count)),
        P::DataSection(section) => ("data", Some(section.count())),
        P::CustomSection(section) => return (format!("custom <{}>", section.name()), None),
        _ => return (other(id).map_or_else(|| format!("section {id}"), str::to_owned), None),
    };
    (name.to_owned(), items)
}

/// Which features a module needs, in words.
fn needs(features: Option<&[String]>) -> String {
    match features {
        None => "not valid with any features".to_owned(),
        Some([]) => "needs no feature beyond the first edition".to_owned(),
        Some(features) => format!("needs {}", features.join(", ")),
    }
}

impl std::fmt::Display for Inspection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name =
            self.name.as_ref().map(|name| format!(", module <{}>", Readable(name))).unwrap_or_default();
        writeln!(f, "{}: {} bytes{name}", self.file, self.bytes)?;
        match &self.refused {
            Some(why) => writeln!(f, "{why}")?,
            None if self.valid.is_some() => writeln!(f, "valid")?,
            None => {}
        }
        let mut text = String::new();
        if let Some(component) = &self.component {
            text.push_str(&component.to_string());
        } else {
            writeln!(f, "{}", needs(self.features.as_deref()))?;
            let _ = writeln!(text, "\nimports: {}", self.imports.len());
            for Import { module, name, ty } in &self.imports {
                let _ = writeln!(text, "  {module:?} {name:?}  {ty}");
            }
            let _ = writeln!(text, "\nexports: {}", self.exports.len());
            for Export { name, ty } in &self.exports {
                let _ = writeln!(text, "  {name:?}  {ty}");
            }
        }
        let _ = writeln!(text, "\nsections, with their offsets and bytes:");
        for Section { name, offset, bytes, items } in &self.sections {
            let items = items.map(|items| format!("  {items} {}", if items == 1 { "item" } else { "items" }));
            let (items, name) = (items.unwrap_or_default(), Readable(name));
            let _ = writeln!(text, "  {offset:#010x} {bytes:>10}  {name}{items}");
        }
        if !self.largest_functions.is_empty() {
            let _ = writeln!(text, "\nlargest functions, with the offsets and bytes of their bodies:");
        }
        for Function { index, name, offset, bytes } in &self.largest_functions {
            let name = name.as_ref().map(|name| format!(" <{}>", Readable(name))).unwrap_or_default();
            let _ = writeln!(text, "  {offset:#010x} {bytes:>10}  function {index}{name}");
        }
        f.write_str(&text)
    }
}
