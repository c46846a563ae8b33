//! Branch hints, seen in the order of the code.

use trapline_compiler::{Compiler, Form, Listing, OptLevel, Profile, check_custom, supported_features};

/// Four functions whose calls say which block they are in, with hints for their branches.
fn module(hints: [&str; 4]) -> Vec<u8> {
    let [arms, branch, inner, joined] = hints;
    let text = format!(
        r#"(module
          (import "env" "f" (func $f (param i32)))
          (func $arms (param i32) {arms}
            (if (local.get 0) (then (call $f (i32.const 1))) (else (call $f (i32.const 2)))))
          (func $branch (param i32)
            (block $target
              {branch} (br_if $target (local.get 0))
              (call $f (i32.const 1))
              (return))
            (call $f (i32.const 2)))
          (func $nested (param i32 i32) {arms}
            (if (local.get 0)
              (then (call $f (i32.const 1)))
              (else {inner} (if (local.get 1) (then (call $f (i32.const 2))) (else (call $f (i32.const 3)))))))
          (func $joined (param i32 i32)
            (block $out
              (block $target
                {joined} (br_if $target (local.get 0))
                (br_if $out (local.get 1))
                (call $f (i32.const 1)))
              (call $f (i32.const 2)))
            (call $f (i32.const 3))))"#
    );
    wat::parse_str(text).unwrap()
}

/// The hint that a branch is mostly not taken, and that it mostly is.
const UNLIKELY: &str = "(@metadata.code.branch_hint \"\\00\")";
const LIKELY: &str = "(@metadata.code.branch_hint \"\\01\")";

const LEVELS: [OptLevel; 3] = [OptLevel::None, OptLevel::Speed, OptLevel::SpeedAndSize];

/// For each function, its instructions in the order of the code, each with the offset in the module that it comes from.
fn code(wasm: &[u8], opt_level: OptLevel) -> Vec<Vec<(u32, String)>> {
    let compiler = Compiler::new(Profile { opt_level, ..Profile::default() }).unwrap();
    let listings = compiler.inspect(wasm, supported_features(), &[Form::Asm], |_, _| true).unwrap();
    let function = |listing: &Listing| {
        let mut from = 0;
        let instruction = |line: &str| {
            let (wasm, rest) = line.split_once('+').unwrap();
            let (_, text) = rest.split_once("  ").unwrap().1.split_once("  ").unwrap();
            // Of several instructions from one place, the first has it.
            if let Ok(offset) = u32::from_str_radix(wasm.trim().trim_start_matches("0x"), 16) {
                from = offset;
            }
            (from, text.trim().to_owned())
        };
        listing.texts[0].lines().skip(2).map(instruction).collect()
    };
    listings.iter().map(function).collect()
}

/// For each function, its calls by their order in the text, in the order of the code.
fn calls(wasm: &[u8], opt_level: OptLevel) -> Vec<Vec<usize>> {
    let order = |function: Vec<(u32, String)>| {
        let calls = function.iter().filter(|(_, text)| text.starts_with("call"));
        let offsets: Vec<u32> = calls.map(|&(offset, _)| offset).collect();
        let mut sorted = offsets.clone();
        sorted.sort_unstable();
        offsets.iter().map(|offset| sorted.binary_search(offset).unwrap()).collect()
    };
    code(wasm, opt_level).into_iter().map(order).collect()
}

#[test]
fn the_unlikely_way_of_a_branch_lies_behind_the_likely_one() {
    for level in LEVELS {
        let order = calls(&module([UNLIKELY, UNLIKELY, "", ""]), level);
        assert_eq!(order[..2], [[1, 0], [0, 1]], "{level:?}");
        let order = calls(&module([LIKELY, LIKELY, "", ""]), level);
        assert_eq!(order[..2], [[0, 1], [1, 0]], "{level:?}");
    }
}

/// What is only reached through an unlikely way is behind all else, whatever is likely within it.
#[test]
fn blocks_within_cold_blocks_are_cold() {
    for level in LEVELS {
        for inner in ["", LIKELY, UNLIKELY] {
            let order = calls(&module([LIKELY, "", inner, ""]), level);
            assert_eq!(order[2][0], 0, "{level:?} {inner}");
        }
    }
}

#[test]
fn blocks_that_other_branches_reach_stay_where_they_are() {
    let texts = |wasm: &[u8], level| -> Vec<String> {
        code(wasm, level).swap_remove(3).into_iter().map(|(_, text)| text).collect()
    };
    for level in LEVELS {
        let (hinted, plain) = (module(["", "", "", UNLIKELY]), module(["", "", "", ""]));
        assert_eq!(texts(&hinted, level), texts(&plain, level), "{level:?}");
    }
}

/// A custom section makes no module invalid (specification: "Custom Section").
#[test]
fn a_damaged_section_gives_no_hints() {
    let texts = |wasm: &[u8]| -> Vec<String> {
        code(wasm, OptLevel::Speed).into_iter().flatten().map(|(_, text)| text).collect()
    };
    let plain = texts(&module(["", "", "", ""]));
    let hinted = module(["", LIKELY, "", ""]);
    assert_ne!(texts(&hinted), plain);
    let name = b"metadata.code.branch_hint";
    let content = hinted.windows(name.len()).position(|bytes| bytes == name).unwrap() + name.len();
    // One function, 1; one hint, its offset, its size, its value.
    assert_eq!(
        (&hinted[content..content + 3], &hinted[content + 4..content + 6]),
        (&[1, 2, 1][..], &[1, 1][..])
    );
    for (at, byte) in [(0, 2), (1, 9), (3, 0), (4, 2), (5, 2)] {
        let mut damaged = hinted.clone();
        damaged[content + at] = byte;
        assert!(check_custom(&damaged, supported_features()).is_err(), "byte {at}");
        assert_eq!(texts(&damaged), plain, "byte {at}");
    }
}

#[test]
fn objects_know_their_hints() {
    let compiler = Compiler::new(Profile::default()).unwrap();
    let object = |hint| compiler.compile(&module([hint, "", "", ""]), supported_features()).unwrap();
    assert_eq!(object(UNLIKELY), object(UNLIKELY));
    assert_ne!(object(UNLIKELY), object(LIKELY));
}
