//! What a search for the code that makes a difference has found.

use crate::trail::Layer;
use serde::Serialize;
use trapline_compiler::Anatomy;

/// What makes an engine do something else than the one that it was compared with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Blame {
    /// The engine that was compared with.
    pub reference: String,
    /// The engine that does something else.
    pub engine: String,
    /// What it comes to, in one line.
    pub conclusion: String,
    /// The functions whose code makes the difference. If there are several, they do it only together; if there are none, it is
    /// not the code of a function, or of too many.
    pub functions: Vec<Culprit>,
    /// Where the difference is made, if it is not there with the code of the other engine for all functions.
    pub elsewhere: Option<Layer>,
    /// The properties of code that the difference takes, as variants have them.
    pub properties: Option<String>,
    /// What is known of the pass.
    pub pass: Option<String>,
    /// Which of the two engines of others agree with, a line each, as far as they have what it takes.
    pub oracles: Vec<String>,
    /// What was tried, and what it showed, a line each.
    pub tried: Vec<String>,
    /// The WebAssembly offset at which its code differs first, in bytes from the start of the module's binary.
    pub offset: Option<u32>,
    /// The first of the functions, as both compile it.
    pub sides: Option<Box<Sides>>,
}

/// A function whose code makes a difference.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Culprit {
    /// The index of the function in its module.
    pub index: u32,
    /// Its name, from the name section or an export.
    pub name: Option<String>,
    /// The line of the module in the script, if the script has several.
    pub line: Option<u32>,
}

/// A function as two engines compile it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Sides {
    /// The variant that the right side is: the engine that was compared with, with the properties that the difference takes.
    pub variant: String,
    /// Of the engine that was compared with.
    pub left: Anatomy,
    /// Of the variant.
    pub right: Anatomy,
}

impl Blame {
    pub(in crate::triage) fn new(reference: String, engine: String) -> Blame {
        Blame {
            reference,
            engine,
            conclusion: String::new(),
            functions: Vec::new(),
            elsewhere: None,
            properties: None,
            pass: None,
            oracles: Vec::new(),
            tried: Vec::new(),
            offset: None,
            sides: None,
        }
    }

    pub(in crate::triage) fn concluding(self, conclusion: String) -> Blame {
        Blame { conclusion, ..self }
    }
}
