//! Exceptions.

use super::Vmctx;
use crate::store::StoreInner;
use crate::sys::jump;
use crate::trap::Failure;
use crate::vm::find_handler;
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{StorageType, ValType};

pub(crate) fn exception_new(vmctx: &mut Vmctx, tag: u32, values: *mut ValRaw) -> Result<u64, Failure> {
    let (store, instance) = vmctx.instance();
    let tag = instance.tags[tag as usize];
    let count = store.types.func(store.heap.tag_type(tag)).params.len();
    // SAFETY: I5: compiled code passes an array of what the tag's exceptions carry.
    let payload = (0..count).map(|i| unsafe { *values.add(i) });
    Ok(store.new_exception(tag, payload)?.into())
}

pub(crate) fn exception_throw(vmctx: &mut Vmctx, exception: u32) -> Result<(), Failure> {
    let store = vmctx.store();
    // SAFETY: I5: the stub has called, and nothing refers to the store.
    unsafe { throw(store, exception) }
}

/// Goes on in the handler of an exception, if there is one before the host is reached.
///
/// # Safety
///
/// I5, I6: called by a builtin whose stub has left its frame pointer with the store; no reference to the store exists, and
/// the frames up to the builtin hold nothing that has to be dropped.
pub(super) unsafe fn throw(store: *mut StoreInner, exception: u32) -> Result<(), Failure> {
    // SAFETY: I5, I6: as demanded.
    unsafe {
        let tag = (*store).heap.exception_tag(exception);
        if let Some(landing) = find_handler(store, tag) {
            jump::to_handler(landing.pc, landing.sp, landing.fp, exception.into())
        }
        match (*store).exception_from_raw(exception) {
            Some(exception) => Err(Failure::Exception(exception)),
            None => unreachable!("compiled code checks the reference"),
        }
    }
}

impl StoreInner {
    /// Sets a field or element of an object to a value as compiled code has it on its stack.
    pub(crate) fn write_field(
        &mut self,
        reference: u32,
        at: u64,
        storage: StorageType<trapline_abi::TypeId>,
        value: ValRaw,
    ) {
        let value = match storage {
            StorageType::Val(ValType::Ref(_)) if !storage.is_object() => self.func_number(value),
            _ => value,
        };
        self.heap.write(reference, at, storage, value);
    }

    /// A reference to a function as the heap holds it.
    pub(crate) fn func_number(&mut self, value: ValRaw) -> ValRaw {
        let func = std::ptr::with_exposed_provenance_mut(value.as_u64() as usize);
        // SAFETY: I4: values of such a type are references to functions of the store.
        ValRaw::from_u32(unsafe { self.heap.number_of_func(&mut self.vm, func) })
    }
}
