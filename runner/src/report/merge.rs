//! Makes one JSON report of several: of the parts of a partitioned run, or of runs on several engines.

use super::EngineSummary;
use super::json::{write_line, write_plain, write_summary};
use super::line::Line;
use super::recorded::{Recorded, RecordedProblem};
use crate::discover::Partition;
use crate::outcome::Problem;
use crate::trail::RunInfo;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// One report made of several.
///
/// Its lines are those of the reports, in canonical order: by engine, file and index, and after a file's directives
/// why it is not a script; then what is red beyond single directives, by file; then the sum of the summaries.
#[derive(Debug)]
pub struct Merged<'a> {
    run: RunInfo,
    lines: Vec<&'a str>,
    /// What is red because parts are missing.
    missing: Vec<Problem>,
    engines: BTreeMap<String, EngineSummary>,
    red: bool,
}

/// Why reports cannot be merged. Messages follow "failed to merge: ".
#[derive(thiserror::Error, PartialEq, Eq, Debug)]
pub enum MergeError {
    /// Something has an outcome in two reports.
    #[error("{key} is in {first} and in {second}")]
    Twice {
        /// The directive, or the file that is not a script.
        key: String,
        /// The one report.
        first: String,
        /// The other.
        second: String,
    },
}

impl<'a> Merged<'a> {
    /// Merges reports, each with its name.
    ///
    /// # Errors
    ///
    /// If two of them tell an outcome for the same directive.
    pub fn new(runs: &[(String, Recorded<'a>)]) -> Result<Merged<'a>, MergeError> {
        // A file's fault comes after its directives.
        let mut entries: BTreeMap<(&str, &str, Option<u32>), (&str, &'a str)> = BTreeMap::new();
        let mut problems: Vec<&RecordedProblem<'a>> = Vec::new();
        let mut engines: BTreeMap<String, EngineSummary> = BTreeMap::new();
        let mut merged: Option<RunInfo> = None;
        for (name, run) in runs {
            match &mut merged {
                None => merged = Some(run.run.clone()),
                Some(merged) => join_runs(merged, &run.run),
            }
            for (key, directive) in &run.directives {
                let at = (&*key.engine, &*key.file, Some(key.index));
                if let Some((first, _)) = entries.insert(at, (name, directive.text)) {
                    let record = &directive.record;
                    let what = format!("{key} ({}:{} {})", record.line, record.col, record.directive);
                    return Err(twice(what, first, name));
                }
            }
            for ((engine, file), fault) in &run.script_errors {
                if let Some((first, _)) = entries.insert((engine, file, None), (name, fault.text)) {
                    return Err(twice(format!("{file} on {engine}"), first, name));
                }
            }
            problems.extend(&run.problems);
            for (engine, summary) in &run.engines {
                *engines.entry(engine.clone()).or_default() += summary;
            }
        }
        let place =
            |problem: &&RecordedProblem<'a>| (problem.problem.file.clone(), problem.problem.message.clone());
        problems.sort_by_cached_key(place);
        // What is wrong with a suite as a whole is said by each part of a partitioned run.
        problems.dedup_by_key(|problem| problem.text);
        let lines = in_order(entries).chain(problems.into_iter().map(|problem| problem.text)).collect();
        let missing = missing_parts(runs.iter().map(|(_, run)| &run.run));
        let red = !missing.is_empty() || runs.iter().any(|(_, run)| run.is_red());
        let mut run = merged.unwrap_or_default();
        // It is a whole again, or says what it lacks.
        run.partition = None;
        Ok(Merged { run, lines, missing, engines, red })
    }

    /// Whether anything of it is not as expected: what is red in a report, and parts that are missing.
    pub fn is_red(&self) -> bool {
        self.red
    }

    /// The parts of partitioned runs that are in none of the reports.
    pub fn missing(&self) -> &[Problem] {
        &self.missing
    }

    /// The totals of each engine.
    pub fn engines(&self) -> impl Iterator<Item = (&str, &EngineSummary)> {
        self.engines.iter().map(|(engine, summary)| (engine.as_str(), summary))
    }

    /// Writes the report.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        write_line(out, &Line::Run(Box::new(self.run.clone())))?;
        for line in &self.lines {
            write_plain(out, line)?;
            out.write_all(b"\n")?;
        }
        for problem in &self.missing {
            write_line(out, &Line::Problem(problem.clone()))?;
        }
        write_summary(out, self.engines.clone())?;
        out.flush()
    }
}

/// The parts that are missing, for each engine: of every partition of which there is a part, all are wanted.
fn missing_parts<'r>(runs: impl Iterator<Item = &'r RunInfo>) -> Vec<Problem> {
    let mut there: BTreeSet<(&str, &str)> = BTreeSet::new();
    for run in runs {
        let part = run.partition.as_deref();
        there.extend(run.engines.iter().filter_map(|engine| Some((&*engine.name, part?))));
    }
    let mut named: BTreeSet<(String, &str)> = BTreeSet::new();
    let mut problems = Vec::new();
    for &(engine, part) in &there {
        // Another program may have written anything.
        let Ok(part) = part.parse::<Partition>() else { continue };
        for part in part.all().map(|part| part.to_string()) {
            if there.contains(&(engine, &*part)) || !named.insert((part.clone(), engine)) {
                continue;
            }
            let message = format!("the part is missing: no report is of it on {engine}");
            problems.push(Problem { file: format!("--partition {part}"), message });
        }
    }
    problems
}

/// Adds what another part of a run says of itself: its engines, and the earlier start.
fn join_runs(merged: &mut RunInfo, other: &RunInfo) {
    let new = other.engines.iter().filter(|engine| !merged.engines.contains(engine)).cloned();
    let new: Vec<_> = new.collect();
    merged.engines.extend(new);
    merged.started = merged.started.min(other.started);
    let (one, all) = (&mut merged.selection, &other.selection);
    let are_paths =
        one.first().is_some_and(|word| word == "--") && all.first().is_some_and(|word| word == "--");
    let is_alike = one == all && merged.suite_folder == other.suite_folder;
    if are_paths && !is_alike {
        let new: Vec<String> = all.iter().filter(|word| !one.contains(word)).cloned().collect();
        one.extend(new);
    }
    if merged.options != other.options || merged.compares != other.compares || !is_alike && !are_paths {
        merged.options = None;
    }
    // Parts that were not compared say nothing of differences.
    merged.compares &= other.compares;
    if merged.suite.is_none() {
        merged.suite.clone_from(&other.suite);
    }
    for (files, others) in
        [(&mut merged.configuration, &other.configuration), (&mut merged.expectations, &other.expectations)]
    {
        files.extend_from_slice(others);
        files.sort_unstable();
        files.dedup();
    }
}

/// The lines of entries by engine, file and index; a file's own line, without an index, is the last of the file.
fn in_order<'a>(
    entries: BTreeMap<(&str, &str, Option<u32>), (&str, &'a str)>,
) -> impl Iterator<Item = &'a str> {
    let mut lines: Vec<_> = entries.into_iter().map(|(key, (_, line))| (key, line)).collect();
    lines.sort_by_key(|&((engine, file, index), _)| (engine, file, index.is_none(), index));
    lines.into_iter().map(|(_, line)| line)
}

fn twice(key: String, first: &str, second: &str) -> MergeError {
    MergeError::Twice { key, first: first.to_owned(), second: second.to_owned() }
}
