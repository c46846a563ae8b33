//! The ELF object sink.

use super::CompiledModule;
use crate::debug;
use crate::error::{CompileError, ExceededLimit};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_module::{Linkage, default_libcall_names};
use cranelift_object::object::write::{StandardSection, Symbol, SymbolSection};
use cranelift_object::object::{SectionKind, SymbolFlags, SymbolKind, SymbolScope};
use cranelift_object::{ObjectBuilder, ObjectModule};
use trapline_abi::artifact::{self, Header};
use trapline_abi::seal;

/// Writes an artefact as a relocatable ELF object.
///
/// # Errors
///
/// When the object or the manifest cannot be written.
pub(crate) fn write(isa: OwnedTargetIsa, compiled: &CompiledModule) -> Result<Vec<u8>, CompileError> {
    let refused = |error: &dyn std::fmt::Display| CompileError::Object(error.to_string());
    let builder = ObjectBuilder::new(isa.clone(), "trapline", default_libcall_names())
        .map_err(|error| refused(&error))?;
    let mut module = ObjectModule::new(builder);
    let ids = compiled.define(&mut module, Linkage::Local)?;
    let mut product = module.finish();

    let mut starts = Vec::with_capacity(ids.len());
    for &id in &ids {
        let symbol = product.object.symbol(product.function_symbol(id));
        starts.push(
            u32::try_from(symbol.value)
                .map_err(|_| CompileError::Limit(ExceededLimit::of_32_bits("bytes of code")))?,
        );
    }
    let too_large = |_| CompileError::Limit(ExceededLimit::of_32_bits("bytes of code, manifest or data"));
    let section = product.object.section_id(StandardSection::Text);
    let text = product.object.section(section).data();
    let text_len = u32::try_from(text.len()).map_err(too_large)?;
    let description = match compiled.debug_info {
        true => Some(debug::describe(&*isa, compiled, &starts)?),
        false => None,
    };
    let (manifest, data) = (compiled.manifest(&starts, text_len)?, &compiled.data);
    let relocations = &manifest.relocations;
    let encoded = artifact::encode_manifest(&manifest)?;
    let content_hash = artifact::content_hash(text, relocations, &encoded, data);
    let manifest = encoded;
    product.object.add_symbol(Symbol {
        name: artifact::TEXT_SYMBOL.into(),
        value: 0,
        size: u64::from(text_len),
        kind: SymbolKind::Text,
        scope: SymbolScope::Dynamic,
        weak: false,
        section: SymbolSection::Section(section),
        flags: SymbolFlags::None,
    });
    if let Some(description) = description {
        debug::add(description, &mut product.object, section)?;
    }
    let header = Header {
        manifest_len: u32::try_from(manifest.len()).map_err(too_large)?,
        data_len: u32::try_from(data.len()).map_err(too_large)?,
        content_hash,
        // Known once the file is written.
        frame_hash: [0; 32],
    };

    let section = product.object.add_section(Vec::new(), artifact::SECTION.into(), SectionKind::ReadOnlyData);
    let mut bytes = Vec::with_capacity(Header::SIZE + manifest.len() + data.len());
    bytes.extend_from_slice(&header.encode());
    bytes.extend_from_slice(&manifest);
    bytes.extend_from_slice(data);
    product.object.set_section_data(section, bytes, 8);
    let mut file = product.emit().map_err(|error| refused(&error))?;
    seal(&mut file).ok_or_else(|| CompileError::Object("no artefact in the object".to_owned()))?;
    Ok(file)
}
