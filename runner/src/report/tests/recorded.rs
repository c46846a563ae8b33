//! Reports that are read again, and merged.

use super::*;
use crate::outcome::OutcomeKind;
use crate::outcome::Permitted;
use crate::script::{Float, HeapKind, Lanes};

pub(super) fn ended(files: impl IntoIterator<Item = FileReport>) -> Vec<Event> {
    let mut events = vec![started(1)];
    events.extend(files.into_iter().map(Event::FileFinished));
    events.push(Event::RunFinished { elapsed: Duration::from_millis(100) });
    events
}

pub(super) fn report(files: impl IntoIterator<Item = FileReport>) -> String {
    told(&ended(files), Json::new)
}

pub(super) fn parse(text: &str) -> Recorded<'_> {
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
    assert!(fails(String::new()).starts_with("line 1: the file is empty"));
    let cut = lines[..lines.len() - 1].join("\n");
    assert!(fails(cut).starts_with("line 12: the report breaks off here"));
    assert!(
        fails(text[..text.len() - 20].to_owned()).starts_with("line 13: this is not a line of a report: ")
    );
    assert!(fails(format!("{text}{text}")).starts_with("line 14: this comes after the summary"));
    assert!(
        fails(lines[1..].join("\n"))
            .starts_with("line 1: a report of schema 2 begins with a line of the type")
    );
    let without = [&lines[..1], &lines[2..]].concat().join("\n");
    assert_eq!(fails(without), "line 12: the summary counts 8 directives on aot, and the report has 7");
    let contradicting = text.replacen("\"outcome\":\"pass\"", "\"outcome\":\"crash\"", 1);
    assert!(fails(contradicting).starts_with("line 2: this contradicts itself"));
    let counted = text.replacen("\"pass\":3", "\"pass\":4", 1);
    assert_eq!(fails(counted), "line 13: the summary counts 4 pass on aot, and the report has 3");
    let twice = [&lines[..2], &lines[1..]].concat().join("\n");
    assert_eq!(fails(twice), "line 3: this is about directive 0 of a.wast on aot again");
    let run_again = [&lines[..2], &lines[..]].concat().join("\n");
    assert!(fails(run_again).starts_with("line 3: this begins another run"));
    assert!(
        fails(text.replace("\"schema\":2", "\"schema\":1")).starts_with("line 1: the report has schema 1")
    );
    // Earlier versions had other fields in their first line.
    assert!(
        fails("{\"type\":\"run\",\"schema\":1}".to_owned()).starts_with("line 1: the report has schema 1")
    );
    for foreign in ["(module)", "<testsuites/>", "[1]", "{\"a\":1}"] {
        let said = fails(foreign.to_owned());
        assert!(said.starts_with("line 1: this is not a report that"), "{foreign}: {said}");
    }
    let odd = format!("{}\n{{\"type\":\"directiv\"}}", lines[0]);
    assert!(fails(odd).contains("unknown variant `directiv`"));
    assert!(fails(text.replacen("\"index\":0,", "", 1)).contains("missing field `index`"));
    // Another one's directives are not in the summary at all.
    assert!(
        fails(text.replacen("\"engine\":\"aot\"", "\"engine\":\"jit\"", 1))
            .contains("on aot, and the report has 7")
    );
}

#[test]
fn fields_may_be_added() {
    let text = told(&events(), Json::new).replace("{\"type\":", "{\"added\":[1],\"type\":");
    assert_eq!(parse(&text).directives.len(), 8);
    assert!(merged(&[("a", &text)]).expect("one report").contains("\n{\"added\":[1],\"type\":\"directive\""));
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

/// What is shown of a recorded run is what the run itself has shown.
#[test]
fn a_report_in_every_form() {
    let mut all = events();
    // The canonical order, in which reports are read back.
    all[1..7].sort_by_key(|event| match event {
        Event::FileFinished(file) => file.file.clone(),
        _ => panic!("files come first"),
    });
    for event in &mut all {
        if let Event::FileFinished(file) = event {
            file.path = Some(format!("/suite/{}", file.file).into());
            file.elapsed = file.directives.iter().map(DirectiveRecord::elapsed).sum();
        }
    }
    let text = told(&all, Json::new);
    let read: Vec<Event> = parse(&text).events().collect();
    assert_eq!(told(&read, Json::new), text);
    let pretty = |out| Pretty::new(out, PrettyOptions { slowest: true, ..PrettyOptions::default() });
    assert_eq!(told(&read, pretty), told(&all, pretty));
    assert_eq!(
        told(&read, |out| Terse::new(out, Style::default())),
        told(&all, |out| Terse::new(out, Style::default()))
    );
    assert_eq!(told(&read, Junit::new), told(&all, Junit::new));
    assert_eq!(told(&read, |out| Github::new(out, None)), told(&all, |out| Github::new(out, None)));
}

#[test]
fn red_parts_and_missing_ones() {
    let part = |name: &str, partition: Option<&str>, outcome: Outcome| {
        let mut events = ended([file(name, [outcome])]);
        let Event::RunStarted { run, .. } = &mut events[0] else { panic!("a run begins") };
        std::sync::Arc::make_mut(run).partition = partition.map(str::to_owned);
        told(&events, Json::new)
    };
    let merge = |parts: &[&str]| {
        let runs: Vec<_> = parts.iter().enumerate().map(|(at, text)| (at.to_string(), parse(text))).collect();
        let merged = Merged::new(&runs).expect("different parts");
        let missing: Vec<_> = merged.missing().iter().map(|problem| problem.file.clone()).collect();
        let mut out = Vec::new();
        merged.write(&mut out).expect("memory takes everything");
        let text = String::from_utf8(out).expect("text");
        // What is written says it, too.
        assert_eq!(parse(&text).is_red(), merged.is_red());
        (merged.is_red(), missing.join(" "))
    };
    let (one, two) =
        (part("a", Some("count:1/3"), Outcome::Pass), part("b", Some("count:2/3"), Outcome::Pass));
    let three = part("c", Some("count:3/3"), Outcome::Pass);
    assert_eq!(merge(&[&one, &three, &two]), (false, String::new()));
    assert_eq!(merge(&[&two]), (true, "--partition count:1/3 --partition count:3/3".to_owned()));
    assert_eq!(merge(&[&one, &part("c", Some("count:3/3"), failed()), &two]), (true, String::new()));
    assert_eq!(merge(&[&part("x", None, Outcome::Pass)]), (false, String::new()));
    assert_eq!(merge(&[&part("x", None, failed())]), (true, String::new()));
}
