//! `--only FILE:LINE`: one directive of one script.

use super::exit::{Exit, Failure, OrExit};
use crate::discover::Input;
use crate::nearest::nearest;
use crate::report::plain;
use crate::run::Part;
use crate::script::outline::outline;
use anyhow::anyhow;
use std::path::Path;
use std::str::FromStr;

/// The directives that begin on a line of a script. What comes before them in the script runs too,
/// because they need what it has made, but is not reported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Only {
    file: String,
    line: u32,
}

impl FromStr for Only {
    type Err = String;

    fn from_str(text: &str) -> Result<Only, String> {
        let parts = text.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
        match parts {
            Some((file, line)) if !file.is_empty() => Ok(Only { file: file.to_owned(), line }),
            _ => Err("it is not of the form FILE:LINE".to_owned()),
        }
    }
}

impl Only {
    /// The file, as it was written.
    pub(super) fn file(&self) -> &Path {
        Path::new(&self.file)
    }

    /// Keeps the script: by its name, or the end of its name from a `/` on.
    pub(super) fn select(&self, inputs: &mut Vec<Input>) -> Result<(), Failure> {
        let file = plain(&self.file);
        let is_meant = |name: &str| {
            plain(name).strip_suffix(file.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        if !inputs.iter().any(|input| is_meant(&input.name)) {
            let names = inputs.iter().map(|input| input.name.strip_prefix("./").unwrap_or(&input.name));
            let like = nearest(&self.file, names).map(|name| format!("; the nearest name is {name}"));
            let like = like.unwrap_or_default();
            return Err(anyhow!("failed to find scripts: none is called {}{like}", self.file))
                .or_exit(Exit::NothingSelected);
        }
        inputs.retain(|input| is_meant(&input.name));
        self.check_line(inputs)
    }

    /// Refuses a line on which no directive begins before anything runs. What cannot be read is refused when it runs.
    fn check_line(&self, inputs: &[Input]) -> Result<(), Failure> {
        let mut begins = Vec::new();
        for input in inputs {
            let Ok(text) = input.read() else { return Ok(()) };
            begins.extend(outline(&text).into_iter().map(|sketch| (sketch.line, sketch.directive)));
        }
        if begins.iter().any(|(line, _)| *line == self.line) {
            return Ok(());
        }
        let Some((line, directive)) = begins.into_iter().min_by_key(|(line, _)| line.abs_diff(self.line))
        else {
            return Err(self.nothing());
        };
        let Only { file, line: wanted } = self;
        Err(anyhow!(
            "failed to find a directive that begins on line {wanted} of {file}: the nearest is the {directive} on \
             line {line}, --only {file}:{line}"
        ))
        .or_exit(Exit::NothingSelected)
    }

    /// What is reported of the script.
    pub(super) fn part(&self) -> Part {
        Part::Line(self.line)
    }

    /// That there was no such directive.
    pub(super) fn nothing(&self) -> Failure {
        let error = anyhow!("failed to find a directive that begins on line {} of {}", self.line, self.file);
        Failure { exit: Exit::NothingSelected, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_follows_the_last_colon() {
        let only: Only = "a:b.wast:12".parse().unwrap();
        assert_eq!(only, Only { file: "a:b.wast".to_owned(), line: 12 });
        for bad in ["", "a.wast", ":3", "a.wast:", "a.wast:x", "a.wast:-1"] {
            assert!(bad.parse::<Only>().is_err(), "{bad}");
        }
    }
}
