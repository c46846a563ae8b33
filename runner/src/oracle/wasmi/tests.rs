use super::Wasmi;
use crate::engine::Variant;
use crate::executor::{Engine, EngineError, Executor, Failure, HostItem, InstanceId, Printer};
use crate::run::default_features;
use crate::trail::{ExportKind, Lack, Layer, Refusal, StateView, Value};
use trapline_abi::{Trap, ValType};

fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("a module")
}

fn instance(executor: &mut dyn Executor, text: &str) -> InstanceId {
    let module = executor.compile(&wasm(text), default_features()).expect("it is valid");
    executor.instantiate(&module).expect("it can be instantiated")
}

fn trap(executor: &mut dyn Executor, instance: InstanceId, export: &str) -> Vec<Trap> {
    match executor.call(instance, export, &[]) {
        Err(Failure::Trap(trap)) => trap.kinds().collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn values_come_back_bit_by_bit() {
    let engine = Wasmi::new("wasmi");
    let mut executor = engine.start().unwrap();
    let echo = |ty: &str| format!(r#"(func (export "{ty}") (param {ty}) (result {ty}) local.get 0)"#);
    let functions = ["i32", "i64", "f32", "f64", "v128", "funcref", "externref"].map(echo).join("\n");
    let instance = instance(&mut *executor, &format!("(module {functions})"));
    for (ty, value) in [
        ("i32", Value::I32(-7)),
        ("i64", Value::I64(i64::MIN)),
        ("f32", Value::F32(0x7fa0_0001)),
        ("f64", Value::F64(0xfff4_0000_0000_0001)),
        ("v128", Value::V128(0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10)),
        ("funcref", Value::NullFunc),
        ("externref", Value::NullExtern),
        ("externref", Value::Extern(41)),
    ] {
        assert_eq!(executor.call(instance, ty, &[value]), Ok(vec![value]), "{ty}");
    }
    assert_eq!(executor.call(instance, "none", &[]), Err(Failure::NoExport));
    assert_eq!(executor.get(instance, "i32"), Err(Failure::ExportIs(ExportKind::Function)));
    assert!(matches!(executor.call(instance, "i32", &[]), Err(Failure::Arguments(_))));
}

#[test]
fn traps_have_the_kinds_of_the_specification() {
    let engine = Wasmi::new("wasmi");
    let mut executor = engine.start().unwrap();
    let instance = instance(
        &mut *executor,
        r#"(module (memory 1) (table 2 funcref) (type $t (func)) (elem (i32.const 1) $other)
            (func $other (result i32) i32.const 0)
            (func (export "unreachable") unreachable)
            (func (export "memory") (drop (i32.load (i32.const -1))))
            (func (export "table") (drop (table.get 0 (i32.const 9))))
            (func (export "undefined") (call_indirect (type $t) (i32.const 9)))
            (func (export "null") (call_indirect (type $t) (i32.const 0)))
            (func (export "type") (call_indirect (type $t) (i32.const 1)))
            (func (export "zero") (drop (i32.div_s (i32.const 1) (i32.const 0))))
            (func (export "overflow") (drop (i64.div_s (i64.const 0x8000000000000000) (i64.const -1))))
            (func (export "nan") (drop (i32.trunc_f32_s (f32.const nan))))
            (func $deep (export "deep") (call $deep)))"#,
    );
    let either = vec![Trap::TableOutOfBounds, Trap::UndefinedElement];
    for (export, kinds) in [
        ("unreachable", vec![Trap::Unreachable]),
        ("memory", vec![Trap::MemoryOutOfBounds]),
        ("table", either.clone()),
        ("undefined", either),
        ("null", vec![Trap::UninitializedElement]),
        ("type", vec![Trap::IndirectCallTypeMismatch]),
        ("zero", vec![Trap::IntegerDivideByZero]),
        ("overflow", vec![Trap::IntegerOverflow]),
        ("nan", vec![Trap::InvalidConversionToInteger]),
        ("deep", vec![Trap::StackOverflow]),
    ] {
        assert_eq!(trap(&mut *executor, instance, export), kinds, "{export}");
    }
}

#[test]
fn a_module_is_refused_by_layer_and_what_is_not_there_is_a_lack() {
    let engine = Wasmi::new("wasmi");
    let validate = |wasm: &[u8]| engine.validate(wasm, default_features());
    let layer = |error| match error {
        Err(EngineError::Malformed(Refusal { layer, offset, .. })) => (layer, offset),
        Err(EngineError::Invalid(Refusal { layer, offset, .. })) => (layer, offset),
        other => panic!("{other:?}"),
    };
    assert_eq!(layer(validate(b"\0asm\x01\0\0")).0, Layer::Decode);
    let (invalid, offset) = layer(validate(&wasm("(module (func (result i32) i64.const 0))")));
    assert!(invalid == Layer::Validate && offset.is_some());
    let threads = wasm("(module (memory 1 1 shared))");
    assert_eq!(validate(&threads), Err(EngineError::Unsupported(Lack::Proposal("threads".to_owned()))));
    // wasmi does not come as far as the error, so its refusal says nothing about it.
    let invalid = wasm("(module (memory 1 1 shared) (func (result i32) i64.const 0))");
    assert_eq!(validate(&invalid), Err(EngineError::Unsupported(Lack::Proposal("threads".to_owned()))));
    // A function that is never called counts as well.
    assert!(validate(&wasm("(module (func (export \"f\")) (func i32.add))")).is_err());
}

#[test]
fn links_among_what_is_registered_and_the_host() {
    static PRINT: HostItem = HostItem::Print(&[ValType::I32]);
    let engine = Wasmi::new("wasmi");
    let mut executor = engine.start().unwrap();
    let first = instance(&mut *executor, r#"(module (global (export "g") i32 (i32.const 5)))"#);
    executor.register("first", first).unwrap();
    let text = r#"(module (import "first" "g" (global i32)) (import "spectest" "print_i32" (func (param i32)))
        (func (export "f") (result i32) (call 0 (i32.const 1)) global.get 0))"#;
    let module = executor.compile(&wasm(text), default_features()).unwrap();
    let unknown = executor.instantiate(&module);
    assert!(
        matches!(&unknown, Err(Failure::Link(failure)) if failure.refusal.message.starts_with("unknown import")),
        "{unknown:?}"
    );
    executor.define("spectest", "print_i32", &PRINT, &Printer::default()).unwrap();
    let second = executor.instantiate(&module).unwrap();
    assert_eq!(executor.call(second, "f", &[]), Ok(vec![Value::I32(5)]));
    let other =
        executor.compile(&wasm(r#"(module (import "first" "g" (func)))"#), default_features()).unwrap();
    let wrong = executor.instantiate(&other);
    assert!(
        matches!(&wrong, Err(Failure::Link(failure)) if failure.refusal.message.starts_with("incompatible import type")),
        "{wrong:?}"
    );
}

#[test]
fn what_is_exported_is_seen_as_trapline_sees_it() {
    let text = r#"(module
        (memory (export "m") 2) (data (i32.const 70000) "here")
        (memory 1) (table (export "t") 5 funcref) (elem (i32.const 3) $f)
        (table (export "e") 2 externref)
        (global (export "g") (mut f32) (f32.const 1.5))
        (func $f (export "f") (param externref)
            (table.set 1 (i32.const 1) (local.get 0)) (global.set 0 (f32.const nan:0x200000))
            (drop (memory.grow (i32.const 1)))))"#;
    let own = "aot".parse::<Variant>().unwrap().spec().build().unwrap();
    let wasmi = Wasmi::new("wasmi");
    let states = [&*own, &wasmi as &dyn Engine].map(|engine| {
        let mut executor = engine.start().unwrap();
        let instance = instance(&mut *executor, text);
        let before = executor.digest(StateView::Exported);
        executor.call(instance, "f", &[Value::Extern(9)]).unwrap();
        let state = executor.state(StateView::Exported);
        assert_eq!(state.digest(), executor.digest(StateView::Exported));
        (before, state)
    });
    assert_eq!(states[0], states[1]);
    assert_ne!(states[0].0, states[0].1.digest());
    assert_eq!(states[0].1.memories[0].len, 3 << 16);
}
