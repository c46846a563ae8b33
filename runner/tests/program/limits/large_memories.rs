//! Memories beyond 4 GiB and tables beyond ten million elements, where an option allows them.

use crate::place::Place;

/// What lies beyond 4 GiB is reached by every kind of access, and is not what lies 4 GiB below.
const MEMORY: &str = r#"(module
  (memory (export "m") i64 0x18000 0x20000)
  (data (i64.const 0x1_0000_0010) "beyond")
  (func (export "load") (param i64) (result i64) (i64.load (local.get 0)))
  (func (export "near") (param i64) (result i32) (i32.load8_u offset=0x1_0000_0000 (local.get 0)))
  (func (export "store") (param i64 i64) (i64.store (local.get 0) (local.get 1)))
  (func (export "fill") (param i64 i32 i64) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i64 i64 i64) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
  (func (export "size") (result i64) (memory.size)))
(assert_return (invoke "near" (i64.const 0x10)) (i32.const 0x62))
(assert_return (invoke "load" (i64.const 0x10)) (i64.const 0))
(invoke "store" (i64.const 0x1_7fff_fff8) (i64.const -7))
(assert_return (invoke "load" (i64.const 0x1_7fff_fff8)) (i64.const -7))
(assert_return (invoke "load" (i64.const 0x7fff_fff8)) (i64.const 0))
(assert_trap (invoke "load" (i64.const 0x1_7fff_fff9)) "out of bounds memory access")
(assert_trap (invoke "load" (i64.const -8)) "out of bounds memory access")
(invoke "fill" (i64.const 0xffff_fff0) (i32.const 0xaa) (i64.const 0x20))
(assert_return (invoke "near" (i64.const 0xf)) (i32.const 0xaa))
(assert_return (invoke "near" (i64.const 0x10)) (i32.const 0x62))
(invoke "copy" (i64.const 0x20) (i64.const 0x1_0000_0010) (i64.const 6))
(assert_return (invoke "load" (i64.const 0x20)) (i64.const 0x646e_6f79_6562))
(assert_trap (invoke "copy" (i64.const 0) (i64.const 0x1_7fff_ffff) (i64.const 2)) "out of bounds memory access")
(assert_return (invoke "grow" (i64.const 0x8000)) (i64.const 0x18000))
(assert_return (invoke "grow" (i64.const 1)) (i64.const -1))
(assert_return (invoke "size") (i64.const 0x20000))
(assert_return (invoke "load" (i64.const 0x1_7fff_fff8)) (i64.const -7))
(invoke "store" (i64.const 0x1_ffff_fff8) (i64.const 9))
(assert_return (invoke "load" (i64.const 0x1_ffff_fff8)) (i64.const 9))
"#;

const TABLE: &str = r#"(module
  (table $t (export "t") 100000000 externref)
  (table $f i64 12000000 funcref)
  (elem $f0 (table $f) (i64.const 11999999) func $three)
  (func $three (result i32) (i32.const 3))
  (func (export "set") (param i32 externref) (table.set $t (local.get 0) (local.get 1)))
  (func (export "get") (param i32) (result externref) (table.get $t (local.get 0)))
  (func (export "grow") (param i32) (result i32) (table.grow $t (ref.null extern) (local.get 0)))
  (func (export "call") (param i64) (result i32) (call_indirect $f (result i32) (local.get 0))))
(invoke "set" (i32.const 99999999) (ref.extern 5))
(assert_return (invoke "get" (i32.const 99999999)) (ref.extern 5))
(assert_trap (invoke "get" (i32.const 100000000)) "out of bounds table access")
(assert_return (invoke "call" (i64.const 11999999)) (i32.const 3))
(assert_trap (invoke "call" (i64.const 11999998)) "uninitialized element")
(assert_return (invoke "grow" (i32.const 100000000)) (i32.const 100000000))
(assert_return (invoke "grow" (i32.const 1)) (i32.const -1))
(assert_return (invoke "get" (i32.const 99999999)) (ref.extern 5))
(assert_return (invoke "get" (i32.const 199999999)) (ref.null extern))
"#;

/// What a worker may use is far less than what the memory and the table have.
const LITTLE: [&str; 2] = ["--max-memory", "1024"];

#[test]
fn memories_beyond_four_gibibytes() {
    let place = Place::new(&[("m.wast", MEMORY)]);
    for memory in ["guarded", "checked"] {
        let run =
            [&["wast", "m.wast", "--max-linear-memory", "8192", "--memory", memory], &LITTLE[..]].concat();
        place.run(&run).expect(0, &["m.wast: 20 pass"]);
    }
    // After each directive, the whole state is compared.
    let compare = ["compare", "m.wast", "--max-linear-memory", "8192", "--engine", "aot,jit,linked"];
    place.run(&[&compare, &LITTLE[..]].concat()).expect(0, &[]);
    // One that must not grow as far is not what passes here.
    let run = place.run(&["wast", "m.wast", "--max-linear-memory", "6144"]);
    run.expect(1, &["--max-linear-memory 6144"]);
}

#[test]
fn tables_beyond_ten_million_elements() {
    let place = Place::new(&[("t.wast", TABLE)]);
    let most = ["--max-table-elements", "200000000"];
    place.run(&[&["wast", "t.wast"], &most[..], &LITTLE].concat()).expect(0, &["t.wast: 10 pass"]);
    let compare = ["compare", "t.wast", "--engine", "aot,jit"];
    place.run(&[&compare[..], &most, &LITTLE].concat()).expect(0, &[]);
}

#[test]
fn a_refusal_names_the_option() {
    let place = Place::new(&[
        ("m.wast", "(module (memory i64 0x10001))"),
        ("t.wast", "(module (table 10000001 funcref))"),
        (
            "small.wast",
            r#"(module (memory 32) (func (export "f") (result i32) (memory.grow (i32.const 1))))"#,
        ),
    ]);
    place.run(&["wast", "m.wast"]).expect(1, &[
        "4295032832 bytes of a memory, where the limit is 4294967296 (--max-linear-memory MIB allows more)",
    ]);
    place.run(&["wast", "t.wast"]).expect(
        1,
        &["10000001 elements of a table, where the limit is 10000000 (--max-table-elements N allows more)"],
    );
    place.write("m.wat", "(module (memory i64 0x10001))");
    place.run(&["run", "m.wat"]).expect(8, &[
        "failed to instantiate m.wat: create a memory of 4295032832 bytes: the store allows 4294967296 (--max-linear-memory MIB",
    ]);
    place.run(&["run", "m.wat", "--max-linear-memory", "4097"]).expect(0, &[]);
    // A limit may be lower than the default one, too.
    place.run(&["wast", "small.wast", "--max-linear-memory", "1"]).expect(1, &["the limit is 1048576"]);
}
