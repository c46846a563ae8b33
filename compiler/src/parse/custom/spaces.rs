//! How much there is of what custom sections refer to by index.

use wasmparser::{CompositeInnerType, FunctionBody, Operator, Payload, TypeRef};

/// An index space that names can be given in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Space {
    Types,
    Funcs,
    Tables,
    Memories,
    Globals,
    Elements,
    Data,
    Tags,
    /// Of a function, with its parameters.
    Locals,
    /// Of a function: its blocks in the order in which they begin.
    Labels,
    /// Of a structure or an array.
    Fields,
}

impl Space {
    /// The specification's word for one member.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Space::Types => "type",
            Space::Funcs => "function",
            Space::Tables => "table",
            Space::Memories => "memory",
            Space::Globals => "global",
            Space::Elements => "elem segment",
            Space::Data => "data segment",
            Space::Tags => "tag",
            Space::Locals => "local",
            Space::Labels => "label",
            Space::Fields => "field",
        }
    }
}

/// The members of a type that can have names.
#[derive(Clone, Copy)]
enum Members {
    Params(u32),
    Fields(u32),
    None,
}

/// The index spaces of a module, filled section by section.
#[derive(Default)]
pub(super) struct Spaces<'a> {
    types: Vec<Members>,
    /// The types of the functions.
    funcs: Vec<u32>,
    imported_funcs: usize,
    tables: u32,
    memories: u32,
    globals: u32,
    elements: u32,
    data: u32,
    tags: u32,
    bodies: Vec<FunctionBody<'a>>,
}

impl<'a> Spaces<'a> {
    /// Takes what a part of the module adds.
    pub(super) fn add(&mut self, payload: Payload<'a>) -> wasmparser::Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    self.types.extend(group?.types().map(|ty| match &ty.composite_type.inner {
                        CompositeInnerType::Func(ty) => Members::Params(ty.params().len() as u32),
                        CompositeInnerType::Struct(ty) => Members::Fields(ty.fields.len() as u32),
                        CompositeInnerType::Array(_) => Members::Fields(1),
                        CompositeInnerType::Cont(_) => Members::None,
                    }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => self.funcs.push(ty),
                        TypeRef::Table(_) => self.tables += 1,
                        TypeRef::Memory(_) => self.memories += 1,
                        TypeRef::Global(_) => self.globals += 1,
                        TypeRef::Tag(_) => self.tags += 1,
                    }
                }
                self.imported_funcs = self.funcs.len();
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.funcs.push(ty?);
                }
            }
            Payload::TableSection(section) => self.tables += section.count(),
            Payload::MemorySection(section) => self.memories += section.count(),
            Payload::GlobalSection(section) => self.globals += section.count(),
            Payload::ElementSection(section) => self.elements += section.count(),
            Payload::DataSection(section) => self.data += section.count(),
            Payload::TagSection(section) => self.tags += section.count(),
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            // Nothing else has members.
            _ => {}
        }
        Ok(())
    }

    /// The number of functions.
    pub(super) fn funcs(&self) -> u32 {
        self.funcs.len() as u32
    }

    /// The body of a function of the module's own.
    pub(super) fn body(&self, func: u32) -> Option<&FunctionBody<'a>> {
        self.bodies.get((func as usize).checked_sub(self.imported_funcs)?)
    }

    /// The number of members of a space; `within` is the function or type that has it. What is not there has none.
    pub(super) fn len(&self, space: Space, within: Option<u32>) -> u64 {
        let within = within.unwrap_or_default();
        match space {
            Space::Types => self.types.len() as u64,
            Space::Funcs => self.funcs.len() as u64,
            Space::Tables => self.tables.into(),
            Space::Memories => self.memories.into(),
            Space::Globals => self.globals.into(),
            Space::Elements => self.elements.into(),
            Space::Data => self.data.into(),
            Space::Tags => self.tags.into(),
            Space::Locals => self.locals(within),
            Space::Labels => self.labels(within),
            Space::Fields => match self.types.get(within as usize) {
                Some(&Members::Fields(fields)) => fields.into(),
                Some(Members::Params(_) | Members::None) | None => 0,
            },
        }
    }

    fn locals(&self, func: u32) -> u64 {
        let ty = self.funcs.get(func as usize).and_then(|&ty| self.types.get(ty as usize));
        let params = match ty {
            Some(&Members::Params(params)) => params.into(),
            Some(Members::Fields(_) | Members::None) | None => 0,
        };
        // The body has been decoded before, so nothing is left out here or below.
        let declared = self.body(func).and_then(|body| body.get_locals_reader().ok());
        params + declared.into_iter().flatten().flatten().map(|(count, _)| u64::from(count)).sum::<u64>()
    }

    fn labels(&self, func: u32) -> u64 {
        let operators = self.body(func).and_then(|body| body.get_operators_reader().ok());
        let operators = operators.into_iter().flatten().flatten();
        operators.filter(|operator| opens_block(operator)).count() as u64
    }
}

fn opens_block(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. }
    )
}
