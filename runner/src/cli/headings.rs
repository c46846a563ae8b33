//! What arguments are grouped by in `--help`.

pub(super) const SCRIPTS: &str = "Scripts";
pub(super) const MODULES: &str = "Modules";
pub(super) const MUTANTS: &str = "Mutants";
pub(super) const ENGINES: &str = "Engines";
pub(super) const CODE: &str = "Code and heap";
pub(super) const FEATURES: &str = "Features";
pub(super) const IMPORTS: &str = "Imports";
pub(super) const LIMITS: &str = "Processes and limits";
pub(super) const REPORTS: &str = "Reports";
