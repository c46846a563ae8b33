//! Reading shared objects that a linker has made of an artefact. Opening one hands it to the dynamic
//! linker, which believes what it reads: so all that it would act upon is looked at before.

use super::elf::{FIELD, Object};
use super::segments::{Segment, Segments, refuse};
use super::{LoadError, LoadOptions};
use object::elf::{EM_X86_64, ET_DYN, PF_X};
use object::read::elf::{ElfFile64, FileHeader};
use object::{LittleEndian, Object as _, ObjectSection, ObjectSymbol};
use trapline_abi::artifact::{self, Header, Manifest, TextRelocation};

/// What a shared object made from an artefact by a linker says of itself.
#[derive(Debug)]
pub(super) struct Shared<'a> {
    /// The manifest; not checked against anything but its hash yet.
    manifest: Manifest,
    /// The bytes of the data segments.
    data: &'a [u8],
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
    /// The program headers of the object.
    pub(super) segments: &'a [Segment],
}

type File<'a> = ElfFile64<'a, LittleEndian>;

const E: LittleEndian = LittleEndian;

impl<'a> Shared<'a> {
    /// Finds the artefact and its text in a shared object, and refuses one with which the dynamic linker would do more
    /// than to map it.
    ///
    /// # Errors
    ///
    /// When it is not a shared object of this machine, or holds no artefact of this build or a damaged one.
    pub(super) fn parse(bytes: &'a [u8], options: LoadOptions) -> Result<Self, LoadError> {
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
            0 => SharedText { address: 0, bytes: &[], segments: &[] },
            len => text(&file, Segments::parse(header, bytes)?, len.into())?,
        };
        let original = unrelocated(text.bytes, &manifest.relocations)?;
        options.check(own.content_hash, &original, &manifest.relocations, encoded, data)?;
        Ok(Shared { manifest, data, text })
    }

    /// The artefact that the linker was given, its text relocated.
    pub(super) fn into_object(self) -> Object<'a> {
        let relocations = self.manifest.relocations.clone();
        Object {
            text: self.text.bytes,
            relocations,
            manifest: self.manifest,
            data: self.data,
            debug_image: None,
        }
    }
}

/// Undoes the relocation of a text.
///
/// # Errors
///
/// When a field does not hold the distance of its call.
fn unrelocated(text: &[u8], relocations: &[TextRelocation]) -> Result<Vec<u8>, LoadError> {
    let mut original = text.to_vec();
    for &TextRelocation { offset, target } in relocations {
        let refuse = |reason| LoadError::BadRelocation { offset: offset.into(), reason };
        let rest = original.get_mut(offset as usize..);
        let field: &mut [u8; FIELD as usize] =
            rest.and_then(|rest| rest.first_chunk_mut()).ok_or_else(|| refuse("it is outside the text"))?;
        let wanted = i64::from(target) - (i64::from(offset) + FIELD as i64);
        if i64::from(i32::from_le_bytes(*field)) != wanted {
            return Err(refuse("the linker has resolved it to another place"));
        }
        *field = [0; FIELD as usize];
    }
    Ok(original)
}

/// The text is what begins at its symbol, and it is mapped to be executed.
fn text<'a>(file: &File<'a>, segments: Segments<'a>, len: u64) -> Result<SharedText<'a>, LoadError> {
    let is_text = |symbol: &object::read::elf::ElfSymbol64<'_, '_, LittleEndian>| {
        symbol.name_bytes() == Ok(artifact::TEXT_SYMBOL.as_bytes())
    };
    let symbol = file.dynamic_symbols().find(is_text).ok_or(LoadError::NotAnArtifact)?;
    let address = symbol.address();
    match segments.loaded(address, len, PF_X) {
        Some(bytes) => Ok(SharedText { address, bytes, segments: segments.headers() }),
        None => refuse("it does not map its text as code"),
    }
}
