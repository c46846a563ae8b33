//! Exceptions by what they are: their tags, and all that is reached from them.

use super::{Functions, StateValue, hash};
use crate::store::StoreInner;
use rustc_hash::FxHashMap;
use std::num::NonZeroU32;
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{Hierarchy, TypeId, ValType};

/// The exception behind a value as compiled code holds it, if it is of a type of exceptions: `None` for null.
pub(super) fn exception(raw: ValRaw, ty: ValType<TypeId>) -> Option<Option<NonZeroU32>> {
    let is_exception = matches!(ty, ValType::Ref(ty) if ty.heap.hierarchy() == Hierarchy::Exn);
    is_exception.then(|| NonZeroU32::new(raw.as_u32()))
}

/// A digest of an exception: of its tag, and of what it carries. An exception carries only such as were made before it, so
/// no chain of them comes back; it can be long, and is followed without recursion.
pub(super) fn digest(functions: &Functions, store: &StoreInner, exception: NonZeroU32) -> u128 {
    let mut known: FxHashMap<NonZeroU32, u128> = FxHashMap::default();
    let mut open = vec![exception];
    let mut bytes = Vec::new();
    while let Some(&exception) = open.last() {
        let before = open.len();
        bytes.clear();
        let tag = store.exceptions.tag(exception);
        bytes.extend(tag.to_le_bytes());
        let types = &store.types.func(store.exceptions.tag_type(tag)).params;
        for (&ty, &raw) in types.iter().zip(store.exceptions.payload(exception)) {
            let value = match self::exception(raw, ty) {
                None => functions.value(store, store.lift(raw, ty)),
                Some(None) => StateValue::Exception(None),
                Some(Some(carried)) => match known.get(&carried) {
                    Some(&digest) => StateValue::Exception(Some(digest)),
                    None => {
                        open.push(carried);
                        continue;
                    }
                },
            };
            bytes.push(value.tag());
            bytes.extend(value.bits().to_le_bytes());
        }
        if open.len() == before {
            known.insert(exception, hash(&bytes));
            open.pop();
        }
    }
    known.get(&exception).copied().unwrap_or_default()
}
