//! Reading shared objects that a linker has made of an artefact. Opening one hands it to the dynamic
//! linker, which believes what it reads: so all that it would act upon is looked at before.

use super::elf::FIELD;
use super::{LoadError, LoadOptions};
use object::elf::{
    DT_DEBUG, DT_FLAGS, DT_FLAGS_1, DT_GNU_HASH, DT_HASH, DT_NULL, DT_SONAME, DT_STRSZ, DT_STRTAB, DT_SYMENT,
    DT_SYMTAB, EM_X86_64, ET_DYN, PF_R, PF_W, PF_X, PT_DYNAMIC, PT_GNU_RELRO, PT_LOAD, PT_TLS,
    ProgramHeader64,
};
use object::read::elf::{Dyn, ElfFile64, FileHeader, ProgramHeader};
use object::{LittleEndian, Object as _, ObjectSection, ObjectSymbol};
use trapline_abi::artifact::{self, Header, Manifest, TextRelocation};

/// What a shared object made from an artefact by a linker says of itself.
#[derive(Debug)]
pub(super) struct Shared<'a> {
    /// The hash that the unrelocated content must have.
    content_hash: [u8; 32],
    /// The manifest as it is encoded.
    encoded: &'a [u8],
    /// The manifest; not checked against anything yet.
    pub(super) manifest: Manifest,
    /// The bytes of the data segments.
    pub(super) data: &'a [u8],
    /// The text.
    pub(super) text: SharedText<'a>,
}

/// The text of a shared object.
#[derive(Clone, Copy, Debug)]
pub(super) struct SharedText<'a> {
    /// Where the first byte comes to lie, counted from where the object does.
    pub(super) address: u64,
    /// The bytes as the file has them.
    pub(super) bytes: &'a [u8],
}

type File<'a> = ElfFile64<'a, LittleEndian>;
type Segments<'a> = [ProgramHeader64<LittleEndian>];

const E: LittleEndian = LittleEndian;

impl<'a> Shared<'a> {
    /// Finds the artefact and its text in a shared object, and refuses one with which the dynamic linker would do more
    /// than to map it.
    ///
    /// # Errors
    ///
    /// When it is no shared object of this machine, or holds no artefact of this build.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, LoadError> {
        let file = File::parse(bytes).map_err(LoadError::Elf)?;
        let header = file.elf_header();
        if header.e_type(E) != ET_DYN || header.e_machine(E) != EM_X86_64 {
            return Err(LoadError::WrongKind);
        }
        let own = file.section_by_name(artifact::SECTION).ok_or(LoadError::NotAnArtifact)?;
        let (own, encoded, data) = Header::parse(own.data().map_err(LoadError::Elf)?)?;
        let manifest = artifact::decode_manifest(encoded)?;
        // Linkers leave an empty text out.
        let text = match manifest.text_len {
            0 => SharedText { address: 0, bytes: &[] },
            len => {
                let segments = header.program_headers(E, bytes).map_err(LoadError::Elf)?;
                mapping(segments, bytes)?;
                dynamic(segments, bytes)?;
                text(&file, segments, bytes, len.into())?
            }
        };
        Ok(Shared { content_hash: own.content_hash, encoded, manifest, data, text })
    }

    /// Undoes the relocation of a text, and checks that it was right.
    ///
    /// # Errors
    ///
    /// When a field does not hold the distance of its call, or the content is not what was written and has to be.
    pub(super) fn verify(&self, text: &[u8], options: LoadOptions) -> Result<(), LoadError> {
        let mut original = text.to_vec();
        let relocations = &self.manifest.relocations;
        for &TextRelocation { offset, target } in relocations {
            let refuse = |reason| LoadError::BadRelocation { offset: offset.into(), reason };
            let rest = original.get_mut(offset as usize..);
            let field: &mut [u8; FIELD as usize] = rest
                .and_then(|rest| rest.first_chunk_mut())
                .ok_or_else(|| refuse("it is outside the text"))?;
            let wanted = i64::from(target) - (i64::from(offset) + FIELD as i64);
            if i64::from(i32::from_le_bytes(*field)) != wanted {
                return Err(refuse("the linker has resolved it to another place"));
            }
            *field = [0; FIELD as usize];
        }
        options.check(self.content_hash, &original, relocations, self.encoded, self.data)
    }
}

fn refuse<T>(reason: &'static str) -> Result<T, LoadError> {
    Err(LoadError::BadSharedObject(reason))
}

/// Whether the memory of a segment is mapped by another one.
fn is_covered(segments: &Segments<'_>, segment: &ProgramHeader64<LittleEndian>) -> bool {
    let end = |segment: &ProgramHeader64<LittleEndian>| segment.p_vaddr(E).checked_add(segment.p_memsz(E));
    segments.iter().any(|loaded| {
        // The last page is mapped whole.
        let covers =
            end(segment).zip(end(loaded)).is_some_and(|(end, loaded)| end <= loaded.div_ceil(PAGE) * PAGE);
        loaded.p_type(E) == PT_LOAD && loaded.p_vaddr(E) <= segment.p_vaddr(E) && covers
    })
}

/// Bytes of a page, as the dynamic linker maps them.
const PAGE: u64 = 4096;

/// Segments lie one after another, within the file, and none can be both written and executed.
fn mapping(segments: &Segments<'_>, bytes: &[u8]) -> Result<(), LoadError> {
    let mut end = 0;
    for segment in segments {
        match segment.p_type(E) {
            PT_LOAD => {}
            PT_TLS => return refuse("it has thread-local storage"),
            // What is made read-only after relocation must be the object's own memory.
            PT_GNU_RELRO if !is_covered(segments, segment) => {
                return refuse("it protects what it does not map");
            }
            _ => continue,
        }
        let (address, in_file, in_memory) = (segment.p_vaddr(E), segment.p_filesz(E), segment.p_memsz(E));
        if address / PAGE < end || address.checked_add(in_memory).is_none() {
            return refuse("its segments overlap");
        }
        end = (address + in_memory).div_ceil(PAGE);
        let file_end = segment.p_offset(E).checked_add(in_file);
        if in_file > in_memory || file_end.is_none_or(|end| end > bytes.len() as u64) {
            return refuse("a segment is not within the file");
        }
        // Artefacts have no memory that is not in the file; linkers fill up a page at most.
        if in_memory > in_file + PAGE {
            return refuse("a segment takes up more memory than the file has bytes for it");
        }
        if (segment.p_offset(E) ^ address) % PAGE != 0 {
            return refuse("a segment does not begin where its page does");
        }
        // Tables that the dynamic linker reads may lie in any of them.
        if segment.p_flags(E) & PF_R == 0 {
            return refuse("a segment cannot be read");
        }
        if segment.p_flags(E) & (PF_W | PF_X) == PF_W | PF_X {
            return refuse("a segment is writable and executable");
        }
    }
    Ok(())
}

/// The dynamic linker finds symbols and nothing else: no code to run, no library to open, nothing to relocate.
fn dynamic(segments: &Segments<'_>, bytes: &[u8]) -> Result<(), LoadError> {
    let mut found = segments.iter().filter(|segment| segment.p_type(E) == PT_DYNAMIC);
    let (Some(segment), None) = (found.next(), found.next()) else {
        return refuse("it has no dynamic section, or several");
    };
    // The dynamic linker notes addresses in it.
    if loaded(segments, bytes, segment.p_vaddr(E), segment.p_memsz(E), PF_W).is_none() {
        return refuse("its dynamic section is not mapped as data");
    }
    let entries = segment.dynamic(E, bytes).map_err(LoadError::Elf)?.unwrap_or_default();
    let end = entries.iter().position(|entry| entry.d_tag(E) == DT_NULL);
    let Some(end) = end else { return refuse("its dynamic section has no end") };
    for needed in [DT_STRTAB, DT_SYMTAB] {
        if !entries[..end].iter().any(|entry| entry.d_tag(E) == needed) {
            return refuse("its dynamic section lacks a table");
        }
    }
    for entry in &entries[..end] {
        let (tag, value) = (entry.d_tag(E), entry.d_val(E));
        let needed = match tag {
            DT_GNU_HASH => GNU_HASH_HEADER,
            DT_HASH => HASH_HEADER,
            DT_STRTAB | DT_SYMTAB => 1,
            DT_STRSZ | DT_SYMENT | DT_SONAME | DT_FLAGS | DT_FLAGS_1 | DT_DEBUG => continue,
            _ => return refuse("the dynamic linker would do more with it than to map it"),
        };
        let Some(table) = loaded(segments, bytes, value, needed, 0) else {
            return refuse("a table of symbols is not mapped");
        };
        // The C library ends the process over this.
        if needed == GNU_HASH_HEADER && !bloom_words(table).is_power_of_two() {
            return refuse("its hash table is damaged");
        }
    }
    Ok(())
}

/// Bytes of the header of a GNU hash table: four words of 32 bits.
const GNU_HASH_HEADER: u64 = 16;
/// Bytes of the header of a hash table: two words of 32 bits.
const HASH_HEADER: u64 = 8;

/// The size of the filter of a GNU hash table, which its header's third word says.
fn bloom_words(table: &[u8]) -> u32 {
    table.get(8..).and_then(|rest| rest.first_chunk()).map_or(0, |word| u32::from_le_bytes(*word))
}

/// The bytes of the file that are mapped at an address, by a segment with all of `flags`.
fn loaded<'a>(
    segments: &Segments<'_>,
    bytes: &'a [u8],
    address: u64,
    len: u64,
    flags: u32,
) -> Option<&'a [u8]> {
    let within = |segment: &&ProgramHeader64<LittleEndian>| {
        let at = address.checked_sub(segment.p_vaddr(E));
        let end = at.and_then(|at| at.checked_add(len));
        segment.p_type(E) == PT_LOAD
            && segment.p_flags(E) & flags == flags
            && end.is_some_and(|end| end <= segment.p_filesz(E))
    };
    let segment = segments.iter().find(within)?;
    let start = segment.p_offset(E) + (address - segment.p_vaddr(E));
    bytes.get(usize::try_from(start).ok()?..)?.get(..usize::try_from(len).ok()?)
}

/// The text is what begins at its symbol, and it is mapped to be executed.
fn text<'a>(
    file: &File<'a>,
    segments: &Segments<'_>,
    bytes: &'a [u8],
    len: u64,
) -> Result<SharedText<'a>, LoadError> {
    let is_text = |symbol: &object::read::elf::ElfSymbol64<'_, '_, LittleEndian>| {
        symbol.name_bytes() == Ok(artifact::TEXT_SYMBOL.as_bytes())
    };
    let symbol = file.dynamic_symbols().find(is_text).ok_or(LoadError::NotAnArtifact)?;
    let address = symbol.address();
    match loaded(segments, bytes, address, len, PF_X) {
        Some(bytes) => Ok(SharedText { address, bytes }),
        None => refuse("it does not map its text as code"),
    }
}
