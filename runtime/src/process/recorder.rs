//! The flight recorder: a page that a process shares with its parent.
//!
//! The process notes in it what it is about to do, with a plain store and no system call; its signal
//! handler notes how it died. The parent reads both whenever it likes, also when the process is gone.

use std::cell::Cell;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

/// A shared page. Clones are not needed: each process maps it once.
#[derive(Debug)]
pub struct Recorder {
    page: NonNull<Page>,
}

/// How a process died, as its signal handler saw it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CrashRecord {
    /// The signal's number.
    pub signal: i32,
    /// The address whose access faulted, for signals that have one.
    pub address: u64,
    /// The program counter.
    pub pc: u64,
    /// The function of the module and the offset in its binary, if the program counter lies in
    /// compiled code. The offset is `None` for code that no instruction stands for.
    pub place: Option<(u32, Option<u32>)>,
}

/// The content of the page. All fields are atomic because two processes access them.
#[repr(C)]
struct Page {
    step: AtomicU64,
    /// What the thread that crashed was doing, if not this step; 0 else.
    culprit: AtomicU64,
    /// The signal; 0 as long as nothing has crashed. Written last.
    signal: AtomicU64,
    address: AtomicU64,
    pc: AtomicU64,
    /// `function + 1`, or 0 outside compiled code.
    function: AtomicU64,
    /// `offset + 1`, or 0 if there is none.
    offset: AtomicU64,
}

const PAGE_SIZE: usize = 4096;

// SAFETY: I9: all access to the page is atomic, and the mapping belongs to no thread.
unsafe impl Send for Recorder {}
// SAFETY: I9: as above.
unsafe impl Sync for Recorder {}

/// The page that the signal handler of this process writes to.
static ARMED: AtomicPtr<Page> = AtomicPtr::new(ptr::null_mut());

thread_local! {
    /// What this thread is doing, if not what the process has noted; 0 else. It has no destructor, so
    /// that reading it is a plain load even in a signal handler.
    static ACTIVITY: Cell<u64> = const { Cell::new(0) };
}

/// What a thread is doing, as a step of the process. A thread that it starts can adopt it: a crash
/// there then counts as one of this step, whatever the process has noted by then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Activity(u64);

impl Activity {
    /// What the calling thread is doing.
    pub fn current() -> Activity {
        // SAFETY: I9: null, or a page that stays mapped for ever.
        let armed = unsafe { ARMED.load(Ordering::Acquire).as_ref() };
        match ACTIVITY.get() {
            0 => Activity(armed.map_or(0, |page| page.step.load(Ordering::Acquire))),
            adopted => Activity(adopted),
        }
    }

    /// Makes it what the calling thread is doing, for the rest of its life.
    pub fn adopt(self) {
        ACTIVITY.set(self.0);
    }
}

impl Recorder {
    /// Makes a page, and a file descriptor under which a child process can open it. The descriptor
    /// is inherited by children.
    ///
    /// # Errors
    ///
    /// When the system has no memory or descriptor for it.
    pub fn create() -> io::Result<(Recorder, OwnedFd)> {
        // SAFETY: I9: the name is a valid C string; the call only makes a descriptor.
        let fd = unsafe { libc::memfd_create(c"trapline-recorder".as_ptr(), 0) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: I9: the descriptor was just made and belongs to nobody else.
        let fd = unsafe { OwnedFd::from_raw_fd(fd) };
        let file = File::from(fd);
        file.set_len(PAGE_SIZE as u64)?;
        let fd = OwnedFd::from(file);
        Ok((Recorder::map(&fd)?, fd))
    }

    /// Opens the page that a parent has made, by the number of the inherited descriptor.
    ///
    /// # Errors
    ///
    /// When the number is no descriptor of such a page.
    pub fn open_inherited(fd: RawFd) -> io::Result<Recorder> {
        let file = File::options().read(true).write(true).open(format!("/proc/self/fd/{fd}"))?;
        if file.metadata()?.len() != PAGE_SIZE as u64 {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Recorder::map(&file.into())
    }

    fn map(fd: &OwnedFd) -> io::Result<Recorder> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: I9: a fresh mapping of a whole page of a file that has one.
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

    /// Notes what comes next.
    pub fn begin(&self, step: u64) {
        self.page().step.store(step, Ordering::Release);
    }

    /// What was noted last; after a crash, what the thread that crashed was doing.
    pub fn step(&self) -> u64 {
        match self.page().culprit.load(Ordering::Acquire) {
            0 => self.page().step.load(Ordering::Acquire),
            culprit => culprit,
        }
    }

    /// How the process died, if its signal handler saw it.
    pub fn crash(&self) -> Option<CrashRecord> {
        let page = self.page();
        let signal = page.signal.load(Ordering::Acquire);
        let load = |field: &AtomicU64| field.load(Ordering::Relaxed);
        let place = load(&page.function)
            .checked_sub(1)
            .map(|function| (function as u32, load(&page.offset).checked_sub(1).map(|offset| offset as u32)));
        (signal != 0).then(|| CrashRecord {
            signal: signal as i32,
            address: load(&page.address),
            pc: load(&page.pc),
            place,
        })
    }

    /// Has the signal handler of this process write to the page from now on. The page stays mapped
    /// for the rest of the process's life.
    pub fn arm(self) -> &'static Recorder {
        let recorder = Box::leak(Box::new(self));
        ARMED.store(recorder.page.as_ptr(), Ordering::Release);
        recorder
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // SAFETY: I9: the mapping is this one's own; an armed recorder is never dropped.
        unsafe { libc::munmap(self.page.as_ptr().cast(), PAGE_SIZE) };
    }
}

/// Notes how this process is dying, if it has a recorder.
///
/// Async-signal-safe: it loads a pointer and stores to atomics.
pub(crate) fn record_crash(crash: &CrashRecord) {
    // SAFETY: I9: null, or a page that stays mapped for ever.
    let Some(page) = (unsafe { ARMED.load(Ordering::Acquire).as_ref() }) else { return };
    let (function, offset) = match crash.place {
        Some((function, offset)) => {
            (u64::from(function) + 1, offset.map_or(0, |offset| u64::from(offset) + 1))
        }
        None => (0, 0),
    };
    page.culprit.store(ACTIVITY.get(), Ordering::Relaxed);
    page.address.store(crash.address, Ordering::Relaxed);
    page.pc.store(crash.pc, Ordering::Relaxed);
    page.function.store(function, Ordering::Relaxed);
    page.offset.store(offset, Ordering::Relaxed);
    page.signal.store(crash.signal as u64, Ordering::Release);
}

/// Takes back what [`record_crash`] has noted.
///
/// Async-signal-safe as that.
pub(crate) fn clear_crash() {
    // SAFETY: I9: null, or a page that stays mapped for ever.
    let Some(page) = (unsafe { ARMED.load(Ordering::Acquire).as_ref() }) else { return };
    page.signal.store(0, Ordering::Release);
    page.culprit.store(0, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_side_sees_what_was_noted() {
        let (ours, fd) = Recorder::create().unwrap();
        let theirs = Recorder::open_inherited(fd.as_raw_fd()).unwrap();
        assert_eq!((theirs.step(), theirs.crash()), (0, None));
        ours.begin(7);
        assert_eq!(theirs.step(), 7);
    }

    #[test]
    fn other_files_are_no_recorders() {
        let file = File::open("/dev/null").unwrap();
        assert!(Recorder::open_inherited(file.as_raw_fd()).is_err());
    }
}
