//! wasmparser's validator, with the rules of the specification where it has older ones.
//!
//! wasmparser 0.263 has two rules of the custom-descriptors proposal that the proposal has given up (its test
//! `descriptors.wast` has modules that break them):
//!
//! - the supertype of a type with a descriptor has one, too;
//! - a type and its descriptor are both final or both not.
//!
//! Where a module breaks one of them, the validator gets a type section that does not: without the declaration of such a
//! supertype, and with both types open. What it then does not know is added in [`Resources::is_subtype`], and what it does
//! not check is checked here. Two types that only differ in what it does not get are unsupported, because it would take them
//! for one. A supertype that it does not get is known in bodies. Of an initialiser, an element segment or a type that may rely
//! on it, the verdict is unknown, and the module is unsupported.

mod descriptors;
mod resources;

use super::ParseError;
use descriptors::{changes, check, rewritten};
use resources::Hidden;
use std::sync::Arc;
use wasmparser::{
    BinaryReader, FuncToValidate, FunctionBody, Payload, TypeSectionReader, ValidPayload, Validator,
    WasmFeatures,
};

pub(crate) use resources::Resources;

/// Validates a module section by section.
pub(super) struct ModuleValidator<'a> {
    validator: Validator,
    features: WasmFeatures,
    wasm: &'a [u8],
    hidden: Arc<[Hidden]>,
}

impl<'a> ModuleValidator<'a> {
    pub(super) fn new(wasm: &'a [u8], features: WasmFeatures) -> ModuleValidator<'a> {
        let validator = Validator::new_with_features(features);
        ModuleValidator { validator, features, wasm, hidden: Arc::default() }
    }

    /// Validates a part of the module. Bodies are left to the caller.
    pub(super) fn payload<'b>(
        &mut self,
        payload: &Payload<'b>,
    ) -> Result<Option<(FuncToValidate<Resources>, FunctionBody<'b>)>, ParseError> {
        if let Payload::TypeSection(section) = payload
            && self.features.custom_descriptors()
        {
            return self.types(section).map(|()| None);
        }
        let ValidPayload::Func(FuncToValidate { resources: module, index, ty, features }, body) =
            self.validator.payload(payload).map_err(|error| self.verdict(error))?
        else {
            return Ok(None);
        };
        let resources = Resources { module, hidden: self.hidden.clone() };
        Ok(Some((FuncToValidate { resources, index, ty, features }, body)))
    }

    /// What a refusal of the validator counts as, which may only not know a supertype.
    fn verdict(&self, error: wasmparser::Error) -> ParseError {
        if self.hidden.is_empty() || !error.message().contains("match") {
            return error.into();
        }
        let what = "a type or value that may match only by the supertype, which has no descriptor, of a type that has one";
        ParseError::Unsupported { what: what.to_owned(), offset: error.offset() }
    }

    fn types(&mut self, section: &TypeSectionReader<'_>) -> Result<(), ParseError> {
        let groups = section.clone().into_iter().collect::<Result<Vec<_>, _>>();
        let Ok(groups) = groups else {
            // It says what is wrong.
            return Ok(self.validator.type_section(section)?);
        };
        let sizes: Vec<_> = groups.iter().map(|group| group.types().len()).collect();
        let types: Vec<_> = groups.into_iter().flat_map(|group| group.into_types_and_offsets()).collect();
        let changes = changes(&types);
        if changes.iter().all(|change| !change.open && change.hidden.is_none()) {
            return Ok(self.validator.type_section(section)?);
        }
        let hidden = (0..)
            .zip(&changes)
            .filter_map(|(ty, change)| change.hidden.map(|supertype| Hidden { ty, supertype }));
        self.hidden = hidden.collect();
        let range = section.range();
        let bytes = &self.wasm[range.start as usize..range.end as usize];
        let bytes = rewritten(bytes, range.start, &types, &changes);
        let reader = BinaryReader::new_features(&bytes, range.start, self.features);
        match self.validator.type_section(&TypeSectionReader::new(reader)?) {
            Ok(()) => check(&types, &sizes, &changes),
            // It may only not know a supertype, and what is invalid with all of them is invalid.
            Err(error) => match self.verdict(error) {
                verdict @ ParseError::Unsupported { .. } => {
                    check(&types, &sizes, &changes)?;
                    Err(verdict)
                }
                verdict => Err(verdict),
            },
        }
    }
}
