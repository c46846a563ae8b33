use super::*;
use crate::outcome::{Details, NotRun, OutcomeKind};
use crate::script::{Keyword, Script};
use crate::trail::{CrashInfo, Ending, FaultInfo, FaultPlace, FunctionName, Signal, SourcePlace, WasmHash};
use std::collections::BTreeMap;
use std::time::Duration;

const TEXT: &str = "(module)\n  (invoke \"f\")\n(register \"m\")";

fn job(known: BTreeMap<u32, Outcome>) -> ScriptJob {
    let source = Source::File(TEXT.as_bytes().to_vec());
    ScriptJob {
        name: "a.wast".to_owned(),
        source,
        features: 0,
        reading: Default::default(),
        shows_output: false,
        known,
        observe: None,
    }
}

/// A record in which all is wrong but the order.
fn record(index: u32, outcome: Outcome) -> DirectiveRecord {
    DirectiveRecord {
        index,
        line: 77,
        col: 77,
        directive: Keyword::Get,
        content: None,
        outcome,
        details: Some(Box::new(Details { source: Some("(a lie)".to_owned()), ..Details::default() })),
        elapsed_ns: u64::MAX,
    }
}

fn records(indices: &[u32]) -> Vec<DirectiveRecord> {
    indices.iter().map(|&index| record(index, Outcome::Pass)).collect()
}

#[test]
fn the_script_says_where_its_directives_are() {
    let of_file = job(BTreeMap::new());
    let script = Script::parse(TEXT).expect("a script");
    let of_script = ScriptJob { source: Source::Parsed(Box::new(script)), ..job(BTreeMap::new()) };
    for job in [of_file, of_script] {
        let spans = job.source.spans();
        let mut all = Records::default();
        let mut ledger = Ledger::new(&job, &spans, &mut all);
        ledger.take(records(&[0, 1])).expect("what is due");
        ledger.take(records(&[2])).expect("what is due");
        ledger.finish().expect("all");
        let records = all.into_vec();
        let places: Vec<_> =
            records.iter().map(|record| (record.line, record.col, record.directive)).collect();
        assert_eq!(places, [(1, 1, Keyword::Module), (2, 3, Keyword::Invoke), (3, 1, Keyword::Register)]);
        let sources: Vec<_> = records.iter().map(|record| record.source().expect("a text")).collect();
        assert_eq!(sources, ["(module)", "(invoke \"f\")", "(register \"m\")"]);
        assert!(records.iter().all(|record| record.elapsed_ns < 60_000_000_000));
    }
}

#[test]
fn each_directive_has_one_record_in_order() {
    let job = job(BTreeMap::new());
    let taken = |indices: &[u32]| {
        let spans = job.source.spans();
        let mut all = Records::default();
        let mut ledger = Ledger::new(&job, &spans, &mut all);
        let result = ledger.take(records(indices)).and_then(|()| ledger.finish());
        result.map(|()| all.len())
    };
    assert_eq!(taken(&[0, 1, 2]).expect("all"), 3);
    assert!(matches!(taken(&[0, 1]), Err(ProtocolError::TooFew(2))));
    assert!(matches!(taken(&[]), Err(ProtocolError::TooFew(0))));
    assert!(matches!(taken(&[0, 1, 2, 3]), Err(ProtocolError::TooMany(3))));
    assert!(matches!(taken(&[0, 2, 1]), Err(ProtocolError::Disordered { wanted: 1, got: 2 })));
    assert!(matches!(taken(&[0, 0, 1]), Err(ProtocolError::Disordered { wanted: 1, got: 0 })));
}

#[test]
fn what_only_the_parent_knows_is_not_believed() {
    let limit = Duration::from_secs(1);
    let timeout = Outcome::Timeout { limit };
    let nothing = job(BTreeMap::new());
    let (spans, mut all) = (nothing.source.spans(), Records::default());
    // Those before it are.
    let taken = Ledger::new(&nothing, &spans, &mut all)
        .take(vec![record(0, Outcome::Pass), record(1, timeout.clone())]);
    assert_eq!(all.len(), 1);
    assert!(matches!(taken, Err(ProtocolError::Impossible(OutcomeKind::Timeout))));

    let known = job(BTreeMap::from([(1, timeout.clone())]));
    let spans = known.source.spans();
    let mut all = Records::default();
    let mut ledger = Ledger::new(&known, &spans, &mut all);
    // A thread has the outcome of its end.
    let told = [timeout.clone(), Outcome::Pass, Outcome::Pass];
    ledger.take((0..).zip(told).map(|(index, outcome)| record(index, outcome)).collect()).expect("all");
    ledger.finish().expect("all");
    let outcomes: Vec<_> = all.into_vec().into_iter().map(|record| record.outcome).collect();
    assert_eq!(outcomes, [timeout.clone(), timeout, Outcome::Pass]);
}

/// Whatever passes and whatever does not, records come back as they were and in order.
#[test]
fn records_are_kept_whole() {
    for outcomes in 0..1 << 6 {
        let outcome = |index: u32| match outcomes >> (2 * index) & 3 {
            0 => (Outcome::Pass, None),
            1 => (Outcome::Pass, Some(Box::default())),
            _ => (Outcome::NotRun(NotRun::EarlierFailure), None),
        };
        let record = |index: u32| {
            let (outcome, details) = outcome(index);
            DirectiveRecord { line: 7 + index, elapsed_ns: 9, details, ..record(index, outcome) }
        };
        let wanted: Vec<_> = (0..3).map(record).collect();
        let mut records = Records::default();
        wanted.iter().cloned().for_each(|record| records.push(record));
        assert_eq!(records.len(), 3);
        assert_eq!(records.into_vec(), wanted, "{outcomes:#b}");
    }
}

/// Only the worker has read the module, and says where in the script its instruction is.
#[test]
fn a_known_crash_is_told_its_line() {
    let crash = |pc: u64, line: Option<u32>| {
        let place = FaultPlace {
            function: FunctionName { index: 3, name: line.map(|_| "f".to_owned()) },
            offset: Some(1),
            module: WasmHash([0; 32]),
            source: line.map(|line| SourcePlace { line, col: 1 }),
        };
        let fault = FaultInfo { signal: Signal::SEGV, address: None, pc, place: Some(place), caller: None };
        Outcome::Crash(Box::new(CrashInfo { ending: Ending::Signal(Signal::SEGV), fault: Some(fault) }))
    };
    assert_eq!(settled(&crash(1, None), crash(2, Some(9))), crash(1, Some(9)));
    assert_eq!(settled(&crash(1, None), Outcome::Pass), crash(1, None));
}
