//! The keywords of directives.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! keywords {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// The keyword of a directive, in scripts and reports. The two further forms of `module` have their second word
        /// with them.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum Keyword {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Keyword {
            /// Every keyword.
            pub const ALL: &'static [Keyword] = &[$(Keyword::$name,)*];

            /// The keyword as scripts and reports have it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Keyword::$name => $text,)*
                }
            }
        }
    };
}

keywords! {
    /// Define a module and instantiate it.
    Module = "module",
    /// Define a module.
    ModuleDefinition = "module definition",
    /// Instantiate a module defined before.
    ModuleInstance = "module instance",
    /// Make an instance's exports importable.
    Register = "register",
    /// Call a function.
    Invoke = "invoke",
    /// Read a global.
    Get = "get",
    /// The action returns.
    AssertReturn = "assert_return",
    /// The action traps.
    AssertTrap = "assert_trap",
    /// The call exhausts the call stack.
    AssertExhaustion = "assert_exhaustion",
    /// The action ends in an exception.
    AssertException = "assert_exception",
    /// The action ends in a suspension.
    AssertSuspension = "assert_suspension",
    /// The module does not decode.
    AssertMalformed = "assert_malformed",
    /// The module does not validate.
    AssertInvalid = "assert_invalid",
    /// A custom section does not decode.
    AssertMalformedCustom = "assert_malformed_custom",
    /// A custom section is not valid.
    AssertInvalidCustom = "assert_invalid_custom",
    /// The module's imports do not match.
    AssertUnlinkable = "assert_unlinkable",
    /// Run directives on a new thread.
    Thread = "thread",
    /// Wait for a thread to end.
    Wait = "wait",
    /// What stands where a directive should, and is none.
    Unknown = "unknown",
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
