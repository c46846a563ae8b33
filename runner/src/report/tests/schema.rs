//! The lines of the JSON report against the schema that is published for them.

use super::*;
use crate::outcome::Permitted;
use crate::trail::{ContentHash, Output, SourceLine, ThreadPlace};
use serde_json::{Value, json};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../docs/report.schema.json")).expect("JSON")
}

/// The lines of runs that hold everything: all outcomes, red and listed, and all other types of lines.
fn lines() -> Vec<Value> {
    let mut listed = file("listed.wast", every_outcome());
    listed.known = (1..8).map(|index| (index, "a dispute".to_owned())).collect();
    let mut trapped = file("x.wast", every_outcome());
    let thread = ThreadPlace { thread: "t".to_owned(), line: 3, directive: Keyword::Invoke, later: 1 };
    trapped.path = Some("/suite/x.wast".into());
    for directive in &mut trapped.directives {
        directive.content = Some(ContentHash::of(b"(invoke)"));
        let details = directive.details_mut();
        let host = Some("the program ended".to_owned());
        let either = TrapInfo { alternative: Some(Trap::TableOutOfBounds), host, ..trap() };
        (details.trap, details.thread) = (Some(either.into()), Some(thread.clone().into()));
        details.exception = Some(exception().into());
        details.permitted = Permitted::ALL.to_vec();
        details.output = Some(Output { lines: vec!["i32 1 (0x00000001)".to_owned()], more: 2 }.into());
        details.line = Some(SourceLine::new("  (nop)", SourcePlace { line: 2, col: 4 }).into());
    }
    let mut all = vec![Event::FileFinished(listed), Event::FileFinished(trapped)];
    all.extend(events());
    told(&all, Json::new).lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

#[test]
fn the_schema_is_one() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn lines_of_every_kind_are_valid() {
    let validator = jsonschema::draft202012::new(&schema()).expect("a schema");
    let lines = lines();
    for line in &lines {
        let errors: Vec<String> = validator.iter_errors(line).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{line}\n{errors:#?}");
    }
    for kind in crate::outcome::OutcomeKind::ALL {
        assert!(lines.iter().any(|line| line["outcome"] == kind.name()), "{}", kind.name());
    }
    for name in ["run", "directive", "script_error", "problem", "summary"] {
        assert!(lines.iter().any(|line| line["type"] == name), "{name}");
    }
}

/// The schema allows fields that it does not know; none of ours is such a one, and none is missing everywhere.
#[test]
fn every_field_is_described() {
    let schema = schema();
    for line in lines() {
        let described = &schema["$defs"][line["type"].as_str().expect("a type")]["properties"];
        for field in line.as_object().expect("an object").keys() {
            assert!(described.get(field).is_some(), "{field} of {line}");
        }
    }
    let fields = schema["$defs"]["directive"]["properties"].as_object().expect("fields");
    for field in fields.keys() {
        assert!(lines().iter().any(|line| line.get(field).is_some()), "{field}");
    }
    let trap = schema["$defs"]["trap"]["properties"].as_object().expect("fields");
    for field in trap.keys() {
        assert!(lines().iter().any(|line| line["trap"].get(field).is_some()), "{field}");
    }
    let totals = schema["$defs"]["totals"]["properties"].as_object().expect("fields").keys().cloned();
    let ours = serde_json::to_value(EngineSummary::default()).expect("an object");
    let mut ours: Vec<String> = ours.as_object().expect("an object").keys().cloned().collect();
    let mut totals: Vec<String> = totals.collect();
    ours.sort();
    totals.sort();
    assert_eq!(totals, ours);
}

/// Each change to a valid line must make it invalid: the schema says something.
#[test]
fn what_is_not_valid() {
    let validator = jsonschema::draft202012::new(&schema()).expect("a schema");
    let lines = lines();
    let of = |key: &str, value: &str| lines.iter().find(|line| line[key] == value).expect("a line").clone();
    let bad = [
        (of("type", "directive"), "outcome", json!("passed")),
        (of("type", "directive"), "type", json!("directives")),
        (of("type", "directive"), "line", json!(-1)),
        (of("type", "directive"), "index", json!(-1)),
        (of("type", "directive"), "index", json!(1.5)),
        (of("type", "directive"), "ms", json!("1")),
        (of("type", "directive"), "directive", json!("assert_returns")),
        (of("outcome", "pass"), "actual", json!("something")),
        (of("outcome", "pass"), "known", json!("a dispute")),
        (of("outcome", "fail"), "expected", Value::Null),
        (of("outcome", "crash"), "actual", Value::Null),
        (of("outcome", "crash"), "expected", json!("something")),
        (of("type", "script_error"), "message", Value::Null),
        (of("type", "summary"), "schema", json!(1)),
        (of("type", "run"), "schema", json!(1)),
        (of("outcome", "pass"), "typed", json!("pass")),
        (of("outcome", "fail"), "layer", json!("engine")),
        (of("type", "summary"), "engines", json!({ "aot": { "files": 1 } })),
    ];
    for (line, field, value) in bad {
        assert!(validator.is_valid(&line), "{line}");
        let mut changed = line;
        changed[field] = value;
        assert!(!validator.is_valid(&changed), "{changed}");
    }
    for line in lines {
        for field in line.as_object().expect("an object").keys().filter(|field| {
            ![
                "at",
                "content",
                "exception",
                "known",
                "options",
                "output",
                "path",
                "permitted",
                "rerun",
                "suite_folder",
                "thread",
            ]
            .contains(&field.as_str())
        }) {
            let mut without = line.clone();
            without.as_object_mut().expect("an object").remove(field);
            assert!(!validator.is_valid(&without), "without {field}: {without}");
        }
    }
}
