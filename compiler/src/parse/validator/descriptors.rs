//! Types with descriptors that break a rule of wasmparser's, and not of the proposal.

use super::super::types::{kind, sub_type};
use super::super::{ParseError, invalid, unsupported};
use std::collections::HashMap;
use trapline_abi::{CompositeType, FieldType, StorageType, SubType, TypeIndex, TypeKind, ValType};

/// How a type is shown to the validator.
#[derive(Clone, Copy)]
pub(super) struct Change {
    /// The supertype that is left out.
    pub(super) hidden: Option<u32>,
    /// Whether the type is final, and shown as if it were not.
    pub(super) open: bool,
}

/// The types of a module, with the places of their definitions.
type Types = [(u64, wasmparser::SubType)];

fn module_index(index: Option<wasmparser::PackedIndex>) -> Option<u32> {
    index?.unpack().as_module_index()
}

fn supertype(ty: &wasmparser::SubType) -> Option<u32> {
    module_index(ty.supertype_idxs.first().copied())
}

pub(super) fn changes(types: &Types) -> Vec<Change> {
    let at = |index: u32| types.get(index as usize).map(|(_, ty)| ty);
    let change = |ty: &wasmparser::SubType| {
        let descriptor = ty.composite_type.descriptor_idx;
        let partners = [descriptor, ty.composite_type.describes_idx].map(|index| at(module_index(index)?));
        let bare =
            |&above: &u32| at(above).is_some_and(|above| above.composite_type.descriptor_idx.is_none());
        Change {
            hidden: supertype(ty).filter(|above| descriptor.is_some() && bare(above)),
            open: ty.is_final && partners.iter().flatten().any(|partner| !partner.is_final),
        }
    };
    let mut changes: Vec<Change> = types.iter().map(|(_, ty)| change(ty)).collect();
    // A descriptor whose supertype is hidden does not match that of the type that it describes, so this goes, too.
    for index in 0..types.len() {
        let mut descriptor = index;
        while changes[descriptor].hidden.is_some()
            && let Some(described) = module_index(types[descriptor].1.composite_type.describes_idx)
            && let Some((_, ty)) = types.get(described as usize)
            && changes[described as usize].hidden.is_none()
            && let Some(above) = supertype(ty)
        {
            descriptor = described as usize;
            changes[descriptor].hidden = Some(above);
        }
    }
    changes
}

/// Checks of changed types what the validator cannot. `groups` are the sizes of the recursion groups.
pub(super) fn check(types: &Types, groups: &[usize], changes: &[Change]) -> Result<(), ParseError> {
    let kinds: Vec<TypeKind> = types.iter().map(|(_, ty)| kind(ty)).collect();
    let mut declared = Vec::with_capacity(types.len());
    for (index, (offset, ty)) in (0..).zip(types) {
        if supertype(ty).is_some_and(|above| above >= index) {
            // The validator refuses it, unless it does not see it.
            return invalid("unknown type: a supertype comes before its subtypes", *offset);
        }
        declared.push(sub_type(ty, &kinds, *offset)?);
    }
    let identities = stay_apart(types, groups, changes, &declared)?;
    let supertype_of = |index: TypeIndex| declared.get(index.index())?.supertype;
    let below = |have: TypeIndex, want: TypeIndex| {
        let mut above = std::iter::successors(Some(have), |&index| supertype_of(index));
        above.any(|index| identities[index.index()] == identities[want.index()])
    };
    for ((ty, (offset, _)), change) in declared.iter().zip(types).zip(changes) {
        let Some(above) = ty.supertype.map(|above| &declared[above.index()]) else { continue };
        if above.is_final {
            return invalid("sub type cannot have a final super type", *offset);
        }
        if !composites_match(&ty.composite, &above.composite, &below) {
            return invalid("sub type must match super type", *offset);
        }
        if change.hidden.is_none() {
            continue;
        }
        if above.descriptor.is_some() && ty.descriptor.and_then(supertype_of) != above.descriptor {
            return invalid(
                "supertype of described type must be described by supertype of descriptor",
                *offset,
            );
        }
        if ty.describes.is_some() != above.describes.is_some()
            || ty.describes.and_then(supertype_of) != above.describes
        {
            return invalid("supertype of descriptor does not match", *offset);
        }
    }
    Ok(())
}

/// The identities of types as they are declared. Refuses types that differ only in what the validator is not shown: it
/// would take them for one.
fn stay_apart(
    types: &Types,
    groups: &[usize],
    changes: &[Change],
    declared: &[SubType],
) -> Result<Vec<usize>, ParseError> {
    let shown = declared.iter().zip(changes).map(|(ty, change)| SubType {
        is_final: ty.is_final && !change.open,
        supertype: ty.supertype.filter(|_| change.hidden.is_none()),
        ..ty.clone()
    });
    let shown = identities(&shown.collect::<Vec<_>>(), groups);
    let declared = identities(declared, groups);
    match (0..types.len()).find(|&index| declared[shown[index]] != declared[index]) {
        None => Ok(declared),
        Some(index) => {
            unsupported("types with descriptors that differ only in supertypes or finality", types[index].0)
        }
    }
}

/// For each type the first that is the same type (specification: "Type Equivalence").
fn identities(types: &[SubType], groups: &[usize]) -> Vec<usize> {
    let mut known = HashMap::new();
    let mut identities = Vec::with_capacity(types.len());
    for &size in groups {
        let first = identities.len();
        // A type by its place in the group, or the identity of an earlier one.
        let reference = |index: TypeIndex| match index.index().checked_sub(first) {
            Some(within) => (true, within),
            None => (false, identities[index.index()]),
        };
        let group: Vec<_> = types[first..first + size].iter().map(|ty| ty.map(reference)).collect();
        let identity: usize = *known.entry(group).or_insert(first);
        identities.extend(identity..identity + size);
    }
    identities
}

/// Whether a composite type matches that of a supertype (specification: "Composite Types" of "Matching").
fn composites_match(
    have: &CompositeType,
    want: &CompositeType,
    below: &impl Fn(TypeIndex, TypeIndex) -> bool,
) -> bool {
    let vals = |have: &[ValType], want: &[ValType]| {
        have.len() == want.len()
            && have.iter().zip(want).all(|(&have, &want)| ValType::matches(have, want, below))
    };
    let storage = |have: StorageType, want: StorageType| match (have, want) {
        (StorageType::Val(have), StorageType::Val(want)) => ValType::matches(have, want, below),
        _ => have == want,
    };
    let field = |have: &FieldType, want: &FieldType| {
        have.mutable == want.mutable
            && storage(have.storage, want.storage)
            && (!have.mutable || storage(want.storage, have.storage))
    };
    match (have, want) {
        (CompositeType::Func(have), CompositeType::Func(want)) => {
            vals(&want.params, &have.params) && vals(&have.results, &want.results)
        }
        (CompositeType::Struct(have), CompositeType::Struct(want)) => {
            have.len() >= want.len() && have.iter().zip(want).all(|(have, want)| field(have, want))
        }
        (CompositeType::Array(have), CompositeType::Array(want)) => field(have, want),
        (CompositeType::Func(_) | CompositeType::Struct(_) | CompositeType::Array(_), _) => false,
    }
}

/// The section as the validator gets it. `start` is where it starts in the module.
pub(super) fn rewritten(section: &[u8], start: u64, types: &Types, changes: &[Change]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(section.len() + types.len());
    let mut copied = 0;
    for ((offset, ty), change) in types.iter().zip(changes) {
        if !change.open && change.hidden.is_none() {
            continue;
        }
        let at = (offset - start) as usize;
        bytes.extend_from_slice(&section[copied..at]);
        let is_final = ty.is_final && !change.open;
        bytes.push(if is_final { 0x4f } else { 0x50 });
        copied = at;
        // Without a prefix, a type is final and has no supertype.
        let has_prefix = matches!(section[at], 0x4f | 0x50);
        let list = if has_prefix { supertype_list(&section[at + 1..]) } else { 0 };
        copied += usize::from(has_prefix);
        match change.hidden.is_some() || !has_prefix {
            true => bytes.push(0),
            false => bytes.extend_from_slice(&section[copied..copied + list]),
        }
        copied += list;
    }
    bytes.extend_from_slice(&section[copied..]);
    bytes
}

/// Bytes of a list of supertypes, of which there is one at most: two LEB128 numbers or one.
fn supertype_list(bytes: &[u8]) -> usize {
    let number = |bytes: &[u8]| bytes.iter().take_while(|&&byte| byte & 0x80 != 0).count() + 1;
    let count = number(bytes);
    match bytes[..count].iter().all(|byte| byte & 0x7f == 0) {
        true => count,
        false => count + number(&bytes[count..]),
    }
}
