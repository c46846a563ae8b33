//! Functions as text.

use object::{Object, ObjectSection};
use trapline_abi::artifact::{self, Header, Manifest};
use trapline_abi::{DefinedFuncIndex, FuncKey, Symbols};
use trapline_compiler::{Compiler, Form, OptLevel, Profile, supported_features};

const MODULE: &str = r#"(module
  (import "env" "host" (func $host (param i32) (result i32)))
  (memory 1)
  (table 2 funcref)
  (type $t (func (param i32) (result i32)))
  (func $leaf (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $caller (export "exported") (param i32) (result i32)
    (call $host (i32.add (call $leaf (local.get 0) (i32.const 3)) (i32.load offset=4 (local.get 0)))))
  (func $switch (param i32) (result i32)
    (block (loop (block (br_table 0 1 2 0 1 (local.get 0))) (return (i32.const 10))) (return (i32.const 20)))
    (call_indirect (type $t) (i32.const 5) (local.get 0)))
  (func $shuffle (param v128 v128) (result v128)
    (i8x16.shuffle 0 1 2 3 4 5 6 7 31 30 29 28 27 26 25 24 (local.get 0) (local.get 1)))
  (func $constants (result v128 v128) (v128.const i64x2 0x1122334455667788 3) (v128.const i64x2 0xe9e9e9e9 4)))"#;

fn encode(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

fn compilers() -> impl Iterator<Item = Compiler> {
    let levels = [OptLevel::None, OptLevel::Speed, OptLevel::SpeedAndSize];
    levels.into_iter().map(|opt_level| Compiler::new(Profile { opt_level, ..Profile::default() }).unwrap())
}

/// A line of a listing.
struct Line {
    wasm: Option<u32>,
    offset: u32,
    bytes: Vec<u8>,
    text: String,
}

impl Line {
    fn parse(line: &str) -> Line {
        let hex = |text: &str| u32::from_str_radix(text.trim_start_matches("0x"), 16).unwrap();
        let (wasm, rest) = line.split_once('+').unwrap();
        let (offset, rest) = rest.split_once("  ").unwrap();
        let (bytes, text) = rest.split_once("  ").unwrap();
        Line {
            wasm: Some(wasm.trim()).filter(|wasm| !wasm.is_empty()).map(hex),
            offset: hex(offset),
            bytes: bytes.split(' ').filter(|byte| !byte.is_empty()).map(|byte| hex(byte) as u8).collect(),
            text: text.trim().to_owned(),
        }
    }

    fn is_data(&self) -> bool {
        self.text == ".byte"
    }
}

fn artefact(object: &[u8]) -> (Vec<u8>, Manifest) {
    let file = object::File::parse(object).unwrap();
    let data = |name| file.section_by_name(name).unwrap().data().unwrap();
    let (_, manifest, _) = Header::parse(data(artifact::SECTION)).unwrap();
    (data(".text").to_vec(), artifact::decode_manifest(manifest).unwrap())
}

/// The text says what the object says: all bytes, and each trap, call and source location at an instruction.
#[test]
fn assembly_is_that_of_the_object() {
    let wasm = encode(MODULE);
    for compiler in compilers() {
        let (text, manifest) = artefact(&compiler.compile(&wasm, supported_features()).unwrap());
        let symbols = Symbols::new(&manifest.module);
        let listings = compiler.inspect(&wasm, supported_features(), &[Form::Asm], |_, _| true).unwrap();
        assert_eq!(listings.len(), 5);
        for (listing, record) in listings.iter().zip(&manifest.functions) {
            let (heading, rest) = listing.texts[0].split_once('\n').unwrap();
            let ty = manifest.module.func_type(listing.func).unwrap();
            assert_eq!(heading, format!("; {} {ty}", symbols.symbol(record.key)));
            let lines: Vec<Line> = rest.lines().skip(1).map(Line::parse).collect();
            let code: Vec<u8> = lines.iter().flat_map(|line| line.bytes.clone()).collect();
            let start = record.text_offset as usize;
            assert!(code == text[start..start + record.code_len as usize], "{rest}");

            let instruction = |at| lines.iter().find(|line| line.offset == at && !line.is_data());
            for trap in &record.traps {
                let line = instruction(trap.offset).unwrap_or_else(|| panic!("{:#x} in {rest}", trap.offset));
                assert!(line.text.contains("; trap"), "{}", line.text);
            }
            let noted = lines.iter().filter(|line| line.text.contains("; trap"));
            assert_eq!(noted.count(), record.traps.len());
            for call in record.calls.iter().filter(|call| call.return_offset < record.code_len) {
                assert!(instruction(call.return_offset).is_some(), "{:#x} in {rest}", call.return_offset);
            }
            for location in record.source.iter().filter(|location| location.wasm_offset.is_some()) {
                assert!(instruction(location.offset).is_some(), "{:#x} in {rest}", location.offset);
            }
            for line in lines.iter().filter(|line| line.wasm.is_some()) {
                assert_eq!(line.wasm, record.wasm_offset_at(line.offset), "{}", line.text);
            }
            let own = record.text_offset..record.text_offset + record.code_len;
            for field in manifest.relocations.iter().filter(|field| own.contains(&field.offset)) {
                let callee =
                    manifest.functions.iter().find(|callee| callee.text_offset == field.target).unwrap();
                let call =
                    lines.iter().rfind(|line| line.offset <= field.offset - record.text_offset).unwrap();
                assert!(
                    call.text.starts_with(&format!("call {}", symbols.symbol(callee.key))),
                    "{}",
                    call.text
                );
            }
        }
    }
}

#[test]
fn tables_and_constants_are_data() {
    let wasm = encode(MODULE);
    for compiler in compilers() {
        let lines = |name: &str| {
            let listings = compiler
                .inspect(&wasm, supported_features(), &[Form::Asm], |_, found| found == Some(name))
                .unwrap();
            let [listing] = listings.as_slice() else { panic!("{listings:?}") };
            listing.texts[0].lines().skip(2).map(Line::parse).collect::<Vec<_>>()
        };
        let data = |lines: &[Line]| -> Vec<u8> {
            lines.iter().filter(|line| line.is_data()).flat_map(|line| line.bytes.clone()).collect()
        };
        let switch = lines("switch");
        let table = switch.iter().find(|line| line.is_data()).unwrap().offset;
        // The default target has an entry too.
        for entry in data(&switch).chunks_exact(4).take(5) {
            let target = table.wrapping_add_signed(i32::from_le_bytes(entry.try_into().unwrap()));
            let found = switch.iter().find(|line| line.offset == target);
            assert!(found.is_some_and(|line| !line.is_data()), "{target:#x}");
        }
        assert_eq!(data(&lines("leaf")), []);
        let constant = [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 3];
        assert!(data(&lines("constants")).windows(constant.len()).any(|window| window == constant));
    }
}

#[test]
fn forms_come_in_their_order_for_the_functions_that_are_wanted() {
    let compiler = Compiler::new(Profile::default()).unwrap();
    let forms = [Form::Vcode, Form::Clif];
    let wasm = encode(MODULE);
    let listings =
        compiler.inspect(&wasm, supported_features(), &forms, |func, _| func.as_u32() == 2).unwrap();
    let [listing] = listings.as_slice() else { panic!("{listings:?}") };
    let [vcode, clif] = listing.texts.as_slice() else { panic!("{listing:?}") };
    let heading = "; wasm[0]::function[2]::caller [i32] -> [i32]\n";
    let leaf = Symbols::new(&artefact(&compiler.compile(&wasm, supported_features()).unwrap()).1.module)
        .symbol(FuncKey::Defined(DefinedFuncIndex::new(0)));
    for (text, parts) in [
        (
            vcode,
            [format!("{heading}; userextname0 is {leaf}\n"), "  call    User(userextname0)\n".to_owned()],
        ),
        (
            clif,
            [
                format!("{heading}; u0:0 is {leaf}\n"),
                "function u0:1(i64 vmctx, i32) -> i32 tail {".to_owned(),
            ],
        ),
    ] {
        assert!(parts.iter().all(|part| text.contains(part)), "{text}");
    }
    let offset = |line: &str| u32::from_str_radix(line.strip_prefix('@')?.get(..4)?, 16).ok();
    assert!(clif.lines().filter_map(offset).is_sorted_by(|a, b| a <= b) && clif.contains("\n@00"));
}

/// Globals and slots of tables are little-endian on every machine, since the runtime accesses them so.
#[test]
fn values_that_the_runtime_shares_are_little_endian() {
    let text = r#"(module (global $g (mut i32) (i32.const 1)) (table 1 externref)
      (func (result i32) (global.set $g (i32.const 2)) (global.get $g))
      (func (table.set 0 (i32.const 0) (table.get 0 (i32.const 0)))))"#;
    let compiler = Compiler::new(Profile { opt_level: OptLevel::None, ..Profile::default() }).unwrap();
    let listings = compiler.inspect(&encode(text), supported_features(), &[Form::Clif], |_, _| true).unwrap();
    let clif: Vec<String> = listings.iter().flat_map(|listing| listing.texts.clone()).collect();
    let accesses = clif.iter().flat_map(|text| text.lines());
    let little = accesses.filter(|line| line.contains(" little ")).count();
    assert_eq!(little, 4, "{clif:#?}");
}
