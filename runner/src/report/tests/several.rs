use super::*;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

/// Where what is written does not fit, on systems that have it.
const FULL: &str = "/dev/full";

fn json(reports: &mut Reports, path: &Path) -> Result<(), ReportError> {
    reports.add_file(path, Existing::Replaced, |out| Box::new(Json::new(out)))
}

#[test]
fn a_report_that_breaks_leaves_the_others_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = folder.path().join("whole.jsonl");
    fs::write(&whole, "what was there before, and is longer than nothing\n".repeat(1_000)).expect("a file");
    let mut reports = Reports::default();
    json(&mut reports, Path::new(FULL)).expect("it opens");
    json(&mut reports, &whole).expect("it opens");
    for event in events() {
        assert_eq!(reports.event(&event), ControlFlow::Continue(()));
    }
    let errors: Vec<String> = reports.finish().iter().map(ReportError::to_string).collect();
    let [error] = &errors[..] else { panic!("{errors:?}") };
    assert!(error.starts_with("failed to write the report to /dev/full: "), "{error}");
    assert_eq!(fs::read_to_string(&whole).expect("a report"), told(&events(), Json::new));
}

#[test]
fn the_run_ends_without_readers() {
    let mut reports = Reports::default();
    json(&mut reports, Path::new(FULL)).expect("it opens");
    let flows: Vec<bool> = events().iter().map(|event| reports.event(event).is_break()).collect();
    // The first script is the first to be written.
    assert_eq!(flows[..2], [false, true]);
    assert_eq!(reports.finish().len(), 1);
}

#[test]
fn a_report_ends_with_what_was_written_last() {
    // Nothing is written before the run has ended.
    let mut reports = Reports::default();
    reports.add_file(Path::new(FULL), Existing::Replaced, |out| Box::new(Junit::new(out))).expect("it opens");
    let flows: Vec<bool> = events().iter().map(|event| reports.event(event).is_break()).collect();
    assert_eq!(flows.iter().position(|&broken| broken), Some(flows.len() - 1));
    assert_eq!(reports.finish().len(), 1);
}

#[test]
fn files_that_cannot_be_created() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut reports = Reports::default();
    for path in [folder.path().join("none/report.jsonl"), folder.path().to_owned()] {
        let error = json(&mut reports, &path).expect_err("no such file").to_string();
        assert!(error.starts_with(&format!("failed to create the report {}: ", path.display())), "{error}");
    }
}

#[test]
fn a_report_can_come_after_what_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("summary.md");
    for _ in 0..2 {
        let mut reports = Reports::default();
        reports.add_file(&path, Existing::Kept, |out| Box::new(GithubSummary::new(out))).expect("it opens");
        events().iter().for_each(|event| assert!(reports.event(event).is_continue()));
        assert!(reports.finish().is_empty());
    }
    assert_eq!(fs::read_to_string(&path).expect("a summary"), told(&events(), GithubSummary::new).repeat(2));
}
