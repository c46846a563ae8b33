//! Reading objects: what is taken from the ELF file, and its relocation.

use super::{LoadError, LoadOptions};
use object::elf::{EM_X86_64, ET_REL, R_X86_64_PC32, R_X86_64_PLT32};
use object::read::elf::{ElfFile64, FileHeader};
use object::{LittleEndian, Object as _, ObjectSection, ObjectSymbol, RelocationFlags, RelocationTarget};
use trapline_abi::artifact::{self, Header, Manifest, TextRelocation};

/// What an object consists of, its content hash verified if it has to be.
#[derive(Debug)]
pub(super) struct Object<'a> {
    /// The code, not relocated.
    pub(super) text: &'a [u8],
    /// The calls within the code, by ascending offset.
    pub(super) relocations: Vec<TextRelocation>,
    /// The manifest; not checked against anything yet.
    pub(super) manifest: Manifest,
    /// The bytes of the data segments.
    pub(super) data: &'a [u8],
    /// An object that describes the code to debuggers, which may be the object itself.
    pub(super) debug_image: Option<&'a [u8]>,
}

impl<'a> Object<'a> {
    /// Takes an object file apart.
    ///
    /// # Errors
    ///
    /// When it is not an object that this build of trapline can have written, or is damaged.
    pub(super) fn parse(bytes: &'a [u8], options: LoadOptions) -> Result<Self, LoadError> {
        let file = ElfFile64::<LittleEndian>::parse(bytes).map_err(LoadError::Elf)?;
        let header = file.elf_header();
        if header.e_type(LittleEndian) != ET_REL || header.e_machine(LittleEndian) != EM_X86_64 {
            return Err(LoadError::WrongKind);
        }
        let own = file.section_by_name(artifact::SECTION).ok_or(LoadError::NotAnArtifact)?;
        let (header, manifest, data) = Header::parse(own.data().map_err(LoadError::Elf)?)?;
        let (text, relocations) = match file.section_by_name(".text") {
            None => (&[][..], Vec::new()),
            Some(section) => (section.data().map_err(LoadError::Elf)?, relocations(&file, &section)?),
        };
        options.check(header.content_hash, text, &relocations, manifest, data)?;
        options.check_frame(header.frame_hash, bytes)?;
        // What is in such a section is for debuggers; the runtime makes no use of it, and no hash covers it.
        let debug_image = file.section_by_name(".debug_info").map(|_| bytes);
        let manifest = artifact::decode_manifest(manifest)?;
        Ok(Object { text, relocations, manifest, data, debug_image })
    }
}

/// The relocations of the text: each has to be a call to a place in the text.
fn relocations<'a>(
    file: &ElfFile64<'a, LittleEndian>,
    text: &object::read::elf::ElfSection64<'a, '_, LittleEndian>,
) -> Result<Vec<TextRelocation>, LoadError> {
    let mut relocations = Vec::new();
    for (offset, relocation) in text.relocations() {
        let refuse = |reason| LoadError::BadRelocation { offset, reason };
        match relocation.flags() {
            RelocationFlags::Elf { r_type: R_X86_64_PLT32 | R_X86_64_PC32 } => {}
            _ => return Err(refuse("its kind is not that of a near call")),
        }
        let RelocationTarget::Symbol(symbol) = relocation.target() else {
            return Err(refuse("it names no symbol"));
        };
        let symbol = file.symbol_by_index(symbol).map_err(|_| refuse("its symbol does not exist"))?;
        if symbol.section_index() != Some(text.index()) {
            return Err(refuse("its symbol is not in the text"));
        }
        // The field holds symbol + addend - place, and the processor adds it to the address behind
        // the field: the call goes to symbol + addend + 4.
        let behind = symbol.address().checked_add(FIELD);
        let target = behind.and_then(|behind| behind.checked_add_signed(relocation.addend()));
        let target = target.filter(|&target| target < text.size());
        let target = target.ok_or_else(|| refuse("its target is outside the text"))?;
        if offset.checked_add(FIELD).is_none_or(|end| end > text.size()) {
            return Err(refuse("it is outside the text"));
        }
        let narrow = |value: u64| u32::try_from(value).map_err(|_| refuse("the text exceeds 4 GiB"));
        relocations.push(TextRelocation { offset: narrow(offset)?, target: narrow(target)? });
    }
    if !relocations.is_sorted() {
        relocations.sort_unstable();
    }
    for pair in relocations.windows(2) {
        if u64::from(pair[1].offset) < u64::from(pair[0].offset) + FIELD {
            return Err(LoadError::BadRelocation {
                offset: pair[1].offset.into(),
                reason: "it overlaps the one before it",
            });
        }
    }
    Ok(relocations)
}

/// Bytes of the field that a relocation fills.
pub(super) const FIELD: u64 = 4;

/// Writes the distances of calls into a text. Fields are at any alignment.
///
/// # Errors
///
/// When a field is outside the text or a distance does not fit.
pub(super) fn relocate(text: &mut [u8], relocations: &[TextRelocation]) -> Result<(), LoadError> {
    for &TextRelocation { offset, target } in relocations {
        let refuse = |reason| LoadError::BadRelocation { offset: offset.into(), reason };
        let distance = i64::from(target) - (i64::from(offset) + FIELD as i64);
        let distance = i32::try_from(distance).map_err(|_| refuse("the call is too far"))?;
        let field = text
            .get_mut(offset as usize..)
            .and_then(|rest| rest.first_chunk_mut())
            .ok_or_else(|| refuse("it is outside the text"))?;
        *field = distance.to_le_bytes();
    }
    Ok(())
}
