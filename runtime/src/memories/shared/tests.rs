use super::*;
use crate::{Memory, MissingGuard, Store};
use std::sync::atomic::AtomicBool;
use std::thread;
use trapline_abi::{IndexType, Limits};

const PAGE: u64 = 65536;
const STYLES: [MemoryStyle; 2] = [MemoryStyle::Guarded, MemoryStyle::Checked];

fn config(memory_style: MemoryStyle) -> StoreConfig {
    StoreConfig { memory_style, ..StoreConfig::default() }
}

fn ty(min: u64, max: u64) -> MemoryType {
    let limits = Limits { min, max: Some(max) };
    MemoryType { index: IndexType::I32, limits, shared: true, page_size_log2: 16 }
}

fn memory(style: MemoryStyle, ty: MemoryType) -> SharedMemory {
    SharedMemory::new(ty, &config(style)).unwrap()
}

#[test]
fn growth_moves_nothing_and_adds_zeros() {
    for style in STYLES {
        let memory = memory(style, ty(1, 40));
        let base = memory.range(0, 0).unwrap();
        memory.write(PAGE - 3, b"end").unwrap();
        assert_eq!(memory.grow(38), Some(1));
        assert_eq!((memory.size(), memory.data_size()), (39, 39 * PAGE));
        assert_eq!(memory.range(0, 0), Ok(base));
        let mut bytes = [7; 6];
        memory.read(PAGE - 3, &mut bytes).unwrap();
        assert_eq!(&bytes, b"end\0\0\0");
        assert_eq!(memory.grow(2), None);
        assert_eq!(memory.grow(u64::MAX), None);
        assert_eq!(memory.grow(1), Some(39));
        assert_eq!(memory.grow(0), Some(40));
        memory.write(40 * PAGE - 1, &[1]).unwrap();
        let beyond = MemoryAccessError { at: 40 * PAGE, len: 1, size: 40 * PAGE };
        assert_eq!(memory.write(40 * PAGE, &[1]), Err(beyond));
        assert_eq!(memory.read(40 * PAGE, &mut [0]), Err(beyond));
    }
}

#[test]
fn an_empty_memory_can_stay_so() {
    for style in STYLES {
        let memory = memory(style, ty(0, 0));
        assert_eq!((memory.read(0, &mut []), memory.write(0, &[])), (Ok(()), Ok(())));
        assert_eq!((memory.grow(0), memory.grow(1)), (Some(0), None));
        assert!(memory.notify(0, 1).is_err());
    }
}

#[test]
fn the_largest_memory_takes_addresses_only() {
    for style in STYLES {
        let memory = memory(style, ty(0, 65536));
        assert_eq!(memory.grow(65536), Some(0));
        memory.write((4 << 30) - 1, &[1]).unwrap();
    }
}

#[test]
fn pages_of_one_byte_and_wide_addresses_are_shared_too() {
    for style in STYLES {
        let limits = Limits { min: 3, max: Some(5000) };
        let ty = MemoryType { index: IndexType::I64, limits, shared: true, page_size_log2: 0 };
        let memory = memory(style, ty);
        assert!(!memory.is_guarded());
        memory.write(0, b"abc").unwrap();
        assert!(memory.write(1, b"abc").is_err());
        assert_eq!(memory.grow(4997), Some(3));
        memory.write(4999, &[1]).unwrap();
        assert!(memory.write(5000, &[1]).is_err());
    }
}

#[test]
fn limits_of_the_store_hold() {
    let config = StoreConfig { max_memory_bytes: 2 * PAGE, ..StoreConfig::default() };
    let memory = SharedMemory::new(ty(1, 9), &config).unwrap();
    assert_eq!((memory.grow(2), memory.grow(1)), (None, Some(1)));
    assert!(matches!(SharedMemory::new(ty(3, 9), &config), Err(ResourceError::MemoryLimit { .. })));
}

#[test]
fn growth_from_many_threads_loses_nothing() {
    for style in STYLES {
        let memory = memory(style, ty(0, 1000));
        let befores = thread::scope(|scope| {
            let grow = || {
                let grow = || {
                    let before = memory.grow(1)?;
                    // What was promised is there at once.
                    memory.write((before + 1) * PAGE - 1, &[1]).unwrap();
                    Some(before)
                };
                std::iter::from_fn(grow).collect::<Vec<_>>()
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(grow)).collect();
            let mut befores: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
            befores.sort_unstable();
            befores
        });
        assert!(befores.into_iter().eq(0..1000));
        assert_eq!(memory.size(), 1000);
    }
}

#[test]
fn one_memory_has_one_handle_in_a_store_and_outlives_stores() {
    for style in STYLES {
        let mut store = Store::new(config(style)).unwrap();
        let memory = Memory::new(&mut store, ty(1, 2)).unwrap();
        let shared = memory.share(&store).unwrap();
        assert_eq!(Memory::from_shared(&mut store, &shared), Ok(memory));
        assert_eq!(memory.ty(&store), shared.ty());

        let other = shared.clone();
        thread::spawn(move || {
            let mut store = Store::new(config(style)).unwrap();
            let memory = Memory::from_shared(&mut store, &other).unwrap();
            assert_eq!(Memory::from_shared(&mut store, &other), Ok(memory));
            assert!(memory.share(&store).unwrap().same(&other));
            assert_eq!(memory.grow(&mut store, 1), Some(1));
            memory.write(&mut store, PAGE, b"there").unwrap();
        })
        .join()
        .unwrap();
        assert_eq!(memory.size(&store), 2);
        drop(store);
        let mut bytes = [0; 5];
        shared.read(PAGE, &mut bytes).unwrap();
        assert_eq!(&bytes, b"there");
    }
}

#[test]
fn only_shared_memories_are_shared() {
    let mut store = Store::new(StoreConfig::default()).unwrap();
    let memory = Memory::new(&mut store, MemoryType { shared: false, ..ty(1, 2) }).unwrap();
    assert!(memory.share(&store).is_none());
}

#[test]
fn a_store_with_guards_refuses_a_memory_without() {
    let [mut guarded, mut checked] = STYLES.map(|style| Store::new(config(style)).unwrap());
    let without = memory(MemoryStyle::Checked, ty(1, 2));
    assert_eq!(Memory::from_shared(&mut guarded, &without), Err(MissingGuard));
    assert!(Memory::from_shared(&mut checked, &without).is_ok());
    let with = memory(MemoryStyle::Guarded, ty(1, 2));
    assert!(Memory::from_shared(&mut checked, &with).is_ok());
    // No code relies on the guard of a memory that cannot have one.
    let bytes = MemoryType { page_size_log2: 0, ..ty(1, 2) };
    assert!(Memory::from_shared(&mut guarded, &memory(MemoryStyle::Checked, bytes)).is_ok());
}

#[test]
fn a_wait_compares_and_then_waits() {
    let memory = memory(MemoryStyle::Guarded, ty(1, 1));
    memory.write(8, &0x1122_3344_5566_7788_u64.to_le_bytes()).unwrap();
    let no_time = Some(Duration::ZERO);
    assert_eq!(memory.wait32(8, 0x5566_7788, no_time), Ok(Waited::TimedOut));
    assert_eq!(memory.wait32(12, 0x1122_3344, no_time), Ok(Waited::TimedOut));
    assert_eq!(memory.wait32(8, 0x5566_7789, None), Ok(Waited::NotEqual));
    assert_eq!(memory.wait64(8, 0x1122_3344_5566_7788, no_time), Ok(Waited::TimedOut));
    assert_eq!(memory.wait64(8, 0x5566_7788, None), Ok(Waited::NotEqual));
    assert!(memory.wait32(PAGE, 0, None).is_err());
    assert!(memory.wait64(PAGE, 0, None).is_err());
    assert!(memory.notify(PAGE - 3, 0).is_err());
    assert_eq!(memory.notify(PAGE - 4, 1), Ok(0));
}

#[test]
fn a_notification_reaches_another_thread_and_no_other_memory() {
    let [here, elsewhere] = [(); 2].map(|()| memory(MemoryStyle::Guarded, ty(1, 1)));
    let waiting = AtomicBool::new(false);
    thread::scope(|scope| {
        let wait = scope.spawn(|| {
            waiting.store(true, Ordering::Release);
            here.wait32(4, 0, None)
        });
        while !waiting.load(Ordering::Acquire) {
            thread::yield_now();
        }
        assert_eq!(elsewhere.notify(4, u32::MAX), Ok(0));
        while here.notify(4, 1) == Ok(0) {
            thread::yield_now();
        }
        assert_eq!(wait.join().unwrap(), Ok(Waited::Woken));
    });
}
