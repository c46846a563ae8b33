//! `trapline features`: the proposals, how far each is built, and what is on.

use super::exit::{Exit, Failure};
use super::options::{FeatureArguments, Form};
use super::{json_line, print};
use crate::run::default_features;
use serde::Serialize;
use std::fmt::Write;
use trapline_compiler::{Support, WasmFeatures, feature_names, support_of};

/// List the features of WebAssembly, how far each is built, and what is on for scripts and modules that do not say.
///
/// `built` features are validated and compiled; those that are `validated only` make a module unsupported where it is to run;
/// `unknown` ones are proposals that nothing here knows of. Components are not read.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    features: FeatureArguments,
    /// The form of the list: a table, or an object of JSON on each line.
    #[arg(long, value_enum, default_value = "pretty", value_name = "FORMAT")]
    format: Form,
}

/// A row of the list.
#[derive(Serialize)]
struct Row {
    name: String,
    edition: &'static str,
    state: &'static str,
    default: &'static str,
}

/// Parts of the specification and proposals that nothing switches: they are in custom sections or in the text format.
const WITHOUT_SWITCH: [(&str, &str); 2] = [("branch-hinting", "3.0"), ("custom-annotations", "3.0")];

/// Proposals of which nothing is built.
const UNKNOWN: [&str; 4] = ["flexible-vectors", "half-precision", "profiles", "rounding-variants"];

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let on = arguments.features.apply(default_features());
    let rows = rows(on);
    let mut text = String::new();
    match arguments.format {
        Form::Json => {
            for row in &rows {
                text += &json_line(row)?;
            }
        }
        Form::Pretty => {
            let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
            let _ = writeln!(text, "{:width$}  {:10} {:15} default", "feature", "edition", "state");
            for Row { name, edition, state, default } in &rows {
                let _ = writeln!(text, "{name:width$}  {edition:10} {state:15} {default}");
            }
        }
    }
    print(&text)?;
    Ok(Exit::Success)
}

/// All features by edition, those of components behind the others.
fn rows(on: WasmFeatures) -> Vec<Row> {
    let mut rows = Vec::new();
    let all = WasmFeatures::all();
    for (name, (_, feature)) in feature_names(all).into_iter().zip(all.iter_names()) {
        let support = support_of(feature);
        rows.push(Row {
            name,
            edition: edition(feature, support),
            state: match support {
                Support::Built => "built",
                Support::ValidatedOnly => "validated only",
                Support::Component => "not built",
            },
            default: if on.contains(feature) { "on" } else { "off" },
        });
    }
    let fixed = |name: &str, edition, state, default| Row { name: name.to_owned(), edition, state, default };
    rows.extend(WITHOUT_SWITCH.map(|(name, edition)| fixed(name, edition, "built", "on")));
    rows.extend(UNKNOWN.map(|name| fixed(name, "proposal", "unknown", "off")));
    rows.sort_by_key(|row| EDITIONS.iter().position(|&edition| edition == row.edition));
    rows
}

const EDITIONS: [&str; 5] = ["1.0", "2.0", "3.0", "proposal", "component"];

/// The first edition of the specification that has a feature.
fn edition(feature: WasmFeatures, support: Support) -> &'static str {
    // The validator counts threads among the third edition, which came without them.
    if feature == WasmFeatures::THREADS {
        return "proposal";
    }
    let editions = [("1.0", WasmFeatures::WASM1), ("2.0", WasmFeatures::WASM2), ("3.0", WasmFeatures::WASM3)];
    let found = editions.into_iter().find(|(_, features)| features.contains(feature));
    match (found, support) {
        (Some((edition, _)), _) => edition,
        (None, Support::Component) => "component",
        (None, Support::Built | Support::ValidatedOnly) => "proposal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_of_the_validator_is_listed_once() {
        let rows = rows(default_features());
        let all = WasmFeatures::all();
        for name in feature_names(all) {
            assert_eq!(rows.iter().filter(|row| row.name == name).count(), 1, "{name}");
        }
        let without = WITHOUT_SWITCH.len() + UNKNOWN.len();
        assert_eq!(rows.len(), all.iter_names().count() + without);
        let row = |name: &str| {
            rows.iter().find(|row| row.name == name).map(|row| (row.edition, row.state, row.default))
        };
        assert_eq!(row("simd"), Some(("2.0", "built", "on")));
        assert_eq!(row("gc"), Some(("3.0", "built", "on")));
        assert_eq!(row("threads"), Some(("proposal", "built", "on")));
        assert_eq!(row("custom-descriptors"), Some(("proposal", "built", "off")));
        assert_eq!(row("stack-switching"), Some(("proposal", "validated only", "off")));
        assert_eq!(row("cm-async"), Some(("component", "not built", "off")));
        assert_eq!(row("half-precision"), Some(("proposal", "unknown", "off")));
    }
}
