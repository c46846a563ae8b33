//! What has changed, for people.

use super::{Diff, Difference, Section};
use std::fmt;
use trapline_abi::Readable;

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Section::ALL.into_iter().try_for_each(|section| {
            writeln!(f, "{}", heading(section, self.section(section)))?;
            let mut list = self.section(section).iter();
            list.try_for_each(|one| writeln!(f, "  {}: {}", Readable(&subject(one)), Readable(&one.change())))
        })
    }
}

/// How much there is of a kind.
pub(super) fn heading(section: Section, list: &[Difference]) -> String {
    // What is not a directive, such as a file that cannot be parsed, counts as one thing.
    let count: u64 = list.iter().map(|difference| difference.directives.max(1)).sum();
    let passing: u64 = list.iter().map(|difference| difference.passing).sum();
    let title = section.title();
    match section {
        Section::Vanished if count > 0 => format!("{title}: {count}, of which {passing} passed"),
        Section::New if count > 0 => format!("{title}: {count}, of which {passing} pass"),
        Section::NewlyFailing
        | Section::Worse
        | Section::NewlyPassing
        | Section::Changed
        | Section::Vanished
        | Section::New => format!("{title}: {count}"),
    }
}

/// `aot a.wast:10:3 assert_return`.
fn subject(difference: &Difference) -> String {
    let Difference { engine, file, place, directive, .. } = difference;
    let mut subject = engine.iter().map(|engine| format!("{engine} ")).collect::<String>();
    subject.push_str(file);
    subject.extend(place.map(|(line, col)| format!(":{line}:{col}")));
    subject.extend(directive.map(|directive| format!(" {directive}")));
    subject
}

impl Difference {
    /// `pass -> fail: expected …`.
    pub(super) fn change(&self) -> String {
        let outcomes = match (self.before, self.after) {
            (Some(before), Some(after)) => format!("{} -> {}", before.name(), after.name()),
            (Some(only), None) | (None, Some(only)) => only.name().to_owned(),
            (None, None) => return self.detail.clone(),
        };
        match self.detail.as_str() {
            "" => outcomes,
            detail => format!("{outcomes}: {detail}"),
        }
    }
}
