//! Values and calls between the host and WebAssembly, in both directions.

use super::*;

#[test]
fn values_of_every_type_go_in_and_come_out() {
    let module = module(
        r#"(module
            (func (export "all") (param i32 i64 f32 f64 funcref externref)
                (result externref funcref f64 f32 i64 i32)
                local.get 5 local.get 4 local.get 3 local.get 2 local.get 1 local.get 0)
            (func (export "none")))"#,
    );
    let mut store = store();
    let instance = store.instantiate(&module, &[]).unwrap();
    let all = func(&store, instance, "all");
    let args = [
        Val::I32(-1),
        Val::I64(i64::MIN),
        Val::F32(0x7fa0_0001),
        Val::F64(0xfff4_0000_0000_0001),
        Val::FuncRef(Some(all)),
        Val::ExternRef(Some(AnyRef::Host(0))),
    ];
    let mut results = all.call(&mut store, &args).unwrap();
    results.reverse();
    assert_eq!(results, args);
    let mut nulls = args.clone();
    (nulls[4], nulls[5]) = (Val::FuncRef(None), Val::ExternRef(None));
    let mut results = all.call(&mut store, &nulls).unwrap();
    results.reverse();
    assert_eq!(results, nulls);
    assert_eq!(call(&mut store, instance, "none", &[]).unwrap(), []);
    assert!(matches!(all.call(&mut store, &args[1..]), Err(CallError::Arguments { .. })));
    let error = call(&mut store, instance, "none", &[Val::I32(1)]).unwrap_err();
    assert_eq!(error.to_string(), "call the function: it takes [], not [i32]");
}

#[test]
fn host_functions_are_called_and_their_failures_passed_on() {
    let module = module(
        r#"(module
            (import "host" "f" (func $f (param i32) (result i32)))
            (func (export "twice") (param i32) (result i32) (call $f (call $f (local.get 0))))
            (export "f" (func $f)))"#,
    );
    let mut store = store();
    let host = Func::new_host(&mut store, i32_type(1, 1), |_, args| match args {
        [Val::I32(-1)] => Err(HostError::new("minus one is not liked")),
        [Val::I32(-2)] => Ok(vec![]),
        [Val::I32(-3)] => Ok(vec![Val::I64(0)]),
        [Val::I32(-4)] => panic!("the host panics"),
        [Val::I32(n)] => Ok(vec![Val::I32(n + 1)]),
        _ => Err(HostError::new("arguments")),
    });
    let instance = store.instantiate(&module, &[Extern::Func(host)]).unwrap();
    let twice = func(&store, instance, "twice");
    assert_eq!(func(&store, instance, "f"), host);
    for callee in [twice, host] {
        let result = |store: &mut Store, n| callee.call(store, &[Val::I32(n)]);
        let message = |store: &mut Store, n| match result(store, n) {
            Err(CallError::Host(error)) => error.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(message(&mut store, -1), "minus one is not liked");
        assert_eq!(message(&mut store, -2), "the host function returned [], not [i32]");
        assert_eq!(message(&mut store, -3), "the host function returned [i64], not [i32]");
        for _ in 0..2 {
            let panic = catch_unwind(AssertUnwindSafe(|| result(&mut store, -4))).unwrap_err();
            assert_eq!(panic.downcast_ref::<&str>(), Some(&"the host panics"));
        }
        assert!(result(&mut store, 1).is_ok());
    }
    assert_eq!(twice.call(&mut store, &[Val::I32(5)]).unwrap(), [Val::I32(7)]);
}

#[test]
fn the_host_calls_back_into_the_same_store() {
    let module = module(
        r#"(module
            (import "host" "again" (func $again (param i32) (result i32)))
            (memory (export "memory") 1)
            (func $down (export "down") (param i32) (result i32)
                (if (result i32) (i32.eqz (local.get 0))
                    (then (i32.div_u (i32.const 1) (local.get 0)))
                    (else (i32.add (i32.const 1) (call $again (i32.sub (local.get 0) (i32.const 1))))))))"#,
    );
    let mut store = store();
    let swallow = std::rc::Rc::new(std::cell::Cell::new(false));
    let target = std::rc::Rc::new(std::cell::OnceCell::<(Func, Memory)>::new());
    let host = {
        let (swallow, target) = (swallow.clone(), target.clone());
        Func::new_host(&mut store, i32_type(1, 1), move |mut caller: Caller<'_>, args| {
            let &(func, memory) = target.get().unwrap();
            caller.write_memory(memory, 0, b"called").unwrap();
            caller.grow_memory(memory, 1).unwrap();
            match caller.call(func, args) {
                Err(CallError::Trap(_)) if swallow.get() => Ok(vec![Val::I32(1000)]),
                other => Ok(other?),
            }
        })
    };
    let instance = store.instantiate(&module, &[Extern::Func(host)]).unwrap();
    let down = func(&store, instance, "down");
    let Some(Extern::Memory(memory)) = instance.export(&store, "memory") else { panic!() };
    target.set((down, memory)).unwrap();

    let report = trap(down.call(&mut store, &[Val::I32(5)]));
    assert_eq!(report.trap, Trap::IntegerDivideByZero);
    assert_eq!(report.frames.len(), 6, "the frames of all activations: {:?}", report.frames);
    assert!(!report.truncated);
    swallow.set(true);
    assert_eq!(down.call(&mut store, &[Val::I32(5)]).unwrap(), [Val::I32(1005)]);
    assert_eq!(memory.size(&store), 11);
    let mut bytes = [0; 6];
    memory.read(&store, 0, &mut bytes).unwrap();
    assert_eq!(&bytes, b"called");

    // Endless recursion through the host ends as any other.
    swallow.set(false);
    let report = trap(down.call(&mut store, &[Val::I32(i32::MAX)]));
    assert_eq!(report.trap, Trap::StackOverflow);
    assert!(down.call(&mut store, &[Val::I32(0)]).is_err());
}

#[test]
fn stores_nest_in_each_other() {
    let outer = module(
        r#"(module (import "host" "f" (func $f))
            (func (export "run") (call $f) (unreachable)))"#,
    );
    let inner = module("(module (func (export \"trap\") (drop (i32.div_u (i32.const 1) (i32.const 0)))))");
    let mut store = store();
    let host = Func::new_host(&mut store, FuncType::default(), move |_, _| {
        let mut other = self::store();
        let instance = other.instantiate(&inner, &[]).unwrap();
        assert_eq!(trap(call(&mut other, instance, "trap", &[])).trap, Trap::IntegerDivideByZero);
        Ok(vec![])
    });
    let instance = store.instantiate(&outer, &[Extern::Func(host)]).unwrap();
    assert_eq!(trap(call(&mut store, instance, "run", &[])).trap, Trap::Unreachable);
}

#[test]
fn functions_of_host_and_instances_meet_in_tables() {
    let mut store = store();
    let ty =
        TableType { index: IndexType::I32, element: RefType::FUNCREF, limits: Limits { min: 4, max: None } };
    let table = Table::new(&mut store, ty, Val::FuncRef(None)).unwrap();
    let early = Func::new_host(&mut store, i32_type(0, 1), |_, _| Ok(vec![Val::I32(10)]));
    table.set(&mut store, 0, Val::FuncRef(Some(early))).unwrap();
    let a = module(
        r#"(module (import "" "table" (table 1 funcref)) (type $t (func (result i32)))
            (elem (i32.const 1) $own) (func $own (export "own") (result i32) i32.const 20)
            (func (export "get") (param i32) (result funcref) (table.get 0 (local.get 0)))
            (func (export "call") (param i32) (result i32) (call_indirect (type $t) (local.get 0))))"#,
    );
    let instance = store.instantiate(&a, &[Extern::Table(table)]).unwrap();
    let own = func(&store, instance, "own");
    assert_eq!(table.get(&store, 1), Some(Val::FuncRef(Some(own))));
    let late = Func::new_host(&mut store, i32_type(0, 1), |_, _| Ok(vec![Val::I32(30)]));
    table.set(&mut store, 2, Val::FuncRef(Some(late))).unwrap();
    let other = Func::new_host(&mut store, i32_type(1, 1), |_, _| Ok(vec![Val::I32(40)]));
    table.set(&mut store, 3, Val::FuncRef(Some(other))).unwrap();
    for (at, expected) in [(0, 10), (1, 20), (2, 30)] {
        assert_eq!(call(&mut store, instance, "call", &[Val::I32(at)]).unwrap(), [Val::I32(expected)]);
    }
    assert_eq!(call(&mut store, instance, "get", &[Val::I32(2)]).unwrap(), [Val::FuncRef(Some(late))]);
    let mismatch = trap(call(&mut store, instance, "call", &[Val::I32(3)]));
    assert_eq!(mismatch.trap, Trap::IndirectCallTypeMismatch);
}

#[test]
fn a_host_function_can_be_the_start() {
    let module = module(r#"(module (import "host" "start" (func $f)) (start $f))"#);
    let mut store = store();
    let called = std::rc::Rc::new(std::cell::Cell::new(0));
    let count = called.clone();
    let start = Func::new_host(&mut store, FuncType::default(), move |_, _| {
        count.set(count.get() + 1);
        if count.get() > 1 { Err(HostError::new("once is enough")) } else { Ok(vec![]) }
    });
    store.instantiate(&module, &[Extern::Func(start)]).unwrap();
    let error = store.instantiate(&module, &[Extern::Func(start)]).unwrap_err();
    assert!(matches!(error, InstantiateError::Host(_)), "{error}");
    assert_eq!(called.get(), 2);
}
