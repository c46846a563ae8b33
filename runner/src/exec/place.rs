//! The places in the script of what is to be reported.

use crate::outcome::{DirectiveRecord, Outcome};
use crate::script::{Directive, DirectiveKind, Places, Script};
use crate::trail::{CrashInfo, FaultInfo, Got, Refusal, ThreadPlace, TrapInfo};

/// Fills places into records. It does nothing before it is asked to.
pub(super) struct Placing<'s> {
    script: &'s Script,
    places: Option<Places<'s>>,
}

impl<'s> Placing<'s> {
    pub(super) fn new(script: &'s Script) -> Placing<'s> {
        Placing { script, places: None }
    }

    fn places(&mut self) -> &mut Places<'s> {
        let script = self.script;
        self.places.get_or_insert_with(|| Places::new(script))
    }

    /// Fills in the places of all that a record tells of a directive that did not pass.
    pub(super) fn record(&mut self, record: &mut DirectiveRecord) {
        if record.outcome.is_pass() {
            return;
        }
        let index = record.index;
        if let Some(trap) = record.details.as_mut().and_then(|details| details.trap.as_mut()) {
            self.trap(index, trap);
        }
        let thread = record.thread().cloned();
        match &mut record.outcome {
            Outcome::Fail(mismatch) => {
                if let Got::Refused(refusal) | Got::Unlinkable(refusal) = &mut mismatch.got {
                    self.refusal(index, thread.as_ref(), refusal);
                }
            }
            Outcome::HarnessError(refusal) => self.refusal(index, thread.as_ref(), refusal),
            Outcome::Crash(info) => self.crash(index, info),
            Outcome::Pass
            | Outcome::Unsupported(_)
            | Outcome::Blocked(_)
            | Outcome::Timeout { .. }
            | Outcome::NotRun(_)
            | Outcome::Diverged(_) => {}
        }
        self.line(record);
    }

    /// Keeps the line where it happened, if it is not in the directive's own text.
    fn line(&mut self, record: &mut DirectiveRecord) {
        let Some(place) = record.place() else { return };
        let source = record.source().unwrap_or_default();
        let last = record.line + source.matches('\n').count() as u32;
        let col = match source.rsplit_once('\n') {
            Some((_, line)) => line.len() as u32,
            None => record.col + source.len() as u32,
        };
        let at = (place.line, place.col);
        if at < (record.line, record.col) || at > (last, col) {
            record.details_mut().line = self.places().line(place).map(Box::new);
        }
    }

    /// Fills in the places of a trap.
    pub(super) fn trap(&mut self, index: u32, trap: &mut TrapInfo) {
        self.places().fill_in_trap(index, trap);
    }

    fn refusal(&mut self, index: u32, thread: Option<&ThreadPlace>, refusal: &mut Refusal) {
        if let (Some(_), Some(directive)) = (refusal.offset, self.directive(index, thread)) {
            self.places().fill_in_refusal(directive, refusal);
        }
    }

    fn crash(&mut self, index: u32, info: &mut CrashInfo) {
        let places = info.fault.as_mut().map(|FaultInfo { place, caller, .. }| [place, caller]);
        for place in places.into_iter().flatten().filter_map(Option::as_mut) {
            if let Some(offset) = place.offset {
                place.source = self.places().instruction(index, &place.module, offset.into());
            }
            place.function.name = self.places().function_name(&place.module, place.function.index);
        }
    }

    /// The directive that a record is about, which for that of a `wait` can be one of the thread's.
    fn directive(&self, index: u32, thread: Option<&ThreadPlace>) -> Option<&'s Directive> {
        let directives = self.script.directives();
        let own = directives.get(index as usize)?;
        let Some(place) = thread else { return Some(own) };
        let of_thread = |directive: &'s Directive| match &directive.kind {
            DirectiveKind::Thread { name, directives, .. } if **name == *place.thread => Some(directives),
            _ => None,
        };
        let inner = directives[..index as usize].iter().rev().find_map(of_thread)?;
        let is_it = |inner: &&Directive| inner.line == place.line && inner.kind.keyword() == place.directive;
        let mut found = inner.iter().filter(is_it);
        // Of several on one line, there is no telling which it was.
        found.next().filter(|_| found.next().is_none())
    }
}
