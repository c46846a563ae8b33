//! From bytes to a validated module: its description, its data and its bodies.

mod const_expr;
mod custom;
mod decode;
mod limits;
mod names;
mod operator_name;
mod types;
mod validator;

use crate::error::{CompileError, ExceededLimit};
use rustc_hash::FxHashMap;
use std::ops::Range;
use trapline_abi::{
    DataMode, DataSegment, ElementItems, ElementMode, ElementSegment, EntityIndex, EntityType, Export,
    FuncIndex, FuncInfo, FuncRefIndex, GlobalIndex, GlobalInfo, Import, MemoryIndex, ModuleInfo, TableIndex,
    TableInfo, TagIndex, TypeIndex, TypeKind,
};
use validator::ModuleValidator;
use wasmparser::{
    Element, ExternalKind, FuncToValidate, FuncValidatorAllocations, FunctionBody, Parser, Payload,
    TableInit, TypeRef, WasmFeatures,
};

pub(crate) use custom::hints::BranchHint;
pub use custom::{CustomError, check_custom};
pub(crate) use operator_name::operator_name;
pub(crate) use types::{heap_type, heap_type_name, ref_type, val_type};
pub(crate) use validator::Resources;

/// A module that is valid but for its bodies, which are validated as they are translated.
pub(crate) struct ParsedModule<'a> {
    pub(crate) info: ModuleInfo,
    /// The bytes of all data segments, one behind the other.
    pub(crate) data: Vec<u8>,
    /// The bodies of the defined functions, in order.
    pub(crate) bodies: Vec<Body<'a>>,
}

/// The body of one defined function.
pub(crate) struct Body<'a> {
    pub(crate) validation: FuncToValidate<Resources>,
    pub(crate) code: FunctionBody<'a>,
    /// By ascending offset.
    pub(crate) hints: Vec<BranchHint>,
}

/// Checks that bytes are a valid module under a set of features.
///
/// # Errors
///
/// [`CompileError::Malformed`], [`CompileError::Invalid`] or [`CompileError::Limit`].
pub fn validate(wasm: &[u8], features: WasmFeatures) -> Result<(), CompileError> {
    match validate_all(wasm, features) {
        Ok(()) => decode::check_empty_groups(wasm, features).map_err(|error| not_decoded(wasm, error)),
        Err(ParseError::Refused(error)) => Err(refusal(wasm, features, &error)),
        Err(ParseError::Invalid { message, offset }) => {
            Err(CompileError::Invalid { offset, function: None, message })
        }
        Err(ParseError::Malformed(malformed)) => Err(not_decoded(wasm, malformed)),
        Err(ParseError::Unsupported { what, offset }) => Err(CompileError::Unsupported { what, offset }),
        Err(ParseError::Limit(limit)) => Err(CompileError::Limit(limit)),
    }
}

fn validate_all(wasm: &[u8], features: WasmFeatures) -> Result<(), ParseError> {
    let mut bodies = Vec::new();
    let mut validator = ModuleValidator::new(wasm, features);
    let mut parser = Parser::new(0);
    parser.set_features(features);
    for payload in parser.parse_all(wasm) {
        bodies.extend(validator.payload(&payload?)?);
    }
    let mut allocations = FuncValidatorAllocations::default();
    for (validation, code) in bodies {
        let mut validator = validation.into_validator(allocations);
        validator.validate(&code)?;
        allocations = validator.into_allocations();
    }
    Ok(())
}

/// What a module is, apart from its code. Its bodies are not looked at.
///
/// # Errors
///
/// When the rest of it is malformed or invalid under `features`, exceeds a limit, or has types that cannot be compiled.
pub fn describe(wasm: &[u8], features: WasmFeatures) -> Result<ModuleInfo, CompileError> {
    parse(wasm, features).map(|module| module.info).map_err(|error| refused(error, wasm, features))
}

/// What a refusal counts as. A module that cannot be compiled still has to be valid.
pub(crate) fn refused(error: ParseError, wasm: &[u8], features: WasmFeatures) -> CompileError {
    match error {
        ParseError::Refused(error) => refusal(wasm, features, &error),
        ParseError::Invalid { message, offset } => CompileError::Invalid { offset, function: None, message },
        ParseError::Malformed(malformed) => not_decoded(wasm, malformed),
        ParseError::Limit(limit) => CompileError::Limit(limit),
        ParseError::Unsupported { what, offset } => match validate(wasm, features) {
            Ok(()) => CompileError::Unsupported { what, offset },
            Err(refused) => refused,
        },
    }
}

/// The kind of a refusal: malformed if the bytes cannot even be decoded, else invalid; and neither if it is a limit that
/// they exceed.
pub(crate) fn refusal(wasm: &[u8], features: WasmFeatures, error: &wasmparser::Error) -> CompileError {
    match decode::check(wasm, features) {
        Err(malformed) => not_decoded(wasm, malformed),
        Ok(()) => match limits::exceeded(error.message(), error.offset(), wasm) {
            Some(limit) => CompileError::Limit(limit),
            None => CompileError::Invalid {
                offset: error.offset(),
                function: function_at(wasm, error.offset()),
                message: error.message().to_string(),
            },
        },
    }
}

/// The refusal of bytes that do not decode.
pub(crate) fn not_decoded(
    wasm: &[u8],
    decode::Malformed { offset, message }: decode::Malformed,
) -> CompileError {
    match limits::exceeded(&message, offset, wasm) {
        Some(limit) => CompileError::Limit(limit),
        None => CompileError::Malformed { offset, function: function_at(wasm, offset), message },
    }
}

/// The index of the function whose body holds an offset, if one does.
fn function_at(wasm: &[u8], offset: u64) -> Option<u32> {
    let (mut imported, mut bodies) = (0, 0);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.ok()? {
            Payload::ImportSection(section) => {
                let imports = section.into_imports().filter_map(Result::ok);
                let is_func = |ty| matches!(ty, TypeRef::Func(_) | TypeRef::FuncExact(_));
                imported += imports.filter(|import| is_func(import.ty)).count() as u32;
            }
            Payload::CodeSectionEntry(body) if body.range().contains(&offset) => {
                return Some(imported + bodies);
            }
            Payload::CodeSectionEntry(_) => bodies += 1,
            _ => {}
        }
    }
    None
}

/// Why parsing stopped.
pub(crate) enum ParseError {
    /// Decoder or validator refused; [`refusal`] tells which it counts as.
    Refused(wasmparser::Error),
    /// The module is well-formed so far but cannot be compiled. It must still be validated: an
    /// invalid module is invalid whatever else it uses.
    Unsupported { what: String, offset: u64 },
    /// The module breaks a rule that wasmparser does not have.
    Invalid { message: String, offset: u64 },
    /// The decoder refused what the validator does not look at.
    Malformed(decode::Malformed),
    /// A limit of the implementation.
    Limit(ExceededLimit),
}

impl From<wasmparser::Error> for ParseError {
    fn from(error: wasmparser::Error) -> Self {
        ParseError::Refused(error)
    }
}

/// Parses a module and validates all of it but the bodies.
pub(crate) fn parse(wasm: &[u8], features: WasmFeatures) -> Result<ParsedModule<'_>, ParseError> {
    let mut builder = Builder { features, ..Builder::default() };
    let mut validator = ModuleValidator::new(wasm, features);
    let mut parser = Parser::new(0);
    parser.set_features(features);
    for payload in parser.parse_all(wasm) {
        let payload = payload?;
        if let Some((validation, code)) = validator.payload(&payload)? {
            let hints = builder.hints.remove(&validation.index).unwrap_or_default();
            builder.bodies.push(Body { validation, code, hints });
            continue;
        }
        builder.section(payload)?;
    }
    builder.finish()
}

#[derive(Default)]
struct Builder<'a> {
    features: WasmFeatures,
    info: ModuleInfo,
    data: Vec<u8>,
    bodies: Vec<Body<'a>>,
    /// What the bodies to come have of branch hints, by function.
    hints: FxHashMap<u32, Vec<BranchHint>>,
    /// The kinds of the types.
    kinds: Vec<TypeKind>,
    /// Functions that can be referred to.
    escaping: Vec<FuncIndex>,
}

impl<'a> Builder<'a> {
    fn section(&mut self, payload: Payload<'a>) -> Result<(), ParseError> {
        match payload {
            Payload::TypeSection(section) => self.types(section),
            Payload::ImportSection(section) => self.imports(section),
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.info.funcs.push(FuncInfo { ty: TypeIndex::new(ty?), func_ref: None });
                }
                Ok(())
            }
            Payload::TableSection(section) => self.tables(section),
            Payload::MemorySection(section) => {
                for ty in section {
                    self.info.memories.push(types::memory_type(ty?));
                }
                Ok(())
            }
            Payload::GlobalSection(section) => self.globals(section),
            Payload::ExportSection(section) => self.exports(section),
            Payload::StartSection { func, .. } => {
                let func = FuncIndex::new(func);
                self.info.start = Some(func);
                self.escaping.push(func);
                Ok(())
            }
            Payload::ElementSection(section) => {
                for element in section {
                    self.element(element?)?;
                }
                Ok(())
            }
            Payload::DataSection(section) => {
                for segment in section {
                    self.data_segment(segment?)?;
                }
                Ok(())
            }
            Payload::CustomSection(section) => {
                match section.as_known() {
                    wasmparser::KnownCustom::Name(names) => names::read(names, &mut self.info),
                    wasmparser::KnownCustom::BranchHints(_) => self.hints(&section),
                    _ => {}
                }
                Ok(())
            }
            Payload::Version { .. }
            | Payload::DataCountSection { .. }
            | Payload::CodeSectionStart { .. }
            | Payload::CodeSectionEntry(_)
            | Payload::End(_) => Ok(()),
            Payload::TagSection(section) => {
                for tag in section {
                    self.info.tags.push(TypeIndex::new(tag?.func_type_idx));
                }
                Ok(())
            }
            // The validator refuses all others but those of components.
            _ => unsupported("section of components", 0),
        }
    }

    /// Takes branch hints. Errors in a custom section do not make a module malformed, so a section with any gives none;
    /// of several sections the first counts.
    fn hints(&mut self, section: &wasmparser::CustomSectionReader<'a>) {
        let decoded = custom::hints::decode(section.data(), section.data_offset()).unwrap_or_default();
        for function in decoded {
            self.hints.entry(function.func).or_insert(function.hints);
        }
    }

    fn types(&mut self, section: wasmparser::TypeSectionReader<'a>) -> Result<(), ParseError> {
        for entry in section.into_iter_with_offsets() {
            let (offset, group) = entry?;
            // The types of a group may refer to each other.
            self.kinds.extend(group.types().map(types::kind));
            for ty in group.types() {
                self.info.types.push(types::sub_type(ty, &self.kinds, offset)?);
            }
            self.info.rec_groups.push(group.types().len() as u32);
        }
        Ok(())
    }

    fn imports(&mut self, section: wasmparser::ImportSectionReader<'a>) -> Result<(), ParseError> {
        if let Err(malformed) = decode::empty_groups(&section, self.features) {
            return Err(ParseError::Malformed(malformed));
        }
        for entry in section.into_imports_with_offsets() {
            let (offset, import) = entry?;
            let ty = match import.ty {
                TypeRef::Func(ty) => EntityType::Func(self.imported_func(ty)),
                TypeRef::FuncExact(ty) => EntityType::ExactFunc(self.imported_func(ty)),
                TypeRef::Table(ty) => {
                    let ty = types::table_type(ty, &self.kinds, offset)?;
                    self.info.tables.push(TableInfo { ty, init: None });
                    self.info.imported_tables += 1;
                    EntityType::Table(ty)
                }
                TypeRef::Memory(ty) => {
                    let ty = types::memory_type(ty);
                    self.info.memories.push(ty);
                    self.info.imported_memories += 1;
                    EntityType::Memory(ty)
                }
                TypeRef::Global(ty) => {
                    let ty = types::global_type(ty, &self.kinds, offset)?;
                    self.info.globals.push(GlobalInfo { ty, init: None });
                    self.info.imported_globals += 1;
                    EntityType::Global(ty)
                }
                TypeRef::Tag(tag) => {
                    let ty = TypeIndex::new(tag.func_type_idx);
                    self.info.tags.push(ty);
                    self.info.imported_tags += 1;
                    EntityType::Tag(ty)
                }
            };
            let (module, name) = (import.module.to_owned(), import.name.to_owned());
            self.info.imports.push(Import { module, name, ty });
        }
        Ok(())
    }

    fn imported_func(&mut self, ty: u32) -> TypeIndex {
        let ty = TypeIndex::new(ty);
        self.info.funcs.push(FuncInfo { ty, func_ref: None });
        self.info.imported_funcs += 1;
        ty
    }

    fn tables(&mut self, section: wasmparser::TableSectionReader<'a>) -> Result<(), ParseError> {
        for entry in section.into_iter_with_offsets() {
            let (offset, table) = entry?;
            let ty = types::table_type(table.ty, &self.kinds, offset)?;
            let init = match table.init {
                TableInit::RefNull => None,
                TableInit::Expr(expr) => Some(const_expr::read(&expr, &self.kinds, &mut self.escaping)?),
            };
            self.info.tables.push(TableInfo { ty, init });
        }
        Ok(())
    }

    fn globals(&mut self, section: wasmparser::GlobalSectionReader<'a>) -> Result<(), ParseError> {
        for entry in section.into_iter_with_offsets() {
            let (offset, global) = entry?;
            let ty = types::global_type(global.ty, &self.kinds, offset)?;
            let init = Some(const_expr::read(&global.init_expr, &self.kinds, &mut self.escaping)?);
            self.info.globals.push(GlobalInfo { ty, init });
        }
        Ok(())
    }

    fn exports(&mut self, section: wasmparser::ExportSectionReader<'a>) -> Result<(), ParseError> {
        for entry in section {
            let export = entry?;
            let index = match export.kind {
                ExternalKind::Func | ExternalKind::FuncExact => {
                    let func = FuncIndex::new(export.index);
                    self.escaping.push(func);
                    EntityIndex::Func(func)
                }
                ExternalKind::Table => EntityIndex::Table(TableIndex::new(export.index)),
                ExternalKind::Memory => EntityIndex::Memory(MemoryIndex::new(export.index)),
                ExternalKind::Global => EntityIndex::Global(GlobalIndex::new(export.index)),
                ExternalKind::Tag => EntityIndex::Tag(TagIndex::new(export.index)),
            };
            self.info.exports.push(Export { name: export.name.to_owned(), index });
        }
        Ok(())
    }

    fn element(&mut self, element: Element<'a>) -> Result<(), ParseError> {
        let mode = match element.kind {
            wasmparser::ElementKind::Passive => ElementMode::Passive,
            wasmparser::ElementKind::Declared => ElementMode::Declared,
            wasmparser::ElementKind::Active { table_index, offset_expr } => ElementMode::Active {
                table: TableIndex::new(table_index.unwrap_or(0)),
                offset: const_expr::read(&offset_expr, &self.kinds, &mut self.escaping)?,
            },
        };
        let (ty, items) = match element.items {
            wasmparser::ElementItems::Functions(section) => {
                let funcs: Vec<_> =
                    section.into_iter().map(|func| func.map(FuncIndex::new)).collect::<Result<_, _>>()?;
                self.escaping.extend_from_slice(&funcs);
                (
                    trapline_abi::RefType { nullable: false, heap: trapline_abi::HeapType::Func },
                    ElementItems::Funcs(funcs),
                )
            }
            wasmparser::ElementItems::Expressions(ty, section) => {
                let ty = types::ref_type(ty, &self.kinds, element.range.start)?;
                let mut exprs = Vec::with_capacity(section.count() as usize);
                for expr in section {
                    exprs.push(const_expr::read(&expr?, &self.kinds, &mut self.escaping)?);
                }
                (ty, ElementItems::Exprs(exprs))
            }
        };
        self.info.elements.push(ElementSegment { ty, mode, items });
        Ok(())
    }

    fn data_segment(&mut self, segment: wasmparser::Data<'a>) -> Result<(), ParseError> {
        let mode = match segment.kind {
            wasmparser::DataKind::Passive => DataMode::Passive,
            wasmparser::DataKind::Active { memory_index, offset_expr } => DataMode::Active {
                memory: MemoryIndex::new(memory_index),
                offset: const_expr::read(&offset_expr, &self.kinds, &mut self.escaping)?,
            },
        };
        let bytes = self.append_data(segment.data)?;
        self.info.data.push(DataSegment { mode, bytes });
        Ok(())
    }

    fn append_data(&mut self, bytes: &[u8]) -> Result<Range<u32>, ParseError> {
        let position = |len: usize| {
            u32::try_from(len)
                .map_err(|_| ParseError::Limit(ExceededLimit::of_32_bits("bytes of data segments")))
        };
        let start = position(self.data.len())?;
        self.data.extend_from_slice(bytes);
        Ok(start..position(self.data.len())?)
    }

    /// Gives every defined function that can be referred to its slot, in index order.
    fn finish(mut self) -> Result<ParsedModule<'a>, ParseError> {
        self.escaping.sort_unstable();
        self.escaping.dedup();
        for func in self.escaping {
            if func.as_u32() >= self.info.imported_funcs {
                self.info.funcs[func.index()].func_ref = Some(FuncRefIndex::new(self.info.func_refs));
                self.info.func_refs += 1;
            }
        }
        Ok(ParsedModule { info: self.info, data: self.data, bodies: self.bodies })
    }
}

fn invalid<T>(message: &str, offset: u64) -> Result<T, ParseError> {
    Err(ParseError::Invalid { message: message.to_owned(), offset })
}

pub(crate) fn unsupported<T>(what: &str, offset: u64) -> Result<T, ParseError> {
    Err(ParseError::Unsupported { what: what.to_owned(), offset })
}
