//! Traps: which, where, and what they explain.

use super::*;

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
    for address in [size - 7, size, -1] {
        let report = trap(call(&mut store, instance, "load", &[Val::I32(address)]));
        let Some(TrapDetail::MemoryAccess { memory, index, .. }) = report.detail else { panic!("{report}") };
        assert_eq!((memory.index, memory.len), (1, size as u64));
        assert_eq!(index, Some(u64::from(address as u32)));
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
        let dropped = detail(store, "init2", [0, 1, 0]);
        let start = "memory.init 1: dst=0 src=1 len=0; segment 1 has 0 bytes (dropped by data.drop in function 1 <init2> at \
             offset 0x";
        assert!(dropped.starts_with(start), "{dropped}");
        assert!(dropped.ends_with("), memory 0 has 65536 bytes"), "{dropped}");
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
        let report = trap(call(&mut store, instance, "down", &[const { Val::I64(1) }; 3]));
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

/// The test process runs itself with this set, to see how it ends.
const CHILD: &str = "TRAPLINE_TEST_CHILD";

#[test]
fn a_stack_overflow_of_the_host_is_no_trap() {
    const NAME: &str = "traps::a_stack_overflow_of_the_host_is_no_trap";
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
