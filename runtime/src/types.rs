//! Types throughout a store: one number for each, however many modules declare it.
//!
//! Two modules' types are the same if their recursion groups are equal piece by piece (specification:
//! "Type Equivalence"; iso-recursive as in the GC proposal). A registry interns whole groups;
//! references within a group are relative to it, all others are canonical numbers already, so that
//! equality of groups is plain equality.

use crate::layout::ObjectLayout;
use rustc_hash::FxHashMap;
use trapline_abi::heap::{DISPLAY_LEN, DISPLAY_STRIDE, EXCEPTION_TYPE, EXTERN_TYPE, ObjectKind};
use trapline_abi::vmlayout::{VMContextHeader, VMFuncRef};
use trapline_abi::{CompositeType, FuncType, ModuleInfo, RefType, SubType, TypeId, TypeIndex, ValType};

/// What a type in the key of a group refers to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum GroupRef {
    /// A type of the same group, counted from its first.
    Member(u32),
    /// A type of an earlier group.
    Known(TypeId),
}

/// The canonical types of a store.
#[derive(Debug)]
pub(crate) struct TypeRegistry {
    groups: FxHashMap<Box<[SubType<GroupRef>]>, TypeId>,
    types: Vec<SubType<TypeId>>,
    /// How the objects of each type look.
    layouts: Vec<ObjectLayout>,
    /// For each type its supertypes from the root down, and last itself. Compiled code reads them where they are, so they
    /// stay there.
    displays: Vec<Box<[TypeId]>>,
}

impl Default for TypeRegistry {
    /// A registry that knows what has no type of its own, and nothing else.
    fn default() -> Self {
        let mut registry = TypeRegistry {
            groups: FxHashMap::default(),
            types: Vec::new(),
            layouts: Vec::new(),
            displays: Vec::new(),
        };
        for (id, layout) in [(EXTERN_TYPE, ObjectLayout::Extern), (EXCEPTION_TYPE, ObjectLayout::Exception)] {
            assert_eq!(id.index(), registry.types.len(), "the first numbers are those of no type");
            registry.types.push(SubType::plain(CompositeType::Struct(Vec::new())));
            registry.layouts.push(layout);
            registry.displays.push(Box::new([id]));
        }
        registry
    }
}

impl TypeRegistry {
    /// Interns all types of a module: its type indices to numbers. The module's types must have been
    /// checked.
    pub(crate) fn intern_module(&mut self, module: &ModuleInfo) -> Vec<TypeId> {
        let mut ids: Vec<TypeId> = Vec::with_capacity(module.types.len());
        for &size in &module.rec_groups {
            let first = ids.len();
            let group = &module.types[first..first + size as usize];
            let reference = |index: TypeIndex| match index.index().checked_sub(first) {
                Some(within) => GroupRef::Member(within as u32),
                None => GroupRef::Known(ids[index.index()]),
            };
            let key: Box<[_]> = group.iter().map(|ty| ty.map(reference)).collect();
            let id = self.intern_group(key);
            ids.extend((0..size).map(|within| member(id, within)));
        }
        ids
    }

    /// Interns a function type as a module that declares nothing but it would.
    pub(crate) fn intern_func(&mut self, ty: &FuncType<TypeId>) -> TypeId {
        self.intern_group(Box::new([SubType::plain(CompositeType::Func(ty.map(GroupRef::Known)))]))
    }

    fn intern_group(&mut self, key: Box<[SubType<GroupRef>]>) -> TypeId {
        if let Some(&id) = self.groups.get(&key) {
            return id;
        }
        let first = TypeId::new(self.types.len() as u32);
        for (ty, within) in key.iter().zip(0..) {
            let ty = ty.map(|reference| match reference {
                GroupRef::Member(within) => member(first, within),
                GroupRef::Known(id) => id,
            });
            let above = ty.supertype.map_or(&[][..], |above| self.supertypes(above));
            let display = above.iter().copied().chain([member(first, within)]).collect();
            self.layouts.push(ObjectLayout::new(&ty, ty.supertype.map(|above| &self.layouts[above.index()])));
            self.types.push(ty);
            self.displays.push(display);
        }
        self.groups.insert(key, first);
        first
    }

    /// # Panics
    ///
    /// If a type is not one of this registry.
    pub(crate) fn assert_knows(&self, ty: ValType<TypeId>) {
        let known = |id: TypeId| assert!(id.index() < self.types.len(), "type {id} is not of this store");
        let _ = ty.map(known);
    }

    /// The function type with a number. Modules have been checked, so it is one.
    pub(crate) fn func(&self, id: TypeId) -> &FuncType<TypeId> {
        match &self.types[id.index()].composite {
            CompositeType::Func(ty) => ty,
            CompositeType::Struct(_) | CompositeType::Array(_) => {
                unreachable!("type {id} is not that of functions")
            }
        }
    }

    /// The type with a number.
    pub(crate) fn get(&self, id: TypeId) -> &SubType<TypeId> {
        &self.types[id.index()]
    }

    /// How many types there are.
    pub(crate) fn len(&self) -> usize {
        self.types.len()
    }

    /// How the objects of each type look, by number.
    pub(crate) fn layouts(&self) -> &[ObjectLayout] {
        &self.layouts
    }

    /// The row of a type in the table that compiled code looks supertypes up in. Where there is nothing, it has a number
    /// that no type has.
    pub(crate) fn display(&self, number: usize) -> [u32; DISPLAY_STRIDE as usize / 4] {
        let mut row = [u32::MAX; DISPLAY_STRIDE as usize / 4];
        for (entry, ty) in row.iter_mut().zip(&self.displays[number][..]).take(DISPLAY_LEN as usize) {
            *entry = ty.as_u32();
        }
        let kind = match &self.layouts[number] {
            ObjectLayout::None => ObjectKind::None,
            ObjectLayout::Extern => ObjectKind::Extern,
            ObjectLayout::Exception => ObjectKind::Exception,
            ObjectLayout::Struct(_) => ObjectKind::Struct,
            ObjectLayout::Array { .. } => ObjectKind::Array,
        };
        row[DISPLAY_LEN as usize] = kind as u32;
        row
    }

    /// The supertypes of a type from the root down, and last the type itself. They stay where they are as long as the
    /// registry lives.
    pub(crate) fn supertypes(&self, id: TypeId) -> &[TypeId] {
        &self.displays[id.index()]
    }

    /// A reference to a function of a type.
    pub(crate) fn func_ref(
        &self,
        id: TypeId,
        code: *const u8,
        entry: *const u8,
        vmctx: *mut VMContextHeader,
    ) -> VMFuncRef {
        let supertypes = self.supertypes(id);
        let type_depth = supertypes.len() as u32 - 1;
        let (type_id, supertypes) = (id.as_u32(), supertypes.as_ptr().cast());
        VMFuncRef { code, entry, vmctx, type_id, type_depth, supertypes, heap_number: 0 }
    }

    /// Whether one type is another or declared below it.
    pub(crate) fn is_subtype(&self, have: TypeId, want: TypeId) -> bool {
        let depth = self.supertypes(want).len() - 1;
        self.supertypes(have).get(depth) == Some(&want)
    }

    /// Whether values of one type are values of another (specification: "Matching").
    pub(crate) fn val_matches(&self, have: ValType<TypeId>, want: ValType<TypeId>) -> bool {
        have.matches(want, |have, want| self.is_subtype(have, want))
    }

    /// Whether references of one type are references of another.
    pub(crate) fn ref_matches(&self, have: RefType<TypeId>, want: RefType<TypeId>) -> bool {
        have.matches(want, |have, want| self.is_subtype(have, want))
    }
}

/// A type of a group by its place in it.
fn member(first: TypeId, within: u32) -> TypeId {
    TypeId::new(first.as_u32() + within)
}

#[cfg(test)]
mod tests;
