//! The frame of an object file: all of it that the content hash does not cover, but for what only debuggers and linkers
//! read.

use crate::artifact::{Header, SECTION};
use std::ops::Range;

/// Where an ELF header of 64 bits keeps the offset, the number and the name section of section headers.
const TABLE_OFFSET: usize = 0x28;
const TABLE_LEN: usize = 0x3c;
const NAMES_INDEX: usize = 0x3e;
/// Bytes of a section header.
const ENTRY: usize = 64;
/// The type of sections without bytes in the file.
const NOBITS: u32 = 8;

/// A hash of an object file's frame: every byte outside of the sections that the content hash covers (the text and the
/// artefact's own) and of those that describe code to debuggers and linkers: symbols with their names, frames and DWARF.
/// So it covers headers, relocations and padding. `None` if the file has no table of sections like that of an ELF file of
/// 64 bits, in little-endian order.
pub fn frame_hash(file: &[u8]) -> Option<[u8; 32]> {
    hash_around(file, &sections(file)?)
}

/// The hash of a file's frame, of which these are the sections.
fn hash_around(file: &[u8], sections: &[(&[u8], Range<usize>)]) -> Option<[u8; 32]> {
    let skipped = sections.iter().filter(|(name, _)| !is_framed(name));
    let mut skipped: Vec<Range<usize>> = skipped.map(|(_, range)| range.clone()).collect();
    skipped.sort_unstable_by_key(|range| range.start);
    let mut hasher = blake3::Hasher::new();
    let mut at = 0;
    for range in skipped {
        hasher.update(file.get(at..range.start.max(at))?);
        at = at.max(range.end);
    }
    hasher.update(file.get(at..)?);
    Some(*hasher.finalize().as_bytes())
}

/// Writes the hash of an object file's frame into the header of its artefact. `None` if the file has no artefact.
pub fn seal(file: &mut [u8]) -> Option<()> {
    let sections = sections(file)?;
    let hash = hash_around(file, &sections)?;
    let (_, own) = sections.into_iter().find(|(name, _)| *name == SECTION.as_bytes())?;
    file[own].get_mut(Header::FRAME_HASH)?.copy_from_slice(&hash);
    Some(())
}

/// Whether the frame's hash covers a section.
fn is_framed(name: &[u8]) -> bool {
    let describes = |name: &[u8]| {
        name.starts_with(b".debug_") || [&b".eh_frame"[..], b".symtab", b".strtab"].contains(&name)
    };
    let relocated = name.strip_prefix(b".rela").unwrap_or_default();
    !describes(name) && !describes(relocated) && name != SECTION.as_bytes() && name != b".text"
}

/// The sections that have bytes in the file, by name.
fn sections(file: &[u8]) -> Option<Vec<(&[u8], Range<usize>)>> {
    let table = usize::try_from(u64_at(file, TABLE_OFFSET)?).ok()?;
    let entry = |index: u16| file.get(table..)?.get(usize::from(index) * ENTRY..)?.get(..ENTRY);
    let range = |entry: &[u8]| {
        let start = usize::try_from(u64_at(entry, 0x18)?).ok()?;
        let range = start..start.checked_add(usize::try_from(u64_at(entry, 0x20)?).ok()?)?;
        (range.end <= file.len()).then_some(range)
    };
    let names = &file[range(entry(u16_at(file, NAMES_INDEX)?)?)?];
    let mut sections = Vec::new();
    for index in 0..u16_at(file, TABLE_LEN)? {
        let entry = entry(index)?;
        if u32_at(entry, 4)? == NOBITS {
            continue;
        }
        let name = names.get(u32_at(entry, 0)? as usize..)?;
        let name = &name[..name.iter().position(|&byte| byte == 0)?];
        // The first entry is not a section; its name is empty, and so is its range.
        sections.push((name, range(entry)?));
    }
    Some(sections)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of an ELF header, sections of eight bytes each, their names, and their headers.
    fn file(names: &[&str]) -> Vec<u8> {
        let mut file = vec![0; 64];
        let mut strings = vec![0];
        let mut entries = vec![[0; ENTRY]];
        let entry = |name: usize, start: usize, len: usize| {
            let mut entry = [0; ENTRY];
            entry[..4].copy_from_slice(&(name as u32).to_le_bytes());
            entry[0x18..0x20].copy_from_slice(&(start as u64).to_le_bytes());
            entry[0x20..0x28].copy_from_slice(&(len as u64).to_le_bytes());
            entry
        };
        for name in names {
            let len = if *name == SECTION { Header::SIZE } else { 8 };
            entries.push(entry(strings.len(), file.len(), len));
            strings.extend(name.bytes().chain([0]));
            file.resize(file.len() + len, 0);
        }
        entries.push(entry(0, file.len(), strings.len()));
        file.extend(strings);
        let table = file.len() as u64;
        file[TABLE_OFFSET..TABLE_OFFSET + 8].copy_from_slice(&table.to_le_bytes());
        file[TABLE_LEN..TABLE_LEN + 2].copy_from_slice(&(entries.len() as u16).to_le_bytes());
        file[NAMES_INDEX..NAMES_INDEX + 2].copy_from_slice(&(entries.len() as u16 - 1).to_le_bytes());
        file.extend(entries.concat());
        file
    }

    #[test]
    fn the_frame_is_what_no_other_hash_covers_and_the_loader_reads() {
        let names =
            [".text", ".rela.text", SECTION, ".symtab", ".strtab", ".eh_frame", ".rela.debug_line", ".x"];
        let covered = [false, true, false, false, false, false, false, true];
        let whole = file(&names);
        let hash = frame_hash(&whole).unwrap();
        let sections = sections(&whole).unwrap();
        for (name, covered) in names.iter().zip(covered) {
            let (_, range) = sections.iter().find(|(found, _)| *found == name.as_bytes()).unwrap();
            let mut changed = whole.clone();
            changed[range.start] ^= 1;
            assert_eq!(frame_hash(&changed) != Some(hash), covered, "{name}");
        }
        for at in (0..64).chain(whole.len() - ENTRY..whole.len()) {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert_ne!(frame_hash(&changed), Some(hash), "{at}");
        }
    }

    #[test]
    fn what_is_sealed_has_the_hash_of_its_frame() {
        let mut sealed = file(&[".text", SECTION]);
        seal(&mut sealed).unwrap();
        let hash = frame_hash(&sealed).unwrap();
        assert_eq!(sealed[64 + 8..][Header::FRAME_HASH], hash);
        assert_eq!(seal(&mut file(&[".text"])), None);
    }

    #[test]
    fn every_truncation_is_refused_or_changes_the_hash() {
        let whole = file(&[".text", SECTION]);
        let hash = frame_hash(&whole);
        for len in 0..whole.len() {
            assert_ne!(frame_hash(&whole[..len]), hash, "{len}");
        }
    }
}
