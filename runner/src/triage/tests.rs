use super::*;
use bucket::{id, normalized};

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
