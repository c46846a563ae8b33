//! Which bounds checks are in compiled code, and which are not because they cannot fail.

use object::{Object, ObjectSection};
use trapline_abi::artifact::{self, Header, Manifest, MemoryStyle};
use trapline_abi::{Trap, TrapCode};
use trapline_compiler::{Compiler, OptLevel, Profile, supported_features};

fn encode(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// How often the first function of a module can trap in some way, at each optimisation level.
fn sites(memory_style: MemoryStyle, trap: Trap, text: &str) -> [usize; 3] {
    places(memory_style, trap, text).map(|places| places.len())
}

/// Where the first function of a module can trap in some way: offsets in the binary.
fn places(memory_style: MemoryStyle, trap: Trap, text: &str) -> [Vec<Option<u32>>; 3] {
    let wasm = encode(text);
    [OptLevel::None, OptLevel::Speed, OptLevel::SpeedAndSize].map(|opt_level| {
        let profile = Profile { memory_style, opt_level, verifier: true, ..Profile::default() };
        let bytes = Compiler::new(profile).unwrap().compile(&wasm, supported_features()).unwrap();
        let file = object::File::parse(&*bytes).unwrap();
        let section = file.section_by_name(artifact::SECTION).unwrap();
        let (_, manifest, _) = Header::parse(section.data().unwrap()).unwrap();
        let manifest: Manifest = artifact::decode_manifest(manifest).unwrap();
        let function = &manifest.functions[0];
        let sites = function.traps.iter().filter(|site| site.code == TrapCode::Trap(trap));
        sites.map(|site| function.wasm_offset_at(site.offset)).collect()
    })
}

/// Asserts how many bounds checks a body has in which memories are checked.
#[track_caller]
fn assert_checks(count: usize, memory: &str, body: &str) {
    let text = format!("(module {memory} (func (param $p i32) (param $q i32) (param $l i64) {body}))");
    let found = sites(MemoryStyle::Checked, Trap::MemoryOutOfBounds, &text);
    assert_eq!(found, [count; 3], "{memory} {body}");
}

#[test]
fn constant_addresses_within_the_minimum_are_not_checked() {
    let two = "(memory 2)";
    assert_checks(0, two, "(drop (i32.load (i32.const 0)))");
    assert_checks(0, two, "(drop (i32.load (i32.const 131068)))");
    assert_checks(0, two, "(drop (i32.load offset=131000 (i32.const 68)))");
    assert_checks(0, two, "(drop (v128.load (i32.const 131056)))");
    assert_checks(0, two, "(i64.store8 (i32.const 131071) (local.get $l))");
    assert_checks(0, two, "(drop (i64.atomic.rmw.add offset=8 (i32.const 131056) (local.get $l)))");
    // By way of a local variable, also one that still has its initial value.
    assert_checks(0, two, "(local $z i32) (drop (i32.load offset=8 (local.get $z)))");
    assert_checks(0, two, "(local.set $p (i32.const 9)) (drop (i32.load (local.get $p)))");
    // An import has the minimum, too, and a shared memory does not shrink either.
    assert_checks(0, "(import \"m\" \"m\" (memory 2))", "(drop (i32.load (i32.const 131068)))");
    assert_checks(0, "(memory 2 4 shared)", "(drop (i32.load (i32.const 131068)))");
}

#[test]
fn constant_addresses_beyond_the_minimum_are_checked() {
    let two = "(memory 2)";
    assert_checks(1, two, "(drop (i32.load (i32.const 131069)))");
    assert_checks(1, two, "(drop (i32.load offset=131001 (i32.const 68)))");
    assert_checks(1, two, "(drop (i32.load (i32.const -1)))");
    assert_checks(1, two, "(drop (i32.load offset=0xffffffff (i32.const 1)))");
    assert_checks(1, "(memory 0 9)", "(drop (i32.load8_u (i32.const 0)))");
    assert_checks(1, "(import \"m\" \"m\" (memory 2 9))", "(drop (i32.load (i32.const 131069)))");
    // It is the memory of the access that counts.
    assert_checks(1, "(memory 2) (memory 1)", "(drop (i32.load 1 (i32.const 65536)))");
}

#[test]
fn constant_addresses_of_other_memories_count_in_bytes() {
    let bytes = "(memory 10 (pagesize 1))";
    assert_checks(0, bytes, "(drop (i32.load (i32.const 6)))");
    assert_checks(1, bytes, "(drop (i32.load (i32.const 7)))");
    let wide = "(memory i64 1)";
    assert_checks(0, wide, "(drop (i64.load (i64.const 65528)))");
    assert_checks(0, wide, "(drop (i64.load (i64.extend_i32_u (i32.const 65528))))");
    assert_checks(1, wide, "(drop (i64.load (i64.const 65529)))");
    // Neither sum may wrap: 2^64 - 8 + 8 and 2^64 - 8 + 16.
    assert_checks(1, wide, "(drop (i64.load (i64.const -8)))");
    assert_checks(1, wide, "(drop (i64.load offset=16 (i64.const -8)))");
    assert_checks(1, wide, "(drop (i64.load offset=0xffffffffffffffff (i64.const 1)))");
    // All of 2^64 bytes, which is more than a 64-bit size can say.
    let all = "(memory i64 0x1000000000000)";
    assert_checks(0, all, "(drop (i64.load8_u (i64.const -2)))");
}

#[test]
fn accesses_of_one_address_share_a_check() {
    let one = "(memory 1)";
    assert_checks(
        1,
        one,
        "(drop (i32.load offset=4 (local.get $p))) (drop (i32.load (local.get $p)))
         (i32.store16 offset=6 (local.get $p) (local.get $q))",
    );
    // No call makes a memory smaller.
    assert_checks(
        1,
        one,
        "(i32.store offset=4 (local.get $p) (i32.const 1))
         (drop (memory.grow (i32.const 1))) (drop (i32.load (local.get $p)))",
    );
    assert_checks(
        1,
        one,
        "(drop (i32.load (i32.const 70000))) (drop (i32.load (i32.const 70000)))
         (drop (i64.load offset=9000 (i32.const 60000)))",
    );
    // The guard of a guarded memory does not reach that far.
    let far = "(drop (i32.load offset=0x90000000 (local.get $p)))
               (drop (i32.load offset=0x8fffffff (local.get $p)))";
    assert_checks(1, one, far);
    let guarded = format!("(module (memory 1) (func (param $p i32) {far}))");
    assert_eq!(sites(MemoryStyle::Guarded, Trap::MemoryOutOfBounds, &guarded), [1; 3]);
    // A 64-bit check is two: of the sum, and of its result.
    assert_checks(
        2,
        "(memory i64 1)",
        "(drop (i64.load offset=16 (local.get $l))) (drop (i64.load offset=8 (local.get $l)))",
    );
}

#[test]
fn traps_of_other_instructions_do_not_make_a_check_forgotten() {
    let load = "(drop (i32.load (local.get $p)))";
    let declared =
        "(memory 1) (table 3 funcref) (type $a (array i8)) (global $g (mut anyref) (ref.null any))";
    for between in [
        "(drop (table.get (local.get $q)))",
        "(table.set (local.get $q) (ref.null func))",
        "(call_indirect (local.get $q))",
        "(drop (array.get_u $a (ref.cast (ref $a) (global.get $g)) (local.get $q)))",
        "(drop (ref.cast (ref i31) (global.get $g)))",
    ] {
        assert_checks(1, declared, &format!("{load} {between} {load}"));
    }
    // What only one branch of a cast has checked is not known behind it.
    let casts = "(drop (block $no (result anyref)
                   (br_on_cast_fail $no anyref (ref i31) (global.get $g)) LOAD)) LOAD";
    assert_checks(2, declared, &casts.replace("LOAD", load));
}

#[test]
fn what_an_earlier_check_does_not_reach_is_checked() {
    let one = "(memory 1) (memory 1)";
    // A larger end. The first access has to trap by itself.
    assert_checks(2, one, "(drop (i32.load (local.get $p))) (drop (i32.load offset=1 (local.get $p)))");
    assert_checks(2, one, "(drop (i32.load (local.get $p))) (drop (i64.load (local.get $p)))");
    // Another address, even if it looks smaller: the sum may wrap.
    assert_checks(2, one, "(drop (i32.load (local.get $p))) (drop (i32.load (local.get $q)))");
    assert_checks(
        2,
        one,
        "(drop (i32.load offset=8 (local.get $p)))
         (drop (i32.load (i32.add (local.get $p) (i32.const 4))))",
    );
    assert_checks(
        2,
        one,
        "(drop (i32.load offset=8 (local.get $p))) (local.set $p (local.get $q))
         (drop (i32.load (local.get $p)))",
    );
    // Another memory.
    assert_checks(2, one, "(drop (i32.load offset=8 (local.get $p))) (drop (i32.load 1 (local.get $p)))");
    // An operand says nothing about constants, nor the other way round.
    assert_checks(
        2,
        one,
        "(drop (i32.load offset=70000 (local.get $p))) (drop (i32.load (i32.const 70000)))",
    );
}

#[test]
fn checks_of_other_blocks_do_not_count() {
    let one = "(memory 1)";
    let load = "(drop (i32.load (local.get $p)))";
    assert_checks(2, one, &format!("(if (local.get $q) (then {load})) {load}"));
    assert_checks(2, one, &format!("(if (local.get $q) (then {load}) (else {load}))"));
    assert_checks(2, one, &format!("(block (br_if 0 (local.get $q)) {load}) {load}"));
    let far = "(drop (i32.load (i32.const 70000)))";
    assert_checks(2, one, &format!("(if (local.get $q) (then {far})) {far}"));
    // In a loop, the operand is another one in each round.
    assert_checks(
        1,
        one,
        "(loop (drop (i32.load (local.get $p)))
           (br_if 0 (local.tee $p (i32.add (local.get $p) (i32.const 4)))))",
    );
}

#[test]
fn constant_table_indices_within_the_minimum_are_not_checked() {
    for (count, trap, body) in [
        (0, Trap::TableOutOfBounds, "(drop (table.get (i32.const 2)))"),
        (1, Trap::TableOutOfBounds, "(drop (table.get (i32.const 3)))"),
        (1, Trap::TableOutOfBounds, "(drop (table.get (local.get 0)))"),
        (0, Trap::TableOutOfBounds, "(table.set 1 (i64.const 4) (ref.null func))"),
        (1, Trap::TableOutOfBounds, "(table.set 1 (i64.const 5) (ref.null func))"),
        (0, Trap::UndefinedElement, "(call_indirect (i32.const 2))"),
        (1, Trap::UndefinedElement, "(call_indirect (i32.const -1))"),
    ] {
        let tables = "(import \"m\" \"t\" (table 3 funcref)) (table i64 5 funcref)";
        let text = format!("(module {tables} (func (param i32) {body}))");
        assert_eq!(sites(MemoryStyle::Checked, trap, &text), [count; 3], "{body}");
    }
}

#[test]
fn guarded_accesses_at_known_addresses_are_no_trap_sites() {
    let text = |address| format!("(module (memory 1) (func (drop (i32.load (i32.const {address})))))");
    assert_eq!(sites(MemoryStyle::Guarded, Trap::MemoryOutOfBounds, &text(65532)), [0; 3]);
    assert_eq!(sites(MemoryStyle::Guarded, Trap::MemoryOutOfBounds, &text(65533)), [1; 3]);
}

/// A load that becomes part of the instruction that uses its value must not trap as that one.
#[test]
fn loads_trap_at_their_own_offset() {
    for (load, plain, user) in [
        ("i32.load", "i32", "(i32.add (local.get 1)"),
        ("i64.load", "i64", "(i64.xor (local.get 2)"),
        ("f32.load", "f32", "(f32.mul (local.get 3)"),
        ("f64.load", "f64", "(f64.sqrt"),
        ("v128.load", "v128", "(i8x16.add (local.get 4)"),
        ("v128.load", "v128", "(f64x2.add (local.get 4)"),
        ("v128.load32_splat", "v128", "(i32x4.add (local.get 4)"),
        ("v128.load64_zero", "v128", "(i8x16.add (local.get 4)"),
        ("v128.load8x8_s", "v128", "(i16x8.add (local.get 4)"),
        ("i32.load8_u", "i32", "(i32.add (local.get 1)"),
        ("i64.load16_s", "i64", "(i64.add (local.get 2)"),
        ("i64.load32_u", "i64", "(i64.add (local.get 2)"),
    ] {
        let module = |body: &str| {
            format!("(module (memory 1) (func (param i32 i32 i64 f32 v128) (result {plain}) {body}))")
        };
        for style in [MemoryStyle::Guarded, MemoryStyle::Checked] {
            let at = |body: &str| places(style, Trap::MemoryOutOfBounds, &module(body));
            let used = at(&format!("{user} ({load} (local.get 0)))"));
            // The operand that comes before the load moves it; so does the `drop` of that, by a byte more.
            let before = if user.contains("local.get") { "(drop (local.get 1))" } else { "" };
            let alone = at(&format!("{before} ({load} (local.get 0))"));
            let shift = u32::from(!before.is_empty());
            let alone =
                alone.map(|places| places.iter().map(|at| at.map(|at| at - shift)).collect::<Vec<_>>());
            assert_eq!(used, alone, "{load} {user} {style}");
            assert!(used.iter().all(|places| matches!(places.as_slice(), [Some(_)])), "{used:?}");
        }
    }
}
