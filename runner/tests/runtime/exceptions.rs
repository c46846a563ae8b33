//! Exceptions between the host and WebAssembly, in both directions.

use super::*;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use trapline_runtime::{Exception, Tag, TagIdentity, UncaughtException};

fn uncaught(result: Result<Vec<Val>, CallError>) -> UncaughtException {
    match result {
        Err(CallError::Exception(exception)) => *exception,
        other => panic!("no exception: {other:?}"),
    }
}

fn tag(store: &Store, instance: Instance, name: &str) -> Tag {
    match instance.export(store, name) {
        Some(Extern::Tag(tag)) => tag,
        other => panic!("{name}: {other:?}"),
    }
}

fn tag_type(params: &[ValType<TypeId>]) -> FuncType<TypeId> {
    FuncType { params: params.to_vec(), results: Vec::new() }
}

#[test]
fn what_the_host_throws_is_caught_by_tag() {
    let module = module(
        r#"(module
            (import "host" "a" (tag $a (param i32 i64)))
            (import "host" "b" (tag $b (param i32 i64)))
            (import "host" "f" (func $f (param i32)))
            (func (export "catch") (param i32) (result i32 i64)
                (block $h (result i32 i64) (try_table (catch $a $h) (call $f (local.get 0)))
                    (return (i32.const 0) (i64.const 0))))
            (func (export "catch-all") (param i32)
                (block $h (try_table (catch_all $h) (call $f (local.get 0)))))
            (func (export "catch-frames-up") (param i32 i32) (result i32 i64)
                (block $h (result i32 i64) (try_table (catch $a $h) (call $down (local.get 0) (local.get 1)))
                    (return (i32.const 0) (i64.const 0))))
            (func $down (param i32 i32)
                (if (local.get 1)
                    (then (call $down (local.get 0) (i32.sub (local.get 1) (i32.const 1))))
                    (else (call $f (local.get 0)))))
            (func (export "tail") (param i32) (return_call $f (local.get 0)))
            (export "f" (func $f)))"#,
    );
    let mut store = store();
    let [a, b] = [(); 2].map(|()| Tag::new(&mut store, &tag_type(&[ValType::I32, ValType::I64])));
    assert_eq!(a.ty(&store), tag_type(&[ValType::I32, ValType::I64]));
    assert_eq!((a.identity(&store), b.identity(&store)), (TagIdentity::Host(0), TagIdentity::Host(1)));
    assert_eq!(a.export_name(&store), None);
    let payload = [Val::I32(7), Val::I64(-8)];
    let thrown = payload.clone();
    let host = Func::new_host(&mut store, i32_type(1, 0), move |_, args| match args {
        [Val::I32(0)] => Ok(vec![]),
        [Val::I32(1)] => Err(HostError::throw(a, thrown.to_vec())),
        [Val::I32(2)] => Err(HostError::throw(b, thrown.to_vec())),
        [Val::I32(3)] => Err(HostError::throw(a, vec![Val::I32(7)])),
        [Val::I32(4)] => Err(HostError::new("no exception at all")),
        _ => unreachable!("arguments"),
    });
    let imports = [Extern::Tag(a), Extern::Tag(b), Extern::Func(host)];
    let instance = store.instantiate(&module, &imports).unwrap();
    let mut run = |name: &str, args: &[i32]| {
        let args: Vec<Val> = args.iter().copied().map(Val::I32).collect();
        let result = call(&mut store, instance, name, &args);
        // The store is usable after each.
        assert_eq!(call(&mut store, instance, "catch", &[Val::I32(1)]).unwrap(), payload);
        result
    };
    assert_eq!(run("catch", &[0]).unwrap(), [Val::I32(0), Val::I64(0)]);
    assert_eq!(run("catch", &[1]).unwrap(), payload);
    assert_eq!(run("catch-frames-up", &[1, 200]).unwrap(), payload);
    assert_eq!(run("catch-all", &[2]).unwrap(), []);
    for (name, args, tag) in [
        ("catch", &[2][..], b),
        ("catch-frames-up", &[2, 200], b),
        ("tail", &[1], a),
        ("f", &[1], a),
        ("f", &[2], b),
    ] {
        let exception = uncaught(run(name, args));
        assert_eq!((exception.tag, &exception.payload[..]), (tag, &payload[..]), "{name}");
        assert_eq!(exception.to_string(), "uncaught exception with 2 values");
    }
    for name in ["catch", "catch-all", "f"] {
        // What is no exception is not caught, nor is what cannot be one.
        let message = |result: Result<_, CallError>| match result {
            Err(CallError::Host(error)) => error.to_string(),
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(message(run(name, &[3])), "the host function threw [i32], not [i32 i64]");
        assert_eq!(message(run(name, &[4])), "no exception at all");
    }
}

/// A handler leaves the frames of the host's call without dropping what they hold.
#[test]
fn what_the_host_has_thrown_is_collected() {
    let module = module(
        r#"(module
            (import "host" "f" (func $f (param i32)))
            (func (export "many") (param i32)
                (loop $l
                    (block $h (try_table (catch_all $h) (call $f (local.get 0))))
                    (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"#,
    );
    let config = StoreConfig { max_heap_bytes: 1 << 20, ..StoreConfig::default() };
    let mut store = Store::new(config).unwrap();
    let tag = Tag::new(&mut store, &tag_type(&[ValType::I32]));
    let host =
        Func::new_host(&mut store, i32_type(1, 0), move |_, args| Err(HostError::throw(tag, args.to_vec())));
    let instance = store.instantiate(&module, &[Extern::Func(host)]).unwrap();
    // Together they are larger than the heap.
    assert_eq!(call(&mut store, instance, "many", &[Val::I32(200_000)]).unwrap(), []);
}

#[test]
fn an_exception_goes_through_the_host() {
    let module = module(
        r#"(module
            (import "host" "through" (func $through (param i32) (result i32)))
            (tag $t (export "t") (param i32))
            (tag $u (export "u") (param i32))
            (func (export "inner") (param i32) (result i32)
                (if (i32.eqz (local.get 0)) (then (unreachable)))
                (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $u (local.get 0))))
                (throw $t (local.get 0)))
            (func (export "outer") (param i32) (result i32)
                (block $h (result i32)
                    (try_table (result i32) (catch $t $h) (call $through (local.get 0))))))"#,
    );
    #[derive(Clone, Copy, PartialEq)]
    enum Does {
        Passes,
        Swallows,
        Replaces,
    }
    let mut store = store();
    let (does, seen) = (Rc::new(Cell::new(Does::Passes)), Rc::new(RefCell::new(Vec::new())));
    let target = Rc::new(OnceCell::<(Func, Tag)>::new());
    let host = {
        let (does, seen, target) = (does.clone(), seen.clone(), target.clone());
        Func::new_host(&mut store, i32_type(1, 1), move |mut caller: Caller<'_>, args| {
            let &(inner, tag) = target.get().unwrap();
            match caller.call(inner, args) {
                Err(CallError::Exception(exception)) => {
                    seen.borrow_mut().push((exception.tag, exception.payload.clone()));
                    match does.get() {
                        Does::Passes => Err(CallError::Exception(exception).into()),
                        Does::Swallows => Ok(vec![Val::I32(-1)]),
                        Does::Replaces => Err(HostError::throw(tag, vec![Val::I32(99)])),
                    }
                }
                other => Ok(other?),
            }
        })
    };
    let instance = store.instantiate(&module, &[Extern::Func(host)]).unwrap();
    let (t, u) = (tag(&store, instance, "t"), tag(&store, instance, "u"));
    target.set((func(&store, instance, "inner"), t)).unwrap();
    let outer = func(&store, instance, "outer");

    assert_eq!(outer.call(&mut store, &[Val::I32(5)]).unwrap(), [Val::I32(5)]);
    assert_eq!(seen.borrow_mut().pop(), Some((t, vec![Val::I32(5)])));
    // One that the outer handler does not catch comes out with its own tag.
    let exception = uncaught(outer.call(&mut store, &[Val::I32(1)]));
    assert_eq!((exception.tag, &exception.payload[..]), (u, &[Val::I32(1)][..]));
    assert_eq!(u.identity(&store), TagIdentity::Instance { instance: 0, tag: 1 });
    assert_eq!(u.export_name(&store), Some("u"));
    does.set(Does::Swallows);
    assert_eq!(outer.call(&mut store, &[Val::I32(5)]).unwrap(), [Val::I32(-1)]);
    does.set(Does::Replaces);
    assert_eq!(outer.call(&mut store, &[Val::I32(1)]).unwrap(), [Val::I32(99)]);
    // A trap is no exception, wherever it goes through.
    for way in [Does::Passes, Does::Swallows] {
        does.set(way);
        assert_eq!(trap(outer.call(&mut store, &[Val::I32(0)])).trap, Trap::Unreachable);
    }
    does.set(Does::Passes);
    assert_eq!(outer.call(&mut store, &[Val::I32(2)]).unwrap(), [Val::I32(2)]);
}

#[test]
fn an_exception_that_the_host_holds_stays_itself() {
    let module = module(
        r#"(module
            (tag $t (export "t") (param i32 exnref))
            (func $caught (export "caught") (param i32 exnref) (result exnref)
                (block $h (result i32 exnref exnref)
                    (try_table (catch_ref $t $h) (throw $t (local.get 0) (local.get 1)))
                    (unreachable))
                (local.set 1)
                (drop)
                (drop)
                (local.get 1))
            (func (export "again") (param exnref) (throw_ref (local.get 0)))
            (func (export "many") (param i32)
                (loop $l
                    (drop (call $caught (local.get 0) (ref.null exn)))
                    (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"#,
    );
    let mut store = store();
    let instance = store.instantiate(&module, &[]).unwrap();
    let t = tag(&store, instance, "t");
    let held = |store: &mut Store, value: i32, within: Val| -> Exception {
        let results = call(store, instance, "caught", &[Val::I32(value), within]).unwrap();
        let [Val::ExnRef(Some(exception))] = results.as_slice() else { panic!("{results:?}") };
        exception.clone()
    };
    let first = held(&mut store, 1, Val::ExnRef(None));
    let second = held(&mut store, 2, Val::ExnRef(Some(first.clone())));
    let third = uncaught(call(&mut store, instance, "again", &[Val::ExnRef(Some(second.clone()))])).exception;
    for round in 0..20 {
        call(&mut store, instance, "many", &[Val::I32(5_000)]).unwrap();
        assert_eq!(third, second);
        assert_eq!((first.tag(&store), second.tag(&store)), (t, t), "round {round}");
        assert_eq!(first.payload(&store), [Val::I32(1), Val::ExnRef(None)], "round {round}");
        assert_eq!(second.payload(&store), [Val::I32(2), Val::ExnRef(Some(first.clone()))], "round {round}");
    }
    let exception = uncaught(call(&mut store, instance, "again", &[Val::ExnRef(Some(first.clone()))]));
    assert_eq!((exception.exception, exception.tag), (first, t));
    assert_eq!(exception.payload, [Val::I32(1), Val::ExnRef(None)]);
    assert_eq!(
        trap(call(&mut store, instance, "again", &[Val::ExnRef(None)])).trap,
        Trap::NullExceptionReference
    );
}

#[test]
fn a_start_function_that_throws() {
    let module = module(
        r#"(module
            (tag $t (export "t") (param i64))
            (import "host" "table" (table 1 funcref))
            (elem (i32.const 0) $left)
            (func $left (throw $t (i64.const 6)))
            (func $start (throw $t (i64.const 5)))
            (start $start))"#,
    );
    let mut store = store();
    let limits = Limits { min: 1, max: None };
    let ty = TableType { index: IndexType::I32, element: RefType::FUNCREF, limits };
    let table = Table::new(&mut store, ty, Val::FuncRef(None)).unwrap();
    let error = store.instantiate(&module, &[Extern::Table(table)]).unwrap_err();
    let InstantiateError::Exception(exception) = error else { panic!("{error:?}") };
    assert_eq!(exception.payload, [Val::I64(5)]);
    assert_eq!(exception.tag.export_name(&store), Some("t"));
    // What the failed instantiation has left in the table works.
    let Some(Val::FuncRef(Some(left))) = table.get(&store, 0) else { panic!() };
    let again = uncaught(left.call(&mut store, &[]));
    assert_eq!((again.tag, again.payload), (exception.tag, vec![Val::I64(6)]));
}

#[test]
#[should_panic(expected = "does not belong to")]
fn a_tag_of_another_store_is_refused() {
    let mut other = store();
    let tag = Tag::new(&mut other, &tag_type(&[]));
    let mut store = store();
    let host = Func::new_host(&mut store, tag_type(&[]), move |_, _| Err(HostError::throw(tag, vec![])));
    let _ = host.call(&mut store, &[]);
}
