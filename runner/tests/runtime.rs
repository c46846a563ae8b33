//! The runtime with real code in it: what needs a compiler to be tested.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::LazyLock;
use trapline_abi::artifact::MemoryStyle;
use trapline_abi::{FuncType, GlobalType, IndexType, Limits, MemoryType, RefType, TableType, Trap, ValType};
use trapline_compiler::{Compiler, Profile};
use trapline_runtime::{
    CallError, Caller, Extern, Func, Global, HostError, Instance, InstantiateError, LinkError, Linker,
    LoadError, Memory, Module, Store, StoreConfig, Table, TrapDetail, TrapReport, Val,
};

static GUARDED: LazyLock<Compiler> = LazyLock::new(|| compiler(MemoryStyle::Guarded));
static CHECKED: LazyLock<Compiler> = LazyLock::new(|| compiler(MemoryStyle::Checked));

fn compiler(memory_style: MemoryStyle) -> Compiler {
    Compiler::new(Profile { memory_style, verifier: true, ..Profile::default() }).unwrap()
}

fn object(compiler: &Compiler, text: &str) -> Vec<u8> {
    let buffer = wast::parser::ParseBuffer::new(text).unwrap();
    let wasm = wast::parser::parse::<wast::Wat>(&buffer).unwrap().encode().unwrap();
    compiler.compile(&wasm, trapline_compiler::supported_features()).unwrap()
}

fn module(text: &str) -> Module {
    Module::from_object(&object(&GUARDED, text)).unwrap()
}

fn store() -> Store {
    Store::new(StoreConfig::default()).unwrap()
}

/// A module alone in a store, in both memory styles.
fn for_both_styles(text: &str, test: impl Fn(&mut Store, Instance)) {
    for (compiler, memory_style) in [(&*GUARDED, MemoryStyle::Guarded), (&*CHECKED, MemoryStyle::Checked)] {
        let module = Module::from_object(&object(compiler, text)).unwrap();
        let mut store = Store::new(StoreConfig { memory_style, ..StoreConfig::default() }).unwrap();
        let instance = store.instantiate(&module, &[]).unwrap();
        test(&mut store, instance);
    }
}

fn func(store: &Store, instance: Instance, name: &str) -> Func {
    match instance.export(store, name) {
        Some(Extern::Func(func)) => func,
        other => panic!("{name}: {other:?}"),
    }
}

fn call(store: &mut Store, instance: Instance, name: &str, args: &[Val]) -> Result<Vec<Val>, CallError> {
    func(store, instance, name).call(store, args)
}

fn trap(result: Result<Vec<Val>, CallError>) -> TrapReport {
    match result {
        Err(CallError::Trap(report)) => *report,
        other => panic!("no trap: {other:?}"),
    }
}

fn i32_type(params: usize, results: usize) -> FuncType {
    FuncType { params: vec![ValType::I32; params], results: vec![ValType::I32; results] }
}

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
        Val::ExternRef(Some(0)),
    ];
    let mut results = all.call(&mut store, &args).unwrap();
    results.reverse();
    assert_eq!(results, args);
    let nulls = [args[0], args[1], args[2], args[3], Val::FuncRef(None), Val::ExternRef(None)];
    let mut results = all.call(&mut store, &nulls).unwrap();
    results.reverse();
    assert_eq!(results, nulls);
    assert_eq!(call(&mut store, instance, "none", &[]).unwrap(), []);
    assert!(matches!(all.call(&mut store, &args[1..]), Err(CallError::Arguments { .. })));
    let error = call(&mut store, instance, "none", &[Val::I32(1)]).unwrap_err();
    assert_eq!(error.to_string(), "call the function: it takes [], not [i32]");
}

#[test]
fn every_trap_is_told_apart_and_placed() {
    let text = r#"(module
        (memory 1) (table 2 funcref) (type $t (func)) (elem (i32.const 0) $other)
        (func $other (param i32))
        (func $deep (export "unreachable") (param i32 i32) (result i32) unreachable)
        (func (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
        (func (export "rem64") (param i32 i32) (result i32)
            (i32.wrap_i64 (i64.rem_u (i64.const 1) (i64.extend_i32_u (local.get 1)))))
        (func (export "trunc") (param i32 i32) (result i32)
            (i32.trunc_f32_s (f32.reinterpret_i32 (local.get 0))))
        (func (export "load") (param i32 i32) (result i32) (i32.load offset=4 (local.get 0)))
        (func (export "get") (param i32 i32) (result i32) (ref.is_null (table.get 0 (local.get 0))))
        (func (export "indirect") (param i32 i32) (result i32)
            (call_indirect (type $t) (local.get 0)) (i32.const 0))
        (func (export "fill") (param i32 i32) (result i32)
            (memory.fill (local.get 0) (i32.const 1) (local.get 1)) (i32.const 0)))"#;
    for_both_styles(text, |store, instance| {
        let cases = [
            ("unreachable", 0, 0, Trap::Unreachable),
            ("div", 1, 0, Trap::IntegerDivideByZero),
            ("div", i32::MIN, -1, Trap::IntegerOverflow),
            ("rem64", 0, 0, Trap::IntegerDivideByZero),
            ("trunc", 0x7fc0_0000, 0, Trap::InvalidConversionToInteger),
            ("trunc", 0x7f00_0000, 0, Trap::IntegerOverflow),
            ("load", 65536 - 7, 0, Trap::MemoryOutOfBounds),
            ("load", -1, 0, Trap::MemoryOutOfBounds),
            ("get", 2, 0, Trap::TableOutOfBounds),
            ("indirect", 2, 0, Trap::UndefinedElement),
            ("indirect", 1, 0, Trap::UninitializedElement),
            ("indirect", 0, 0, Trap::IndirectCallTypeMismatch),
            ("fill", 65536, 1, Trap::MemoryOutOfBounds),
        ];
        for (name, a, b, expected) in cases {
            let report = trap(call(store, instance, name, &[Val::I32(a), Val::I32(b)]));
            assert_eq!(report.trap, expected, "{name}: {report}");
            let (_, found) = report.func.clone().unwrap();
            let wanted = if name == "unreachable" { "deep" } else { name };
            assert_eq!(found.as_deref(), Some(wanted));
            assert!(report.wasm_offset.is_some(), "{name}");
            assert_eq!(report.frames.len(), 1, "{name}");
        }
        assert_eq!(call(store, instance, "div", &[Val::I32(7), Val::I32(2)]).unwrap(), [Val::I32(3)]);
        assert_eq!(call(store, instance, "fill", &[Val::I32(65536), Val::I32(0)]).unwrap(), [Val::I32(0)]);
    });
}

#[test]
fn an_access_to_a_guard_says_where_it_went() {
    let module = module(
        r#"(module (memory 0) (memory 3)
            (func (export "load") (param i32) (result i64) (i64.load 1 (local.get 0))))"#,
    );
    let mut store = store();
    let instance = store.instantiate(&module, &[]).unwrap();
    let size = 3 * 65536;
    assert_eq!(call(&mut store, instance, "load", &[Val::I32(size - 8)]).unwrap(), [Val::I64(0)]);
    for (address, first) in [(size - 7, size), (size, size), (-1, -1)] {
        let report = trap(call(&mut store, instance, "load", &[Val::I32(address)]));
        let Some(TrapDetail::MemoryAccess { memory, address: found }) = report.detail else {
            panic!("{report}")
        };
        assert_eq!((memory.index, memory.len), (1, size as u64));
        assert_eq!(found, u64::from(first as u32));
    }
}

#[test]
fn bulk_operations_explain_themselves() {
    let text = r#"(module
        (memory 1) (table 3 funcref) (data "abc") (data $gone "abc") (data (i32.const 0) "xyz")
        (elem declare func $f) (elem funcref (ref.func $f) (ref.null func))
        (func $f (export "init") (param i32 i32 i32) (memory.init 0 (local.get 0) (local.get 1) (local.get 2)))
        (func (export "init2") (param i32 i32 i32)
            (data.drop $gone) (memory.init $gone (local.get 0) (local.get 1) (local.get 2)))
        (func (export "init3") (param i32 i32 i32) (memory.init 2 (local.get 0) (local.get 1) (local.get 2)))
        (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
        (func (export "tinit") (param i32 i32 i32) (table.init 0 (local.get 0) (local.get 1) (local.get 2)))
        (func (export "tinit2") (param i32 i32 i32) (table.init 1 (local.get 0) (local.get 1) (local.get 2)))
        (func (export "tcopy") (param i32 i32 i32) (table.copy (local.get 0) (local.get 1) (local.get 2))))"#;
    for_both_styles(text, |store, instance| {
        let detail = |store: &mut Store, name: &str, args: [i32; 3]| {
            let report = trap(call(store, instance, name, &args.map(Val::I32)));
            report.detail.map(|detail| detail.to_string()).unwrap_or_default()
        };
        assert_eq!(
            detail(store, "init", [0, 1, 3]),
            "memory.init 0: dst=0 src=1 len=3; segment 0 has 3 bytes, memory 0 has 65536 bytes"
        );
        assert_eq!(
            detail(store, "init2", [0, 1, 0]),
            "memory.init 1: dst=0 src=1 len=0; segment 1 has 0 bytes (dropped by data.drop), memory 0 has 65536 bytes"
        );
        assert_eq!(
            detail(store, "init3", [0, 9, 0]),
            "memory.init 2: dst=0 src=9 len=0; segment 2 has 0 bytes (active, dropped at instantiation), \
             memory 0 has 65536 bytes"
        );
        assert_eq!(
            detail(store, "copy", [-1, 0, 2]),
            "memory.copy: dst=4294967295 src=0 len=2; memory 0 has 65536 bytes"
        );
        assert_eq!(
            detail(store, "tinit", [0, 0, 1]),
            "table.init 0: dst=0 src=0 len=1; segment 0 has 0 elements (declared, dropped at instantiation), \
             table 0 has 3 elements"
        );
        assert_eq!(
            detail(store, "tinit2", [2, 0, 2]),
            "table.init 1: dst=2 src=0 len=2; segment 1 has 2 elements, table 0 has 3 elements"
        );
        assert_eq!(
            detail(store, "tcopy", [0, 4, 0]),
            "table.copy: dst=0 src=4 len=0; table 0 has 3 elements"
        );
        for args in [[65536, 3, 0], [0, 0, 3], [65533, 0, 3]] {
            assert!(call(store, instance, "init", &args.map(Val::I32)).is_ok(), "{args:?}");
        }
    });
}

#[test]
fn the_stack_ends_in_a_trap_again_and_again() {
    let module = module(
        r#"(module
            (func $f (export "down") (param i64 i64 i64) (result i64)
                (i64.add (local.get 2) (call $f (local.get 2) (local.get 0) (local.get 1))))
            (func (export "one") (result i32) i32.const 1))"#,
    );
    let mut store = store();
    let instance = store.instantiate(&module, &[]).unwrap();
    for _ in 0..3 {
        let report = trap(call(&mut store, instance, "down", &[Val::I64(1); 3]));
        assert_eq!(report.trap, Trap::StackOverflow);
        assert!(report.truncated && report.frames.len() > 10);
        assert_eq!(call(&mut store, instance, "one", &[]).unwrap(), [Val::I32(1)]);
    }
}

#[test]
fn a_small_stack_is_no_reason_to_crash() {
    let module = module("(module (func $f (export \"down\") (call $f) (call $f)))");
    for kib in [64, 144, 160, 200, 512] {
        let module = module.clone();
        let run = move || {
            let mut store = store();
            let instance = store.instantiate(&module, &[]).unwrap();
            trap(call(&mut store, instance, "down", &[])).trap
        };
        let thread = std::thread::Builder::new().stack_size(kib << 10).spawn(run).unwrap();
        assert_eq!(thread.join().unwrap(), Trap::StackOverflow, "{kib} KiB");
    }
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
fn a_failed_instantiation_leaves_what_it_wrote() {
    let mut store = store();
    let memory_type = MemoryType {
        index: IndexType::I32,
        limits: Limits { min: 1, max: None },
        shared: false,
        page_size_log2: 16,
    };
    let memory = Memory::new(&mut store, memory_type).unwrap();
    let ty =
        TableType { index: IndexType::I32, element: RefType::FUNCREF, limits: Limits { min: 2, max: None } };
    let table = Table::new(&mut store, ty, Val::FuncRef(None)).unwrap();
    let mut linker = Linker::new();
    linker.define("host", "memory", Extern::Memory(memory));
    linker.define("host", "table", Extern::Table(table));
    let reads = |store: &Store, at| {
        let mut bytes = [0; 2];
        memory.read(store, at, &mut bytes).unwrap();
        bytes
    };

    // An import that does not match: nothing happens.
    let text = r#"(module (import "host" "memory" (memory 1)) (import "host" "table" (table 3 funcref))
        (data (i32.const 0) "ab"))"#;
    let error = linker.instantiate(&mut store, &module(text)).unwrap_err();
    assert!(error.to_string().starts_with("incompatible import type"), "{error}");
    assert_eq!(reads(&store, 0), [0, 0]);

    // A data segment that does not fit: elements and the data before it stay.
    let text = r#"(module (import "host" "memory" (memory 1)) (import "host" "table" (table 2 funcref))
        (elem (i32.const 0) $f) (func $f (result i32) i32.const 5)
        (data (i32.const 0) "ab") (data (i32.const 65535) "cd") (data (i32.const 8) "ef"))"#;
    let error = linker.instantiate(&mut store, &module(text)).unwrap_err();
    let InstantiateError::Trap(report) = error else { panic!("{error}") };
    assert_eq!(
        report.to_string(),
        "out of bounds memory access: data segment 1: offset=65535 len=2; memory 0 has 65536 bytes"
    );
    assert_eq!((reads(&store, 0), reads(&store, 8), reads(&store, 65534)), (*b"ab", [0, 0], [0, 0]));
    let Some(Val::FuncRef(Some(orphan))) = table.get(&store, 0) else { panic!() };
    assert_eq!(orphan.call(&mut store, &[]).unwrap(), [Val::I32(5)]);

    // An element segment that does not fit comes before all data.
    let text = r#"(module (import "host" "memory" (memory 1)) (import "host" "table" (table 2 funcref))
        (elem (i32.const 1) $f $f) (func $f) (data (i32.const 0) "xx"))"#;
    let error = linker.instantiate(&mut store, &module(text)).unwrap_err();
    assert!(error.to_string().starts_with("out of bounds table access: element segment 0"), "{error}");
    assert_eq!((reads(&store, 0), table.get(&store, 1)), (*b"ab", Some(Val::FuncRef(None))));

    // A start function that traps comes after all of it.
    let text = r#"(module (import "host" "memory" (memory 1)) (data (i32.const 0) "yz")
        (func $start unreachable) (start $start))"#;
    let error = linker.instantiate(&mut store, &module(text)).unwrap_err();
    assert!(error.to_string().starts_with("unreachable in function 0 <start> at offset"), "{error}");
    assert_eq!(reads(&store, 0), *b"yz");
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

#[test]
fn globals_segments_and_tables_start_as_their_expressions_say() {
    let module = module(
        r#"(module
            (import "host" "base" (global $base i32))
            (global (export "sum") i32 (i32.add (global.get $base) (i32.mul (i32.const 3) (i32.const -2))))
            (global (export "wide") i64 (i64.sub (i64.const 1) (i64.const 2)))
            (global (export "func") funcref (ref.func $f))
            (global (export "null") externref (ref.null extern))
            (global (export "float") (mut f64) (f64.const nan:0x4000000000001))
            (table (export "table") 3 funcref)
            (elem (i32.const 0) $f $f $f)
            (memory (export "memory") 1)
            (elem $middle (offset (i32.add (global.get $base) (i32.const -9))) funcref (ref.null func))
            (data (global.get $base) "!")
            (func $f (export "f")))"#,
    );
    let mut store = store();
    let ty = GlobalType { val: ValType::I32, mutable: false };
    let base = Global::new(&mut store, ty, Val::I32(10)).unwrap();
    let instance = store.instantiate(&module, &[Extern::Global(base)]).unwrap();
    let get = |name: &str| match instance.export(&store, name) {
        Some(Extern::Global(global)) => global.get(&store),
        other => panic!("{other:?}"),
    };
    let f = func(&store, instance, "f");
    assert_eq!(get("sum"), Val::I32(4));
    assert_eq!(get("wide"), Val::I64(-1));
    assert_eq!(get("func"), Val::FuncRef(Some(f)));
    assert_eq!(get("null"), Val::ExternRef(None));
    assert_eq!(get("float"), Val::F64(0x7ff4_0000_0000_0001));
    let Some(Extern::Table(table)) = instance.export(&store, "table") else { panic!() };
    let elements: Vec<_> = (0..4).map(|at| table.get(&store, at)).collect();
    let (f, null) = (Some(Val::FuncRef(Some(f))), Some(Val::FuncRef(None)));
    assert_eq!(elements, [f, null, f, None]);
    let Some(Extern::Memory(memory)) = instance.export(&store, "memory") else { panic!() };
    let mut byte = [0];
    memory.read(&store, 10, &mut byte).unwrap();
    assert_eq!(&byte, b"!");
    let names: Vec<_> = instance.exports(&store).map(|(name, _)| name).collect();
    assert_eq!(names, ["sum", "wide", "func", "null", "float", "table", "memory", "f"]);
    assert_eq!(instance.export(&store, "nothing"), None);
}

#[test]
fn memories_and_tables_grow_under_running_code() {
    let text = r#"(module
        (memory (export "memory") 1 5) (table (export "table") 1 4 externref)
        (func (export "grow") (param i32) (result i32 i32 i32)
            (i32.store (i32.const 65532) (i32.const 7))
            (memory.grow (local.get 0))
            (i32.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)) (i32.const 9))
            (i32.load (i32.const 65532))
            (memory.size))
        (func (export "table.grow") (param externref i32) (result i32 externref)
            (table.grow (local.get 0) (local.get 1))
            (table.get (i32.sub (table.size) (i32.const 1)))))"#;
    for_both_styles(text, |store, instance| {
        let grow = |store: &mut Store, delta| call(store, instance, "grow", &[Val::I32(delta)]).unwrap();
        assert_eq!(grow(store, 2), [1, 7, 3].map(Val::I32));
        assert_eq!(grow(store, 3), [-1, 7, 3].map(Val::I32));
        assert_eq!(grow(store, -1), [-1, 7, 3].map(Val::I32));
        let seven = Val::ExternRef(Some(7));
        let grown = call(store, instance, "table.grow", &[seven, Val::I32(3)]).unwrap();
        assert_eq!(grown, [Val::I32(1), seven]);
        let refused = call(store, instance, "table.grow", &[Val::ExternRef(None), Val::I32(1)]).unwrap();
        assert_eq!(refused, [Val::I32(-1), seven]);
    });
}

#[test]
fn guarded_code_is_refused_by_stores_without_guards() {
    let text = "(module (memory 1))";
    let config = StoreConfig { memory_style: MemoryStyle::Checked, ..StoreConfig::default() };
    let error = Store::new(config).unwrap().instantiate(&module(text), &[]).unwrap_err();
    assert!(matches!(error, InstantiateError::Incompatible(_)), "{error}");
    // The other way round is slower than it could be, but right.
    let checked = Module::from_object(&object(&CHECKED, text)).unwrap();
    assert!(store().instantiate(&checked, &[]).is_ok());
}

#[test]
fn imports_are_matched_by_name_and_type() {
    let mut store = store();
    let provider = module(
        r#"(module (func (export "plain"))
            (memory (export "memory") 1 3) (table (export "table") 2 8 funcref)
            (global (export "const") i32 (i32.const 1)) (global (export "var") (mut i32) (i32.const 1)))"#,
    );
    let provider = store.instantiate(&provider, &[]).unwrap();
    let mut linker = Linker::new();
    linker.define_instance(&store, "m", provider);
    let mut outcome = |import: &str| {
        let module = module(&format!("(module (import \"m\" {import}))"));
        match linker.instantiate(&mut store, &module) {
            Ok(_) => "ok",
            Err(InstantiateError::Link(LinkError::UnknownImport { .. })) => "unknown",
            Err(InstantiateError::Link(LinkError::IncompatibleImport { .. })) => "incompatible",
            Err(other) => panic!("{import}: {other}"),
        }
    };
    for (import, expected) in [
        (r#""plain" (func)"#, "ok"),
        (r#""plain" (func (result i32))"#, "incompatible"),
        (r#""plain" (memory 0)"#, "incompatible"),
        (r#""nothing" (func)"#, "unknown"),
        (r#""memory" (memory 1)"#, "ok"),
        (r#""memory" (memory 0 3)"#, "ok"),
        (r#""memory" (memory 0 4)"#, "ok"),
        (r#""memory" (memory 2)"#, "incompatible"),
        (r#""memory" (memory 0 2)"#, "incompatible"),
        (r#""table" (table 2 funcref)"#, "ok"),
        (r#""table" (table 3 funcref)"#, "incompatible"),
        (r#""table" (table 0 7 funcref)"#, "incompatible"),
        (r#""table" (table 0 externref)"#, "incompatible"),
        (r#""const" (global i32)"#, "ok"),
        (r#""const" (global (mut i32))"#, "incompatible"),
        (r#""var" (global i32)"#, "incompatible"),
        (r#""var" (global (mut i32))"#, "ok"),
        (r#""var" (global (mut i64))"#, "incompatible"),
    ] {
        assert_eq!(outcome(import), expected, "{import}");
    }
    // What counts is the current size.
    let Some(Extern::Memory(memory)) = provider.export(&store, "memory") else { panic!() };
    memory.grow(&mut store, 1).unwrap();
    let wants_two = module(r#"(module (import "m" "memory" (memory 2)))"#);
    assert!(linker.instantiate(&mut store, &wants_two).is_ok());
}

#[test]
fn threads_trap_independently() {
    let module = module(
        r#"(module (memory 1)
            (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))"#,
    );
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let mut store = store();
                    let instance = store.instantiate(&module, &[]).unwrap();
                    assert_eq!(
                        trap(call(&mut store, instance, "load", &[Val::I32(-4)])).trap,
                        Trap::MemoryOutOfBounds
                    );
                    assert_eq!(call(&mut store, instance, "load", &[Val::I32(8)]).unwrap(), [Val::I32(0)]);
                }
            });
        }
    });
}

#[test]
fn a_damaged_object_is_refused() {
    let text = r#"(module (memory 1) (data "abc") (table 1 funcref) (elem (i32.const 0) $f)
        (func $f (export "f") (param i32) (result i32) (call $g (local.get 0)))
        (func $g (param i32) (result i32) (i32.load (local.get 0))))"#;
    let object = object(&GUARDED, text);
    assert!(Module::from_object(&object).is_ok());
    for len in 0..object.len() {
        // The file ends with tables that are not needed (names of sections that are found anyway
        // could be cut), but what loads must be whole.
        if let Ok(module) = Module::from_object(&object[..len]) {
            assert_eq!(module.manifest().functions.len(), 3, "cut to {len}");
        }
    }
    let mut accepted = 0;
    for at in 0..object.len() {
        for bit in [0x01, 0x80] {
            let mut damaged = object.clone();
            damaged[at] ^= bit;
            accepted += usize::from(Module::from_object(&damaged).is_ok());
        }
    }
    // Names of symbols, alignments, padding: what nobody reads may be anything.
    assert!(accepted < object.len(), "{accepted} of {} damaged objects were accepted", 2 * object.len());
    assert!(matches!(Module::from_object(b"no object"), Err(LoadError::Elf(_))));
}

/// The test process runs itself with this set, to see how it ends.
const CHILD: &str = "TRAPLINE_TEST_CHILD";

#[test]
fn a_stack_overflow_of_the_host_is_no_trap() {
    const NAME: &str = "a_stack_overflow_of_the_host_is_no_trap";
    if std::env::var_os(CHILD).is_some() {
        #[allow(unconditional_recursion, reason = "that is what is tested")]
        fn endless(n: u64) -> u64 {
            std::hint::black_box(endless(std::hint::black_box(n) + 1)) + n
        }
        let module = module(r#"(module (import "" "f" (func $f)) (func (export "run") (call $f)))"#);
        let mut store = store();
        let host = Func::new_host(&mut store, FuncType::default(), |_, _| {
            Ok(vec![Val::I64(endless(0).cast_signed())])
        });
        let instance = store.instantiate(&module, &[Extern::Func(host)]).unwrap();
        println!("{:?}", call(&mut store, instance, "run", &[]));
        return;
    }
    let mut child = Command::new(std::env::current_exe().unwrap());
    let output = child.args(["--exact", NAME, "--nocapture"]).env(CHILD, "1").output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), None, "the child did not die of a signal: {errors}");
    assert!(errors.contains("overflowed its stack"), "{errors}");
}
