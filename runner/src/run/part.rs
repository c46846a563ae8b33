//! Runs that report a part of the directives of their scripts. What comes before those directives runs too, because they need
//! what it has made.

use crate::outcome::{DirectiveRecord, FileReport, Outcome, Problem};
use crate::report::{Recorded, Symbol, align, plain, symbol};
use crate::script::Keyword;
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
    /// All directives that the report tells of, on the engine with most of them, by ordinal.
    all: BTreeMap<u32, Told>,
    /// The ordinals of those that were red.
    red: BTreeSet<u32>,
}

/// A directive as a report tells of it.
#[derive(Clone, Debug)]
struct Told {
    line: u32,
    keyword: Keyword,
    /// Whether the report has the hash of its text.
    has_content: bool,
    by_content: Symbol,
    by_column: Symbol,
}

impl From<&DirectiveRecord> for Told {
    fn from(record: &DirectiveRecord) -> Told {
        Told {
            line: record.line,
            keyword: record.directive,
            has_content: record.content.is_some(),
            by_content: symbol(record, true),
            by_column: symbol(record, false),
        }
    }
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
        let mut wanted = match self {
            Part::Line(line) => {
                let begins = report.directives.iter().filter(|directive| directive.line == *line);
                let directives = Some(begins.map(|directive| directive.index).collect());
                Wanted { directives, missing: Vec::new() }
            }
            Part::Red(red) => red.of(report),
        };
        wanted.add_causes(report);
        wanted
    }
}

impl Wanted {
    /// All of a report.
    pub(super) fn all() -> Wanted {
        Wanted { directives: None, missing: Vec::new() }
    }

    /// Adds the directives that block wanted ones: they have the cause.
    fn add_causes(&mut self, report: &FileReport) {
        let Some(directives) = &mut self.directives else { return };
        let blocked = directives.iter().filter_map(|&index| report.directives.get(index as usize));
        let causes: BTreeSet<(u32, Keyword)> = blocked
            .filter_map(|directive| match &directive.outcome {
                Outcome::Blocked(by) => Some((by.line, by.directive)),
                _ => None,
            })
            .collect();
        if causes.is_empty() {
            return;
        }
        let is_cause = |directive: &&DirectiveRecord| {
            !directive.outcome.is_pass() && causes.contains(&(directive.line, directive.directive))
        };
        directives.extend(report.directives.iter().filter(is_cause).map(|directive| directive.index));
    }

    /// Whether a directive is wanted.
    pub(super) fn takes(&self, directive: &DirectiveRecord) -> bool {
        self.directives.as_ref().is_none_or(|directives| directives.contains(&directive.index))
    }

    /// How many things are wanted and not there.
    pub(super) fn missing(&self) -> usize {
        self.missing.len()
    }

    /// The same, without a word on what is wanted and not there.
    #[must_use]
    pub(super) fn without_missing(self) -> Wanted {
        Wanted { missing: Vec::new(), ..self }
    }

    /// Leaves nothing else in the report, and adds what is missing.
    pub(super) fn cut(self, report: &mut FileReport, problems: &mut Vec<Problem>) {
        if self.directives.is_some() {
            report.directives.retain(|directive| self.takes(directive));
        }
        problems.extend(self.missing);
    }
}

impl RedDirectives {
    /// What is red in a recorded run.
    pub fn of_run(run: &Recorded<'_>) -> RedDirectives {
        let mut red = RedDirectives::default();
        for (key, _) in run.directives.iter().filter(|(_, directive)| directive.is_red()) {
            red.file(&key.file).red.insert(key.index);
        }
        let faults = run.script_errors.iter().filter(|(_, fault)| fault.expected.is_none());
        for ((_, file), _) in faults {
            red.file(file).whole = true;
        }
        let mut all: BTreeMap<(&str, &str), BTreeMap<u32, Told>> = BTreeMap::new();
        for (key, directive) in run.directives.iter().filter(|(key, _)| red.is_of(&key.file)) {
            let told = Told::from(&directive.record);
            all.entry((&key.engine, &key.file)).or_default().insert(key.index, told);
        }
        for ((_, file), all) in all {
            let file = red.file(file);
            if all.len() > file.all.len() {
                file.all = all;
            }
        }
        red
    }

    fn file(&mut self, name: &str) -> &mut RedFile {
        self.files.entry(plain(name)).or_default()
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether something of a script is.
    pub fn is_of(&self, file: &str) -> bool {
        self.files.contains_key(&plain(file))
    }

    /// Takes what was red in scripts that have other names now, seen from another folder: each for the one script whose name ends
    /// in its own, or the other way round.
    pub fn adopt<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        let names: Vec<String> = names.map(plain).collect();
        let ends_in =
            |long: &str, short: &str| long.strip_suffix(short).is_some_and(|rest| rest.ends_with('/'));
        let new: Vec<&String> = names.iter().filter(|name| !self.files.contains_key(*name)).collect();
        let lost: Vec<String> = self.files.keys().filter(|file| !names.contains(file)).cloned().collect();
        for file in lost {
            let mut alike = new.iter().filter(|name| ends_in(name, &file) || ends_in(&file, name));
            if let (Some(name), None) = (alike.next(), alike.next())
                && !self.files.contains_key(*name)
                && let Some(red) = self.files.remove(&file)
            {
                self.files.insert((*name).clone(), red);
            }
        }
    }

    /// The names of the scripts that are not among those of a run.
    pub fn missing<'a>(&self, names: impl Iterator<Item = &'a str>) -> Vec<&str> {
        let there: BTreeSet<String> = names.map(plain).collect();
        self.files.keys().filter(|name| !there.contains(*name)).map(String::as_str).collect()
    }

    /// Finds the directives in a later run of the script. Of several with the same text, if there are now more or fewer of them,
    /// it cannot be said which it was: all are wanted. One whose text has changed is the one in its place, by the directives
    /// round it.
    fn of(&self, report: &FileReport) -> Wanted {
        let Some(file) = self.files.get(&plain(&report.file)).filter(|file| !file.whole) else {
            return Wanted::all();
        };
        if report.script_error.is_some() {
            return Wanted::all();
        }
        let has_content = file.all.values().all(|told| told.has_content);
        let old: Vec<(u32, Symbol)> = file
            .all
            .iter()
            .map(|(&index, told)| (index, if has_content { told.by_content } else { told.by_column }))
            .collect();
        let new: Vec<Symbol> = report.directives.iter().map(|record| symbol(record, has_content)).collect();
        let mut alike: HashMap<Symbol, (Vec<u32>, Vec<u32>)> = HashMap::new();
        for &(index, symbol) in &old {
            alike.entry(symbol).or_default().0.push(index);
        }
        for (index, &symbol) in (0..).zip(&new) {
            alike.entry(symbol).or_default().1.push(index);
        }
        let (mut found, mut changed) = (BTreeSet::new(), BTreeMap::new());
        for (place, (index, symbol)) in
            old.iter().enumerate().filter(|(_, (index, _))| file.red.contains(index))
        {
            let Some((before, now)) = alike.get(symbol) else { continue };
            match (before.len() == now.len(), before.binary_search(index)) {
                _ if now.is_empty() => drop(changed.insert(place, *index)),
                (true, Ok(ordinal)) => drop(found.insert(now[ordinal])),
                _ => found.extend(now),
            }
        }
        if !changed.is_empty() {
            let symbols: Vec<Symbol> = old.iter().map(|(_, symbol)| *symbol).collect();
            for (place, other) in align(&symbols, &new) {
                if changed.remove(&place).is_some() {
                    found.insert(other as u32);
                }
            }
        }
        let missing =
            changed.values().filter_map(|index| file.all.get(index)).map(|Told { line, keyword, .. }| {
                Problem {
                    file: format!("{}:{line}", report.file),
                    message: format!("the {keyword} that was red here is not in the script any more"),
                }
            });
        Wanted { directives: Some(found), missing: missing.collect() }
    }
}
