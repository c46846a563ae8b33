use super::*;
use crate::config::StoreConfig;
use crate::memories::Span;
use crate::store::StoreInner;
use trapline_abi::{IndexType, Limits};

const PAGE: u64 = 65536;

fn store(memory_style: MemoryStyle) -> Store {
    Store::new(StoreConfig { memory_style, ..StoreConfig::default() }).unwrap()
}

fn ty(min: u64, max: Option<u64>) -> MemoryType {
    MemoryType { index: IndexType::I32, limits: Limits { min, max }, shared: false, page_size_log2: 16 }
}

/// Writes a part of a segment.
fn init(store: &mut StoreInner, memory: u32, segment: &[u8], dst: u64, src: u64, len: u64) -> Option<()> {
    let write = |to: Span, from: usize| to.write(&segment[from..from + len as usize]);
    store.memories.init(memory, segment.len() as u64, dst, src, len, write)
}

fn for_both_styles(test: impl Fn(Store)) {
    for style in [MemoryStyle::Guarded, MemoryStyle::Checked] {
        test(store(style));
    }
}

fn bytes(store: &Store, memory: Memory, at: u64, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    memory.read(store, at, &mut bytes).unwrap();
    bytes
}

#[test]
fn growth_keeps_the_content_and_adds_zeros() {
    for_both_styles(|mut store| {
        let memory = Memory::new(&mut store, ty(1, None)).unwrap();
        memory.write(&mut store, PAGE - 3, b"end").unwrap();
        assert_eq!(memory.grow(&mut store, 40), Some(1));
        assert_eq!(memory.size(&store), 41);
        assert_eq!(bytes(&store, memory, PAGE - 3, 6), b"end\0\0\0");
        assert_eq!(bytes(&store, memory, 41 * PAGE - 1, 1), [0]);
        assert_eq!(memory.grow(&mut store, 0), Some(41));
    });
}

#[test]
fn a_memory_grows_from_nothing() {
    for_both_styles(|mut store| {
        let memory = Memory::new(&mut store, ty(0, None)).unwrap();
        assert_eq!(memory.read(&store, 0, &mut []), Ok(()));
        assert_eq!(memory.write(&mut store, 0, &[1]), Err(MemoryAccessError { at: 0, len: 1, size: 0 }));
        assert_eq!(memory.grow(&mut store, 0), Some(0));
        assert_eq!(memory.grow(&mut store, 1), Some(0));
        assert_eq!(bytes(&store, memory, 0, PAGE as usize), vec![0; PAGE as usize]);
    });
}

#[test]
fn growth_stops_at_every_limit() {
    for_both_styles(|mut store| {
        let memory = Memory::new(&mut store, ty(1, Some(3))).unwrap();
        assert_eq!(memory.grow(&mut store, 3), None);
        assert_eq!(memory.grow(&mut store, u64::MAX), None);
        assert_eq!(memory.grow(&mut store, 2), Some(1));
        assert_eq!(memory.grow(&mut store, 1), None);
        let unlimited = Memory::new(&mut store, ty(0, None)).unwrap();
        assert_eq!(unlimited.grow(&mut store, 65537), None);
        assert_eq!(unlimited.size(&store), 0);
    });
    let config = StoreConfig { max_memory_bytes: 2 * PAGE, ..StoreConfig::default() };
    let mut store = Store::new(config).unwrap();
    let memory = Memory::new(&mut store, ty(1, None)).unwrap();
    assert_eq!(memory.grow(&mut store, 2), None);
    assert_eq!(memory.grow(&mut store, 1), Some(1));
    let error = Memory::new(&mut store, ty(3, None)).unwrap_err();
    assert!(matches!(error, ResourceError::MemoryLimit { bytes: 196_608, limit: 131_072 }), "{error}");
}

#[test]
fn a_memory_reaches_four_gibibytes() {
    let mut store = store(MemoryStyle::Guarded);
    let memory = Memory::new(&mut store, ty(0, None)).unwrap();
    assert_eq!(memory.grow(&mut store, 65536), Some(0));
    assert_eq!(bytes(&store, memory, (4 << 30) - 2, 2), [0, 0]);
    assert!(memory.read(&store, (4 << 30) - 1, &mut [0; 2]).is_err());
    assert_eq!(memory.grow(&mut store, 1), None);
}

#[test]
fn pages_of_one_byte_and_wide_addresses_need_no_guard() {
    for_both_styles(|mut store| {
        let limits = Limits { min: 3, max: None };
        let ty = MemoryType { index: IndexType::I64, limits, shared: false, page_size_log2: 0 };
        let memory = Memory::new(&mut store, ty).unwrap();
        memory.write(&mut store, 0, b"abc").unwrap();
        assert!(memory.write(&mut store, 1, b"abc").is_err());
        assert_eq!(memory.grow(&mut store, 5000), Some(3));
        assert_eq!(memory.data_size(&store), 5003);
        assert_eq!(bytes(&store, memory, 0, 5), b"abc\0\0");
        assert_eq!(memory.grow(&mut store, u64::MAX - 5003), None);
        assert!(memory.read(&store, u64::MAX, &mut [0; 2]).is_err());
    });
}

#[test]
fn bulk_operations_check_both_ends_as_sums_that_do_not_wrap() {
    for_both_styles(|mut store| {
        let a = Memory::new(&mut store, ty(1, None)).unwrap();
        let b = Memory::new(&mut store, ty(2, None)).unwrap();
        a.write(&mut store, 0, b"abcdef").unwrap();
        let before = bytes(&store, a, 0, PAGE as usize);
        let inner = store.inner_mut();
        let (one, two) = (PAGE, 2 * PAGE);

        // Exactly at the end, with and without a length.
        assert_eq!(inner.memories.copy(a.index, b.index, one, two, 0), Some(()));
        assert_eq!(inner.memories.copy(a.index, b.index, one + 1, 0, 0), None);
        assert_eq!(inner.memories.copy(a.index, b.index, 0, two + 1, 0), None);
        assert_eq!(inner.memories.copy(a.index, b.index, one - 1, 0, 2), None);
        assert_eq!(inner.memories.copy(b.index, a.index, 0, one - 1, 2), None);
        assert_eq!(inner.memories.fill(a.index, one, 7, 0), Some(()));
        assert_eq!(inner.memories.fill(a.index, one + 1, 7, 0), None);
        assert_eq!(inner.memories.fill(a.index, 0, 7, one + 1), None);
        assert_eq!(init(inner, a.index, b"xyz", one, 3, 0), Some(()));
        assert_eq!(init(inner, a.index, b"xyz", one + 1, 0, 0), None);
        assert_eq!(init(inner, a.index, b"xyz", 0, 4, 0), None);
        assert_eq!(init(inner, a.index, b"", 0, 0, 0), Some(()));
        assert_eq!(init(inner, a.index, b"", 0, 9, 0), None);

        // Sums that wrap in 32 or in 64 bits.
        for wrap in [u64::from(u32::MAX), u64::MAX] {
            assert_eq!(inner.memories.copy(a.index, a.index, wrap, 0, 1), None);
            assert_eq!(inner.memories.copy(a.index, a.index, 0, wrap, 1), None);
            assert_eq!(inner.memories.copy(a.index, a.index, 1, 1, wrap), None);
            assert_eq!(inner.memories.fill(a.index, wrap, 7, 1), None);
            assert_eq!(inner.memories.fill(a.index, 1, 7, wrap), None);
            assert_eq!(init(inner, a.index, b"xyz", wrap, 0, 1), None);
            assert_eq!(init(inner, a.index, b"xyz", 0, wrap, 1), None);
            assert_eq!(init(inner, a.index, b"xyz", 0, 1, wrap), None);
        }
        assert_eq!(bytes(&store, a, 0, PAGE as usize), before, "a failed operation wrote something");

        // Overlap in both directions, and between memories.
        let inner = store.inner_mut();
        assert_eq!(inner.memories.copy(a.index, a.index, 2, 0, 4), Some(()));
        assert_eq!(inner.memories.copy(b.index, a.index, two - 6, 0, 6), Some(()));
        assert_eq!(inner.memories.copy(a.index, a.index, 0, 2, 4), Some(()));
        assert_eq!(init(inner, a.index, b"xyz", one - 2, 1, 2), Some(()));
        assert_eq!(bytes(&store, a, 0, 6), b"abcdcd");
        assert_eq!(bytes(&store, b, two - 6, 6), b"ababcd");
        assert_eq!(bytes(&store, a, one - 2, 2), b"yz");
    });
}

#[test]
fn a_reused_memory_is_zero() {
    for round in 0..3 {
        let mut store = store(MemoryStyle::Guarded);
        let memories: Vec<_> =
            (1..4).map(|pages| Memory::new(&mut store, ty(pages, None)).unwrap()).collect();
        for memory in memories {
            let len = memory.data_size(&store) as usize;
            assert!(bytes(&store, memory, 0, len).iter().all(|&byte| byte == 0), "round {round}");
            memory.write(&mut store, 0, &vec![0xff; len]).unwrap();
        }
    }
}

#[test]
#[should_panic(expected = "a handle was used with a store that it does not belong to")]
fn a_memory_of_another_store_is_refused() {
    let mut here = store(MemoryStyle::Guarded);
    let there = store(MemoryStyle::Guarded);
    Memory::new(&mut here, ty(0, None)).unwrap().size(&there);
}

/// More reservations one after the other than a process has addresses for at once.
#[test]
fn reservations_are_returned_with_their_store() {
    for round in 0..4 {
        let mut store = store(MemoryStyle::Guarded);
        for number in 0..6000 {
            let memory = Memory::new(&mut store, ty(1, None));
            assert!(memory.is_ok(), "memory {number} of round {round}: {}", memory.unwrap_err());
        }
    }
}
