//! The files of a suite, compared with what the manifest pins of them.

use crate::discover::Input;
use crate::outcome::Problem;
use crate::trail::SuiteDifference;
use trapline_spec_tests::{Manifest, SuiteId, content_hash};

/// What is missing of a file of a suite: it should be a script and cannot be parsed, or has fewer directives than the
/// manifest pins. `parsed` is how many directives it was read as, if it could be. Of a file that has the very content that
/// the manifest pins, [`super::accounting`] compares the number.
pub(super) fn shortfall(
    manifest: &Manifest,
    (suite, name): (SuiteId, &str),
    as_pinned: bool,
    parsed: Option<usize>,
) -> Option<Problem> {
    let pinned = manifest.pinned_directives(suite, name)?;
    let message = match parsed {
        None => format!("it cannot be parsed, and the manifest pins {pinned} directives"),
        Some(parsed) if !as_pinned && parsed < pinned as usize => {
            let missing = pinned as usize - parsed;
            format!("{parsed} directives, and the manifest pins {pinned}: {missing} are missing")
        }
        Some(_) => return None,
    };
    Some(Problem { file: name.to_owned(), message })
}

/// The files of suites whose content is not the one that the manifest pins. Files that are missing are a problem of their
/// own, and files that cannot be read are reported when they are run.
pub(crate) fn differences(manifest: &Manifest, inputs: &[Input]) -> Vec<SuiteDifference> {
    let difference = |input: &Input| {
        let pinned = manifest.suite(input.suite()?)?;
        let file = || input.name.to_string();
        match pinned.files.get(&*input.name) {
            None => Some(SuiteDifference::Added(file())),
            Some(pin) => {
                let content = input.read().ok()?;
                (content_hash(&content) != pin.blake3).then(|| SuiteDifference::Changed(file()))
            }
        }
    };
    inputs.iter().filter_map(difference).collect()
}
