//! What refers to what in a module.

use super::error::EditError;
use super::indices::each_index;
use super::outline::{Outline, Space};
use wasm_encoder::SectionId;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{Data, DataKind, Element, Export, Global, MemoryType, Operator, Table, TableInit, TagType};

/// No node.
const NONE: u32 = u32::MAX;

/// The items of a module as nodes: the items of each space one after another, then the start section.
pub(super) struct Graph {
    /// The first node of each space, then the node of the start section.
    base: [u32; Space::ALL.len() + 1],
    /// Where the targets of each node begin, and the number of targets.
    first: Vec<u32>,
    /// The nodes that a node refers to.
    targets: Vec<u32>,
    /// The nodes that are exported.
    pub(super) exported: Vec<u32>,
    /// The size of each node in the module in bytes; an estimate where the size is that of a type.
    pub(super) sizes: Vec<u32>,
}

impl Graph {
    /// Reads the references of a module. With `whole_groups`, each type refers to the other types of its group.
    ///
    /// # Errors
    ///
    /// If the module is malformed, or an index is out of bounds.
    pub(super) fn new(outline: &Outline<'_>, whole_groups: bool) -> Result<Self, EditError> {
        let mut base = [0; Space::ALL.len() + 1];
        for space in Space::ALL {
            base[space as usize + 1] = base[space as usize] + outline.total[space as usize];
        }
        let nodes = base[Space::ALL.len()] as usize + 1;
        let graph = Self {
            base,
            first: Vec::with_capacity(nodes + 1),
            targets: Vec::new(),
            exported: Vec::new(),
            sizes: Vec::new(),
        };
        let mut uses =
            Uses { graph, seen: vec![NONE; nodes], declaring: vec![NONE; outline.function_types.len()] };
        uses.read_exports(outline)?;
        uses.read_declarations(outline)?;
        uses.read_functions(outline)?;
        uses.read_items(outline)?;
        uses.read_types(outline, whole_groups)?;
        uses.begin(1);
        if let Some(function) = outline.start()? {
            uses.use_item(Space::Function, function)?;
        }
        let end = uses.graph.targets.len() as u32;
        uses.graph.first.push(end);
        Ok(uses.graph)
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// The node of an item.
    pub(super) fn node(&self, space: Space, index: u32) -> u32 {
        self.base[space as usize] + index
    }

    /// The node of the start section.
    pub(super) fn start(&self) -> u32 {
        self.base[Space::ALL.len()]
    }

    /// The nodes that a node refers to, each once.
    pub(super) fn targets(&self, node: u32) -> &[u32] {
        &self.targets[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }

    /// Marks what is reached from a node and was not marked, and returns its size.
    pub(super) fn mark(&self, node: u32, marked: &mut [bool]) -> u32 {
        let mut size = 0_u32;
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut marked[node as usize], true) {
                size = size.saturating_add(self.sizes[node as usize]);
                open.extend(self.targets(node).iter().filter(|&&target| !marked[target as usize]));
            }
        }
        size
    }
}

/// Collects the references of one node after the other.
struct Uses {
    graph: Graph,
    /// The last node that referred to each node.
    seen: Vec<u32>,
    /// The first item that declares each function for `ref.func`.
    declaring: Vec<u32>,
}

impl Uses {
    fn begin(&mut self, size: usize) {
        self.graph.first.push(self.graph.targets.len() as u32);
        self.graph.sizes.push(u32::try_from(size).unwrap_or(u32::MAX).max(1));
    }

    fn use_item(&mut self, space: Space, index: u32) -> Result<(), EditError> {
        let [first, end] = [self.graph.base[space as usize], self.graph.base[space as usize + 1]];
        if index >= end - first {
            return Err(EditError::Dangling { index });
        }
        self.use_node(first + index);
        Ok(())
    }

    fn use_node(&mut self, target: u32) {
        let node = self.graph.first.len() as u32 - 1;
        if target != node && self.seen[target as usize] != node {
            self.seen[target as usize] = node;
            self.graph.targets.push(target);
        }
    }

    fn read_exports(&mut self, outline: &Outline<'_>) -> Result<(), EditError> {
        for export in outline.entries::<Export<'_>>(SectionId::Export)? {
            let export = export?;
            let space = match export.kind {
                wasmparser::ExternalKind::Func | wasmparser::ExternalKind::FuncExact => Space::Function,
                wasmparser::ExternalKind::Table => Space::Table,
                wasmparser::ExternalKind::Memory => Space::Memory,
                wasmparser::ExternalKind::Global => Space::Global,
                wasmparser::ExternalKind::Tag => Space::Tag,
            };
            if export.index >= outline.total[space as usize] {
                return Err(EditError::Dangling { index: export.index });
            }
            self.graph.exported.push(self.graph.node(space, export.index));
        }
        Ok(())
    }

    /// Finds what declares the functions that are not exported: `ref.func` in a body needs it.
    fn read_declarations(&mut self, outline: &Outline<'_>) -> Result<(), EditError> {
        let mut declared = Declared::default();
        for (number, element) in outline.entries::<Element<'_>>(SectionId::Element)?.into_iter().enumerate() {
            declared.element_items(element?.items)?;
            self.declare(&mut declared, Space::Element, number as u32);
        }
        for (number, global) in outline.entries::<Global<'_>>(SectionId::Global)?.into_iter().enumerate() {
            declared.const_expr(global?.init_expr)?;
            self.declare(&mut declared, Space::Global, outline.imported(Space::Global) + number as u32);
        }
        for (number, table) in outline.entries::<Table<'_>>(SectionId::Table)?.into_iter().enumerate() {
            if let TableInit::Expr(value) = table?.init {
                declared.const_expr(value)?;
            }
            self.declare(&mut declared, Space::Table, outline.imported(Space::Table) + number as u32);
        }
        for &node in &self.graph.exported {
            if let Some(declaring) = self.declaring.get_mut(node as usize) {
                *declaring = NONE;
            }
        }
        Ok(())
    }

    fn declare(&mut self, declared: &mut Declared, space: Space, index: u32) {
        let node = self.graph.node(space, index);
        for function in declared.functions.drain(..) {
            if let Some(declaring @ &mut NONE) = self.declaring.get_mut(function as usize) {
                *declaring = node;
            }
        }
    }

    fn read_imports(&mut self, outline: &Outline<'_>, space: Space) -> Result<(), EditError> {
        for import in outline.imports.iter().filter(|import| Space::of(import.ty) == space) {
            self.begin(import.module.len() + import.name.len() + 4);
            self.entity_type(import.ty)?;
        }
        Ok(())
    }

    fn read_functions(&mut self, outline: &Outline<'_>) -> Result<(), EditError> {
        self.read_imports(outline, Space::Function)?;
        let imported = outline.imported(Space::Function) as usize;
        for number in 0..outline.bodies.len() {
            self.begin(outline.bodies[number].len() + 3);
            self.use_item(Space::Type, outline.function_types[imported + number])?;
            let body = outline.body(number);
            for local in body.get_locals_reader()? {
                self.val_type(local?.1)?;
            }
            let mut operators = body.get_operators_reader()?;
            while !operators.eof() {
                let operator = operators.read()?;
                if let Operator::RefFunc { function_index } = operator
                    && let Some(&declaring) = self.declaring.get(function_index as usize)
                    && declaring != NONE
                {
                    self.use_node(declaring);
                }
                self.instruction(operator)?;
            }
        }
        Ok(())
    }

    fn read_items(&mut self, outline: &Outline<'_>) -> Result<(), EditError> {
        self.read_imports(outline, Space::Table)?;
        for table in outline.entries::<Table<'_>>(SectionId::Table)? {
            let table = table?;
            self.begin(4);
            self.table_type(table.ty)?;
            if let TableInit::Expr(value) = table.init {
                self.const_expr(value)?;
            }
        }
        self.read_imports(outline, Space::Memory)?;
        for memory in outline.entries::<MemoryType>(SectionId::Memory)? {
            memory?;
            self.begin(3);
        }
        self.read_imports(outline, Space::Tag)?;
        for tag in outline.entries::<TagType>(SectionId::Tag)? {
            self.begin(2);
            self.tag_type(tag?)?;
        }
        self.read_imports(outline, Space::Global)?;
        for global in outline.entries::<Global<'_>>(SectionId::Global)? {
            let global = global?;
            self.begin(5);
            self.global_type(global.ty)?;
            self.const_expr(global.init_expr)?;
        }
        for element in outline.entries::<Element<'_>>(SectionId::Element)? {
            let element = element?;
            self.begin((element.range.end - element.range.start) as usize);
            if let wasmparser::ElementKind::Active { table_index, offset_expr } = element.kind {
                self.table_index(table_index.unwrap_or(0))?;
                self.const_expr(offset_expr)?;
            }
            self.element_items(element.items)?;
        }
        for data in outline.entries::<Data<'_>>(SectionId::Data)? {
            let data = data?;
            self.begin(data.data.len() + 3);
            if let DataKind::Active { memory_index, offset_expr } = data.kind {
                self.memory_index(memory_index)?;
                self.const_expr(offset_expr)?;
            }
        }
        Ok(())
    }

    fn read_types(&mut self, outline: &Outline<'_>, whole_groups: bool) -> Result<(), EditError> {
        for group in outline.groups.windows(2) {
            for ty in group[0]..group[1] {
                self.begin(4);
                self.sub_type(outline.types[ty as usize].clone())?;
                if whole_groups {
                    let next = if ty + 1 == group[1] { group[0] } else { ty + 1 };
                    self.use_item(Space::Type, next)?;
                }
            }
        }
        Ok(())
    }
}

impl Reencode for Uses {
    type Error = EditError;

    each_index!(|uses, space, index| {
        uses.use_item(space, index)?;
        Ok(index)
    });
}

/// Collects the functions that constant expressions and element segments mention.
#[derive(Default)]
struct Declared {
    functions: Vec<u32>,
}

impl Reencode for Declared {
    type Error = EditError;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<EditError>> {
        self.functions.push(function);
        Ok(function)
    }
}
