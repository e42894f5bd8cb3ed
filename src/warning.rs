//! Warnings as values.
//!
//! A stage that can go on but found something its user should know returns a [`Warning`] beside its
//! result. What is done with it (shown, or made an error by `--deny-warnings`) is decided elsewhere.

use crate::finding::Finding;

/// Something that is not an error but deserves a person's attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What was found and where; one sentence without a full stop.
    pub message: String,
    /// What to do about it; one sentence without a full stop.
    pub advice: Option<String>,
}

impl Warning {
    /// A warning that explains itself.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), advice: None }
    }

    /// The same warning with advice.
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl From<Finding> for Warning {
    fn from(finding: Finding) -> Self {
        Self { message: finding.message, advice: finding.advice }
    }
}
