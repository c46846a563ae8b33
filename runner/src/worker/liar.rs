//! What a worker that lies says, for tests of a parent that does not believe it. See [`hazard::asked`].

use super::pending::Pending;
use super::wire::{Answer, Done};
use crate::hazard;
use crate::outcome::{Outcome, ScriptFault};
use crate::script::Keyword;
use std::io;
use std::time::Duration;

/// The moment of these lies: `swap@lie#2` and the like.
const MOMENT: &str = "lie";

/// Makes what became of a script something else.
pub(super) fn distort(done: &mut Done, script: u32) {
    let Some(lie) = hazard::asked(MOMENT, script) else { return };
    let Ok(records) = &mut done.directives else { return };
    match &*lie {
        "swap" => records.swap(0, 1),
        "skip" => drop(records.pop()),
        "again" => records.extend(records.last().cloned()),
        "timeout" => records[0].outcome = Outcome::Timeout { limit: Duration::ZERO },
        "places" => {
            for record in records {
                (record.line, record.col, record.directive) = (7, 7, Keyword::Register);
                record.elapsed_ns = u64::MAX;
                if let Some(details) = &mut record.details {
                    details.source = Some("(a lie)".to_owned());
                }
            }
        }
        "unparsed" => {
            let message = "a lie".to_owned();
            done.directives = Err(ScriptFault { line: 1, col: 1, message, expected: None });
        }
        _ => {}
    }
}

/// Says something before what became of a script.
pub(super) fn answer(pending: &Pending, script: u32) -> io::Result<()> {
    match hazard::asked(MOMENT, script).as_deref() {
        Some("other") => pending.write(&Answer::Checked(Ok(()))),
        _ => Ok(()),
    }
}

/// Says something after what became of a script.
pub(super) fn add(pending: &Pending, script: u32) -> io::Result<()> {
    match hazard::asked(MOMENT, script).as_deref() {
        Some("more") => pending.write(&Answer::Part(Vec::new())),
        _ => Ok(()),
    }
}

/// Says something while it has nothing to do.
pub(super) fn add_later(pending: &Pending, script: u32) -> io::Result<()> {
    match hazard::asked(MOMENT, script).as_deref() {
        Some("later") => pending.write(&Answer::Checked(Ok(()))),
        _ => Ok(()),
    }
}
