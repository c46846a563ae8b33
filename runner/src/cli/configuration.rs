//! Arguments about the files that say something of scripts.

use super::exit::{Exit, Failure, OrExit};
use super::headings::SCRIPTS;
use crate::configuration::{Configuration, Sources};
use crate::discover::{Input, quoted};
use crate::document::read_document;
use crate::expectations::{Expectations, OwnExpectations, Scope};
use anyhow::anyhow;
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trapline_spec_tests::workspace_root;

/// Whether `trapline.toml` counts.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = SCRIPTS)]
pub(super) struct ConfigurationArguments {
    /// Do not look for trapline.toml, which has features, limits on time and expectations for scripts that are of no suite.
    #[arg(long)]
    no_config: bool,
}

impl ConfigurationArguments {
    /// What files say of scripts.
    pub(super) fn load(self, inputs: &[Input]) -> Result<Configuration, Failure> {
        load(inputs, &Sources { search: !self.no_config, ..Sources::default() })
    }

    /// The choice as a command line has it, after a space.
    pub(super) fn command(self) -> &'static str {
        if self.no_config { " --no-config" } else { "" }
    }
}

/// What is expected of scripts that are of no suite.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = SCRIPTS)]
pub(super) struct ExpectationArguments {
    #[command(flatten)]
    configuration: ConfigurationArguments,
    /// What is known not to pass of scripts that are of no suite, in the form of spec-tests/expectations.toml without
    /// `suites`. Files are named from the folder of this one on. It counts instead of one that trapline.toml names.
    #[arg(long, value_name = "FILE")]
    expectations: Option<PathBuf>,
}

impl ExpectationArguments {
    /// What files say of scripts. If expectations are about to be rewritten, their file need not be there yet.
    pub(super) fn load(&self, inputs: &[Input], may_be_new: bool) -> Result<Configuration, Failure> {
        let read = |path: &PathBuf| match may_be_new {
            true => OwnExpectations::read_if_there(path),
            false => OwnExpectations::read(path),
        };
        let expectations = self
            .expectations
            .as_ref()
            .map(read)
            .transpose()
            .map_err(|error| anyhow!("failed to read the expectations: {error}"))
            .or_exit(Exit::Usage)?;
        let search = !self.configuration.no_config;
        load(inputs, &Sources { search, expectations: expectations.map(Arc::new), may_be_new })
    }

    /// The file that the user names.
    pub(super) fn named(&self) -> Option<&Path> {
        self.expectations.as_deref()
    }

    /// The choices as a command line has them, each after a space.
    pub(super) fn command(&self) -> String {
        let mut command = self.configuration.command().to_owned();
        if let Some(path) = &self.expectations {
            command.push_str(&format!(" --expectations {}", quoted(&path.to_string_lossy())));
        }
        command
    }
}

fn load(inputs: &[Input], sources: &Sources) -> Result<Configuration, Failure> {
    Configuration::load(inputs, sources)
        .map_err(|error| anyhow!("failed to read the configuration: {error}"))
        .or_exit(Exit::Usage)
}

/// The expectations of the suites: those of the workspace around the current folder, so that a change of them has an effect at
/// once, and elsewhere those that this program was built with.
pub(super) fn of_suites() -> Result<Expectations, Failure> {
    match file_of_suites() {
        Some(path) => read_document(&path, |text| Expectations::parse(text, Scope::Suites))
            .map_err(|error| anyhow!("failed to read the expectations: {error}"))
            .or_exit(Exit::Usage),
        None => Expectations::bundled()
            .map_err(|error| anyhow!("failed to read the expectations: {error}"))
            .or_exit(Exit::Internal),
    }
}

/// The file with the expectations of the suites, if there is a workspace around the current folder that has it.
pub(super) fn file_of_suites() -> Option<PathBuf> {
    let root = workspace_root(&std::env::current_dir().ok()?)?;
    let path = root.join("spec-tests").join("expectations.toml");
    path.is_file().then_some(path)
}
