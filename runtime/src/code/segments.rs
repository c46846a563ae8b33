//! The program headers of a shared object: all that the dynamic linker goes by. Whatever it would do more than to map
//! the file is refused, and so is whatever is not known here.

use super::LoadError;
use object::LittleEndian;
use object::elf::{
    DF_1_NOW, DF_BIND_NOW, DT_FLAGS, DT_FLAGS_1, DT_GNU_HASH, DT_HASH, DT_NULL, DT_STRSZ, DT_STRTAB,
    DT_SYMENT, DT_SYMTAB, Dyn64, FileHeader64, PF_R, PF_W, PF_X, PN_XNUM, PT_DYNAMIC, PT_GNU_EH_FRAME,
    PT_GNU_RELRO, PT_GNU_STACK, PT_LOAD, PT_NOTE, PT_PHDR, ProgramHeader64, Sym64,
};
use object::read::elf::{Dyn, FileHeader, ProgramHeader};

/// The segments of a shared object, which have been looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segments<'a> {
    headers: &'a [Segment],
    bytes: &'a [u8],
}

/// A program header.
pub(super) type Segment = ProgramHeader64<LittleEndian>;

const E: LittleEndian = LittleEndian;

/// Bytes of a page, as the dynamic linker maps them.
const PAGE: u64 = 4096;
/// The largest page that linkers align segments to, in bytes.
const LARGEST_PAGE: u64 = 2 << 20;
/// More program headers than any linker writes for an artefact. The dynamic linker has them on its stack.
const MOST: u16 = 64;

pub(super) fn refuse<T>(reason: &'static str) -> Result<T, LoadError> {
    Err(LoadError::BadSharedObject(reason))
}

impl<'a> Segments<'a> {
    /// Looks at the segments of a file.
    ///
    /// # Errors
    ///
    /// When the dynamic linker would do more with it than to map it.
    pub(super) fn parse(
        header: &FileHeader64<LittleEndian>,
        bytes: &'a [u8],
    ) -> Result<Segments<'a>, LoadError> {
        // If there are too many for this field, `object` looks elsewhere for their number; the dynamic linker does not.
        const _: () = assert!(MOST < PN_XNUM);
        if header.e_phnum(E) > MOST {
            return refuse("it has more program headers than the dynamic linker should read");
        }
        let headers = header.program_headers(E, bytes).map_err(LoadError::Elf)?;
        let segments = Segments { headers, bytes };
        segments.mapped()?;
        for segment in headers {
            segments.known(segment, header)?;
        }
        segments.stack()?;
        segments.dynamic()?;
        Ok(segments)
    }

    /// The program headers as the file has them.
    pub(super) fn headers(&self) -> &'a [Segment] {
        self.headers
    }

    fn of_type(&self, ty: u32) -> impl Iterator<Item = &'a Segment> {
        self.headers.iter().filter(move |segment| segment.p_type(E) == ty)
    }

    /// The bytes of the file that are mapped at an address, by a segment with all of `flags`.
    pub(super) fn loaded(&self, address: u64, len: u64, flags: u32) -> Option<&'a [u8]> {
        let start = self.mapped_from(address, len, flags)?;
        self.bytes.get(usize::try_from(start).ok()?..)?.get(..usize::try_from(len).ok()?)
    }

    /// Where in the file the bytes lie that are mapped at an address.
    fn mapped_from(&self, address: u64, len: u64, flags: u32) -> Option<u64> {
        let within = |segment: &&Segment| {
            let at = address.checked_sub(segment.p_vaddr(E));
            let end = at.and_then(|at| at.checked_add(len));
            segment.p_flags(E) & flags == flags && end.is_some_and(|end| end <= segment.p_filesz(E))
        };
        let segment = self.of_type(PT_LOAD).find(within)?;
        Some(segment.p_offset(E) + (address - segment.p_vaddr(E)))
    }

    /// Whether the memory that a segment describes is the part of the file that it describes: the dynamic linker reads
    /// the memory, others read the file.
    fn is_mapped(&self, segment: &Segment, flags: u32) -> bool {
        let start = self.mapped_from(segment.p_vaddr(E), segment.p_memsz(E), flags);
        start == Some(segment.p_offset(E)) && segment.p_filesz(E) == segment.p_memsz(E)
    }

    /// What is mapped lies one after another, within the file, and nothing can be both written and executed.
    fn mapped(&self) -> Result<(), LoadError> {
        let mut end = 0;
        for segment in self.of_type(PT_LOAD) {
            let (address, in_file, in_memory) = (segment.p_vaddr(E), segment.p_filesz(E), segment.p_memsz(E));
            if address / PAGE < end || address.checked_add(in_memory).is_none() {
                return refuse("its segments overlap");
            }
            end = (address + in_memory).div_ceil(PAGE);
            let file_end = segment.p_offset(E).checked_add(in_file);
            if in_file > in_memory || file_end.is_none_or(|end| end > self.bytes.len() as u64) {
                return refuse("a segment is not within the file");
            }
            // Artefacts have no memory that is not in the file; linkers fill up a page at most.
            if in_memory > in_file + PAGE {
                return refuse("a segment takes up more memory than the file has bytes for it");
            }
            if (segment.p_offset(E) ^ address) % PAGE != 0 {
                return refuse("a segment does not begin where its page does");
            }
            // The dynamic linker rounds to it.
            let alignment = segment.p_align(E);
            if !alignment.is_power_of_two() || !(PAGE..=LARGEST_PAGE).contains(&alignment) {
                return refuse("a segment is aligned to what is not a size of a page");
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

    /// A segment is of a kind that linkers write for artefacts, and says nothing that is not so.
    fn known(&self, segment: &Segment, header: &FileHeader64<LittleEndian>) -> Result<(), LoadError> {
        match segment.p_type(E) {
            // These are looked at together.
            PT_LOAD | PT_GNU_STACK => Ok(()),
            PT_DYNAMIC if !self.is_mapped(segment, PF_W) => {
                refuse("its dynamic section is not mapped as data")
            }
            PT_GNU_RELRO if !self.is_data(segment) => refuse("it protects what is not its data"),
            PT_PHDR if !self.is_mapped(segment, 0) || !is_table(segment, header) => {
                refuse("it says that its program headers are elsewhere")
            }
            PT_NOTE | PT_GNU_EH_FRAME if !self.is_mapped(segment, 0) => refuse("a segment is not mapped"),
            // The dynamic linker takes such notes for properties of the code, and believes the sizes in them.
            PT_NOTE if segment.p_align(E) != 4 => refuse("it has notes for the dynamic linker"),
            PT_DYNAMIC | PT_GNU_RELRO | PT_PHDR | PT_NOTE | PT_GNU_EH_FRAME => Ok(()),
            _ => refuse("it has a segment of an unknown kind"),
        }
    }

    /// Whether memory is all in one writable segment: what becomes read-only after relocation must be.
    fn is_data(&self, segment: &Segment) -> bool {
        let end = |segment: &Segment| segment.p_vaddr(E).checked_add(segment.p_memsz(E));
        self.of_type(PT_LOAD).filter(|loaded| loaded.p_flags(E) & PF_W != 0).any(|loaded| {
            // The last page is mapped whole.
            let ends_within = end(segment)
                .zip(end(loaded))
                .is_some_and(|(end, loaded)| end.div_ceil(PAGE) <= loaded.div_ceil(PAGE));
            loaded.p_vaddr(E) <= segment.p_vaddr(E) && ends_within
        })
    }

    /// An object that says nothing gets executable stacks, and all others of the process with it.
    fn stack(&self) -> Result<(), LoadError> {
        let mut found = self.of_type(PT_GNU_STACK);
        match (found.next(), found.next()) {
            (Some(stack), None) if stack.p_flags(E) & PF_X == 0 => Ok(()),
            _ => refuse("it does not say that stacks are not executable"),
        }
    }

    /// The dynamic linker finds symbols and nothing else: no code to run, no library to open, nothing to relocate.
    fn dynamic(&self) -> Result<(), LoadError> {
        let mut found = self.of_type(PT_DYNAMIC);
        let (Some(segment), None) = (found.next(), found.next()) else {
            return refuse("it has no dynamic section, or several");
        };
        // The dynamic linker notes addresses in it, where it is mapped.
        let Some(section) = self.loaded(segment.p_vaddr(E), segment.p_memsz(E), PF_W) else {
            return refuse("its dynamic section is not mapped as data");
        };
        let Ok(entries) = object::pod::slice_from_all_bytes::<Dyn64<LittleEndian>>(section) else {
            return refuse("its dynamic section is not a list of entries");
        };
        let end = entries.iter().position(|entry| entry.d_tag(E) == DT_NULL);
        let Some(end) = end else { return refuse("its dynamic section has no end") };
        for needed in [DT_STRTAB, DT_SYMTAB] {
            if !entries[..end].iter().any(|entry| entry.d_tag(E) == needed) {
                return refuse("its dynamic section lacks a table");
            }
        }
        entries[..end].iter().try_for_each(|entry| self.entry(entry.d_tag(E), entry.d_val(E)))
    }

    /// An entry of the dynamic section names a table that is mapped, or says how the table is read.
    fn entry(&self, tag: i64, value: u64) -> Result<(), LoadError> {
        let needed = match (tag, value) {
            (DT_GNU_HASH, _) => GNU_HASH_HEADER,
            (DT_HASH, _) => HASH_HEADER,
            (DT_STRTAB | DT_SYMTAB, _) => 1,
            (DT_STRSZ, _) | (DT_SYMENT, SYMBOL) => return Ok(()),
            // Whether symbols are looked up at once: there are none to look up.
            (DT_FLAGS, flags) if flags & !u64::from(DF_BIND_NOW) == 0 => return Ok(()),
            (DT_FLAGS_1, flags) if flags & !u64::from(DF_1_NOW) == 0 => return Ok(()),
            _ => return refuse("the dynamic linker would do more with it than to map it"),
        };
        let Some(table) = self.loaded(value, needed, 0) else {
            return refuse("a table of symbols is not mapped");
        };
        // The C library ends the process over this.
        if tag == DT_GNU_HASH && !bloom_words(table).is_power_of_two() {
            return refuse("its hash table is damaged");
        }
        Ok(())
    }
}

/// Whether a segment is the table of program headers.
fn is_table(segment: &Segment, header: &FileHeader64<LittleEndian>) -> bool {
    let size = u64::from(header.e_phnum(E)) * size_of::<Segment>() as u64;
    segment.p_offset(E) == header.e_phoff(E) && segment.p_memsz(E) == size
}

/// Bytes of the header of a GNU hash table: four words of 32 bits.
const GNU_HASH_HEADER: u64 = 16;
/// Bytes of the header of a hash table: two words of 32 bits.
const HASH_HEADER: u64 = 8;
/// Bytes of a symbol.
const SYMBOL: u64 = size_of::<Sym64<LittleEndian>>() as u64;

/// The size of the filter of a GNU hash table, which its header's third word says.
fn bloom_words(table: &[u8]) -> u32 {
    table.get(8..).and_then(|rest| rest.first_chunk()).map_or(0, |word| u32::from_le_bytes(*word))
}
