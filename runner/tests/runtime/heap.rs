//! The heap of a store, and what compiled code does when it is damaged.

use super::*;
use trapline_abi::{Injected, InjectedFault};

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
        assert_eq!(call(Injected::default(), name).unwrap(), [Val::I32(result)]);
    }
    let damaged = InjectedFault::FunctionNumber.into();
    for name in ["first", "may be null"] {
        let error = call(damaged, name).unwrap_err();
        assert!(matches!(error, CallError::NoReason), "{name}: {error}");
    }
    // Of any function no code trusts the type.
    assert_eq!(call(damaged, "any").unwrap(), [Val::I32(0)]);
}

/// References are arguments and results of calls that lead from WebAssembly to the host and back, while everything moves.
#[test]
fn references_go_through_the_host_and_back() {
    let text = r#"(module
        (type $box (struct (field (mut i32))))
        (import "host" "again" (func $again (param anyref externref i32) (result anyref)))
        (func (export "make") (param i32) (result anyref) (struct.new $box (local.get 0)))
        (func (export "add") (param anyref i32)
            (local $box (ref $box))
            (local.set $box (ref.cast (ref $box) (local.get 0)))
            (struct.set $box 0 (local.get $box)
                (i32.add (local.get 1) (struct.get $box 0 (local.get $box)))))
        (func $outer (export "outer") (param $depth i32) (param $host externref) (result i32)
            (local $box (ref $box)) (local $other anyref)
            (local.set $box (struct.new $box (i32.const 100)))
            (local.set $other (call $again (local.get $box) (local.get $host) (local.get $depth)))
            (if (i32.eqz (ref.eq (local.get $box) (ref.cast eqref (local.get $other)))) (then (unreachable)))
            (struct.get $box 0 (local.get $box))))"#;
    for gc_stress in [false, true] {
        let mut store = Store::new(StoreConfig { gc_stress, ..StoreConfig::default() }).unwrap();
        let funcs = std::rc::Rc::new(std::cell::OnceCell::<[Func; 3]>::new());
        let params = [Val::AnyRef(None), Val::ExternRef(None), Val::I32(0)].map(|val| val.ty()).to_vec();
        let ty = FuncType { params, results: vec![Val::AnyRef(None).ty()] };
        let known = funcs.clone();
        let again = Func::new_host(&mut store, ty, move |mut caller, args| {
            let [outer, make, add] = *known.get().ok_or_else(|| HostError::new("not yet"))?;
            let [object, host, Val::I32(depth)] = args else { return Err(HostError::new("arguments")) };
            if *host != Val::ExternRef(Some(AnyRef::Host(77))) {
                return Err(HostError::new("another host value"));
            }
            let made = caller.call(make, &[Val::I32(*depth)])?;
            caller.call(add, &[made[0].clone(), Val::I32(1)])?;
            if *depth > 0 {
                caller.call(outer, &[Val::I32(depth - 1), host.clone()])?;
            }
            caller.call(add, &[object.clone(), Val::I32(*depth)])?;
            Ok(vec![object.clone()])
        });
        let instance = store.instantiate(&module(text), &[Extern::Func(again)]).unwrap();
        let found = ["outer", "make", "add"].map(|name| func(&store, instance, name));
        assert!(funcs.set(found).is_ok());
        let results =
            found[0].call(&mut store, &[Val::I32(20), Val::ExternRef(Some(AnyRef::Host(77)))]).unwrap();
        assert_eq!(results, [Val::I32(120)], "with gc_stress {gc_stress}");
    }
}
