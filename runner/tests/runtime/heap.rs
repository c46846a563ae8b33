//! The heap of a store, and what compiled code does when it is damaged.

use super::*;
use trapline_compiler::InjectedFault;

/// A number that belongs to a function of another type must not become a reference that code trusts.
#[test]
fn a_function_of_another_type_does_not_come_out_of_the_heap() {
    let text = r#"(module
        (type $a (sub (func (result i32))))
        (type $b (func (param i64) (result i32)))
        (type $functions (struct (field (ref $a)) (field (ref $b)) (field (ref null $a)) (field funcref)))
        (func $a (type $a) (i32.const 1))
        (func $b (type $b) (i32.const 2))
        (elem declare func $a $b)
        (func $new (result (ref $functions))
            (struct.new $functions (ref.func $a) (ref.func $b) (ref.func $a) (ref.null func)))
        (func (export "first") (result i32) (call_ref $a (struct.get $functions 0 (call $new))))
        (func (export "may be null") (result i32) (call_ref $a (struct.get $functions 2 (call $new))))
        (func (export "any") (result i32) (ref.is_null (struct.get $functions 3 (call $new)))))"#;
    let call = |fault, name: &str| {
        let compiler = Compiler::new(Profile { fault, verifier: true, ..Profile::default() }).unwrap();
        let module = load(&object(&compiler, text)).unwrap();
        let mut store = store();
        let instance = store.instantiate(&module, &[]).unwrap();
        func(&store, instance, name).call(&mut store, &[])
    };
    for (name, result) in [("first", 1), ("may be null", 1), ("any", 1)] {
        assert_eq!(call(None, name).unwrap(), [Val::I32(result)]);
    }
    let damaged = Some(InjectedFault::FunctionNumber);
    for name in ["first", "may be null"] {
        let error = call(damaged, name).unwrap_err();
        assert!(matches!(error, CallError::NoReason), "{name}: {error}");
    }
    // Of any function no code trusts the type.
    assert_eq!(call(damaged, "any").unwrap(), [Val::I32(0)]);
}
