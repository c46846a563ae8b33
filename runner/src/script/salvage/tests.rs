use super::super::outline::{outline, spans};
use super::super::{DirectiveKind, Keyword, Script, UnparsedCause};

/// What a script is read as: a line for each directive, and whether it parses, and where not and why.
fn read(bytes: &[u8]) -> Vec<String> {
    let script = Script::from_bytes(bytes.to_vec()).expect("a script");
    let parts = outline(bytes);
    let found: Vec<_> = script.directives().iter().map(|it| (it.line, it.col, it.kind.keyword())).collect();
    let sketched: Vec<_> = parts.iter().map(|it| (it.line, it.col, it.directive)).collect();
    assert_eq!(found, sketched, "the parser and the scan disagree");
    let told = |(line, col, keyword): (u32, u32, Keyword), kind: &DirectiveKind| match kind {
        DirectiveKind::Unparsed(unparsed) => match &unparsed.cause {
            UnparsedCause::Syntax(why) => format!("{line}:{col} {keyword} {why}"),
            UnparsedCause::UnknownDirective(word, _) => format!("{line}:{col} {keyword} unknown {word}"),
            UnparsedCause::Component => format!("{line}:{col} {keyword} component"),
        },
        _ => format!("{line}:{col} {keyword}"),
    };
    found.into_iter().zip(script.directives()).map(|(at, it)| told(at, &it.kind)).collect()
}

#[test]
fn one_bad_token_costs_one_directive() {
    assert_eq!(
        read(b"(module)\n(invoke \"a\" (i32.cosnt 1))\n(invoke \"b\")\n(assert_trap (invoke \"c\"))\n(get \"d\")"),
        [
            "1:1 module",
            "2:1 invoke expected a [type].const expression at line 2, column 14",
            "3:1 invoke",
            "4:1 assert_trap expected a string at line 4, column 26",
            "5:1 get",
        ]
    );
}

#[test]
fn a_form_that_is_not_closed_ends_before_the_next_line_that_begins_one() {
    const END: &str = "unexpected end of the directive: a parenthesis is not closed at line";
    assert_eq!(
        read(b"(module\n  (func)\n\n(invoke \"a\")\n  (module) (invoke \"b\"\n  (get \"c\")\n(get \"d\")"),
        [
            format!("1:1 module {END} 2, column 8"),
            "4:1 invoke".to_owned(),
            "5:3 module".to_owned(),
            format!("5:12 invoke {END} 5, column 22"),
            "6:3 get".to_owned(),
            "7:1 get".to_owned(),
        ]
    );
    // The module of an assertion may begin a line; the next directive is not in the assertion.
    assert_eq!(
        read(b"(assert_invalid\n(module (func)\n\"x\")\n(module)\n(invoke \"a\")"),
        [
            "1:1 assert_invalid expected `(` at line 3, column 1".to_owned(),
            "4:1 module".to_owned(),
            "5:1 invoke".to_owned()
        ]
    );
    // Deeper lines are of the form.
    assert_eq!(
        read(b"  (thread $t\n    (invoke \"a\")\n  (wait $t)"),
        [format!("1:3 thread {END} 2, column 16"), "3:3 wait".to_owned()]
    );
}

#[test]
fn a_parenthesis_too_many_further_down_hides_no_directive() {
    assert_eq!(
        read(b"(module (func)\n(invoke \"a\")\n(invoke \"b\"))\n(get \"c\")"),
        [
            "1:1 module unexpected end of the directive: a parenthesis is not closed at line 1, column 14",
            "2:1 invoke",
            "3:1 invoke",
            "3:13 unknown unexpected `)`: no parenthesis is open at line 3, column 13",
            "4:1 get",
        ]
    );
}

#[test]
fn strings_and_comments_that_do_not_end() {
    assert_eq!(
        read(b"(invoke \"a)\n(invoke \"b\")\n(module (; x\n(invoke \"c\")\n(; (; y ;)\n(get \"d\")"),
        [
            "1:1 invoke unexpected end of the line: a string does not end on it at line 1, column 9",
            "2:1 invoke",
            "3:1 module unexpected end of the directive: a block comment does not end at line 3, column 9",
            "4:1 invoke",
            "5:1 unknown unexpected end of the script: a block comment does not end at line 5, column 1",
            "6:1 get",
        ]
    );
    assert_eq!(read(b"(module) (invoke \"\\").len(), 2);
}

#[test]
fn what_stands_between_directives_is_a_part_of_its_own() {
    assert_eq!(
        read(
            "\u{feff}(module) foo \"bar\" ) ;; no\n; baz\n(@custom \"c\")\n(@other)(assert_foo)(func)\n(get \"a\")"
                .as_bytes()
        ),
        [
            "1:1 unknown unexpected byte order mark at line 1, column 1",
            "1:4 module",
            "1:13 unknown unexpected token between directives at line 1, column 13",
            "2:1 unknown unexpected token between directives at line 2, column 1",
            "3:1 unknown an annotation of modules between directives at line 3, column 1",
            "4:9 unknown unknown assert_foo",
            "4:21 unknown unknown func",
            "5:1 get",
        ]
    );
}

#[test]
fn bytes_that_are_not_utf8_cost_what_they_are_in() {
    assert_eq!(
        read(b"(module) ;; \xfc\n(invoke \"\xff\")\n(invoke \"b\")"),
        [
            "1:1 module",
            "1:10 unknown malformed UTF-8 encoding at line 1, column 13",
            "2:1 invoke malformed UTF-8 encoding at line 2, column 10",
            "3:1 invoke",
        ]
    );
}

#[test]
fn components_are_named() {
    assert_eq!(
        read(b"(component)\n(assert_invalid (component quote \"(\") \"x\")\n(component instance $a $b)\n(module)"),
        ["1:1 module component", "2:1 assert_invalid component", "3:1 module component", "4:1 module"]
    );
}

#[test]
fn the_fields_of_a_module_are_one_directive() {
    assert_eq!(
        read(b"(func (nopp))\n(memory 1)"),
        ["1:1 module unknown operator or unexpected token at line 1, column 8"]
    );
}

#[test]
fn names_of_what_does_not_parse_are_known() {
    let script = Script::parse(
        "(module $a (x))(module definition $b (x))(module instance $c $d $e)(register \"f\" 1)(thread $g (x))(modul $h)",
    )
    .expect("a script");
    let name = |kind: &DirectiveKind| match kind {
        DirectiveKind::Unparsed(unparsed) => unparsed.name.clone(),
        _ => None,
    };
    let names: Vec<_> = script.directives().iter().map(|it| name(&it.kind)).collect();
    assert_eq!(names, ["a", "b", "c", "f", "g", "h"].map(|name| Some(name.into())));
}

/// A text of which parts do not end is looked through once for all of them: anything else would take hours here.
#[test]
fn broken_texts_take_linear_time() {
    for unit in
        ["(module\n", "(; (", "( (;\n", "(module) \"\n", "(module (;;) )) x ", "(assert_x (;;)\n(module\n"]
    {
        assert!(!spans(&unit.repeat(400_000).into_bytes()).is_empty(), "{unit}");
    }
}
