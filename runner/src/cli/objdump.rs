//! `trapline objdump`: what is in an object.

use super::exit::{Exit, Failure, OrExit};
use super::{print, source};
use anyhow::{Context, anyhow};
use object::{Object, ObjectSection};
use std::fmt::Write;
use std::path::PathBuf;
use trapline_abi::artifact::{self, Header, Manifest};
use trapline_abi::{FuncKey, FunctionRecord, TrapCode};
use trapline_runtime::Module;

/// Shows the functions of an object, where each may trap, and the WebAssembly offsets that its code comes from.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The object.
    file: PathBuf,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let bytes = source::read(&arguments.file)?;
    let file = arguments.file.display();
    let manifest =
        manifest(&bytes).with_context(|| format!("failed to read {file}")).or_exit(Exit::Unexpected)?;
    let mut text = format!("{file}: {}\n", summary(&manifest));
    // What is damaged, or meant for another machine, can still be shown as far as it can be read.
    let loaded = Module::from_object(&bytes);
    if let Err(error) = &loaded {
        text.push_str(&format!("this machine does not load it: failed to {error}\n"));
    }
    for function in &manifest.functions {
        text.push('\n');
        describe(&manifest, function, &mut text);
    }
    print(&text)?;
    Ok(if loaded.is_ok() { Exit::Success } else { Exit::Unexpected })
}

fn manifest(bytes: &[u8]) -> anyhow::Result<Manifest> {
    let elf = object::File::parse(bytes)?;
    let section = elf
        .section_by_name(artifact::SECTION)
        .ok_or_else(|| anyhow!("no section {}: not an object of trapline", artifact::SECTION))?;
    let (_, manifest, _) = Header::parse(section.data()?)?;
    Ok(artifact::decode_manifest(manifest)?)
}

fn summary(manifest: &Manifest) -> String {
    let target = &manifest.target;
    let hash: String = manifest.wasm_hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let features = match target.cpu_features.is_empty() {
        true => "baseline".to_owned(),
        false => target.cpu_features.join(" "),
    };
    format!(
        "{}, opt {}, {} memories, module {hash}…\nprocessor features: {features}\n{} imports, {} exports, {} functions \
         defined, {} pieces of code",
        target.architecture,
        target.opt_level,
        target.memory_style,
        manifest.module.imports.len(),
        manifest.module.exports.len(),
        manifest.module.defined_funcs(),
        manifest.functions.len()
    )
}

fn describe(manifest: &Manifest, record: &FunctionRecord, text: &mut String) {
    let module = &manifest.module;
    let what = match record.key {
        FuncKey::Defined(defined) => {
            let index = module.func_index(defined);
            let name = module.func_name(index).map(|name| format!(" <{name}>")).unwrap_or_default();
            let ty = module.func_type(index).map(|ty| format!(" {ty}")).unwrap_or_default();
            format!("function {}{name}{ty}", index.as_u32())
        }
        FuncKey::EntryStub(ty) | FuncKey::ExitStub(ty) => {
            module.func_type_at(ty).map(ToString::to_string).unwrap_or_default()
        }
    };
    // Writing to a String cannot fail, here and below.
    let _ =
        writeln!(text, "{:#010x} {:>6} bytes  {}  {what}", record.text_offset, record.code_len, record.key);
    for trap in &record.traps {
        let kind = match trap.code {
            TrapCode::Trap(trap) => trap.spec_text(),
            TrapCode::Pending => "trap of a builtin or host function",
        };
        let place =
            record.wasm_offset_at(trap.offset).map(|at| format!("  wasm {at:#x}")).unwrap_or_default();
        let _ = writeln!(text, "    +{:#06x}  trap: {kind}{place}", trap.offset);
    }
    for location in &record.source {
        let _ = match location.wasm_offset {
            Some(wasm) => writeln!(text, "    +{:#06x}  from wasm {wasm:#x}", location.offset),
            None => writeln!(text, "    +{:#06x}  from no instruction", location.offset),
        };
    }
}
