//! Mutants in words.

use super::mutate::{Mutant, THREAD_SHIFT};
use super::mutation::Mutation;
use crate::matchers;
use crate::script::DirectiveKind;

/// The expectation of the original and that of the mutant, in words.
pub(super) fn describe(original: &DirectiveKind, mutant: &Mutant) -> String {
    describe_change(original, &mutant.kind, mutant)
}

fn describe_change(original: &DirectiveKind, changed: &DirectiveKind, mutant: &Mutant) -> String {
    if let (DirectiveKind::Thread { directives, .. }, DirectiveKind::Thread { directives: changed, .. }) =
        (original, changed)
    {
        let number = (mutant.site >> THREAD_SHIFT) as usize;
        return match (directives.get(number), changed.get(number)) {
            (Some(original), Some(changed)) => {
                let change = describe_change(&original.kind, &changed.kind, mutant);
                format!("in the thread, line {}: {change}", original.line)
            }
            _ => "a directive of the thread".to_owned(),
        };
    }
    let emptied = match mutant.mutation {
        Mutation::MalformedEmptied
        | Mutation::InvalidEmptied
        | Mutation::UnlinkableEmptied
        | Mutation::CustomEmptied
        | Mutation::TrapEmptied => " of an empty module",
        _ => "",
    };
    format!("{} became {}{emptied}", outline(original), outline(changed))
}

fn outline(kind: &DirectiveKind) -> String {
    let keyword = kind.keyword();
    match kind {
        DirectiveKind::AssertReturn { results, .. } => format!("{keyword} {}", matchers::patterns(results)),
        DirectiveKind::AssertTrap { text, .. }
        | DirectiveKind::AssertExhaustion { text, .. }
        | DirectiveKind::AssertSuspension { text, .. }
        | DirectiveKind::AssertMalformed { text, .. }
        | DirectiveKind::AssertInvalid { text, .. }
        | DirectiveKind::AssertMalformedCustom { text, .. }
        | DirectiveKind::AssertInvalidCustom { text, .. }
        | DirectiveKind::AssertUnlinkable { text, .. } => format!("{keyword} {text:?}"),
        DirectiveKind::Module(_)
        | DirectiveKind::ModuleDefinition(_)
        | DirectiveKind::ModuleInstance { .. }
        | DirectiveKind::Register { .. }
        | DirectiveKind::Invoke(_)
        | DirectiveKind::Get(_)
        | DirectiveKind::AssertException { .. }
        | DirectiveKind::Thread { .. }
        | DirectiveKind::Wait { .. }
        | DirectiveKind::Unparsed(_) => keyword.to_string(),
    }
}
