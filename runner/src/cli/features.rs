//! `trapline features`: the proposals, how far each is built, and what is on.

use super::configuration::ConfigurationArguments;
use super::exit::{Exit, Failure, OrExit};
use super::options::{FeatureArguments, Form};
use super::{json_line, print};
use crate::configuration::Settings;
use crate::discover::{Header, Input, Source};
use crate::reading;
use crate::run::default_features;
use anyhow::anyhow;
use serde::Serialize;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::slice;
use trapline_compiler::{Support, WasmFeatures, feature_names, support_of};

/// List the features of WebAssembly, how far each is built, and what is on for scripts and modules that do not say.
///
/// `built` features are validated and compiled; those that are `validated only` make a module unsupported where it is to run;
/// `unknown` ones are proposals that nothing here knows of. Components are not read. With a script, what is on for that one is
/// listed, after what trapline.toml says of it.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// A script that is of no suite.
    file: Option<PathBuf>,
    #[command(flatten)]
    configuration: ConfigurationArguments,
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
    let script =
        arguments.file.as_deref().map(|file| Script::read(file, arguments.configuration)).transpose()?;
    let on = script.as_ref().map_or_else(default_features, |script| script.features);
    let rows = rows(arguments.features.apply(on));
    let mut text = String::new();
    match arguments.format {
        Form::Json => {
            if let Some(script) = &script {
                text += &json_line(&script.row())?;
            }
            for row in &rows {
                text += &json_line(row)?;
            }
        }
        Form::Pretty => {
            if let Some(script) = &script {
                text += &script.lines();
            }
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

/// A script, and what files say of it.
struct Script {
    name: String,
    settings: Settings,
    /// What is on for it.
    features: WasmFeatures,
}

/// The line of the list about the script.
#[derive(Serialize)]
struct ScriptRow {
    script: String,
    configuration: Option<String>,
    /// In seconds.
    timeout: Option<u64>,
    expectations: Option<String>,
}

impl Script {
    fn read(file: &Path, configuration: ConfigurationArguments) -> Result<Script, Failure> {
        let name = file.display().to_string();
        let text = reading::read(file)
            .map_err(|error| anyhow!("failed to read {name}: {error}"))
            .or_exit(Exit::Usage)?;
        let header = Header::parse(&String::from_utf8_lossy(&text))
            .map_err(|error| {
                anyhow!("failed to read the header of {name}:{}:{}: {error}", error.line, error.col)
            })
            .or_exit(Exit::Usage)?;
        let input = Input { name: name.as_str().into(), source: Source::File(file.to_owned()) };
        let settings = configuration.load(slice::from_ref(&input))?.of(&input).clone();
        let features = header.apply(settings.apply(default_features()));
        Ok(Script { name, settings, features })
    }

    fn row(&self) -> ScriptRow {
        let Settings { file, timeout, expectations, features: _ } = &self.settings;
        ScriptRow {
            script: self.name.clone(),
            configuration: file.as_ref().map(|file| file.display().to_string()),
            timeout: timeout.map(|timeout| timeout.as_secs()),
            expectations: expectations.as_ref().map(|(own, _)| own.path().display().to_string()),
        }
    }

    fn lines(&self) -> String {
        let ScriptRow { script, configuration, timeout, expectations } = self.row();
        let mut lines = vec![("script", script)];
        lines.push(("trapline.toml", configuration.unwrap_or_else(|| "none has an entry for it".to_owned())));
        lines.extend(timeout.map(|seconds| ("timeout", format!("{seconds} s"))));
        lines.extend(expectations.map(|path| ("expectations", path)));
        lines.iter().map(|(key, value)| format!("{key:13}  {value}\n")).collect::<String>() + "\n"
    }
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
