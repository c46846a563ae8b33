//! What stops an edit of a module.

use wasm_encoder::reencode;

/// Why a module cannot be edited.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EditError {
    /// The module cannot be read, or it is invalid where a level needs its types.
    #[error("failed to read the module: {0}")]
    Read(#[from] wasmparser::Error),
    /// The bytes are a component, or not a module at all.
    #[error("the bytes are not a module")]
    NotAModule,
    /// A section occurs twice, is out of order, or has an identifier that is unknown.
    #[error("section {id} is unknown or out of order")]
    Order {
        /// The identifier of the section.
        id: u8,
    },
    /// The function section and the code section differ in length.
    #[error("{functions} functions are declared, but {bodies} have a body")]
    Bodies {
        /// Entries of the function section.
        functions: u32,
        /// Entries of the code section.
        bodies: usize,
    },
    /// An index is out of bounds, or it refers to something that an edit removed.
    #[error("index {index} refers to nothing in the edited module")]
    Dangling {
        /// The index.
        index: u32,
    },
    /// The encoder cannot express the module.
    #[error("failed to encode the module: {reason}")]
    Encode {
        /// What it cannot express.
        reason: String,
    },
    /// A number is not that of an edit, or the numbers do not ascend.
    #[error("edit {number} does not exist, or is out of order: there are {count}")]
    NoSuchEdit {
        /// The number.
        number: usize,
        /// How many edits there are.
        count: usize,
    },
    /// A function has more locals than the validator allows.
    #[error("a function has more than {most} locals")]
    TooManyLocals {
        /// How many it can have.
        most: usize,
    },
    /// The module is 4 GiB or larger: offsets are kept in 32 bits.
    #[error("the module has {size} bytes, which is too large to edit")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
}

impl From<reencode::Error<EditError>> for EditError {
    fn from(error: reencode::Error<EditError>) -> Self {
        match error {
            reencode::Error::UserError(error) => error,
            reencode::Error::ParseError(error) => Self::Read(error),
            other => Self::Encode { reason: other.to_string() },
        }
    }
}

impl From<EditError> for reencode::Error<EditError> {
    fn from(error: EditError) -> Self {
        Self::UserError(error)
    }
}

impl From<reencode::Error> for EditError {
    fn from(error: reencode::Error) -> Self {
        match error {
            reencode::Error::UserError(never) => match never {},
            reencode::Error::ParseError(error) => Self::Read(error),
            other => Self::Encode { reason: other.to_string() },
        }
    }
}
