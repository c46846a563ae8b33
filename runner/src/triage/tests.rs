use super::*;
use crate::outcome::Outcome;
use crate::script::Keyword;
use crate::trail::{Got, Wanted};
use bucket::{id, normalized};
use std::time::Duration;

#[test]
fn what_differs_from_module_to_module_is_no_cause() {
    for (left, right) in [
        (
            "type mismatch: expected i32 but nothing on stack",
            "type mismatch: expected i64 but nothing on stack",
        ),
        ("unknown function 7: at 0x3f2", "unknown function 12: at 0xa"),
        ("nothing provides `log` of `env`", "nothing provides `x` of `y`"),
        ("in function 3 <f>", "in function 11 <another one>"),
    ] {
        assert_eq!(normalized(left), normalized(right));
    }
    assert_ne!(normalized("unknown function 7"), normalized("unknown table 7"));
    // A quote that does not end hides nothing.
    assert_eq!(normalized("it's `a"), "it's `a");
}

#[test]
fn buckets_have_the_verdict_in_their_names() {
    let trap = id(Verdict::SpecTrap, "unreachable/unreachable", "");
    assert!(trap.starts_with("spec-trap-"), "{trap}");
    assert_ne!(trap, id(Verdict::SpecTrap, "integer divide by zero/i32.div_s", ""));
    assert_ne!(trap, id(Verdict::SpecTrap, "unreachable/unreachable", "0123"));
    assert_eq!(trap, id(Verdict::SpecTrap, "unreachable/unreachable", ""));
}

/// The order of verdicts is that of their gravity, and no two have one word.
#[test]
fn grave_verdicts_come_first() {
    assert!(Verdict::HostFault < Verdict::Miscompile && Verdict::Miscompile < Verdict::SpecTrap);
    assert!(Verdict::SpecTrap < Verdict::NoFault);
    assert_eq!(Verdict::Miscompile.severity(), Severity::RunTime);
    assert_eq!(Verdict::CompilerFault.severity(), Severity::CompileTime);
}

/// A report of calls with these outcomes.
fn report(engine: &str, oracle: bool, outcomes: &[Outcome]) -> FileReport {
    let directive = |(index, outcome): (u32, &Outcome)| DirectiveRecord {
        index,
        line: index + 1,
        col: 1,
        directive: Keyword::Invoke,
        content: None,
        outcome: outcome.clone(),
        details: None,
        elapsed_ns: 0,
    };
    let directives = (0..).zip(outcomes).map(directive).collect();
    FileReport { oracle, directives, ..FileReport::new(engine.into(), "a.wast".into()) }
}

/// What an engine that was stopped does later, without what it would have done, is said of nothing; what all do is.
#[test]
fn what_follows_from_a_time_out_is_no_finding() {
    let limit = Duration::from_secs(10);
    let trapped = Outcome::fail(Wanted::Return, Got::Trapped);
    let stopped = [Outcome::Timeout { limit }, trapped.clone()];
    let verdicts = |others: &[FileReport]| -> Vec<(Verdict, Option<u32>)> {
        let found = classify(others, None);
        found.iter().map(|finding| (finding.verdict, finding.index)).collect()
    };
    let well = report("aot", false, &[Outcome::Pass, Outcome::Pass]);
    let slow = report("wasmi", true, &stopped);
    assert_eq!(verdicts(&[well, slow.clone()]), [(Verdict::ResourceLimit, Some(0))]);
    let all = [report("aot", false, &[Outcome::Pass, trapped]), slow];
    assert_eq!(verdicts(&all), [(Verdict::SpecTrap, Some(1)), (Verdict::ResourceLimit, Some(0))]);
}
