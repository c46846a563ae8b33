//! Why there is no regression.

/// Why no regression was made. Messages follow "failed to add a regression of FILE: ".
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RegressError {
    /// The file cannot be read as text.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// The header of the script cannot be used.
    #[error("its header: {0}")]
    Header(String),
    /// The header says something else than the command.
    #[error("its header has the {key} `{found}` already, and not `{given}`")]
    HeaderHas {
        /// The key of the `[bug]` table.
        key: &'static str,
        /// What the header says.
        found: String,
        /// What the command says.
        given: String,
    },
    /// There is no engine.
    #[error("no engine can run here")]
    NoEngine,
    /// The system has no thread with the stack that it takes.
    #[error("the system starts no thread: {0}")]
    Thread(String),
    /// A directive ended in a way that no assertion describes.
    #[error(
        "on {engine}, {directive} has no end that could be expected: {what}; --expect-from ENGINE takes the word of another engine"
    )]
    NoExpectation {
        /// The engine.
        engine: String,
        /// The directive.
        directive: String,
        /// How it ended.
        what: String,
    },
    /// The script cannot be parsed as a whole.
    #[error("the script does not parse: {0}")]
    Unparsed(String),
    /// The script asserts nothing.
    #[error("nothing is asserted: the script has no assertion{0}")]
    NothingAsserted(String),
    /// The same engine does not do the same every time.
    #[error("it is not deterministic: {0}")]
    Unstable(String),
    /// The engine whose word counts does not do what the script expects.
    #[error("the script is not green on {engine}: {what}")]
    NotGreen {
        /// The engine.
        engine: String,
        /// What is red.
        what: String,
    },
    /// Engines do not agree, and nothing says who is right.
    #[error(
        "the engines do not agree, so what is right is not known:{0}\n--expect-from ENGINE says whose word counts"
    )]
    Disagreement(String),
    /// The script expects what the specification leaves open.
    #[error("it expects what the specification leaves open, and is red on {engine}: {what}")]
    LeftOpen {
        /// The engine with another choice.
        engine: String,
        /// What is red.
        what: String,
    },
    /// Changed expectations were not seen to fail.
    #[error("expectations were changed and not seen to fail:{0}")]
    NotSeenRed(String),
    /// It is green on a broken engine that it should catch.
    #[error("it is green on {0}, which it should catch")]
    GreenOnBroken(String),
}

impl RegressError {
    /// Whether the command itself is wrong, and not what the file shows.
    pub fn is_usage(&self) -> bool {
        matches!(self, RegressError::Unreadable(_) | RegressError::Header(_) | RegressError::HeaderHas { .. })
    }
}
