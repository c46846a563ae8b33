use super::*;

fn unfolded(text: &str) -> String {
    unfold(text).unwrap_or_else(|error| panic!("{text}: {error} at {}", error.offset)).text().to_owned()
}

fn misplaced(text: &str) -> &str {
    match unfold(text) {
        Err(error) => &text[error.offset..],
        Ok(unfolded) => panic!("{}", unfolded.text()),
    }
}

/// A text without white space at which nothing hangs.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn parts_lose_their_parentheses() {
    for (folded, flat) in [
        ("(try (do (nop)) (catch $e (drop)) (catch_all))", "(end try (nop) catch $e (drop) catch_all )"),
        (
            "(try $l (type 0) (param i32) (result i32)(do nop)(catch 1 nop))nop",
            "(end try $l (type 0) (param i32) (result i32) nop catch 1 nop )nop",
        ),
        ("(try (do (call 0)) (delegate $l))", "(delegate $l try (call 0) )"),
        ("(try (do) (delegate (; 1 ;) 2))", "(delegate 2 try (; 1 ;) )"),
        ("(try(do))", "(end try )"),
        (
            "(try (do (try (do) (delegate 0))) (catch_all (try (do))))",
            "(end try (delegate 0 try ) catch_all (end try ) )",
        ),
    ] {
        assert_eq!(words(&unfolded(folded)), words(flat), "{folded}");
    }
}

#[test]
fn everything_else_stays() {
    for text in [
        "(module)",
        "try nop catch $e nop end (; (try (do)) ;) \"(try (do))\" ;; (catch)",
        "(try_table (result i32) (catch $e 0) (catch_ref 0 1) (catch_all 0) (catch_all_ref 1) (call $try))",
        "(func block try_table $l (type 0) (result i32) (catch 1 0 (;@1;)) (catch_all 0) nop end end (try_table (catch 0 0)))",
        "(@custom (try (do (delegate))) (catch) (())) (@try (do))",
        "(invoke \"try\") (i32.add (local.get $catch) (local.get $delegate)) ((do_not))",
    ] {
        let unfolded = unfold(text).expect("it has no folded try");
        assert!(matches!(unfolded.text(), same if same == text), "{text}");
        assert_eq!(unfolded.original(3), 3);
    }
}

#[test]
fn text_that_the_parser_refuses_stays_as_it_is() {
    for text in ["(try (do)", "(try (do (nop", "(func (try_table)))) )", "\"try", "(; try"] {
        assert!(unfold(text).is_ok(), "{text}");
    }
}

#[test]
fn misplaced_parts_are_found() {
    for (text, rest) in [
        ("(func (catch_all))", "catch_all))"),
        ("(func (catch $e))", "catch $e))"),
        ("(func try_table nop (catch $e 0) end)", "catch $e 0) end)"),
        ("(func try_table (drop) (catch $e 0) end)", "catch $e 0) end)"),
        ("(func (block try_table) (catch $e 0) end)", "catch $e 0) end)"),
        ("(func (delegate 0))", "delegate 0))"),
        ("(func (do (try)))", "do (try)))"),
        ("(try)", ")"),
        ("(try nop)", "nop)"),
        ("(try (result i32))", ")"),
        ("(try (nop))", "nop))"),
        ("(try (catch $e))", "catch $e))"),
        ("(try (do) nop)", "nop)"),
        ("(try (do) (nop))", "nop))"),
        ("(try (do) (do))", "do))"),
        ("(try (do) (result i32))", "result i32))"),
        ("(try (do) (catch_all) (catch_all))", "catch_all))"),
        ("(try (do) (catch_all) (catch 0))", "catch 0))"),
        ("(try (do) (catch $e) (delegate 0))", "delegate 0))"),
        ("(try (do) (catch_all) (delegate 0))", "delegate 0))"),
        ("(try (do) (delegate 0) (delegate 0))", "delegate 0))"),
        ("(try (do) (delegate 0) (catch 0))", "catch 0))"),
        ("(try (do) (delegate))", "))"),
        ("(try (do) (delegate 0 1))", "))"),
        ("(try (do) (delegate (nop) 1))", "nop) 1))"),
        ("(try (do) (\"x\"))", "\"x\"))"),
    ] {
        assert_eq!(misplaced(text), rest, "{text}");
    }
}

/// Where each word of the result leads back to.
fn origins(text: &str) -> Vec<(String, usize)> {
    let unfolded = unfold(text).expect("it can be unfolded");
    let words = words(unfolded.text()).into_iter();
    let offset = |word: &str| word.as_ptr() as usize - unfolded.text().as_ptr() as usize;
    words.map(|word| (word.to_owned(), unfolded.original(offset(word)))).collect()
}

#[test]
fn places_lead_back() {
    let text = "(try (do (try (do (;é;) nop ) (catch 7 a ) )) (delegate $l ) )b";
    for (word, place) in origins(text) {
        match word.as_str() {
            "(delegate" | "(end" => assert!(text[place..].starts_with("(try"), "{word}"),
            // What is left of the two parentheses at the end.
            ")b" => assert!(text[place..].starts_with(")b")),
            word => assert!(text[place..].starts_with(word), "{word} at {place}"),
        }
    }
    // `end` leads back to the parenthesis that ends the block.
    let text = "(try (do) (catch_all nop) )";
    let unfolded = unfold(text).expect("it can be unfolded");
    assert_eq!(unfolded.original(1), text.len() - 1);
    assert_eq!(unfolded.original(unfolded.text().len()), text.len());
}

#[test]
fn nesting_has_no_limit() {
    let depth = 100_000;
    let text = format!("{}nop{}", "(try (do ".repeat(depth), ") (catch_all))".repeat(depth));
    let unfolded = unfold(&text).expect("it can be unfolded");
    assert_eq!(unfolded.text().matches("(end try").count(), depth);
    assert_eq!(unfolded.original(unfolded.text().find("nop").expect("the innermost code")), 9 * depth);
}
