//! gdb's interface for code that is in no file of its own: gdb stops at a function that the process calls, and reads
//! descriptions of the code from the process's memory (Debugging with GDB, "JIT Compilation Interface").
//!
//! Names, types and layouts of this file are that interface's. All it holds are numbers that only a debugger follows, so
//! nothing here needs unsafe code but the names.

use object::LittleEndian;
use object::elf::{FileHeader64, SectionHeader64};
use object::read::elf::FileHeader;
use std::collections::BTreeMap;
use std::fmt;
use std::mem::offset_of;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// `jit_code_entry`: one object, in a doubly linked list.
#[repr(C)]
struct Entry {
    next: AtomicPtr<Entry>,
    previous: AtomicPtr<Entry>,
    object: AtomicPtr<u8>,
    object_len: u64,
}

/// `jit_descriptor`: where gdb begins to read.
#[repr(C)]
struct Descriptor {
    version: u32,
    action: AtomicU32,
    relevant: AtomicPtr<Entry>,
    first: AtomicPtr<Entry>,
}

/// The objects of the list, by the order in which they came; the newest is first in the list. The holder of the lock may
/// change list and descriptor.
static OBJECTS: Mutex<Objects> = Mutex::new(Objects { by_number: BTreeMap::new(), next_number: 0 });

struct Objects {
    by_number: BTreeMap<u64, (Box<Entry>, Box<[u8]>)>,
    next_number: u64,
}

/// `JIT_REGISTER_FN`
const REGISTER: u32 = 1;
/// `JIT_UNREGISTER_FN`
const UNREGISTER: u32 = 2;

// SAFETY: I12: gdb looks for exactly this name, and the program has no second one.
#[unsafe(no_mangle)]
static __jit_debug_descriptor: Descriptor = Descriptor {
    version: 1,
    action: AtomicU32::new(0),
    relevant: AtomicPtr::new(ptr::null_mut()),
    first: AtomicPtr::new(ptr::null_mut()),
};

/// Where gdb stops to look at the descriptor.
// SAFETY: I12: as above.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn __jit_debug_register_code() {
    // The call must not be optimised away, nor be merged with other empty functions.
    std::hint::black_box(&__jit_debug_descriptor);
}

fn tell(action: u32, entry: &Entry) {
    __jit_debug_descriptor.relevant.store(ptr::from_ref(entry).cast_mut(), Ordering::SeqCst);
    __jit_debug_descriptor.action.store(action, Ordering::SeqCst);
    __jit_debug_register_code();
}

/// Code that gdb knows of until this is dropped.
pub(super) struct Registered {
    number: u64,
}

impl Registered {
    /// Tells gdb of code at an address, which the text of an object describes. Nothing happens if the bytes are no
    /// object with a text.
    pub(super) fn new(object: &[u8], text: *const u8) -> Option<Registered> {
        let mut object: Box<[u8]> = object.into();
        place_text(&mut object, text.addr() as u64)?;
        let mut objects = OBJECTS.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = objects.by_number.values().next_back().map(|(entry, _)| &**entry);
        let entry = Box::new(Entry {
            next: AtomicPtr::new(newest.map_or(ptr::null_mut(), |entry| ptr::from_ref(entry).cast_mut())),
            previous: AtomicPtr::new(ptr::null_mut()),
            object: AtomicPtr::new(object.as_mut_ptr()),
            object_len: object.len() as u64,
        });
        let address = ptr::from_ref(&*entry).cast_mut();
        if let Some(newest) = newest {
            newest.previous.store(address, Ordering::SeqCst);
        }
        __jit_debug_descriptor.first.store(address, Ordering::SeqCst);
        tell(REGISTER, &entry);
        let number = objects.next_number;
        objects.next_number += 1;
        objects.by_number.insert(number, (entry, object));
        Some(Registered { number })
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        let mut objects = OBJECTS.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((entry, _object)) = objects.by_number.remove(&self.number) else { return };
        let next = entry.next.load(Ordering::SeqCst);
        let previous = entry.previous.load(Ordering::SeqCst);
        match objects.by_number.range(self.number..).next() {
            Some((_, (newer, _))) => newer.next.store(next, Ordering::SeqCst),
            None => __jit_debug_descriptor.first.store(next, Ordering::SeqCst),
        }
        if let Some((_, (older, _))) = objects.by_number.range(..self.number).next_back() {
            older.previous.store(previous, Ordering::SeqCst);
        }
        tell(UNREGISTER, &entry);
    }
}

impl fmt::Debug for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Registered").field(&self.number).finish()
    }
}

/// Writes an address into the header of the text of an object.
fn place_text(object: &mut [u8], address: u64) -> Option<()> {
    let header = FileHeader64::<LittleEndian>::parse(&*object).ok()?;
    let sections = header.sections(LittleEndian, &*object).ok()?;
    let (index, _) = sections.section_by_name(LittleEndian, b".text")?;
    let headers = usize::try_from(header.e_shoff(LittleEndian)).ok()?;
    let section = headers.checked_add(index.0 * size_of::<SectionHeader64<LittleEndian>>())?;
    let field = section.checked_add(offset_of!(SectionHeader64<LittleEndian>, sh_addr))?;
    *object.get_mut(field..)?.first_chunk_mut()? = address.to_le_bytes();
    Some(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use object::{Object as _, ObjectSection};

    fn object() -> Vec<u8> {
        let (elf, x86, little) =
            (object::BinaryFormat::Elf, object::Architecture::X86_64, object::Endianness::Little);
        let mut object = object::write::Object::new(elf, x86, little);
        let text = object.section_id(object::write::StandardSection::Text);
        object.set_section_data(text, vec![0xc3], 1);
        object.write().unwrap()
    }

    /// The list as gdb reads it, forwards, and whether each entry's way back is right.
    pub(crate) fn addresses_of_texts() -> Vec<u64> {
        let objects = OBJECTS.lock().unwrap();
        let entry_at = |address: *mut Entry| {
            let mut entries = objects.by_number.values();
            entries.find(|(entry, _)| ptr::eq(&raw const **entry, address)).expect("an entry of the list")
        };
        let mut addresses = Vec::new();
        let mut previous = ptr::null_mut();
        let mut at = __jit_debug_descriptor.first.load(Ordering::SeqCst);
        while !at.is_null() {
            let (entry, object) = entry_at(at);
            assert_eq!(entry.previous.load(Ordering::SeqCst), previous);
            assert_eq!(entry.object.load(Ordering::SeqCst).cast_const(), object.as_ptr());
            let file = object::File::parse(&**object).unwrap();
            addresses.push(file.section_by_name(".text").unwrap().address());
            previous = at;
            at = entry.next.load(Ordering::SeqCst);
        }
        addresses
    }

    #[test]
    fn objects_come_and_go_in_any_order() {
        let mut registered: Vec<_> =
            (1..=4u64).map(|n| Registered::new(&object(), ptr::without_provenance(n as usize))).collect();
        // Other tests have code of their own.
        let ours = || addresses_of_texts().into_iter().filter(|&address| address <= 4).collect::<Vec<_>>();
        assert_eq!(ours(), [4, 3, 2, 1]);
        for (at, left) in [(1, &[4, 3, 1][..]), (2, &[3, 1]), (0, &[3]), (0, &[])] {
            registered.remove(at);
            assert_eq!(ours(), left);
        }
    }

    #[test]
    fn what_is_no_object_is_not_registered() {
        let object = object();
        assert!(Registered::new(b"no object", ptr::null()).is_none());
        for len in 0..object.len() {
            assert_eq!(place_text(&mut object[..len].to_vec(), 1), None, "{len} bytes of it");
        }
    }
}
