use crate::exec::tests::{aot, blocker, expect, failure};
use crate::exec::{STACK_SIZE, run_script_around};
use crate::outcome::OutcomeKind::{self, Blocked, Fail, Pass, Unsupported};
use crate::outcome::{BlockedBy, Outcome};
use crate::script::{Keyword, Script};
use crate::trail::{CrashInfo, Ending, Signal};
use std::collections::BTreeMap;
use trapline_compiler::supported_features;

const MEM: &str = "(module $Mem (memory (export \"shared\") 1 2 shared) (func (export \"f\")))\n";

#[test]
fn a_thread_shares_a_memory_with_the_script() {
    let script = format!(
        "{MEM}
         (thread $t (shared (module $Mem))
           (register \"mem\" $Mem)
           (module (memory (import \"mem\" \"shared\") 1 2 shared)
             (func (export \"run\") (i32.store (i32.const 4) (i32.const 7))))
           (invoke \"run\"))
         (wait $t)
         (register \"mem\" $Mem)
         (module (memory (import \"mem\" \"shared\") 1 2 shared)
           (func (export \"load\") (result i32) (i32.load (i32.const 4))))
         (assert_return (invoke \"load\") (i32.const 7))"
    );
    expect(&script, &[Pass; 6]);
}

#[test]
fn a_thread_knows_nothing_else_of_the_script() {
    let script = format!(
        "{MEM} (module $other (func (export \"f\"))) (register \"other\")
         (thread $alone (invoke $Mem \"f\"))
         (thread $told (shared (module $Mem)) (invoke $Mem \"f\"))
         (thread $current (shared (module $Mem)) (invoke \"f\"))
         (thread $registered (module (import \"other\" \"f\" (func))))
         (thread $private (module (memory (import \"spectest\" \"shared_memory\") 1 2 shared)))
         (wait $alone) (wait $told) (wait $current) (wait $registered) (wait $private)"
    );
    let reports =
        expect(&script, &[Pass, Pass, Pass, Pass, Pass, Pass, Pass, Pass, Fail, Fail, Fail, Fail, Pass]);
    assert!(failure(&reports[8]).1.ends_with("there is none"), "{reports:#?}");
    assert!(failure(&reports[9]).1.contains("only the shared memories"), "{reports:#?}");
    assert!(failure(&reports[10]).1.contains("no module comes before"), "{reports:#?}");
    assert!(failure(&reports[11]).1.contains("unknown import"), "{reports:#?}");
}

#[test]
fn the_wait_says_what_was_wrong_in_the_thread_and_where() {
    let reports = expect(
        "(thread $t
           (module (func (export \"one\") (result i32) (i32.const 1)) (func (export \"trap\") unreachable))
           (assert_return (invoke \"one\") (i32.const 1))
           (assert_return (invoke \"one\") (i32.const 2))
           (invoke \"trap\"))
         (wait $t)
         (wait $t)
         (thread $trap (module (func (export \"f\") unreachable)) (invoke \"f\"))
         (wait $trap)
         (thread $blocked (module (import \"no\" \"no\" (func))) (invoke \"f\"))
         (wait $blocked)
         (thread $unsupported (assert_suspension (invoke \"f\") \"unhandled\"))
         (wait $unsupported)",
        &[Pass, Fail, Fail, Pass, Fail, Pass, Fail, Pass, Unsupported],
    );
    let wanted = "thread $t, line 4, assert_return (and 1 later): i32 1 (0x00000001)";
    assert_eq!(failure(&reports[1]), ("i32 2 (0x00000002)", wanted));
    assert_eq!(failure(&reports[2]), ("a running thread named $t", "there is none"));
    assert!(failure(&reports[4]).1.starts_with("thread $trap, line 8, invoke: trap: unreachable"));
    assert!(
        reports[4]
            .trap()
            .is_some_and(|trap| crate::report::trap(trap).starts_with("unreachable in function 0"))
    );
    assert!(failure(&reports[6]).1.contains("line 10, module (and 1 later): unknown import"));
}

#[test]
fn a_thread_without_a_wait_is_not_started() {
    let reports = expect(
        "(thread $lost (module (func $f (loop (br 0))) (start $f)))
         (thread $twice (invoke \"f\"))
         (thread $twice (module))
         (wait $twice)
         (thread $outer (thread $inner (module)))
         (wait $outer)
         (wait $inner)
         (wait $unknown)",
        &[Fail, Fail, Pass, Pass, Pass, Fail, Fail, Fail],
    );
    assert_eq!(failure(&reports[0]).0, "a `wait` for the thread $lost");
    assert!(
        failure(&reports[5]).1.starts_with("thread $outer, line 5, thread: none follows"),
        "{reports:#?}"
    );
    assert_eq!(failure(&reports[7]).0, "a running thread named $unknown");
}

#[test]
fn a_thread_that_was_not_started_blocks_the_wait() {
    let reports = expect(
        "(thread $t (shared (module $none)) (module))
         (wait $t)
         (module $bad (import \"no\" \"no\" (func)))
         (thread $u (shared (module $bad)) (module))
         (wait $u)",
        &[Fail, Blocked, Fail, Blocked, Blocked],
    );
    assert_eq!(blocker(&reports[1]), "test.wast:1 (fail)");
    assert_eq!(blocker(&reports[4]), "test.wast:3 (fail)");
}

#[test]
fn threads_start_threads_and_pass_memories_on() {
    let script = format!(
        "{MEM}
         (thread $outer (shared (module $Mem))
           (thread $inner (shared (module $Mem))
             (register \"m\" $Mem)
             (module (memory (import \"m\" \"shared\") 1 2 shared)
               (func (export \"wait\") (result i32)
                 (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
             (assert_return (invoke \"wait\") (i32.const 0)))
           (register \"m\" $Mem)
           (module (memory (import \"m\" \"shared\") 1 2 shared)
             (func (export \"wake\")
               (loop (br_if 0 (i32.eqz (memory.atomic.notify (i32.const 0) (i32.const 1)))))))
           (invoke \"wake\")
           (wait $inner))
         (wait $outer)"
    );
    expect(&script, &[Pass; 3]);
}

#[test]
fn exhaustion_ends_a_call_on_a_thread_as_anywhere() {
    expect(
        "(thread $t
           (module (func $f (export \"f\") (call $f)) (func (export \"g\") (result i32) (i32.const 1)))
           (assert_exhaustion (invoke \"f\") \"call stack exhausted\")
           (assert_return (invoke \"g\") (i32.const 1))
           (assert_exhaustion (invoke \"f\") \"call stack exhausted\"))
         (wait $t)",
        &[Pass; 2],
    );
}

/// Runs a script some of whose directives have a known outcome.
fn around(text: &'static str, known: BTreeMap<u32, Outcome>) -> Vec<Outcome> {
    let run = move || {
        let script = Script::parse(text).unwrap();
        let mut reports = Vec::new();
        run_script_around(
            aot(),
            &script,
            "test.wast",
            supported_features().into(),
            &known,
            None,
            &mut reports,
        );
        reports.into_iter().map(|report| report.outcome).collect()
    };
    std::thread::Builder::new().stack_size(STACK_SIZE).spawn(run).unwrap().join().unwrap()
}

#[test]
fn a_thread_that_hung_or_crashed_is_not_started_again() {
    let text = "(thread $t (module (func $f (loop (br 0))) (start $f))) (module) (wait $t) (module)";
    let timeout = Outcome::Timeout { limit: std::time::Duration::from_secs(1) };
    let outcomes = around(text, BTreeMap::from([(2, timeout.clone())]));
    assert_eq!(outcomes, [timeout.clone(), Outcome::Pass, timeout, Outcome::Pass]);

    let crash = Outcome::Crash(Box::new(CrashInfo { ending: Ending::Signal(Signal::SEGV), fault: None }));
    let outcomes = around(text, BTreeMap::from([(0, crash.clone())]));
    let by = BlockedBy {
        file: "test.wast".to_owned(),
        line: 1,
        directive: Keyword::Thread,
        outcome: OutcomeKind::Crash,
    };
    let blocked = Outcome::Blocked(Box::new(by));
    assert_eq!(outcomes, [crash, Outcome::Pass, blocked, Outcome::Pass]);
}
