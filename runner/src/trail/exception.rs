//! Exceptions that nothing has caught.

use super::{ObservedValue, Value};
use serde::{Deserialize, Serialize};
use trapline_runtime::TagIdentity as RuntimeTagIdentity;

/// An exception that nothing has caught.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Exception {
    /// Its tag, if the engine tells.
    pub tag: Option<TagInfo>,
    /// What it carries.
    pub payload: Vec<Value>,
}

/// A tag.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TagInfo {
    /// Which one it is.
    pub identity: TagIdentity,
    /// The first name under which the instance that defines it exports it, if it does.
    pub name: Option<String>,
}

/// Which tag it is, the same on every engine that ran the same script.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagIdentity {
    /// A tag that an instance defines.
    Instance {
        /// The instance, counted from 0 in the order of instantiation.
        instance: u32,
        /// The tag's index in its module.
        tag: u32,
    },
    /// A tag of the host, by its place among all tags in the order in which they were made.
    Host(u32),
}

impl From<RuntimeTagIdentity> for TagIdentity {
    fn from(identity: RuntimeTagIdentity) -> TagIdentity {
        match identity {
            RuntimeTagIdentity::Instance { instance, tag } => TagIdentity::Instance { instance, tag },
            RuntimeTagIdentity::Host(tag) => TagIdentity::Host(tag),
        }
    }
}

/// An exception as it is compared across engines.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ObservedException {
    /// Its tag, if the engine tells.
    pub tag: Option<TagInfo>,
    /// What it carries.
    pub payload: Vec<ObservedValue>,
}

impl ObservedException {
    /// Whether both can be the same exception.
    pub fn agrees(&self, other: &ObservedException) -> bool {
        self.tag_agrees(other)
            && self.payload.len() == other.payload.len()
            && self.payload.iter().zip(&other.payload).all(|(left, right)| left.agrees(right))
    }

    /// Whether both can be of the same tag: a tag that one engine does not tell can be any. What it is called does not
    /// matter.
    pub fn tag_agrees(&self, other: &ObservedException) -> bool {
        let identity = |exception: &ObservedException| exception.tag.as_ref().map(|tag| tag.identity);
        identity(self).zip(identity(other)).is_none_or(|(left, right)| left == right)
    }
}
