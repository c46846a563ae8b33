//! Whether what is to stand for an import will do.

use crate::error::LinkError;
use crate::handle::Extern;
use crate::store::StoreInner;
use trapline_abi::{EntityType, ModuleInfo, TypeId, TypeIndex};

/// Checks what is to stand for a module's imports (specification: "Import Matching").
///
/// # Panics
///
/// If something is of another store.
pub(crate) fn check_imports(
    store: &StoreInner,
    module: &ModuleInfo,
    ids: &[TypeId],
    items: &[Extern],
) -> Result<(), LinkError> {
    for (i, import) in module.imports.iter().enumerate() {
        let item = items.get(i).ok_or_else(|| LinkError::unknown(import))?;
        store.assert_owns(item.store());
        if !matches(store, ids, &import.ty, item) {
            return Err(LinkError::IncompatibleImport {
                module: import.module.clone(),
                name: import.name.clone(),
                expected: describe_wanted(module, &import.ty),
                found: describe(store, item),
            });
        }
    }
    Ok(())
}

fn matches(store: &StoreInner, ids: &[TypeId], wanted: &EntityType, item: &Extern) -> bool {
    let canonical = |index: TypeIndex| ids[index.index()];
    match (wanted, *item) {
        (EntityType::Func(ty), Extern::Func(func)) => {
            store.types.is_subtype(store.type_of(func), canonical(*ty))
        }
        (EntityType::ExactFunc(ty), Extern::Func(func)) => store.type_of(func) == canonical(*ty),
        (EntityType::Table(ty), Extern::Table(table)) => {
            let (want, have) = (ty.map(canonical), store.table(table));
            // Elements are both read and written, so their types must be the same.
            let same = have.ty.index == want.index && have.ty.element == want.element;
            same && have.ty.limits.matches(have.len(), want.limits)
        }
        (EntityType::Memory(want), Extern::Memory(memory)) => {
            let have = store.memory(memory);
            let same = have.ty.index == want.index
                && have.ty.shared == want.shared
                && have.ty.page_size_log2 == want.page_size_log2;
            same && have.ty.limits.matches(have.pages(), want.limits)
        }
        (EntityType::Global(ty), Extern::Global(global)) => {
            let (want, have) = (ty.map(canonical), store.global(global).ty);
            match want.mutable {
                true => have == want,
                false => !have.mutable && store.types.val_matches(have.val, want.val),
            }
        }
        // The two directions of matching make tags of the same type.
        (EntityType::Tag(ty), Extern::Tag(tag)) => store.heap.tag_type(tag.index) == canonical(*ty),
        _ => false,
    }
}

fn describe_wanted(module: &ModuleInfo, ty: &EntityType) -> String {
    match ty {
        EntityType::Func(ty) | EntityType::ExactFunc(ty) => match module.func_type_at(*ty) {
            Some(ty) => format!("func {ty}"),
            None => "func".to_owned(),
        },
        EntityType::Table(ty) => ty.to_string(),
        EntityType::Memory(ty) => ty.to_string(),
        EntityType::Global(ty) => ty.to_string(),
        EntityType::Tag(ty) => match module.func_type_at(*ty) {
            Some(ty) => format!("tag {ty}"),
            None => "tag".to_owned(),
        },
    }
}

fn describe(store: &StoreInner, item: &Extern) -> String {
    match *item {
        Extern::Func(func) => format!("func {}", store.types.func(store.type_of(func))),
        Extern::Table(table) => store.table(table).current_type().to_string(),
        Extern::Memory(memory) => store.memory(memory).current_type().to_string(),
        Extern::Global(global) => store.global(global).ty.to_string(),
        Extern::Tag(tag) => format!("tag {}", store.types.func(store.heap.tag_type(tag.index))),
    }
}
