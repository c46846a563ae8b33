use super::*;

/// A state with one of everything.
fn state() -> State {
    State {
        objects: Vec::new(),
        memories: vec![MemoryState {
            name: "memory 0 of instance 0".to_owned(),
            len: 131_072,
            pages: BTreeMap::new(),
        }],
        tables: vec![TableState {
            name: "table 0 of instance 0".to_owned(),
            len: 700,
            elements: BTreeMap::new(),
        }],
        globals: vec![GlobalState {
            name: "global 0 of instance 0".to_owned(),
            value: ObservedValue::Plain(Value::F32(0)),
        }],
        segments: vec![SegmentState {
            data: vec![false, true],
            elements: vec![false],
            values: vec![vec![ObservedValue::Plain(Value::NullAny), ObservedValue::Member(3)]],
        }],
        whole: true,
    }
}

fn function(function: u32) -> ObservedValue {
    ObservedValue::Function(FunctionIdentity::Instance { instance: 0, function })
}

/// Every kind of difference is found, is the only one, and changes the digest.
#[test]
fn each_difference_is_named() {
    type Change = fn(&mut State);
    let instance = 0;
    let changes: [(Change, StatePlace, StateContent, StateContent); 9] = [
        (
            |state| {
                let mut page = vec![0; PAGE_BYTES];
                page[PAGE_BYTES - 1] = 7;
                state.memories[0].pages.insert(31, page);
            },
            StatePlace::Byte { memory: "memory 0 of instance 0".to_owned(), address: 0x1ffff },
            StateContent::Byte(0),
            StateContent::Byte(7),
        ),
        (
            |state| state.memories[0].len += 65536,
            StatePlace::Length("memory 0 of instance 0".to_owned()),
            StateContent::Bytes(131_072),
            StateContent::Bytes(196_608),
        ),
        (
            |state| {
                state.tables[0].elements.insert(513, function(1));
            },
            StatePlace::Element { table: "table 0 of instance 0".to_owned(), index: 513 },
            StateContent::Null,
            StateContent::Value(function(1)),
        ),
        (
            |state| state.tables[0].len += 1,
            StatePlace::Length("table 0 of instance 0".to_owned()),
            StateContent::Elements(700),
            StateContent::Elements(701),
        ),
        (
            |state| state.globals[0].value = ObservedValue::Plain(Value::I32(0)),
            StatePlace::Global("global 0 of instance 0".to_owned()),
            StateContent::Value(ObservedValue::Plain(Value::F32(0))),
            StateContent::Value(ObservedValue::Plain(Value::I32(0))),
        ),
        (
            |state| state.globals.clear(),
            StatePlace::Count(StateKind::Globals),
            StateContent::Count(1),
            StateContent::Count(0),
        ),
        (
            |state| state.segments[0].data[0] = true,
            StatePlace::Segment { instance, kind: SegmentKind::Data, index: 0 },
            StateContent::Dropped(false),
            StateContent::Dropped(true),
        ),
        (
            |state| state.segments[0].elements.push(false),
            StatePlace::SegmentCount { instance, kind: SegmentKind::Element },
            StateContent::Count(1),
            StateContent::Count(2),
        ),
        (
            |state| state.segments[0].values[0][1] = ObservedValue::Member(4),
            StatePlace::SegmentElement { instance, segment: 0, index: 1 },
            StateContent::Value(ObservedValue::Member(3)),
            StateContent::Value(ObservedValue::Member(4)),
        ),
    ];
    let before = state();
    assert_eq!(state_differences(&before, &state()), []);
    for (change, place, reference, got) in changes {
        let mut after = state();
        change(&mut after);
        assert_eq!(
            state_differences(&before, &after),
            [StateDifference { place: place.clone(), reference, got }]
        );
        assert_ne!(before.digest(), after.digest(), "{place:?}");
    }
}

/// A function that one side does not tell apart from others agrees with each of them, and with no null.
#[test]
fn functions_that_are_not_told_apart_agree() {
    let some = ObservedValue::Plain(Value::Func);
    assert!(function(1).agrees(&some) && some.agrees(&function(2)) && some.agrees(&some));
    assert!(!function(1).agrees(&function(2)));
    assert!(!some.agrees(&ObservedValue::Plain(Value::NullFunc)));
    assert_eq!(function(1).plain(), Value::Func);
}
