//! What blocks that catch exceptions cost where none is thrown, seen in the code.

use trapline_compiler::{Compiler, Form, Listing, OptLevel, Profile, supported_features};

/// A function with a block, in a module with a callee and a tag. `block` is the block's head.
fn module(block: &str, body: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
          (tag $e)
          (func $callee (param i32) (result i32) (i32.add (local.get 0) (i32.const 3)))
          (func (param i32) (result i32) (block $h ({block} {body})) (local.get 0)))"#
    );
    wat::parse_str(text).unwrap()
}

/// The lines of the second function's listing.
fn listing(wasm: &[u8], opt_level: OptLevel) -> Vec<String> {
    let compiler = Compiler::new(Profile { opt_level, ..Profile::default() }).unwrap();
    let listings: Vec<Listing> =
        compiler.inspect(wasm, supported_features(), &[Form::Asm], |_, _| true).unwrap();
    listings[1].texts[0].lines().skip(2).map(str::to_owned).collect()
}

/// Offset, bytes and text of each instruction, without the offset in the module.
fn instructions(wasm: &[u8], opt_level: OptLevel) -> Vec<String> {
    let lines = listing(wasm, opt_level);
    lines.iter().map(|line| line.split_once('+').unwrap().1.to_owned()).collect()
}

/// The text of each instruction.
fn texts(wasm: &[u8], opt_level: OptLevel) -> Vec<String> {
    let text = |line: String| {
        let (_, rest) = line.split_once("  ").unwrap();
        rest.split_once("  ").unwrap().1.trim().to_owned()
    };
    instructions(wasm, opt_level).into_iter().map(text).collect()
}

const LEVELS: [OptLevel; 3] = [OptLevel::None, OptLevel::Speed, OptLevel::SpeedAndSize];
const GUARDED: &str = "try_table (catch $e $h) (catch_all $h)";

#[test]
fn a_block_that_calls_nothing_is_a_block() {
    let body = "(local.set 0 (i32.mul (local.get 0) (i32.const 5)))";
    for level in LEVELS {
        let plain = instructions(&module("block", body), level);
        assert_eq!(instructions(&module(GUARDED, body), level), plain, "{level:?}");
    }
}

/// Entry and exit are no instructions, and the code goes on behind the call. The handlers lie behind all of that. What
/// they use is kept in the frame, and the function saves the registers of its caller.
#[test]
fn a_call_in_a_block_goes_on_behind_itself() {
    let body = "(local.set 0 (call $callee (local.get 0)))";
    for level in [OptLevel::Speed, OptLevel::SpeedAndSize] {
        let returning = |block| {
            let texts = texts(&module(block, body), level);
            let end = texts.iter().position(|text| text == "ret").unwrap();
            let is_flow = |text: &&String| text.starts_with('j') || text.starts_with("call");
            let flow = texts[..end].iter().filter(is_flow);
            flow.map(|text| text.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(returning("block"), ["ja", "call"], "{level:?}");
        assert_eq!(returning(GUARDED), ["ja", "call"], "{level:?}");
    }
}

#[test]
fn listings_show_where_exceptions_go_on() {
    for level in LEVELS {
        let lines = listing(&module(GUARDED, "(local.set 0 (call $callee (local.get 0)))"), level);
        let call = lines.iter().find(|line| line.contains("call wasm[0]::function[0]::callee")).unwrap();
        let notes = call.split_once(" ; ").unwrap().1;
        let pads: Vec<&str> = notes.split("; ").collect();
        let [tagged, all] = pads[..] else { panic!("{call}") };
        for (note, start) in [(tagged, "tag 0 goes on at "), (all, "every exception goes on at ")] {
            let pad = format!("{}  ", note.strip_prefix(start).unwrap());
            assert!(lines.iter().any(|line| line.contains(&pad) && !line.ends_with(".byte")), "{lines:#?}");
        }
        // Handlers are code, and not data that nothing reaches.
        assert!(!lines.iter().any(|line| line.ends_with(".byte")), "{lines:#?}");
    }
}
