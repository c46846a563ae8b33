//! Reports that are read again: compared, and merged.

use super::*;
use crate::outcome::OutcomeKind;
use crate::outcome::Permitted;
use crate::script::{Float, HeapKind, Lanes};

fn ended(files: impl IntoIterator<Item = FileReport>) -> Vec<Event> {
    let mut events = vec![started(1)];
    events.extend(files.into_iter().map(Event::FileFinished));
    events.push(Event::RunFinished { elapsed: Duration::from_millis(100) });
    events
}

fn report(files: impl IntoIterator<Item = FileReport>) -> String {
    told(&ended(files), Json::new)
}

fn parse(text: &str) -> Recorded<'_> {
    Recorded::parse(text).expect("a report")
}

fn merged(parts: &[(&str, &str)]) -> Result<String, MergeError> {
    let runs: Vec<_> = parts.iter().map(|(name, text)| ((*name).to_owned(), parse(text))).collect();
    let mut out = Vec::new();
    Merged::new(&runs)?.write(&mut out).expect("memory takes everything");
    Ok(String::from_utf8(out).expect("text"))
}

#[test]
fn what_is_written_can_be_read() {
    let text = told(&events(), Json::new);
    let run = parse(&text);
    assert_eq!((run.directives.len(), run.script_errors.len(), run.problems.len()), (8, 2, 1));
    let text = report([file("x.wast", every_outcome())]);
    let run = parse(&text);
    let outcomes: Vec<OutcomeKind> = run.directives.values().map(|directive| directive.kind()).collect();
    assert_eq!(outcomes, OutcomeKind::ALL);
    let odd = &run.directives.values().nth(6).expect("a directive").actual;
    assert_eq!(odd.as_deref(), Some("failed to \u{1}\x1b[31m count:\n100% | `of` <it>"));
}

#[test]
fn what_is_no_whole_report() {
    let text = told(&events(), Json::new);
    let lines: Vec<&str> = text.lines().collect();
    let fails = |text: String| Recorded::parse(&text).expect_err("no report").to_string();
    assert!(matches!(Recorded::parse(""), Err(RecordError::Unfinished)));
    let cut = lines[..lines.len() - 1].join("\n");
    assert!(matches!(Recorded::parse(&cut), Err(RecordError::Unfinished)));
    assert!(fails(text[..text.len() - 20].to_owned()).starts_with("line 13 is not one of a report: "));
    assert!(fails(format!("{text}{text}")).starts_with("line 14 comes after the summary"));
    assert!(matches!(Recorded::parse(&lines[1..].join("\n")), Err(RecordError::NoRun)));
    let without = [&lines[..1], &lines[2..]].concat().join("\n");
    assert!(fails(without).ends_with("counts 8 directives on aot, and it has 7"));
    let contradicting = text.replacen("\"outcome\":\"pass\"", "\"outcome\":\"crash\"", 1);
    assert!(matches!(Recorded::parse(&contradicting), Err(RecordError::Contradiction(2))));
    let counted = text.replacen("\"pass\":3", "\"pass\":4", 1);
    assert_eq!(fails(counted), "its summary counts 4 pass on aot, and it has 3");
    let twice = [&lines[..2], &lines[1..]].concat().join("\n");
    assert!(fails(twice).starts_with("line 3 is about directive 0 of a.wast on aot again"));
    let run_again = [&lines[..2], &lines[..]].concat().join("\n");
    assert!(matches!(Recorded::parse(&run_again), Err(RecordError::AfterRun(3))));
    assert!(fails(text.replace("\"schema\":2", "\"schema\":1")).contains("schema is 1"));
    assert!(fails("{\"type\":\"directiv\"}".to_owned()).contains("unknown variant `directiv`"));
    assert!(fails(text.replacen("\"index\":0,", "", 1)).contains("missing field `index`"));
    // Another one's directives are not in the summary at all.
    assert!(
        fails(text.replacen("\"engine\":\"aot\"", "\"engine\":\"jit\"", 1)).contains("on aot, and it has 7")
    );
}

#[test]
fn fields_may_be_added() {
    let text = told(&events(), Json::new).replace("{\"type\":", "{\"added\":[1],\"type\":");
    assert_eq!(parse(&text).directives.len(), 8);
    assert!(merged(&[("a", &text)]).expect("one report").contains("\n{\"added\":[1],\"type\":\"directive\""));
}

#[test]
fn differences() {
    let pass = || Outcome::Pass;
    let blocked = || blocked("a.wast", 1);
    let mut moved = file("moved.wast", [pass(), failed()]);
    let old = report([
        file("a.wast", [pass(), failed(), failed(), pass()]),
        file("gone.wast", [pass(), failed(), pass()]),
        moved.clone(),
    ]);
    moved.directives[0].line += 1;
    let new = report([
        file("a.wast", [failed(), pass(), blocked(), pass()]),
        moved,
        file("new.wast", [pass(), failed()]),
    ]);
    let diff = Diff::between(&parse(&old), &parse(&new));
    assert_eq!(
        diff.to_string(),
        "newly failing: 1
  aot a.wast:10:3 assert_return: pass -> fail: expected i32 1 (0x00000001), got i32 2 (0x00000002)
newly passing: 1
  aot a.wast:11:3 assert_return: fail -> pass
failing otherwise: 1
  aot a.wast:12:3 assert_return: fail -> blocked: a.wast:1 (fail)
vanished: 4, of which 3 passed
  aot gone.wast: the whole file, 3 directives, 2 pass
  aot moved.wast:10:3 assert_return: pass
new: 3, of which 2 pass
  aot moved.wast:11:3 assert_return: pass
  aot new.wast: the whole file, 2 directives, 1 pass
"
    );
    assert!(diff.is_regression());
}

#[test]
fn what_is_a_regression() {
    let pass = || Outcome::Pass;
    let mut fault = file("a.wast", []);
    fault.script_error = Some(ScriptFault { line: 1, col: 2, message: "no".to_owned(), expected: None });
    let mut listed = fault.clone();
    listed.script_error.as_mut().expect("a fault").expected = Some("threads".to_owned());
    let mut other_engine = file("a.wast", [pass()]);
    other_engine.engine = "jit".into();
    let cases = [
        (file("a.wast", [pass()]), file("a.wast", [pass()]), false),
        (file("a.wast", [pass()]), file("a.wast", [failed()]), true),
        (file("a.wast", [failed()]), file("a.wast", [pass()]), false),
        (file("a.wast", [failed()]), file("a.wast", [Outcome::NotRun(NotRun::EarlierFailure)]), false),
        (file("a.wast", [pass(), failed()]), file("a.wast", [pass()]), false),
        (file("a.wast", [pass(), pass()]), file("a.wast", [pass()]), true),
        (file("a.wast", [pass()]), file("a.wast", [pass(), failed()]), false),
        (file("a.wast", [pass()]), file("b.wast", [pass()]), true),
        (file("a.wast", [pass()]), other_engine, true),
        (listed.clone(), fault.clone(), true),
        (fault.clone(), fault.clone(), false),
        (fault, listed, false),
    ];
    for (old, new, regression) in cases {
        let (old, new) = (report([old]), report([new]));
        let diff = Diff::between(&parse(&old), &parse(&new));
        assert_eq!(diff.is_regression(), regression, "{old}{new}{diff}");
    }
}

#[test]
fn a_new_problem_is_a_regression() {
    let quiet = report([file("a.wast", [Outcome::Pass])]);
    let mut events = ended([file("a.wast", [Outcome::Pass])]);
    events.insert(1, problem("a.wast", "2 outcomes for 1 directives"));
    let loud = told(&events, Json::new);
    let diff = Diff::between(&parse(&quiet), &parse(&loud));
    assert!(diff.to_string().starts_with("newly failing: 1\n  a.wast: problem: 2 outcomes"), "{diff}");
    assert!(diff.is_regression());
    assert!(!Diff::between(&parse(&loud), &parse(&loud)).is_regression());
    assert!(!Diff::between(&parse(&loud), &parse(&quiet)).is_regression());
}

#[test]
fn parts_make_the_whole() {
    let all = events();
    let of = |take: &[usize]| -> String {
        let problem = all.len() - 2;
        let mut part = vec![all[0].clone()];
        part.extend(take.iter().map(|&at| all[at].clone()));
        // Each part says what is wrong with the whole.
        part.extend([all[problem].clone(), all[problem + 1].clone()]);
        told(&part, Json::new)
    };
    let whole = told(&all, Json::new);
    let canonical = merged(&[("whole", &whole)]).expect("one report");
    let parts =
        merged(&[("1", &of(&[5, 2, 1])), ("2", &of(&[6, 3])), ("3", &of(&[4]))]).expect("three reports");
    let without_time = |text: &str| text.replace("\"wall_s\":3.75", "\"wall_s\":1.25");
    assert_eq!(without_time(&parts), canonical);
    let mut lines: Vec<&str> = whole.lines().collect();
    let mut merged_lines: Vec<&str> = canonical.lines().collect();
    assert_eq!(merged_lines.last(), lines.last());
    lines.sort_unstable();
    merged_lines.sort_unstable();
    assert_eq!(merged_lines, lines);
    assert!(parse(&parts).directives.keys().is_sorted());
}

#[test]
fn nothing_may_be_in_two_parts() {
    let text = told(&events(), Json::new);
    let other = report([file("z.wast", [Outcome::Pass]), file("b.wast", [Outcome::Pass])]);
    let error = merged(&[("1.jsonl", &text), ("2.jsonl", &other)]).expect_err("b.wast is in both");
    assert_eq!(
        error.to_string(),
        "directive 0 of b.wast on aot (10:3 assert_return) is in 1.jsonl and in 2.jsonl"
    );
    let mut broken = file("broken.wast", []);
    broken.script_error = Some(ScriptFault { line: 0, col: 0, message: String::new(), expected: None });
    let error = merged(&[("1.jsonl", &text), ("2.jsonl", &report([broken]))]).expect_err("it is in both");
    assert_eq!(error.to_string(), "broken.wast on aot is in 1.jsonl and in 2.jsonl");
}

#[test]
fn engines_are_kept_apart() {
    let mut jit = file("a.wast", [Outcome::Pass, failed()]);
    jit.engine = "jit".into();
    let (aot, jit) = (report([file("a.wast", [Outcome::Pass, Outcome::Pass])]), report([jit]));
    let text = merged(&[("aot", &aot), ("jit", &jit)]).expect("two engines");
    let totals: Vec<String> =
        parse(&text).engines.iter().map(|(name, totals)| format!("{name}: {totals}")).collect();
    assert_eq!(
        totals,
        ["aot: 2 directives in 1 file: 2 pass, 0 fail", "jit: 2 directives in 1 file: 1 pass, 1 fail"]
    );
}

/// What a worker sends is what is read back from a report, to the last field.
#[test]
fn records_survive_the_wire_and_the_report() {
    let mut all = file("x.wast", every_outcome());
    for directive in &mut all.directives {
        let details = directive.details_mut();
        details.source = Some("(invoke \"f\")".to_owned());
        details.trap = Some(TrapInfo { alternative: Some(Trap::Unreachable), ..trap() }.into());
        details.exception = Some(exception().into());
        details.permitted = Permitted::ALL.to_vec();
    }
    let lanes = Lanes::F64x2([Float::CanonicalNan, Float::Bits(u64::MAX)]);
    let wanted = Wanted::Results(vec![Pattern::V128(lanes), Pattern::RefNull(Some(HeapKind::Func))]);
    let got = Got::Returned(vec![Value::V128(u128::MAX - 1), Value::NullFunc]);
    all.directives.push(DirectiveRecord { index: 9, ..directive(9, Outcome::fail(wanted, got)) });
    let text = report([all.clone()]);
    let read: Vec<_> = parse(&text).directives.into_values().map(|directive| directive.record).collect();
    assert_eq!(read, all.directives);
    let bytes = postcard::to_stdvec(&all.directives).expect("bytes");
    assert_eq!(postcard::from_bytes::<Vec<DirectiveRecord>>(&bytes).expect("records"), all.directives);
}
