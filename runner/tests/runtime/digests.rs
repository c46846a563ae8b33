//! Digests and snapshots of what lies in the heap.

use super::*;
use trapline_runtime::digest::{Digester, StateValue};

const OBJECTS: &str = r#"(module
    (type $box (struct (field (mut i32))))
    (type $boxes (array (mut (ref null $box))))
    (type $bytes (array (mut i8)))
    (elem $kept (ref $box) (item (struct.new $box (i32.const 1))))
    (global $bytes (mut (ref null $bytes)) (ref.null $bytes))
    (func (export "change the box of the segment") (param i32)
        (struct.set $box 0
            (array.get $boxes (array.new_elem $boxes $kept (i32.const 0) (i32.const 1)) (i32.const 0))
            (local.get 0)))
    (func (export "drop the segment") (param i32) (elem.drop $kept))
    (func (export "make bytes") (param i32)
        (global.set $bytes (array.new $bytes (i32.const 7) (local.get 0))))
    (func (export "set the last byte") (param i32)
        (array.set $bytes (global.get $bytes)
            (i32.sub (array.len (global.get $bytes)) (i32.const 1)) (local.get 0))))"#;

#[test]
fn objects_that_only_a_segment_refers_to_count() {
    for_both_styles(OBJECTS, |store, instance| {
        let mut digester = Digester::new();
        let mut call = |store: &mut Store, name: &str, argument| {
            func(store, instance, name).call(store, &[Val::I32(argument)]).unwrap();
            digester.digest(store)
        };
        let one = call(store, "change the box of the segment", 1);
        let two = call(store, "change the box of the segment", 2);
        assert_ne!(one, two);
        assert_eq!(call(store, "change the box of the segment", 1), one);
        let snapshot = Digester::new().snapshot(store);
        assert_eq!(snapshot.instances[0].values, [[StateValue::Object(0)]]);
        assert_eq!(snapshot.objects[0].values, [StateValue::I32(1)]);
        let dropped = call(store, "drop the segment", 0);
        assert_ne!(dropped, one);
        assert_eq!(Digester::new().snapshot(store).instances[0].values, [[]]);
    });
}

/// The digest reads an array of numbers as it lies; a snapshot holds no more of it than there is room for.
#[test]
fn large_arrays_of_numbers_are_seen_whole() {
    for_both_styles(OBJECTS, |store, instance| {
        let mut digester = Digester::new();
        let mut call = |store: &mut Store, name: &str, argument| {
            func(store, instance, name).call(store, &[Val::I32(argument)]).unwrap();
            digester.digest(store)
        };
        let sevens = call(store, "make bytes", 5_000_000);
        assert_ne!(call(store, "set the last byte", 8), sevens);
        assert_eq!(call(store, "set the last byte", 7), sevens);
        assert_eq!(call(store, "make bytes", 5_000_000), sevens);
        assert!(!Digester::new().snapshot(store).whole);
        assert_ne!(call(store, "make bytes", 3), sevens);
        let small = Digester::new().snapshot(store);
        assert!(small.whole);
        assert_eq!(small.objects[0].values, [StateValue::I32(7); 3]);
    });
}
