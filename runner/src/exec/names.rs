//! What a script's names refer to while it runs.

use super::thread::Started;
use super::{Step, fail};
use crate::executor::{InstanceId, ModuleHandle};
use crate::outcome::{BlockedBy, Outcome};
use crate::script::{Directive, DirectiveKind, Keyword, Unparsed, UnparsedCause};
use crate::terms::Dialect;
use crate::trail::{Got, Wanted};
use std::collections::HashMap;
use std::rc::Rc;

/// The current instance and everything that has a name. A name whose directive failed is kept as
/// failed, so that nothing falls back to what it meant before.
#[derive(Default)]
pub(super) struct Names<'s> {
    /// Whether instances are registered under their own names.
    registers_names: bool,
    /// The instance of the last module; none before the first.
    current: Option<Slot<InstanceId>>,
    instances: HashMap<&'s str, Slot<InstanceId>>,
    /// The module defined last; none before the first.
    defined: Option<Slot<ModuleHandle>>,
    definitions: HashMap<&'s str, Slot<ModuleHandle>>,
    /// The module names under which instances are, or were to be, registered.
    registered: HashMap<&'s str, Slot<()>>,
    /// Threads that have not been waited for yet.
    threads: HashMap<&'s str, Slot<Started<'s>>>,
}

/// Something that a directive made, or failed to make.
#[derive(Clone)]
enum Slot<T> {
    Ready(T),
    /// The directive that did not pass.
    Failed(Rc<BlockedBy>),
}

impl<T: Clone> Slot<T> {
    fn get(&self) -> Step<T> {
        match self {
            Slot::Ready(thing) => Ok(thing.clone()),
            Slot::Failed(by) => Err(blocked(by)),
        }
    }
}

fn blocked(by: &BlockedBy) -> Outcome {
    Outcome::Blocked(Box::new(by.clone()))
}

impl<'s> Names<'s> {
    /// Nothing yet.
    pub(super) fn new(dialect: Dialect) -> Names<'s> {
        Names { registers_names: dialect == Dialect::Wasmtime, ..Names::default() }
    }

    /// The name under which an instance is registered without being asked for.
    pub(super) fn registered_as(&self, name: Option<&'s str>) -> Option<&'s str> {
        name.filter(|_| self.registers_names)
    }

    /// A named instance, or the current one.
    pub(super) fn instance(&self, name: Option<&str>) -> Step<InstanceId> {
        let slot = match name {
            None => self.current.as_ref(),
            Some(name) => self.instances.get(name),
        };
        match (slot, name) {
            (Some(slot), _) => slot.get(),
            (None, Some(name)) => fail(Wanted::NamedInstance(name.to_owned()), Got::Nothing),
            (None, None) => fail(Wanted::CurrentInstance, Got::NoModuleBefore),
        }
    }

    /// A named module, or the one defined last.
    pub(super) fn definition(&self, name: Option<&str>) -> Step<ModuleHandle> {
        let slot = match name {
            None => self.defined.as_ref(),
            Some(name) => self.definitions.get(name),
        };
        match (slot, name) {
            (Some(slot), _) => slot.get(),
            (None, Some(name)) => fail(Wanted::NamedModule(name.to_owned()), Got::Nothing),
            (None, None) => fail(Wanted::PrecedingModule, Got::NoModuleBefore),
        }
    }

    /// Whether an instance is registered under a name.
    pub(super) fn is_registered(&self, name: &str) -> Step<bool> {
        self.registered.get(name).map_or(Ok(false), |slot| slot.get().map(|()| true))
    }

    pub(super) fn define(&mut self, name: Option<&'s str>, module: &ModuleHandle) {
        self.set_definition(name, Slot::Ready(module.clone()));
    }

    pub(super) fn instantiated(&mut self, name: Option<&'s str>, instance: InstanceId) {
        self.set_instance(name, Slot::Ready(instance));
    }

    /// Gives an instance on another thread its name; it does not become the current one.
    pub(super) fn instantiated_elsewhere(&mut self, name: &'s str, instance: InstanceId) {
        self.instances.insert(name, Slot::Ready(instance));
    }

    pub(super) fn started(&mut self, name: &'s str, thread: Started<'s>) {
        self.threads.insert(name, Slot::Ready(thread));
    }

    /// A thread, to be waited for: only once.
    pub(super) fn thread(&mut self, name: &str) -> Step<Started<'s>> {
        match self.threads.remove(name) {
            Some(Slot::Ready(thread)) => Ok(thread),
            Some(Slot::Failed(by)) => Err(blocked(&by)),
            None => fail(Wanted::RunningThread(name.to_owned()), Got::Nothing),
        }
    }

    pub(super) fn registered(&mut self, name: &'s str) {
        self.registered.insert(name, Slot::Ready(()));
    }

    /// Marks everything that a directive was to make as failed.
    pub(super) fn settle_failure(&mut self, directive: &'s Directive, file: &str, outcome: &Outcome) {
        let by = || -> Rc<BlockedBy> {
            Rc::new(match outcome {
                // What blocks this directive blocks its dependents too, and says more than this
                // one does.
                Outcome::Blocked(by) => (**by).clone(),
                outcome => BlockedBy {
                    file: file.to_owned(),
                    line: directive.line,
                    directive: directive.kind.keyword(),
                    outcome: outcome.kind(),
                },
            })
        };
        match &directive.kind {
            DirectiveKind::Module(module) => {
                let by = by();
                self.set_definition(module.name.as_deref(), Slot::Failed(by.clone()));
                self.set_instance(module.name.as_deref(), Slot::Failed(by));
            }
            DirectiveKind::ModuleDefinition(module) => {
                self.set_definition(module.name.as_deref(), Slot::Failed(by()));
            }
            DirectiveKind::ModuleInstance { instance, .. } => {
                self.set_instance(instance.as_deref(), Slot::Failed(by()));
            }
            DirectiveKind::Register { name, .. } => {
                self.registered.insert(name, Slot::Failed(by()));
            }
            DirectiveKind::Thread { name, .. } => {
                self.threads.insert(name, Slot::Failed(by()));
            }
            DirectiveKind::Unparsed(unparsed) => self.settle_unparsed(unparsed, by()),
            DirectiveKind::Invoke(_)
            | DirectiveKind::Get(_)
            | DirectiveKind::AssertReturn { .. }
            | DirectiveKind::AssertTrap { .. }
            | DirectiveKind::AssertExhaustion { .. }
            | DirectiveKind::AssertException { .. }
            | DirectiveKind::AssertSuspension { .. }
            | DirectiveKind::AssertMalformed { .. }
            | DirectiveKind::AssertInvalid { .. }
            | DirectiveKind::AssertMalformedCustom { .. }
            | DirectiveKind::AssertInvalidCustom { .. }
            | DirectiveKind::AssertUnlinkable { .. }
            | DirectiveKind::Wait { .. } => {}
        }
    }

    /// Marks what a directive that does not parse was to make, as far as that is known. A keyword that is unknown may be
    /// that of a module in another spelling, or of a field of one that ended too early.
    fn settle_unparsed(&mut self, unparsed: &'s Unparsed, by: Rc<BlockedBy>) {
        let name = unparsed.name.as_deref();
        match unparsed.keyword {
            Keyword::Module => {
                self.set_definition(name, Slot::Failed(by.clone()));
                self.set_instance(name, Slot::Failed(by));
            }
            Keyword::ModuleDefinition => self.set_definition(name, Slot::Failed(by)),
            Keyword::ModuleInstance => self.set_instance(name, Slot::Failed(by)),
            Keyword::Register => {
                if let Some(name) = name {
                    self.registered.insert(name, Slot::Failed(by));
                }
            }
            Keyword::Thread => {
                if let Some(name) = name {
                    self.threads.insert(name, Slot::Failed(by));
                }
            }
            Keyword::Unknown => match &unparsed.cause {
                UnparsedCause::UnknownDirective(word, _) if !word.starts_with("assert_") => {
                    self.set_definition(name, Slot::Failed(by.clone()));
                    self.set_instance(name, Slot::Failed(by));
                }
                UnparsedCause::UnknownDirective(..) | UnparsedCause::Syntax(_) | UnparsedCause::Component => {
                }
            },
            Keyword::Invoke
            | Keyword::Get
            | Keyword::AssertReturn
            | Keyword::AssertTrap
            | Keyword::AssertExhaustion
            | Keyword::AssertException
            | Keyword::AssertSuspension
            | Keyword::AssertMalformed
            | Keyword::AssertInvalid
            | Keyword::AssertMalformedCustom
            | Keyword::AssertInvalidCustom
            | Keyword::AssertUnlinkable
            | Keyword::Wait => {}
        }
    }

    fn set_definition(&mut self, name: Option<&'s str>, slot: Slot<ModuleHandle>) {
        if let Some(name) = name {
            self.definitions.insert(name, slot.clone());
        }
        self.defined = Some(slot);
    }

    fn set_instance(&mut self, name: Option<&'s str>, slot: Slot<InstanceId>) {
        if let Some(name) = self.registered_as(name) {
            let registered = match &slot {
                Slot::Ready(_) => Slot::Ready(()),
                Slot::Failed(by) => Slot::Failed(by.clone()),
            };
            self.registered.insert(name, registered);
        }
        if let Some(name) = name {
            self.instances.insert(name, slot.clone());
        }
        self.current = Some(slot);
    }
}
