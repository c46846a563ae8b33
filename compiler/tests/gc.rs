//! References in stack maps, and what accesses and casts cost.

use object::{Object, ObjectSection};
use trapline_abi::artifact::{self, Header, Manifest};
use trapline_abi::{Builtin, DefinedFuncIndex, FuncKey, FunctionRecord, Trap, TrapCode};
use trapline_compiler::{CompileError, Compiler, Form, OptLevel, Profile, supported_features};

const LEVELS: [OptLevel; 3] = [OptLevel::None, OptLevel::Speed, OptLevel::SpeedAndSize];

fn compiler(opt_level: OptLevel) -> Compiler {
    Compiler::new(Profile { opt_level, verifier: true, ..Profile::default() }).unwrap()
}

fn encode(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// What an artefact says of each piece of code.
fn records(opt_level: OptLevel, text: &str) -> Vec<FunctionRecord> {
    let bytes = compiler(opt_level).compile(&encode(text), supported_features()).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let section = file.section_by_name(artifact::SECTION).unwrap();
    let (_, manifest, _) = Header::parse(section.data().unwrap()).unwrap();
    let manifest: Manifest = artifact::decode_manifest(manifest).unwrap();
    manifest.functions
}

/// How many references live across each call of the first function.
fn live(opt_level: OptLevel, text: &str) -> Vec<usize> {
    let function = records(opt_level, text).swap_remove(0);
    assert_eq!(function.key, FuncKey::Defined(DefinedFuncIndex::new(0)));
    let slots = |call: &trapline_abi::CallSite| {
        let map = function.stack_maps.iter().find(|map| map.return_offset == call.return_offset);
        map.map_or(0, |map| {
            assert!(map.slots.iter().all(|slot| slot % 4 == 0 && slot + 4 <= map.frame_size), "{map:?}");
            map.slots.len()
        })
    };
    function.calls.iter().map(slots).collect()
}

#[track_caller]
fn assert_live(expected: &[usize], text: &str) {
    for opt_level in LEVELS {
        assert_eq!(live(opt_level, text), expected, "{opt_level:?} {text}");
    }
}

/// The instructions of the first function, from the first that touches the heap on.
fn instructions(opt_level: OptLevel, text: &str) -> Vec<String> {
    let listings = compiler(opt_level)
        .inspect(&encode(text), supported_features(), &[Form::Asm], |func, _| func.as_u32() == 0)
        .unwrap();
    // A heading, the names of columns, and lines of place, offset, bytes and instruction.
    listings[0].texts[0].lines().skip(2).map(|line| line[51..].to_owned()).collect()
}

const TYPES: &str = "(type $s (sub (struct (field (mut i32)) (field (mut anyref)))))
    (type $t (sub $s (struct (field (mut i32)) (field (mut anyref)) (field f64))))
    (type $f (sub final $s (struct (field (mut i32)) (field (mut anyref)))))
    (type $a (array (mut anyref)))
    (type $b (array (mut i8)))
    (rec (type $o (descriptor $p) (struct)) (type $p (describes $o) (struct)))
    (tag $e (param anyref i32))
    (global $g (mut anyref) (ref.null any))
    (table $tab 1 anyref)
    (data $d \"abc\")
    (elem $m anyref (ref.null any))
    (func $callee (param anyref) (result anyref) (local.get 0))
    (func $other)";

/// The module with a function in front of the others.
fn with_types(function: &str) -> String {
    let (types, functions) = TYPES.split_at(TYPES.find("(tag").unwrap());
    format!("(module {types} {function} {functions})")
}

#[test]
fn references_live_across_allocations_are_in_stack_maps() {
    // A parameter that is used afterwards, and the operands of the object itself.
    assert_live(
        &[1],
        &with_types("(func (param anyref) (result anyref) (drop (struct.new_default $s)) (local.get 0))"),
    );
    assert_live(
        &[1],
        &with_types("(func (param anyref) (result (ref $s)) (struct.new $s (i32.const 1) (local.get 0)))"),
    );
    // One that is not used any more is not there.
    assert_live(&[0], &with_types("(func (param anyref) (result anyref) (struct.new_default $s))"));
    assert_live(
        &[0, 1],
        &with_types(
            "(func (result anyref) (local anyref)
               (local.set 0 (struct.new_default $s)) (struct.new $s (i32.const 1) (local.get 0)))",
        ),
    );
    assert_live(
        &[2],
        &with_types(
            "(func (param anyref anyref) (result (ref $a)) (array.new_fixed $a 2 (local.get 0) (local.get 1)))",
        ),
    );
    assert_live(
        &[1, 1],
        &with_types(
            "(func (param anyref i32) (result anyref) (drop (array.new $b (i32.const 7) (local.get 1))) (local.get 0))",
        ),
    );
}

#[test]
fn references_are_known_wherever_they_come_from() {
    let sources = [
        "(global.get $g)",
        "(table.get $tab (i32.const 0))",
        "(struct.get $s 1 (ref.cast (ref $s) (local.get 0)))",
        "(array.get $a (ref.cast (ref $a) (local.get 0)) (i32.const 0))",
        "(select (result anyref) (local.get 0) (global.get $g) (i32.const 5))",
        "(block (result anyref) (br_if 0 (local.get 0) (local.get 1)) (drop) (global.get $g))",
        "(loop (result anyref) (br_if 0 (local.get 1)) (local.get 0))",
        "(any.convert_extern (extern.convert_any (local.get 0)))",
    ];
    for source in sources {
        assert_live(
            &[1],
            &with_types(&format!("(func (param anyref i32) (result anyref) {source} (call $other))")),
        );
    }
    // Results of calls, and references that are carried round a loop.
    assert_live(
        &[0, 1],
        &with_types("(func (param anyref) (result anyref) (call $callee (local.get 0)) (call $other))"),
    );
    assert_live(
        &[0, 1],
        &with_types(
            "(func (param anyref i32) (result anyref)
               (loop (local.set 0 (call $callee (local.get 0))) (call $other) (br_if 0 (local.get 1)))
               (local.get 0))",
        ),
    );
}

/// New objects, and what is taken out of others, on the operand stack.
#[test]
fn results_of_instructions_are_in_stack_maps() {
    let made = [
        "(struct.new_default $s)",
        "(struct.new $s (i32.const 1) (ref.null any))",
        "(array.new_fixed $b 1 (i32.const 1))",
        "(array.new_default $b (i32.const 3))",
        "(array.new_default $b (local.get 1))",
        "(array.new_data $b $d (i32.const 0) (local.get 1))",
        "(array.new_elem $a $m (i32.const 0) (local.get 1))",
        "(struct.new_default_desc $o (struct.new_default $p))",
    ];
    for instruction in made {
        let text =
            with_types(&format!("(func (param anyref i32) (result anyref) {instruction} (call $other))"));
        for opt_level in LEVELS {
            // The call of the allocator may come last, and behind it nothing lives on.
            assert_eq!(live(opt_level, &text).iter().max(), Some(&1), "{opt_level:?} {instruction}");
        }
    }
    let (get, ty) = ("(ref.get_desc $o (local.get 0))", "(param (ref $o)) (result anyref)");
    assert_live(&[1], &with_types(&format!("(func {ty} {get} (call $other))")));
}

#[test]
fn listings_name_the_stubs_of_builtins() {
    let wasm = encode(&with_types("(func (result anyref) (struct.new_default $s))"));
    for form in [Form::Clif, Form::Vcode, Form::Asm] {
        let compiler = compiler(OptLevel::Speed);
        let listings = compiler.inspect(&wasm, supported_features(), &[form], |_, _| true).unwrap();
        assert!(listings[0].texts[0].contains("wasm[0]::builtin[heap_allocate]"), "{}", listings[0].texts[0]);
    }
}

#[test]
fn numbers_and_functions_are_in_no_stack_map() {
    assert_live(
        &[0],
        &with_types(
            "(func (param i32 f64 funcref) (result i32 f64 funcref)
            (call $other) (local.get 0) (local.get 1) (local.get 2))",
        ),
    );
}

#[test]
fn references_of_handlers_and_their_exceptions_are_in_stack_maps() {
    // The first call may come to the handler with the parameter; then the payload lives across another.
    assert_live(
        &[1, 2],
        &with_types(
            "(func (param anyref) (result anyref anyref)
               (block $h (result anyref i32)
                 (try_table (catch $e $h) (call $other))
                 (return (local.get 0) (local.get 0)))
               (drop) (call $other) (local.get 0))",
        ),
    );
    assert_live(
        &[0, 1],
        &with_types(
            "(func (result exnref)
               (block $h (result exnref) (try_table (catch_all_ref $h) (call $other)) (return (ref.null exn)))
               (call $other))",
        ),
    );
}

/// What is passed to a callee is the callee's, and nothing lives across a call that does not come back.
#[test]
fn tail_calls_are_no_safepoints() {
    for opt_level in LEVELS {
        let text = with_types("(func (param anyref) (result anyref) (return_call $callee (local.get 0)))");
        assert!(records(opt_level, &text)[0].stack_maps.is_empty());
    }
}

#[test]
fn builtins_that_walk_have_one_stub_each() {
    let text = with_types(
        "(func (export \"f\") (param i32) (result anyref)
           (drop (array.new_default $b (local.get 0))) (drop (struct.new_default $s))
           (drop (array.new_default $a (local.get 0))) (struct.new_default $t))
         (func (throw $e (ref.null any) (i32.const 1)))",
    );
    for opt_level in LEVELS {
        let records = records(opt_level, &text);
        let stubs: Vec<_> = records
            .iter()
            .filter_map(|record| match record.key {
                FuncKey::BuiltinStub(builtin) => Some(builtin),
                FuncKey::Defined(_) | FuncKey::EntryStub(_) | FuncKey::ExitStub(_) => None,
            })
            .collect();
        let expected =
            [Builtin::exception_new, Builtin::exception_throw, Builtin::heap_allocate, Builtin::array_new];
        assert_eq!(stubs, expected);
        for record in &records {
            if matches!(record.key, FuncKey::BuiltinStub(_)) {
                assert!(record.traps.iter().any(|site| site.code == TrapCode::Pending), "{:?}", record.key);
            }
        }
    }
}

/// How often the first function can trap in some way.
fn sites(opt_level: OptLevel, trap: Trap, text: &str) -> usize {
    let function = records(opt_level, text).swap_remove(0);
    function.traps.iter().filter(|site| site.code == TrapCode::Trap(trap)).count()
}

#[test]
fn null_is_found_by_the_access() {
    let get = with_types("(func (param (ref null $s)) (result i32) (struct.get $s 0 (local.get 0)))");
    let set = with_types("(func (param (ref null $s)) (struct.set $s 0 (local.get 0) (i32.const 1)))");
    let len = with_types("(func (param (ref null $a)) (result i32) (array.len (local.get 0)))");
    for opt_level in LEVELS {
        for (trap, text) in [
            (Trap::NullStructReference, &get),
            (Trap::NullStructReference, &set),
            (Trap::NullArrayReference, &len),
        ] {
            assert_eq!(sites(opt_level, trap, text), 1);
            let code = instructions(opt_level, text);
            assert!(!code.iter().any(|text| text.starts_with("ud2") || text.starts_with("j")), "{code:#?}");
        }
        // What is known not to be null cannot trap.
        let known = with_types("(func (param (ref $s)) (result i32) (struct.get $s 0 (local.get 0)))");
        assert_eq!(sites(opt_level, Trap::NullStructReference, &known), 0);
    }
}

/// A field that does not lie in the first page is not left to the fault.
#[test]
fn null_is_looked_for_where_the_field_lies_far_behind() {
    let fields = "(field (mut v128))".repeat(300);
    let text = format!(
        "(module (type $s (struct {fields}))
           (func (param (ref null $s)) (result v128) (struct.get $s 299 (local.get 0))))"
    );
    for opt_level in LEVELS {
        assert_eq!(sites(opt_level, Trap::NullStructReference, &text), 1);
        assert!(instructions(opt_level, &text).iter().any(|text| text.starts_with("ud2")));
    }
}

/// Beside loads and moves, and what is there whatever the cast is, a cast that passes costs three instructions at most. What
/// lies behind the return belongs to casts that fail.
#[track_caller]
fn assert_cost(most: usize, from: &str, to: &str) {
    let cast = format!("(func (param {from}) (result (ref {to})) (ref.cast (ref {to}) (local.get 0)))");
    let plain = "(func (param i32) (result i32) (local.get 0))";
    let count = |text: &str| {
        let code = instructions(OptLevel::Speed, &with_types(text));
        let until_return = code.iter().position(|text| text.starts_with("ret")).expect("a return");
        let counted = code[..until_return].iter().filter(|text| !text.starts_with("mov "));
        (counted.count(), code)
    };
    let ((with, code), (without, _)) = (count(&cast), count(plain));
    assert!(with - without <= most, "{} instructions more: {code:#?}", with - without);
}

#[test]
fn casts_to_concrete_types_cost_three_instructions() {
    assert_cost(3, "(ref null $s)", "$f");
    assert_cost(3, "(ref $s)", "$f");
    assert_cost(3, "(ref null $s)", "$t");
    assert_cost(3, "structref", "$s");
    // Two for an integer that may be there.
    assert_cost(5, "anyref", "$f");
    assert_cost(5, "anyref", "$s");
}

#[test]
fn casts_that_the_static_type_decides_cost_nothing() {
    let casts = [
        ("(param (ref $t)) (result (ref $s))", "(ref.cast (ref $s) (local.get 0))"),
        ("(param (ref null $t)) (result anyref)", "(ref.cast (ref null any) (local.get 0))"),
        ("(param (ref $t)) (result i32)", "(ref.test (ref eq) (local.get 0))"),
        ("(param (ref $t)) (result i32)", "(ref.test (ref none) (ref.cast (ref any) (local.get 0)))"),
        ("(param (ref func)) (result i32)", "(ref.test (ref func) (local.get 0))"),
    ];
    for (ty, cast) in casts {
        let text = with_types(&format!("(func {ty} {cast})"));
        let record = records(OptLevel::Speed, &text).swap_remove(0);
        assert!(record.traps.is_empty(), "{cast}");
        let code = instructions(OptLevel::Speed, &text);
        assert!(!code.iter().any(|text| text.starts_with("cmp") || text.starts_with("j")), "{code:#?}");
    }
}

/// Many references at many calls or blocks are a limit of ours, and refused before they take the memory.
#[test]
fn too_many_references_at_calls_and_blocks_are_refused() {
    let text = |references: usize, what: &str, count: usize| {
        let get = "(global.get $g)".repeat(references);
        let set = "(global.set $g)".repeat(references);
        let all = what.repeat(count);
        format!(
            "(module (global $g (mut anyref) (ref.null any)) (type $s (sub (struct))) (type $a (array i8))
               (func {get} {all} {set}) (func $h))"
        )
    };
    let compile = |text: &str| compiler(OptLevel::None).compile(&encode(text), supported_features());
    for what in [
        "(call $h)",
        "(if (i32.const 0) (then))",
        "(drop (ref.test (ref $s) (global.get $g)))",
        "(drop (ref.cast (ref $s) (global.get $g)))",
        "(drop (array.get_u $a (ref.null $a) (i32.const 0)))",
        "(drop (struct.new_default $s))",
        "(drop (block (result anyref) (br_on_cast 0 anyref (ref $s) (global.get $g))))",
    ] {
        assert!(compile(&text(100, what, 100)).is_ok(), "{what}");
        let error = compile(&text(5000, what, 5000)).unwrap_err();
        assert!(matches!(&error, CompileError::Limit(_)), "{what}: {error}");
    }
    // Numbers do not count.
    let numbers = "(i32.const 1)".repeat(5000) + &"(call $h)".repeat(5000) + &"(drop)".repeat(5000);
    assert!(compile(&format!("(module (func {numbers}) (func $h))")).is_ok());
}

/// Modules that are valid by the custom-descriptors proposal and break a rule of wasmparser's, and others that are not.
#[test]
fn descriptors_have_the_rules_of_the_proposal() {
    let compile = |types: &str, function: &str| {
        compiler(OptLevel::None)
            .compile(&encode(&format!("(module (rec {types}) {function})")), supported_features())
            .map(drop)
    };
    let below = "(type $A (sub (struct (field i32)))) (type $B (sub $A (descriptor $D) (struct (field i32))))
        (type $D (sub (describes $B) (struct)))";
    assert!(compile(below, "").is_ok());
    // It is a subtype all the same, also of what lies above, but not the other way round.
    let chain = format!("(type $O (sub (struct))) {}", below.replace("$A (sub (", "$A (sub $O ("));
    assert!(compile(&chain, "(func (param (ref $B)) (result (ref $O)) (local.get 0))").is_ok());
    assert!(
        compile(&chain, "(func (param (ref null (exact $B))) (result (ref null $A)) (local.get 0))").is_ok()
    );
    let wrong = [
        (&*chain, "(func (param (ref $A)) (result (ref $B)) (local.get 0))"),
        (&chain, "(func (param (ref null $B)) (result (ref $A)) (local.get 0))"),
        (&chain, "(func (param (ref $B)) (result (ref (exact $A))) (local.get 0))"),
        (&below.replace("(descriptor $D) (struct (field i32))", "(descriptor $D) (struct (field i64))"), ""),
        (&below.replace("(descriptor $D) (struct (field i32))", "(descriptor $D) (struct)"), ""),
        (&below.replace("$A (sub (struct", "$A (sub final (struct"), ""),
        (&below.replace("$D (sub (", "$D (sub $A ("), ""),
    ];
    for (types, function) in wrong {
        let error = compile(types, function).unwrap_err();
        assert!(matches!(error, CompileError::Invalid { .. }), "{types} {function}: {error}");
    }
    // One of a type and its descriptor is final.
    let final_descriptor =
        "(type $A (sub (descriptor $D) (struct))) (type $D (sub final (describes $A) (struct)))";
    assert!(compile(final_descriptor, "").is_ok());
    let error = compile(&format!("{final_descriptor} (type $E (sub $D (struct)))"), "").unwrap_err();
    assert!(matches!(error, CompileError::Invalid { .. }), "{error}");
}

/// Function references are no places in the heap, so null is compared, and not left to a fault.
#[test]
fn casts_of_functions_look_for_null_first() {
    let text = "(module (type $f (func)) (type $g (sub (func (param i32))))
        (func (param funcref) (drop (ref.cast (ref $f) (local.get 0))) (drop (ref.cast (ref $g) (local.get 0)))))";
    for opt_level in LEVELS {
        let code = instructions(opt_level, text);
        let failures: Vec<_> = code.iter().filter(|text| text.ends_with("trap: cast failure")).collect();
        assert!(failures.len() >= 2 && failures.iter().all(|text| text.starts_with("ud2")), "{code:#?}");
        // Of what lies in the heap, one access does.
        let text = with_types("(func (param anyref) (result anyref) (ref.cast (ref $f) (local.get 0)))");
        assert!(
            instructions(opt_level, &text)
                .iter()
                .any(|text| text.starts_with("mov") && text.ends_with("trap: cast failure"))
        );
    }
}
