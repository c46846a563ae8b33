//! Writing an edited module, section by section: what an edit does not touch is copied.

use super::error::EditError;
use super::outline::{ORDER, Outline};
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    CodeSection, CustomSection, DataCountSection, DataSection, ElementSection, ExportSection,
    FunctionSection, GlobalSection, ImportSection, MemorySection, Module, RawSection, SectionId,
    StartSection, TableSection, TagSection, TypeSection,
};
use wasmparser::{KnownCustom, SectionLimited};

/// An edit of a module: what it overrides of [`Reencode`] differs from the module.
pub(super) trait Rewrite: Reencode<Error = EditError> {
    /// Whether a section has to be encoded again. For [`SectionId::Custom`]: whether the name section has to be.
    fn rewrites(&self, section: SectionId) -> bool;

    /// Whether a custom section stays.
    fn keeps_custom(&self, _number: usize) -> bool {
        true
    }

    /// The function of the start section, if the section stays.
    ///
    /// # Errors
    ///
    /// If it refers to a function that was removed.
    fn start(&mut self, function: u32) -> Result<Option<u32>, EditError> {
        Ok(Some(self.start_section(function)?))
    }
}

/// Writes a module with an edit applied.
///
/// # Errors
///
/// If a section is malformed or the encoder cannot express it.
pub(super) fn write(outline: &Outline<'_>, rewrite: &mut impl Rewrite) -> Result<Vec<u8>, EditError> {
    let mut module = Module::new();
    write_customs(outline, rewrite, &mut module, 0)?;
    for (position, section) in ORDER.into_iter().enumerate() {
        if rewrite.rewrites(section) {
            write_section(outline, rewrite, &mut module, section)?;
        } else if let Some(data) = outline.contents(section) {
            module.section(&RawSection { id: section.into(), data });
        }
        write_customs(outline, rewrite, &mut module, position + 1)?;
    }
    Ok(module.finish())
}

fn write_customs(
    outline: &Outline<'_>,
    rewrite: &mut impl Rewrite,
    module: &mut Module,
    after: usize,
) -> Result<(), EditError> {
    for (number, custom) in outline.customs.iter().enumerate() {
        if custom.after != after || !rewrite.keeps_custom(number) {
            continue;
        }
        match custom.reader.as_known() {
            KnownCustom::Name(names) if rewrite.rewrites(SectionId::Custom) => {
                // A name section that is malformed is no fault of the module, and its names are of no use.
                if let Ok(names) = rewrite.custom_name_section(names) {
                    let custom: CustomSection<'_> = names.as_custom();
                    if !custom.data.is_empty() {
                        module.section(&custom);
                    }
                }
            }
            _ => {
                module.section(&RawSection { id: SectionId::Custom.into(), data: custom.contents });
            }
        }
    }
    Ok(())
}

fn write_section(
    outline: &Outline<'_>,
    rewrite: &mut impl Rewrite,
    module: &mut Module,
    section: SectionId,
) -> Result<(), EditError> {
    // One arm: the entries of a section go through the method of the edit.
    macro_rules! encode {
        ($section:ty, $parse:ident) => {{
            let mut encoded = <$section>::new();
            rewrite.$parse(&mut encoded, outline.entries(section)?)?;
            if !encoded.is_empty() {
                module.section(&encoded);
            }
        }};
    }
    match section {
        SectionId::Type => encode!(TypeSection, parse_type_section),
        SectionId::Import => encode!(ImportSection, parse_import_section),
        SectionId::Function => encode!(FunctionSection, parse_function_section),
        SectionId::Table => encode!(TableSection, parse_table_section),
        SectionId::Memory => encode!(MemorySection, parse_memory_section),
        SectionId::Tag => encode!(TagSection, parse_tag_section),
        SectionId::Global => encode!(GlobalSection, parse_global_section),
        SectionId::Export => encode!(ExportSection, parse_export_section),
        SectionId::Start => {
            if let Some(function) = outline.start()?
                && let Some(function_index) = rewrite.start(function)?
            {
                module.section(&StartSection { function_index });
            }
        }
        SectionId::Element => encode!(ElementSection, parse_element_section),
        SectionId::DataCount => {
            if outline.contents(section).is_some() {
                let entries: SectionLimited<'_, wasmparser::Data<'_>> = outline.entries(SectionId::Data)?;
                module.section(&DataCountSection { count: rewrite.data_count(entries.count())? });
            }
        }
        SectionId::Code => encode!(CodeSection, parse_code_section),
        SectionId::Data => encode!(DataSection, parse_data_section),
        SectionId::Custom => return Err(EditError::Order { id: section.into() }),
    }
    Ok(())
}
