//! The ELF object sink.

use crate::compiled::CompiledFunction;
use crate::error::CompileError;
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_module::{FuncId, Linkage, Module, ModuleReloc, ModuleRelocTarget, default_libcall_names};
use cranelift_object::object::SectionKind;
use cranelift_object::{ObjectBuilder, ObjectModule};
use std::sync::Arc;
use trapline_abi::artifact::{self, Header, Manifest, Target, TextRelocation};
use trapline_abi::{FuncKey, FunctionRecord, ModuleInfo};

/// What an artefact is made of.
pub(crate) struct Contents {
    pub(crate) target: Target,
    pub(crate) wasm_hash: [u8; 32],
    pub(crate) module: ModuleInfo,
    /// By ascending key.
    pub(crate) functions: Vec<(FuncKey, Arc<CompiledFunction>)>,
    pub(crate) data: Vec<u8>,
}

/// Writes an artefact as a relocatable ELF object.
///
/// Functions are defined in the order of their keys, so the bytes depend on nothing but the
/// contents.
///
/// # Errors
///
/// When the object or the manifest cannot be written.
pub(crate) fn write(isa: OwnedTargetIsa, contents: Contents) -> Result<Vec<u8>, CompileError> {
    let refused = |error: &dyn std::fmt::Display| CompileError::Object(error.to_string());
    let builder = ObjectBuilder::new(isa.clone(), "trapline", default_libcall_names())
        .map_err(|error| refused(&error))?;
    let mut module = ObjectModule::new(builder);

    // The object needs a signature to declare a function and makes no use of it.
    let signature = module.make_signature();
    let mut ids = Vec::with_capacity(contents.functions.len());
    for (key, _) in &contents.functions {
        let id = module
            .declare_function(&key.to_string(), Linkage::Local, &signature)
            .map_err(|error| refused(&error))?;
        ids.push(id);
    }
    let id_of = |key: FuncKey| -> Result<FuncId, CompileError> {
        let at = contents.functions.binary_search_by_key(&key, |(key, _)| *key);
        at.map(|at| ids[at]).map_err(|_| CompileError::Object(format!("call of {key}, which has no code")))
    };
    let mut relocations = Vec::new();
    for ((_, function), &id) in contents.functions.iter().zip(&ids) {
        relocations.clear();
        for relocation in &function.relocations {
            let target = id_of(relocation.target)?;
            relocations.push(ModuleReloc {
                offset: relocation.offset,
                kind: Reloc::X86CallPCRel4,
                name: ModuleRelocTarget::user(0, target.as_u32()),
                addend: relocation.addend,
            });
        }
        module
            .define_function_bytes(id, u64::from(function.alignment), &function.code, &relocations)
            .map_err(|error| refused(&error))?;
    }

    let mut product = module.finish();
    let mut starts = Vec::with_capacity(ids.len());
    for &id in &ids {
        let symbol = product.object.symbol(product.function_symbol(id));
        starts
            .push(u32::try_from(symbol.value).map_err(|_| CompileError::Limit("4 GiB of code".to_owned()))?);
    }
    let mut text_relocations = Vec::new();
    for ((_, function), start) in contents.functions.iter().zip(&starts) {
        for relocation in &function.relocations {
            let target = contents.functions.binary_search_by_key(&relocation.target, |(key, _)| *key);
            let target =
                starts[target.map_err(|_| CompileError::Object("call without callee".to_owned()))?];
            text_relocations.push(TextRelocation { offset: start + relocation.offset, target });
        }
    }
    text_relocations.sort_unstable();

    let records = contents.functions.iter().zip(&starts);
    let manifest = Manifest {
        target: contents.target,
        wasm_hash: contents.wasm_hash,
        module: contents.module,
        functions: records.map(|((key, function), &start)| record(*key, function, start)).collect(),
    };
    let manifest = artifact::encode_manifest(&manifest)?;
    let text = product.object.section_id(cranelift_object::object::write::StandardSection::Text);
    let content_hash = artifact::content_hash(
        product.object.section(text).data(),
        &text_relocations,
        &manifest,
        &contents.data,
    );
    let too_large = |_| CompileError::Limit("manifest or data of 4 GiB or more".to_owned());
    let header = Header {
        manifest_len: u32::try_from(manifest.len()).map_err(too_large)?,
        data_len: u32::try_from(contents.data.len()).map_err(too_large)?,
        content_hash,
    };

    let section = product.object.add_section(Vec::new(), artifact::SECTION.into(), SectionKind::ReadOnlyData);
    let mut bytes = Vec::with_capacity(Header::SIZE + manifest.len() + contents.data.len());
    bytes.extend_from_slice(&header.encode());
    bytes.extend_from_slice(&manifest);
    bytes.extend_from_slice(&contents.data);
    product.object.set_section_data(section, bytes, 8);
    product.emit().map_err(|error| refused(&error))
}

fn record(key: FuncKey, function: &CompiledFunction, text_offset: u32) -> FunctionRecord {
    FunctionRecord {
        key,
        text_offset,
        code_len: function.code.len() as u32,
        traps: function.traps.clone(),
        calls: function.calls.clone(),
        stack_maps: function.stack_maps.clone(),
        source: function.source.clone(),
    }
}
