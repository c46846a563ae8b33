//! What stands in for imports that nothing provides: modules of the script, so that every engine has the same.

use super::quoted;
use crate::host::{import_name, is_provided, rule_note, stand_in_note};
use crate::spectest;
use std::collections::BTreeMap;
use std::fmt::Write;
use trapline_abi::{
    EntityType, FuncType, GlobalType, Import, IndexType, Limits, MemoryType, ModuleInfo, RefType, ValType,
};

/// What stands in for imports that nothing provides.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Absent {
    /// Nothing: the module is not linked.
    #[default]
    Refused,
    /// Functions that return zeros and nulls, and memories, tables and globals of zeros and nulls.
    Zero,
    /// Functions that trap, and the same memories, tables and globals.
    Trap,
}

/// Appends the stand-ins, on one line, but for what the host provides.
pub(super) fn write(
    text: &mut String,
    info: &ModuleInfo,
    (absent, by_rule): (Absent, bool),
    notes: &mut Vec<String>,
) {
    if absent == Absent::Refused {
        return;
    }
    let mut modules: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    let mut stand_ins = Vec::new();
    for Import { module, name, ty } in &info.imports {
        let is_function = matches!(ty, EntityType::Func(_) | EntityType::ExactFunc(_));
        if is_function && is_provided(module, name, by_rule) {
            notes.extend(rule_note(module, name).filter(|_| by_rule));
            continue;
        }
        if module == spectest::MODULE {
            // What is registered under its name would take the place of all of it.
            if spectest::item(name).is_none() {
                notes.push(format!(
                    "nothing stands in for the import {} of {}",
                    quoted(name),
                    quoted(module)
                ));
            }
            continue;
        }
        let items = modules.entry(module).or_default();
        match item(info, module, name, ty, absent) {
            Some(item) => {
                let first = items.entry(name).or_insert_with(|| {
                    stand_ins.push(import_name(module, name));
                    item.clone()
                });
                if *first != item {
                    notes.push(format!(
                        "nothing stands in for a second import {} of {}, with another type",
                        quoted(name),
                        quoted(module)
                    ));
                }
            }
            None => notes.push(format!(
                "nothing stands in for the import {} of {}: its type names types of the module, or has no null",
                quoted(name),
                quoted(module)
            )),
        }
    }
    notes.extend(stand_in_note(absent, &stand_ins));
    for (module, items) in modules {
        text.push_str("(module");
        for item in items.values() {
            text.push(' ');
            text.push_str(item);
        }
        // Writing to a String cannot fail.
        let _ = write!(text, ") (register {}) ", quoted(module));
    }
}

/// The names of stand-ins for functions, about those of the import.
const PREFIX: &str = "the import ";
const SUFFIX: &str = ", which nothing provides";

/// The import that a function of this name stands in for, if it does.
pub(crate) fn import_of(function: &str) -> Option<&str> {
    function.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)
}

fn item(info: &ModuleInfo, module: &str, name: &str, ty: &EntityType, absent: Absent) -> Option<String> {
    let export = format!("(export {})", quoted(name));
    Some(match ty {
        EntityType::Func(ty) | EntityType::ExactFunc(ty) => {
            let FuncType { params, results } = info.func_type_at(*ty)?;
            let (params, types) = (list("param", params)?, list("result", results)?);
            let body = match absent {
                Absent::Zero => results.iter().map(|&ty| zero(ty)).collect::<Option<String>>(),
                Absent::Trap | Absent::Refused => None,
            };
            // What has no zero cannot be returned. A trap names the function.
            let body = body.unwrap_or_else(|| " unreachable".to_owned());
            let called = quoted(&format!("{PREFIX}{module} {name}{SUFFIX}"));
            format!("(func ${called} {export}{params}{types}{body})")
        }
        EntityType::Memory(ty) => format!("(memory {export}{})", memory_type(ty)),
        EntityType::Table(ty) => {
            let element = reference(ty.element).filter(|_| ty.element.nullable)?;
            format!("(table {export}{}{} {element})", index(ty.index), limits(ty.limits))
        }
        EntityType::Global(GlobalType { val, mutable }) => {
            let ty = value_type(*val)?;
            let ty = if *mutable { format!("(mut {ty})") } else { ty };
            format!("(global {export} {ty}{})", zero(*val)?)
        }
        EntityType::Tag(ty) => {
            format!("(tag {export}{})", list("param", &info.func_type_at(*ty)?.params)?)
        }
    })
}

/// The type of a memory as the text format has it, behind a space.
pub(crate) fn memory_type(ty: &MemoryType) -> String {
    let (index, limits) = (index(ty.index), limits(ty.limits));
    let shared = if ty.shared { " shared" } else { "" };
    let page = match ty.page_size_log2 {
        16 => String::new(),
        log2 => format!(" (pagesize {})", 1_u64 << log2),
    };
    format!("{index}{limits}{shared}{page}")
}

fn index(index: IndexType) -> &'static str {
    match index {
        IndexType::I32 => "",
        IndexType::I64 => " i64",
    }
}

fn limits(Limits { min, max }: Limits) -> String {
    match max {
        None => format!(" {min}"),
        Some(max) => format!(" {min} {max}"),
    }
}

fn list(keyword: &str, types: &[ValType]) -> Option<String> {
    if types.is_empty() {
        return Some(String::new());
    }
    let types = types.iter().map(|&ty| value_type(ty)).collect::<Option<Vec<_>>>()?;
    Some(format!(" ({keyword} {})", types.join(" ")))
}

/// A type as the text format has it; `None` if it means something only within its module.
fn value_type(ty: ValType) -> Option<String> {
    match ty {
        ValType::Ref(ty) => reference(ty),
        number => Some(number.to_string()),
    }
}

fn reference(ty: RefType) -> Option<String> {
    (!ty.heap.is_concrete()).then(|| ty.to_string())
}

/// An instruction with the zero or the null of a type.
fn zero(ty: ValType) -> Option<String> {
    Some(match ty {
        ValType::V128 => " (v128.const i64x2 0 0)".to_owned(),
        ValType::Ref(ty) => {
            let heap = reference(ty).filter(|_| ty.nullable).map(|_| ty.heap)?;
            format!(" (ref.null {heap})")
        }
        number => format!(" ({number}.const 0)"),
    })
}
