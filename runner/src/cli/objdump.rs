//! `trapline objdump`: what is in an object.

use super::exit::{Exit, Failure, OrExit};
use super::{entity, print, source};
use anyhow::{Context, anyhow};
use object::{Object, ObjectKind, ObjectSection};
use std::fmt::Write;
use std::path::PathBuf;
use trapline_abi::artifact::{self, Header, Manifest};
use trapline_abi::{
    CallSite, FuncKey, FunctionRecord, Handler, Readable, StackMap, Symbols, TrapCode, TrapSite,
};
use trapline_runtime::Module;

/// Show what is in an object: functions, traps, and where they come from.
///
/// Takes an object, or a shared object that was linked of one. Shows where each function may trap, what it calls, which
/// references live across calls, and the WebAssembly offsets that its code comes from.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The object.
    file: PathBuf,
    /// Show only functions of this index or name, and their stubs not at all. May be repeated.
    #[arg(long, value_name = "FUNCTION")]
    function: Vec<String>,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let bytes = source::read(&arguments.file)?;
    let file = arguments.file.display();
    if bytes.starts_with(b"\0asm") {
        return Err(anyhow!(
            "failed to read {file}: a module, where an object is wanted; `trapline compile {file} -o OUT.o` makes one of it, \
             `trapline inspect {file}` shows what it is"
        ))
        .or_exit(Exit::Usage);
    }
    if source::is_damaged_object(&arguments.file, &bytes) {
        return Err(anyhow!("failed to read {file}: {}", source::damage(&bytes))).or_exit(Exit::Unexpected);
    }
    if !source::is_elf(&bytes) {
        return Err(anyhow!("failed to read {file}: no object, which `trapline compile` makes of a module"))
            .or_exit(Exit::Usage);
    }
    let artifact = Artifact::parse(&bytes)
        .with_context(|| format!("failed to read {file}"))
        .or_exit(Exit::Unexpected)?;
    let shown = match &*arguments.function {
        [] => format!("{}{}", entities(&artifact.manifest), functions(&artifact.manifest)),
        wanted => chosen(&artifact.manifest, wanted)
            .map_err(|name| anyhow!("failed to find a function {name} with code in {file}"))
            .or_exit(Exit::Usage)?,
    };
    print(&format!("{file}: {}\n{shown}", artifact.summary()))?;
    // What is damaged, or meant for another machine, can still be shown as far as it can be read.
    let accepted = match artifact.kind {
        ObjectKind::Dynamic => Module::check_shared_object(&bytes),
        _ => Module::check_object(&bytes),
    };
    accepted
        .map_err(|error| anyhow!("failed to load {file}: failed to {error}"))
        .or_exit(Exit::Unexpected)?;
    Ok(Exit::Success)
}

/// What a manifest says of each piece of code. It may be of an object that is damaged or forged.
pub fn functions(manifest: &Manifest) -> String {
    let dump = Dump { manifest, symbols: Symbols::new(&manifest.module) };
    manifest.functions.iter().map(|function| format!("\n{}", dump.function(function))).collect()
}

/// The functions of some indices or names, or the first of these that no function with code has.
fn chosen(manifest: &Manifest, wanted: &[String]) -> Result<String, String> {
    let dump = Dump { manifest, symbols: Symbols::new(&manifest.module) };
    let mut text = String::new();
    for wanted in wanted {
        let is_wanted = |record: &&FunctionRecord| match record.key {
            FuncKey::Defined(defined) => {
                let index = manifest.module.func_index(defined);
                manifest.module.func_name(index) == Some(wanted) || wanted.parse() == Ok(index.as_u32())
            }
            FuncKey::EntryStub(_) | FuncKey::ExitStub(_) | FuncKey::BuiltinStub(_) => false,
        };
        let before = text.len();
        manifest.functions.iter().filter(is_wanted).for_each(|record| {
            let _ = write!(text, "\n{}", dump.function(record));
        });
        if text.len() == before {
            return Err(format!("`{}`", Readable(wanted)));
        }
    }
    Ok(text)
}

/// What the module imports and exports. The manifest may be damaged, so nothing is indexed that was not checked.
fn entities(manifest: &Manifest) -> String {
    let module = &manifest.module;
    let mut text = String::new();
    for import in &module.imports {
        let ty = entity::import_type(module, &import.ty);
        let _ = writeln!(text, "import {:?} {:?}  {ty}", import.module, import.name);
    }
    for export in &module.exports {
        let _ = writeln!(text, "export {:?}  {}", export.name, entity::export_type(module, export.index));
    }
    text
}

/// The manifest of an object, as far as it can be decoded.
pub(super) fn manifest(bytes: &[u8]) -> anyhow::Result<Manifest> {
    Ok(Artifact::parse(bytes)?.manifest)
}

/// What an ELF file says of itself.
struct Artifact {
    kind: ObjectKind,
    header: Header,
    manifest: Manifest,
    /// Whether there is debug information.
    described: bool,
}

impl Artifact {
    fn parse(bytes: &[u8]) -> anyhow::Result<Artifact> {
        let elf = object::File::parse(bytes)?;
        let section = elf
            .section_by_name(artifact::SECTION)
            .ok_or_else(|| anyhow!("no section {}: not an object of trapline", artifact::SECTION))?;
        let (header, manifest, _) = Header::parse(section.data()?)?;
        let manifest = artifact::decode_manifest(manifest)?;
        let described = elf.section_by_name(".debug_info").is_some();
        Ok(Artifact { kind: elf.kind(), header, manifest, described })
    }

    fn summary(&self) -> String {
        let Manifest { target, module, functions, .. } = &self.manifest;
        let kind = match self.kind {
            ObjectKind::Dynamic => "shared object",
            _ => "object",
        };
        let features = match target.cpu_features.is_empty() {
            true => "baseline".to_owned(),
            false => target.cpu_features.join(" "),
        };
        format!(
            "{kind} for {}, opt {}, {} memories, {}\nformat version {}, ABI {:016x}, content {}\nmodule {}{}\nprocessor \
             features: {features}\n{} imports, {} exports, {} functions defined, {} pieces of code in {} bytes",
            target.architecture,
            target.opt_level,
            target.memory_style,
            if self.described { "with debug information" } else { "without debug information" },
            artifact::VERSION,
            trapline_abi::abi_hash(),
            hexadecimal(&self.header.content_hash),
            hexadecimal(&self.manifest.wasm_hash),
            module.name.as_ref().map(|name| format!(" <{}>", name.escape_default())).unwrap_or_default(),
            module.imports.len(),
            module.exports.len(),
            module.defined_funcs(),
            functions.len(),
            self.manifest.text_len,
        )
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Dump<'a> {
    manifest: &'a Manifest,
    symbols: Symbols<'a>,
}

impl Dump<'_> {
    /// A heading, and what is known of places in the code by ascending offset.
    fn function(&self, record: &FunctionRecord) -> String {
        let mut places: Vec<(u32, String)> = Vec::new();
        places.extend(record.calls.iter().map(|site| (site.return_offset, self.call(record, site))));
        places.extend(record.stack_maps.iter().map(|map| (map.return_offset, stack_map(map))));
        places.extend(record.source.iter().map(|location| (location.offset, source(location.wasm_offset))));
        places.extend(record.traps.iter().map(|site| (site.offset, trap(record, site))));
        // Stable: at one offset the order is that from above.
        places.sort_by_key(|(offset, _)| *offset);
        let mut text = self.heading(record);
        for (offset, what) in places {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "    +{offset:#06x}  {what}");
        }
        text
    }

    fn heading(&self, record: &FunctionRecord) -> String {
        let module = &self.manifest.module;
        let ty = match record.key {
            FuncKey::Defined(defined) => module.func_type(module.func_index(defined)),
            FuncKey::EntryStub(ty) | FuncKey::ExitStub(ty) => module.func_type_at(ty),
            FuncKey::BuiltinStub(_) => None,
        };
        let ty = ty.map(ToString::to_string).unwrap_or_default();
        let symbol = self.symbols.symbol(record.key);
        format!("{:#010x} {:>6} bytes  {symbol}  {ty}\n", record.text_offset, record.code_len)
    }

    /// A call, by its return address.
    fn call(&self, record: &FunctionRecord, site: &CallSite) -> String {
        let callee = self
            .callee(record, site)
            .map_or_else(|| "call by address".to_owned(), |name| format!("call of {name}"));
        let caught: String = site.handled.iter().flat_map(|site| &site.handlers).map(caught).collect();
        // The call itself is what comes before.
        format!("after {callee}{}{caught}", from(record, site.return_offset.saturating_sub(1)))
    }

    /// The callee, of a call that ends in a distance which a linker fills in.
    fn callee(&self, record: &FunctionRecord, site: &CallSite) -> Option<String> {
        let field = record.text_offset.checked_add(site.return_offset)?.checked_sub(4)?;
        let relocations = &self.manifest.relocations;
        let at = relocations.binary_search_by_key(&field, |relocation| relocation.offset).ok()?;
        let functions = &self.manifest.functions;
        let callee =
            functions.binary_search_by_key(&relocations[at].target, |callee| callee.text_offset).ok()?;
        Some(self.symbols.symbol(functions[callee].key))
    }
}

fn caught(handler: &Handler) -> String {
    match handler.tag {
        Some(tag) => format!("; tag {tag} goes on at +{:#06x}", handler.pad),
        None => format!("; every exception goes on at +{:#06x}", handler.pad),
    }
}

fn source(wasm_offset: Option<u32>) -> String {
    wasm_offset.map_or_else(|| "from no instruction".to_owned(), |offset| format!("from wasm {offset:#x}"))
}

fn trap(record: &FunctionRecord, site: &TrapSite) -> String {
    let kind = match site.code {
        TrapCode::Trap(trap) => trap.spec_text(),
        TrapCode::Pending => "trap of a builtin or host function",
    };
    format!("trap: {kind}{}", from(record, site.offset))
}

fn stack_map(map: &StackMap) -> String {
    let slots: Vec<String> = map.slots.iter().map(|slot| format!("sp+{slot:#x}")).collect();
    format!("references across the call at {}, in a frame of {} bytes", slots.join(" "), map.frame_size)
}

/// Where the code at an offset comes from.
fn from(record: &FunctionRecord, offset: u32) -> String {
    record.wasm_offset_at(offset).map(|offset| format!("  wasm {offset:#x}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use trapline_abi::{SourceLocation, Trap};

    #[test]
    fn places_come_by_ascending_offset() {
        let record = FunctionRecord {
            key: FuncKey::EntryStub(trapline_abi::TypeIndex::new(3)),
            text_offset: 0x40,
            code_len: 0x20,
            traps: vec![TrapSite { offset: 9, code: TrapCode::Trap(Trap::Unreachable) }],
            calls: vec![CallSite { return_offset: 9, handled: None }],
            stack_maps: vec![StackMap { return_offset: 9, frame_size: 48, slots: vec![8, 32] }],
            source: vec![
                SourceLocation { offset: 4, wasm_offset: Some(0x33) },
                SourceLocation { offset: 9, wasm_offset: None },
            ],
            sites: vec![],
        };
        let manifest = Manifest {
            target: artifact::Target {
                architecture: String::new(),
                cpu_features: Vec::new(),
                memory_style: artifact::MemoryStyle::Checked,
                opt_level: String::new(),
            },
            wasm_hash: [0; 32],
            module: trapline_abi::ModuleInfo::default(),
            functions: vec![record],
            text_len: 0x60,
            relocations: vec![artifact::TextRelocation { offset: 0x45, target: 0x40 }],
        };
        let dump = Dump { manifest: &manifest, symbols: Symbols::new(&manifest.module) };
        let wanted = "\
0x00000040     32 bytes  wasm[0]::entry[3]  \n    \
    +0x0004  from wasm 0x33\n    \
    +0x0009  after call of wasm[0]::entry[3]  wasm 0x33\n    \
    +0x0009  references across the call at sp+0x8 sp+0x20, in a frame of 48 bytes\n    \
    +0x0009  from no instruction\n    \
    +0x0009  trap: unreachable\n";
        assert_eq!(dump.function(&manifest.functions[0]), wanted);
    }

    /// Whatever is written in the place of the manifest, what of it can be read is shown, and loading it is refused or not.
    #[test]
    fn forged_manifests_are_shown_as_far_as_they_go() {
        let text = r#"(module (import "m" "i" (func $i (param i32))) (table 2 funcref) (memory 1) (global i32 (i32.const 1))
            (func $f (export "f") (result i32) (i32.load (i32.const 0))) (func $g (call $i (i32.const 1)) (call $h))
            (func $h (param externref)) (elem (i32.const 0) $f $g) (data "x") (start $k) (func $k))"#;
        let text = text.replace("(call $h)", "(call $h (ref.null extern))");
        let wasm = wat::parse_str(text).unwrap();
        let compiler = trapline_compiler::Compiler::new(trapline_compiler::Profile::default()).unwrap();
        let object = compiler.compile(&wasm, trapline_compiler::supported_features()).unwrap();
        let manifest = artifact::encode_manifest(&Artifact::parse(&object).unwrap().manifest).unwrap();
        let mut random = fastrand::Rng::with_seed(7);
        let mut shown = 0;
        for _ in 0..20_000 {
            let mut forged = manifest.clone();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..forged.len());
                forged[at] = random.u8(..);
            }
            if let Ok(forged) = artifact::decode_manifest(&forged) {
                shown += usize::from(!functions(&forged).is_empty());
            }
        }
        assert!(shown > 1_000, "{shown}");
    }
}
