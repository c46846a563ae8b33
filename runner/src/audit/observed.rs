//! Mutants of what happened. A script does not say which exception it expects; a comparison of engines has to tell.

use super::mutation::Mutation;
use crate::exec::Observation;
use crate::outcome::DirectiveRecord;
use crate::script::{Directive, DirectiveKind};
use crate::trail::{Exception, ObservedException, ObservedValue, TagIdentity, Value};
use fastrand::Rng;

/// How an action ended, as far as it is the same on every engine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// It returned.
    Returned,
    /// An exception was not caught.
    Threw(Exception),
}

impl End {
    /// How a directive ended that passes, if it is one of an action.
    pub(super) fn of(directive: &Directive, record: &DirectiveRecord) -> Option<End> {
        if !record.outcome.is_pass() {
            return None;
        }
        match (&directive.kind, record.exception()) {
            (_, Some(exception)) => Some(End::Threw(exception.clone())),
            (DirectiveKind::Invoke(_) | DirectiveKind::AssertReturn { .. }, None) => Some(End::Returned),
            _ => None,
        }
    }

    /// The kinds and sites of its mutants. Each value that an exception carries is a site.
    pub(super) fn mutants(&self) -> Vec<(Mutation, u32)> {
        match self {
            End::Returned => vec![(Mutation::ReturnUncaught, 0)],
            End::Threw(exception) => {
                let mut mutants = vec![(Mutation::ExceptionCaught, 0)];
                mutants.extend(exception.tag.is_some().then_some((Mutation::ExceptionTag, 0)));
                mutants
                    .extend((0..exception.payload.len()).map(|at| (Mutation::ExceptionPayload, at as u32)));
                mutants
            }
        }
    }

    /// What an observer sees of it. Of results only that there are some matters here.
    pub(super) fn observation(&self) -> Observation {
        match self {
            End::Returned => returned(),
            End::Threw(exception) => threw(exception),
        }
    }

    /// What an observer would see of a mutant.
    pub(super) fn mutated(&self, mutation: Mutation, site: u32, mut rng: Rng) -> Observation {
        let mut exception = match self {
            End::Returned => return threw(&Exception::default()),
            End::Threw(_) if mutation == Mutation::ExceptionCaught => return returned(),
            End::Threw(exception) => exception.clone(),
        };
        match (mutation, &mut exception) {
            (Mutation::ExceptionTag, Exception { tag: Some(tag), .. }) => {
                tag.identity = another_tag(tag.identity, &mut rng);
            }
            (_, Exception { payload, .. }) => {
                if let Some(value) = payload.get_mut(site as usize) {
                    *value = another_value(*value, &mut rng);
                }
            }
        }
        threw(&exception)
    }
}

fn returned() -> Observation {
    Observation { results: Some(Vec::new()), ..Observation::default() }
}

fn threw(exception: &Exception) -> Observation {
    let payload = exception.payload.iter().map(|&value| ObservedValue::Plain(value)).collect();
    let exception = ObservedException { tag: exception.tag.clone(), payload };
    Observation { exception: Some(Box::new(exception)), ..Observation::default() }
}

/// One bit of the instance or the index.
fn another_tag(identity: TagIdentity, rng: &mut Rng) -> TagIdentity {
    let bit = 1 << rng.u32(0..32);
    match identity {
        TagIdentity::Instance { instance, tag } if rng.bool() => {
            TagIdentity::Instance { instance: instance ^ bit, tag }
        }
        TagIdentity::Instance { instance, tag } => TagIdentity::Instance { instance, tag: tag ^ bit },
        TagIdentity::Host(tag) => TagIdentity::Host(tag ^ bit),
    }
}

/// One bit of a number; null for a reference, and the reverse.
fn another_value(value: Value, rng: &mut Rng) -> Value {
    match value {
        Value::I32(value) => Value::I32(value ^ 1 << rng.u32(0..32)),
        Value::I64(value) => Value::I64(value ^ 1 << rng.u32(0..64)),
        Value::F32(bits) => Value::F32(bits ^ 1 << rng.u32(0..32)),
        Value::F64(bits) => Value::F64(bits ^ 1 << rng.u32(0..64)),
        Value::V128(bits) => Value::V128(bits ^ 1 << rng.u32(0..128)),
        Value::Extern(number) => Value::Extern(number ^ 1 << rng.u32(0..32)),
        Value::NullFunc => Value::Func,
        Value::Func => Value::NullFunc,
        Value::NullExtern => Value::Extern(rng.u32(..)),
        Value::NullExn => Value::Exn,
        Value::Exn => Value::NullExn,
        Value::NullAny => Value::Struct,
        Value::I31(value) => Value::I31(value ^ 1 << rng.u32(0..31)),
        Value::Host(number) => Value::Host(number ^ 1 << rng.u32(0..32)),
        Value::Struct => Value::Array,
        Value::Array | Value::Externalized => Value::NullAny,
    }
}
