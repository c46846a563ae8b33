//! Instances: how they are linked, how they start, and what they keep.

use super::*;

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
    assert_eq!(elements, [f.clone(), null, f, None]);
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
        let seven = Val::ExternRef(Some(AnyRef::Host(7)));
        let grown = call(store, instance, "table.grow", &[seven.clone(), Val::I32(3)]).unwrap();
        assert_eq!(grown, [Val::I32(1), seven.clone()]);
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
    let checked = load(&object(&CHECKED, text)).unwrap();
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

/// Sections of an object whose bytes may be anything, and why. Every other byte is covered by one of the two hashes.
const UNCHECKED: [(&str, &str); 6] = [
    (".symtab", "the loader reads the symbols of relocations alone, and the hash covers where those lead"),
    (".strtab", "names of symbols are for linkers and debuggers"),
    (".eh_frame", "frames are for debuggers"),
    (".rela.eh_frame", "frames are for debuggers"),
    (".debug_", "DWARF is for debuggers"),
    (".rela.debug_", "DWARF is for debuggers"),
];

/// Whether a byte of an object lies in a section of [`UNCHECKED`].
fn is_unchecked(object: &[u8], at: usize) -> bool {
    use object::{Object, ObjectSection};
    let file = object::File::parse(object).unwrap();
    let within = |section: &object::Section<'_, '_>| {
        let (start, len) = section.file_range().unwrap_or_default();
        (start..start + len).contains(&(at as u64))
    };
    let listed = |name: &str| UNCHECKED.iter().any(|(known, _)| name.starts_with(known));
    file.sections().any(|section| listed(section.name().unwrap()) && within(&section))
}

#[test]
fn a_damaged_object_is_refused() {
    let text = r#"(module (memory 1) (data "abc") (table 1 funcref) (elem (i32.const 0) $f)
        (func $f (export "f") (param i32) (result i32) (call $g (local.get 0)))
        (func $g (param i32) (result i32) (i32.load (local.get 0))))"#;
    let described = Compiler::new(Profile { debug_info: true, ..Profile::default() }).unwrap();
    for compiler in [&*GUARDED, &described] {
        let object = object(compiler, text);
        assert!(load(&object).is_ok());
        for len in 0..object.len() {
            assert!(load(&object[..len]).is_err(), "cut to {len} bytes");
        }
        for at in 0..object.len() {
            for bit in [0x01, 0x80] {
                let mut damaged = object.clone();
                damaged[at] ^= bit;
                let accepted = load(&damaged).is_ok();
                assert!(!accepted || is_unchecked(&object, at), "byte {at:#x} with {bit:#x} flipped");
            }
        }
    }
    assert!(matches!(load(b"no object"), Err(LoadError::Elf(_))));
}

/// Addresses of 64-bit memories are not cut to 32 bits on the way, where both ends of the cut are there.
#[test]
fn memories_beyond_4_gib_are_addressed_in_full() {
    const BEYOND: i64 = (1 << 32) + 8;
    let text = r#"(module (memory i64 65538)
      (func (export "store") (param i64 i64) (i64.store (local.get 0) (local.get 1)))
      (func (export "store-offset") (param i64 i64) (i64.store offset=0x1_0000_0000 (local.get 0) (local.get 1)))
      (func (export "load") (param i64) (result i64) (i64.load (local.get 0)))
      (func (export "load-constant") (result i64) (i64.load (i64.const 0x1_0000_0008)))
      (func (export "fill") (param i64 i64) (memory.fill (local.get 0) (i32.const 0x11) (local.get 1)))
      (func (export "copy") (param i64 i64 i64) (memory.copy (local.get 0) (local.get 1) (local.get 2))))"#;
    for opt_level in [OptLevel::None, OptLevel::Speed] {
        let compiler = Compiler::new(Profile { opt_level, verifier: true, ..Profile::default() }).unwrap();
        let module = load(&object(&compiler, text)).unwrap();
        let config = StoreConfig { max_memory_bytes: 5 << 30, ..StoreConfig::default() };
        let mut store = Store::new(config).unwrap();
        let instance = store.instantiate(&module, &[]).unwrap();
        let mut call = |name: &str, args: &[i64]| {
            let args: Vec<_> = args.iter().map(|&arg| Val::I64(arg)).collect();
            call(&mut store, instance, name, &args)
        };
        call("store", &[BEYOND, 7]).unwrap();
        assert_eq!(call("load", &[BEYOND]).unwrap(), [Val::I64(7)]);
        assert_eq!(call("load-constant", &[]).unwrap(), [Val::I64(7)]);
        assert_eq!(call("load", &[8]).unwrap(), [Val::I64(0)], "{opt_level:?}");
        call("store-offset", &[8, 9]).unwrap();
        assert_eq!(call("load", &[BEYOND]).unwrap(), [Val::I64(9)]);
        assert_eq!(call("load", &[8]).unwrap(), [Val::I64(0)]);
        call("copy", &[16, BEYOND, 8]).unwrap();
        assert_eq!(call("load", &[16]).unwrap(), [Val::I64(9)]);
        call("fill", &[BEYOND, 8]).unwrap();
        assert_eq!(call("load", &[BEYOND]).unwrap(), [Val::I64(0x1111_1111_1111_1111)]);
        assert_eq!(call("load", &[8]).unwrap(), [Val::I64(0)]);
        let end = 65538 << 16;
        assert_eq!(call("load", &[end - 8]).unwrap(), [Val::I64(0)]);
        assert_eq!(trap(call("load", &[end - 7])).trap, Trap::MemoryOutOfBounds);
    }
}
