use super::*;
use crate::outcome::{BlockedBy, Details, DirectiveRecord, ScriptFault};
use crate::script::{Keyword, Pattern};
use crate::trail::{CrashInfo, Ending, Got, Lack, Signal, Value, Wanted};
use std::time::Duration;

const TEXT: &str = r#"
[[unsupported]]
proposal = "simd"
reason = "not built yet"
suites = ["v2"]
files = ["core/simd_*.wast", "core/none.wast"]

[[expected]]
suites = ["v2"]
file = "core/a.wast"
index = 1
line = 2
hash = "HASH"
outcome = "fail"
class = "decoder"
reason = "because"
"#;

/// The text of the directive that is listed.
const SOURCE: &str = "(assert_return (invoke \"f\"))";

fn expectations() -> Expectations {
    Expectations::parse(&TEXT.replace("HASH", &directive_hash(SOURCE)), Scope::Suites).expect("expectations")
}

fn failed() -> Outcome {
    Outcome::fail(Wanted::Results(vec![Pattern::I32(1)]), Got::Returned(vec![Value::I32(2)]))
}

fn report(outcomes: impl IntoIterator<Item = Outcome>) -> FileReport {
    let directives = outcomes
        .into_iter()
        .zip(0..)
        .map(|(outcome, index)| DirectiveRecord {
            index,
            line: index + 1,
            col: 1,
            directive: Keyword::Module,
            content: None,
            details: (!outcome.is_pass())
                .then(|| Box::new(Details { source: Some(SOURCE.to_owned()), ..Details::default() })),
            outcome,
            elapsed_ns: 0,
        })
        .collect();
    FileReport { directives, ..FileReport::new("aot".into(), "core/a.wast".into()) }
}

#[test]
fn what_a_listed_file_cannot_do_counts_as_unsupported() {
    let unsupported = |what: &str| Outcome::lack(Lack::feature(what));
    let listed = || Outcome::lack(Lack::Proposal("simd".to_owned()));
    let mut report =
        report([Outcome::Pass, unsupported("type (struct)"), blocked_by(OutcomeKind::Unsupported)]);
    let problems = expectations().apply(Some(SuiteId::V2), "core/simd_x.wast", &mut report);
    assert_eq!(problems, []);
    assert!(!report.has_red());
    let outcomes = report.directives.iter().map(|directive| directive.outcome.clone());
    assert!(outcomes.eq([Outcome::Pass, listed(), listed()]), "{report:?}");
}

fn blocked_by(outcome: OutcomeKind) -> Outcome {
    let (file, directive) = ("a.wast".to_owned(), Keyword::Module);
    Outcome::Blocked(Box::new(BlockedBy { file, line: 1, directive, outcome }))
}

/// What needs a module that crashed, or went wrong otherwise, lacks no proposal.
#[test]
fn blocked_by_a_crash_is_not_unsupported() {
    for kind in OutcomeKind::ALL.into_iter().filter(|kind| *kind != OutcomeKind::Unsupported) {
        let mut report = report([Outcome::lack(Lack::feature("type")), blocked_by(kind)]);
        expectations().apply(Some(SuiteId::V2), "core/simd_x.wast", &mut report);
        assert_eq!(report.directives[1].outcome, blocked_by(kind));
        assert!(report.has_red(), "{kind:?}");
    }
}

/// No missing proposal explains a wrong result or a crash.
#[test]
fn a_listed_file_may_not_go_wrong() {
    let crash = Outcome::Crash(Box::new(CrashInfo { ending: Ending::Signal(Signal::SEGV), fault: None }));
    for outcome in [failed(), crash] {
        let mut report = report([outcome.clone(), Outcome::lack(Lack::feature("type"))]);
        expectations().apply(Some(SuiteId::V2), "core/simd_x.wast", &mut report);
        assert_eq!(report.directives[0].outcome, outcome);
        assert!(report.has_red());
    }
}

#[test]
fn a_listed_file_of_another_suite_does_not() {
    let mut report = report([failed()]);
    let problems = expectations().apply(Some(SuiteId::V3), "core/simd_x.wast", &mut report);
    assert_eq!(problems, []);
    assert!(report.has_red());
}

#[test]
fn a_listed_file_that_passes_is_stale() {
    let mut report = report([Outcome::Pass, Outcome::Pass]);
    let problems = expectations().apply(Some(SuiteId::V2), "core/simd_x.wast", &mut report);
    assert!(problems[0].message.contains("stale"), "{problems:?}");
    assert!(report.proposal.is_none());
}

#[test]
fn a_listed_file_need_not_parse() {
    let mut report = report([]);
    let fault = ScriptFault { line: 1, col: 1, message: "unknown".to_owned(), expected: None };
    report.script_error = Some(fault);
    let problems = expectations().apply(Some(SuiteId::V2), "core/simd_x.wast", &mut report);
    assert_eq!(problems, []);
    assert!(!report.has_red());
}

#[test]
fn a_listed_directive_is_known() {
    let mut report = report([Outcome::Pass, failed()]);
    let problems = expectations().apply(Some(SuiteId::V2), "core/a.wast", &mut report);
    assert_eq!(problems, []);
    assert!(!report.has_red());
    assert_eq!(report.known[&1], "because");
}

#[test]
fn a_listed_directive_must_go_on_as_listed() {
    let told = |outcomes: Vec<Outcome>, source: &str| {
        let mut report = report(outcomes);
        for record in report.directives.iter_mut().filter(|record| !record.outcome.is_pass()) {
            record.details_mut().source = Some(source.to_owned());
        }
        let problems = expectations().apply(Some(SuiteId::V2), "core/a.wast", &mut report);
        problems[0].message.clone()
    };
    assert!(told(vec![Outcome::Pass; 2], SOURCE).contains("passes"));
    assert!(
        told(vec![Outcome::Pass, Outcome::Timeout { limit: Duration::ZERO }], SOURCE)
            .contains("ended in timeout")
    );
    assert!(told(vec![Outcome::Pass, failed()], &SOURCE.replace("\"f\"", "\"g\"")).contains("another one"));
    assert!(told(vec![failed()], SOURCE).contains("no directive 1"));
}

#[test]
fn unmatched_entries() {
    let manifest = Manifest::parse("suite = []").expect("a manifest");
    let with = |whole: &[SuiteId], files: &[&'static str]| {
        let files: BTreeSet<&str> = files.iter().copied().collect();
        let problems = expectations().unmatched(whole, &manifest, |_| files.clone());
        problems.into_iter().map(|problem| problem.file).collect::<Vec<_>>()
    };
    assert_eq!(with(&[SuiteId::V2], &["core/simd_a.wast", "core/none.wast", "core/a.wast"]), [""; 0]);
    assert_eq!(with(&[SuiteId::V2], &["core/simd_a.wast", "core/a.wast"]), ["core/none.wast"]);
    assert_eq!(with(&[SuiteId::V2], &["core/simd_a.wast", "core/none.wast"]), ["core/a.wast:2"]);
    assert_eq!(with(&[SuiteId::V3], &[]), [""; 0]);
}

#[test]
fn entries_must_mean_something() {
    let refused = |from: &str, to: &str| Expectations::parse(&TEXT.replace(from, to), Scope::Suites).is_err();
    assert!(refused("not built yet", " "));
    assert!(refused("\"because\"", "\"\""));
    assert!(refused("\"fail\"", "\"pass\""));
    assert!(refused("\"v2\"", "\"v7\""));
    assert!(refused("class", "klass"));
}

#[test]
fn the_bundled_ones_can_be_read() {
    Expectations::bundled().expect("expectations");
}

mod bless {
    use super::*;
    use crate::expectations::{Shown, changes};

    fn bless(text: &str, run: &[Shown]) -> Result<String, BlessError> {
        crate::expectations::bless(text, Scope::Suites, run, &BTreeSet::new())
    }

    const OLD: &str = r#"# A comment that stays.
[[unsupported]]
proposal = "simd"
reason = "Not built."
suites = ["v2"]
files = ["core/a.wast", "core/b.wast"]

[[expected]]
suites = ["v2"]
file = "core/a.wast"
index = 0
line = 1
hash = "0"
outcome = "fail"
class = "engine"
reason = "A reason that stays."

[[expected]]
suites = ["v2"]
file = "core/a.wast"
index = 1
line = 2
hash = "0"
outcome = "fail"
class = "engine"
reason = "It passes now."
"#;

    fn shown(outcomes: impl IntoIterator<Item = Outcome>) -> Shown {
        let mut report = report(outcomes);
        for directive in &mut report.directives {
            directive.details_mut().source = Some(format!("(directive {})", directive.index));
        }
        Shown { suite: Some(SuiteId::V2), name: report.file.to_string(), report }
    }

    #[test]
    fn what_a_run_shows_replaces_what_was_said() {
        let crash = Outcome::Crash(Box::new(CrashInfo { ending: Ending::Signal(Signal::SEGV), fault: None }));
        let new = bless(OLD, &[shown([crash, Outcome::Pass, failed()])]).unwrap();
        for kept in ["# A comment that stays.", "A reason that stays.", "core/b.wast", "core/a.wast"] {
            assert!(new.contains(kept), "{new}");
        }
        assert!(!new.contains("It passes now."), "{new}");
        assert!(new.contains("outcome = \"crash\""), "{new}");
        assert!(new.contains("reason = \"not explained yet\""), "{new}");
        let again = bless(&new, &[shown([Outcome::Pass, Outcome::Pass, Outcome::Pass])]).unwrap();
        assert!(!again.contains("[[expected]]"), "{again}");
        assert!(!again.contains("core/a.wast"), "{again}");
        assert!(changes(&new, &again).contains("-reason = \"not explained yet\""));
    }

    #[test]
    fn the_head_of_the_file_stays() {
        const HEAD: &str = "# What this file is.\n#\n# And how.\n";
        let with = bless(HEAD, &[shown([failed()])]).unwrap();
        assert!(with.starts_with(&format!("{HEAD}\n[[expected]]\n")), "{with}");
        assert_eq!(bless(&with, &[shown([failed()])]).unwrap(), with);
        let two = bless(&with, &[shown([failed(), failed()])]).unwrap();
        let second = bless(&two, &[shown([Outcome::Pass, failed()])]).unwrap();
        assert!(
            second.starts_with(&format!("{HEAD}\n[[expected]]\n")) && second.contains("index = 1"),
            "{second}"
        );
        assert_eq!(bless(&second, &[shown([Outcome::Pass, Outcome::Pass])]).unwrap(), HEAD);
    }

    #[test]
    fn a_blessed_file_is_green_until_another_layer_decides() {
        let other = Outcome::fail(Wanted::Results(vec![Pattern::I32(1)]), Got::Valid);
        let text = bless("", &[shown([failed()])]).unwrap();
        let entries = Expectations::parse(&text, Scope::Suites).unwrap();
        let entry = &entries.expected[0];
        assert_eq!((entry.index, entry.outcome), (0, failed().kind()));
        assert_eq!((entry.layer, entry.trap, &entry.message), (Some(Layer::Run), None, &None));
        let text = text.replace(&entry.hash, &directive_hash(SOURCE));
        let entries = Expectations::parse(&text, Scope::Suites).unwrap();
        let mut same = report([failed()]);
        assert_eq!(entries.apply(Some(SuiteId::V2), "core/a.wast", &mut same), []);
        assert!(!same.has_red());
        let mut changed = report([other]);
        let problems = entries.apply(Some(SuiteId::V2), "core/a.wast", &mut changed);
        assert!(problems[0].message.contains("another layer decided"), "{problems:?}");
        assert!(changed.has_red());
    }
}

/// An entry is compared by kinds: the layer that decided, and the trap that came.
#[test]
fn an_entry_that_names_a_layer_or_a_trap_wants_that_one() {
    let hash = directive_hash(SOURCE);
    let told = |fields: &str| {
        let text = TEXT.replace("outcome = \"fail\"", &format!("outcome = \"fail\"\n{fields}"));
        assert_ne!(text, TEXT);
        let text = text.replace("HASH", &hash);
        let mut report = report([Outcome::Pass, failed()]);
        let problems = Expectations::parse(&text, Scope::Suites).unwrap().apply(
            Some(SuiteId::V2),
            "core/a.wast",
            &mut report,
        );
        problems.first().map(|problem| problem.message.clone()).unwrap_or_default()
    };
    assert_eq!(told("layer = \"run\""), "");
    assert!(told("layer = \"link\"").starts_with("another layer decided"));
    assert!(told("trap = \"Unreachable\"").starts_with("another trap came"));
    assert!(Expectations::parse(&format!("{TEXT}\nlayer = \"nowhere\""), Scope::Suites).is_err());
}

/// What a run says of another engine, or of a script that could not be read, changes no entry; and what is wrong with the
/// harness itself is never expected.
#[test]
fn blessing_keeps_what_the_run_does_not_show() {
    let blessed = |text: &str, report: FileReport| {
        let shown = Shown { suite: Some(SuiteId::V2), name: report.file.to_string(), report };
        super::bless(text, Scope::Suites, &[shown], &BTreeSet::new()).expect("a text")
    };
    let of_jit = TEXT.replace("outcome = ", "engines = [\"jit\"]\noutcome = ");
    assert_eq!(blessed(&of_jit, report([Outcome::Pass, Outcome::Pass])), of_jit.trim_start());
    let mut unread = report([]);
    let fault = ScriptFault { line: 1, col: 1, message: "unreadable".to_owned(), expected: None };
    unread.script_error = Some(fault);
    assert_eq!(blessed(TEXT, unread), TEXT.trim_start());
    let broken = || Outcome::harness(crate::trail::Refusal::harness("broken"));
    assert_eq!(blessed(TEXT, report([broken(), broken()])), TEXT.trim_start());
    assert!(!blessed(TEXT, report([Outcome::Pass, Outcome::Pass])).contains("[[expected]]"));
}

#[test]
fn entries_are_of_their_scope() {
    let own = TEXT.replace("suites = [\"v2\"]\n", "");
    let place =
        |text: &str, scope| Expectations::parse(text, scope).map_err(|error| (error.line, error.col)).err();
    assert_eq!(place(&own, Scope::Own), None);
    assert_eq!(place(TEXT, Scope::Own), Some((5, 10)));
    assert_eq!(place(&own, Scope::Suites), Some((2, 1)));
    assert_eq!(place(&TEXT.replace("[\"v2\"]", "[]"), Scope::Suites), Some((5, 10)));
    let mut report = report([Outcome::Pass, failed()]);
    let own =
        Expectations::parse(&own.replace("HASH", &directive_hash(SOURCE)), Scope::Own).expect("expectations");
    assert_eq!(own.apply(Some(SuiteId::V2), "core/a.wast", &mut report), []);
    assert!(report.has_red());
    assert_eq!(own.apply(None, "core/a.wast", &mut report), []);
    assert!(!report.has_red());
}

#[test]
fn paths_of_own_scripts_lead_below_the_folder() {
    for path in ["a.wast", "x/a.wast", "x/**", "é/*.wast"] {
        assert!(is_below(path), "{path}");
    }
    for path in
        ["", ".", "..", "./a.wast", "../a.wast", "x/../a.wast", "x/./a.wast", "/a.wast", "x//a.wast", "x/"]
    {
        assert!(!is_below(path), "{path}");
    }
}

/// Directives that are put in before others move these, and not their reasons.
#[test]
fn an_entry_follows_its_directive() {
    let with = |texts: &[&str]| {
        let mut report =
            report(texts.iter().map(|text| if text.is_empty() { Outcome::Pass } else { failed() }));
        for (record, text) in report.directives.iter_mut().zip(texts).filter(|(_, text)| !text.is_empty()) {
            record.details_mut().source = Some((*text).to_owned());
        }
        Shown { suite: None, name: "a.wast".to_owned(), report }
    };
    let bless = |text: &str, texts: &[&str]| {
        super::bless(text, Scope::Own, &[with(texts)], &BTreeSet::new()).expect("a text")
    };
    let reasons = |text: &str| {
        let mut found = Vec::new();
        for entry in &Expectations::parse(text, Scope::Own).expect("expectations").expected {
            found.push((entry.index, entry.line, entry.reason.clone()));
        }
        found
    };
    let mut text = bless("", &["", "(x)", "(y)", "", "(x)"]);
    for reason in ["first", "second", "third"] {
        text = text.replacen("not explained yet", reason, 1);
    }
    let reason = |index: u32, reason: &str| (index, index + 1, reason.to_owned());
    let three = [reason(1, "first"), reason(2, "second"), reason(4, "third")];
    assert_eq!(reasons(&text), three);
    // One more before all.
    let moved = bless(&text, &["", "", "(x)", "(y)", "", "(x)"]);
    assert_eq!(reasons(&moved), [reason(2, "first"), reason(3, "second"), reason(5, "third")]);
    // Of two with the same text, the one that is in its place stays there.
    let fewer = bless(&text, &["", "", "(y)", "", "(x)"]);
    assert_eq!(reasons(&fewer), [reason(2, "second"), reason(4, "third")]);
    // A directive with another text in the place keeps the reason.
    let edited = bless(&text, &["", "(z)", "(y)", "", "(x)"]);
    assert_eq!(reasons(&edited), three);
    assert_eq!(reasons(&bless(&text, &["", "", "", "", ""])), []);
}
