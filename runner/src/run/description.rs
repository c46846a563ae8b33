//! What reports say of a run as a whole.

use super::{Runner, suite};
use crate::discover::Input;
use crate::report::SCHEMA;
use crate::trail::{EngineInfo, RunInfo, Unconfined};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use trapline_spec_tests::SuiteId;

impl RunInfo {
    /// Describes a run of scripts that begins now, by a command. `selection` are the arguments that select scripts, and
    /// `partition` names the part of them, if not all are run.
    pub fn now(
        runners: &[Runner],
        inputs: &[Input],
        command: Vec<String>,
        selection: Vec<String>,
        partition: Option<String>,
    ) -> RunInfo {
        let engine = |runner: &Runner| EngineInfo {
            name: runner.engine.name().to_owned(),
            profile: runner.engine.profile(),
        };
        let mut unconfined: Vec<Unconfined> = match runners.iter().any(|runner| runner.workers.is_none()) {
            true => vec![Unconfined {
                measure: "worker".to_owned(),
                cause: "scripts run in this process".to_owned(),
            }],
            false => Vec::new(),
        };
        let workers = runners.iter().filter_map(|runner| runner.workers.as_ref());
        // Of workers that cannot be started, what runs says so.
        unconfined.extend(workers.flat_map(|workers| workers.confinement().unwrap_or_default()).cloned());
        unconfined.sort();
        unconfined.dedup_by(|left, right| left.measure == right.measure);
        let of_suite = inputs.iter().any(|input| input.suite() == Some(SuiteId::Testsuite));
        let manifest = runners.first().map(|runner| &runner.manifest).filter(|_| of_suite);
        let revision = manifest.and_then(|manifest| manifest.suite(SuiteId::Testsuite));
        let reading = runners.first().map(|runner| runner.reading).unwrap_or_default();
        let configuration = runners.first().map(|runner| &runner.configuration);
        let files = configuration.map(|configuration| configuration.files()).unwrap_or_default();
        let expected = configuration.map(|configuration| configuration.expectations()).unwrap_or_default();
        let shown = |path: &Path| path.to_string_lossy().into_owned();
        RunInfo {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            engines: runners.iter().map(engine).collect(),
            compares: false,
            // A machine without a code generator has no engine, and no run.
            cpu: trapline_compiler::native_cpu_features().unwrap_or_default(),
            command,
            options: None,
            started: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
            selection,
            suite_folder: inputs.iter().find_map(Input::suite_folder),
            partition,
            texts: reading.texts,
            dialect: reading.dialect,
            suite: revision.map(|suite| suite.revision.clone()),
            suite_differences: runners
                .first()
                .map(|runner| suite::differences(&runner.manifest, inputs))
                .unwrap_or_default(),
            unconfined,
            host: host(),
            configuration: files.into_iter().map(shown).collect(),
            expectations: expected.iter().map(|own| shown(own.path())).collect(),
        }
    }
}

/// The name of this machine, if the system tells it.
fn host() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}
