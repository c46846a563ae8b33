//! What reports of runs on several engines say.

use crate::place::Place;

/// A run on several engines says once what fails on all of them, and on which; a comparison also what was compared.
#[test]
fn what_engines_have_in_common_is_said_once() {
    let script = "(module (func (export \"f\") (result i32) (i32.const 1)))
(assert_return (invoke \"f\") (i32.const 2))
(invoke \"f\")
(module definition $d (import \"none\" \"none\" (func)))
(module instance $i $d)
(invoke $i \"f\")
";
    let place = Place::new(&[("a.wast", script), ("b.wast", "(module"), ("c.wast", "(module)")]);
    let arguments = |command| [command, "a.wast", "b.wast", "c.wast", "--engine", "aot,jit,linked"];
    for command in ["wast", "compare"] {
        let run = place.run(&arguments(command));
        assert_eq!(run.out.matches("fail a.wast:2:1 assert_return\n    (assert").count(), 1, "{run:#?}");
        run.expect(
            1,
            &[
                "jit/a.wast: 3 pass, 2 fail, 1 blocked\n    3 failures as on an earlier engine\n",
                "not as expected: 4\n",
                "  fail a.wast:2:1 assert_return (aot, jit, linked)\n",
                "  fail a.wast:5:1 module instance (aot, jit, linked)\n",
                " (aot, jit, linked)\n",
            ],
        );
        let compared = "jit compared with aot: 7 of 8 directives (outcomes, results, traps and their places, state after each): \
                        no difference\n";
        assert_eq!(run.out.contains(compared), command == "compare", "{run:#?}");
        let terse = place.run(&[&arguments(command)[..], &["--format", "terse"]].concat());
        assert_eq!(terse.out.contains(compared), command == "compare", "{terse:#?}");
    }
    let run = place.run(&["compare", "a.wast", "--engine", "aot,jit", "--report", "json=a.jsonl"]);
    run.expect(1, &["no difference"]);
    place
        .run(&["report", "show", "a.jsonl"])
        .expect(0, &["jit compared with aot: 5 of 6 directives", "no difference"]);
    // One engine has nothing in common with others.
    let run = place.run(&["wast", "a.wast"]);
    run.expect(1, &["  fail a.wast:2:1 assert_return\n"]);
    assert!(!run.out.contains("(aot"), "{run:#?}");
}
