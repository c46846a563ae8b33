use super::report::Known;
use super::score::{MutantFate, ScoredMutant};
use super::*;
use crate::outcome::OutcomeKind;
use crate::report::Style;
use trapline_compiler::Unviable;

fn scored(script: &str, change: &str, proposals: &[&str], fate: MutantFate) -> ScoredMutant {
    let mutant = format!("1:2:3:{change}").parse().unwrap();
    let proposals = proposals.iter().map(|&name| name.to_owned()).collect();
    ScoredMutant {
        script: script.into(),
        arguments: script.to_owned(),
        mutant,
        function: None,
        proposals,
        offset: None,
        place: None,
        before: String::new(),
        after: String::new(),
        fate,
    }
}

/// A score is of what could be noticed: neither of what is no change nor of what is no code.
#[test]
fn scores_are_of_what_can_be_noticed() {
    let killed = MutantFate::Killed { line: 3, outcome: OutcomeKind::Fail };
    let mutants = vec![
        scored("a.wast", "zero", &["wasm1"], killed),
        scored("a.wast", "zero", &["simd", "threads"], MutantFate::Timeout),
        scored("a.wast", "increment", &["simd"], MutantFate::Equivalent),
        scored("b.wast", "increment", &["simd"], MutantFate::Unreached),
        scored("b.wast", "increment", &["wasm1"], MutantFate::Unviable(Unviable::Panicked)),
        scored("c.wast", "zero", &["wasm1"], MutantFate::Survived),
        scored("d.wast", "zero", &["wasm1"], MutantFate::Equivalent),
    ];
    let scores = Scores::new(5, Known { scripts: 4, ..Known::default() }, mutants, Duration::ZERO);
    let total = scores.total();
    assert_eq!((total.total(), total.noticed(), total.noticeable()), (7, 2, 4));
    let by_proposal = scores.by_proposal();
    assert_eq!(by_proposal.keys().copied().collect::<Vec<_>>(), ["simd", "threads", "wasm1"]);
    assert_eq!((by_proposal["simd"].noticed(), by_proposal["simd"].noticeable()), (1, 2));
    // What could notice nothing is not blind.
    let blind: Vec<(&str, u64)> =
        scores.blind().into_iter().map(|(script, count)| (&**script, count)).collect();
    assert_eq!(blind, [("b.wast", 1), ("c.wast", 1)]);
    let text = scores.text(Style::default(), "trapline compare --variant aot");
    let [survived, unreached, table] =
        ["survived c.wast", "unreached b.wast", "\nchange "].map(|part| text.find(part).expect(part));
    assert!(survived < unreached && unreached < table, "{text}");
    assert!(
        text.contains("again: trapline compare --variant aot,mutant=00000001:2:3:zero c.wast\n"),
        "{text}"
    );
    assert!(
        text.contains(&format!(
            "\n{:<24} {:>8} {:>8} {:>8} {:>9} {:>8} {:>10} {:>8} {:>9}\n",
            "all", 7, 1, 1, 1, 1, 2, 1, "50.00 %"
        )),
        "{text}"
    );
}
