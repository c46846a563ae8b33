//! Objects that were compiled before.

use super::super::exit::{Exit, Failure, OrExit};
use super::super::{objdump, source};
use super::{Arguments, CALLS, Subject};
use crate::discover::{Input, Source};
use crate::engine::{EngineKind, HeapSettings, Variant};
use crate::module_script::Absent;
use crate::reading;
use crate::triage::refused_object;
use anyhow::anyhow;
use std::fs::File;
use std::io::Read;
use trapline_abi::artifact::Manifest;
use trapline_compiler::Profile;

/// Bytes that tell an object from something else.
const FIRST: u64 = 4096;

/// The bytes of an object, whole or damaged; `None` if it is something else, or cannot be read, which is found again when it is.
pub(super) fn read(input: &Input) -> Option<Vec<u8>> {
    match &input.source {
        Source::Stdin(bytes) => source::is_elf(bytes).then(|| bytes.to_vec()),
        Source::File(path) => {
            let mut first = Vec::new();
            File::open(path).and_then(|file| file.take(FIRST).read_to_end(&mut first)).ok()?;
            if source::is_object(path, &first) { reading::read(path).ok() } else { None }
        }
        Source::Suite(_)
        | Source::Pipe(_)
        | Source::Unreadable(_)
        | Source::Module { .. }
        | Source::Sent { .. } => None,
    }
}

/// What is done with an object: it is checked as the loader does, and if it is whole, its exports are called.
pub(super) fn subject(arguments: &Arguments, input: &mut Input, bytes: &[u8]) -> Result<Subject, Failure> {
    let file = arguments.file.display();
    if source::is_shared_object(bytes) {
        return Err(anyhow!(
            "failed to read {file}: a shared object, where a script, a module or an object is wanted"
        ))
        .or_exit(Exit::Usage);
    }
    let given = arguments.features.written().map(|_| "-W");
    if let Some(flag) = given.or((!arguments.variants.is_empty()).then_some("--variant")) {
        return Err(anyhow!("failed to use {flag} with {file}: it is compiled already")).or_exit(Exit::Usage);
    }
    if let Some(finding) = refused_object(bytes) {
        let (variants, refused, missing) = (Vec::new(), Some(Box::new(finding)), Vec::new());
        return Ok(Subject { variants, object: true, refused, missing });
    }
    let manifest = objdump::manifest(bytes).map_err(|error| error.context(format!("failed to read {file}")));
    let manifest = manifest.or_exit(Exit::Internal)?;
    let (info, calls) = (&manifest.module, CALLS);
    arguments.modules.make_object_script(input, bytes, info, calls, Absent::Zero)?;
    let missing = vec![format!(
        "jit, linked, other variants, and engines of others: the object does not hold its module ({}), which they need, and what only \
         a linker or a debugger reads of it is not checked",
        hash(&manifest)
    )];
    Ok(Subject { variants: variants(&manifest), object: true, refused: None, missing })
}

/// The engines that take objects, with memories as the object's code wants them. A linker reads more of an object than its
/// hashes cover, so that what it makes of one that is damaged shows no fault of the engine.
fn variants(manifest: &Manifest) -> Vec<Variant> {
    let profile = Profile { memory_style: manifest.target.memory_style, ..Profile::default() };
    let aot = Variant::new(EngineKind::Aot, profile);
    let stress = Variant { heap: HeapSettings { stress: true, ..HeapSettings::default() }, ..aot };
    vec![aot, stress]
}

/// The hash of the module, shortened.
fn hash(manifest: &Manifest) -> String {
    manifest.wasm_hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
