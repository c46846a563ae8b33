//! The artefact: an ELF object whose section [`SECTION`] says what its code is.
//!
//! The section holds a fixed [`Header`], then the [`Manifest`] in postcard encoding, then the bytes
//! of all data segments. Nothing in it may be trusted before [`Header::parse`] and the content hash
//! have been checked, and every offset in it is checked again where it is used.

use crate::{FuncKey, FunctionRecord, ModuleInfo, abi_hash};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// The ELF section that carries header, manifest and data.
pub const SECTION: &str = ".trapline";
/// The symbol at the start of the text: the only one that a shared object made from an artefact
/// exports.
pub const TEXT_SYMBOL: &str = "trapline_text";
/// The first bytes of the section.
pub const MAGIC: [u8; 8] = *b"trapline";
/// The version of the format. Any change of what is encoded here raises it.
pub const VERSION: u32 = 4;

/// Everything about an artefact but its code and the bytes of its data segments.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// How the code was made, as far as the runtime must know.
    pub target: Target,
    /// The BLAKE3 hash of the WebAssembly binary that was compiled.
    pub wasm_hash: [u8; 32],
    /// The module.
    pub module: ModuleInfo,
    /// The compiled functions by ascending key, which is also the order of their code.
    pub functions: Vec<FunctionRecord>,
    /// Bytes of the text.
    pub text_len: u32,
    /// The calls within the text, by ascending offset. What has been linked into a shared object
    /// has no other record of them.
    pub relocations: Vec<TextRelocation>,
}

impl Manifest {
    /// The record of a function, if the artefact holds its code.
    pub fn function(&self, key: FuncKey) -> Option<&FunctionRecord> {
        let at = self.functions.binary_search_by_key(&key, |record| record.key).ok()?;
        Some(&self.functions[at])
    }
}

/// What compiled code expects of the machine and of the runtime.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Target {
    /// The architecture, as in a target triple.
    pub architecture: String,
    /// Processor features that the code uses beyond the architecture's baseline, by the names of
    /// `std::arch::is_x86_feature_detected!`, sorted.
    pub cpu_features: Vec<String>,
    /// How accesses to 32-bit memories are kept within bounds.
    pub memory_style: MemoryStyle,
    /// The optimisation level, for people.
    pub opt_level: String,
}

/// How compiled code keeps accesses to a memory within bounds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum MemoryStyle {
    /// By address space: a 32-bit memory lies in a reservation of [`GUARDED_RESERVATION`] bytes, of
    /// which only its current size is accessible. Accesses whose constant offset is at most
    /// [`GUARDED_MAX_OFFSET`] are not checked; they fault. Memories with 64-bit addresses or pages
    /// of another size than 64 KiB are checked all the same.
    Guarded,
    /// By comparing every address with the current size.
    Checked,
}

impl fmt::Display for MemoryStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MemoryStyle::Guarded => "guarded",
            MemoryStyle::Checked => "checked",
        })
    }
}

/// Bytes of address space that a guarded memory owns: 4 GiB that an index can reach, and 2 GiB more
/// for constant offsets.
pub const GUARDED_RESERVATION: u64 = 6 << 30;
/// The largest constant offset (plus access size) for which code relies on the reservation.
pub const GUARDED_MAX_OFFSET: u64 = GUARDED_RESERVATION - (4 << 30);

/// The fixed-size start of the section.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// Bytes of the encoded manifest.
    pub manifest_len: u32,
    /// Bytes of the data part.
    pub data_len: u32,
    /// The hash of the content, see [`content_hash`].
    pub content_hash: [u8; 32],
    /// The hash of an object's frame, see [`crate::frame_hash`]. Of a shared object it is that of the object that it was
    /// linked from.
    pub frame_hash: [u8; 32],
}

/// Why bytes were refused as an artefact of this build of trapline.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ArtifactError {
    /// The section is shorter than what it must hold.
    #[error("the {SECTION} section is truncated: {found} bytes where {wanted} are needed")]
    Truncated {
        /// Bytes that are there.
        found: u64,
        /// Bytes that would have to be there.
        wanted: u64,
    },
    /// The section does not start with the magic bytes.
    #[error("the {SECTION} section does not start with the magic bytes of an artefact")]
    BadMagic,
    /// The format is of another version.
    #[error("the artefact has format version {0}; this build reads version {VERSION}")]
    BadVersion(u32),
    /// The code was compiled against other layouts or builtins.
    #[error(
        "the artefact was compiled for another ABI: its ABI hash is {found:016x}, this build has {wanted:016x}"
    )]
    BadAbi {
        /// The hash found.
        found: u64,
        /// The hash of this build.
        wanted: u64,
    },
    /// The content is not what was written.
    #[error("the artefact is corrupted: its content does not match its hash")]
    BadHash,
    /// The manifest cannot be decoded.
    #[error("the artefact's manifest cannot be decoded: {0}")]
    BadManifest(postcard::Error),
}

impl Header {
    /// Bytes of an encoded header.
    pub const SIZE: usize = Self::FRAME_HASH.end;

    const CONTENT_HASH: Range<usize> = 28..28 + 32;
    /// Where the hash of the frame is within an encoded header.
    pub(crate) const FRAME_HASH: Range<usize> = Self::CONTENT_HASH.end..Self::CONTENT_HASH.end + 32;

    /// The header as bytes.
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut out = [0; Self::SIZE];
        out[..8].copy_from_slice(&MAGIC);
        out[8..12].copy_from_slice(&VERSION.to_le_bytes());
        out[12..20].copy_from_slice(&abi_hash().to_le_bytes());
        out[20..24].copy_from_slice(&self.manifest_len.to_le_bytes());
        out[24..28].copy_from_slice(&self.data_len.to_le_bytes());
        out[Self::CONTENT_HASH].copy_from_slice(&self.content_hash);
        out[Self::FRAME_HASH].copy_from_slice(&self.frame_hash);
        out
    }

    /// Reads the header of a section, and splits the rest into manifest and data.
    ///
    /// # Errors
    ///
    /// When magic, version or ABI hash are not this build's, or the section is too short. The
    /// content hash is not checked here.
    pub fn parse(section: &[u8]) -> Result<(Header, &[u8], &[u8]), ArtifactError> {
        let found = section.len() as u64;
        let Some((header, rest)) = section.split_first_chunk::<{ Self::SIZE }>() else {
            return Err(ArtifactError::Truncated { found, wanted: Self::SIZE as u64 });
        };
        let u32_at =
            |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        if header[..8] != MAGIC {
            return Err(ArtifactError::BadMagic);
        }
        if u32_at(8) != VERSION {
            return Err(ArtifactError::BadVersion(u32_at(8)));
        }
        let abi = u64::from(u32_at(12)) | u64::from(u32_at(16)) << 32;
        if abi != abi_hash() {
            return Err(ArtifactError::BadAbi { found: abi, wanted: abi_hash() });
        }
        let (mut content_hash, mut frame_hash) = ([0; 32], [0; 32]);
        content_hash.copy_from_slice(&header[Self::CONTENT_HASH]);
        frame_hash.copy_from_slice(&header[Self::FRAME_HASH]);
        let parsed = Header { manifest_len: u32_at(20), data_len: u32_at(24), content_hash, frame_hash };
        let wanted = Self::SIZE as u64 + u64::from(parsed.manifest_len) + u64::from(parsed.data_len);
        if found < wanted {
            return Err(ArtifactError::Truncated { found, wanted });
        }
        let (manifest, rest) = rest.split_at(parsed.manifest_len as usize);
        Ok((parsed, manifest, &rest[..parsed.data_len as usize]))
    }
}

/// Encodes a manifest.
///
/// # Errors
///
/// When the encoder refuses it, which it does for no manifest that a compilation can make.
pub fn encode_manifest(manifest: &Manifest) -> Result<Vec<u8>, ArtifactError> {
    postcard::to_stdvec(manifest).map_err(ArtifactError::BadManifest)
}

/// Decodes a manifest.
///
/// # Errors
///
/// When the bytes are not the encoding of a manifest, or have something behind it.
pub fn decode_manifest(bytes: &[u8]) -> Result<Manifest, ArtifactError> {
    match postcard::take_from_bytes(bytes) {
        Ok((manifest, [])) => Ok(manifest),
        Ok(_) => Err(ArtifactError::BadManifest(postcard::Error::SerdeDeCustom)),
        Err(error) => Err(ArtifactError::BadManifest(error)),
    }
}

/// A call within the text that the loader has to resolve.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct TextRelocation {
    /// Where the 32-bit distance to the callee is to be written, in bytes from the start of the
    /// text.
    pub offset: u32,
    /// The start of the callee, in bytes from the start of the text.
    pub target: u32,
}

/// The hash that guards an artefact against corruption: BLAKE3 of text (before relocation),
/// relocations by ascending offset, encoded manifest and data, each preceded by its length. What describes code to
/// debuggers, symbols, frames and DWARF, is not covered: nothing that runs depends on it.
pub fn content_hash(text: &[u8], relocations: &[TextRelocation], manifest: &[u8], data: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for part in [text, manifest, data] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.update(&(relocations.len() as u64).to_le_bytes());
    for relocation in relocations {
        let pair = u64::from(relocation.offset) | u64::from(relocation.target) << 32;
        hasher.update(&pair.to_le_bytes());
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section() -> Vec<u8> {
        let header = Header { manifest_len: 3, data_len: 2, content_hash: [7; 32], frame_hash: [8; 32] };
        let mut bytes = header.encode().to_vec();
        bytes.extend_from_slice(b"mandt");
        bytes
    }

    #[test]
    fn header_survives_a_round_trip() {
        let bytes = section();
        let (header, manifest, data) = Header::parse(&bytes).unwrap();
        assert_eq!(header.content_hash, [7; 32]);
        assert_eq!(header.frame_hash, [8; 32]);
        assert_eq!((manifest, data), (&b"man"[..], &b"dt"[..]));
    }

    #[test]
    fn each_part_of_the_header_is_checked() {
        let with = |at: usize| {
            let mut bytes = section();
            bytes[at] ^= 0xff;
            Header::parse(&bytes).map(|_| ()).unwrap_err()
        };
        assert_eq!(with(0), ArtifactError::BadMagic);
        assert!(matches!(with(8), ArtifactError::BadVersion(_)));
        assert!(matches!(with(12), ArtifactError::BadAbi { .. }));
        assert!(matches!(with(16), ArtifactError::BadAbi { .. }));
        assert!(matches!(with(23), ArtifactError::Truncated { .. }));
        assert!(matches!(with(27), ArtifactError::Truncated { .. }));
    }

    #[test]
    fn every_truncation_is_noticed() {
        let bytes = section();
        for len in 0..bytes.len() {
            let error = Header::parse(&bytes[..len]).map(|_| ()).unwrap_err();
            assert!(matches!(error, ArtifactError::Truncated { .. }), "{len}: {error}");
        }
    }

    #[test]
    fn content_hash_sees_every_part() {
        let relocation = TextRelocation { offset: 1, target: 2 };
        let base = content_hash(b"text", &[relocation], b"manifest", b"data");
        assert_ne!(base, content_hash(b"tex", &[relocation], b"manifest", b"data"));
        assert_ne!(base, content_hash(b"text", &[], b"manifest", b"data"));
        assert_ne!(base, content_hash(b"text", &[relocation], b"manifes", b"tdata"));
        assert_ne!(base, content_hash(b"text", &[relocation], b"manifest", b"dat"));
    }

    #[test]
    fn trap_numbers_survive_a_round_trip() {
        use crate::{Trap, TrapCode};
        let codes = Trap::ALL.iter().copied().map(TrapCode::Trap).chain([TrapCode::Pending]);
        for code in codes {
            assert!((1..=250).contains(&code.as_u8()));
            assert_eq!(TrapCode::from_u8(code.as_u8()), Some(code));
        }
    }
}
