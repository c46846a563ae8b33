//! What reaches a terminal gives it no orders, whatever scripts, files and reports contain.

use super::place::Place;

/// A title for the window, a colour, a C1 control, an erased line, and text that runs backwards.
const ORDERS: &str = "\u{1b}]0;owned\u{7}\u{1b}[32m\u{9b}2J\r\u{8}\u{202e}\u{7f}";

/// Whether a terminal would take a character of a text for an order.
fn acting(text: &str) -> Option<char> {
    text.chars().find(|&c| c != '\n' && trapline_abi::acts(c))
}

/// A script that fails in every way that has a text of its own. Comments hold the characters themselves.
fn script() -> String {
    let text = escaped();
    format!(
        "(; {ORDERS} ;) (module (func (export \"{text}\") (result i32) (; {ORDERS} ;) (i32.const 1))\n\
         (func $trap (@name \"{text}\") (export \"trap\") unreachable))\n\
         (assert_return (invoke \"{text}\") (; {ORDERS} ;) (i32.const 2))\n\
         (assert_trap (invoke \"{text}\") \"{text}\")\n\
         (assert_trap (invoke \"trap\") \"{text}\")\n\
         (invoke \"x{text}\")\n\
         (invoke $\"{text}\" \"f\")\n\
         (module (import \"{text}\" \"{text}\" (func)))\n\
         (invoke \"f\")\n\
         (assert_malformed (module quote \"(func)\") \"{text}\")\n\
         (module quote \"(func (export \\\"\\{text}\\\") {text})\")\n"
    )
}

/// The orders as a string literal of a script has them: control characters cannot stand there.
fn escaped() -> String {
    ORDERS.chars().map(|c| format!("\\u{{{:x}}}", u32::from(c))).collect()
}

#[test]
fn no_report_gives_a_terminal_orders() {
    let place = Place::empty();
    let name = format!("a{ORDERS}\nb.wast");
    place.write(&name, script());
    place.write("broken.wast", format!("(module) {ORDERS} (modul"));
    place.write("header.wast", format!(";;! x = \"{ORDERS}\n(module)"));
    for format in ["pretty", "terse", "json", "github", "junit"] {
        let run = place.run(&["wast", ".", "--format", format]);
        assert_eq!(run.code, Some(1), "{run:#?}");
        assert!(run.out.lines().count() > 10 || format == "terse", "{run:#?}");
        assert_eq!(acting(&run.out), None, "{format}: {:?}", run.out);
        assert_eq!(acting(&run.err), None, "{format}: {:?}", run.err);
    }
    let run = place.run(&["wast", &name, "missing\u{1b}[2J.wast"]);
    assert_eq!((run.code, acting(&run.err)), (Some(2), None), "{run:#?}");
    let run = place.run(&["wast", ".", "--list"]);
    assert_eq!((run.code, acting(&run.out)), (Some(0), None), "{run:#?}");
}

#[test]
fn reports_that_are_read_back_give_no_orders() {
    let place = Place::empty();
    place.write("a.wast", script());
    place.run(&["wast", "a.wast", "--format", "json", "-o", "new.jsonl"]);
    place.write("b.wast", "(module)");
    place.run(&["wast", "b.wast", "--format", "json", "-o", "old.jsonl"]);
    // A report of another program, with the characters themselves.
    let raw = place.read("new.jsonl").replace("\\u009b", "\u{9b}").replace("\\u202e", "\u{202e}");
    assert!(acting(&raw).is_some());
    place.write("raw.jsonl", &raw);
    for arguments in
        [&["report", "diff", "old.jsonl", "raw.jsonl"][..], &["report", "merge", "old.jsonl", "raw.jsonl"]]
    {
        let run = place.run(arguments);
        assert!(run.out.contains("wast"), "{run:#?}");
        assert_eq!(acting(&run.out), None, "{arguments:?}: {:?}", run.out);
    }
    place.write("no.jsonl", format!("{{\"{ORDERS}"));
    let run = place.run(&["report", "diff", "no.jsonl", "raw.jsonl"]);
    assert_eq!((run.code, acting(&run.err)), (Some(2), None), "{run:#?}");
}

#[test]
fn modules_give_no_orders() {
    let place = Place::empty();
    let text = format!("(module (func $f (@name \"{0}\") (export \"{0}\") unreachable))", escaped());
    place.write("a\u{1b}[2J.wat", text);
    for arguments in [
        &["run", "a\u{1b}[2J.wat", "--invoke", "x"][..],
        &["run", "a\u{1b}[2J.wat", "--invoke", ORDERS],
        &["validate", "a\u{1b}[2J.wat"],
        &["compile", "a\u{1b}[2J.wat", "-o", "a.o", "--timing"],
        &["compile", "a\u{1b}[2J.wat", "--emit", "clif"],
        &["objdump", "a.o"],
        &["audit", "a\u{1b}[2J.wat"],
    ] {
        let run = place.run(arguments);
        assert!(!(run.out + &run.err).is_empty());
        let run = place.run(arguments);
        assert_eq!(acting(&run.out), None, "{arguments:?}: {:?}", run.out);
        assert_eq!(acting(&run.err), None, "{arguments:?}: {:?}", run.err);
    }
}
