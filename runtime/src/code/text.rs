//! Memory for machine code: writable first, then executable, never both.

use crate::sys::mmap::{Mapping, PAGE_SIZE, Protection, round_to_pages};
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// The smallest mapping that is handed out, in bytes; sizes are this times a power of two.
const SMALLEST: usize = 16 << 10;
/// Mappings beyond this size in bytes are not kept for reuse.
const LARGEST_KEPT: usize = 4 << 20;
/// Bytes of unused mappings that are kept for reuse, in the whole process.
const KEPT: usize = 64 << 20;

struct Pool {
    /// Unused mappings, the size of each a power of two times [`SMALLEST`].
    by_class: [Vec<Mapping>; CLASSES],
    /// Their total size in bytes.
    bytes: usize,
}

const CLASSES: usize = (LARGEST_KEPT / SMALLEST).trailing_zeros() as usize + 1;

static POOL: Mutex<Pool> = Mutex::new(Pool { by_class: [const { Vec::new() }; CLASSES], bytes: 0 });

/// Code in executable memory that this value owns. A module keeps the value for as long as the code may run.
///
/// # Safety
///
/// The bytes of `text` are readable and executable, stay where they are and do not change until the value is dropped, and
/// are the same at each call.
///
/// ```compile_fail,E0200
/// #[derive(Debug)]
/// struct Forged;
/// impl trapline_runtime::PlacedCode for Forged {
///     fn text(&self) -> &[u8] {
///         &[0xc3]
///     }
/// }
/// ```
pub unsafe trait PlacedCode: Send + Sync + fmt::Debug {
    /// The code. Text offsets of the manifest count from its first byte.
    fn text(&self) -> &[u8];

    /// An object that describes the code to debuggers, for which the address of its section `.text` is filled in.
    /// There is none by default.
    fn debug_image(&self) -> Option<&[u8]> {
        None
    }
}

/// The text of one object, executable.
///
/// Loading an object is dominated by system calls, so mappings are reused: a new text then costs
/// two changes of protection and no page fault.
#[derive(Debug)]
pub(crate) struct Text {
    base: *const u8,
    len: usize,
    owner: Owner,
}

/// The owner of a text's memory.
#[derive(Debug)]
enum Owner {
    /// There is no code.
    Nothing,
    /// The text itself.
    Mapping(Mapping),
    /// A value of another crate. It is shared so that moving the text does not move the value that the bytes are borrowed from.
    Placed(#[expect(dead_code, reason = "it only has to live")] Arc<dyn PlacedCode>),
}

// SAFETY: I2, I10: the bytes are not written to any more, and their owner may be sent and shared.
unsafe impl Send for Text {}
// SAFETY: I2, I10: as above.
unsafe impl Sync for Text {}

impl Text {
    /// Copies code into memory, lets `relocate` change it there, and makes it executable.
    ///
    /// # Errors
    ///
    /// When the system does not grant the memory, or `relocate` fails.
    pub(crate) fn place<E: From<MapError>>(
        code: &[u8],
        relocate: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<Text, E> {
        let map = |error| E::from(MapError(error));
        if code.is_empty() {
            relocate(&mut [])?;
            return Ok(Text { base: std::ptr::null(), len: 0, owner: Owner::Nothing });
        }
        let mut mapping = acquire(code.len()).map_err(map)?;
        let used = round_to_pages(code.len()).ok_or_else(|| map(io::ErrorKind::OutOfMemory.into()))?;
        let fill = || {
            mapping.protect(0..used, Protection::ReadWrite).map_err(map)?;
            // SAFETY: I2: `used` bytes of the mapping are readable and writable, initialised (fresh
            // pages are zero), and nothing else knows them before this function returns.
            let bytes = unsafe { std::slice::from_raw_parts_mut(mapping.base().as_ptr(), used) };
            bytes[..code.len()].copy_from_slice(code);
            // What the pages held before must not look like code.
            bytes[code.len()..].fill(INT3);
            relocate(&mut bytes[..code.len()])?;
            // With what is left of the mapping: then the system takes it for one with the mapping beside it, and the number
            // of mappings, which is limited, does not grow with the number of texts.
            mapping.protect(0..mapping.len(), Protection::ReadExecute).map_err(map)
        };
        match fill() {
            Ok(()) => {
                let base = mapping.base().as_ptr().cast_const();
                Ok(Text { base, len: code.len(), owner: Owner::Mapping(mapping) })
            }
            Err(error) => {
                release(mapping);
                Err(error)
            }
        }
    }

    /// Takes code as it is.
    pub(crate) fn keep(placed: Arc<dyn PlacedCode>) -> Text {
        // This is the only time that it is asked: another time it might name other bytes.
        let text: *const [u8] = placed.text();
        Text { base: text.cast(), len: text.len(), owner: Owner::Placed(placed) }
    }

    /// The address of the first byte.
    pub(crate) fn base(&self) -> *const u8 {
        self.base
    }

    /// Its bytes, relocated.
    pub(crate) fn bytes(&self) -> &[u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: I2, I10: so many bytes are readable and not written any more for as long as the owner lives.
        unsafe { std::slice::from_raw_parts(self.base, self.len) }
    }

    /// Its size in bytes.
    pub(crate) fn len(&self) -> usize {
        self.len
    }
}

/// The instruction that fills what is left of the last page.
const INT3: u8 = 0xcc;

/// The system did not grant memory for code.
#[derive(Debug)]
pub(crate) struct MapError(pub(crate) io::Error);

impl Drop for Text {
    fn drop(&mut self) {
        if let Owner::Mapping(mapping) = std::mem::replace(&mut self.owner, Owner::Nothing) {
            release(mapping);
        }
    }
}

fn class_of(len: usize) -> Option<usize> {
    let units = len.div_ceil(SMALLEST).max(1).checked_next_power_of_two()?;
    let class = units.trailing_zeros() as usize;
    (class < CLASSES).then_some(class)
}

fn acquire(len: usize) -> io::Result<Mapping> {
    let Some(class) = class_of(len) else { return Mapping::new(len, Protection::ReadWrite) };
    {
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mapping) = pool.by_class[class].pop() {
            pool.bytes -= mapping.len();
            return Ok(mapping);
        }
    }
    Mapping::new(SMALLEST << class, Protection::ReadWrite)
}

/// Keeps a mapping for reuse, whatever its protection is. Code that lies in it stays there, without
/// anyone who could call it, until it is overwritten.
fn release(mapping: Mapping) {
    let Some(class) = class_of(mapping.len()).filter(|&class| SMALLEST << class == mapping.len()) else {
        return;
    };
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if pool.bytes + mapping.len() <= KEPT {
        pool.bytes += mapping.len();
        pool.by_class[class].push(mapping);
    }
}

const _: () = assert!(SMALLEST.is_multiple_of(PAGE_SIZE));

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Refused;

    impl From<MapError> for Refused {
        fn from(_: MapError) -> Self {
            Refused
        }
    }

    #[test]
    fn classes_cover_their_sizes() {
        assert_eq!(class_of(0), Some(0));
        assert_eq!(class_of(SMALLEST), Some(0));
        assert_eq!(class_of(SMALLEST + 1), Some(1));
        assert_eq!(class_of(LARGEST_KEPT), Some(CLASSES - 1));
        assert_eq!(class_of(LARGEST_KEPT + 1), None);
    }

    #[test]
    fn placed_code_runs_and_a_reused_mapping_holds_only_the_new_code() {
        for value in [1u8, 2] {
            // mov eax, value; ret
            let code = [0xb8, value, 0, 0, 0, 0xc3];
            let text = Text::place(&code, |_| Ok::<(), Refused>(())).unwrap();
            // SAFETY: I2: the six bytes are a function of this type.
            let result = unsafe {
                let function: extern "C" fn() -> u32 = std::mem::transmute(text.base());
                assert_eq!(*text.base().add(code.len()), INT3);
                function()
            };
            assert_eq!(result, u32::from(value));
        }
    }

    #[test]
    fn a_failed_relocation_gives_the_mapping_back() {
        let result = Text::place(&[0], |_| Err(Refused));
        assert!(result.is_err());
    }

    /// Code that names other bytes each time it is asked.
    #[derive(Debug, Default)]
    struct Fickle(std::sync::atomic::AtomicUsize);

    // SAFETY: I10: never executed; the bytes are static. The test is about the second call.
    unsafe impl PlacedCode for Fickle {
        fn text(&self) -> &[u8] {
            match self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
                0 => &[0xc3],
                _ => &[],
            }
        }
    }

    #[test]
    fn kept_code_is_asked_for_once() {
        let text = Text::keep(Arc::new(Fickle::default()));
        assert_eq!((text.len(), text.bytes()), (1, &[0xc3][..]));
        assert_eq!(text.base(), text.bytes().as_ptr());
    }

    #[test]
    fn texts_larger_than_the_pool_keeps_are_mapped_alone() {
        let code = vec![0xc3; LARGEST_KEPT + 1];
        let text = Text::place(&code, |_| Ok::<(), Refused>(())).unwrap();
        assert_eq!(text.len(), code.len());
    }

    /// The system allows a process 65,530 mappings by default, and a script may have more modules alive than that.
    #[test]
    fn many_texts_share_few_mappings() {
        let texts: Vec<_> =
            (0..400).map(|_| Text::place(&[0xc3], |_| Ok::<(), Refused>(())).unwrap()).collect();
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let hold_text = maps.lines().filter(|line| {
            let (start, end) = line.split_once(' ').and_then(|(range, _)| range.split_once('-')).unwrap();
            let [start, end] = [start, end].map(|address| usize::from_str_radix(address, 16).unwrap());
            texts.iter().any(|text| (start..end).contains(&text.base().addr()))
        });
        assert!(hold_text.count() < texts.len() / 4, "{maps}");
    }
}
