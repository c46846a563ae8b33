//! Reads back what calls have changed in exported memories, and what a trap must not have written.

use crate::module_script::{memory_type, quoted};
use crate::trail::{EXPORTED_MEMORY_BYTES, ExportKind, MemoryState, PAGE_BYTES, State, exported_name};
use std::collections::{BTreeMap, BTreeSet};
use trapline_abi::{EntityIndex, Extent, IndexType, MemoryType, ModuleInfo, TrapDetail};

/// Words at each end of what has changed that are read back if they are many. All of it goes into a sum then.
const EACH: usize = 8;
/// Bytes of a memory that such a sum is made of at most: it runs on interpreters, too.
const SUMMED: u64 = 1 << 20;
/// Bytes in a word.
const WORD: u64 = 8;
const PAGE: u64 = PAGE_BYTES as u64;

/// The exported memories of the instance whose functions were called.
pub(super) struct Memories<'a> {
    pub(super) info: &'a ModuleInfo,
    /// The number of the instance, in the order of instantiation.
    pub(super) instance: usize,
    /// What instances export before and after the calls.
    pub(super) states: &'a [Option<State>],
    /// The same on an engine whose NaNs are canonical.
    pub(super) canonical: Option<&'a [Option<State>]>,
    /// Where instructions that trapped would have written: the index of the memory, and the address.
    pub(super) reached: Vec<(u32, u64)>,
}

/// A word of a memory, or what is left of one at the memory's end.
struct Word {
    address: u64,
    bytes: Vec<u8>,
}

/// A sum of bytes of a memory.
struct Sum {
    from: u64,
    to: u64,
    value: u64,
}

/// What is to be read back of a memory.
struct Found {
    words: Vec<Word>,
    /// The sum of all bytes from the first word to the last, if only some words are read back.
    sum: Option<Sum>,
    /// Words that are not read back because there are many.
    left_out: usize,
    /// Words that are not read back because they depend on the bits of NaNs.
    open: usize,
    /// The size in pages, if the calls have changed it.
    pages: Option<u64>,
    /// Whether the memory is longer than what is looked at.
    beyond: bool,
}

/// Where an instruction that trapped would have written.
pub(super) fn reached(detail: &TrapDetail) -> Option<(u32, u64)> {
    let at = |memory: &Extent, address: u64| Some((memory.index, address));
    match detail {
        TrapDetail::MemoryAccess { memory, index: Some(index), offset, .. } => {
            at(memory, index.checked_add(*offset)?)
        }
        TrapDetail::MemoryInit { memory, dst, .. } | TrapDetail::MemoryFill { memory, dst, .. } => {
            at(memory, *dst)
        }
        TrapDetail::MemoryCopy { dst_memory, dst, .. } => at(dst_memory, *dst),
        // The others write to no memory.
        _ => None,
    }
}

impl Memories<'_> {
    /// Appends what reads the memories back, and says what that is and what is left out.
    pub(super) fn read(&self, text: &mut String, read_back: &mut Vec<String>, notes: &mut Vec<String>) {
        let mut exports: BTreeMap<u32, &str> = BTreeMap::new();
        for export in &self.info.exports {
            if let EntityIndex::Memory(memory) = export.index {
                exports.entry(memory.as_u32()).or_insert(&export.name);
            }
        }
        // What stands in for an import keeps its name.
        let mut module = "read-back".to_owned();
        while self.info.imports.iter().any(|import| import.module == module) {
            module.push('-');
        }
        let mut registered = false;
        for (index, ty) in (0..).zip(&self.info.memories) {
            let Some(&export) = exports.get(&index) else {
                notes.push(format!("memory {index} is not read back: it is not exported"));
                continue;
            };
            let name = quoted(export);
            let Some(found) = self.found(index, export, ty) else {
                notes.push(format!(
                    "the memory {name} is not read back: the calls have left no state to look at"
                ));
                continue;
            };
            if found.beyond {
                let mib = EXPORTED_MEMORY_BYTES >> 20;
                notes.push(format!("the memory {name} is looked at up to {mib} MiB only"));
            }
            if found.left_out > 0 {
                notes.push(format!("{} more words of the memory {name} are not read back", found.left_out));
            }
            if found.open > 0 {
                notes.push(format!(
                    "words of the memory {name} that depend on the bits of NaNs are not read back: {}",
                    found.open
                ));
            }
            if found.words.is_empty() && found.pages.is_none() {
                if found.open == 0 {
                    notes.push(format!(
                        "nothing of the memory {name} is read back: the calls have not changed it"
                    ));
                }
                continue;
            }
            if !registered {
                text.push_str(&format!("\n(register {})\n", quoted(&module)));
                registered = true;
            }
            found.write(text, &module, export, ty);
            read_back.push(found.described(&name));
        }
    }

    /// What is to be read back of one memory; `None` if it was not seen.
    fn found(&self, index: u32, export: &str, ty: &MemoryType) -> Option<Found> {
        let name = exported_name(ExportKind::Memory, export, self.instance);
        let seen = |states: &'_ [Option<State>]| -> Option<[MemoryState; 2]> {
            let [Some(before), Some(after)] = states else { return None };
            let memory = |state: &State| state.memories.iter().find(|memory| memory.name == name).cloned();
            Some([memory(before)?, memory(after)?])
        };
        let [before, after] = seen(self.states)?;
        let mut addresses = changed(&before, &after);
        let shown = after.len.min(EXPORTED_MEMORY_BYTES);
        let reached = self.reached.iter().filter(|(memory, _)| *memory == index);
        for &(_, address) in reached {
            // What fits of a write that does not fit lies before the end.
            let words = [address, after.len.saturating_sub(1)];
            addresses.extend(words.into_iter().filter(|&at| at < shown).map(|at| at / WORD * WORD));
        }
        let canonical = self.canonical.and_then(seen);
        let words = addresses.into_iter().map(|address| word(&after, address));
        let (words, open): (Vec<Word>, Vec<Word>) = words.partition(|found| match &canonical {
            Some([_, other]) => word(other, found.address).bytes == found.bytes,
            None => true,
        });
        let pages = (before.len != after.len).then(|| after.len >> ty.page_size_log2);
        let beyond = after.len > EXPORTED_MEMORY_BYTES;
        let mut found = Found { words, sum: None, left_out: 0, open: open.len(), pages, beyond };
        if found.words.len() > 2 * EACH {
            found.shorten(&after);
        }
        Some(found)
    }
}

/// The addresses of the words that are not the same.
fn changed(before: &MemoryState, after: &MemoryState) -> BTreeSet<u64> {
    let pages: BTreeSet<u64> = before.pages.keys().chain(after.pages.keys()).copied().collect();
    let differing = pages.into_iter().filter(|page| before.pages.get(page) != after.pages.get(page));
    let words = differing.flat_map(|page| (page * PAGE..(page + 1) * PAGE).step_by(WORD as usize));
    words.filter(|&at| at < after.len).filter(|&at| word(before, at).bytes != word(after, at).bytes).collect()
}

/// A word, whose bytes are zero where the state has no page.
fn word(memory: &MemoryState, address: u64) -> Word {
    let len = memory.len.saturating_sub(address).min(WORD);
    let page = memory.pages.get(&(address / PAGE));
    let byte = |at: u64| page.and_then(|page| page.get((at % PAGE) as usize)).copied().unwrap_or(0);
    Word { address, bytes: (address..address + len).map(byte).collect() }
}

/// The FNV-1a hash of 64 bits, which a short loop of WebAssembly computes.
fn sum(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

impl Found {
    /// Leaves the words at both ends, and has a sum for what is between, if that is decided and not too large.
    fn shorten(&mut self, memory: &MemoryState) {
        let between = self.words.drain(EACH..self.words.len() - EACH).count();
        let (Some(first), Some(last)) = (self.words.first(), self.words.last()) else { return };
        let (from, to) = (first.address, last.address + last.bytes.len() as u64);
        if self.open > 0 || to - from > SUMMED {
            self.left_out = between;
            return;
        }
        let bytes = (from..to).step_by(WORD as usize).flat_map(|at| word(memory, at).bytes);
        self.sum = Some(Sum { from, to, value: sum(bytes) });
    }

    /// Appends a module that imports the memory, and what it reads.
    fn write(&self, text: &mut String, module: &str, export: &str, ty: &MemoryType) {
        let index = match ty.index {
            IndexType::I32 => "i32",
            IndexType::I64 => "i64",
        };
        let mut functions = String::new();
        let mut assertions = String::new();
        let (mut whole, mut single) = (false, false);
        for Word { address, bytes } in &self.words {
            match <[u8; WORD as usize]>::try_from(&bytes[..]) {
                Ok(bytes) => {
                    whole = true;
                    let value = u64::from_le_bytes(bytes);
                    assertions.push_str(&format!(
                        "(assert_return (invoke \"i64\" ({index}.const {address})) (i64.const {value:#018x}))\n"
                    ));
                }
                Err(_) => {
                    single = true;
                    for (at, byte) in (*address..).zip(bytes) {
                        assertions.push_str(&format!(
                            "(assert_return (invoke \"i8\" ({index}.const {at})) (i32.const {byte:#04x}))\n"
                        ));
                    }
                }
            }
        }
        if whole {
            functions.push_str(&format!(
                "\n  (func (export \"i64\") (param {index}) (result i64) (i64.load (local.get 0)))"
            ));
        }
        if single {
            functions.push_str(&format!(
                "\n  (func (export \"i8\") (param {index}) (result i32) (i32.load8_u (local.get 0)))"
            ));
        }
        if let Some(Sum { from, to, value }) = self.sum {
            functions.push_str(&sum_function(index));
            assertions.push_str(&format!(
                "(assert_return (invoke \"sum\" ({index}.const {from}) ({index}.const {to})) (i64.const {value:#018x}))\n"
            ));
        }
        if let Some(pages) = self.pages {
            functions.push_str(&format!("\n  (func (export \"size\") (result {index}) (memory.size))"));
            assertions.push_str(&format!("(assert_return (invoke \"size\") ({index}.const {pages}))\n"));
        }
        text.push_str(&format!(
            "(module\n  (memory (import {} {}){}){functions})\n{assertions}",
            quoted(module),
            quoted(export),
            memory_type(ty)
        ));
    }

    /// What is read back, in words.
    fn described(&self, name: &str) -> String {
        let words = match self.words.len() {
            0 => None,
            1 => Some("1 word".to_owned()),
            count => Some(format!("{count} words")),
        };
        let sum = self.sum.as_ref().map(|Sum { from, to, .. }| format!("a sum of {} bytes", to - from));
        let size = self.pages.map(|_| "the size".to_owned());
        let parts: Vec<String> = words.into_iter().chain(sum).chain(size).collect();
        format!("{} of the memory {name}", parts.join(", "))
    }
}

/// The function that computes [`sum`] of the bytes between two addresses of this type.
fn sum_function(index: &str) -> String {
    format!(
        r#"
  (func (export "sum") (param $from {index}) (param $to {index}) (result i64) (local $sum i64)
    (local.set $sum (i64.const 0xcbf29ce484222325))
    (loop $next
      (local.set $sum
        (i64.mul
          (i64.xor (local.get $sum) (i64.load8_u (local.get $from)))
          (i64.const 0x100000001b3)))
      (local.set $from ({index}.add (local.get $from) ({index}.const 1)))
      (br_if $next ({index}.lt_u (local.get $from) (local.get $to))))
    (local.get $sum))"#
    )
}
