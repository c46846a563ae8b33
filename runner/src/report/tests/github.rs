use super::*;
use std::path::PathBuf;

#[test]
fn failures_are_annotated_where_they_are() {
    let text = told(&events(), |out| Github::new(out, None));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "::error file=b.wast,line=11,col=3,title=fail assert_return (aot)::fail b.wast:11:3 assert_return%0A    \
         (assert_return%0A      (invoke \"f\")%0A      (i32.const 1))%0A    expected: i32 1 (0x00000001)%0A    got:      \
         i32 2 (0x00000002)%0A    trap:     out of bounds memory access in function 0 <f> at offset 0x32 (line 2, column 7): i64.load: address=69996 offset=4; 8 bytes at 0x11170, memory 0 has 65536 bytes%0A    rerun:    trapline wast b.wast --only b.wast:11"
    );
    assert_eq!(
        lines[1],
        "::error file=b.wast,line=12,col=3,title=blocked (aot)::this directive is blocked by b.wast:11 (fail)"
    );
    assert_eq!(
        lines[2],
        "::error file=broken.wast,line=4,col=2,title=not a script (aot)::error: failed to read broken.wast:4:2: \
         expected `(`"
    );
    assert_eq!(lines[3], "::error title=problem::c.wast: the entry is stale");
    assert_eq!(lines[4], "aot: 8 directives in 6 files: 3 pass, 2 fail, 2 unsupported, 1 blocked");
    assert_eq!(lines.last(), Some(&"FAILED in 1.25 s"));
}

#[test]
fn annotations_are_capped_and_the_rest_is_counted() {
    let many = file("many.wast", (0..ANNOTATIONS + 7).map(|_| failed()));
    let events = [Event::FileFinished(many), Event::RunFinished { elapsed: Duration::from_secs(1) }];
    let text = told(&events, |out| Github::new(out, None));
    assert_eq!(text.matches("::error ").count(), ANNOTATIONS);
    let notice = "::notice title=trapline::7 more are not as expected; at most 10 are annotated\n";
    assert!(text.contains(notice), "{text}");
}

#[test]
fn commands_cannot_be_smuggled_in() {
    let mut odd = file("a,b:c%\n::warning::.wast", [failed()]);
    odd.directives[0].outcome = Outcome::harness(Refusal::harness("50%\r\n::stop-commands::x"));
    let events = [Event::FileFinished(odd), Event::RunFinished { elapsed: Duration::from_secs(1) }];
    let text = told(&events, |out| Github::new(out, None));
    assert!(text.starts_with("::error file=a%2Cb%3Ac%25%0A%3A%3Awarning%3A%3A.wast,line=10,"), "{text}");
    assert!(text.contains("50%25"), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("::")).count(), 1, "{text}");
}

#[test]
fn files_are_named_from_the_checkout_on() {
    let mut away = file("core/a.wast", [failed()]);
    away.path = Some("/checkout/suite/core/a.wast".into());
    let events = [Event::FileFinished(away)];
    let named = |root: Option<&str>| told(&events, |out| Github::new(out, root.map(PathBuf::from)));
    assert!(named(Some("/checkout")).starts_with("::error file=suite/core/a.wast,"));
    assert!(named(Some("/elsewhere")).starts_with("::error file=/checkout/suite/core/a.wast,"));
    assert!(named(None).starts_with("::error file=/checkout/suite/core/a.wast,"));
}

#[test]
fn the_summary_is_a_table() {
    let text = told(&events(), GithubSummary::new);
    assert!(text.starts_with("### trapline: FAILED in 1.25 s\n\n| engine | files |"), "{text}");
    assert!(text.contains("\n| aot | 6 | 8 | 3 | 2 | 2 | 1 | 0 | 0 | 0 | 0 | 0 |\n"), "{text}");
    let row = "| aot | b.wast:11:3 | assert\\_return | fail | expected i32 1 (0x00000001), got i32 2 (0x00000002) |\n";
    assert!(text.contains(row), "{text}");
    assert!(text.contains("|  | c.wast |  | problem | the entry is stale |\n"), "{text}");
}

#[test]
fn cells_hold_no_markup_and_rows_are_capped() {
    let outcomes = every_outcome().into_iter().chain((0..SUMMARY_ROWS).map(|_| failed()));
    let events = [
        Event::FileFinished(file("x.wast", outcomes)),
        Event::RunFinished { elapsed: Duration::from_secs(1) },
    ];
    let text = told(&events, GithubSummary::new);
    assert!(text.contains(r"cause failed to   \[31m count:<br>100% \| \`of\` &lt;it&gt; |"), "{text}");
    assert_eq!(text.matches("\n| aot | x.wast:").count(), SUMMARY_ROWS);
    assert!(text.contains("\nand 8 more that are not as expected\n"), "{text}");
}

/// What differs is said of each engine, and what does not once; what is not shown is counted once, too.
#[test]
fn what_fails_alike_is_said_once_with_its_engines() {
    let on =
        |engine: &str, file: FileReport| Event::FileFinished(FileReport { engine: engine.into(), ..file });
    let many = || file("many.wast", (0..ANNOTATIONS).map(|_| failed()));
    let events = [
        started_on(&["aot", "jit"], 4),
        on("aot", file("a.wast", [failed(), Outcome::Pass, blocked("a.wast", 10)])),
        on("aot", many()),
        problem("c.wast", "the entry is stale"),
        on("jit", file("a.wast", [failed(), failed(), blocked("a.wast", 10)])),
        on("jit", many()),
        Event::RunFinished { elapsed: Duration::from_secs(1) },
    ];
    let text = told(&events, |out| Github::new(out, None));
    let titles: Vec<&str> =
        text.lines().filter_map(|line| line.split("title=").nth(1)?.split("::").next()).collect();
    assert_eq!(titles[..2], ["fail assert_return (aot%2C jit)", "blocked (aot%2C jit)"], "{text}");
    assert!(text.contains("::notice title=trapline::4 more are not as expected"), "{text}");
    let text = told(&events, GithubSummary::new);
    assert!(text.contains("\n| aot, jit | a.wast:10:3 | "), "{text}");
    assert!(text.contains("\n| jit | a.wast:11:3 | "), "{text}");
    assert_eq!(text.matches(" | many.wast:").count(), ANNOTATIONS, "{text}");
    let text = told(&events, |out| Terse::new(out, Style::default()));
    assert!(text.contains("\naot,jit/a.wast:10:3 assert_return fail: "), "{text}");
    assert!(text.contains("\njit/a.wast:11:3 assert_return fail: "), "{text}");
    assert!(text.contains("\nc.wast the entry is stale\n"), "{text}");
    assert_eq!(text.matches("a.wast:10:3").count(), 1, "{text}");
}
