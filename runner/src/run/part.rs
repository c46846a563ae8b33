//! Runs that report a part of the directives of their scripts. What comes before those directives runs too, because they need
//! what it has made.

use crate::outcome::{DirectiveRecord, FileReport, Problem};
use crate::report::{Recorded, RecordedDirective};
use crate::script::Keyword;
use crate::trail::ContentHash;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The directives that a run reports.
#[derive(Clone, Debug)]
pub enum Part {
    /// Those that begin on a line, from 1.
    Line(u32),
    /// Those that were red in an earlier run.
    Red(RedDirectives),
}

/// What was red in an earlier run on any engine, by the name of the script.
#[derive(Clone, Default, Debug)]
pub struct RedDirectives {
    files: BTreeMap<String, RedFile>,
}

/// What was red in a script.
#[derive(Clone, Default, Debug)]
struct RedFile {
    /// The script as a whole, so that any of its directives may be.
    whole: bool,
    /// By ordinal.
    directives: BTreeMap<u32, RedDirective>,
}

#[derive(Clone, Debug)]
struct RedDirective {
    line: u32,
    keyword: Keyword,
    content: Option<ContentHash>,
}

/// The part of a report that is wanted.
pub(super) struct Wanted {
    /// The ordinals of the directives; all if `None`.
    directives: Option<BTreeSet<u32>>,
    /// What is wanted and not there.
    missing: Vec<Problem>,
}

impl Part {
    /// What is wanted of a report.
    pub(super) fn of(&self, report: &FileReport) -> Wanted {
        match self {
            Part::Line(line) => {
                let begins = report.directives.iter().filter(|directive| directive.line == *line);
                let directives = Some(begins.map(|directive| directive.index).collect());
                Wanted { directives, missing: Vec::new() }
            }
            Part::Red(red) => red.of(report),
        }
    }
}

impl Wanted {
    /// All of a report.
    pub(super) fn all() -> Wanted {
        Wanted { directives: None, missing: Vec::new() }
    }

    pub(super) fn takes(&self, directive: &DirectiveRecord) -> bool {
        self.directives.as_ref().is_none_or(|directives| directives.contains(&directive.index))
    }

    /// How many things are wanted and not there.
    pub(super) fn missing(&self) -> usize {
        self.missing.len()
    }

    /// Leaves nothing else in the report, and adds what is missing.
    pub(super) fn cut(self, report: &mut FileReport, problems: &mut Vec<Problem>) {
        report.directives.retain(|directive| self.takes(directive));
        problems.extend(self.missing);
    }
}

impl RedDirectives {
    /// What is red in a recorded run.
    pub fn of_run(run: &Recorded<'_>) -> RedDirectives {
        let mut red = RedDirectives::default();
        for (key, directive) in run.directives.iter().filter(|(_, directive)| directive.is_red()) {
            let RecordedDirective { record, .. } = directive;
            let (line, keyword, content) = (record.line, record.directive, record.content);
            let directive = RedDirective { line, keyword, content };
            red.file(&key.file).directives.insert(key.index, directive);
        }
        let faults = run.script_errors.iter().filter(|(_, fault)| fault.expected.is_none());
        for ((_, file), _) in faults {
            red.file(file).whole = true;
        }
        red
    }

    fn file(&mut self, name: &str) -> &mut RedFile {
        self.files.entry(plain(name).to_owned()).or_default()
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether something of a script is.
    pub fn is_of(&self, file: &str) -> bool {
        self.files.contains_key(plain(file))
    }

    /// Whether a script of these is the one that has a name in a run.
    pub fn is_name(of_these: &str, name: &str) -> bool {
        of_these == plain(name)
    }

    /// The names of the scripts.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Finds the directives in a later run of the script. One whose text has changed is the one that has its ordinal now.
    fn of(&self, report: &FileReport) -> Wanted {
        let Some(file) = self.files.get(plain(&report.file)).filter(|file| !file.whole) else {
            return Wanted::all();
        };
        if report.script_error.is_some() {
            return Wanted::all();
        }
        let mut alike: HashMap<ContentHash, BTreeSet<u32>> = HashMap::new();
        for directive in &report.directives {
            if let Some(content) = directive.content {
                alike.entry(content).or_default().insert(directive.index);
            }
        }
        let (mut found, mut changed) = (BTreeSet::new(), Vec::new());
        for (&index, directive) in &file.directives {
            let alike = directive.content.and_then(|content| alike.get_mut(&content));
            let nearest = alike.and_then(|alike| {
                let nearest = *alike.iter().min_by_key(|other| other.abs_diff(index))?;
                alike.take(&nearest)
            });
            match nearest {
                Some(nearest) => found.extend([nearest]),
                None => changed.push((index, directive)),
            }
        }
        let mut missing = Vec::new();
        for (index, RedDirective { line, keyword, .. }) in changed {
            let there = report.directives.get(index as usize);
            if there.is_some_and(|there| there.directive == *keyword) && found.insert(index) {
                continue;
            }
            missing.push(Problem {
                file: format!("{}:{line}", report.file),
                message: format!("the {keyword} that was red here is not in the script any more"),
            });
        }
        Wanted { directives: Some(found), missing }
    }
}

/// A name without what leads to the folder at hand.
fn plain(name: &str) -> &str {
    name.strip_prefix("./").unwrap_or(name)
}
