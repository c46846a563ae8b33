//! Which scripts notice which faults.

use super::LeftOut;
use super::lines::names;
use super::report::name_left_out;
use crate::report::json_line;
use crate::report::{Style, counted};
use serde::Serialize;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use trapline_abi::InjectedFault;

/// How many scripts a row of the table names.
const NAMED: usize = 2;

/// The scripts that notice one fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FaultScore {
    /// The fault.
    pub fault: InjectedFault,
    /// The scripts, in the order in which they were selected.
    pub scripts: Vec<Arc<str>>,
}

/// What became of all faults.
#[derive(Clone, Debug)]
pub struct FaultScores {
    /// By fault.
    pub faults: Vec<FaultScore>,
    /// The scripts that notice none of them.
    pub blind: Vec<Arc<str>>,
    /// Scripts that ran.
    pub scripts: usize,
    /// The others, and why nothing can be seen by them.
    pub left_out: Vec<(Arc<str>, LeftOut)>,
    /// The wall time.
    pub elapsed: Duration,
}

impl FaultScores {
    pub(super) fn new(faults: &[InjectedFault]) -> FaultScores {
        let faults = faults.iter().map(|&fault| FaultScore { fault, scripts: Vec::new() }).collect();
        FaultScores { faults, blind: Vec::new(), scripts: 0, left_out: Vec::new(), elapsed: Duration::ZERO }
    }

    /// Takes which faults a script notices, in order, if it ran.
    pub(super) fn add(&mut self, script: &Arc<str>, noticed: Result<Vec<bool>, LeftOut>) {
        let noticed = match noticed {
            Ok(noticed) => noticed,
            Err(why) => return self.left_out.push((script.clone(), why)),
        };
        self.scripts += 1;
        for (score, _) in self.faults.iter_mut().zip(&noticed).filter(|(_, noticed)| **noticed) {
            score.scripts.push(script.clone());
        }
        if !noticed.contains(&true) {
            self.blind.push(script.clone());
        }
    }

    /// For people: a row for each fault, and the scripts that notice none.
    pub fn text(&self, style: Style) -> String {
        let mut text = String::new();
        if self.scripts == 0 {
            // That nothing ran says nothing about the faults.
            name_left_out(&mut text, &self.left_out, style);
            return text;
        }
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "{:<18} {:>7}  the first of them", "fault", "scripts");
        for FaultScore { fault, scripts } in &self.faults {
            let named: Vec<&str> = scripts.iter().take(NAMED).map(|script| &**script).collect();
            let named = if named.is_empty() { "-".to_owned() } else { named.join(" ") };
            let _ = writeln!(text, "{:<18} {:>7}  {named}", fault.name(), scripts.len());
        }
        for script in &self.blind {
            let _ = writeln!(text, "{} {script} notices none of them", style.note("blind"));
        }
        name_left_out(&mut text, &self.left_out, style);
        let missed = self.faults.iter().filter(|score| score.scripts.is_empty()).count();
        let _ = writeln!(
            text,
            "{}; {} faults, {missed} of them noticed by no script; {} blind, in {:.2} s",
            counted(self.scripts as u64, "script"),
            self.faults.len(),
            counted(self.blind.len() as u64, "script"),
            self.elapsed.as_secs_f64()
        );
        text
    }

    /// For programs: a `fault` a line, and a `summary` last.
    ///
    /// # Errors
    ///
    /// None that is known: all of it can be written.
    pub fn json(&self) -> serde_json::Result<String> {
        let mut text = String::new();
        for FaultScore { fault, scripts } in &self.faults {
            text +=
                &json_line(&FaultLine { ty: "fault", fault: fault.name(), scripts: names(scripts.iter()) })?;
        }
        let summary = FaultSummary {
            ty: "summary",
            scripts: self.scripts,
            left_out: names(self.left_out.iter().map(|(script, _)| script)),
            blind: names(self.blind.iter()),
        };
        Ok(text + &json_line(&summary)?)
    }
}

#[derive(Serialize)]
struct FaultLine<'a> {
    #[serde(rename = "type")]
    ty: &'static str,
    fault: &'static str,
    scripts: Vec<&'a str>,
}

#[derive(Serialize)]
struct FaultSummary<'a> {
    #[serde(rename = "type")]
    ty: &'static str,
    scripts: usize,
    left_out: Vec<&'a str>,
    blind: Vec<&'a str>,
}
