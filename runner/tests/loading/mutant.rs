//! Mutants of artefacts.

use fastrand::Rng;
use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget, elf};
use trapline_abi::artifact::{self, Header, Manifest, TextRelocation};
use trapline_abi::{
    DataMode, DefinedFuncIndex, ElementItems, EntityIndex, FuncIndex, FuncKey, FuncRefIndex, TrapSite,
    TypeIndex, seal,
};

/// Modules with something of everything: their names, and their text.
pub(crate) const SAMPLES: [(&str, &str); 4] = [
    ("calls", include_str!("calls.wat")),
    ("definitions", include_str!("definitions.wat")),
    ("host", include_str!("host.wat")),
    ("wide", include_str!("wide.wat")),
];

/// What is done to an artefact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Family {
    /// Bytes of an object are changed.
    Damaged,
    /// Bytes of a shared object are changed.
    DamagedShared,
    /// Parts of an object are changed, and the hash with them.
    Forged,
}

impl Family {
    pub(crate) const ALL: [Family; 3] = [Family::Damaged, Family::DamagedShared, Family::Forged];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Family::Damaged => "damaged",
            Family::DamagedShared => "damaged-shared",
            Family::Forged => "forged",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Family> {
        Family::ALL.into_iter().find(|family| family.name() == name)
    }

    /// How many mutants there are of each sample.
    pub(crate) const fn mutants(self) -> u32 {
        match self {
            Family::Damaged => 5000,
            Family::DamagedShared => 3000,
            Family::Forged => 3000,
        }
    }

    pub(crate) const fn is_shared(self) -> bool {
        matches!(self, Family::DamagedShared)
    }

    pub(crate) const fn is_forged(self) -> bool {
        matches!(self, Family::Forged)
    }

    /// The mutant with a number.
    pub(crate) fn mutant(self, good: &[u8], number: u32) -> Vec<u8> {
        let mut rng = Rng::with_seed(0x7261_7074 ^ u64::from(number) << 8 ^ good.len() as u64);
        match self {
            Family::Damaged | Family::DamagedShared => damage(good, &mut rng),
            Family::Forged => forge(good, &mut rng),
        }
    }
}

/// Numbers at which something changes.
fn edge(rng: &mut Rng, len: usize) -> u64 {
    let len = len as u64;
    let edges = [0, 1, 4, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1 << 40, u64::MAX];
    match rng.u8(..4) {
        0 => edges[rng.usize(..edges.len())],
        1 => len.wrapping_add(rng.u64(..3)).wrapping_sub(1),
        2 => rng.u64(..=len),
        _ => rng.u64(..),
    }
}

fn damage(good: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = good.to_vec();
    let len = bytes.len();
    match rng.u8(..8) {
        0 => bytes[rng.usize(..len)] ^= 1 << rng.u8(..8),
        1 => bytes[rng.usize(..len)] = rng.u8(..),
        2 => (0..rng.usize(2..32)).for_each(|_| bytes[rng.usize(..len)] = rng.u8(..)),
        3 => bytes.truncate(rng.usize(..len)),
        4 => bytes.extend((0..rng.usize(1..5000)).map(|_| rng.u8(..))),
        5 => swap(&mut bytes, rng),
        6 => change_header(&mut bytes, rng),
        _ => change_field(&mut bytes, 0, 64, rng),
    }
    bytes
}

fn swap(bytes: &mut [u8], rng: &mut Rng) {
    let size = rng.usize(1..64);
    let (one, other) = (rng.usize(..bytes.len() - 2 * size), rng.usize(..bytes.len() - size));
    if one.abs_diff(other) >= size {
        (0..size).for_each(|i| bytes.swap(one + i, other + i));
    }
}

/// Changes a field of a section header or, if there are any, of a program header.
fn change_header(bytes: &mut [u8], rng: &mut Rng) {
    let u16_at = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let u64_at = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
    let (programs, sections) = (u64_at(32) as usize, u64_at(40) as usize);
    let (program_count, section_count) = (u16_at(56), u16_at(60));
    match program_count > 0 && rng.bool() {
        true => change_segment(bytes, programs + 56 * rng.usize(..program_count), rng),
        false => change_field(bytes, sections + 64 * rng.usize(..section_count), 64, rng),
    }
}

/// The types of program headers that a dynamic linker may know: hardly any of [`edge`]'s numbers is one.
const SEGMENT_TYPES: [u32; 12] = [
    elf::PT_NULL,
    elf::PT_LOAD,
    elf::PT_DYNAMIC,
    elf::PT_INTERP,
    elf::PT_NOTE,
    elf::PT_SHLIB,
    elf::PT_PHDR,
    elf::PT_TLS,
    elf::PT_GNU_EH_FRAME,
    elf::PT_GNU_STACK,
    elf::PT_GNU_RELRO,
    elf::PT_GNU_PROPERTY,
];

/// Changes type and fields of a program header.
fn change_segment(bytes: &mut [u8], start: usize, rng: &mut Rng) {
    if rng.bool() {
        let ty = SEGMENT_TYPES[rng.usize(..SEGMENT_TYPES.len())];
        bytes[start..start + 4].copy_from_slice(&ty.to_le_bytes());
    }
    (0..rng.usize(..3)).for_each(|_| change_field(bytes, start, 56, rng));
}

fn change_field(bytes: &mut [u8], start: usize, size: usize, rng: &mut Rng) {
    let value = edge(rng, bytes.len()).to_le_bytes();
    let width = [1, 2, 4, 8][rng.usize(..4)];
    let at = start + rng.usize(..size / width) * width;
    bytes[at..at + width].copy_from_slice(&value[..width]);
}

/// Where a section of an object lies in the file.
fn section(bytes: &[u8], name: &str) -> std::ops::Range<usize> {
    let file = object::File::parse(bytes).expect("an object");
    let range = file.section_by_name(name).and_then(|section| section.file_range());
    range.map_or(0..0, |(start, size)| start as usize..(start + size) as usize)
}

fn forge(good: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = good.to_vec();
    let own = section(good, artifact::SECTION);
    let (header, encoded, _) = Header::parse(&good[own.clone()]).expect("an artefact");
    let manifest = own.start + Header::SIZE..own.start + Header::SIZE + header.manifest_len as usize;
    let parts =
        [section(good, ".text"), manifest.clone(), manifest.end..own.end, section(good, ".rela.text")];
    let mut described = artifact::decode_manifest(encoded).expect("a manifest");
    match rng.u8(..3) {
        0 => {
            for _ in 0..rng.usize(1..4) {
                change(&mut described, good.len(), rng);
            }
            replace_manifest(&mut bytes, &described);
        }
        kind => {
            let filled: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            let part = filled[rng.usize(..filled.len())].clone();
            for _ in 0..rng.usize(1..5) {
                bytes[rng.usize(part.clone())] = rng.u8(..);
            }
            if kind == 1
                && let Some(relocations) = relocations(&bytes)
            {
                // The description goes along with whatever the relocations have become.
                described.relocations = relocations;
                replace_manifest(&mut bytes, &described);
            }
        }
    }
    rehash(&mut bytes);
    bytes
}

/// Gives the artefact's section another manifest, at the end of the file.
fn replace_manifest(bytes: &mut Vec<u8>, manifest: &Manifest) {
    let own = section(bytes, artifact::SECTION);
    let (header, _, data) = Header::parse(&bytes[own.clone()]).expect("an artefact");
    let encoded = artifact::encode_manifest(manifest).expect("a manifest");
    let header = Header { manifest_len: encoded.len() as u32, ..header };
    let content = [&header.encode()[..], &encoded, data].concat();
    let start = bytes.len() as u64;
    // The section header is the one that points to where the section was.
    let table = u64::from_le_bytes(bytes[40..48].try_into().expect("eight bytes")) as usize;
    let old = (own.start as u64).to_le_bytes();
    let at = (table + 24..bytes.len()).step_by(64).find(|&at| bytes[at..at + 8] == old).expect("its header");
    bytes[at..at + 8].copy_from_slice(&start.to_le_bytes());
    bytes[at + 8..at + 16].copy_from_slice(&(content.len() as u64).to_le_bytes());
    bytes.extend(content);
}

/// The relocations of the text as a loader reads them.
fn relocations(bytes: &[u8]) -> Option<Vec<TextRelocation>> {
    let file = object::File::parse(bytes).ok()?;
    let Some(text) = file.section_by_name(".text") else { return Some(Vec::new()) };
    let mut relocations = Vec::new();
    for (offset, relocation) in text.relocations() {
        let RelocationTarget::Symbol(symbol) = relocation.target() else { return None };
        let symbol = file.symbol_by_index(symbol).ok()?;
        let target = symbol.address().wrapping_add_signed(relocation.addend()).wrapping_add(4);
        relocations.push(TextRelocation { offset: offset as u32, target: target as u32 });
    }
    relocations.sort_unstable();
    Some(relocations)
}

/// Makes the content hash that of the content, as far as there is a way to read it.
fn rehash(bytes: &mut [u8]) {
    let Some(relocations) = relocations(bytes) else { return };
    let own = section(bytes, artifact::SECTION);
    let text = section(bytes, ".text");
    let Ok((header, manifest, data)) = Header::parse(&bytes[own.clone()]) else { return };
    let hash = artifact::content_hash(&bytes[text], &relocations, manifest, data);
    let header = Header { content_hash: hash, ..header };
    bytes[own.start..own.start + Header::SIZE].copy_from_slice(&header.encode());
    // Where the table of sections is damaged, the loader refuses the object before it looks at the frame.
    let _ = seal(bytes);
}

/// Changes one of several things, if there are any.
fn edit<T>(items: &mut [T], rng: &mut Rng, change: impl FnOnce(&mut T)) {
    if !items.is_empty() {
        change(&mut items[rng.usize(..items.len())]);
    }
}

/// Changes one thing that a description says.
fn change(manifest: &mut Manifest, len: usize, rng: &mut Rng) {
    let value = edge(rng, len);
    let small = rng.u32(..8);
    let Manifest { module, functions, relocations, .. } = manifest;
    match rng.u8(..30) {
        0 => edit(functions, rng, |function| function.text_offset = value as u32),
        1 => edit(functions, rng, |function| function.code_len = value as u32),
        2 => {
            let mut fork = rng.fork();
            let change = |site: &mut TrapSite| site.offset = value as u32;
            edit(functions, rng, |function| edit(&mut function.traps, &mut fork, change));
        }
        3 => {
            let key = match rng.u8(..3) {
                0 => FuncKey::Defined(DefinedFuncIndex::new(small)),
                1 => FuncKey::EntryStub(TypeIndex::new(small)),
                _ => FuncKey::ExitStub(TypeIndex::new(value as u32)),
            };
            edit(functions, rng, |function| function.key = key);
        }
        4 => drop(functions.pop()),
        5 => manifest.text_len = value as u32,
        6 => edit(relocations, rng, |relocation| relocation.target = value as u32),
        7 => edit(relocations, rng, |relocation| relocation.offset = value as u32),
        8 => module.rec_groups.push(value as u32),
        9 => edit(&mut module.rec_groups, rng, |size| *size = value as u32),
        10 => edit(&mut module.types, rng, |ty| ty.supertype = Some(TypeIndex::new(value as u32))),
        11 => module.imported_funcs = small,
        12 => module.imported_memories = small,
        13 => module.func_refs = value as u32,
        14 => edit(&mut module.funcs, rng, |func| func.func_ref = Some(FuncRefIndex::new(small))),
        15 => edit(&mut module.funcs, rng, |func| func.ty = TypeIndex::new(small)),
        16 => edit(&mut module.tables, rng, |table| table.ty.limits.min = value),
        17 => edit(&mut module.tables, rng, |table| table.ty.limits.max = Some(value)),
        18 => edit(&mut module.memories, rng, |memory| memory.limits.min = value),
        19 => edit(&mut module.memories, rng, |memory| memory.limits.max = Some(value)),
        20 => edit(&mut module.memories, rng, |memory| memory.page_size_log2 = value as u8),
        21 => edit(&mut module.globals, rng, |global| global.init = None),
        22 => module.start = Some(FuncIndex::new(small)),
        23 => edit(&mut module.data, rng, |segment| segment.bytes.end = value as u32),
        24 => edit(&mut module.data, rng, |segment| segment.bytes.start = value as u32),
        25 => edit(&mut module.data, rng, |segment| segment.mode = DataMode::Passive),
        26 => {
            let items = vec![FuncIndex::new(small); rng.usize(..2000)];
            edit(&mut module.elements, rng, |segment| segment.items = ElementItems::Funcs(items));
        }
        27 => {
            let index = EntityIndex::Func(FuncIndex::new(small));
            edit(&mut module.exports, rng, |export| export.index = index);
        }
        28 => edit(&mut module.exports, rng, |export| export.name.push_str("\u{0}..\n")),
        _ => manifest.wasm_hash[0] ^= 1,
    }
}
