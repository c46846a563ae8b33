//! Whether bytes are well-formed: the binary grammar alone, without validation.
//!
//! The validator of wasmparser checks both at once and does not say which rule was broken, but the
//! specification tells malformed modules from invalid ones. This pass runs only after a refusal.

use wasmparser::{
    BinaryReader, FunctionBody, ImportSectionReader, Imports, Operator, OperatorsReader, Parser, Payload,
    TypeRef, WasmFeatures,
};

/// A breach of the binary grammar.
pub(crate) struct Malformed {
    pub(super) offset: u64,
    pub(super) message: String,
}

impl From<wasmparser::Error> for Malformed {
    fn from(error: wasmparser::Error) -> Self {
        Malformed { offset: error.offset(), message: error.message().to_string() }
    }
}

/// What a component has in the place of a module's version: the version of the format, and the layer.
const COMPONENT_VERSION: [u8; 4] = [0x0d, 0, 1, 0];

/// Decodes a whole module.
pub(super) fn check(wasm: &[u8], features: WasmFeatures) -> Result<(), Malformed> {
    if wasm.get(4..8) == Some(&COMPONENT_VERSION[..]) {
        return malformed(4, "a component, where a module is wanted");
    }
    let mut state = Decoder::new(features);
    let mut parser = Parser::new(0);
    parser.set_features(features);
    for payload in parser.parse_all(wasm) {
        state.payload(payload?, wasm.len() as u64)?;
    }
    Ok(())
}

/// Decodes the types of import groups that have no items, which the validator never comes to see. It runs after
/// validation.
pub(super) fn check_empty_groups(wasm: &[u8], features: WasmFeatures) -> Result<(), Malformed> {
    let mut parser = Parser::new(0);
    parser.set_features(features);
    for payload in parser.parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => return empty_groups(&section, features),
            Payload::Version { .. } | Payload::CustomSection(_) | Payload::TypeSection(_) => {}
            // No import section comes any more.
            _ => return Ok(()),
        }
    }
    Ok(())
}

/// The part of [`check_empty_groups`] that is about one section.
pub(super) fn empty_groups(
    section: &ImportSectionReader<'_>,
    features: WasmFeatures,
) -> Result<(), Malformed> {
    for group in section.clone().into_iter_with_offsets() {
        let (offset, group) = group?;
        match group {
            Imports::Compact2 { ty, names, .. } if names.count() == 0 => import_type(ty, features, offset)?,
            Imports::Single(..) | Imports::Compact1 { .. } | Imports::Compact2 { .. } => {}
        }
    }
    Ok(())
}

/// Refuses types of imports that are part of the grammar only with proposals that are off.
fn import_type(ty: TypeRef, features: WasmFeatures, offset: u64) -> Result<(), Malformed> {
    match ty {
        TypeRef::Global(ty) => mutability(ty, features, offset),
        TypeRef::FuncExact(_) if !features.custom_descriptors() => malformed(offset, "malformed import kind"),
        TypeRef::Func(_)
        | TypeRef::FuncExact(_)
        | TypeRef::Table(_)
        | TypeRef::Memory(_)
        | TypeRef::Tag(_) => Ok(()),
    }
}

/// Shared globals take further values of the byte that says whether a global is mutable; without them the grammar knows 0
/// and 1 only.
fn mutability(ty: wasmparser::GlobalType, features: WasmFeatures, offset: u64) -> Result<(), Malformed> {
    if ty.shared && !features.shared_everything_threads() {
        return malformed(offset, "malformed mutability");
    }
    Ok(())
}

/// What the grammar relates across sections.
struct Decoder {
    features: WasmFeatures,
    last_section: Option<Section>,
    functions: u32,
    bodies: u32,
    /// The number that the data count section states.
    data_count: Option<u32>,
    segments: u32,
    /// Where an instruction stands that needs a data count section.
    needs_data_count: Option<u64>,
}

/// The sections in the order that the grammar demands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Section {
    Type,
    Import,
    Function,
    Table,
    Memory,
    Tag,
    Global,
    Export,
    Start,
    Element,
    DataCount,
    Code,
    Data,
}

impl Decoder {
    fn new(features: WasmFeatures) -> Decoder {
        Decoder {
            features,
            last_section: None,
            functions: 0,
            bodies: 0,
            data_count: None,
            segments: 0,
            needs_data_count: None,
        }
    }

    fn payload(&mut self, payload: Payload<'_>, end: u64) -> Result<(), Malformed> {
        match payload {
            Payload::Version { encoding: wasmparser::Encoding::Module, .. } => Ok(()),
            Payload::Version { range, .. } => malformed(range.start, "unknown binary version"),
            Payload::TypeSection(section) => {
                self.enter(Section::Type, section.range().start)?;
                section.into_iter().try_for_each(|entry| entry.map(drop)).map_err(Into::into)
            }
            Payload::ImportSection(section) => {
                let range = section.range();
                self.enter(Section::Import, range.start)?;
                empty_groups(&section, self.features)?;
                for import in section.into_imports() {
                    import_type(import?.ty, self.features, range.start)?;
                }
                Ok(())
            }
            Payload::FunctionSection(section) => {
                self.enter(Section::Function, section.range().start)?;
                self.functions = section.count();
                section.into_iter().try_for_each(|entry| entry.map(drop)).map_err(Into::into)
            }
            Payload::TableSection(section) => {
                self.enter(Section::Table, section.range().start)?;
                for table in section {
                    if let wasmparser::TableInit::Expr(expr) = table?.init {
                        self.operators(expr.get_operators_reader())?;
                    }
                }
                Ok(())
            }
            Payload::MemorySection(section) => {
                self.enter(Section::Memory, section.range().start)?;
                section.into_iter().try_for_each(|entry| entry.map(drop)).map_err(Into::into)
            }
            Payload::TagSection(section) => {
                self.enter(Section::Tag, section.range().start)?;
                section.into_iter().try_for_each(|entry| entry.map(drop)).map_err(Into::into)
            }
            Payload::GlobalSection(section) => {
                let range = section.range();
                self.enter(Section::Global, range.start)?;
                for global in section {
                    let global = global?;
                    mutability(global.ty, self.features, range.start)?;
                    self.operators(global.init_expr.get_operators_reader())?;
                }
                Ok(())
            }
            Payload::ExportSection(section) => {
                self.enter(Section::Export, section.range().start)?;
                section.into_iter().try_for_each(|entry| entry.map(drop)).map_err(Into::into)
            }
            Payload::StartSection { range, .. } => self.enter(Section::Start, range.start),
            Payload::ElementSection(section) => {
                self.enter(Section::Element, section.range().start)?;
                for element in section {
                    self.element(element?)?;
                }
                Ok(())
            }
            Payload::DataCountSection { count, range } => {
                self.enter(Section::DataCount, range.start)?;
                self.data_count = Some(count);
                Ok(())
            }
            Payload::CodeSectionStart { count, unchecked_range, .. } => {
                self.enter(Section::Code, unchecked_range.start)?;
                self.bodies = count;
                Ok(())
            }
            Payload::CodeSectionEntry(body) => self.body(&body),
            Payload::DataSection(section) => {
                self.enter(Section::Data, section.range().start)?;
                self.segments = section.count();
                for segment in section {
                    if let wasmparser::DataKind::Active { offset_expr, .. } = segment?.kind {
                        self.operators(offset_expr.get_operators_reader())?;
                    }
                }
                Ok(())
            }
            Payload::CustomSection(_) => Ok(()),
            Payload::UnknownSection { range, id, .. } => {
                malformed(range.start, &format!("malformed section id: {id}"))
            }
            Payload::End(_) => self.end(end),
            other => malformed(0, &format!("unexpected {other:?}")),
        }
    }

    fn enter(&mut self, section: Section, offset: u64) -> Result<(), Malformed> {
        if self.last_section.is_some_and(|last| last >= section) {
            return malformed(offset, "unexpected content after last section: section out of order");
        }
        self.last_section = Some(section);
        Ok(())
    }

    fn element(&mut self, element: wasmparser::Element<'_>) -> Result<(), Malformed> {
        if let wasmparser::ElementKind::Active { offset_expr, .. } = element.kind {
            self.operators(offset_expr.get_operators_reader())?;
        }
        match element.items {
            wasmparser::ElementItems::Functions(items) => {
                items.into_iter().try_for_each(|item| item.map(drop)).map_err(Into::into)
            }
            wasmparser::ElementItems::Expressions(_, items) => {
                for item in items {
                    self.operators(item?.get_operators_reader())?;
                }
                Ok(())
            }
        }
    }

    fn body(&mut self, body: &FunctionBody<'_>) -> Result<(), Malformed> {
        let mut reader: BinaryReader<'_> = body.get_binary_reader();
        let mut locals: u64 = 0;
        for _ in 0..reader.read_var_u32()? {
            let offset = reader.original_position();
            locals += u64::from(reader.read_var_u32()?);
            if locals > u64::from(u32::MAX) {
                return malformed(offset, "too many locals");
            }
            reader.read::<wasmparser::ValType>()?;
        }
        let mut operators = OperatorsReader::new(reader);
        while !operators.eof() {
            let (operator, offset) = operators.read_with_offset()?;
            // The flags hold exponents below 64 since they hold a memory index too. Before, exponents
            // from 32 on were no part of the grammar.
            if !self.features.multi_memory() && alignment(&operator).is_some_and(|exponent| exponent >= 32) {
                return malformed(offset, "malformed memop flags");
            }
            // Only the code section comes before the data section, so only there does the grammar
            // ask for the count.
            if matches!(
                operator,
                Operator::MemoryInit { .. }
                    | Operator::DataDrop { .. }
                    | Operator::ArrayNewData { .. }
                    | Operator::ArrayInitData { .. }
            ) {
                self.needs_data_count.get_or_insert(offset);
            }
        }
        operators.finish().map_err(Into::into)
    }

    fn operators(&self, mut reader: OperatorsReader<'_>) -> Result<(), Malformed> {
        while !reader.eof() {
            reader.read()?;
        }
        reader.finish().map_err(Into::into)
    }

    fn end(&self, end: u64) -> Result<(), Malformed> {
        if self.functions != self.bodies {
            return malformed(end, "function and code section have inconsistent lengths");
        }
        if self.data_count.is_some_and(|count| count != self.segments) {
            return malformed(end, "data count and data section have inconsistent lengths");
        }
        match self.needs_data_count {
            Some(offset) if self.data_count.is_none() => malformed(offset, "data count section required"),
            _ => Ok(()),
        }
    }
}

/// The exponent of the alignment that a load or store of a single number claims.
fn alignment(operator: &Operator<'_>) -> Option<u8> {
    use Operator as Op;
    match operator {
        Op::I32Load { memarg }
        | Op::I64Load { memarg }
        | Op::F32Load { memarg }
        | Op::F64Load { memarg }
        | Op::I32Load8S { memarg }
        | Op::I32Load8U { memarg }
        | Op::I32Load16S { memarg }
        | Op::I32Load16U { memarg }
        | Op::I64Load8S { memarg }
        | Op::I64Load8U { memarg }
        | Op::I64Load16S { memarg }
        | Op::I64Load16U { memarg }
        | Op::I64Load32S { memarg }
        | Op::I64Load32U { memarg }
        | Op::I32Store { memarg }
        | Op::I64Store { memarg }
        | Op::F32Store { memarg }
        | Op::F64Store { memarg }
        | Op::I32Store8 { memarg }
        | Op::I32Store16 { memarg }
        | Op::I64Store8 { memarg }
        | Op::I64Store16 { memarg }
        | Op::I64Store32 { memarg } => Some(memarg.align),
        _ => None,
    }
}

fn malformed(offset: u64, message: &str) -> Result<(), Malformed> {
    Err(Malformed { offset, message: message.to_owned() })
}
