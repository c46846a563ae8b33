//! How two engines differ, in words.

use super::words::{self, Happened, Sides};
use crate::matchers;
use crate::outcome::{Difference, Divergence, Ended, Outcome};
use crate::trail::{
    CodeContent, CodeKey, CodePlace, FunctionIdentity, Irreproducible, ObservedException, ObservedValue,
    SegmentKind, StateContent, StateKind, StatePlace, TrapInfo,
};
use std::fmt::Write;
use trapline_abi::Readable;

/// The sides of a divergence: the engine that all are compared with, and this one, each with a line for each difference.
pub fn divergence_text(divergence: &Divergence) -> (String, String) {
    let Divergence { reference, engine, differences } = divergence;
    let (left, right): (Vec<_>, Vec<_>) = differences.iter().map(difference).unzip();
    (format!("{reference}: {}", left.join("\n")), format!("{engine}: {}", right.join("\n")))
}

/// The two sides of a difference.
fn difference(difference: &Difference) -> (String, String) {
    let both = |text: String| (text.clone(), text);
    match difference {
        Difference::Outcome(left, right) => (ended(left), ended(right)),
        Difference::Results(left, right) => (results(left.as_deref()), results(right.as_deref())),
        Difference::Exception(left, right) => (exception(left.as_deref()), exception(right.as_deref())),
        Difference::Trap(left, right) => (trap(left.as_deref()), trap(right.as_deref())),
        Difference::State(difference) => {
            let place = place(&difference.place);
            let side = |content| format!("{place}: {}", self::content(content));
            (side(&difference.reference), side(&difference.got))
        }
        Difference::MoreState(count) => {
            let noun = if *count == 1 { "difference" } else { "differences" };
            both(format!("and {count} more {noun}"))
        }
        Difference::SomeState => both("another state".to_owned()),
        Difference::UnstableState => {
            both("another state, but not when it ran again: it is not deterministic".to_owned())
        }
        Difference::Code(left, right) => (code(left), code(right)),
        Difference::Reproducibility(how) => {
            ("the same code from every compilation".to_owned(), irreproducible(*how))
        }
    }
}

fn ended(ended: &Ended) -> String {
    let name = ended.outcome.kind().name();
    match &ended.outcome {
        Outcome::Pass => name.to_owned(),
        outcome => {
            let happened = Happened { trap: ended.trap.as_ref(), exception: ended.exception.as_ref() };
            let Sides { word, got, .. } = words::sides_of(outcome, happened, ended.thread.as_ref());
            format!("{name}, {word} {got}")
        }
    }
}

fn results(results: Option<&[ObservedValue]>) -> String {
    match results {
        None => "returned no results".to_owned(),
        Some([]) => "returned nothing".to_owned(),
        Some(values) => format!("returned {}", values.iter().map(value).collect::<Vec<_>>().join(", ")),
    }
}

fn exception(exception: Option<&ObservedException>) -> String {
    match exception {
        None => "threw nothing".to_owned(),
        Some(ObservedException { tag, payload }) => {
            format!("threw {}", words::exception(tag.as_ref(), payload.iter().map(value).collect()))
        }
    }
}

fn trap(info: Option<&TrapInfo>) -> String {
    match info {
        None => "no trap".to_owned(),
        Some(info) => format!("trap: {}", words::trap(info)),
    }
}

fn value(value: &ObservedValue) -> String {
    match value {
        ObservedValue::Function(FunctionIdentity::Instance { instance, function }) => {
            format!("ref.func function {function} of instance {instance}")
        }
        ObservedValue::Function(FunctionIdentity::Host(function)) => {
            format!("ref.func host function {function}")
        }
        ObservedValue::Object(digest) => format!("object with contents {digest:032x}"),
        ObservedValue::Member(number) => format!("object {number}"),
        ObservedValue::Plain(value) => matchers::values(&[*value], &[]),
    }
}

fn place(place: &StatePlace) -> String {
    match place {
        StatePlace::Count(kind) => {
            let kind = match kind {
                StateKind::Memories => "memories",
                StateKind::Tables => "tables",
                StateKind::Globals => "globals",
                StateKind::Objects => "objects",
                StateKind::Instances => "instances",
            };
            format!("the number of {kind}")
        }
        StatePlace::Length(name) => format!("{name}, length"),
        StatePlace::Byte { memory, address } => format!("{memory}, byte {address:#x}"),
        StatePlace::Element { table, index } => format!("{table}, element {index}"),
        StatePlace::Global(name) => name.clone(),
        StatePlace::Object(number) => format!("object {number}"),
        StatePlace::Field { number, name, index } => format!("object {number}, {name}, value {index}"),
        StatePlace::SegmentCount { instance, kind } => {
            format!("the number of {} segments of instance {instance}", segment(*kind))
        }
        StatePlace::Segment { instance, kind, index } => {
            format!("{} segment {index} of instance {instance}", segment(*kind))
        }
        StatePlace::SegmentElement { instance, segment, index } => {
            format!("element segment {segment} of instance {instance}, element {index}")
        }
    }
}

fn segment(kind: SegmentKind) -> &'static str {
    match kind {
        SegmentKind::Data => "data",
        SegmentKind::Element => "element",
    }
}

fn content(content: &StateContent) -> String {
    match content {
        StateContent::Count(count) => count.to_string(),
        StateContent::Object(name, 1) => format!("{name} with 1 value"),
        StateContent::Object(name, count) => format!("{name} with {count} values"),
        StateContent::Bytes(len) => format!("{len} bytes"),
        StateContent::Elements(len) => format!("{len} elements"),
        StateContent::Byte(byte) => format!("{byte:#04x}"),
        StateContent::Null => "null".to_owned(),
        StateContent::Value(content) => value(content),
        StateContent::Dropped(true) => "dropped".to_owned(),
        StateContent::Dropped(false) => "not dropped".to_owned(),
    }
}

fn code(place: &CodePlace) -> String {
    let offset = place.offset.map(|offset| format!(" at offset {offset:#x}")).unwrap_or_default();
    let content = match &place.content {
        CodeContent::Call(None) => "a call of no function".to_owned(),
        CodeContent::Call(Some(callee)) => format!("a call of {}", key(callee)),
        CodeContent::Bytes(bytes) => bytes.iter().fold("the code".to_owned(), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, " {byte:02x}");
            text
        }),
    };
    format!("{}{offset}: {content}", key(&place.key))
}

/// A piece of code, as reports of traps have it.
fn key(key: &CodeKey) -> String {
    match key {
        CodeKey::Stub(symbol) => format!("the stub {symbol}"),
        CodeKey::Function { index, name } => {
            let name = name.as_ref().map(|name| format!(" <{}>", Readable(name))).unwrap_or_default();
            format!("function {index}{name}")
        }
    }
}

fn irreproducible(how: Irreproducible) -> String {
    match how {
        Irreproducible::FromByte(at) => format!("two compilations of the module differ from byte {at:#x} on"),
        Irreproducible::Lengths(first, second) => {
            format!("two compilations of the module have {first} and {second} bytes")
        }
    }
}
