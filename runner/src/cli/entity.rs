//! Types of imports and exports in words.

use trapline_abi::{EntityIndex, EntityType, FuncType, MemoryType, ModuleInfo, TypeIndex};

/// The type of an import, as in the text format but for the types of functions.
pub(super) fn import_type(info: &ModuleInfo, ty: &EntityType) -> String {
    match ty {
        EntityType::Func(ty) => format!("func {}", signature(info, *ty)),
        EntityType::ExactFunc(ty) => format!("func exactly {}", signature(info, *ty)),
        EntityType::Table(ty) => ty.to_string(),
        EntityType::Memory(ty) => ty.to_string(),
        EntityType::Global(ty) => ty.to_string(),
        EntityType::Tag(ty) => tag(info, *ty),
    }
}

/// The type of an export. The description may be a damaged one, in which the index leads nowhere.
pub(super) fn export_type(info: &ModuleInfo, index: EntityIndex) -> String {
    match index {
        EntityIndex::Func(func) => {
            info.funcs.get(func.index()).map(|func| format!("func {}", signature(info, func.ty)))
        }
        EntityIndex::Table(table) => info.tables.get(table.index()).map(|table| table.ty.to_string()),
        EntityIndex::Memory(memory) => info.memories.get(memory.index()).map(MemoryType::to_string),
        EntityIndex::Global(global) => info.globals.get(global.index()).map(|global| global.ty.to_string()),
        EntityIndex::Tag(index) => info.tags.get(index.index()).map(|&ty| tag(info, ty)),
    }
    .unwrap_or_else(|| "of something that does not exist".to_owned())
}

fn signature(info: &ModuleInfo, ty: TypeIndex) -> String {
    info.func_type_at(ty).map(FuncType::to_string).unwrap_or_default()
}

/// What exceptions of a tag carry.
fn tag(info: &ModuleInfo, ty: TypeIndex) -> String {
    let signature = signature(info, ty);
    format!("tag {}", signature.trim_end_matches(" -> []"))
}
