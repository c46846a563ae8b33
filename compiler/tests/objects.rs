//! What comes out of the compiler, without running it.

use object::{Object, ObjectSection, ObjectSymbol, RelocationFlags};
use trapline_abi::artifact::{self, Header, Manifest, MemoryStyle};
use trapline_abi::{FuncKey, Trap, TrapCode, TypeIndex};
use trapline_compiler::{
    CompileError, Compiler, Cpu, OptLevel, Profile, WasmFeatures, supported_features, validate,
};

fn encode(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

fn profiles() -> Vec<Profile> {
    let mut all = Vec::new();
    for opt_level in [OptLevel::None, OptLevel::Speed, OptLevel::SpeedAndSize] {
        for memory_style in [MemoryStyle::Guarded, MemoryStyle::Checked] {
            for cpu in [Cpu::Native, Cpu::Baseline] {
                all.push(Profile { opt_level, memory_style, cpu, verifier: true, ..Profile::default() });
            }
        }
    }
    all
}

fn compile(profile: Profile, text: &str) -> Vec<u8> {
    Compiler::new(profile).unwrap().compile(&encode(text), supported_features()).unwrap()
}

fn manifest(object: &[u8]) -> Manifest {
    let file = object::File::parse(object).unwrap();
    let section = file.section_by_name(artifact::SECTION).unwrap();
    let (_, manifest, _) = Header::parse(section.data().unwrap()).unwrap();
    artifact::decode_manifest(manifest).unwrap()
}

/// Functions of many shapes, together well beyond the size from which bodies are compiled in
/// parallel.
fn large_module() -> String {
    let mut text =
        String::from("(module (memory 1) (table 4 funcref) (type $t (func (param i32) (result i32)))\n");
    for i in 0..600 {
        let callee = (i * 7 + 3) % 600;
        text.push_str(&format!(
            "(func $f{i} (export \"f{i}\") (param i32) (result i32) (local i64 f64)
               (if (result i32) (i32.lt_u (local.get 0) (i32.const {i}))
                 (then (call $f{callee} (i32.add (local.get 0) (i32.const 1))))
                 (else (loop (local.set 1 (i64.load offset={i} (local.get 0)))
                             (br_if 0 (i64.eqz (local.get 1))))
                       (call_indirect (type $t) (i32.trunc_f64_s (f64.nearest (local.get 2)))
                                                (i32.div_s (local.get 0) (i32.const {i}))))))\n"
        ));
    }
    text.push(')');
    text
}

#[test]
fn equal_input_gives_equal_bytes() {
    let text = large_module();
    let first = compile(Profile::default(), &text);
    for _ in 0..3 {
        assert!(first == compile(Profile::default(), &text), "two compilations differ");
    }
}

#[test]
fn objects_need_nothing_from_outside() {
    let text = large_module();
    for profile in profiles() {
        let bytes = compile(profile, &text);
        let file = object::File::parse(&*bytes).unwrap();
        assert!(file.symbols().all(|symbol| !symbol.is_undefined()), "{profile:?}");
        let text = file.section_by_name(".text").unwrap();
        for (offset, relocation) in text.relocations() {
            let flags = relocation.flags();
            let plt32 = RelocationFlags::Elf { r_type: object::elf::R_X86_64_PLT32 };
            assert_eq!(flags, plt32, "{profile:?} at {offset:#x}");
        }
    }
}

/// The cheapest comparison of the two paths: before relocation the JIT's code is the object's.
#[test]
fn jit_and_object_hold_the_same_code() {
    let wasm = encode(&large_module());
    for profile in profiles() {
        let compiler = Compiler::new(profile).unwrap();
        let object = compiler.compile(&wasm, supported_features()).unwrap();
        let (compiled, _) = compiler.compile_module(&wasm, supported_features()).unwrap();
        let jit = compiler.place(&compiled).unwrap();
        let file = object::File::parse(&*object).unwrap();
        let section = file.section_by_name(".text").unwrap();
        let mut aot_text = section.data().unwrap().to_vec();
        let mut holes = vec![false; aot_text.len()];
        for (offset, _) in section.relocations() {
            let field = offset as usize..offset as usize + 4;
            aot_text[field.clone()].fill(0);
            holes[field].fill(true);
        }
        let aot = manifest(&object);
        assert_eq!(aot.module, jit.manifest().module);
        assert_eq!(aot.relocations.len(), jit.manifest().relocations.len());
        assert_eq!(aot.functions.len(), jit.manifest().functions.len());
        for (aot, jit_record) in aot.functions.iter().zip(&jit.manifest().functions) {
            let range = |record: &trapline_abi::FunctionRecord| {
                record.text_offset as usize..(record.text_offset + record.code_len) as usize
            };
            let mut jit_code = jit.text()[range(jit_record)].to_vec();
            for (byte, hole) in jit_code.iter_mut().zip(&holes[range(aot)]) {
                *byte = if *hole { 0 } else { *byte };
            }
            assert_eq!(aot_text[range(aot)], jit_code, "{profile:?} {}", aot.key);
            assert_eq!(
                (aot.key, &aot.traps, &aot.calls, &aot.source),
                (jit_record.key, &jit_record.traps, &jit_record.calls, &jit_record.source)
            );
        }
    }
}

#[test]
fn the_content_hash_is_that_of_the_content() {
    let bytes = compile(Profile::default(), &large_module());
    let file = object::File::parse(&*bytes).unwrap();
    let section = file.section_by_name(artifact::SECTION).unwrap();
    let (header, manifest, data) = Header::parse(section.data().unwrap()).unwrap();
    let text = file.section_by_name(".text").unwrap();
    let mut relocations = Vec::new();
    for (offset, relocation) in text.relocations() {
        let object::RelocationTarget::Symbol(symbol) = relocation.target() else { panic!("no symbol") };
        let target = file.symbol_by_index(symbol).unwrap().address() as u32;
        relocations.push(artifact::TextRelocation { offset: offset as u32, target });
    }
    relocations.sort_unstable();
    let hash = artifact::content_hash(text.data().unwrap(), &relocations, manifest, data);
    assert_eq!(hash, header.content_hash);
}

#[test]
fn guarded_loads_are_single_trap_sites_and_checked_ones_compare() {
    let text = "(module (memory 1) (func (param i32) (result i32) (i32.load offset=16 (local.get 0))))";
    let sites = |memory_style| {
        let bytes = compile(Profile { memory_style, ..Profile::default() }, text);
        let file = object::File::parse(&*bytes).unwrap();
        let code = file.section_by_name(".text").unwrap().data().unwrap().to_vec();
        let manifest = manifest(&bytes);
        let oob: Vec<_> = manifest.functions[0]
            .traps
            .iter()
            .filter(|site| site.code == TrapCode::Trap(Trap::MemoryOutOfBounds))
            .map(|site| code[site.offset as usize..][..2].to_vec())
            .collect();
        oob
    };
    let ud2 = vec![0x0f, 0x0b];
    let guarded = sites(MemoryStyle::Guarded);
    assert_eq!(guarded.len(), 1);
    assert_ne!(guarded[0], ud2);
    assert_eq!(sites(MemoryStyle::Checked), [ud2]);
}

#[test]
fn equal_signatures_share_a_stub() {
    let text = "(module (type (func)) (type (func (param i32))) (type (func))
                  (import \"m\" \"f\" (func (type 2)))
                  (func (type 0)) (export \"a\" (func 1)) (func (type 2)) (export \"b\" (func 2)))";
    let keys: Vec<_> = manifest(&compile(Profile::default(), text)).functions.iter().map(|f| f.key).collect();
    let stubs: Vec<_> = keys.iter().filter(|key| !matches!(key, FuncKey::Defined(_))).collect();
    assert_eq!(stubs, [&FuncKey::EntryStub(TypeIndex::new(0)), &FuncKey::ExitStub(TypeIndex::new(0))]);
}

#[test]
fn malformed_is_not_invalid() {
    let header = b"\0asm\x01\0\0\0";
    let with = |rest: &[u8]| [&header[..], rest].concat();
    let malformed: &[(&str, Vec<u8>)] = &[
        ("empty", Vec::new()),
        ("wrong magic", b"\0asn\x01\0\0\0".to_vec()),
        ("wrong version", b"\0asm\x02\0\0\0".to_vec()),
        ("truncated section", with(&[1, 5, 1])),
        ("sections out of order", with(&[3, 1, 0, 1, 1, 0])),
        ("function without code", with(&[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0])),
        ("data count without data", with(&[12, 1, 1])),
        ("unknown section", with(&[0x7f, 0])),
        ("illegal opcode", with(&[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 5, 1, 3, 0, 0xff, 0x0b])),
        ("body without end", with(&[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x01])),
        (
            "memory.init without data count",
            with(&[
                1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 10, 14, 1, 12, 0, 0x41, 0, 0x41, 0, 0x41, 0,
                0xfc, 8, 0, 0, 0x0b,
            ]),
        ),
    ];
    for (what, bytes) in malformed {
        let error = validate(bytes, WasmFeatures::WASM2).unwrap_err();
        assert!(matches!(error, CompileError::Malformed { .. }), "{what}: {error}");
    }
    for text in [
        "(module (func (result i32)))",
        "(module (func (local.get 7)))",
        "(module (func (drop (i32.load (i32.const 0)))))",
        "(module (memory 65537))",
        "(module (func) (export \"a\" (func 0)) (export \"a\" (func 0)))",
        "(module (start 3))",
    ] {
        let error = validate(&encode(text), WasmFeatures::WASM2).unwrap_err();
        assert!(matches!(error, CompileError::Invalid { .. }), "{text}: {error}");
    }
}

#[test]
fn what_cannot_be_compiled_must_still_be_valid() {
    let compiler = Compiler::new(Profile::default()).unwrap();
    let features = WasmFeatures::WASM3 | WasmFeatures::STACK_SWITCHING;
    let compile = |text: &str| compiler.compile(&encode(text), features).unwrap_err();
    let continuation = "(type $f (func)) (type (cont $f))";
    assert!(matches!(compile(&format!("(module {continuation})")), CompileError::Unsupported { .. }));
    let error = compile(&format!("(module {continuation} (func (result i32)))"));
    assert!(matches!(error, CompileError::Invalid { .. }), "{error}");
}
