//! What is read after the calls: exported globals and memories.

use super::asserted::Asserted;
use super::error::RegressError;
use super::expectation::Ended;
use super::memory::{self, Memories};
use super::probe::Probed;
use crate::module_script::quoted;
use trapline_abi::ModuleInfo;

/// What there is after the calls.
pub(super) struct After<'a> {
    pub(super) info: &'a ModuleInfo,
    pub(super) probed: &'a Probed,
    pub(super) canonical: Option<&'a Probed>,
}

impl After<'_> {
    /// Reads exported globals.
    pub(super) fn read(
        &self,
        asserted: &mut Asserted<'_>,
        globals: &[&str],
        first: usize,
        text: &mut String,
        read_back: &mut Vec<String>,
    ) -> Result<(), RegressError> {
        if !self.is_decided(asserted, !globals.is_empty(), "exported globals") {
            return Ok(());
        }
        let mut count = 0;
        for (index, global) in (first..).zip(globals) {
            let get = format!("(get {})", quoted(global));
            let ended = self.probed.ended(index);
            if let Ended::Otherwise(what) = &ended {
                return Err(asserted.unexpected(&get, what));
            }
            let other = self.canonical.map(|probed| probed.ended(index));
            match ended.assertion_of_action(&get, other.as_ref()) {
                Some(assertion) => {
                    text.push_str(&format!("{}{assertion}\n", if count == 0 { "\n" } else { "" }));
                    count += 1;
                }
                None => asserted.notes.push(format!(
                    "the global {} is not read back: it depends on the bits of a NaN, or no pattern describes it",
                    quoted(global)
                )),
            }
        }
        if count > 0 {
            read_back.push(if count == 1 { "1 global".to_owned() } else { format!("{count} globals") });
        }
        Ok(())
    }

    /// Reads what the calls have changed of exported memories, by modules that import them.
    pub(super) fn memories(
        &self,
        asserted: &mut Asserted<'_>,
        instance: usize,
        text: &mut String,
        read_back: &mut Vec<String>,
    ) {
        if !self.is_decided(asserted, !self.info.memories.is_empty(), "memories") {
            return;
        }
        let traps = self.probed.records.iter().filter_map(|record| record.trap()?.operands.as_ref());
        let memories = Memories {
            info: self.info,
            instance,
            states: &self.probed.states,
            canonical: self.canonical.map(|probed| &probed.states[..]),
            reached: traps.filter_map(memory::reached).collect(),
        };
        memories.read(text, read_back, &mut asserted.notes);
    }

    /// Whether what the calls leave is the same on every engine: how deep the stack is, is not.
    fn is_decided(&self, asserted: &mut Asserted<'_>, any: bool, what: &str) -> bool {
        if any && asserted.exhausted {
            asserted.notes.push(format!(
                "{what} are not read back: a call exhausts the stack, and how far it comes is left to engines"
            ));
        }
        any && !asserted.exhausted
    }
}
