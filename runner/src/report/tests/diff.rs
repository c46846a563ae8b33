//! Reports that are compared.

use super::recorded::{ended, parse, report};
use super::*;
use crate::trail::ContentHash;

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
    moved.directives[0].line += 5;
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
failing worse: 0
newly passing: 1
  aot a.wast:11:3 assert_return: fail -> pass
failing otherwise: 1
  aot a.wast:12:3 assert_return: fail -> blocked: a.wast:1 (fail)
vanished: 3, of which 2 passed
  aot gone.wast: the whole file, 3 directives, 2 pass
new: 2, of which 1 pass
  aot new.wast: the whole file, 2 directives, 1 pass
"
    );
    assert!(diff.is_worse());
}

#[test]
fn what_is_worse() {
    let pass = || Outcome::Pass;
    let mut fault = file("a.wast", []);
    fault.script_error = Some(ScriptFault { line: 1, col: 2, message: "no".to_owned(), expected: None });
    let mut listed = fault.clone();
    listed.script_error.as_mut().expect("a fault").expected = Some("threads".to_owned());
    let mut known = file("a.wast", [failed()]);
    known.known.insert(0, "a dispute".to_owned());
    let crashed =
        || every_outcome().into_iter().find(|one| one.kind() == OutcomeKind::Crash).expect("one of each");
    let mut other_engine = file("a.wast", [pass()]);
    other_engine.engine = "jit".into();
    let cases = [
        (file("a.wast", [pass()]), file("a.wast", [pass()]), false),
        (file("a.wast", [pass()]), file("a.wast", [failed()]), true),
        (file("a.wast", [failed()]), file("a.wast", [pass()]), false),
        (file("a.wast", [failed()]), file("a.wast", [Outcome::NotRun(NotRun::EarlierFailure)]), false),
        (file("a.wast", [pass(), failed()]), file("a.wast", [pass()]), false),
        (file("a.wast", [pass(), pass()]), file("a.wast", [pass()]), true),
        (file("a.wast", [pass()]), file("a.wast", [pass(), failed()]), true),
        (file("a.wast", [pass()]), file("b.wast", [pass()]), true),
        (file("a.wast", [pass()]), other_engine, true),
        (file("a.wast", [failed()]), file("a.wast", [crashed()]), true),
        (file("a.wast", [crashed()]), file("a.wast", [failed()]), false),
        (file("a.wast", [unsupported("simd")]), file("a.wast", [failed()]), true),
        (known, file("a.wast", [failed()]), true),
        (file("./x//a.wast", [pass()]), file("x/a.wast", [pass()]), false),
        (listed.clone(), fault.clone(), true),
        (fault.clone(), fault.clone(), false),
        (fault, listed, false),
    ];
    for (old, new, worse) in cases {
        let (old, new) = (report([old]), report([new]));
        let diff = Diff::between(&parse(&old), &parse(&new));
        assert_eq!(diff.is_worse(), worse, "{old}{new}{diff}");
    }
}

#[test]
fn a_new_problem_is_worse() {
    let quiet = report([file("a.wast", [Outcome::Pass])]);
    let mut events = ended([file("a.wast", [Outcome::Pass])]);
    events.insert(1, problem("a.wast", "2 outcomes for 1 directives"));
    let loud = told(&events, Json::new);
    let diff = Diff::between(&parse(&quiet), &parse(&loud));
    assert!(diff.to_string().starts_with("newly failing: 1\n  a.wast: problem: 2 outcomes"), "{diff}");
    assert!(diff.is_worse());
    assert!(!Diff::between(&parse(&loud), &parse(&loud)).is_worse());
    assert!(!Diff::between(&parse(&loud), &parse(&quiet)).is_worse());
}

/// A file whose directives have these texts.
fn texts(lines: &[(&str, Outcome)]) -> FileReport {
    let mut file = file("a.wast", lines.iter().map(|(_, outcome)| outcome.clone()));
    for ((text, _), (directive, line)) in lines.iter().zip(file.directives.iter_mut().zip(1..)) {
        directive.content = Some(ContentHash::of(text.as_bytes()));
        directive.line = line;
    }
    file
}

#[test]
fn directives_are_known_by_text_and_order() {
    let pass = || Outcome::Pass;
    let between = |old: &[(&str, Outcome)], new: &[(&str, Outcome)]| {
        let (old, new) = (report([texts(old)]), report([texts(new)]));
        Diff::between(&parse(&old), &parse(&new)).to_string()
    };
    let same = "newly failing: 0\nfailing worse: 0\nnewly passing: 0\nfailing otherwise: 0\n";
    let old = [("m", pass()), ("a", failed()), ("d", pass()), ("b", pass())];
    // Something in front, and something in between.
    let new = [("x", pass()), ("m", pass()), ("a", failed()), ("y", pass()), ("d", pass()), ("b", pass())];
    assert_eq!(
        between(&old, &new),
        format!(
            "{same}vanished: 0\nnew: 2, of which 2 pass\n  aot a.wast:1:3 assert_return: pass\n  \
             aot a.wast:4:3 assert_return: pass\n"
        )
    );
    // The first is gone: the ones after it are still themselves.
    assert_eq!(
        between(&old, &[("m", pass()), ("d", pass()), ("b", pass())]),
        format!("{same}vanished: 1, of which 0 passed\n  aot a.wast:2:3 assert_return: {}\nnew: 0\n", FAILED)
    );
    // The last was edited, and fails.
    let edited = between(&old, &[("m", pass()), ("a", failed()), ("d", pass()), ("c", failed())]);
    assert!(
        edited.starts_with(&format!("newly failing: 1\n  aot a.wast:4:3 assert_return: pass -> {FAILED}\n"))
    );
    assert!(edited.ends_with("vanished: 0\nnew: 0\n"), "{edited}");
}

const FAILED: &str = "fail: expected i32 1 (0x00000001), got i32 2 (0x00000002)";

#[test]
fn forms_of_a_comparison() {
    let old = report([file("a.wast", [Outcome::Pass, failed()])]);
    let new = report([file("a.wast", [failed(), Outcome::Pass])]);
    let diff = Diff::between(&parse(&old), &parse(&new));
    let mut out = Vec::new();
    diff.write_json(&mut out).expect("memory takes everything");
    let text = String::from_utf8(out).expect("text");
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[0]["section"], &lines[0]["worse"]), (&"newly_failing".into(), &true.into()));
    assert_eq!((&lines[0]["before"], &lines[0]["after"]), (&"pass".into(), &"fail".into()));
    assert_eq!((&lines[1]["section"], &lines[1]["line"]), (&"newly_passing".into(), &11.into()));
    assert_eq!((&lines[2]["type"], &lines[2]["worse"]), (&"diff".into(), &true.into()));
    assert_eq!((&lines[2]["newly_failing"], &lines[2]["vanished"]), (&1.into(), &0.into()));
    let mut out = Vec::new();
    diff.write_github(&mut out).expect("memory takes everything");
    assert_eq!(
        String::from_utf8(out).expect("text").lines().next(),
        Some(&*format!("::error file=a.wast,line=10,col=3,title=newly failing (aot)::pass -> {FAILED}"))
    );
}
