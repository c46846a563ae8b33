//! The recorder: a page that a worker shares with its parent.
//!
//! The worker stores in it the number of its next step, without a system call; its signal handler stores how it dies. The
//! parent reads both at any time, also after the end of the worker.

use std::cell::Cell;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use trapline_abi::{CrashPlace, CrashRecord};

/// A page that is shared with another process. Each of the two maps it once.
#[derive(Debug)]
pub struct Recorder {
    page: NonNull<Page>,
}

/// The content of the page. All fields are atomic because two processes access them.
#[repr(C)]
struct Page {
    step: AtomicU64,
    /// The step of the thread that crashed if it differs from `step`, otherwise 0.
    culprit: AtomicU64,
    /// The signal; 0 unless there was a crash. Written last.
    signal: AtomicU64,
    /// 1 if the parent asks what is known, 2 once the worker has answered.
    question: AtomicU64,
    address: AtomicU64,
    pc: AtomicU64,
    place: PagePlace,
    caller: PagePlace,
}

/// A place in the binary of a module, or none.
#[repr(C)]
struct PagePlace {
    /// `function + 1`, or 0 if there is no place.
    function: AtomicU64,
    /// `offset + 1`, or 0 without an offset.
    offset: AtomicU64,
    /// The hash of the module's binary, in four little-endian words.
    wasm_hash: [AtomicU64; 4],
}

impl PagePlace {
    /// What another process has written; it may be anything.
    fn load(&self) -> Option<CrashPlace> {
        let load = |field: &AtomicU64| field.load(Ordering::Relaxed);
        load(&self.function).checked_sub(1).map(|function| CrashPlace {
            function: function as u32,
            offset: load(&self.offset).checked_sub(1).map(|offset| offset as u32),
            wasm_hash: {
                let mut hash = [0; 32];
                for (bytes, word) in hash.chunks_exact_mut(8).zip(&self.wasm_hash) {
                    bytes.copy_from_slice(&load(word).to_le_bytes());
                }
                hash
            },
        })
    }

    /// Async-signal-safe: it stores to atomics.
    fn store(&self, place: Option<CrashPlace>) {
        let (function, offset, wasm_hash) = match place {
            Some(CrashPlace { function, offset, wasm_hash }) => {
                (u64::from(function) + 1, offset.map_or(0, |offset| u64::from(offset) + 1), wasm_hash)
            }
            None => (0, 0, [0; 32]),
        };
        self.function.store(function, Ordering::Relaxed);
        self.offset.store(offset, Ordering::Relaxed);
        for (word, bytes) in self.wasm_hash.iter().zip(wasm_hash.as_chunks().0) {
            word.store(u64::from_le_bytes(*bytes), Ordering::Relaxed);
        }
    }
}

const PAGE_SIZE: usize = 4096;

const ASKED: u64 = 1;
const ANSWERED: u64 = 2;

/// What can no longer be done to the file of a page. A worker that shortened it would have the parent fault.
const SEALS: libc::c_int = libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_SEAL;

// SAFETY: I9: every access to the page is atomic, and the mapping is bound to no thread.
unsafe impl Send for Recorder {}
// SAFETY: I9: as above.
unsafe impl Sync for Recorder {}

/// The page that the signal handler of this process writes to.
static ARMED: AtomicPtr<Page> = AtomicPtr::new(ptr::null_mut());

thread_local! {
    /// The step of this thread if it differs from the step of the process, otherwise 0. It has no destructor, so that
    /// reading it is a plain load even in a signal handler.
    static ACTIVITY: Cell<u64> = const { Cell::new(0) };
}

/// The step that a thread works on. A thread that it starts can adopt it: a crash there then counts as one of this step,
/// even if the process has begun another one by then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Activity(u64);

impl Activity {
    /// The step of the calling thread.
    pub fn current() -> Activity {
        // SAFETY: I9: null, or a page that is never unmapped.
        let armed = unsafe { ARMED.load(Ordering::Acquire).as_ref() };
        match ACTIVITY.get() {
            0 => Activity(armed.map_or(0, |page| page.step.load(Ordering::Acquire))),
            adopted => Activity(adopted),
        }
    }

    /// Makes it the step of the calling thread for the rest of the thread's life.
    pub fn adopt(self) {
        ACTIVITY.set(self.0);
    }
}

impl Recorder {
    /// Makes a page, and a file descriptor through which a worker can open it if [`spawn`](crate::spawn) passes it on.
    /// The size of the page can be changed by neither side.
    ///
    /// # Errors
    ///
    /// When the system has no memory or descriptor for it.
    pub fn create() -> io::Result<(Recorder, OwnedFd)> {
        let flags = libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING;
        // SAFETY: I9: the name is a valid C string; the call only makes a descriptor.
        let fd = unsafe { libc::memfd_create(c"trapline-recorder".as_ptr(), flags) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: I9: the descriptor was just made and has no other owner.
        let fd = unsafe { OwnedFd::from_raw_fd(fd) };
        let file = File::from(fd);
        file.set_len(PAGE_SIZE as u64)?;
        // SAFETY: I9: the call takes no pointer.
        if unsafe { libc::fcntl(file.as_raw_fd(), libc::F_ADD_SEALS, SEALS) } != 0 {
            return Err(io::Error::last_os_error());
        }
        let fd = OwnedFd::from(file);
        Ok((Recorder::map(&fd)?, fd))
    }

    /// Opens the page that the parent has made, through the descriptor that this process has inherited, and closes the
    /// descriptor.
    ///
    /// ```compile_fail,E0133
    /// // Safe code cannot have a descriptor closed that something else owns.
    /// let _ = trapline_sandbox::Recorder::open_inherited(3);
    /// ```
    ///
    /// # Errors
    ///
    /// When the number is not that of a descriptor of such a page.
    ///
    /// # Safety
    ///
    /// I12: nothing else in this process owns the descriptor, which is true if the parent has passed it on with
    /// [`spawn`](crate::spawn) and this is the only call.
    pub unsafe fn open_inherited(fd: RawFd) -> io::Result<Recorder> {
        // SAFETY: I9: the call takes no pointer.
        if unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: I12: the descriptor is open, and the caller vouches that it has no other owner.
        let file = File::from(unsafe { OwnedFd::from_raw_fd(fd) });
        // SAFETY: I9: the call takes no pointer.
        let seals = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_GET_SEALS) };
        if seals != SEALS || file.metadata()?.len() != PAGE_SIZE as u64 {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Recorder::map(&file.into())
    }

    fn map(fd: &OwnedFd) -> io::Result<Recorder> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: I9: a new mapping of a whole page of a file whose size is one page and cannot change.
        let page = unsafe {
            libc::mmap(ptr::null_mut(), PAGE_SIZE, protection, libc::MAP_SHARED, fd.as_raw_fd(), 0)
        };
        match NonNull::new(page) {
            Some(mapped) if page != libc::MAP_FAILED => Ok(Recorder { page: mapped.cast() }),
            _ => Err(io::Error::last_os_error()),
        }
    }

    fn page(&self) -> &Page {
        // SAFETY: I9: mapped until `self` is dropped; zero bytes are valid atomics.
        unsafe { self.page.as_ref() }
    }

    /// Begins a step.
    pub fn begin(&self, step: u64) {
        self.page().step.store(step, Ordering::Release);
    }

    /// The step that was begun last; after a crash, the step of the thread that crashed. The other process writes this
    /// number: it may be anything.
    pub fn step(&self) -> u64 {
        match self.page().culprit.load(Ordering::Acquire) {
            0 => self.page().step.load(Ordering::Acquire),
            culprit => culprit,
        }
    }

    /// The step that was begun last, whichever thread crashed. It may be anything, too.
    pub fn latest_step(&self) -> u64 {
        self.page().step.load(Ordering::Acquire)
    }

    /// Asks the other process for what it knows.
    pub fn ask(&self) {
        self.page().question.store(ASKED, Ordering::Release);
    }

    /// Whether this process is asked for what it knows.
    pub fn is_asked(&self) -> bool {
        self.page().question.load(Ordering::Acquire) == ASKED
    }

    /// This process has told what it knows.
    pub fn answer(&self) {
        self.page().question.store(ANSWERED, Ordering::Release);
    }

    /// Whether the other process says that it has told what it knows.
    pub fn is_answered(&self) -> bool {
        self.page().question.load(Ordering::Acquire) == ANSWERED
    }

    /// How the process died, if its signal handler noticed it. The other process writes these numbers: they may be anything.
    pub fn crash(&self) -> Option<CrashRecord> {
        let page = self.page();
        let signal = page.signal.load(Ordering::Acquire);
        let load = |field: &AtomicU64| field.load(Ordering::Relaxed);
        (signal != 0).then(|| CrashRecord {
            signal: signal as i32,
            address: load(&page.address),
            pc: load(&page.pc),
            place: page.place.load(),
            caller: page.caller.load(),
        })
    }

    /// Makes it the page that [`record_crash`] and [`clear_crash`] write to. It stays mapped for the rest of the life of the
    /// process.
    pub fn arm(self) -> &'static Recorder {
        let recorder = Box::leak(Box::new(self));
        ARMED.store(recorder.page.as_ptr(), Ordering::Release);
        recorder
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // SAFETY: I9: this recorder owns the mapping; an armed recorder is never dropped.
        unsafe { libc::munmap(self.page.as_ptr().cast(), PAGE_SIZE) };
    }
}

/// Stores in the armed page, if there is one, how this process dies.
///
/// Async-signal-safe: it loads a pointer and stores to atomics.
pub fn record_crash(crash: &CrashRecord) {
    // SAFETY: I9: null, or a page that is never unmapped.
    let Some(page) = (unsafe { ARMED.load(Ordering::Acquire).as_ref() }) else { return };
    page.culprit.store(ACTIVITY.get(), Ordering::Relaxed);
    page.address.store(crash.address, Ordering::Relaxed);
    page.pc.store(crash.pc, Ordering::Relaxed);
    page.place.store(crash.place);
    page.caller.store(crash.caller);
    page.signal.store(crash.signal as u64, Ordering::Release);
}

/// Removes what [`record_crash`] has stored: the process goes on.
///
/// Async-signal-safe like [`record_crash`].
pub fn clear_crash() {
    // SAFETY: I9: null, or a page that is never unmapped.
    let Some(page) = (unsafe { ARMED.load(Ordering::Acquire).as_ref() }) else { return };
    page.signal.store(0, Ordering::Release);
    page.culprit.store(0, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::{AsFd, IntoRawFd};

    #[test]
    fn both_sides_see_the_same_page() {
        let (ours, fd) = Recorder::create().unwrap();
        let copy = fd.try_clone().unwrap().into_raw_fd();
        // SAFETY: I12: the copy has no other owner.
        let theirs = unsafe { Recorder::open_inherited(copy) }.unwrap();
        assert_eq!((theirs.step(), theirs.crash()), (0, None));
        ours.begin(7);
        assert_eq!(theirs.step(), 7);
        assert!(!theirs.is_asked() && !ours.is_answered());
        ours.ask();
        assert!(theirs.is_asked() && !ours.is_answered());
        theirs.answer();
        assert!(!theirs.is_asked() && ours.is_answered());
    }

    #[test]
    fn only_a_page_of_a_recorder_is_opened() {
        let null = File::open("/dev/null").unwrap().into_raw_fd();
        // SAFETY: I12: neither descriptor has another owner.
        assert!(unsafe { Recorder::open_inherited(null) }.is_err());
        // SAFETY: I9: the name is a valid C string, and the descriptor that the call makes has no other owner.
        let unsealed =
            unsafe { File::from_raw_fd(libc::memfd_create(c"unsealed".as_ptr(), libc::MFD_CLOEXEC)) };
        unsealed.set_len(PAGE_SIZE as u64).unwrap();
        // SAFETY: I12: as above.
        assert!(unsafe { Recorder::open_inherited(unsealed.into_raw_fd()) }.is_err());
        // SAFETY: I12: no descriptor has this number.
        assert!(unsafe { Recorder::open_inherited(-1) }.is_err());
    }

    /// A page that its file no longer has would fault at the next access.
    #[test]
    fn the_file_of_a_page_keeps_its_size() {
        let (recorder, fd) = Recorder::create().unwrap();
        let file = File::from(fd.as_fd().try_clone_to_owned().unwrap());
        for size in [0, 1, 2 * PAGE_SIZE as u64] {
            assert!(file.set_len(size).is_err(), "{size}");
        }
        recorder.begin(1);
        assert_eq!(recorder.step(), 1);
    }
}
