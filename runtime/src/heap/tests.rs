use crate::handle::{AnyRef, Global, Val};
use crate::{Store, StoreConfig};
use trapline_abi::heap::DISPLAY_STRIDE;
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{GlobalType, RefType, ValType};

/// A store where everything moves at every allocation, and a global with a value of the host.
fn store() -> (Store, Global) {
    let mut store = Store::new(StoreConfig { gc_stress: true, ..StoreConfig::default() }).unwrap();
    let ty = GlobalType { val: ValType::Ref(RefType::EXTERNREF), mutable: true };
    let global = Global::new(&mut store, ty, Val::ExternRef(Some(AnyRef::Host(7)))).unwrap();
    (store, global)
}

fn reference(store: &Store) -> u32 {
    store.inner().globals.all[0].raw().as_u32()
}

#[test]
fn what_is_alive_moves_and_is_the_same() {
    let (mut store, global) = store();
    let before = reference(&store);
    store.inner_mut().allocate(8).unwrap();
    assert_ne!(reference(&store), before);
    assert_eq!(global.get(&store), Val::ExternRef(Some(AnyRef::Host(7))));
}

/// Damages the object, or the reference to it, and lets the collector find out.
fn collect_damaged(damage: impl FnOnce(&mut Store, u32)) {
    let (mut store, _) = store();
    let reference = reference(&store);
    damage(&mut store, reference);
    let _ = store.inner_mut().allocate(8);
}

fn set_header(store: &mut Store, reference: u32, header: u32) {
    store.inner_mut().heap.bytes_mut(reference, 0..4).copy_from_slice(&header.to_le_bytes());
}

fn set_reference(store: &Store, reference: u32) {
    store.inner().globals.all[0].set_raw(ValRaw::from_u32(reference));
}

#[test]
#[should_panic(expected = "is not a header")]
fn a_header_between_two_types_is_noticed() {
    collect_damaged(|store, reference| set_header(store, reference, DISPLAY_STRIDE + 2));
}

#[test]
#[should_panic(expected = "index out of bounds")]
fn a_header_beyond_all_types_is_noticed() {
    collect_damaged(|store, reference| set_header(store, reference, 1000 * DISPLAY_STRIDE));
}

#[test]
#[should_panic(expected = "does not refer to an object")]
fn a_reference_between_two_objects_is_noticed() {
    collect_damaged(|store, reference| set_reference(store, reference + 4));
}

#[test]
#[should_panic(expected = "does not refer to an object")]
fn a_reference_behind_all_objects_is_noticed() {
    collect_damaged(|store, reference| set_reference(store, reference + 4096));
}

#[test]
#[should_panic(expected = "refers to what was moved")]
fn a_stale_reference_is_noticed_by_the_host() {
    let (mut store, _) = store();
    let before = reference(&store);
    store.inner_mut().allocate(8).unwrap();
    let _ = store.inner().heap.type_of(before);
}
