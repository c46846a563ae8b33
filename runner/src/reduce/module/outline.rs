//! The outline of a module: where its sections, functions and types are. Bodies of functions are not decoded.

use super::error::EditError;
use std::ops::Range;
use wasm_encoder::SectionId;
use wasmparser::{
    BinaryReader, BinaryReaderError, CompositeInnerType, CustomSectionReader, Encoding, FromReader, FuncType,
    FunctionBody, Import, Operator, Parser, Payload, SectionLimited, SubType, TypeRef, WasmFeatures,
};

/// The sections of a module in the order of the binary format.
pub(super) const ORDER: [SectionId; 13] = [
    SectionId::Type,
    SectionId::Import,
    SectionId::Function,
    SectionId::Table,
    SectionId::Memory,
    SectionId::Tag,
    SectionId::Global,
    SectionId::Export,
    SectionId::Start,
    SectionId::Element,
    SectionId::DataCount,
    SectionId::Code,
    SectionId::Data,
];

/// An operator with its range in the module.
pub(super) type Placed<'a> = (Operator<'a>, Range<u32>);

/// An index space of a module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Space {
    /// Functions.
    Function,
    /// Tables.
    Table,
    /// Memories.
    Memory,
    /// Tags.
    Tag,
    /// Globals.
    Global,
    /// Element segments.
    Element,
    /// Data segments.
    Data,
    /// Types, each member of a recursion group on its own.
    Type,
}

impl Space {
    /// All of them, in the order of their numbers.
    pub(super) const ALL: [Self; 8] = [
        Self::Function,
        Self::Table,
        Self::Memory,
        Self::Tag,
        Self::Global,
        Self::Element,
        Self::Data,
        Self::Type,
    ];

    /// The space that an imported item goes to.
    pub(super) fn of(ty: TypeRef) -> Self {
        match ty {
            TypeRef::Func(_) | TypeRef::FuncExact(_) => Self::Function,
            TypeRef::Table(_) => Self::Table,
            TypeRef::Memory(_) => Self::Memory,
            TypeRef::Global(_) => Self::Global,
            TypeRef::Tag(_) => Self::Tag,
        }
    }
}

/// A custom section.
pub(super) struct Custom<'a> {
    /// How many of the sections of [`ORDER`] come before it.
    pub(super) after: usize,
    /// Its reader.
    pub(super) reader: CustomSectionReader<'a>,
    /// Its contents, name included, as they are in the module.
    pub(super) contents: &'a [u8],
}

/// The outline.
pub(super) struct Outline<'a> {
    /// The module.
    pub(super) wasm: &'a [u8],
    /// What it is read with.
    pub(super) features: WasmFeatures,
    /// The contents of the sections of [`ORDER`], where they are present.
    sections: [Option<Range<usize>>; ORDER.len()],
    /// The custom sections.
    pub(super) customs: Vec<Custom<'a>>,
    /// The imports, one by one.
    pub(super) imports: Vec<Import<'a>>,
    /// How many items of each space are imported, by the number of the space.
    pub(super) imported: [u32; Space::ALL.len()],
    /// How many items each space has, by the number of the space.
    pub(super) total: [u32; Space::ALL.len()],
    /// The types of all functions.
    pub(super) function_types: Vec<u32>,
    /// All types.
    pub(super) types: Vec<SubType>,
    /// The first type of each recursion group, and the number of types at the end.
    pub(super) groups: Vec<u32>,
    /// The bodies of the defined functions, locals included, size excluded.
    pub(super) bodies: Vec<Range<u32>>,
}

impl<'a> Outline<'a> {
    /// Reads a module.
    ///
    /// # Errors
    ///
    /// If its structure is malformed. Whether it is valid is not checked.
    pub(super) fn new(wasm: &'a [u8], features: WasmFeatures) -> Result<Self, EditError> {
        if u32::try_from(wasm.len()).is_err() {
            return Err(EditError::TooLarge { size: wasm.len() });
        }
        let mut outline = Self {
            wasm,
            features,
            sections: Default::default(),
            customs: Vec::new(),
            imports: Vec::new(),
            imported: Default::default(),
            total: Default::default(),
            function_types: Vec::new(),
            types: Vec::new(),
            groups: vec![0],
            bodies: Vec::new(),
        };
        let mut parser = Parser::new(0);
        parser.set_features(features);
        let mut sections = 0;
        for payload in parser.parse_all(wasm) {
            outline.add(payload?, &mut sections)?;
        }
        let functions = outline.defined(Space::Function);
        if functions as usize != outline.bodies.len() {
            return Err(EditError::Bodies { functions, bodies: outline.bodies.len() });
        }
        Ok(outline)
    }

    fn add(&mut self, payload: Payload<'a>, sections: &mut usize) -> Result<(), EditError> {
        match payload {
            Payload::Version { encoding: Encoding::Module, .. } | Payload::End(_) => return Ok(()),
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                self.bodies.push(range.start as u32..range.end as u32);
                return Ok(());
            }
            Payload::CustomSection(reader) => {
                let contents = bytes(self.wasm, reader.range());
                self.customs.push(Custom { after: *sections, reader, contents });
                return Ok(());
            }
            _ => {}
        }
        let Some((id, range)) = payload.as_section() else { return Err(EditError::NotAModule) };
        let position = ORDER.iter().position(|&section| u8::from(section) == id);
        let Some(position) = position.filter(|position| position >= sections) else {
            return Err(EditError::Order { id });
        };
        *sections = position + 1;
        self.sections[position] = Some(range.start as usize..range.end as usize);
        match payload {
            Payload::TypeSection(groups) => self.add_types(groups)?,
            Payload::ImportSection(imports) => self.add_imports(imports)?,
            Payload::FunctionSection(types) => {
                self.total[Space::Function as usize] += types.count();
                for ty in types {
                    self.function_types.push(ty?);
                }
            }
            Payload::TableSection(items) => self.total[Space::Table as usize] += items.count(),
            Payload::MemorySection(items) => self.total[Space::Memory as usize] += items.count(),
            Payload::TagSection(items) => self.total[Space::Tag as usize] += items.count(),
            Payload::GlobalSection(items) => self.total[Space::Global as usize] += items.count(),
            Payload::ElementSection(items) => self.total[Space::Element as usize] += items.count(),
            Payload::DataSection(items) => self.total[Space::Data as usize] += items.count(),
            Payload::ExportSection(_)
            | Payload::StartSection { .. }
            | Payload::DataCountSection { .. }
            | Payload::CodeSectionStart { .. } => {}
            _ => return Err(EditError::NotAModule),
        }
        Ok(())
    }

    fn add_types(&mut self, groups: SectionLimited<'a, wasmparser::RecGroup>) -> Result<(), EditError> {
        for group in groups {
            self.types.extend(group?.into_types());
            self.groups.push(self.types.len() as u32);
        }
        self.total[Space::Type as usize] = self.types.len() as u32;
        Ok(())
    }

    fn add_imports(&mut self, imports: wasmparser::ImportSectionReader<'a>) -> Result<(), EditError> {
        for import in imports.into_imports() {
            let import = import?;
            let space = Space::of(import.ty) as usize;
            self.imported[space] += 1;
            self.total[space] += 1;
            if let TypeRef::Func(ty) | TypeRef::FuncExact(ty) = import.ty {
                self.function_types.push(ty);
            }
            self.imports.push(import);
        }
        Ok(())
    }

    /// How many items of a space the module defines itself.
    pub(super) fn defined(&self, space: Space) -> u32 {
        self.total[space as usize] - self.imported[space as usize]
    }

    /// How many items of a space are imported.
    pub(super) fn imported(&self, space: Space) -> u32 {
        self.imported[space as usize]
    }

    /// The contents of a section.
    pub(super) fn contents(&self, section: SectionId) -> Option<&'a [u8]> {
        Some(&self.wasm[self.range(section)?])
    }

    /// Where the contents of a section are.
    pub(super) fn range(&self, section: SectionId) -> Option<Range<usize>> {
        let position = ORDER.iter().position(|&known| known == section)?;
        self.sections[position].clone()
    }

    /// The entries of a section, none if the section is absent.
    pub(super) fn entries<T: FromReader<'a>>(
        &self,
        section: SectionId,
    ) -> Result<SectionLimited<'a, T>, EditError> {
        let reader = match self.range(section) {
            Some(range) => self.reader(range),
            None => BinaryReader::new_features(&[0], 0, self.features),
        };
        Ok(SectionLimited::new(reader)?)
    }

    /// A reader of a part of the module.
    pub(super) fn reader(&self, range: Range<usize>) -> BinaryReader<'a> {
        let start = range.start as u64;
        BinaryReader::new_features(&self.wasm[range], start, self.features)
    }

    /// The function of the start section.
    pub(super) fn start(&self) -> Result<Option<u32>, EditError> {
        let range = self.range(SectionId::Start);
        Ok(range.map(|range| self.reader(range).read_var_u32()).transpose()?)
    }

    /// The body of a defined function.
    pub(super) fn body(&self, number: usize) -> FunctionBody<'a> {
        let range = &self.bodies[number];
        FunctionBody::new(self.reader(range.start as usize..range.end as usize))
    }

    /// The operators of the body of a defined function, each with its range in the module.
    pub(super) fn operators(
        &self,
        number: usize,
    ) -> Result<impl Iterator<Item = Result<Placed<'a>, BinaryReaderError>> + use<'a>, BinaryReaderError>
    {
        let mut operators = self.body(number).get_operators_reader()?;
        Ok(std::iter::from_fn(move || {
            if operators.eof() {
                return None;
            }
            let start = operators.original_position() as u32;
            let operator = operators.read();
            let end = operators.original_position() as u32;
            Some(operator.map(|operator| (operator, start..end)))
        }))
    }

    /// The bytes of the body of a defined function.
    pub(super) fn body_bytes(&self, number: usize) -> &'a [u8] {
        let range = &self.bodies[number];
        &self.wasm[range.start as usize..range.end as usize]
    }

    /// The type of a function.
    pub(super) fn function_type(&self, function: u32) -> Result<&FuncType, EditError> {
        let dangling = EditError::Dangling { index: function };
        let ty = self.function_types.get(function as usize).and_then(|&ty| self.types.get(ty as usize));
        match ty.map(|ty| &ty.composite_type.inner) {
            Some(CompositeInnerType::Func(ty)) => Ok(ty),
            Some(
                CompositeInnerType::Array(_) | CompositeInnerType::Struct(_) | CompositeInnerType::Cont(_),
            )
            | None => Err(dangling),
        }
    }
}

/// The bytes of a range that the parser gave, which lies in the module.
fn bytes(wasm: &[u8], range: Range<u64>) -> &[u8] {
    &wasm[range.start as usize..range.end as usize]
}
