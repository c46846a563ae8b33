//! The kinds of mutants.

use std::fmt::{self, Display};
use std::str::FromStr;

macro_rules! mutations {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What is changed. Each kind is counted of its own.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Mutation {
            $($(#[$doc])* $name,)*
        }

        impl Mutation {
            /// Every kind, in the order of reports.
            pub const ALL: &'static [Mutation] = &[$(Mutation::$name,)*];

            /// The name in reports and on the command line.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Mutation::$name => $text,)*
                }
            }
        }
    };
}

mutations! {
    /// One bit of an expected integer.
    IntegerBit = "integer-bit";
    /// One bit of an expected floating-point number.
    FloatBit = "float-bit";
    /// The sign of an expected zero.
    ZeroSign = "zero-sign";
    /// A class of NaNs becomes a number.
    NanToNumber = "nan-to-number";
    /// A class of NaNs becomes a single NaN outside of it.
    NanPayload = "nan-payload";
    /// Exact bits become a class of NaNs that they are not in.
    NumberToNan = "number-to-nan";
    /// One bit in one lane of an expected vector.
    LaneBit = "lane-bit";
    /// A class of NaNs becomes a number in one lane.
    LaneNanToNumber = "lane-nan-to-number";
    /// A class of NaNs becomes a single NaN outside of it in one lane.
    LaneNanPayload = "lane-nan-payload";
    /// Exact bits become a class of NaNs in one lane.
    LaneNumberToNan = "lane-number-to-nan";
    /// An expected value is of another type.
    ValueType = "value-type";
    /// A reference is expected to be null.
    ReferenceToNull = "reference-to-null";
    /// A null is expected to be a reference.
    NullToReference = "null-to-reference";
    /// One bit of the number that an external or host reference carries.
    HostNumber = "host-number";
    /// A structure, an array and a small integer are taken for one another.
    ReferenceClass = "reference-class";
    /// Every alternative of `either`.
    EitherAll = "either-all";
    /// The last expected result is gone.
    ResultDropped = "result-dropped";
    /// One more result is expected.
    ResultAdded = "result-added";
    /// A return is expected to be a trap.
    ReturnToTrap = "return-to-trap";
    /// A return is expected to be an exhaustion.
    ReturnToExhaustion = "return-to-exhaustion";
    /// A return is expected to be an exception.
    ReturnToException = "return-to-exception";
    /// The text of another trap.
    TrapText = "trap-text";
    /// A trap is expected to be a return without results.
    TrapToReturn = "trap-to-return";
    /// The call that traps is a directive of its own.
    TrapToInvoke = "trap-to-invoke";
    /// A trap is expected to be an exhaustion of the same text.
    TrapToExhaustion = "trap-to-exhaustion";
    /// A trap is expected to be an exception.
    TrapToException = "trap-to-exception";
    /// A module that traps is expected not to link.
    TrapToUnlinkable = "trap-to-unlinkable";
    /// A module that traps is expected to be invalid.
    TrapToInvalid = "trap-to-invalid";
    /// A module that traps is replaced by an empty one.
    TrapEmptied = "trap-emptied";
    /// The text of a trap for an exhaustion.
    ExhaustionText = "exhaustion-text";
    /// An exhaustion is expected to be a trap of the same text.
    ExhaustionToTrap = "exhaustion-to-trap";
    /// An exhaustion is expected to be a return without results.
    ExhaustionToReturn = "exhaustion-to-return";
    /// The call that exhausts the stack is a directive of its own.
    ExhaustionToInvoke = "exhaustion-to-invoke";
    /// An exhaustion is expected to be an exception.
    ExhaustionToException = "exhaustion-to-exception";
    /// An exception is expected to be a trap.
    ExceptionToTrap = "exception-to-trap";
    /// An exception is expected to be a return without results.
    ExceptionToReturn = "exception-to-return";
    /// The call that throws is a directive of its own.
    ExceptionToInvoke = "exception-to-invoke";
    /// A malformed module is expected to be invalid.
    MalformedToInvalid = "malformed-to-invalid";
    /// A malformed module is expected to be instantiated.
    MalformedToModule = "malformed-to-module";
    /// A malformed module is expected not to link.
    MalformedToUnlinkable = "malformed-to-unlinkable";
    /// A malformed module is expected to trap.
    MalformedToTrap = "malformed-to-trap";
    /// A malformed module is replaced by an empty one.
    MalformedEmptied = "malformed-emptied";
    /// An invalid module is expected to be malformed.
    InvalidToMalformed = "invalid-to-malformed";
    /// An invalid module is expected to be instantiated.
    InvalidToModule = "invalid-to-module";
    /// An invalid module is expected not to link.
    InvalidToUnlinkable = "invalid-to-unlinkable";
    /// An invalid module is expected to trap.
    InvalidToTrap = "invalid-to-trap";
    /// An invalid module is replaced by an empty one.
    InvalidEmptied = "invalid-emptied";
    /// A malformed custom section is expected to be invalid, or the reverse.
    CustomClass = "custom-class";
    /// The text of another error of a custom section.
    CustomText = "custom-text";
    /// A module with a malformed or invalid custom section is replaced by an empty one.
    CustomEmptied = "custom-emptied";
    /// The text of another link error.
    UnlinkableText = "unlinkable-text";
    /// A module that does not link is expected to be instantiated.
    UnlinkableToModule = "unlinkable-to-module";
    /// A module that does not link is expected to trap.
    UnlinkableToTrap = "unlinkable-to-trap";
    /// A module that does not link is expected to be invalid.
    UnlinkableToInvalid = "unlinkable-to-invalid";
    /// A module that does not link is expected to be malformed.
    UnlinkableToMalformed = "unlinkable-to-malformed";
    /// A module that does not link is replaced by an empty one.
    UnlinkableEmptied = "unlinkable-emptied";
    /// A module that is instantiated is expected to be invalid.
    ModuleToInvalid = "module-to-invalid";
    /// A module that is instantiated is expected to be malformed.
    ModuleToMalformed = "module-to-malformed";
    /// A module that is instantiated is expected not to link.
    ModuleToUnlinkable = "module-to-unlinkable";
    /// A module that is instantiated is expected to trap.
    ModuleToTrap = "module-to-trap";
    /// The exception that was thrown is compared with one of another tag.
    ExceptionTag = "exception-tag";
    /// The exception that was thrown is compared with one that carries the same but for one bit.
    ExceptionPayload = "exception-payload";
    /// The exception that was thrown is compared with a return.
    ExceptionCaught = "exception-caught";
    /// The return of a function is compared with an exception.
    ReturnUncaught = "return-uncaught";
    /// The directive runs, and its outcome is lost.
    OutcomeDropped = "outcome-dropped";
    /// The directive itself is lost: the script is read as one without it.
    DirectiveDropped = "directive-dropped";
}

impl Display for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is none of a mutation's.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no mutation is called `{0}`")]
pub struct UnknownMutation(String);

impl FromStr for Mutation {
    type Err = UnknownMutation;

    fn from_str(name: &str) -> Result<Mutation, UnknownMutation> {
        let named = Mutation::ALL.iter().find(|mutation| mutation.name() == name);
        named.copied().ok_or_else(|| UnknownMutation(name.to_owned()))
    }
}
