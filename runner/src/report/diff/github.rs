//! What has changed, as annotations for GitHub Actions.

use super::text::heading;
use super::{Diff, Section};
use crate::report::ANNOTATIONS;
use crate::report::github::{annotation, data, place};
use std::io::{self, Write};

impl Diff {
    /// Writes an error for each of the first [`ANNOTATIONS`] things that make the run worse, how many more there are, and
    /// the counts of everything.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn write_github(&self, out: &mut impl Write) -> io::Result<()> {
        let mut worse = Section::ALL.into_iter().flat_map(|section| {
            let list = self.section(section).iter().filter(move |one| section.makes_worse(one));
            list.map(move |one| (section, one))
        });
        for (section, one) in worse.by_ref().take(ANNOTATIONS) {
            let (line, col) = one.place.unwrap_or_default();
            let engine = one.engine.iter().map(|engine| format!(" ({engine})"));
            let title = format!("{}{}", section.title(), engine.collect::<String>());
            writeln!(out, "{}", annotation(&place(&one.file, line, col), &title, &one.change()))?;
        }
        let more = worse.count();
        if more > 0 {
            let text = format!("{more} more are worse than before; at most {ANNOTATIONS} are annotated");
            writeln!(out, "::notice title=trapline::{}", data(&text))?;
        }
        for section in Section::ALL {
            writeln!(out, "{}", heading(section, self.section(section)))?;
        }
        Ok(())
    }
}
