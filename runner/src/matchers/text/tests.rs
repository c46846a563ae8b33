use super::engines::ENGINES;
use super::*;
use crate::trail::{Layer, Refusal};
use trapline_abi::{Extent, TableInstruction};

const SPEC: Reading = Reading { dialect: Dialect::Spec, texts: Texts::Prefix, by_rule: false };
const STRICT: Reading = Reading { dialect: Dialect::Spec, texts: Texts::Strict, by_rule: false };
const WASMTIME: Reading = Reading { dialect: Dialect::Wasmtime, texts: Texts::Prefix, by_rule: false };

fn trap(kind: Trap) -> TrapInfo {
    TrapInfo::of_kind(kind)
}

fn element(kind: Trap, index: u64) -> TrapInfo {
    let (instruction, table) = (TableInstruction::CallIndirect, Extent { index: 0, len: 3 });
    let operands = Some(TrapDetail::TableElement { instruction, table, index, wanted: None });
    TrapInfo { operands, ..TrapInfo::of_kind(kind) }
}

fn link(fault: LinkFault) -> LinkFailure {
    let refusal = Refusal::new(Layer::Link, "");
    LinkFailure { fault, import: Some(("m".to_owned(), "n".to_owned())), refusal }
}

#[track_caller]
fn expect(reading: Reading, trap: &TrapInfo, taken: &[&str], refused: &[&str]) {
    for text in taken {
        assert!(names_trap(text, trap, reading), "{text:?} names {:?}", trap.kind);
    }
    for text in refused {
        assert!(!names_trap(text, trap, reading), "{text:?} does not name {:?}", trap.kind);
    }
}

#[test]
fn a_text_is_the_beginning_of_the_message() {
    for &kind in Trap::ALL {
        expect(SPEC, &trap(kind), &["", kind.spec_text()], &["?", " ", &format!("{kind} or another")]);
        let others = Trap::ALL.iter().filter(|other| !other.spec_text().starts_with(kind.spec_text()));
        for &other in others.filter(|&&other| other != kind) {
            expect(SPEC, &trap(other), &[], &[kind.spec_text()]);
        }
    }
    let memory = trap(Trap::MemoryOutOfBounds);
    expect(
        SPEC,
        &memory,
        &["out of bounds", "out of bounds memory", "o"],
        &["out of bounds table", "memory"],
    );
    expect(SPEC, &trap(Trap::TableOutOfBounds), &["out of bounds", "out of bounds table"], &[]);
    expect(SPEC, &trap(Trap::IntegerDivideByZero), &["integer"], &["integer divide by zero or overflow"]);
    expect(
        SPEC,
        &trap(Trap::Unreachable),
        &["unreach", "unreachable ex", "unreachable executed"],
        &["unreachable code reached", "unreachable executed!"],
    );
}

#[test]
fn an_index_is_compared() {
    for kind in [Trap::UninitializedElement, Trap::UndefinedElement] {
        let own = kind.spec_text();
        let with = |rest: &str| format!("{own}{rest}");
        expect(
            SPEC,
            &element(kind, 17),
            &[own, &with(" 17")],
            &[&with(" 1"), &with(" 7"), &with(" "), &with("17")],
        );
        expect(STRICT, &element(kind, 17), &[own, &with(" 17")], &[&with(" 1"), &own[..5], ""]);
        // An engine that does not tell it cannot be wrong about it.
        expect(SPEC, &trap(kind), &[&with(" 17")], &[&with(" x")]);
        expect(WASMTIME, &element(kind, 17), &["element 17", &with(" 17")], &["element 1", &with(" 7")]);
    }
    expect(SPEC, &element(Trap::UninitializedElement, 0), &[], &["undefined element 0"]);
}

#[test]
fn strict_texts_are_whole() {
    for &kind in Trap::ALL {
        let own = kind.spec_text();
        expect(STRICT, &trap(kind), &[own], &["", &own[..own.len() - 1]]);
    }
    expect(
        STRICT,
        &trap(Trap::Unreachable),
        &["unreachable executed"],
        &["wasm `unreachable` instruction executed"],
    );
    let strict = |text: &str| names_link_error(text, &link(LinkFault::UnknownImport), STRICT);
    assert!(strict("unknown import") && !strict("unknown") && !strict(""));
}

/// Every text of an engine names the traps that it is listed for, and no other, unless it is one of the specification's:
/// then what that says counts.
#[test]
fn every_text_of_an_engine_names_its_traps() {
    let mut rows = 0;
    for engine in ENGINES {
        for &(row, kinds) in engine.traps {
            rows += 1;
            let text = row.replace('…', "some operands");
            let is_of_spec = Trap::ALL.iter().any(|&kind| Message::of_trap(kind, None).begins_with(&text));
            for &kind in Trap::ALL {
                let message = Message::of_trap(kind, None);
                let wanted = if is_of_spec { message.begins_with(&text) } else { kinds.contains(&kind) };
                assert_eq!(names_trap(&text, &trap(kind), SPEC), wanted, "{text}: {kind:?}");
                for lead in engine.leads {
                    let text = format!("{lead}{text}");
                    let listed = kinds.contains(&kind)
                        || ENGINES.iter().any(|other| {
                            let same =
                                |(other, kinds): &&(&str, &[Trap])| *other == row && kinds.contains(&kind);
                            other.leads.contains(lead) && other.traps.iter().any(|it| same(&it))
                        });
                    assert_eq!(names_trap(&text, &trap(kind), SPEC), listed, "{text}: {kind:?}");
                }
                if kinds.contains(&kind) {
                    assert!(names_trap(&text, &trap(kind), WASMTIME), "{text}: {kind:?}");
                }
            }
        }
    }
    assert!(rows > 50, "{rows}");
}

#[test]
fn every_text_of_an_engine_names_its_link_errors() {
    for engine in ENGINES {
        for &(row, faults) in engine.links {
            let text = row.replace("{module}", "m").replace("{name}", "n").replace('…', "0");
            for fault in LinkFault::ALL {
                let wanted = faults.contains(&fault);
                assert_eq!(names_link_error(&text, &link(fault), SPEC), wanted, "{text}: {fault:?}");
                let elsewhere = LinkFailure { import: Some(("o".to_owned(), "p".to_owned())), ..link(fault) };
                let named = row.contains("{module}");
                assert_eq!(names_link_error(&text, &elsewhere, SPEC), wanted && !named, "{text}: {fault:?}");
                let unknown = LinkFailure { import: None, ..link(fault) };
                assert_eq!(names_link_error(&text, &unknown, SPEC), wanted, "{text}: {fault:?}");
            }
        }
    }
}

#[test]
fn link_errors_begin_with_their_text() {
    let names = |text: &str, fault| names_link_error(text, &link(fault), SPEC);
    use LinkFault::{IncompatibleImport, UnknownImport};
    assert!(
        names("", UnknownImport) && names("unknown", UnknownImport) && names("unknown import", UnknownImport)
    );
    assert!(
        names("unknown import \"m\".\"n\"", UnknownImport)
            && !names("unknown import \"m\".\"o\"", UnknownImport)
    );
    assert!(names("incompatible import type for \"m\" \"n\"", IncompatibleImport));
    assert!(!names("unknown import", IncompatibleImport) && !names("incompatible", UnknownImport));
    assert!(!names("unknown imports", UnknownImport) && !names("import", UnknownImport));
}

#[test]
fn wasmtime_takes_any_part() {
    expect(
        WASMTIME,
        &trap(Trap::MemoryOutOfBounds),
        &["bounds memory", "wasm trap: out", ""],
        &["table", "bounds  "],
    );
    expect(
        WASMTIME,
        &trap(Trap::Unreachable),
        &["unreachable", "`unreachable` instruction"],
        &["out of bounds"],
    );
    expect(
        WASMTIME,
        &trap(Trap::NullStructReference),
        &["null reference", "null structure"],
        &["null array"],
    );
    expect(SPEC, &trap(Trap::NullStructReference), &[], &["null reference"]);
    expect(
        WASMTIME,
        &trap(Trap::UndefinedElement),
        &["out of bounds table access", "undefined element"],
        &[],
    );
    let names = |text: &str, fault| names_link_error(text, &link(fault), WASMTIME);
    assert!(names("has not been defined", LinkFault::UnknownImport));
    assert!(names("import type for `m::n`", LinkFault::IncompatibleImport));
    assert!(!names("has not been defined", LinkFault::IncompatibleImport));
}

#[test]
fn two_kinds_that_an_engine_does_not_tell_apart() {
    let either = TrapInfo { alternative: Some(Trap::UndefinedElement), ..trap(Trap::TableOutOfBounds) };
    expect(SPEC, &either, &["undefined element", "out of bounds table access"], &["uninitialized element"]);
}
