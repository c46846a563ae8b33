//! What is looked at in a shared object before the dynamic linker gets to see it: forged ones, made from real ones by
//! changing bytes.

use super::place::Place;
use object::Object;
use std::fs;
use std::path::Path;
use trapline_runtime::{LoadError, Module};

const MODULE: &str = r#"(module
  (memory 1) (data (i32.const 8) "\2a")
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0))))
"#;

/// Types of program headers.
const NULL: u32 = 0;
const LOAD: u32 = 1;
const DYNAMIC: u32 = 2;
const INTERP: u32 = 3;
const NOTE: u32 = 4;
const SHLIB: u32 = 5;
const PHDR: u32 = 6;
const TLS: u32 = 7;
const EH_FRAME: u32 = 0x6474_e550;
const STACK: u32 = 0x6474_e551;
const RELRO: u32 = 0x6474_e552;
const PROPERTY: u32 = 0x6474_e553;

/// Bytes of a program header, and of its fields before the one that is named.
const HEADER: usize = 56;
const FLAGS: usize = 4;
const OFFSET: usize = 8;
const ADDRESS: usize = 16;
const UNUSED: usize = 24;
const IN_FILE: usize = 32;
const IN_MEMORY: usize = 40;
const ALIGNMENT: usize = 48;

/// Tags of the dynamic section.
const SYMENT: u64 = 11;

/// A shared object, in bytes.
#[derive(Clone)]
struct Shared(Vec<u8>);

impl Shared {
    /// What the program makes of a module.
    fn of(place: &Place) -> Shared {
        place.write("m.wat", MODULE);
        place.run(&["compile", "m.wat", "-o", "m.so"]).expect(0, &[]);
        Shared(fs::read(place.path("m.so")).expect("an artefact"))
    }

    fn word(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.0[at..at + 4].try_into().expect("a word"))
    }

    fn long(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.0[at..at + 8].try_into().expect("a word"))
    }

    fn put(&mut self, at: usize, value: u64) {
        self.0[at..at + 8].copy_from_slice(&value.to_le_bytes());
    }

    fn put_word(&mut self, at: usize, value: u32) {
        self.0[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }

    /// Where the program headers are.
    fn headers(&self) -> Vec<usize> {
        let count = usize::from(u16::from_le_bytes([self.0[56], self.0[57]]));
        (0..count).map(|i| self.long(32) as usize + i * HEADER).collect()
    }

    /// Where the first program header of a type is, with all of some flags.
    fn segment(&self, ty: u32, flags: u32) -> usize {
        let wanted = |&at: &usize| self.word(at) == ty && self.word(at + FLAGS) & flags == flags;
        self.headers().into_iter().find(wanted).expect("a segment")
    }

    /// Where the entry with a tag is in the dynamic section.
    fn entry(&self, tag: u64) -> usize {
        let start = self.long(self.segment(DYNAMIC, 0) + OFFSET) as usize;
        (start..).step_by(16).find(|&at| self.long(at) == tag).expect("an entry")
    }

    /// Puts other program headers, somewhere else.
    fn replace_headers(&mut self, headers: &[u8]) {
        self.0.resize(self.0.len().next_multiple_of(8), 0);
        self.put(32, self.0.len() as u64);
        self.0[56..58].copy_from_slice(&((headers.len() / HEADER) as u16).to_le_bytes());
        self.0.extend(headers);
    }
}

/// Has the program run what a change has made of a shared object, which it must refuse for a reason.
fn refused(place: &Place, good: &Shared, spoil: impl FnOnce(&mut Shared), reason: &str) {
    let mut forged = good.clone();
    spoil(&mut forged);
    place.write("b.so", &forged.0);
    for flags in [&[][..], &["--allow-unchecked"]] {
        let run = place.run(&[&["run", "b.so", "--invoke", "load", "8"], flags].concat());
        run.expect(3, &["error: failed to load b.so: failed to use the shared object: ", reason]);
    }
}

/// Has the program run what a change has made of a shared object, which must do no harm.
fn accepted(place: &Place, good: &Shared, change: impl FnOnce(&mut Shared)) {
    let mut changed = good.clone();
    change(&mut changed);
    place.write("b.so", &changed.0);
    place.run(&["run", "b.so", "--invoke", "load", "8"]).expect(0, &["i32 42 "]);
}

/// All that the dynamic linker would act upon is looked at before it is asked to.
#[test]
fn the_dynamic_linker_is_only_given_what_it_maps() {
    let place = Place::empty();
    let good = Shared::of(&place);
    let (first, code, data) = (good.segment(LOAD, 0), good.segment(LOAD, 1), good.segment(LOAD, 2));
    let (relro, dynamic) = (good.segment(RELRO, 0), good.segment(DYNAMIC, 0));
    let cases = [
        (code + IN_FILE, 16, "it does not map its text as code"),
        (code + IN_FILE, 1 << 40, "a segment is not within the file"),
        (code + ADDRESS, 0, "its segments overlap"),
        (code, 7 << 32 | 1, "a segment is writable and executable"),
        (code, 4 << 32 | 1, "it does not map its text as code"),
        (code + ALIGNMENT, 3 << 12, "a segment is aligned to what is not a size of a page"),
        (first, 1, "a segment cannot be read"),
        (data + IN_MEMORY, 1 << 31, "a segment takes up more memory than the file has"),
        (relro + IN_MEMORY, 1 << 31, "it protects what is not its data"),
        (dynamic + ADDRESS, 1 << 40, "its dynamic section is not mapped as data"),
        (dynamic, 4 << 32 | u64::from(EH_FRAME), "it has no dynamic section, or several"),
    ];
    for (at, value, reason) in cases {
        refused(&place, &good, |shared| shared.put(at, value), reason);
    }
    let protects_code = |shared: &mut Shared| {
        let (address, size) = (shared.long(code + ADDRESS), shared.long(code + IN_MEMORY));
        shared.put(relro + ADDRESS, address);
        shared.put(relro + IN_MEMORY, size);
    };
    refused(&place, &good, protects_code, "it protects what is not its data");
    // Data in the last page that 64 bits can address: nothing lies behind it, not even the end of the page.
    let at_the_end = |shared: &mut Shared| {
        let in_page = shared.long(data + OFFSET) % 4096;
        shared.put(data + ADDRESS, in_page.wrapping_sub(4096));
        for size in [IN_FILE, IN_MEMORY] {
            shared.put(data + size, 8);
        }
        let mut headers = shared.headers();
        headers.sort_by_key(|&at| at != relro);
        let headers: Vec<u8> =
            headers.into_iter().flat_map(|at| shared.0[at..at + HEADER].to_vec()).collect();
        shared.replace_headers(&headers);
    };
    refused(&place, &good, at_the_end, "it protects what is not its data");
}

/// The dynamic linker reads memory, not the file: a harmless section behind the offset must not hide the other one.
#[test]
fn the_dynamic_section_is_the_one_that_is_mapped() {
    let place = Place::empty();
    let good = Shared::of(&place);
    let dynamic = good.segment(DYNAMIC, 0);
    let hide = |shared: &mut Shared| {
        let (start, size) = (shared.long(dynamic + OFFSET) as usize, shared.long(dynamic + IN_FILE) as usize);
        shared.0.resize(shared.0.len().next_multiple_of(16), 0);
        let copy = shared.0.len();
        shared.0.extend_from_within(start..start + size);
        shared.put(dynamic + OFFSET, copy as u64);
        // DT_INIT: code that opening the library would run.
        let entry = start..start + size;
        let entry = entry.step_by(16).find(|&at| shared.long(at) == SYMENT).expect("an entry");
        shared.put(entry, 12);
    };
    refused(&place, &good, hide, "its dynamic section is not mapped as data");
    refused(
        &place,
        &good,
        |shared| shared.put(dynamic + IN_FILE, 0),
        "its dynamic section is not mapped as data",
    );
}

/// Some count them in a section header, others do not; and the dynamic linker has them on the stack.
#[test]
fn program_headers_are_few() {
    let place = Place::empty();
    let good = Shared::of(&place);
    let reason = "it has more program headers than the dynamic linker should read";
    let counted_elsewhere = |shared: &mut Shared| {
        let (count, sections) = (shared.headers().len() as u32, shared.long(40) as usize);
        shared.0[56..58].copy_from_slice(&[0xff; 2]);
        // sh_info of the first section
        shared.put_word(sections + 44, count);
    };
    refused(&place, &good, counted_elsewhere, reason);
    let many = |shared: &mut Shared| {
        let start = shared.headers()[0];
        let mut headers = shared.0[start..start + shared.headers().len() * HEADER].to_vec();
        let note = shared.segment(NOTE, 0);
        (0..60_000).for_each(|_| headers.extend(&shared.0[note..note + HEADER]));
        shared.replace_headers(&headers);
    };
    refused(&place, &good, many, reason);
}

/// Whatever the dynamic linker might look for in a segment: what is not known to be harmless is refused.
#[test]
fn program_headers_are_of_known_types() {
    let place = Place::empty();
    let good = Shared::of(&place);
    let note = good.segment(NOTE, 0);
    for ty in [NULL, INTERP, SHLIB, TLS, PROPERTY, 0x6474_e554, 0x6fff_fffb, 0x7000_0000] {
        refused(&place, &good, |shared| shared.put_word(note, ty), "it has a segment of an unknown kind");
    }
    let table = "it says that its program headers are elsewhere";
    refused(&place, &good, |shared| shared.put_word(note, PHDR), table);
    for ty in [NOTE, EH_FRAME] {
        let at = good.segment(ty, 0);
        let wild = |field, value| {
            refused(&place, &good, |shared| shared.put(at + field, value), "a segment is not mapped")
        };
        wild(ADDRESS, 0xdead_0000_0000);
        wild(OFFSET, 0);
        wild(IN_MEMORY, 1 << 31);
    }
    // The alignment of the notes that the dynamic linker reads.
    let properties = "it has notes for the dynamic linker";
    refused(&place, &good, |shared| shared.put(note + ALIGNMENT, 8), properties);
    // Some linkers do say where the headers are.
    accepted(&place, &good, |shared| {
        let (start, size) = (shared.long(32), (shared.headers().len() * HEADER) as u64);
        shared.put_word(note, PHDR);
        for (field, value) in [(OFFSET, start), (ADDRESS, start), (IN_FILE, size), (IN_MEMORY, size)] {
            shared.put(note + field, value);
        }
    });
}

/// Without this the dynamic linker makes all stacks of the process executable.
#[test]
fn stacks_stay_as_they_are() {
    let place = Place::empty();
    let good = Shared::of(&place);
    let (stack, note) = (good.segment(STACK, 0), good.segment(NOTE, 0));
    let reason = "it does not say that stacks are not executable";
    refused(&place, &good, |shared| shared.put_word(stack + FLAGS, 7), reason);
    refused(&place, &good, |shared| shared.0.copy_within(note..note + HEADER, stack), reason);
    refused(&place, &good, |shared| shared.0.copy_within(stack..stack + HEADER, note), reason);
}

/// Everything else in a dynamic section is something to do.
#[test]
fn the_dynamic_section_holds_known_entries() {
    const SONAME: u64 = 14;
    const SYMBOLIC: u64 = 16;
    const DEBUG: u64 = 21;
    const BIND: u64 = 30;
    const FLAGS_1: u64 = 0x6fff_fffb;
    let place = Place::empty();
    let good = Shared::of(&place);
    let entry = good.entry(SYMENT);
    let change = |tag, value| {
        move |shared: &mut Shared| {
            shared.put(entry, tag);
            shared.put(entry + 8, value);
        }
    };
    // DT_NEEDED, DT_RELA, DT_INIT, DT_INIT_ARRAY, DT_AUDIT
    for tag in [1, 7, 12, 25, SONAME, SYMBOLIC, DEBUG, 0x6fff_fefc] {
        let reason = "the dynamic linker would do more with it than to map it";
        refused(&place, &good, change(tag, 0), reason);
    }
    for (tag, value) in [(BIND, 8 | 16), (FLAGS_1, 1 | 8), (SYMENT, 25)] {
        let reason = "the dynamic linker would do more with it than to map it";
        refused(&place, &good, change(tag, value), reason);
    }
    accepted(&place, &good, change(BIND, 8));
    accepted(&place, &good, change(FLAGS_1, 1));
}

/// The dynamic linker goes by the path: it gives the library that it has, though the file is another one by now.
#[test]
fn a_path_that_is_open_with_other_contents_is_refused() {
    let place = Place::empty();
    let function = |i: usize| format!("(func (export \"f{i}\") (result i32) (i32.const {i}))");
    let many: String = (0..3000).map(function).collect();
    let texts = [function(1), function(2), many];
    let texts = texts.map(|functions| format!("(module {functions})"));
    let path = place.path("a.so");
    for (one, other) in [(0, 1), (0, 2), (2, 0)] {
        let compile = |text: usize| {
            place.write("a.wat", &texts[text]);
            // A new file, which leaves the old one as it is.
            fs::remove_file(&path).ok();
            place.run(&["compile", "a.wat", "-o", "a.so"]).expect(0, &[]);
        };
        compile(one);
        let first = open(&path).expect("an artefact");
        let again = open(&path).expect("the same artefact");
        assert_eq!(first.text(), again.text());
        compile(other);
        let second = open(&path);
        assert!(matches!(second, Err(LoadError::OpenWithOtherContents { .. })), "{second:?}");
        drop((first, again));
        open(&path).expect("the other artefact, now that the path is free");
    }
}

fn open(path: &Path) -> Result<Module, LoadError> {
    // SAFETY: I2, I10: the compiler of this build made the code; the file is replaced, and never written to.
    unsafe { Module::from_shared_object(path) }
}

/// Where the text lies is known from the program headers: no memory is looked at before they are known to be the same.
#[test]
fn a_path_that_is_open_with_other_program_headers_is_refused() {
    let place = Place::empty();
    let mut shared = Shared::of(&place);
    let path = place.path("m.so");
    let _open = open(&path).expect("an artefact");
    // An address that is never read: all that is mapped, and the text with it, is as before.
    let at = shared.segment(LOAD, 1) + UNUSED;
    shared.put(at, 0x1234_5000);
    fs::remove_file(&path).expect("a file");
    place.write("m.so", &shared.0);
    let other = open(&path);
    assert!(matches!(other, Err(LoadError::OpenWithOtherContents { .. })), "{other:?}");
}

/// What the runtime thinks of an artefact that can be shown all the same.
#[test]
fn objdump_says_whether_the_runtime_refuses() {
    let place = Place::empty();
    place.write("m.wat", MODULE);
    for name in ["m.o", "m.so"] {
        place.run(&["compile", "m.wat", "-o", name]).expect(0, &[]);
        let clean = place.run(&["objdump", name]);
        clean.expect(0, &["function[0]"]);
        assert_eq!(clean.err, "");
        let mut bytes = fs::read(place.path(name)).expect("an artefact");
        let (start, _) = {
            use object::ObjectSection;
            let file = object::File::parse(&*bytes).expect("ELF");
            file.section_by_name(".text").and_then(|text| text.file_range()).expect("a text")
        };
        bytes[start as usize] ^= 1;
        place.write(name, &bytes);
        let damaged = place.run(&["objdump", name]);
        damaged.expect(1, &["function[0]"]);
        assert!(damaged.err.starts_with(&format!("error: failed to load {name}: failed to ")), "{damaged:?}");
        assert!(damaged.err.contains("its content does not match its hash"), "{damaged:?}");
    }
    let good = Shared::of(&place);
    let mut forged = good.clone();
    forged.put_word(good.segment(STACK, 0) + FLAGS, 7);
    place.write("m.so", &forged.0);
    let refused = place.run(&["objdump", "m.so"]);
    refused.expect(1, &["function[0]"]);
    assert!(refused.err.contains("failed to use the shared object: "), "{}", refused.err);
}
