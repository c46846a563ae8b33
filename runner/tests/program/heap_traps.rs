//! What traps of instructions on references tell.

use super::place::Place;

/// Each function traps.
const MODULE: &str = r#"(module $m
  (type $base (sub (struct (field $x i32))))
  (type $point (sub $base (struct (field $x i32) (field $y i64))))
  (type $bytes (array (mut i8)))
  (type $f (func (result i32)))
  (type $fs (sub (func (param i32))))
  (type $fs2 (sub $fs (func (param i32))))
  (type $sig (func (param i64)))
  (global $g (mut anyref) (ref.null any))
  (data $d "abcdef")
  (elem $e funcref (ref.func $k))
  (func $k (type $fs))
  (func (export "point-of-base") (drop (ref.cast (ref $point) (struct.new $base (i32.const 1)))))
  (func (export "null-cast") (drop (ref.cast (ref $point) (ref.null any))))
  (func (export "i31-cast") (drop (ref.cast (ref null $point) (ref.i31 (i32.const -5)))))
  (func (export "array-to-struct") (drop (ref.cast (ref struct) (array.new $bytes (i32.const 1) (i32.const 3)))))
  (func (export "func-cast") (drop (ref.cast (ref $fs2) (ref.func $k))))
  (func (export "cast-arg") (param anyref) (drop (ref.cast (ref eq) (local.get 0))))
  (func (export "cast-extern") (param externref) (drop (ref.cast (ref i31) (any.convert_extern (local.get 0)))))
  (func (export "get") (param i32) (result i32) (array.get_s $bytes (array.new $bytes (i32.const 1) (i32.const 3)) (local.get 0)))
  (func (export "set") (param i32) (array.set $bytes (array.new $bytes (i32.const 1) (i32.const 3)) (local.get 0) (i32.const 0)))
  (func (export "field") (result i64) (struct.get $point $y (ref.null $point)))
  (func (export "len") (result i32) (array.len (ref.null array)))
  (func (export "i31") (result i32) (i31.get_s (ref.null i31)))
  (func (export "copy") (array.copy $bytes $bytes (array.new $bytes (i32.const 1) (i32.const 3)) (i32.const 2) (array.new $bytes (i32.const 1) (i32.const 9)) (i32.const 1) (i32.const 2)))
  (func (export "copy-null") (array.copy $bytes $bytes (array.new $bytes (i32.const 1) (i32.const 3)) (i32.const 2) (ref.null $bytes) (i32.const 1) (i32.const 2)))
  (func (export "fill") (array.fill $bytes (array.new $bytes (i32.const 1) (i32.const 3)) (i32.const 2) (i32.const 7) (i32.const 2)))
  (func (export "new-data") (drop (array.new_data $bytes $d (i32.const 2) (i32.const 5))))
  (func (export "init-data") (array.init_data $bytes $d (array.new $bytes (i32.const 1) (i32.const 30)) (i32.const 2) (i32.const 5) (i32.const 2)))
  (type $refs (array (mut funcref)))
  (func (export "new-elem") (drop (array.new_elem $refs $e (i32.const 1) (i32.const 1))))
  (func (export "as-non-null") (drop (ref.as_non_null (ref.null any))))
  (func (export "call-ref") (call_ref $fs (i32.const 1) (ref.null $fs)))
  (func (export "throw-ref") (throw_ref (ref.null exn)))
)
"#;

/// What is called, and what the failure says of the trap.
const TRAPS: [(&str, &str); 22] = [
    (r#""point-of-base""#, "ref.cast: wanted (ref 1 <point>), found type 0 <base>"),
    (r#""null-cast""#, "ref.cast: wanted (ref 1 <point>), found null"),
    (r#""i31-cast""#, "ref.cast: wanted (ref null 1 <point>), found i31 -5"),
    (r#""array-to-struct""#, "ref.cast: wanted (ref struct), found type 2 <bytes>"),
    (r#""func-cast""#, "ref.cast: wanted (ref 5 <fs2>), found type 4 <fs>"),
    (r#""cast-arg" (ref.host 1)"#, "ref.cast: wanted (ref eq), found a host value"),
    (r#""cast-arg" (ref.null any)"#, "ref.cast: wanted (ref eq), found null"),
    (r#""cast-extern" (ref.extern 1)"#, "ref.cast: wanted (ref i31), found a host value"),
    (r#""get" (i32.const 3)"#, "array.get_s of type 2 <bytes>: index=3; the array has 3 elements"),
    (r#""set" (i32.const -1)"#, "array.set of type 2 <bytes>: index=4294967295; the array has 3 elements"),
    (r#""field""#, "struct.get of field 1 of type 1 <point>: the structure is null"),
    (r#""len""#, "array.len: the array is null"),
    (r#""i31""#, "i31.get_s: the reference is null"),
    (r#""copy""#, "array.copy: dst=2 src=1 len=2; the destination has 3 elements, the source has 9 elements"),
    (r#""copy-null""#, "array.copy: the source is null"),
    (r#""fill""#, "array.fill: dst=2 len=2; the array has 3 elements"),
    (r#""new-data""#, "array.new_data 0: src=2 len=5; segment 0 has 6 bytes, an element takes 1 byte"),
    (
        r#""init-data""#,
        "array.init_data 0: dst=2 src=5 len=2; segment 0 has 6 bytes, an element takes 1 byte, the array has 30 elements",
    ),
    (r#""new-elem""#, "array.new_elem 0: src=1 len=1; segment 0 has 1 element"),
    (r#""as-non-null""#, "ref.as_non_null: the reference is null"),
    (r#""call-ref""#, "call_ref of type 4 <fs>: the function is null"),
    (r#""throw-ref""#, "throw_ref: the exception is null"),
];

#[test]
fn traps_name_types_operands_and_lengths() {
    let mut script = MODULE.to_owned();
    for (call, _) in TRAPS {
        script += &format!("(assert_return (invoke {call}))\n");
    }
    let place = Place::new(&[("traps.wast", &script)]);
    for engine in ["aot", "jit", "linked"] {
        let run = place.run(&["wast", "traps.wast", "--engine", engine]);
        let wanted = TRAPS.map(|(_, wanted)| format!(": {wanted}\n"));
        run.expect(1, &wanted.each_ref().map(String::as_str));
    }
}

/// The found type belongs to another module, which the report names.
#[test]
fn a_type_of_another_module_is_named_with_the_module() {
    let script = r#"(module $shapes (type $circle (struct (field f64)))
  (func (export "make") (result anyref) (struct.new $circle (f64.const 1))))
(register "shapes")
(module $user (type $square (struct (field i32)))
  (import "shapes" "make" (func $make (result anyref)))
  (func (export "cast") (drop (ref.cast (ref null $square) (call $make)))))
(assert_return (invoke "cast"))
"#;
    let run = Place::new(&[("a.wast", script)]).run(&["wast", "a.wast"]);
    run.expect(1, &["ref.cast: wanted (ref null 0 <square>), found type 0 <circle> of module <shapes>\n"]);
}
