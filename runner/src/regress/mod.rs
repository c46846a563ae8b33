//! Makes a regression of a module or a script: a script with a header that checks itself, and that is shown to before it is kept.
//!
//! A script that was made of a module runs once with assertions that say nothing, which tells how each of its calls ends on the
//! reference engine; the assertions are made of that. Then the regression has to show that it is one:
//!
//! - it asserts something, and does the same in every run,
//! - all engines and variants agree with it, also where the specification leaves NaNs and relaxed SIMD open,
//! - each of its expectations is changed and seen to fail ([`crate::audit`]),
//! - it is red on every broken engine that it is to catch.

mod after;
mod asserted;
mod check;
mod error;
mod expectation;
mod header;
mod memory;
mod module;
mod name;
mod pattern;
mod probe;
mod refusal_text;

#[cfg(test)]
mod tests;

pub use check::Disagreement;
pub use error::RegressError;
pub use name::{Name, NameError};

use crate::compare::MakeDeterministic;
use crate::discover::{Header, Input, Source};
use crate::exec::STACK_SIZE;
use crate::run::Runner;
use check::{Checked, Lines};
use header::{Bugline, Completed};
use module::Body;
use std::thread;
use trapline_compiler::WasmFeatures;

/// What is to become a regression.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The name that it gets.
    pub name: &'a Name,
    /// The script, or the script that was made of a module.
    pub input: &'a Input,
    /// The name of the file, for people.
    pub file: &'a str,
    /// Features that a script made of a module switches on or off.
    pub features: &'a [(WasmFeatures, bool)],
    /// The layer that was wrong, if it is known.
    pub layer: Option<&'a str>,
    /// Where the bug is described.
    pub source: Option<&'a str>,
    /// What is right, in one sentence.
    pub expect: Option<&'a str>,
    /// How often the script runs on the first engine to see whether it always does the same.
    pub repeat: u32,
}

/// What a regression is run on.
pub struct Engines<'a> {
    /// The engine that says what is expected, and those that have to agree.
    pub agreeing: Vec<Runner>,
    /// Whether only the word of the first of them counts.
    pub trusts_first: bool,
    /// The first engine with canonical NaNs, if it has the choice.
    pub canonical: Option<Runner>,
    /// The first engine with the other choice of relaxed SIMD, if it has the choice.
    pub relaxed: Option<Runner>,
    /// Makes the deterministic counterparts of those that have to agree, as a comparison needs them.
    pub make_deterministic: Box<MakeDeterministic<'a>>,
    /// Broken engines that the regression has to be red on, with their names.
    pub broken: Vec<(String, Runner)>,
}

/// A regression that has been checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Regression {
    /// The script.
    pub text: String,
    /// How many assertions it has.
    pub assertions: usize,
    /// How many changed expectations were seen to fail.
    pub changed: u64,
    /// What it reads back after the calls, a line each.
    pub read_back: Vec<String>,
    /// What it leaves out, a line each.
    pub notes: Vec<String>,
    /// The engines that agree with it.
    pub engines: Vec<String>,
    /// The engines that do not, if only the word of the first counts.
    pub disagreeing: Vec<Disagreement>,
    /// The engines of others that ended at a limit, and say nothing of what comes after.
    pub limited: Vec<Disagreement>,
    /// What is red on each broken engine.
    pub caught: Vec<Disagreement>,
}

/// Makes a regression and checks it. Nothing is written.
///
/// # Errors
///
/// When nothing can be asserted, or when the script does not show one of the things that a regression has to show.
pub fn add(request: &Request<'_>, engines: &Engines<'_>) -> Result<Regression, RegressError> {
    // The text of a module can be nested deeply.
    thread::scope(|scope| {
        let make = || make(request, engines);
        match thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, make) {
            Ok(made) => made.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(error) => Err(RegressError::Thread(error.to_string())),
        }
    })
}

fn make(request: &Request<'_>, engines: &Engines<'_>) -> Result<Regression, RegressError> {
    let Some(reference) = engines.agreeing.first() else { return Err(RegressError::NoEngine) };
    let bytes = request.input.read().map_err(|error| RegressError::Unreadable(error.to_string()))?;
    let line = Bugline {
        id: request.name.slug(),
        layer: request.layer,
        source: request.source,
        expect: request.expect,
    };
    let draft = match &request.input.source {
        Source::Module { wasm, .. } => {
            let text = String::from_utf8_lossy(&bytes);
            let said = Header::parse(&text)
                .map_err(|error| RegressError::Header(format!("line {}: {}", error.line, error.message)))?;
            let features = header::features(&[&said.features, request.features].concat());
            let text = module::neutral(&text);
            let body =
                module::body(&text, wasm.as_deref(), &features, reference, engines.canonical.as_ref())?;
            Draft::OfModule(features, body)
        }
        _ => Draft::OfScript(
            String::from_utf8(bytes.into_owned())
                .map_err(|error| RegressError::Unreadable(error.to_string()))?,
        ),
    };
    // What it is red on is a comment on one line, and known only once it has run.
    let text = draft.written(&line, request.file, "")?.text;
    let lines = draft.lines(&text, request.file);
    let checked = check::check(&text, &lines, request, engines).map_err(|error| draft.explained(error))?;
    let Completed { text, unknown } = draft.written(&line, request.file, &red_when(&checked))?;
    let (read_back, mut notes) = match draft {
        Draft::OfModule(_, body) => (body.read_back, body.notes),
        Draft::OfScript(_) => (Vec::new(), Vec::new()),
    };
    notes.extend(
        unknown.iter().map(|key| format!("the header says `unknown` for {key}: --{key} TEXT says more")),
    );
    let Checked { assertions, changed, engines, disagreeing, limited, caught } = checked;
    Ok(Regression { text, assertions, changed, read_back, notes, engines, disagreeing, limited, caught })
}

/// The text of a script that was made of a module with an assertion for each call, as it ends on an engine, and what the calls
/// have changed read back. `header` are the lines that switch features.
///
/// # Errors
///
/// When nothing can be asserted.
pub(crate) fn asserting(
    text: &str,
    wasm: &[u8],
    header: &str,
    reference: &Runner,
) -> Result<String, RegressError> {
    let body = module::body(&module::neutral(text), Some(wasm), header, reference, None)?;
    Ok(format!("{header}{}", body.text))
}

/// A regression without its header.
enum Draft {
    /// The lines that switch features, and what was made of a module.
    OfModule(String, Body),
    /// A script as it was.
    OfScript(String),
}

impl Draft {
    /// How the lines of what was written of it are named.
    fn lines<'a>(&self, written: &str, file: &'a str) -> Lines<'a> {
        match self {
            Draft::OfModule(..) => Lines::OfModule(file),
            // What is added stands before the first directive.
            Draft::OfScript(text) => {
                let more = written.lines().count().saturating_sub(text.lines().count());
                Lines::OfScript { file, more: u32::try_from(more).unwrap_or(u32::MAX) }
            }
        }
    }

    /// An error with what was left out, if nothing is left because of it.
    fn explained(&self, error: RegressError) -> RegressError {
        match (self, error) {
            (Draft::OfModule(_, body), RegressError::NothingAsserted(why)) if !body.notes.is_empty() => {
                RegressError::NothingAsserted(format!("{why}:{}", check::listed(body.notes.iter().cloned())))
            }
            (_, error) => error,
        }
    }

    fn written(&self, line: &Bugline<'_>, file: &str, red_when: &str) -> Result<Completed, RegressError> {
        match self {
            Draft::OfModule(features, body) => {
                let line = Bugline {
                    layer: line.layer.or(Some(body.layer)),
                    source: line.source.or(Some(file)),
                    expect: line.expect.or(Some(&body.expect)),
                    ..*line
                };
                let text = header::of_module(features, &line, file, red_when, &body.text);
                Ok(Completed { text, unknown: Vec::new() })
            }
            Draft::OfScript(text) => header::completed(text, line, file, red_when),
        }
    }
}

/// What the script says of the engines that it is red on.
fn red_when(checked: &Checked) -> String {
    let red = checked.caught.iter().chain(&checked.disagreeing);
    let names: Vec<String> = red.map(|Disagreement { engine, .. }| format!("`{engine}`")).collect();
    match &names[..] {
        [] => "not tried on a broken engine yet.".to_owned(),
        names => format!("run on {}, as of trapline {}.", names.join(" or "), env!("CARGO_PKG_VERSION")),
    }
}
