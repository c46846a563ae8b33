//! From the parsed text of a module to its binary.

use wast::core::{InnerTypeKind, Module, ModuleField, ModuleKind, Rec, Type, TypeDef};
use wast::{Error, Wat};

/// Encodes a module. That resolves its names and brings its fields into the order of the binary.
///
/// # Errors
///
/// When a name or a type use does not resolve.
pub(super) fn module(module: &mut Module<'_>) -> Result<Vec<u8>, Error> {
    if let ModuleKind::Text(fields) = &mut module.kind {
        group_open_types(fields);
    }
    module.encode()
}

/// The same for the text of a whole file.
///
/// # Errors
///
/// As [`module`].
pub(super) fn wat(text: &mut Wat<'_>) -> Result<Vec<u8>, Error> {
    match text {
        Wat::Module(found) => module(found),
        // Without the crate's component model, no component parses.
        Wat::Component(_) => text.encode(),
    }
}

/// Writes each function type that is open or has a supertype as the recursive group that it is an abbreviation of.
///
/// A type use without an index stands for a final type without supertypes in a group of its own (specification: text format,
/// "Type Uses"). The crate takes the first type definition with the same parameters and results instead, whatever else it says;
/// definitions in groups it leaves alone. A type in a group by itself is the same type as one without the group, so that
/// nothing but the resolution of type uses changes.
fn group_open_types(fields: &mut [ModuleField<'_>]) {
    for field in fields {
        let ModuleField::Type(Type { span, def, .. }) = &*field else { continue };
        if is_plain(def) {
            continue;
        }
        let group = Rec { span: *span, types: Vec::new() };
        if let ModuleField::Type(open) = std::mem::replace(field, ModuleField::Rec(group))
            && let ModuleField::Rec(group) = field
        {
            group.types.push(open);
        }
    }
}

/// Whether a type use may stand for a definition, if it is one of a function type.
fn is_plain(def: &TypeDef<'_>) -> bool {
    let TypeDef { kind, shared, parents, descriptor, describes, final_type } = def;
    let is_bare = !shared && parents.is_empty() && descriptor.is_none() && describes.is_none();
    is_bare && *final_type != Some(false) || !matches!(kind, InnerTypeKind::Func(_))
}
