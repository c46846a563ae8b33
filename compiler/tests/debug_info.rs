//! What objects tell debuggers, read back.

use gimli::{
    BaseAddresses, CfaRule, EhFrame, EndianSlice, LittleEndian, RegisterRule, UnwindSection, X86_64,
};
use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget};
use std::process::Command;
use trapline_abi::artifact::{self, Header, Manifest, MemoryStyle};
use trapline_abi::{FuncKey, FunctionRecord};
use trapline_compiler::{Compiler, OptLevel, Profile, supported_features};

/// Functions of several shapes: with and without checks of the stack, with a jump table, constants, calls of each
/// other and of an import, traps of their own.
const MODULE: &str = r#"(module $shapes
  (import "env" "host" (func $host (param i32) (result i32)))
  (memory 1)
  (table 2 funcref)
  (type $t (func (param i32) (result i32)))
  (func $leaf (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $empty)
  (func (export "calls a b") (param i32) (result i32)
    (call $host (i32.add (call $leaf (local.get 0) (i32.const 3)) (i32.load offset=4 (local.get 0)))))
  (func $switch (param i32) (result i32)
    (block (block (block (br_table 0 1 2 0 (local.get 0))) (return (i32.const 10))) (return (i32.const 20)))
    (call_indirect (type $t) (i32.const 5) (local.get 0)))
  (func $shuffle (export "v") (param v128 v128) (result v128)
    (i8x16.shuffle 0 1 2 3 4 5 6 7 31 30 29 28 27 26 25 24 (local.get 0) (local.get 1)))
  (func $many (export "many") (param i32 i64 f64) (result i32 i64 f64 i32 i64 f64 i32 i64)
    (call $empty)
    (local.get 0) (local.get 1) (local.get 2) (local.get 0) (local.get 1) (local.get 2) (local.get 0) (local.get 1)))"#;

fn encode(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

fn profiles() -> impl Iterator<Item = Profile> {
    let levels = [OptLevel::None, OptLevel::Speed, OptLevel::SpeedAndSize];
    levels.into_iter().flat_map(|opt_level| {
        [MemoryStyle::Guarded, MemoryStyle::Checked].map(|memory_style| Profile {
            opt_level,
            memory_style,
            debug_info: true,
            ..Profile::default()
        })
    })
}

fn compile(profile: Profile, text: &str) -> Vec<u8> {
    Compiler::new(profile).unwrap().compile(&encode(text), supported_features()).unwrap()
}

fn manifest(object: &[u8]) -> Manifest {
    let file = object::File::parse(object).unwrap();
    let (_, manifest, _) =
        Header::parse(file.section_by_name(artifact::SECTION).unwrap().data().unwrap()).unwrap();
    artifact::decode_manifest(manifest).unwrap()
}

/// Where the text is taken to lie; other sections lie at 0.
const TEXT: u64 = 0x7f12_3456_7000;

/// The sections of an object as a debugger sees them: with all relocations applied.
struct Relocated(Vec<(String, Vec<u8>)>);

impl Relocated {
    fn new(object: &[u8]) -> Relocated {
        let file = object::File::parse(object).unwrap();
        let text = file.section_by_name(".text").unwrap().index();
        let relocated = |section: object::Section<'_, '_>| {
            let mut data = section.data().unwrap().to_vec();
            for (offset, relocation) in section.relocations() {
                let RelocationTarget::Symbol(symbol) = relocation.target() else { panic!("{relocation:?}") };
                let symbol = file.symbol_by_index(symbol).unwrap();
                let base = if symbol.section_index() == Some(text) { TEXT } else { 0 };
                let value = (base + symbol.address()).wrapping_add_signed(relocation.addend());
                let object::RelocationFlags::Elf { r_type } = relocation.flags() else { panic!() };
                let at = offset as usize;
                match r_type {
                    object::elf::R_X86_64_64 => data[at..at + 8].copy_from_slice(&value.to_le_bytes()),
                    object::elf::R_X86_64_32 => {
                        data[at..at + 4].copy_from_slice(&u32::try_from(value).unwrap().to_le_bytes());
                    }
                    object::elf::R_X86_64_PC64 => {
                        data[at..at + 8].copy_from_slice(&value.wrapping_sub(offset).to_le_bytes());
                    }
                    other => panic!("relocation {other} in {:?}", section.name()),
                }
            }
            (section.name().unwrap().to_owned(), data)
        };
        let described = |section: &object::Section<'_, '_>| {
            let name = section.name().unwrap();
            name.starts_with(".debug_") || name == ".eh_frame"
        };
        Relocated(file.sections().filter(described).map(relocated).collect())
    }

    fn section(&self, name: &str) -> &[u8] {
        self.0.iter().find(|(found, _)| found == name).map_or(&[], |(_, data)| data)
    }

    fn dwarf(&self) -> gimli::Dwarf<EndianSlice<'_, LittleEndian>> {
        let load = |id: gimli::SectionId| Ok(EndianSlice::new(self.section(id.name()), LittleEndian));
        gimli::Dwarf::load::<_, gimli::Error>(load).unwrap()
    }
}

/// What a debugger reads of a module.
#[derive(Debug)]
struct Described {
    file: String,
    /// Start, line; `None` where a sequence ends.
    rows: Vec<(u64, Option<u64>)>,
    /// Name, linkage name, start, length.
    functions: Vec<(String, String, u64, u64)>,
    extent: (u64, u64),
}

impl Described {
    fn read(object: &[u8]) -> Described {
        let relocated = Relocated::new(object);
        let dwarf = relocated.dwarf();
        let mut units = dwarf.units();
        let unit = dwarf.unit(units.next().unwrap().unwrap()).unwrap();
        assert!(units.next().unwrap().is_none());
        let unit = unit.unit_ref(&dwarf);
        let mut described =
            Described { file: String::new(), rows: Vec::new(), functions: Vec::new(), extent: (0, 0) };
        let mut entries = unit.entries();
        while let Some(entry) = entries.next_dfs().unwrap() {
            let text = |name| {
                let value = entry.attr_value(name).unwrap();
                unit.attr_string(value).unwrap().to_string_lossy().into_owned()
            };
            let low = match entry.attr_value(gimli::DW_AT_low_pc) {
                Some(gimli::AttributeValue::Addr(low)) => low,
                other => panic!("{other:?}"),
            };
            let len = entry.attr_value(gimli::DW_AT_high_pc).unwrap().udata_value().unwrap();
            match entry.tag() {
                gimli::DW_TAG_compile_unit => {
                    described.file = text(gimli::DW_AT_name);
                    described.extent = (low, low + len);
                }
                gimli::DW_TAG_subprogram => {
                    let names = (text(gimli::DW_AT_name), text(gimli::DW_AT_linkage_name));
                    described.functions.push((names.0, names.1, low, len));
                }
                other => panic!("{other}"),
            }
        }
        let mut rows = unit.line_program.clone().unwrap().rows();
        while let Some((header, row)) = rows.next_row().unwrap() {
            let file = row.file(header).unwrap().path_name();
            assert_eq!(unit.attr_string(file).unwrap().to_string_lossy(), described.file);
            let line = (!row.end_sequence()).then(|| row.line().map_or(0, u64::from));
            described.rows.push((row.address(), line));
        }
        assert!(described.rows.is_sorted_by_key(|(address, _)| *address));
        described
    }

    /// The line of an address; 0 if it has none or is in no sequence.
    fn line(&self, address: u64) -> u64 {
        let after = self.rows.partition_point(|(start, _)| *start <= address);
        let row = after.checked_sub(1).map(|at| self.rows[at]);
        row.and_then(|(_, line)| line).unwrap_or(0)
    }

    /// Every byte of every function has the line that the manifest's table says.
    fn must_agree_with(&self, manifest: &Manifest) {
        let defined = |record: &&FunctionRecord| matches!(record.key, FuncKey::Defined(_));
        let records: Vec<_> = manifest.functions.iter().filter(defined).collect();
        assert_eq!(records.len(), self.functions.len());
        for (record, function) in records.iter().zip(&self.functions) {
            let start = TEXT + u64::from(record.text_offset);
            assert_eq!((function.2, function.3), (start, record.code_len.into()), "{}", record.key);
            for offset in 0..record.code_len {
                let wanted = record.wasm_offset_at(offset).unwrap_or(0);
                assert_eq!(self.line(start + u64::from(offset)), wanted.into(), "{}+{offset:#x}", record.key);
            }
        }
        let last = self.functions.last().unwrap();
        assert_eq!(self.extent, (TEXT, last.2 + last.3));
    }
}

#[test]
fn lines_are_wasm_offsets() {
    for profile in profiles() {
        let object = compile(profile, MODULE);
        let described = Described::read(&object);
        assert_eq!(described.file, "shapes.wasm");
        described.must_agree_with(&manifest(&object));
    }
}

#[test]
fn lines_and_frames_of_code_in_memory_are_those_of_the_object() {
    let place = |profile| {
        let compiler = Compiler::new(profile).unwrap();
        let (compiled, _) = compiler.compile_module(&encode(MODULE), supported_features()).unwrap();
        compiler.place(&compiled).unwrap()
    };
    let code = place(Profile { debug_info: true, ..Profile::default() });
    let image = code.debug_image().unwrap();
    Described::read(image).must_agree_with(code.manifest());
    must_have_frames(image, code.manifest());
    assert!(place(Profile::default()).debug_image().is_none());
}

#[test]
fn functions_have_their_names() {
    let described = Described::read(&compile(Profile { debug_info: true, ..Profile::default() }, MODULE));
    let names: Vec<_> =
        described.functions.iter().map(|(name, linkage, ..)| (name.as_str(), linkage.as_str())).collect();
    assert_eq!(
        names,
        [
            ("leaf", "wasm[0]::function[1]::leaf"),
            ("empty", "wasm[0]::function[2]::empty"),
            ("calls_a_b", "wasm[0]::function[3]::calls_a_b"),
            ("switch", "wasm[0]::function[4]::switch"),
            ("shuffle", "wasm[0]::function[5]::shuffle"),
            ("many", "wasm[0]::function[6]::many"),
        ]
    );
}

/// Names are those that the module gives.
#[test]
fn odd_names_do_no_harm() {
    let odd =
        r#"(module (@name "../a\00b/\e2\82\ac.wasm") (func (@name "x\00\n y")) (func (@name "")) (func))"#;
    let described = Described::read(&compile(Profile { debug_info: true, ..Profile::default() }, odd));
    assert_eq!(described.file, ".._a_b__.wasm");
    let names: Vec<_> = described.functions.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["x___y", "function[1]", "function[2]"]);
    let unnamed = compile(Profile { debug_info: true, ..Profile::default() }, "(module (func))");
    assert_eq!(Described::read(&unnamed).file, "module.wasm");
}

/// Of each function, stubs included: the caller's frame is found at every instruction behind the prologue through the
/// frame pointer, and at the first through the stack pointer.
fn must_have_frames(object: &[u8], manifest: &Manifest) {
    let relocated = Relocated::new(object);
    let frames = EhFrame::new(relocated.section(".eh_frame"), LittleEndian);
    let bases = BaseAddresses::default().set_eh_frame(0).set_text(TEXT);
    let mut context = gimli::UnwindContext::new();
    for record in &manifest.functions {
        let start = TEXT + u64::from(record.text_offset);
        let fde = frames.fde_for_address(&bases, start, EhFrame::cie_from_offset).unwrap();
        assert_eq!((fde.initial_address(), fde.len()), (start, record.code_len.into()), "{}", record.key);
        let mut row_at = |offset: u32| {
            let address = start + u64::from(offset);
            let row = fde.unwind_info_for_address(&frames, &bases, &mut context, address).unwrap();
            let caller = (row.register(X86_64::RA), row.register(X86_64::RBP));
            (row.cfa().clone(), caller)
        };
        let return_address = RegisterRule::Offset(-8);
        let (cfa, caller) = row_at(0);
        assert_eq!(cfa, CfaRule::RegisterAndOffset { register: X86_64::RSP, offset: 8 }, "{}", record.key);
        assert_eq!(caller.0, Some(return_address.clone()));
        for call in &record.calls {
            let (cfa, caller) = row_at(call.return_offset);
            assert_eq!(cfa, CfaRule::RegisterAndOffset { register: X86_64::RBP, offset: 16 });
            assert_eq!(caller, (Some(return_address.clone()), Some(RegisterRule::Offset(-16))));
        }
    }
}

#[test]
fn every_function_has_a_frame() {
    for profile in profiles() {
        let object = compile(profile, MODULE);
        must_have_frames(&object, &manifest(&object));
    }
}

/// What the content hash covers does not change, and without debug information there is no trace of it.
#[test]
fn code_is_the_same_with_and_without() {
    let covered = |object: &[u8]| {
        let file = object::File::parse(object).unwrap();
        let data = |name| file.section_by_name(name).unwrap().data().unwrap().to_vec();
        let mut own = data(artifact::SECTION);
        let (header, ..) = Header::parse(&own).unwrap();
        // The frame has the headers of the sections with debug information.
        own[..Header::SIZE].copy_from_slice(&Header { frame_hash: [0; 32], ..header }.encode());
        (data(".text"), own)
    };
    for with in profiles() {
        let without = Profile { debug_info: false, ..with };
        let (with, without) = (compile(with, MODULE), compile(without, MODULE));
        assert!(covered(&with) == covered(&without));
        let file = object::File::parse(&*without).unwrap();
        let names: Vec<_> = file.sections().map(|section| section.name().unwrap().to_owned()).collect();
        assert!(!names.iter().any(|name| name.contains("debug") || name.contains("eh_frame")), "{names:?}");
    }
}

#[test]
fn equal_input_gives_equal_bytes() {
    for profile in profiles() {
        let first = compile(profile, MODULE);
        assert!(first == compile(profile, MODULE), "two compilations differ");
    }
}

#[test]
fn a_module_without_code_has_nothing_to_describe() {
    let object = compile(Profile { debug_info: true, ..Profile::default() }, "(module (memory 1))");
    let file = object::File::parse(&*object).unwrap();
    assert!(file.section_by_name(".debug_info").is_none() && file.section_by_name(".eh_frame").is_none());
}

/// Linkers take the sections without a warning, and resolve everything in them for good.
#[test]
fn shared_objects_need_no_relocation_for_it() {
    let folder = std::env::temp_dir().join(format!("trapline-debug-info-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (object, shared) = (folder.join("a.o"), folder.join("a.so"));
    let bytes = compile(Profile { debug_info: true, ..Profile::default() }, MODULE);
    std::fs::write(&object, &bytes).unwrap();
    let flags = ["-shared", "-nostdlib", "-Wl,-z,noexecstack", "-Wl,--fatal-warnings", "-Wl,-z,text", "-o"];
    let output = Command::new("cc").args(flags).args([&shared, &object]).output().expect("cc starts");
    let linked = std::fs::read(&shared);
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let linked = linked.unwrap();
    let file = object::File::parse(&*linked).unwrap();
    assert!(file.dynamic_relocations().is_none_or(|mut relocations| relocations.next().is_none()));
    let text = file.section_by_name(".text").unwrap().address();
    let section = file.section_by_name(".eh_frame").unwrap();
    let frames = EhFrame::new(section.data().unwrap(), LittleEndian);
    let bases = BaseAddresses::default().set_eh_frame(section.address()).set_text(text);
    for record in manifest(&bytes).functions {
        let start = text + u64::from(record.text_offset);
        let fde = frames.fde_for_address(&bases, start, EhFrame::cie_from_offset).unwrap();
        assert_eq!(fde.len(), record.code_len.into());
    }
}
