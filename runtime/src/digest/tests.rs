use super::*;
use crate::StoreConfig;
use crate::handle::{Func, Global, Tag};
use trapline_abi::{FuncType, GlobalType, IndexType, Limits, MemoryType, RefType, TableType};

const PAGE: u64 = 65536;

fn host(value: u32) -> Val {
    Val::ExternRef(Some(AnyRef::Host(value)))
}

/// A store with one of everything that the host can make.
struct World {
    store: Store,
    memory: Memory,
    funcs: Table,
    externs: Table,
    global: Global,
    hosts: [Func; 2],
}

fn world() -> World {
    let mut store = Store::new(StoreConfig::default()).unwrap();
    let limits = Limits { min: 2, max: None };
    let ty = MemoryType { index: IndexType::I32, limits, shared: false, page_size_log2: 16 };
    let memory = Memory::new(&mut store, ty).unwrap();
    let table =
        |element| TableType { index: IndexType::I32, element, limits: Limits { min: 700, max: None } };
    let funcs = Table::new(&mut store, table(RefType::FUNCREF), Val::FuncRef(None)).unwrap();
    let externs = Table::new(&mut store, table(RefType::EXTERNREF), Val::ExternRef(None)).unwrap();
    let ty = GlobalType { val: ValType::F32, mutable: true };
    let global = Global::new(&mut store, ty, Val::F32(0x7fa0_0000)).unwrap();
    let ty = FuncType { params: Vec::new(), results: Vec::new() };
    let hosts = [(); 2].map(|()| Func::new_host(&mut store, ty.clone(), |_, _| Ok(Vec::new())));
    World { store, memory, funcs, externs, global, hosts }
}

#[test]
fn equal_states_have_equal_digests_in_different_stores() {
    let (mut a, mut b) = (world(), world());
    assert_eq!(a.store.digest(), b.store.digest());
    for world in [&mut a, &mut b] {
        world.memory.write(&mut world.store, PAGE + 17, b"x").unwrap();
        world.funcs.set(&mut world.store, 600, Val::FuncRef(Some(world.hosts[1]))).unwrap();
    }
    // The same host value has another place in the two stores' lists.
    a.externs.set(&mut a.store, 1, host(5)).unwrap();
    a.externs.set(&mut a.store, 2, host(6)).unwrap();
    b.externs.set(&mut b.store, 2, host(6)).unwrap();
    b.externs.set(&mut b.store, 1, host(5)).unwrap();
    assert_eq!(a.store.digest(), b.store.digest());
    let (a, b) = (Digester::new().snapshot(&a.store), Digester::new().snapshot(&b.store));
    assert_eq!(a, b);
}

/// What was never touched is not looked at, what was touched is, wherever it lies.
#[test]
fn large_tables_are_seen_where_they_were_touched() {
    let mut world = world();
    let limits = Limits { min: 9_000_000, max: None };
    for element in [RefType::FUNCREF, RefType::EXTERNREF] {
        let ty = TableType { index: IndexType::I32, element, limits };
        let is_func = element == RefType::FUNCREF;
        let null = if is_func { Val::FuncRef(None) } else { Val::ExternRef(None) };
        let table = Table::new(&mut world.store, ty, null.clone()).unwrap();
        let mut digester = Digester::new();
        let before = digester.digest(&world.store);
        let some = if is_func { Val::FuncRef(Some(world.hosts[0])) } else { host(3) };
        table.set(&mut world.store, 8_999_999, some).unwrap();
        let after = digester.digest(&world.store);
        assert_ne!(before, after);
        assert_eq!(world.store.digest(), after);
        let seen = digester.snapshot(&world.store).tables.pop().unwrap().elements;
        assert_eq!(seen.keys().copied().collect::<Vec<_>>(), [8_999_999]);
        assert_eq!(table.grow(&mut world.store, 900_000, null.clone()).unwrap(), Some(9_000_000));
        assert_ne!(digester.digest(&world.store), after);
        assert!(table.get(&world.store, 8_999_999).unwrap() != null);
        table.set(&mut world.store, 8_999_999, null).unwrap();
        assert_eq!(digester.digest(&world.store), world.store.digest());
    }
}

/// Every kind of state counts, and comes back with the state.
#[test]
fn each_difference_shows() {
    type Change = fn(&mut World);
    let changes: [(&str, Change); 7] = [
        ("a byte", |w| w.memory.write(&mut w.store, 2 * PAGE - 1, &[7]).unwrap()),
        ("a memory's length", |w| assert_eq!(w.memory.grow(&mut w.store, 1), Some(2))),
        ("a function", |w| w.funcs.set(&mut w.store, 513, Val::FuncRef(Some(w.hosts[1]))).unwrap()),
        ("a host value", |w| w.externs.set(&mut w.store, 0, host(9)).unwrap()),
        ("a table's length", |w| {
            w.externs.grow(&mut w.store, 1, Val::ExternRef(None)).unwrap();
        }),
        ("the bits of a NaN", |w| w.global.set(&mut w.store, Val::F32(0x7fe0_0000)).unwrap()),
        ("the number of globals", |w| {
            let ty = GlobalType { val: ValType::I32, mutable: false };
            Global::new(&mut w.store, ty, Val::I32(0)).unwrap();
        }),
    ];
    let before = world();
    for (what, change) in changes {
        let mut after = world();
        let mut digester = Digester::new();
        assert_eq!(digester.digest(&after.store), before.store.digest());
        change(&mut after);
        assert_ne!(digester.digest(&after.store), before.store.digest(), "{what}");
        assert_eq!(digester.digest(&after.store), after.store.digest(), "{what}");
        assert_ne!(Digester::new().snapshot(&before.store), digester.snapshot(&after.store), "{what}");
    }
}

#[test]
fn a_digester_follows_changes_back_and_forth() {
    let mut world = world();
    let mut digester = Digester::new();
    let zero = digester.digest(&world.store);
    world.memory.write(&mut world.store, 5000, &[1]).unwrap();
    let one = digester.digest(&world.store);
    world.memory.write(&mut world.store, 5000, &[2]).unwrap();
    let two = digester.digest(&world.store);
    assert!(zero != one && one != two && zero != two);
    world.memory.write(&mut world.store, 5000, &[1]).unwrap();
    assert_eq!(digester.digest(&world.store), one);
    world.memory.write(&mut world.store, 5000, &[0]).unwrap();
    assert_eq!(digester.digest(&world.store), zero);
    // The same byte in another place is another state.
    world.memory.write(&mut world.store, 5000 + 4096, &[1]).unwrap();
    assert_ne!(digester.digest(&world.store), one);
}

/// A large memory is looked at only where it was touched, and that makes no difference.
#[test]
fn large_memories_are_seen_as_if_read_whole() {
    const PAGES: u64 = 40;
    let mut store = Store::new(StoreConfig::default()).unwrap();
    let limits = Limits { min: PAGES, max: None };
    let ty = MemoryType { index: IndexType::I32, limits, shared: false, page_size_log2: 16 };
    let memory = Memory::new(&mut store, ty).unwrap();
    assert!(memory.data_size(&store) >= LARGE);
    let touched = |store: &Store| {
        let data = store.inner().memory(memory);
        touched(&mut None, data.range(0, data.len()), data.len())
    };
    assert_eq!(touched(&store).as_deref(), Some(&[][..]), "a new memory is untouched");
    let mut digester = Digester::new();
    let empty = digester.digest(&store);
    assert_eq!(touched(&store).as_deref(), Some(&[][..]), "a digest touches nothing");

    let last = PAGES * PAGE - 1;
    let mut look_at_all = Pages::default();
    let mut both = |store: &Store| {
        let read = |at, _: &[u8; PAGE_SIZE]| {
            let mut page = ZEROS;
            memory.read(store, at, &mut page).unwrap();
            Some(page)
        };
        look_at_all.update(memory.data_size(store), 1, None, read, |raw| *raw);
        let digest = digester.digest(store);
        assert_eq!(digester.memories[0].sum(), look_at_all.sum());
        assert!(digester.memories[0].iter().eq(look_at_all.iter()));
        digest
    };
    for (at, byte) in [(0, 1), (last, 2), (PAGE * 7 + 4095, 3), (PAGE * 7 + 4096, 4), (0, 5), (last, 0)] {
        memory.write(&mut store, at, &[byte]).unwrap();
        assert_ne!(both(&store), empty, "byte {byte} at {at}");
    }
    for at in [0, PAGE * 7 + 4095, PAGE * 7 + 4096] {
        memory.write(&mut store, at, &[0]).unwrap();
    }
    assert_eq!(both(&store), empty);

    // What the system takes back is seen, too, though it is not touched any more.
    let mut pages = Pages::default();
    let ones = |_: u64, _: &[u8; PAGE_SIZE]| Some([1; PAGE_SIZE]);
    pages.update(2 * PAGE_SIZE as u64, 1, Some(&[0..1, 1..2]), ones, |raw| *raw);
    pages.update(2 * PAGE_SIZE as u64, 1, Some(&[]), |_, _| Some(ZEROS), |raw| *raw);
    assert_eq!((pages.sum(), pages.iter().count()), (0, 0));

    // Pages are looked at in order and once, whether they were known or touched.
    pages.update(8 * PAGE_SIZE as u64, 1, Some(&[5..6, 6..7]), ones, |raw| *raw);
    let mut seen = Vec::new();
    let note = |at: u64, known: &[u8; PAGE_SIZE]| {
        seen.push((at / PAGE_SIZE as u64, known[0]));
        None
    };
    pages.update(8 * PAGE_SIZE as u64, 1, Some(&[1..2, 4..6]), note, |raw| *raw);
    assert_eq!(seen, [(1, 0), (4, 0), (5, 1), (6, 1)]);
}

/// An exception that is behind a table's slot counts with its tag and all that it carries, wherever it lies.
#[test]
fn what_is_behind_a_reference_counts_and_where_it_lies_does_not() {
    let config = StoreConfig { gc_stress: true, ..StoreConfig::default() };
    let mut store = Store::new(config).unwrap();
    let ty = FuncType { params: vec![ValType::I32], results: Vec::new() };
    let tags = [(); 2].map(|()| Tag::new(&mut store, &ty));
    let limits = Limits { min: 3, max: None };
    let element = RefType { nullable: true, heap: trapline_abi::HeapType::Exn };
    let ty = TableType { index: IndexType::I32, element, limits };
    let table = Table::new(&mut store, ty, Val::ExnRef(None)).unwrap();
    let mut digester = Digester::new();
    let mut seen = vec![digester.digest(&store)];
    for (tag, value) in [(tags[0], 1), (tags[0], 2), (tags[1], 2), (tags[0], 1)] {
        let inner = store.inner_mut();
        let reference = inner.new_exception(tag.index, [ValRaw::from_u32(value)]).unwrap();
        let exception = inner.exception_from_raw(reference);
        table.set(&mut store, 1, Val::ExnRef(exception)).unwrap();
        let before = digester.digest(&store);
        // Everything is moved.
        store.inner_mut().allocate(8).unwrap();
        seen.push(digester.digest(&store));
        assert_eq!(seen.last(), Some(&before));
        assert_eq!(seen.last(), Some(&store.digest()), "the same to a fresh look");
        let snapshot = digester.snapshot(&store);
        assert_eq!(snapshot.tables[0].elements[&1], StateValue::Object(0));
        assert_eq!(snapshot.objects[0].values, [StateValue::I32(value)]);
    }
    assert_eq!(seen[1], seen[4]);
    let different: std::collections::HashSet<_> = seen[..4].iter().collect();
    assert_eq!(different.len(), 4, "{seen:?}");
}

/// A chain that no recursion could follow, and one whose paths no walk could count.
#[test]
fn exceptions_within_exceptions_are_digested_once() {
    let mut store = Store::new(StoreConfig::default()).unwrap();
    let ty = FuncType { params: vec![ValType::EXNREF; 2], results: Vec::new() };
    let tag = Tag::new(&mut store, &ty);
    let ty = GlobalType { val: ValType::EXNREF, mutable: true };
    let global = Global::new(&mut store, ty, Val::ExnRef(None)).unwrap();
    let mut last = 0;
    for _ in 0..200_000 {
        last = store.inner_mut().new_exception(tag.index, [ValRaw::from_u32(last); 2]).unwrap();
    }
    let exception = store.inner().exception_from_raw(last);
    global.set(&mut store, Val::ExnRef(exception)).unwrap();
    assert_ne!(store.digest(), Store::new(StoreConfig::default()).unwrap().digest());
    assert_eq!(Digester::new().snapshot(&store).objects.len(), 200_000);
}
