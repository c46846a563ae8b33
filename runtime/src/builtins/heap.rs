//! Objects in the heap: allocation, and what is done to many elements at once.

use super::Vmctx;
use crate::instances::InstanceData;
use crate::layout::{ObjectLayout, element_at};
use crate::store::StoreInner;
use crate::trap::Failure;
use trapline_abi::heap::{DISPLAY_STRIDE, HEADER_SIZE, array_size};
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{
    HeapDetail, HeapInstruction, NullOperand, StorageType, Trap, TrapDetail, TypeId, TypeIndex,
};

fn trap(trap: Trap, detail: HeapDetail) -> Failure {
    Failure::Trap(trap, Some(TrapDetail::Heap(Box::new(detail))))
}

/// The canonical number of a type of a module.
fn id_of(instance: &InstanceData, ty: u32) -> TypeId {
    instance.type_id(TypeIndex::new(ty))
}

/// What the elements of an array type are.
fn element_of(store: &StoreInner, ty: TypeId) -> StorageType<TypeId> {
    match store.types.get(ty).composite.as_array() {
        Some(element) => element.storage,
        None => unreachable!("compiled code names an array type"),
    }
}

/// Whether `len` elements from `at` on are there.
fn within(at: u32, len: u32, available: u64) -> bool {
    u64::from(at) + u64::from(len) <= available
}

/// Traps if an array is null.
fn not_null(array: u32, instruction: HeapInstruction, operand: NullOperand) -> Result<(), Failure> {
    match array {
        0 => Err(trap(
            Trap::NullArrayReference,
            HeapDetail::Null { instruction, ty: None, field: None, operand },
        )),
        _ => Ok(()),
    }
}

pub(crate) fn heap_allocate(vmctx: &mut Vmctx, size: u64) -> Result<u64, Failure> {
    let (store, _) = vmctx.instance();
    Ok(store.allocate(size)?.into())
}

impl StoreInner {
    /// Makes an array of zeros or null.
    pub(crate) fn new_array(&mut self, ty: TypeId, len: u32) -> Result<u32, crate::ResourceError> {
        let ObjectLayout::Array { element, .. } = self.types.layouts()[ty.index()] else {
            unreachable!("type {ty} is not that of arrays")
        };
        let size = array_size(len, element);
        let array = self.allocate(size)?;
        self.heap.bytes_mut(array, HEADER_SIZE.into()..size).fill(0);
        self.heap.set_type(array, ty);
        self.heap.set_array_len(array, len);
        Ok(array)
    }
}

pub(crate) fn array_new(vmctx: &mut Vmctx, ty: u32, len: u32) -> Result<u64, Failure> {
    let (store, instance) = vmctx.instance();
    Ok(store.new_array(id_of(instance, ty), len)?.into())
}

pub(crate) fn array_new_data(
    vmctx: &mut Vmctx,
    ty: u32,
    segment: u32,
    src: u32,
    len: u32,
) -> Result<u64, Failure> {
    let (store, instance) = vmctx.instance();
    let ty = id_of(instance, ty);
    let element = element_of(store, ty).size();
    let bytes = data(instance, segment, src, len, element).ok_or_else(|| {
        let detail = HeapDetail::NewFromSegment {
            instruction: HeapInstruction::ArrayNewData,
            segment: instance.data_extent(segment),
            src,
            len,
            element_bytes: Some(element),
        };
        trap(Trap::MemoryOutOfBounds, detail)
    })?;
    let array = store.new_array(ty, len)?;
    store.heap.elements_mut(array, element, 0, len).copy_from_slice(bytes);
    Ok(array.into())
}

/// The bytes of `len` elements in a data segment, from a byte on, if it has them.
fn data(instance: &InstanceData, segment: u32, src: u32, len: u32, element: u32) -> Option<&[u8]> {
    let end = u64::from(src) + u64::from(len) * u64::from(element);
    instance.data_bytes(segment).get(src as usize..usize::try_from(end).ok()?)
}

pub(crate) fn array_new_elem(
    vmctx: &mut Vmctx,
    ty: u32,
    segment: u32,
    src: u32,
    len: u32,
) -> Result<u64, Failure> {
    let (store, instance) = vmctx.instance();
    let ty = id_of(instance, ty);
    let extent = instance.element_extent(segment);
    if !within(src, len, extent.len) {
        let detail = HeapDetail::NewFromSegment {
            instruction: HeapInstruction::ArrayNewElem,
            segment: extent,
            src,
            len,
            element_bytes: None,
        };
        return Err(trap(Trap::TableOutOfBounds, detail));
    }
    let array = store.new_array(ty, len)?;
    write_elements(store, instance, ty, (array, 0), (segment, src), len);
    Ok(array.into())
}

/// Copies elements of a segment, from one on, to an array, where there is room.
fn write_elements(
    store: &mut StoreInner,
    instance: &InstanceData,
    ty: TypeId,
    (array, dst): (u32, u32),
    (segment, src): (u32, u32),
    len: u32,
) {
    let storage = element_of(store, ty);
    for at in 0..len {
        let value = ValRaw::from_u64(instance.element_slot(segment, (src + at) as usize));
        store.write_field(array, element_at(dst + at, storage.size()), storage, value);
    }
}

pub(crate) fn array_init_data(
    vmctx: &mut Vmctx,
    ty: u32,
    segment: u32,
    array: u32,
    dst: u32,
    src: u32,
    len: u32,
) -> Result<(), Failure> {
    let (store, instance) = vmctx.instance();
    not_null(array, HeapInstruction::ArrayInitData, NullOperand::Array)?;
    let element = element_of(store, id_of(instance, ty)).size();
    let array_len = store.heap.array_len(array);
    let fail = |kind| {
        let detail = HeapDetail::InitFromSegment {
            instruction: HeapInstruction::ArrayInitData,
            segment: instance.data_extent(segment),
            array_len,
            dst,
            src,
            len,
            element_bytes: Some(element),
        };
        trap(kind, detail)
    };
    if !within(dst, len, array_len.into()) {
        return Err(fail(Trap::ArrayOutOfBounds));
    }
    let bytes = data(instance, segment, src, len, element).ok_or_else(|| fail(Trap::MemoryOutOfBounds))?;
    store.heap.elements_mut(array, element, dst, len).copy_from_slice(bytes);
    Ok(())
}

pub(crate) fn array_init_elem(
    vmctx: &mut Vmctx,
    ty: u32,
    segment: u32,
    array: u32,
    dst: u32,
    src: u32,
    len: u32,
) -> Result<(), Failure> {
    let (store, instance) = vmctx.instance();
    not_null(array, HeapInstruction::ArrayInitElem, NullOperand::Array)?;
    let (array_len, extent) = (store.heap.array_len(array), instance.element_extent(segment));
    let fail = |kind| {
        let detail = HeapDetail::InitFromSegment {
            instruction: HeapInstruction::ArrayInitElem,
            segment: extent.clone(),
            array_len,
            dst,
            src,
            len,
            element_bytes: None,
        };
        trap(kind, detail)
    };
    if !within(dst, len, array_len.into()) {
        return Err(fail(Trap::ArrayOutOfBounds));
    }
    if !within(src, len, extent.len) {
        return Err(fail(Trap::TableOutOfBounds));
    }
    write_elements(store, instance, id_of(instance, ty), (array, dst), (segment, src), len);
    Ok(())
}

pub(crate) fn array_copy(
    vmctx: &mut Vmctx,
    size: u32,
    dst_array: u32,
    dst: u32,
    src_array: u32,
    src: u32,
    len: u32,
) -> Result<(), Failure> {
    let (store, _) = vmctx.instance();
    // Both references before both ranges (specification: `array.copy`).
    not_null(dst_array, HeapInstruction::ArrayCopy, NullOperand::Destination)?;
    not_null(src_array, HeapInstruction::ArrayCopy, NullOperand::Source)?;
    let [dst_len, src_len] = [dst_array, src_array].map(|array| store.heap.array_len(array));
    if !within(dst, len, dst_len.into()) || !within(src, len, src_len.into()) {
        return Err(trap(Trap::ArrayOutOfBounds, HeapDetail::Copy { dst_len, src_len, dst, src, len }));
    }
    store.heap.copy_elements(size, (dst_array, dst), (src_array, src), len);
    Ok(())
}

pub(crate) fn array_fill(
    vmctx: &mut Vmctx,
    size: u32,
    array: u32,
    dst: u32,
    value: *mut ValRaw,
    len: u32,
) -> Result<(), Failure> {
    let (store, _) = vmctx.instance();
    not_null(array, HeapInstruction::ArrayFill, NullOperand::Array)?;
    let array_len = store.heap.array_len(array);
    if !within(dst, len, array_len.into()) {
        return Err(trap(Trap::ArrayOutOfBounds, HeapDetail::Fill { array_len, dst, len }));
    }
    // SAFETY: I5: compiled code passes the address of a value in its frame.
    let value = unsafe { *value };
    let element = &value.bytes[..size as usize];
    let bytes = store.heap.elements_mut(array, size, dst, len);
    match element {
        [first, rest @ ..] if rest.iter().all(|byte| byte == first) => bytes.fill(*first),
        _ => bytes.chunks_exact_mut(size as usize).for_each(|chunk| chunk.copy_from_slice(element)),
    }
    Ok(())
}

pub(crate) fn heap_func_number(vmctx: &mut Vmctx, func: u64) -> u64 {
    let (store, _) = vmctx.instance();
    store.func_number(ValRaw::from_u64(func)).as_u64()
}

pub(crate) fn is_subtype(vmctx: &mut Vmctx, header: u32, ty: u32) -> u64 {
    let (store, instance) = vmctx.instance();
    store.types.is_subtype(TypeId::new(header / DISPLAY_STRIDE), id_of(instance, ty)).into()
}
